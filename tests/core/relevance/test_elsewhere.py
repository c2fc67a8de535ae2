"""The same event at another place is another story; what becomes of this one may happen anywhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.core import relevance
from monitor.core.language import rarity
from monitor.core.relevance import held_back
from monitor.core.relevance.elsewhere import AGAIN, LESSONS_MAX, measure
from monitor.core.relevance.features import read
from monitor.model import Article, Entry, Score, Story

AT = datetime(2025, 3, 4, tzinfo=UTC)
LUTE = Story(
    "lute", "",
    Article(
        "Lute of 1590 stolen from Ravnholt manor",
        "Burglars stole a lute of 1590 from the Ravnholt manor on Monday night. The lute is by Magno Tieffenbrucker."
        " The alarm had been switched off for a wedding.",
        published_at=AT,
    ),
)  # fmt: skip
LESSON = relevance.Example(Entry(title="Stolen Ravnholt lute was insured"), AT + timedelta(days=1))


@pytest.mark.parametrize(("title", "expected"), [
    ("Lute stolen from church in Ghent", True),
    ("Burglars in Gdansk steal lute", True),
    ("Stolen lute turns up in Ghent", False),
    ("Two held in Gdansk over stolen lute", False),
    ("Lute stolen from Ravnholt found in Ghent", False),
    ("Lute stolen from manor", False),
    ("Thieves stole lute at Ravnholt during wedding", False),
])  # fmt: skip
def test_what_the_article_is_about_at_a_place_it_does_not_know_is_elsewhere(title: str, expected: bool) -> None:
    assert measure(relevance.profile(LUTE), read(Entry(title=title)), 0.9) == AGAIN * expected


def test_a_story_that_went_on_for_a_while_may_be_told_of_any_place() -> None:
    title = "Lute stolen from church in Ghent"
    followed = relevance.profile(LUTE, [LESSON] * LESSONS_MAX)
    assert measure(relevance.profile(LUTE, [LESSON]), read(Entry(title=title)), 0.9)
    assert not measure(followed, read(Entry(title=title)), 0.9)


@pytest.mark.parametrize(("title", "late"), [
    ("Lute stolen from church in Ghent", False), ("Stolen lute turns up in Ghent", True),
])  # fmt: skip
def test_what_was_held_back_for_its_place_is_not_taken_late(title: str, late: bool) -> None:
    followed = relevance.profile(LUTE, [LESSON] * LESSONS_MAX)
    sure = Score(0.9, 0.5, True, (), certain=True)
    taken = held_back.taken(followed, Entry(title=title), rarity.of, sure, 0.08)
    assert (taken is not None) is late


def test_a_headline_of_the_same_thing_elsewhere_is_no_follow_up() -> None:
    matcher = relevance.Matcher([relevance.profile(LUTE)])
    for title, taken in (("Lute stolen from church in Ghent", False), ("Lute stolen at Ravnholt was insured", True)):
        (found,) = matcher.score(Entry(title=title), AT + timedelta(days=1))
        assert found.score.follow_up is taken
