"""The daemon's work as jobs with a key, for an engine that says who does which, one at a time for each key."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from monitor.core.decisions import poll_schedule
from monitor.core.urls import authority
from monitor.errors import StoreError
from monitor.model import Job, Source, Visit
from monitor.pipeline import Together
from monitor.runtime import maintenance
from monitor.runtime.daemon import PER_HOST_MAX, READING_MAX, Daemon, articles_due, taken, visits_due
from monitor.runtime.dispatcher import Dispatcher
from monitor.runtime.workers import Membership

# One worker at a time looks for what is due; who has it keeps it while it lives (set: three looks).
LOOKING = timedelta(seconds=3)
# Feeds of hosts that are asked about together: what one statement may name (`stores.sql.CHUNK`).
FEEDS_TOGETHER_MAX = 500
# Upkeep is due every so many looks of a second each.
UPKEEP_EVERY = 5


@dataclass(slots=True)
class Jobs:
    """What is due, and how each job is done. The clock is the database's: all workers agree on what is due."""

    daemon: Daemon
    membership: Membership
    _looks: int = 0
    _catching_up: asyncio.Task[None] | None = None
    _hosts: tuple[Mapping[str, Source], dict[str, dict[str, Source]], dict[str, str]] | None = None
    _take: Together[Mapping[str, Source], tuple[Sequence[Visit], bool]] = field(init=False)

    def __post_init__(self) -> None:
        """Hosts whose turn comes at the same time are asked about together."""
        self._take = Together(lambda hosts: asyncio.to_thread(self._take_all, hosts), len, FEEDS_TOGETHER_MAX)

    async def due(self) -> list[Job]:
        """Everything due now, where it is this worker's turn to look; nothing while nothing can be kept."""
        if self.daemon.stopping:
            return []
        self._looks += 1
        if self._looks % UPKEEP_EVERY == 1 and (self._catching_up is None or self._catching_up.done()):
            self._catching_up = asyncio.create_task(self.daemon.catch_up(), name="catch up")
        return await asyncio.to_thread(self._due)

    def _due(self) -> list[Job]:
        pipeline = self.daemon.pipeline
        try:
            self.membership.meet()
            self.daemon.give_back()
        except StoreError as error:
            self.daemon.blocked = str(error)
            raise
        now = pipeline.clock.now()
        if self.daemon.is_set_back(now):
            self.daemon.follow_clock(now)
        self.daemon.progress_at, self.daemon.blocked = now, ""
        if not pipeline.store.lease("look", self.membership.id, now, LOOKING):
            return []
        hosts = self._indexed()[1]
        found = [Job("visit", host) for host in _hosts(pipeline.store.due_ids(now), hosts)]
        if pipeline.settings.follow_pages:
            found += [Job("recheck", host) for host in _hosts(pipeline.store.watched_sources_due(now), hosts)]
        found += [Job("deliver", channel_id) for channel_id in pipeline.store.channels_due(now)]
        found += [Job("periodic", story_id) for story_id in maintenance.stories_due(pipeline)]
        return found if self._looks % UPKEEP_EVERY != 1 else [*found, Job("upkeep")]

    def hosts(self) -> dict[str, dict[str, Source]]:
        """The configured sources by host."""
        return self._indexed()[0]

    def _indexed(self) -> tuple[dict[str, dict[str, Source]], dict[str, str]]:
        """The configured sources by host, and the host of each."""
        if self._hosts is None or self._hosts[0] is not self.daemon.sources:
            hosts = {source_id: authority(source.url) for source_id, source in self.daemon.sources.items()}
            by_host: dict[str, dict[str, Source]] = {}
            for source_id, host in hosts.items():
                by_host.setdefault(host, {})[source_id] = self.daemon.sources[source_id]
            self._hosts = self.daemon.sources, by_host, hosts
        return self._hosts[1:]

    async def perform(self, job: Job) -> None:
        """Do whatever is due under this key; nothing where nothing is."""
        if self.daemon.stopping:
            return
        self.membership.doing[job.kind] += 1
        try:
            await self._perform(job)
        finally:
            self.membership.doing[job.kind] -= 1

    async def _perform(self, job: Job) -> None:
        if job.kind == "visit":
            await self._visit(self.hosts().get(job.key, {}))
        elif job.kind == "recheck":
            await self._recheck(self.hosts().get(job.key, {}))
        elif job.kind == "deliver":
            await self._deliver(job.key)
        elif job.kind == "periodic":
            await self.daemon.tend(job.key)
        else:
            await self.daemon.keep_house()

    async def _visit(self, sources: Mapping[str, Source]) -> None:
        """The due feeds of one host, few at a time; those of a host that asked for patience wait for as long."""
        left, made = True, 0
        while left and not self.daemon.stopping:
            mine, left = await self._take(sources)
            now = self.daemon.pipeline.clock.now()
            await asyncio.gather(*(self.daemon.visit(visit, now) for visit in mine))
            made += len(mine)
        if made < len(sources) and not self.daemon.stopping:  # what was just visited waits by its own answer
            await asyncio.to_thread(self._postpone, sources)

    def _take_all(self, hosts: Sequence[Mapping[str, Source]]) -> list[tuple[Sequence[Visit], bool]]:
        """The visits of each of these hosts to make at once, and whether more may be left after them."""
        pipeline = self.daemon.pipeline
        found = visits_due(pipeline, {name: source for host in hosts for name, source in host.items()})
        due = [[visit for visit in found if visit.source.id in host] for host in hosts]
        taking = taken(pipeline, [visit for visits in due for visit in visits[:PER_HOST_MAX]])
        mine = [[visit for visit in taking if visit.source.id in host] for host in hosts]
        return [(ours, len(visits) > PER_HOST_MAX and bool(ours)) for ours, visits in zip(mine, due, strict=True)]

    def _postpone(self, sources: Mapping[str, Source]) -> None:
        store, now = self.daemon.pipeline.store, self.daemon.pipeline.clock.now()
        waiting = [status for status in store.held(now) if status.source_id in sources]
        held = poll_schedule.held_hosts(waiting, now)
        for status in store.due(now, len(sources), sources) if waiting else ():
            until = status.retry_until if poll_schedule.held(status, now) else held.get(authority(status.url))
            if until is not None:
                store.set_status(replace(status, next_at=until))

    async def _recheck(self, sources: Mapping[str, Source]) -> None:
        while not self.daemon.stopping:
            due = await asyncio.to_thread(articles_due, self.daemon.pipeline, sources, READING_MAX)
            if not due:
                return
            await asyncio.gather(*(self.daemon.recheck(followed) for followed in due))

    async def _deliver(self, channel_id: str) -> None:
        dispatcher = Dispatcher(
            self.daemon.pipeline,
            lambda *made: self.daemon.observer.delivered(*made),
            mine=lambda name: name == channel_id,
        )
        self.daemon.dispatchers.add(dispatcher)
        try:
            await dispatcher.deliver()
        finally:
            self.daemon.dispatchers.discard(dispatcher)

    async def drain(self) -> None:
        """Begin nothing more; finish or give up what is under way, and leave."""
        if self._catching_up:
            self._catching_up.cancel()
        await self.daemon.drain()
        await asyncio.to_thread(self.membership.leave)


def _hosts(source_ids: list[str], hosts: Mapping[str, str]) -> list[str]:
    """The hosts of these sources, each once, in their order; a source of no configuration is nobody's."""
    return list(dict.fromkeys(hosts[source_id] for source_id in source_ids if source_id in hosts))
