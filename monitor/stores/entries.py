"""Everything visits leave behind, in one transaction; all ids are computed, so writing it again changes nothing."""

# ruff: noqa: S608 (statements are put together from constants only; every value is bound)

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from monitor.core import ids
from monitor.model import Claim, Decision, Entry, Judgements, Outcome, Sighting, WatchedArticle
from monitor.stores import codec, outbox, periodics
from monitor.stores.sources import PUT_STATUS, status_row
from monitor.stores.sql import Database, Part, Row, Session, together

VISIT_MAX = timedelta(minutes=15)  # a visit takes no longer: a status further ahead is of a clock since set back (set)

# After what moved a story its deadlines are looked at: at once where they are remembered, else so much later, for what
# a busy story knows is then read once for all that moved it (set: they are days).
DEADLINES_AFTER = timedelta(minutes=1)

# What a person paused while the visit was under way stays paused; an older visit never overwrites a newer one, unless
# the newer one lies ahead of any visit still under way: then the clock has been set back.
RECORD_STATUS = (
    PUT_STATUS
    + """UPDATE SET state = CASE WHEN sources.state = 'paused' THEN sources.state ELSE excluded.state END,
    next_at = excluded.next_at, last_visit_at = excluded.last_visit_at, body = excluded.body,
    held_until = excluded.held_until
    WHERE sources.last_visit_at <= excluded.last_visit_at OR sources.last_visit_at > ?"""
)
PUT_CONTENT = "INSERT INTO contents (hash, body) VALUES (?, ?) ON CONFLICT DO NOTHING"
PUT_ENTRY = """INSERT INTO entries (key, source_id, revision, entry_id, url, first_seen_at, last_seen_at, hash)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""
REVISE_ENTRY = """UPDATE entries SET revision = ?, entry_id = ?, url = ?, last_seen_at = ?, hash = ?
    WHERE key = ? AND revision < ?"""
PUT_VERSION = "INSERT INTO versions (key, revision, seen_at, hash) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
PUT_ALIAS = "INSERT INTO aliases (alias, source_id, key) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
# What is decided stays; what was held back may be taken later.
PUT_DECISION = """INSERT INTO decisions (entry_key, story_id, revision, at, follow_up, certain, body, nearness)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (entry_key, story_id, revision) DO UPDATE SET at = excluded.at,
    follow_up = 1, certain = excluded.certain, body = excluded.body, nearness = excluded.nearness
    WHERE decisions.follow_up = 0 AND excluded.follow_up = 1"""
LAST_VISITS = "SELECT source_id, last_visit_at FROM sources WHERE source_id IN"
ENTRIES_THERE = "SELECT key FROM entries WHERE key IN"
DECISIONS_THERE = "SELECT entry_key, story_id, revision FROM decisions WHERE entry_key IN"
GAPS_THERE = "SELECT source_id, since, until FROM gaps WHERE source_id IN"
PUT_MEMBER = """INSERT INTO members (story_id, entry_key, at, verdict, body) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (story_id, entry_key) DO UPDATE SET at = excluded.at, verdict = excluded.verdict,
    body = excluded.body"""
PUT_CLAIM = """INSERT INTO claims (id, story_id, entry_key, at, place, body) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING"""
PUT_MARKS = """INSERT INTO marks (source_id, body) VALUES (?, ?)
    ON CONFLICT (source_id) DO UPDATE SET body = excluded.body"""
PUT_EVERYDAY = """INSERT INTO word_counts (source_id, body) VALUES (?, ?)
    ON CONFLICT (source_id) DO UPDATE SET body = excluded.body, noted = ''"""
# Beside counters of 16 KiB, which are not written for it.
PUT_NOTED = """INSERT INTO word_counts (source_id, body, noted) VALUES (?, ?, ?)
    ON CONFLICT (source_id) DO UPDATE SET noted = word_counts.noted || excluded.noted"""
PUT_GAP = "INSERT INTO gaps (source_id, since, until, detail) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
PUT_SETTING = """INSERT INTO settings (name, value) VALUES (?, ?)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value"""
FOLLOWED_COLUMNS = "body, next_at"
PUT_FOLLOWED = """INSERT INTO followed (entry_key, source_id, next_at, body) VALUES (?, ?, ?, ?)
    ON CONFLICT (entry_key) DO UPDATE SET next_at = excluded.next_at, body = excluded.body"""
PUT_DAY = """INSERT INTO days (day, source_id, visits, failed, entries) VALUES (?, ?, 1, ?, ?)
    ON CONFLICT (day, source_id) DO UPDATE SET visits = days.visits + 1, failed = days.failed + excluded.failed,
    entries = days.entries + excluded.entries"""
PUT_UNINDEXED = "INSERT INTO unindexed (key) VALUES (?) ON CONFLICT DO NOTHING"
RECENT_CHARS = 2000  # what is said in a story's row of its last moves: some seventy entries (set)
MOVE_STORY = f"""INSERT INTO stories (story_id, version, recent) VALUES (?, 1, '1:' || ? || ';')
    ON CONFLICT (story_id) DO UPDATE SET version = stories.version + 1,
    recent = substr((stories.version + 1) || ':' || ? || ';' || stories.recent, 1, {RECENT_CHARS})"""
PUT_READING = """INSERT INTO story_sources (story_id, source_id, begun_at, entries, told) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING"""
COUNT = """UPDATE sources SET entries = entries + ?, gaps = gaps + ?, decisions = decisions + ?,
    feed_length = CASE WHEN ? > 0 THEN ? ELSE feed_length END WHERE source_id = ?"""


class Visits(Part):
    """The one write of the pipeline."""

    def record(self, outcomes: Sequence[Outcome]) -> None:
        with self._database.write() as session:
            after = DEADLINES_AFTER if self._database.shared else timedelta()
            _record(session, outcomes, after)


def _record(session: Session, outcomes: Sequence[Outcome], after: timedelta) -> None:
    """Write what is of sources in their order, of stories in that of the outcomes: each kind of row together."""
    by_source = {name: list(visits) for name, visits in groupby(sorted(outcomes, key=_source_id), key=_source_id)}
    sightings = [(name, each) for name, visits in by_source.items() for o in visits for each in o.sightings]
    decided = [
        (name, row)
        for name, visits in by_source.items()
        for row in _decision_rows(decision for outcome in visits for decision in outcome.judgements.decisions)
    ]
    last, entries_there, decisions_there, gaps_there = together(
        session,
        (LAST_VISITS, [*by_source]),
        (ENTRIES_THERE, sorted({each.key for _, each in sightings if each.previous is None})),
        (DECISIONS_THERE, sorted({str(row[0]) for _, row in decided})),
        (GAPS_THERE, sorted({gap.source_id for outcome in outcomes for gap in outcome.gaps})),
    )
    uncounted = _uncounted(dict(last), outcomes)
    session.put_many(RECORD_STATUS, [row for visits in by_source.values() for row in _status_rows(visits)])
    entries = _put_sightings(session, sightings, {row[0] for row in entries_there})
    decisions = _put_decisions(session, decided, set(decisions_there))
    gaps = _put_gaps(session, outcomes, set(gaps_there))
    counts: list[Row] = []
    days: list[Row] = []
    for name, visits in by_source.items():
        length = next((len(outcome.sightings) for outcome in reversed(visits) if outcome.sightings), 0)
        if entries[name] or gaps[name] or decisions[name]:
            counts.append((entries[name], gaps[name], decisions[name], length, length, name))
        days += _day_rows([outcome for outcome in visits if id(outcome) in uncounted], entries[name])
    for outcome in outcomes:
        follow_all(session, outcome.followed, outcome.sightings)
    session.put_many(COUNT, counts)
    session.put_many(PUT_DAY, days)
    ordered = [outcome for visits in by_source.values() for outcome in visits]
    session.put_many(PUT_MARKS, _latest_rows(ordered, "marks", codec.save_marks))
    session.put_many(PUT_EVERYDAY, _latest_rows(ordered, "everyday", codec.save_everyday))
    noted = {name: _noted(visits) for name, visits in by_source.items() if entries[name]}  # once, as the entries are
    session.put_many(PUT_NOTED, [(name, b"", words) for name, words in noted.items() if words])
    begun = [(name, _source_id(each), codec.instant(each.fetched.at)) for each in outcomes for name in each.begun]
    _put_consequences(session, [(outcome.judgements, outcome.fetched.at) for outcome in outcomes])
    session.put_many(PUT_READING, [(*row, 0, 1) for row in sorted(begun)])
    _wake(session, outcomes, after)


def _put_decisions(session: Session, rows: Sequence[tuple[str, Row]], there: Set[Row]) -> Counter[str]:
    """Write rows of these sources; how many of each were not `there` yet."""
    session.put_many(PUT_DECISION, [row for _, row in rows])
    return Counter({row[:3]: name for name, row in rows if row[:3] not in there}.values())


def _put_gaps(session: Session, outcomes: Sequence[Outcome], there: Set[Row]) -> Counter[str]:
    """The same of gaps."""
    rows = [
        (gap.source_id, codec.instant(gap.since), codec.instant(gap.until), codec.plain(gap.detail))
        for outcome in outcomes
        for gap in outcome.gaps
    ]
    session.put_many(PUT_GAP, rows)
    return Counter(row[0] for row in rows if row[:3] not in there)


def _source_id(outcome: Outcome) -> str:
    return outcome.status.source_id


def _visited_at(outcome: Outcome) -> datetime:
    return outcome.status.last_visit_at or outcome.fetched.at


def _uncounted(last: dict[str, str], outcomes: Sequence[Outcome]) -> set[int]:
    """The outcomes, by identity, of visits after the `last` one recorded of their source: a day counts each once."""
    uncounted = set()
    for outcome in outcomes:
        at = codec.instant(_visited_at(outcome))
        if last.get(_source_id(outcome)) != at:
            uncounted.add(id(outcome))
            last[_source_id(outcome)] = at
    return uncounted


def _status_rows(outcomes: Sequence[Outcome]) -> list[Row]:
    """A row of `RECORD_STATUS` for each visit of a source that no later one makes needless."""
    kept: list[Outcome] = []
    for outcome in outcomes:
        if kept and _visited_at(kept[-1]) <= _visited_at(outcome):
            kept.pop()
        kept.append(outcome)
    return [(*status_row(o.status), codec.instant(_visited_at(o) + VISIT_MAX)) for o in kept]


def _day_rows(outcomes: Sequence[Outcome], entries: int) -> list[Row]:
    """Rows of `PUT_DAY` for these visits of one source, which together brought so many new entries."""
    rows: list[Row] = []
    for outcome in outcomes:
        new = min(outcome.entries_new, entries)
        entries -= new
        rows.append((f"{outcome.fetched.at:%Y-%m-%d}", _source_id(outcome), int(outcome.status.error is not None), new))
    return rows


def _latest_rows(outcomes: Sequence[Outcome], kept: str, save: Callable[[Any], bytes]) -> list[Row]:
    """Of each source what these visits left last of what is `kept`: its marks, or its everyday words."""
    found = [(_source_id(outcome), getattr(outcome, kept)) for outcome in outcomes]
    return [(name, save(value)) for name, value in dict(each for each in found if each[1] is not None).items()]


def _noted(outcomes: Sequence[Outcome]) -> str:
    """What these visits of one source noted since its words were counted last."""
    last = max((at for at, outcome in enumerate(outcomes) if outcome.everyday is not None), default=-1)
    return "".join(outcome.noted for outcome in outcomes[last + 1 :])


def _wake(session: Session, outcomes: Sequence[Outcome], after: timedelta) -> None:
    """Let a story be briefed once the last of its sources was tried, its deadlines be looked at after what moved it."""
    due = {
        story_id: codec.instant(outcome.fetched.at + after)
        for outcome in outcomes
        for story_id in outcome.judgements.moved_stories
    }
    periodics.wake(session, due | dict.fromkeys((name for outcome in outcomes for name in outcome.tried), ""))


def follow_all(session: Session, articles: Iterable[WatchedArticle], sightings: Iterable[Sighting]) -> None:
    """Begin to follow these articles of these entries."""
    entries = {sighting.key: sighting.entry for sighting in sightings}
    for followed in articles:
        _follow(session, followed, entries)


def _follow(session: Session, followed: WatchedArticle, entries: Mapping[str, Entry]) -> None:
    """Begin to follow an article; one that is followed already is read again no later than this asks for."""
    found = session.rows(f"SELECT {FOLLOWED_COLUMNS} FROM followed WHERE entry_key = ?", (followed.entry_key,))
    if found:
        known = read_followed(found[0])
        at = min(filter(None, (known.next_at, followed.next_at)), default=None)
        put_followed(session, replace(known, url=followed.url, next_at=at))
        return
    put_followed(session, followed)
    if followed.page is not None:
        from monitor.core.decisions import recheck_schedule

        read = recheck_schedule.content(followed.page, entries[followed.entry_key])
        keep_version(session, followed.entry_key, 0, read, followed.page.at)


def setting(state: Session | Database, name: str, default: str = "") -> str:
    """A small value kept in the state."""
    found = state.rows("SELECT value FROM settings WHERE name = ?", (name,))
    return str(found[0][0]) if found else default


def put_followed(session: Session, followed: WatchedArticle) -> None:
    """Keep an article that is followed as it is now."""
    values = (followed.entry_key, followed.source_id, codec.instant(followed.next_at), codec.save(followed))
    session.change(PUT_FOLLOWED, values)


def read_followed(row: Row) -> WatchedArticle:
    """A followed article from its `FOLLOWED_COLUMNS`."""
    return replace(codec.load(WatchedArticle, row[0]), next_at=codec.parsed(row[1]))


def put_judgements(session: Session, made: Judgements, at: datetime) -> None:
    """Write decisions, members, claims and the outbox."""
    session.put_many(PUT_DECISION, _decision_rows(made.decisions))
    _put_consequences(session, [(made, at)])


def _put_consequences(session: Session, judged: Sequence[tuple[Judgements, datetime]]) -> None:
    members: list[Row] = []
    claims: list[Row] = []
    moves: list[Row] = []
    for made, at in judged:
        members += [(name, m.entry_key, codec.instant(m.at), m.verdict, codec.save(m)) for name, m in made.members]
        claims += _claim_rows(made.claims, at)
        moved = {story_id: ",".join(sorted(keys)) for story_id, keys in made.moved_stories.items()}
        moves += [(story_id, keys, keys) for story_id, keys in sorted(moved.items())]
    session.put_many(PUT_MEMBER, members)
    session.put_many(PUT_CLAIM, claims)
    session.put_many(MOVE_STORY, moves)
    deliveries = [(each, each.created_at or at) for made, at in judged for each in made.deliveries]
    outbox.put_all(session, [alert for made, _ in judged for alert in made.alerts], deliveries)


def keep_version(session: Session, key: str, revision: int, entry: Entry, at: datetime) -> None:
    """Keep the content of an entry under a revision number; equal contents are stored once."""
    text = codec.to_json(entry)
    content = codec.fingerprint(text, entry.url)
    session.change(PUT_CONTENT, (content, codec.pack(text)))
    session.change(PUT_VERSION, (key, revision, codec.instant(at), content))


def _put_sightings(session: Session, sightings: Iterable[tuple[str, Sighting]], there: Set[str]) -> Counter[str]:
    """Write what is new, revised, renamed or not noted as seen for a day; how many of each source were not `there`."""
    contents: list[Row] = []
    new: dict[str, Row] = {}
    revised: list[Row] = []
    versions: list[Row] = []
    aliases: list[Row] = []
    seen: dict[str, Row] = {}
    for source_id, sighting in sightings:
        previous = sighting.previous
        if previous is None or sighting.revision != previous.revision:
            at, entry, text = codec.instant(sighting.at), sighting.entry, codec.to_json(sighting.entry)
            entry_id, url = codec.plain(entry.id), codec.plain(entry.url)
            content = codec.fingerprint(text, entry.url)
            contents.append((content, codec.pack(text)))
            versions.append((sighting.key, sighting.revision, at, content))
            if previous is None:
                row = (sighting.key, source_id, sighting.revision, entry_id, url, at, at, content)
                new.setdefault(sighting.key, row)
            else:
                revised.append((sighting.revision, entry_id, url, at, content, sighting.key, sighting.revision))
        elif sighting.is_noted:
            at = codec.instant(sighting.at)
            seen[sighting.key] = at, sighting.key, at
        had = previous.aliases if previous else frozenset()
        aliases += [(codec.plain(name), source_id, sighting.key) for name in sighting.aliases if name not in had]
    session.put_many(PUT_CONTENT, sorted(contents))  # so that no two writers wait in a circle
    session.put_many(PUT_ENTRY, [*new.values()])
    session.put_many(REVISE_ENTRY, revised)
    session.put_many(PUT_VERSION, versions)
    session.put_many(PUT_ALIAS, aliases)
    session.put_many(PUT_UNINDEXED, [(key,) for key in (*new, *(row[5] for row in revised))])
    session.put_many("UPDATE entries SET last_seen_at = ? WHERE key = ? AND last_seen_at < ?", [*seen.values()])
    return Counter(str(row[1]) for key, row in new.items() if key not in there)


def _decision_rows(decisions: Iterable[Decision]) -> list[Row]:
    """Rows of the decisions worth keeping: one that found nothing at all can be made again from the entry."""
    return [
        (
            decision.entry_key, decision.story_id, decision.revision, codec.instant(decision.at),
            int(decision.score.follow_up), int(decision.score.certain), codec.save(decision), decision.score.nearness,
        )
        for decision in decisions
        if decision.score.value or decision.score.reasons or decision.reasons or decision.score.follow_up
    ]  # fmt: skip


def _claim_rows(claims: Iterable[tuple[str, str, Claim]], at: datetime) -> Iterator[Row]:
    """Rows of (story, entry key, claim); the same claim of the same entry is one row."""
    for place, (story_id, entry_key, claim) in enumerate(claims):
        text = codec.to_json(claim)
        claim_id = ids.digest("c", story_id, entry_key, text)
        yield claim_id, story_id, entry_key, codec.instant(claim.at or at), place, codec.pack(text)
