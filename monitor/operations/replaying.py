"""Replay: recorded feeds through the same pipeline on a virtual clock. No network, nothing sent, always the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO, cast

from monitor.core import json_views
from monitor.core.delivery import messages
from monitor.model import Feed, Fetched, Outcome, Source, Visit
from monitor.operations.pending_writes import PendingWrites
from monitor.operations.recordings import Recorded, read
from monitor.pipeline import Pipeline
from monitor.ports import Store
from monitor.runtime.maintenance import tend

# Visits that are committed together: a commit costs as much as several visits of one entry, and what a replay that is
# cut off loses of its state is made again with it (set).
TOGETHER = 200


@dataclass(slots=True)
class VirtualClock:
    """Time as the recording tells it."""

    at: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """The instant of the visit under way."""
        return self.at


@dataclass(slots=True)
class Summary:
    """What a replay ends with: the JSON summary of the contract."""

    visits: int = 0
    entries: int = 0
    follow_ups: int = 0
    alerts: int = 0
    developments: set[tuple[str, str]] = field(default_factory=set)
    seconds: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """`{"visits","entries","follow_ups","developments","alerts","seconds"}`."""
        return {
            "visits": self.visits, "entries": self.entries, "follow_ups": self.follow_ups,
            "developments": len(self.developments), "alerts": self.alerts, "seconds": round(self.seconds, 3),
        }  # fmt: skip

    def count(self, outcome: Outcome) -> None:
        """Add one visit."""
        self.visits += 1
        self.entries += outcome.entries_new
        for decision in outcome.judgements.decisions:
            if decision.verdict in ("development", "confirmation", "repeat"):
                self.follow_ups += 1
                self.developments.add((decision.story_id, decision.development))


async def replay(
    recording: Path, pipeline: Pipeline, clock: VirtualClock, sources: Mapping[str, Source], *,
    since: datetime | None = None, until: datetime | None = None, decisions: TextIO | None = None,
    alerts: TextIO | None = None, progress: Callable[[], None] = lambda: None,
) -> Summary:  # fmt: skip
    """Play a recording through `pipeline`, whose clock is `clock`; the caller opened the store and closes it."""
    summary = Summary()
    known = {name: source for source in sources.values() for name in (source.id, source.name, source.homepage) if name}
    sequence = 0
    pending = PendingWrites(pipeline.store)
    pipeline.store = cast(Store, pending)
    pipeline.watchlist.learn(pipeline.store)  # what it asks of the state may be held back
    with ExitStack() as group:
        for recorded in read(recording, since, until):
            if summary.visits % TOGETHER == 0:
                group.close()
                group.enter_context(pipeline.store.deciding(()))
                group.callback(pending.flush)
            clock.at = max(clock.at, recorded.at)
            source = known.get(recorded.source)
            if source is None:
                source = known[recorded.source] = Source(recorded.source, recorded.source, "")
                pipeline.watchlist.adopt(source)
            outcome = await _visit(pipeline, source, recorded)
            summary.count(outcome)
            told = [
                *outcome.judgements.alerts,
                *(tend(pipeline, {s.id: s for s in known.values()}) if pipeline.settings.baseline else ()),
            ]
            for made in outcome.judgements.decisions if decisions else ():
                print(json.dumps(json_views.decision(made), ensure_ascii=False), file=decisions)
            for alert in told:
                sequence += 1
                if alerts:
                    print(json.dumps(messages.webhook(alert, sequence, {}), ensure_ascii=False), file=alerts)
            summary.alerts = sequence
            progress()
    return summary


async def _visit(pipeline: Pipeline, source: Source, recorded: Recorded) -> Outcome:
    """One recorded visit."""
    at = pipeline.clock.now()
    if source.id not in pipeline.store.statuses([source.id]):
        pipeline.store.sync_sources([source], at)
    before = pipeline.store.statuses([source.id])[source.id]
    # Links of a page are relative to its address; a feed states its own.
    url = "" if source.kind == "feed" else source.url
    visit, fetched = Visit(source, before, at), Fetched(source.id, url, at, status=200, body=recorded.body())
    if recorded.entry is not None:
        return await pipeline.conclude(visit, fetched, Feed(format="entry", entries=(recorded.entry,)))
    return await pipeline.receive(visit, fetched)
