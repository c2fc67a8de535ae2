"""What a story's model knows is shown: its names, acts and terms, where they come from, and what a follow-up takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.core import relevance
from monitor.model import Article, Entry, Story

AT = datetime(2026, 3, 4, tzinfo=UTC)
STORY = Story(
    "spill", "Spill off Brekholm",
    Article(
        "Tanker Orsolya spills oil off Brekholm",
        "The tanker Orsolya ran aground on Tuesday. The harbour office of Brekholm closed the sound.", published_at=AT,
    ),
)  # fmt: skip


def test_names_terms_and_acts_are_shown_with_where_they_come_from() -> None:
    taught = [
        relevance.Example(Entry(title=title), AT + timedelta(days=2))
        for title in ("Captain Hallgrim of Orsolya charged", "Orsolya: Hallgrim charged over oil spill")
    ]
    view = relevance.view(relevance.profile(STORY, taught), AT + timedelta(days=3))
    names = {row["term"]: row for row in view["names"]}
    assert names["orsolya"]["from"] == "seed" and names["orsolya"]["follow_ups"] == 2
    assert names["hallgrim"]["from"] == "follow-ups"
    assert "spills" in {row["term"] for row in view["terms"]}
    assert "charge" in {row["act"] for row in view["acts"]}
    assert view["lessons"] == 2 and view["roles"] is None


def test_it_says_what_a_follow_up_takes() -> None:
    takes = {row["headline"]: row["score"] for row in relevance.view(relevance.profile(STORY), AT)["takes"]}
    both = [score for headline, score in takes.items() if {"orsolya", "brekholm"} == set(headline.split())]
    alone = [score for headline, score in takes.items() if " " not in headline]
    assert both and min(both) > min(alone)


def test_the_view_is_the_same_every_time() -> None:
    assert relevance.view(relevance.profile(STORY), AT) == relevance.view(relevance.profile(STORY), AT)
