"""An entry whose bytes are passed over stays seen: that it stood there is noted once a day, and all is read weekly."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from monitor import config
from monitor.app.build import offline
from monitor.core.decisions import poll_schedule
from monitor.model import Fetched, Source, SourceStatus, Visit
from monitor.operations.replaying import VirtualClock
from tests.publisher import AT

DAYS = 4  # longer than an entry may be out of sight before its name counts as used again


def document(hour: int, guid: str) -> bytes:
    """One entry that comes every hour, beside one without a date that stays."""
    return (
        f"<rss version='2.0'><channel><title>Paper</title><item><guid>{guid}</guid><title>Notice: the ferry to the"
        " island sails twice a day</title><description>All winter.</description></item><item><guid>"
        f"https://p.example/{hour}</guid><title>Council votes on road number {hour} of many</title></item>"
        "</channel></rss>"
    ).encode()


async def test_what_always_stood_there_is_known_under_another_guid(tmp_path: Path) -> None:
    clock = VirtualClock(AT)
    lane = offline(config.parse("", tmp_path / "config.toml", {}), "", clock, baseline=True)
    source, status, hours = Source("paper", "Paper", ""), SourceStatus("paper"), DAYS * 24
    lane.store.sync_sources([source], AT)
    try:
        for hour in range(hours + 1):
            clock.at = AT + timedelta(hours=hour)
            guid = "https://p.example/notice" if hour < hours else "https://p.example/notice-again"
            fetched = Fetched("paper", "", clock.at, status=200, body=document(hour, guid))
            outcome = await lane.receive(Visit(source, status, clock.at), fetched)
            status = outcome.status
        assert outcome.entries_new == 1  # the hour's own
    finally:
        await lane.parser.close()
        lane.store.close()


def test_the_days_of_sources_begin_at_different_hours() -> None:
    hours = [AT + timedelta(hours=hour) for hour in range(25)]
    begins = set()
    for name in ("paper", "gazette", "wire", "bulletin"):
        statuses = [SourceStatus(name, last_ok_at=at) for at in hours]
        anew = [poll_schedule.anew(before, at) for before, at in zip(statuses, hours[1:], strict=False)]
        assert sum(anew) == 1
        begins.add(anew.index(True))
    assert len(begins) > 1
    assert poll_schedule.anew(SourceStatus("new"), AT)


def test_a_document_is_read_whole_once_a_week() -> None:
    days = [AT + timedelta(days=day) for day in range(29)]
    pairs = [(SourceStatus("paper", last_ok_at=last), at) for last, at in pairwise(days)]
    assert all(poll_schedule.anew(before, at) for before, at in pairs)
    whole = [poll_schedule.anew(before, at, poll_schedule.WHOLE_DAYS) for before, at in pairs]
    assert sum(whole) == 4
    assert len({place % poll_schedule.WHOLE_DAYS for place, begins in enumerate(whole) if begins}) == 1
