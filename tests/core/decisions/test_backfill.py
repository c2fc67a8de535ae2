"""The pure decision over stored entries: oldest first, quiet, bounded."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.decisions import backfill
from monitor.core.decisions.backfill import Stored
from monitor.model import Article, KnownEntry, Score, Source, Story, StoryState
from tests.stores.made import NOW, entry

STORY = Story("bridge", "The bridge", Article("The bridge", "The bridge fell."))
HERALD, POST = Source("herald", "Herald", "https://herald.example/"), Source("post", "Post", "https://post.example/")


def stored(number: int, source: Source = HERALD, value: float = 0.9, title: str = "") -> Stored:
    seen = NOW - timedelta(days=number)
    told = replace(entry(number), title=title or f"Report {number}", published_at=seen, text=f"Day {number}. " * 40)
    known = KnownEntry(f"e{source.id}{number}", source.id, told, 3, seen, NOW)
    return Stored(source, known, Score(value, 0.5, value >= 0.5))


def test_the_oldest_report_is_the_development_whatever_its_source() -> None:
    title = "Bridge of Lidd closed after crack is found in the eastern pier"
    found = [stored(1, HERALD, title=title), stored(2, POST, title=title)]
    made, memory = backfill.decide(STORY, found, StoryState("bridge"), {"herald": 1, "post": 1}, NOW, follow=True)
    assert (made.judgements.members[0][1].source_id, made.judgements.members[0][1].verdict) == ("post", "development")
    assert {m.development for _, m in made.judgements.members} == {made.judgements.members[0][1].development}
    assert memory.members == tuple(m for _, m in made.judgements.members)


def test_nothing_alerts_and_each_is_of_the_baseline_under_its_own_revision() -> None:
    made, _ = backfill.decide(STORY, [stored(1), stored(2, value=0.2)], StoryState("bridge"), {"herald": 2}, NOW, True)
    assert [(d.alert_id, d.baseline, d.revision, d.at) for d in made.judgements.decisions] == [("", True, 3, NOW)] * 2
    assert [d.score.follow_up for d in made.judgements.decisions] == [False, True]
    assert len(made.judgements.members) == 1
    assert [followed.entry_key for followed in made.followed] == ["eherald1"], "articles are read again from now on"


def test_the_newest_follow_ups_make_the_baseline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfill, "FOLLOW_UPS_MAX", 2)
    found = [stored(n) for n in range(5)] + [stored(9, value=0.1)]
    made, _ = backfill.decide(STORY, found, StoryState("bridge"), {"herald": 6}, NOW, False)
    assert {m.entry_key for _, m in made.judgements.members} == {"eherald0", "eherald1"}
    assert len(made.judgements.decisions) == 3
    assert made.entries == {"herald": 6}
