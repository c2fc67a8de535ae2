"""The verbs in order: the product on one page.

    store.due -> visit:     fetch -> parse -> identify -> score -> decide -> record   (one transaction, with the outbox)
    store.watched_due -> recheck: page -> compare -> record
    store.settle_and_claim -> send                                               (`dispatcher`: as often as it takes)

A fetched feed, a 304, a timeout and a refused address travel the same pipeline to the same `record`. Everything that
decides is plain synchronous code in `core`; this module only carries values from one to the next.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from monitor.core.decisions import poll_schedule, source_status
from monitor.deferred import Deferred
from monitor.errors import StoreError
from monitor.model import (
    Alert,
    Delivery,
    Feed,
    Fetched,
    Marked,
    Outcome,
    Page,
    Recheck,
    Sighting,
    Source,
    SourceStatus,
    Visit,
    WatchedArticle,
)
from monitor.pipeline.decider import Decider
from monitor.pipeline.document import Document, Looked, pages_wanted
from monitor.pipeline.group_commit import Together
from monitor.ports import Channel, Fetcher, Parser

if TYPE_CHECKING:
    from monitor.core.decisions import recheck
    from monitor.core.decisions import visit as outcomes
else:
    recheck = Deferred("monitor.core.decisions.recheck")
    outcomes = Deferred("monitor.core.decisions.visit")

PAGES_PER_VISIT_MAX = 5  # article pages read to decide a visit: politeness (set)
PAGES_S = 20.0  # seconds for them; what is not there then is decided without (set)
# Of all children of an index of sitemaps together; one document is cut to as many.
INDEX_ENTRIES_MAX = 2000
# Entries that are decided about in one transaction: a tenth of a second, for which nobody else writes (measured).
ENTRIES_TOGETHER_MAX = 256
# How often, and for how many seconds, a document whose stories others hold gives way to those that came after it,
# before all wait with it (set: stories are held for tenths of a second where a worker has a quarter of a core).
TURNS_MAX, AGAIN_S = 10, 0.15


@dataclass(slots=True, kw_only=True)
class Pipeline(Decider):
    """From a visit to an alert, joined by `app`. One decision at a time; fetches and sends many at once."""

    fetcher: Fetcher
    parser: Parser
    channels: Mapping[str, Channel] = field(default_factory=dict)
    links: Callable[[Delivery, Alert], Mapping[str, Any]] = lambda delivery, alert: {}
    deciding: asyncio.Lock = field(default_factory=asyncio.Lock)
    # How what blocks is run: beside the event loop, or at once where nothing else wants the loop (a replay).
    aside: Callable[..., Awaitable[Any]] = asyncio.to_thread
    _record: Together[Outcome, None] = field(init=False)
    _marks: Together[str, dict[str, Marked]] = field(init=False)
    _judge: Together[Document, Outcome | Looked | None] = field(init=False)
    _carried: int = 0  # answers on their way to their record
    # Told of each fault of our own once, with its traceback, for the log.
    fault: Callable[[str, BaseException], None] = lambda what, error: None
    _faults: dict[str, str] = field(default_factory=dict)
    _learning: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        """What comes together is read, decided and written together."""
        self._record = Together(self._record_all)
        self._marks = Together(lambda names: self.aside(self._read_marks, names))
        self._judge = Together(
            self._judge_all, lambda document: len(document.feed.entries), ENTRIES_TOGETHER_MAX, lambda: self._carried
        )

    async def learn(self) -> None:
        """Take over what people said, between two decisions; who asks while another waits shares its turn."""
        if self._learning is None:
            self._learning = asyncio.create_task(self._learn(), name="learn")
        await asyncio.shield(self._learning)

    async def _learn(self) -> None:
        async with self.deciding:
            self._learning = None  # who asks from here on may have heard more than is read now
            await asyncio.to_thread(self.watchlist.hear, self.store)

    async def visit(self, visit: Visit) -> Outcome:
        """Visit one source: gather, decide, commit."""
        if not visit.unconditional and poll_schedule.unconditional(visit.status, visit.at):
            visit = replace(visit, unconditional=True)
        fetched = await self.fetcher.fetch(visit)
        try:
            outcome = await self.receive(visit, fetched)
            self._faults.pop(visit.source.id, None)
            return outcome
        except StoreError:
            raise
        except Exception as error:  # our own fault: booked as that, and the source backed off
            detail = f"{type(error).__name__}: {error}"
            if self._faults.get(visit.source.id) != detail:
                self._faults[visit.source.id] = detail
                self.fault(f"visit {visit.source.id}", error)
            return await self.conclude(visit, replace(fetched, error="internal", detail=detail, body=b""), None)

    async def receive(self, visit: Visit, fetched: Fetched) -> Outcome:
        """Carry what came back to its record: the same for a live answer and a recorded one."""
        self._carried += 1
        try:
            return await self._carry(visit, fetched)
        finally:
            self._carried -= 1

    async def _carry(self, visit: Visit, fetched: Fetched) -> Outcome:
        if fetched.body:
            fetched = replace(fetched, body_hash=source_status.body_hash(fetched))
        if fetched.error is not None or fetched.not_modified or _same_body(visit, fetched):
            return await self.conclude(visit, fetched, None)
        whole = poll_schedule.anew(visit.status, visit.at, poll_schedule.WHOLE_DAYS)
        before = {} if whole else await self._marks(visit.source.id)
        kind = visit.source.kind
        feed = await self.parser.parse(fetched, before, kind)
        if feed.more:
            feed = await self._with_children(visit, feed)
        again = {mark: before[mark] for mark in feed.marks if mark in before}
        return await self.conclude(visit, fetched, feed, again)

    async def _with_children(self, visit: Visit, feed: Feed) -> Feed:
        """An index of sitemaps with the entries of those that it names; a failure where none of them can be read."""
        read: list[Feed] = []
        for url in feed.more:
            source, status = replace(visit.source, url=url), SourceStatus(visit.source.id, url=url)
            fetched = await self.fetcher.fetch(Visit(source, status, visit.at, unconditional=True))
            child = Feed(error=fetched.error, detail=fetched.detail) if fetched.error else (
                await self.parser.parse(fetched, None, source.kind)
            )  # fmt: skip
            read.append(child)
        sound = [child for child in read if not child.error]
        if not sound:
            return replace(feed, error=read[0].error, detail=f"{feed.more[0]}: {read[0].detail}")
        return replace(
            feed, title=sound[0].title, language=sound[0].language,
            entries=tuple(entry for child in sound for entry in child.entries)[:INDEX_ENTRIES_MAX],
        )  # fmt: skip

    async def conclude(
        self, visit: Visit, fetched: Fetched, feed: Feed | None, again: Mapping[str, Marked] | None = None
    ) -> Outcome:
        """From a parsed feed (None: nothing to parse) to its record. Pages are fetched while others may decide.

        `again` are the entries of the document that had been read before, by their marks.
        """
        now = self.clock.now()
        feed = source_status.believed(visit.status, feed) if feed else None
        if feed is None or not (feed.entries or again):
            outcome = self.without_entries(visit, fetched, feed, now)
            await self._record(outcome)
            return outcome
        document = Document(visit, fetched, feed, again or {}, now)
        judged = await self._judge(document)
        while isinstance(judged, Looked):
            wanted = pages_wanted(visit, judged) if self.settings.follow_pages and not document.looked else ()
            if wanted:
                document = replace(document, pages=await self._consult_pages(wanted, now))
            elif judged.is_read:  # others hold its stories
                await asyncio.sleep(AGAIN_S)
            document = replace(document, looked=judged, turns=document.turns + judged.is_read)
            judged = await self._judge(document)
        if judged is None:
            return await self.conclude(visit, fetched, await self.parser.parse(fetched, {}, visit.source.kind))
        assert isinstance(judged, Outcome)
        return judged

    def _read_marks(self, names: list[str]) -> list[dict[str, Marked]]:
        with self.store.reading() if len(names) > 1 else contextlib.nullcontext():
            return [self.store.marks(name) for name in names]

    async def _record_all(self, outcomes: list[Outcome]) -> list[None]:
        await self.aside(self.store.record, outcomes)
        return [None] * len(outcomes)

    async def _judge_all(self, documents: list[Document]) -> list[Outcome | Looked | None]:
        async with self.deciding:
            patient = any(document.turns >= TURNS_MAX for document in documents)
            return list(await self.aside(self.conclude_all, documents, patient))

    async def _consult_pages(self, wanted: Sequence[Sighting], now: datetime) -> dict[str, Page]:
        """The articles' pages, capped. What is not there in time is decided without."""
        read: dict[str, Page] = {}

        async def consult(sighting: Sighting) -> None:
            page = await self.fetcher.page(sighting.entry.url, now)
            if page.state == "ok" and page.text:
                read[sighting.key] = page

        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PAGES_S):
                await asyncio.gather(*map(consult, wanted[:PAGES_PER_VISIT_MAX]))
        return read

    async def recheck(self, followed: WatchedArticle, source: Source) -> Recheck:
        """Read a followed article once more: gather, decide, commit."""
        now = self.clock.now()
        page = await self.fetcher.page(followed.url, now, followed.unsure or followed.page)
        async with self.deciding:
            return await asyncio.to_thread(self.commit_recheck, followed, source, page, now)


def _same_body(visit: Visit, fetched: Fetched) -> bool:
    """The very bytes that were read last time: nothing to parse. Never true while the last visit failed to parse."""
    return visit.status.error is None and source_status.body_hash(fetched) == visit.status.body_hash
