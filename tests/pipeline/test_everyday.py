"""The lane learns what a source writes anyway, and keeps it; what a story takes is not part of that."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor import config
from monitor.app.build import offline
from monitor.core import count_min
from monitor.core.relevance import everyday
from monitor.model import Entry, Everyday, Feed, Fetched, Outcome, Source, SourceStatus, Visit
from monitor.operations.replaying import VirtualClock

AT = datetime(2026, 6, 1, tzinfo=UTC)
PAPER = Source("paper", "Paper", "")
STORY = """
[[story]]
id = "ferry"
title = "Ferry sinks"
seed_text = "Ferry Halcyon sinks off Brackwater with 300 on board"
"""


@pytest.mark.parametrize(("entries_before", "counted_in"), [(0, False), (everyday.COUNTED_EVERY - 1, True)])
async def test_headlines_on_other_matters_are_counted_and_follow_ups_are_not(
    tmp_path: Path, entries_before: int, counted_in: bool
) -> None:
    """They are noted at once, and counted in with those of other visits."""
    lane = offline(config.parse(STORY, tmp_path / "config.toml", {}), "", VirtualClock(AT), baseline=False)
    lane.store.sync_sources([PAPER], AT)
    titles = (
        "Choir sings in the old chapel", "Brackwater bakery closes after ninety years",
        "Divers reach ferry Halcyon off Brackwater, captain among the dead",
    )  # fmt: skip
    entries = tuple(
        Entry(id=str(n), url=f"https://paper.example/{n}", title=title, published_at=AT)
        for n, title in enumerate(titles)
    )
    try:
        fetched, status = Fetched("paper", "", AT, status=200, body=b" "), SourceStatus("paper", entries=entries_before)
        lane.store.record([Outcome(status, fetched, everyday=Everyday(5, count_min.of({"brackwat": 3})))])
        await lane.conclude(Visit(PAPER, status, AT), fetched, Feed(entries=entries))
        known = lane.store.everyday("paper")
    finally:
        lane.store.close()
    assert (known.noted == "") == counted_in
    known = everyday.counted_in(known)
    assert known.entries == 7
    cells = count_min.load(known.cells)
    assert [count_min.count(cells, word) for word in ("brackwat", "halcyon")] == [4, 0]
