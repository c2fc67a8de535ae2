"""The verbs in order: the product on one page.

    store.due -> visit:     fetch -> parse -> identify -> score -> decide -> record   (one transaction, with the outbox)
    store.watched_due -> recheck: page -> compare -> record
    store.settle_and_claim -> send                                               (`dispatcher`: as often as it takes)

A fetched feed, a 304, a timeout and a refused address travel the same lane to the same `record`. Everything that
decides is plain synchronous code in `core`; this module only carries values from one to the next.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from monitor.core import identity
from monitor.core.decisions import poll_schedule, source_status
from monitor.deferred import Deferred
from monitor.errors import StoreError
from monitor.model import (
    Alert,
    Delivery,
    Feed,
    Fetched,
    KnownEntry,
    Marked,
    Outcome,
    Page,
    Recheck,
    Score,
    Sighting,
    Source,
    SourceStatus,
    Story,
    StoryReport,
    StoryState,
    Visit,
    WatchedArticle,
)
from monitor.pipeline.group_commit import Writer
from monitor.pipeline.watchlist import Watchlist
from monitor.ports import Channel, Clock, Fetcher, Parser, Store

if TYPE_CHECKING:
    from monitor.core.decisions import recheck
    from monitor.core.decisions import visit as outcomes
else:
    recheck = Deferred("monitor.core.decisions.recheck")
    outcomes = Deferred("monitor.core.decisions.visit")

PAGES_PER_VISIT_MAX = 5  # article pages read to decide a visit: politeness (set)
PAGES_S = 20.0  # seconds for them; what is not there then is decided without (set)
THIN_CHARS = 160  # characters of a summary that says little more than the headline (set by reading)
# Of all children of an index of sitemaps together; one document is cut to as many.
INDEX_ENTRIES_MAX = 2000


@dataclass(frozen=True, slots=True)
class Settings:
    """How the lane behaves: base interval in seconds, whether pages may decide, and whether first polls are quiet.

    `consider_all` makes decisions of no match as well, which are never stored, for who writes down all (a replay).
    """

    base_s: int = 900
    follow_pages: bool = True
    baseline: bool = True
    consider_all: bool = False
    operators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Looked:
    """A document's entries, given their identity; scores of the new and changed by key and story; marks to keep.

    `stories` are those it was scored for.
    """

    sightings: list[Sighting]
    scores: dict[str, dict[str, Score]]
    marks: dict[str, Marked]
    stories: Mapping[str, Story]


@dataclass(slots=True)
class Pipeline:
    """The lane from a visit to an alert, joined by `app`. One decision at a time; fetches and sends many at once."""

    store: Store
    fetcher: Fetcher
    parser: Parser
    clock: Clock
    watchlist: Watchlist
    settings: Settings = Settings()
    channels: Mapping[str, Channel] = field(default_factory=dict)
    links: Callable[[Delivery, Alert], Mapping[str, Any]] = lambda delivery, alert: {}
    deciding: asyncio.Lock = field(default_factory=asyncio.Lock)
    # How what blocks is run: beside the event loop, or at once where nothing else wants the loop (a replay).
    aside: Callable[..., Awaitable[Any]] = asyncio.to_thread
    writer: Writer = field(init=False)
    # Told of each fault of our own once, with its traceback, for the log.
    fault: Callable[[str, BaseException], None] = lambda what, error: None
    _faults: dict[str, str] = field(default_factory=dict)
    _learning: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        """What brings no entries is written together."""
        self.writer = Writer(lambda: self.store, self.aside)

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
        visit = replace(visit, unconditional=visit.unconditional or poll_schedule.unconditional(visit.status, visit.at))
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
        if fetched.error is not None or fetched.not_modified or _same_body(visit, fetched):
            return await self.conclude(visit, fetched, None)
        # Once a day everything is read anew, and noted as seen.
        before = {} if visit.unconditional else await self.aside(self.store.marks, visit.source.id)
        kind = visit.source.kind
        feed = await self.parser.parse(fetched, before, kind)
        if feed.more:
            feed = await self._with_children(visit, feed)
        again = {mark: before[mark] for mark in feed.marks if mark in before}
        whole = bool(again) and await self.aside(self._entangled, visit, feed, again)
        if whole:
            feed, again = await self.parser.parse(fetched, {}, kind), {}
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
            outcome = self._without_entries(visit, fetched, feed, now)
            await self.writer.record(outcome)
            return outcome
        async with self.deciding:
            looked = await self.aside(self._look, visit, feed, again or {}, now)
        follow = self.settings.follow_pages
        pages = await self._consult_pages(visit, looked.sightings, looked.scores, now) if follow else {}
        async with self.deciding:
            concluded: Outcome = await self.aside(self._commit, visit, fetched, feed, looked, pages, now)
            return concluded

    def _without_entries(self, visit: Visit, fetched: Fetched, feed: Feed | None, now: datetime) -> Outcome:
        """Most visits: a new status, and nothing to judge; where there is something to tell or to begin, all is."""
        stood = source_status.after(visit, fetched, feed, (), self.settings.base_s, now)
        first = visit.status.baseline_at is None
        if not stood.notice and not first:
            return Outcome(stood.status, fetched)
        stories = tuple(self.watchlist.of_source(visit.source.id).values()) if first else ()
        return outcomes.decide(
            visit,
            fetched,
            feed,
            (),
            replace(self._context(now), stories=stories, begins=tuple(story.id for story in stories)),
        )[0]

    def _look(self, visit: Visit, feed: Feed, again: Mapping[str, Marked], now: datetime) -> Looked:
        source_id, document = visit.source.id, identity.Document(feed.entries)
        known, beside = self.store.known_entries(source_id, document.names), len({mark.key for mark in again.values()})
        sightings = document.resolve(source_id, known, now, beside=beside)
        marks = document.marks(feed, again, sightings)
        stories = self.watchlist.of_source(source_id)
        if self.store.shared:
            self.watchlist.glance(self.store, stories, now)
        sightings += identity.seen_again(source_id, again, now)
        return Looked(sightings, self._score(source_id, sightings), marks, stories)

    def _entangled(self, visit: Visit, feed: Feed, again: Mapping[str, Marked]) -> bool:
        known = self.store.known_entries(visit.source.id, identity.Document(feed.entries).names)
        return identity.entangled(again, known)

    def _score(
        self, source_id: str, sightings: Sequence[Sighting], pages: Mapping[str, Page] | None = None
    ) -> dict[str, dict[str, Score]]:
        """Scores by entry key and story id of everything new or changed; a page decides where a score is unsure."""
        stories = self.watchlist.of_source(source_id)
        scores: dict[str, dict[str, Score]] = {}
        for sighting in sightings if stories else ():
            if sighting.previous is None or sighting.revision != sighting.previous.revision:
                matches = self.watchlist.matcher.score(sighting.entry, outcomes.event_at(sighting), stories)
                scores[sighting.key] = {match.story_id: match.score for match in matches}
                if page := (pages or {}).get(sighting.key):
                    self._score_page(sighting, page, scores[sighting.key])
        return scores

    def _score_page(self, sighting: Sighting, page: Page, scores: dict[str, Score]) -> None:
        unsure = [story_id for story_id, score in scores.items() if score.borderline]
        full = replace(sighting.entry, text=page.text)
        for match in self.watchlist.matcher.score(full, outcomes.event_at(sighting), unsure):
            scores[match.story_id] = match.score

    async def _consult_pages(
        self, visit: Visit, sightings: Sequence[Sighting], scores: Mapping[str, Mapping[str, Score]], now: datetime
    ) -> dict[str, Page]:
        """Where title and summary leave a score near the threshold, the article's page decides; once, and capped.

        A follow-up of which the feed says little more than the headline is read too: its figures and its origin stand
        in its first paragraphs. What is not there in time is decided without.
        """
        if visit.status.baseline_at is None:
            return {}
        asked = [s for s in sightings if s.entry.url and _needs_page(s, scores.get(s.key, {}).values())]
        read: dict[str, Page] = {}

        async def consult(sighting: Sighting) -> None:
            page = await self.fetcher.page(sighting.entry.url, now)
            if page.state == "ok" and page.text:
                read[sighting.key] = page

        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PAGES_S):
                await asyncio.gather(*map(consult, asked[:PAGES_PER_VISIT_MAX]))
        return read

    def _commit(
        self, visit: Visit, fetched: Fetched, feed: Feed, looked: Looked, pages: Mapping[str, Page], now: datetime
    ) -> Outcome:
        sightings, scores = looked.sightings, looked.scores
        _ = self.watchlist.lessons  # read before stories are held: who waits for the state must not wait for them
        readers = self.watchlist.of_source(visit.source.id)
        if readers is not looked.stories and not readers.keys() <= looked.stories.keys():
            scores = self._score(visit.source.id, sightings)  # a story has come, or caught up, in the meantime
            looked = replace(looked, scores=scores)
        for sighting in sightings if pages else ():
            if page := pages.get(sighting.key):
                self._score_page(sighting, page, scores[sighting.key])
        recalled = self._recall(sightings)
        stories = {story_id for by_story in scores.values() for story_id in by_story} | {at[0] for at in recalled}
        with self.store.deciding(stories) as held:
            if self.watchlist.refresh(self.store, held):
                looked = replace(looked, scores=self._score(visit.source.id, sightings, pages))
            return self._decide(visit, fetched, feed, looked, pages, recalled, held, now)

    def _decide(
        self, visit: Visit, fetched: Fetched, feed: Feed, looked: Looked, pages: Mapping[str, Page],
        recalled: Mapping[tuple[str, str], StoryReport], held: Mapping[str, int], now: datetime,
    ) -> Outcome:  # fmt: skip
        readers = self.watchlist.of_source(visit.source.id)
        near = readers if self.settings.consider_all else self.watchlist.in_order(held.keys() & readers.keys())
        first = visit.status.baseline_at is None
        context = replace(
            self._context(now), stories=[readers[name] for name in near], scores=looked.scores, recalled=recalled,
            pages=pages, begins=tuple(readers) if first else (),
            memories={name: self._memory(name, now, name in held) for name in near} if looked.scores else {},
            important=self.watchlist.important(),
        )  # fmt: skip
        outcome, memories = outcomes.decide(visit, fetched, feed, looked.sightings, context)
        if outcome.sightings:
            outcome = replace(outcome, marks=looked.marks)
        self.store.record([outcome])
        self.watchlist.moved(held, outcome.judgements.moved_stories, memories)
        self.watchlist.grow(outcome)
        return outcome

    def _memory(self, story_id: str, now: datetime, held: bool) -> StoryState:
        """What a held story knows; one that no entry comes near decides nothing and needs to know nothing."""
        return self.watchlist.memory(self.store, story_id, now) if held else StoryState(story_id)

    def _context(self, now: datetime) -> outcomes.Context:
        """What every decision may look at; all that one about a visit without entries needs."""
        return outcomes.Context(
            now=now, base_s=self.settings.base_s, destinations=self.watchlist.destinations,
            muted=frozenset(self.watchlist.muted), operators=self.settings.operators, baseline=self.settings.baseline,
            follow=self.settings.follow_pages,
        )  # fmt: skip

    def _recall(self, sightings: Sequence[Sighting]) -> dict[tuple[str, str], StoryReport]:
        """Follow-ups among the changed entries, as the store remembers them, however long ago they were accepted."""
        recalled: dict[tuple[str, str], StoryReport] = {}
        for sighting in sightings:
            if sighting.previous is None or sighting.revision == sighting.previous.revision:
                continue
            recalled |= self._recalled(sighting.previous)
        return recalled

    def _recalled(self, known: KnownEntry) -> dict[tuple[str, str], StoryReport]:
        recalled: dict[tuple[str, str], StoryReport] = {}
        for made in self.store.decisions(entry=known.key, limit=100):
            if made.development and not self.watchlist.refuses(made.story_id, known.key):
                recalled.setdefault((made.story_id, known.key), outcomes.as_member(made, known))
        return recalled

    async def recheck(self, followed: WatchedArticle, source: Source) -> Recheck:
        """Read a followed article once more: gather, decide, commit."""
        now = self.clock.now()
        page = await self.fetcher.page(followed.url, now, followed.unsure or followed.page)
        async with self.deciding:
            return await asyncio.to_thread(self._commit_recheck, followed, source, page, now)

    def _commit_recheck(self, followed: WatchedArticle, source: Source, page: Page, now: datetime) -> Recheck:
        known = self.store.entry(followed.entry_key)
        _ = self.watchlist.lessons  # as in `_commit`
        if known is None:  # forgotten by the retention
            reread = Recheck(replace(followed, next_at=None), page)
            self.store.record_recheck(reread, now)
            return reread
        recalled = self._recalled(known)
        with self.store.deciding({story_id for story_id, _ in recalled}) as held:
            self.watchlist.refresh(self.store, held)
            return self._decide_recheck(followed, known, source, page, recalled, held, now)

    def _decide_recheck(
        self, followed: WatchedArticle, known: KnownEntry, source: Source, page: Page,
        recalled: Mapping[tuple[str, str], StoryReport], held: Mapping[str, int], now: datetime,
    ) -> Recheck:  # fmt: skip
        stories = [story for name, story in self.watchlist.of_source(source.id).items() if name in held]
        context = replace(
            self._context(now), stories=stories, recalled=recalled, important=self.watchlist.important(),
            memories={story.id: self.watchlist.memory(self.store, story.id, now) for story in stories},
        )  # fmt: skip
        reread, memories = recheck.decide(followed, page, known, source, context, self.store.watched_count())
        self.store.record_recheck(reread, now)
        self.watchlist.moved(held, reread.judgements.moved_stories, memories)
        return reread


def _needs_page(sighting: Sighting, scores: Iterable[Score]) -> bool:
    thin = sighting.is_new and len(sighting.entry.text or sighting.entry.summary) < THIN_CHARS
    return any(score.borderline or (score.follow_up and thin) for score in scores)


def _same_body(visit: Visit, fetched: Fetched) -> bool:
    """The very bytes that were read last time: nothing to parse. Never true while the last visit failed to parse."""
    return visit.status.error is None and source_status.body_hash(fetched.body) == visit.status.body_hash
