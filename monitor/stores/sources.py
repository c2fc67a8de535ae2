"""What the pipeline asks before it decides: sources that are due, entries already known, a story's memory."""

# ruff: noqa: S608 (statements are put together from constants only; every value is bound)

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from monitor.core.decisions import poll_schedule, source_status
from monitor.model import (
    Alert,
    Claim,
    Entry,
    Everyday,
    KnownEntry,
    Marked,
    Sighting,
    Source,
    SourceStatus,
    StoryReport,
    StoryState,
    ToldChange,
)
from monitor.model.nouns import replace
from monitor.stores import codec
from monitor.stores.sql import CHUNK, Part, Row, Session, chunks, filled, marks, together, within

CHANGES_WINDOW = timedelta(hours=24)  # of told changes that are remembered (decisions.revision.WINDOW)
CLAIMS_MAX = 5000  # claims of a story, the newest (set)
MEMBERS_MAX = 5000  # reports of a story, the newest (set)
STATUSES_KEPT = 4096  # statuses that were read and are kept as they were: some 8 MiB (set)
DEFAULT_INTERVAL_S = 900  # seconds, until the first visit says better (contract: 15 min)

STATUSES = "SELECT body, state, paused, entries, gaps FROM sources"
PUT_STATUS = """INSERT INTO sources (source_id, state, paused, next_at, last_visit_at, entries, gaps, decisions,
    feed_length, body, held_until) VALUES (?, ?, ?, ?, ?, 0, 0, 0, 0, ?, ?) ON CONFLICT (source_id) DO """
SET_STATUS = (
    PUT_STATUS
    + """UPDATE SET state = excluded.state, paused = excluded.paused, next_at = excluded.next_at,
    last_visit_at = excluded.last_visit_at, body = excluded.body, held_until = excluded.held_until"""
)
IS_DUE = "paused = 0 AND state NOT IN ('paused', 'gone', 'review') AND (next_at <= ? OR next_at > ?)"
ALIASES = """SELECT a.key, a.alias FROM entries e JOIN aliases a ON a.source_id = e.source_id AND a.key = e.key
    WHERE e.key IN"""
ENTRY = "e.key, e.source_id, c.body, e.revision, e.first_seen_at, e.last_seen_at"
KNOWN = f"SELECT {ENTRY} FROM entries e JOIN contents c ON c.hash = e.hash WHERE e.key IN"
# With a row for each name of an entry: most visits find one or none, and each question is a way to the server and back.
NAMED = f"""SELECT {ENTRY}, a.alias FROM entries e JOIN contents c ON c.hash = e.hash
    JOIN aliases a ON a.source_id = e.source_id AND a.key = e.key
    WHERE e.key IN (SELECT key FROM aliases WHERE source_id = ? AND alias IN"""
EVERYDAY = """SELECT (SELECT body FROM word_counts WHERE source_id = ?),
    (SELECT noted FROM word_counts WHERE source_id = ?), (SELECT body FROM everyday WHERE source_id = ?)"""
DUE = f"SELECT source_id FROM sources WHERE {IS_DUE}"
TAKE = "UPDATE sources SET next_at = ? WHERE source_id IN"
EXAMPLES = """SELECT d.story_id, d.at, d.entry_key, d.revision, v.seen_at, c.body FROM decisions d
    JOIN versions v ON v.key = d.entry_key AND v.revision = d.revision JOIN contents c ON c.hash = v.hash
    WHERE d.story_id IN ({stories}) AND d.at >= ? {of_these} AND d.follow_up = 1 AND d.certain = 1 AND NOT EXISTS
    (SELECT 1 FROM decisions n WHERE n.entry_key = d.entry_key AND n.story_id = d.story_id AND n.certain = 1
    AND n.follow_up = 1 AND n.revision < d.revision) ORDER BY d.at DESC, d.entry_key DESC LIMIT ?"""


class Sources(Part):
    """Sources and what visits need to know."""

    def sync_sources(self, sources: Sequence[Source], now: datetime) -> None:
        """Make a status row for each configured source that has none; one whose address has changed begins anew.

        A clock that has not begun (a replay's, before its first visit) gives no instant.
        """
        have = self.statuses(source.id for source in sources)
        sources = sorted(sources, key=lambda source: source.id)  # so that no two wait in a circle
        new = [
            SourceStatus(
                source_id=source.id, url=source.url, configured_url=source.url,
                next_at=now if now.timestamp() > 0 else None, interval_s=source.interval_s or DEFAULT_INTERVAL_S,
            )
            for source in sources
            if source.id not in have
        ]  # fmt: skip
        changed = [
            source_status.readdressed(have[source.id], source, now)
            for source in sources
            if source.id in have and source.url != (have[source.id].configured_url or have[source.id].url)
        ]
        if new or changed:
            with self._database.write() as session:
                session.change_many(PUT_STATUS + "NOTHING", [status_row(status) for status in new])
                session.change_many(SET_STATUS, [status_row(status) for status in changed])
                elsewhere = [(status.source_id,) for status in changed if status.baseline_at is None]
                for table in ("word_counts", "everyday"):
                    session.change_many(f"DELETE FROM {table} WHERE source_id = ?", elsewhere)

    def statuses(self, source_ids: Iterable[str] | None = None) -> dict[str, SourceStatus]:
        with self._database.read() as session:
            if source_ids is None:
                found = session.rows(STATUSES)
            else:
                found = within(session, f"{STATUSES} WHERE source_id IN", sorted(set(source_ids)))
        statuses = [_status(row) for row in found]
        return {status.source_id: status for status in sorted(statuses, key=lambda status: status.source_id)}

    def due(self, now: datetime, limit: int, source_ids: Collection[str] | None = None) -> list[SourceStatus]:
        if source_ids is not None and len(source_ids) <= CHUNK:
            (names,) = chunks(sorted(source_ids)) if source_ids else ([""],)
            statement = f"{STATUSES} WHERE {IS_DUE} AND source_id IN ({marks(len(names))}) ORDER BY next_at, source_id"
            return [_status(row) for row in self._database.rows(statement, (*due_at(now), *names))][:limit]
        with self._database.read() as session:
            due = _due(session, now)
            chosen = [each for each in due if source_ids is None or each in source_ids][:limit]
            statuses = [_status(row) for row in within(session, f"{STATUSES} WHERE source_id IN", chosen)]
        ranks = {source_id: rank for rank, source_id in enumerate(chosen)}
        return sorted(statuses, key=lambda status: ranks[status.source_id])

    def held(self, now: datetime) -> list[SourceStatus]:
        # That the column is not empty lets the index be used, which holds only such rows.
        statement = f"{STATUSES} WHERE held_until <> '' AND held_until > ?"
        return [_status(row) for row in self._database.rows(statement, (codec.instant(now),))]

    def due_ids(self, now: datetime) -> list[str]:
        with self._database.read() as session:
            return _due(session, now)

    def take(self, source_ids: Collection[str], now: datetime, lease: timedelta) -> set[str]:
        with self._database.write() as session:
            query = f"{TAKE} ({DUE} AND source_id IN"
            order = f" ORDER BY next_at, source_id{session.skipping}) RETURNING source_id"
            found = within(session, query, sorted(source_ids), (codec.instant(now + lease), *due_at(now)), order)
        return {row[0] for row in found}

    def give_back(self, leased_until: Mapping[str, datetime], now: datetime) -> None:
        at = codec.instant(now)
        rows = [(at, source_id, codec.instant(until)) for source_id, until in sorted(leased_until.items())]
        with self._database.write() as session:
            session.change_many("UPDATE sources SET next_at = ? WHERE source_id = ? AND next_at = ?", rows)

    def set_status(self, status: SourceStatus) -> None:
        with self._database.write() as session:
            session.change(SET_STATUS, status_row(status))

    def reading(self) -> AbstractContextManager[Any]:
        return self._database.read()

    def known_entries(self, source_id: str, aliases: Iterable[str]) -> list[KnownEntry]:
        names = sorted({codec.plain(alias) for alias in aliases})
        with self._database.read() as session:
            found = within(session, NAMED, names, (source_id,), ")")
        return _entries(found, [(row[0], row[-1]) for row in found])

    def marks(self, source_id: str) -> dict[str, Marked]:
        found = self._database.rows("SELECT body FROM marks WHERE source_id = ?", (source_id,))
        return codec.load_marks(found[0][0]) if found else {}

    def everyday(self, source_id: str) -> Everyday:
        ((body, noted, words),) = self._database.rows(EVERYDAY, (source_id, source_id, source_id))
        known = codec.load_everyday(body) if body else codec.load_everyday_words(words) if words else Everyday()
        return replace(known, noted=noted or "")

    def memory(
        self, story_id: str, now: datetime, window: timedelta, keys: Collection[str] | None = None
    ) -> StoryState:
        """The newest `MEMBERS_MAX` members and `CLAIMS_MAX` claims where there are more."""
        from_at, to_at = _span(now, window)
        of_these, some = _of_these("entry_key", keys)
        names = (story_id, *some)
        queries = (
            (
                f"SELECT body FROM members WHERE story_id = ?{of_these} AND at >= ? AND at <= ?"
                " ORDER BY at DESC, entry_key DESC LIMIT ?",
                (*names, from_at, to_at, MEMBERS_MAX),
            ),
            (
                f"SELECT body FROM claims WHERE story_id = ?{of_these}"
                " ORDER BY at DESC, entry_key DESC, place DESC LIMIT ?",
                (*names, CLAIMS_MAX),
            ),
            (
                f"SELECT entry_key, at, body FROM alerts WHERE story_id = ?{of_these} AND at > ? AND at <= ?"
                " AND kind IN ('story.revision', 'story.correction') ORDER BY at, id",
                (*names, codec.instant(now - CHANGES_WINDOW), codec.instant(now)),
            ),
            (f"SELECT MAX(at) FROM members WHERE story_id = ?{of_these} AND verdict = 'development'", names),
        )
        with self._database.read() as session:
            members, claims, changes, last = session.answers(queries)
        return StoryState(
            story_id=story_id,
            members=tuple(codec.load(StoryReport, row[0]) for row in reversed(members)),
            claims=tuple(codec.load(Claim, row[0]) for row in reversed(claims)),
            told=tuple(ToldChange(r[0], codec.from_column(r[1]), codec.load(Alert, r[2]).changes) for r in changes),
            last_development_at=codec.parsed(last[0][0]),
        )

    def examples(
        self, story_ids: Sequence[str], limit: int, since: datetime | None = None, keys: Collection[str] | None = None
    ) -> list[tuple[str, Sighting, datetime]]:
        """Each once, as it first was certain; without its aliases, which teach nothing."""
        if not story_ids or keys == frozenset():
            return []
        of_these, some = _of_these("d.entry_key", keys)
        stories = filled(story_ids)
        with self._database.read() as session:
            statement = EXAMPLES.format(stories=marks(len(stories)), of_these=of_these)
            found = session.rows(statement, (*stories, codec.instant(since), *some, limit))
            earlier = {entry.key: entry for entry in known(session, [row[2] for row in found if row[3] > 1])}
        examples = []
        for story_id, at, key, revision, seen_at, content in reversed(found):
            sighting = Sighting(
                key=key, entry=codec.load(Entry, content), at=codec.from_column(seen_at), revision=revision, aliases=(),
                previous=earlier.get(key),
            )  # fmt: skip
            examples.append((story_id, sighting, codec.from_column(at)))
        return examples


def _of_these(column: str, keys: Collection[str] | None) -> tuple[str, list[str]]:
    """A condition on a column of keys, with its values; of all where `keys` is None."""
    if keys is None:
        return "", []
    some = filled(sorted(keys)) or [""]  # which is no key
    return f" AND {column} IN ({marks(len(some))})", some


def _due(session: Session, now: datetime) -> list[str]:
    return [row[0] for row in session.rows(f"{DUE} ORDER BY next_at, source_id", due_at(now))]


def due_at(now: datetime) -> tuple[str, str]:
    """From when on something is due, and after when again: no lawful wait is so long, so the clock was set back."""
    return codec.instant(now), codec.instant(now + poll_schedule.AHEAD_MAX)


def status_row(status: SourceStatus) -> tuple[object, ...]:
    """The values of `PUT_STATUS`; what the store counts itself is left out of the body."""
    # Not packed: there is one of each source, every visit writes it anew, and packing takes longer than the rest.
    body = codec.to_json(replace(status, entries=0, gaps=0)).encode("ascii")
    return (
        status.source_id, status.state, int(status.paused), codec.instant(status.next_at),
        codec.instant(status.last_visit_at), body, codec.instant(status.retry_until),
    )  # fmt: skip


def known(session: Session, keys: Sequence[str]) -> list[KnownEntry]:
    """The entries with these keys, by key."""
    return _entries(*together(session, (KNOWN, keys), (ALIASES, keys)))


def _entries(found: Sequence[Row], aliases: Iterable[Row]) -> list[KnownEntry]:
    """The entries of rows that begin with `ENTRY`, with their names of (key, name), by key."""
    named = _by_key(aliases)
    entries = [
        KnownEntry(
            key=key, source_id=row[1], entry=codec.load(Entry, row[2]), revision=row[3],
            first_seen_at=codec.from_column(row[4]), last_seen_at=codec.from_column(row[5]),
            aliases=frozenset(named.get(key, ())),
        )
        for key, row in {row[0]: row for row in found}.items()
    ]  # fmt: skip
    return sorted(entries, key=lambda entry: entry.key)


def _span(now: datetime, window: timedelta) -> tuple[str, str]:
    """Both ends of the window as columns; a window beyond the calendar has none."""
    try:
        return codec.instant(now - window), codec.instant(now + window)
    except OverflowError:
        return "", codec.instant(datetime.max.replace(tzinfo=UTC))


def _by_key(aliases: Iterable[Row]) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for key, alias in aliases:
        named.setdefault(key, []).append(alias)
    return named


@lru_cache(maxsize=STATUSES_KEPT)
def _status(row: Row) -> SourceStatus:
    """A status is asked for several times a pass, and hardly ever another one."""
    status = codec.load(SourceStatus, row[0])
    return replace(status, state=row[1], paused=bool(row[2]), entries=row[3], gaps=row[4])
