"""A document with very much to read is read a part at a turn, so that others are decided about meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor import config
from monitor.app.build import offline
from monitor.core.decisions import readings
from monitor.model import Entry, Feed, Fetched, Outcome, Source, SourceStatus, Visit
from monitor.operations.replaying import VirtualClock
from monitor.pipeline import Pipeline, decider

AT = datetime(2026, 6, 1, tzinfo=UTC)
CONFIG = "".join(
    f'[[story]]\nid = "{name}"\ntitle = "Aldermoor"\nseed_text = "Ferry Aldermoor sinks off Vess with 300 on board"\n'
    for name in ("one", "two")
)
LONG_CHARS = 100 * 1024


@pytest.fixture
def lane(tmp_path: Path) -> Iterator[Pipeline]:
    lane = offline(config.parse(CONFIG, tmp_path / "config.toml", {}), "", VirtualClock(AT), baseline=False)
    lane.settings = replace(lane.settings, follow_pages=False)
    lane.store.sync_sources([Source(name, name, f"https://{name}.example/") for name in ("gazette", "paper")], AT)
    yield lane
    lane.store.close()


def entry(source: str, number: int, chars: int, more: str = "") -> Entry:
    text = f"The ferry Aldermoor sank off Vess. {more}" + f"Diver {number} saw the bow door of the ferry. " * chars
    url = f"https://{source}.example/{number}"
    return Entry(
        id=url, url=url, title=f"Ferry Aldermoor off Vess: diver {number} saw the door", text=text[:chars],
        published_at=AT + timedelta(minutes=number),
    )  # fmt: skip


async def conclude(lane: Pipeline, source: str, *entries: Entry) -> Outcome:
    visit = Visit(Source(source, source, ""), SourceStatus(source), AT + timedelta(days=1))
    return await lane.conclude(visit, Fetched(source, "", AT, status=200, body=b" "), Feed(entries=entries))


def counted(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """The characters of each text that is read, by turn."""
    turns: list[list[int]] = []
    inner, read = Pipeline.conclude_all, readings.claims.extract

    def turn(self: Pipeline, *given: Any) -> Any:
        turns.append([])
        return inner(self, *given)

    def extract(text: str, *given: Any, **named: Any) -> Any:
        turns[-1].append(len(text))
        return read(text, *given, **named)

    monkeypatch.setattr(Pipeline, "conclude_all", turn)
    monkeypatch.setattr(readings.claims, "extract", extract)
    return turns


async def test_another_source_is_decided_about_before_a_long_document_is_read(
    lane: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns, ended = counted(monkeypatch), list[str]()

    async def visit(source: str, *entries: Entry) -> Outcome:
        outcome = await conclude(lane, source, *entries)
        ended.append(source)
        return outcome

    long = visit("gazette", *(entry("gazette", number, LONG_CHARS) for number in range(12)))
    outcome, _ = await asyncio.gather(long, visit("paper", entry("paper", 99, 300)))
    assert ended == ["paper", "gazette"]
    assert sum(map(sum, turns)) == 12 * LONG_CHARS + 300, "each is read once, although two stories take it"
    assert max(map(sum, turns)) <= decider.TURN_CHARS_MAX + LONG_CHARS
    assert len(outcome.judgements.decisions) == 24


async def test_a_document_of_many_changed_entries_is_read_in_turns_too(
    lane: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    await conclude(lane, "gazette", *(entry("gazette", number, 500) for number in range(100)))
    turns = counted(monkeypatch)
    changed = [entry("gazette", number, 500, more=f"{number + 12} people were killed. ") for number in range(100)]
    outcome = await conclude(lane, "gazette", *changed)
    assert len(turns) > 3
    assert {made.verdict for made in outcome.judgements.decisions} == {"revision"}


@pytest.mark.parametrize("changed", [False, True])
async def test_what_is_decided_does_not_depend_on_the_turns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: bool
) -> None:
    found = []
    for turn_chars in (1, 10**9):
        monkeypatch.setattr(decider, "TURN_CHARS_MAX", turn_chars)
        lane = offline(config.parse(CONFIG, tmp_path / "config.toml", {}), "", VirtualClock(AT), baseline=False)
        lane.settings = replace(lane.settings, follow_pages=False)
        lane.store.sync_sources([Source("gazette", "gazette", "https://gazette.example/")], AT)
        outcome = await conclude(lane, "gazette", *(entry("gazette", number, 2000) for number in range(5)))
        if changed:
            more = [entry("gazette", number, 2000, more="Nine people were killed. ") for number in range(7)]
            outcome = await conclude(lane, "gazette", *more)
        found.append((outcome.judgements, outcome.followed, outcome.status))
        lane.store.close()
    assert found[0] == found[1]
    assert found[0][0].decisions
