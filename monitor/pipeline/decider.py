"""What decides, plain and synchronous: entries looked up and scored, decided about in turn, and recorded together.

Nothing here waits for the outside but for the state; `pipeline` carries what it needs to it and its answers on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from monitor.core import identity
from monitor.core.decisions import poll_schedule, source_status
from monitor.deferred import Deferred
from monitor.model import (
    Feed,
    Fetched,
    KnownEntry,
    Outcome,
    Page,
    Recheck,
    Score,
    Sighting,
    Source,
    StoryReport,
    StoryState,
    Visit,
    WatchedArticle,
)
from monitor.pipeline.document import Document, Looked, Ready, is_taken, pages_wanted, touched, unread
from monitor.pipeline.watchlist import GLANCE, Watchlist
from monitor.ports import Clock, Store

if TYPE_CHECKING:
    from monitor.core import relevance
    from monitor.core.decisions import recheck, reconsider
    from monitor.core.decisions import visit as outcomes
    from monitor.core.language.rarity import Weigh
    from monitor.core.relevance import everyday
    from monitor.pipeline import late_reports
else:
    late_reports = Deferred("monitor.pipeline.late_reports")
    reconsider = Deferred("monitor.core.decisions.reconsider")
    everyday = Deferred("monitor.core.relevance.everyday")
    recheck = Deferred("monitor.core.decisions.recheck")
    outcomes = Deferred("monitor.core.decisions.visit")
    relevance = Deferred("monitor.core.relevance")

# Characters that are read for decisions in a turn: half a second of a hostile text, a tenth of a usual one (measured).
TURN_CHARS_MAX = 256 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """How the pipeline behaves: base interval in seconds, whether pages may decide, and whether first polls are quiet.

    `consider_all` makes decisions of no match as well, which are never stored, for who writes down all (a replay).
    """

    base_s: int = 900
    follow_pages: bool = True
    baseline: bool = True
    consider_all: bool = False
    operators: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Decider:
    """The state, what is watched, and how it is decided; used by one thread at a time."""

    store: Store
    clock: Clock
    watchlist: Watchlist
    settings: Settings = Settings()

    def without_entries(self, visit: Visit, fetched: Fetched, feed: Feed | None, now: datetime) -> Outcome:
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

    def conclude_all(self, documents: Sequence[Document], patient: bool = True) -> list[Outcome | Looked | None]:
        """Each one's outcome, recorded; what was made of it so far where pages are to be read first; None: read whole.

        What an entry read before and a new one are both known as cannot be told apart without the whole document. Who
        is not `patient` is given back what concerns stories that others hold, to come again with what comes meanwhile.
        """
        with self.store.reading():
            answers: list[Outcome | Looked | None] = [self._looked(each) for each in documents]
        ready: list[tuple[int, Document, Looked]] = []
        for place, (document, looked) in enumerate(zip(documents, answers, strict=True)):
            if isinstance(looked, Looked):
                wait = self.settings.follow_pages and not document.looked and pages_wanted(document.visit, looked)
                ready += [] if wait else [(place, document, looked)]
        ready = self._read(ready, answers)
        for place, outcome in self._commit_all(ready, patient):
            answers[place] = outcome
        return answers

    def _read(
        self, ready: Sequence[tuple[int, Document, Looked]], answers: list[Outcome | Looked | None]
    ) -> list[tuple[int, Document, Looked]]:
        """Those that are decided in this turn; of the others as much is read as a turn may, and they come again."""
        left, later = TURN_CHARS_MAX, set[int]()
        waiting = {place: unread(document, looked) for place, document, looked in ready}
        for place, document, looked in sorted(ready, key=lambda each: _chars(waiting[each[0]])):  # what is short first
            taken, known = waiting[place], set[str]()
            if _chars(taken) > left:
                known = {key for _, key in self._recall([sighting for sighting, _ in taken])}
                taken = [each for each in taken if each[0].key in known or is_taken(looked, each[0])]
            is_read = _chars(taken) <= left
            answers[place] = replace(looked, is_read=is_read)
            later |= set() if is_read else {place}
            for sighting, chars in taken:
                if left > 0 and not is_read:
                    source = outcomes.publisher_of(document.visit.source, sighting.entry)
                    looked.readings.read(source, sighting, is_known=sighting.key in known)
                left -= chars
        return [each for each in ready if each[0] not in later]

    def _looked(self, document: Document) -> Looked | None:
        """Looked at; where that is a while ago and others decide too, scored by what is known by now."""
        looked = document.looked
        if looked is None:
            return self._look(document)
        if self.store.shared and self.clock.now() - looked.at >= GLANCE:
            self.watchlist.glance(self.store, looked.stories, self.clock.now())
            return self._score(document, looked)
        return looked

    def _look(self, read: Document) -> Looked | None:
        source_id, document = read.visit.source.id, identity.Document(read.feed.entries)
        known = self.store.known_entries(source_id, document.names)
        if read.again and identity.entangled(read.again, known):
            return None
        beside = len({mark.key for mark in read.again.values()})
        sightings = document.resolve(source_id, known, read.now, beside=beside)
        marks = document.marks(read.feed, read.again, sightings)
        stories = self.watchlist.of_source(source_id)
        if self.store.shared:
            self.watchlist.glance(self.store, stories, read.now)
        noted = poll_schedule.anew(read.visit.status, read.visit.at)
        sightings += identity.seen_again(source_id, read.again, read.now, noted=noted)
        return self._score(read, Looked(sightings, {}, marks, stories, read.now))

    def _score(self, document: Document, looked: Looked) -> Looked:
        """Scores of everything new or changed, for the stories of now; a page decides where a score is unsure."""
        stories = self.watchlist.of_source(document.visit.source.id)
        changed = [each for each in looked.sightings if not each.previous or each.revision != each.previous.revision]
        if not stories or not changed:
            return replace(looked, scores={}, stories=stories, everyday=None, noted="")
        source_id, status = document.visit.source.id, document.visit.status
        weights, others = everyday.Weights(partial(self.store.everyday, source_id)), []
        scores: dict[str, dict[str, Score]] = {}
        score, glance, event_at, counted = (
            self.watchlist.matcher.score, relevance.glance, outcomes.event_at, everyday.counted
        )  # fmt: skip
        for sighting in changed:
            seen = glance(sighting.entry)
            matched = {m.story_id: m.score for m in score(seen, event_at(sighting), stories, weights)}
            scores[sighting.key] = matched
            if page := document.pages.get(sighting.key):
                self._score_page(sighting, page, matched, weights)
            if sighting.is_new and not any(each.follow_up for each in matched.values()):
                others.append(counted(seen))
        new = sum(sighting.is_new for sighting in changed)
        whole = everyday.is_counted_in(status.entries, status.entries + new) if others else False
        learnt = everyday.learn(self.store.everyday(source_id), others) if whole else None
        noted = "" if whole else everyday.noted(others)
        at = self.clock.now()
        return replace(looked, scores=scores, stories=stories, at=at, everyday=learnt, noted=noted)

    def _score_page(self, sighting: Sighting, page: Page, scores: dict[str, Score], weights: Weigh) -> None:
        unsure = [story_id for story_id, score in scores.items() if score.borderline]
        full = replace(sighting.entry, text=page.text)
        for match in self.watchlist.matcher.score(full, outcomes.event_at(sighting), unsure, weights):
            scores[match.story_id] = match.score

    def _commit_all(
        self, ready: Sequence[tuple[int, Document, Looked]], patient: bool
    ) -> Iterator[tuple[int, Outcome]]:
        """Decide about these; where others decide too, a few stories at a time, and first those that nobody holds."""
        _ = self.watchlist.lessons  # read before stories are held: who waits for the state must not wait for them
        waiting, busy = [self._ready(*each) for each in ready], set[str]()
        while waiting:
            choices = self._choices(waiting)
            made = self._commit(choices, busy)
            if made is None and patient:
                made = self._commit(choices[:1])
                busy.clear()
            if made is None:
                return
            yield from made.items()
            waiting = [each for each in waiting if each.place not in made]

    def _ready(self, place: int, document: Document, looked: Looked) -> Ready:
        looked = self._up_to_date(document, looked)
        recalled = self._recall(looked.sightings)
        near = {story_id for by_story in looked.scores.values() for story_id in by_story} | {at[0] for at in recalled}
        return Ready(place, document, looked, recalled, near, touched(looked, recalled))

    def _choices(self, ready: Sequence[Ready]) -> list[tuple[Set[str], Sequence[Ready]]]:
        """Stories that may be held, and what can be decided with them: the most first, what concerns nobody before all.

        All together; where the state is shared those that one of them concerns: nobody else can decide about what is
        held. Of twenty documents that concern ten hot stories few are of the same; all held together, each would wait
        for all.
        """
        if not self.store.shared:
            return [(set[str]().union(*(each.held for each in ready)), ready)]
        sets = dict.fromkeys(frozenset(each.held) for each in ready)
        found = [
            (held, [each for each in ready if bool(each.held) == bool(held) and each.held <= held]) for held in sets
        ]
        return sorted(found, key=lambda choice: (bool(choice[0]), -len(choice[1])))

    def _commit(
        self, choices: Sequence[tuple[Set[str], Sequence[Ready]]], busy: set[str] | None = None
    ) -> dict[int, Outcome] | None:
        """Decide about one of these choices in turn, each document building on those before it, in one transaction.

        The outcomes by place. The first is waited for; with `busy` it is one of which others hold nothing, None where
        there is none: what they were found to hold is noted there, and is not asked for again.
        """
        stories: Set[str] = frozenset()
        try:
            with self._holding([stories for stories, _ in choices], busy) as held:
                if held is None:
                    return None
                (stories, ready), versions = choices[held[0]], dict(held[1])
                outcomes: list[Outcome] = []
                for each in ready:
                    outcomes.append(self._decide(each, versions, outcomes))
                self.store.record(outcomes)
        except BaseException:  # nothing of it is recorded: what was learnt of it meanwhile is not known
            self.watchlist.forget(stories)
            raise
        return {each.place: outcome for each, outcome in zip(ready, outcomes, strict=True)}

    @contextmanager
    def _holding(
        self, choices: Sequence[Set[str]], busy: set[str] | None
    ) -> Iterator[tuple[int, Mapping[str, int]] | None]:
        """Which of these is held, and the versions of its stories, of which is known what others decided."""
        if busy is None or not self.store.shared:
            with self.store.deciding(choices[0]) as versions:
                self.watchlist.refresh(self.store, versions)
                yield 0, versions
            return
        with self.store.deciding_one(choices, self.watchlist.versions, busy) as held:
            if held is not None:
                self.watchlist.note(self.store, *held[1:])
            yield held and held[:2]

    def _up_to_date(self, document: Document, looked: Looked) -> Looked:
        """As scored, with what its pages say; anew where a story has come, or caught up, in the meantime."""
        readers = self.watchlist.of_source(document.visit.source.id)
        if readers is not looked.stories and not readers.keys() <= looked.stories.keys():
            return self._score(document, looked)
        if document.pages:
            weights = everyday.Weights(partial(self.store.everyday, document.visit.source.id))
            for sighting in looked.sightings:
                if page := document.pages.get(sighting.key):
                    self._score_page(sighting, page, looked.scores[sighting.key], weights)
        return looked

    def _decide(self, ready: Ready, held: dict[str, int], before: Sequence[Outcome]) -> Outcome:
        """The outcome of one document, after those `before`; the versions of its stories in `held` move on with it."""
        document, looked, recalled = ready.document, ready.looked, ready.recalled
        visit, now = document.visit, document.now
        readers = self.watchlist.of_source(visit.source.id)
        near = readers if self.settings.consider_all else self.watchlist.in_order(readers.keys() & ready.near)
        first = visit.status.baseline_at is None
        known = {name: self.watchlist.memory(self.store, name, now) for name in ready.held}
        context = replace(
            self._context(now), stories=[readers[name] for name in near], scores=looked.scores, recalled=recalled,
            pages=document.pages, begins=tuple(readers) if first else (),
            memories={name: known.get(name) or StoryState(name) for name in near} if looked.scores else {},
            important=self.watchlist.important(), readings=looked.readings,
        )  # fmt: skip
        outcome, memories = outcomes.decide(visit, document.fetched, document.feed, looked.sightings, context)
        for name in self.watchlist.grow(outcome):
            taken = late_reports.taken(self.store, self.watchlist, memories[name], (*before, outcome), context)
            outcome, memories = reconsider.decide(outcome, memories, readers[name], taken, context)
        if outcome.sightings:
            outcome = replace(outcome, marks=looked.marks, everyday=looked.everyday, noted=looked.noted)
        moved = outcome.judgements.moved_stories
        self.watchlist.moved({name: held[name] for name in known}, moved, {name: memories[name] for name in known})
        held |= {name: held[name] + 1 for name in moved}
        return outcome

    def _context(self, now: datetime) -> outcomes.Context:
        """What every decision may look at; all that one about a visit without entries needs."""
        return outcomes.Context(
            now=now, base_s=self.settings.base_s, destinations=self.watchlist.destinations,
            muted=frozenset(self.watchlist.muted), operators=self.settings.operators, baseline=self.settings.baseline,
            follow=self.settings.follow_pages,
        )  # fmt: skip

    def _recall(self, sightings: Sequence[Sighting]) -> dict[tuple[str, str], StoryReport]:
        """Follow-ups among the changed entries, as the store remembers them, however long ago they were accepted."""
        revised = [each.previous for each in sightings if each.previous and each.revision != each.previous.revision]
        return self._recalled({known.key: known for known in revised})

    def _recalled(self, revised: Mapping[str, KnownEntry]) -> dict[tuple[str, str], StoryReport]:
        recalled: dict[tuple[str, str], StoryReport] = {}
        for made in self.store.accepted(revised.keys()) if revised else ():
            if not self.watchlist.refuses(made.story_id, made.entry_key):
                known = revised[made.entry_key]
                recalled.setdefault((made.story_id, known.key), outcomes.as_member(made, known))
        return recalled

    def commit_recheck(self, followed: WatchedArticle, source: Source, page: Page, now: datetime) -> Recheck:
        """What a page read once more changes, recorded."""
        known = self.store.entry(followed.entry_key)
        _ = self.watchlist.lessons  # as in `_commit`
        if known is None:  # forgotten by the retention
            reread = Recheck(replace(followed, next_at=None), page)
            self.store.record_recheck(reread, now)
            return reread
        recalled = self._recalled({known.key: known})
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


def _chars(waiting: Sequence[tuple[Sighting, int]]) -> int:
    return sum(chars for _, chars in waiting)
