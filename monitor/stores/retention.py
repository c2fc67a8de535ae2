"""What people leave in the state, and what keeps it small and safe."""

# ruff: noqa: S608 (statements are put together from constants only; every value is bound)

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from monitor.errors import NotFound, StoreError
from monitor.model import Decision, Entry, FeedbackRow, Judgements
from monitor.ports.store import ENTRY_PREFIX
from monitor.stores import codec, migrations
from monitor.stores.entries import PUT_SETTING, put_judgements, setting
from monitor.stores.sql import Part, Row, Session, given, marks, where, within

FEEDBACK = """SELECT f.alert_id, f.entry_key, f.story_id, f.word, f.argument, f.at, c.body, e.source_id
    FROM feedback f
    LEFT JOIN entries e ON e.key = f.entry_key LEFT JOIN contents c ON c.hash = e.hash"""
# By table, the keys of what is forgotten by its age.
OLD = {
    "attempts": "SELECT delivery_id, number FROM attempts WHERE at < ? ORDER BY at LIMIT ?",
    "gaps": "SELECT source_id, since, until FROM gaps WHERE until < ? ORDER BY until LIMIT ?",
    # A story keeps all its chapters: what was decided of an entry that it accepted stays with it.
    "decisions": """SELECT d.entry_key, d.story_id, d.revision FROM decisions d WHERE d.at < ? AND d.follow_up = 0
    AND NOT EXISTS (SELECT 1 FROM members m WHERE m.story_id = d.story_id AND m.entry_key = d.entry_key)
    ORDER BY d.at LIMIT ?""",
    # What waits, or is folded into what waits, has not ended.
    "deliveries": """SELECT id FROM deliveries WHERE created_at < ? AND waiting = 0
    AND state IN ('delivered', 'dead', 'cancelled')
    AND NOT EXISTS (SELECT 1 FROM attempts WHERE delivery_id = id) ORDER BY created_at LIMIT ?""",
}
REMEMBERED_DAYS_MIN = 90  # days for which an entry is known again after it left its feed (set)
REMEMBERED_FEED_LENGTHS = 10  # and feed lengths: a feed of 1,000 brings old ones back (set)
PRUNE_BATCH = 2000  # rows in one transaction: 50 ms (set)


class Keeping(Part):
    """Feedback, settings, retention, copies."""

    def add_feedback(self, alert_id: str, word: str, argument: str, now: datetime) -> int:
        """The same word again only moves its instant."""
        with self._database.write() as session:
            found = session.rows("SELECT entry_key, story_id FROM alerts WHERE id = ?", (alert_id,))
            if not found:
                raise NotFound(f"alert {alert_id}")
            if not word:
                return session.change("DELETE FROM feedback WHERE alert_id = ?", (alert_id,))
            return session.change(
                "INSERT INTO feedback (alert_id, word, argument, entry_key, story_id, at) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (alert_id, word, argument) DO UPDATE SET at = excluded.at",
                (alert_id, word, codec.plain(argument), *found[0], codec.instant(now)),
            )

    def overrule(self, entry_key: str, story_id: str, word: str, now: datetime, weighed: Decision | None = None) -> int:
        """`weighed` is kept with it where nothing was decided of the two, for it is what the word overrules."""
        name = ENTRY_PREFIX + entry_key
        with self._database.write() as session:
            gone = session.change("DELETE FROM feedback WHERE alert_id = ? AND argument = ?", (name, story_id))
            if not word:
                return gone
            if weighed:
                put_judgements(session, Judgements(decisions=(weighed,)), now)
            return session.change(
                "INSERT INTO feedback (alert_id, word, argument, entry_key, story_id, at) VALUES (?, ?, ?, ?, ?, ?)",
                (name, word, story_id, entry_key, story_id, codec.instant(now)),
            )

    def feedback(self, story_id: str | None = None) -> list[FeedbackRow]:
        conditions, values = given(("f.story_id = ?", story_id))
        found = self._database.rows(
            f"{FEEDBACK}{where(conditions)} ORDER BY f.at, f.alert_id, f.word, f.argument", values
        )
        return [
            FeedbackRow(
                row[0], row[1], row[2], row[3], row[4], codec.from_column(row[5]),
                codec.load(Entry, row[6]) if row[6] else None, row[7] or "",
            )
            for row in found
        ]  # fmt: skip

    def setting(self, name: str, default: str = "") -> str:
        return setting(self._database, name, default)

    def settings(self, names: Sequence[str]) -> dict[str, str]:
        found = within(self._database, "SELECT name, value FROM settings WHERE name IN", names)
        return {row[0]: row[1] for row in found}

    def set_setting(self, name: str, value: str) -> None:
        with self._database.write() as session:
            session.change(PUT_SETTING, (name, codec.plain(value)))

    def keep_setting(self, name: str, value: str) -> str:
        with self._database.write() as session:
            session.change("INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING", (name, value))
            return setting(session, name)

    def prune(self, now: datetime, keep_days: int = 400) -> int:
        """Forget what is older than `keep_days` (at least 90); returns how many rows went.

        Decisions that accepted nothing, gaps, attempts, entries and deliveries that ended go; an entry stays while it
        is among the newest 10 feed lengths of its source, is in a story or has an alert, a delivery while attempts of
        it do. Follow-ups stay, with their versions, decisions, claims and alerts. Transactions are short, so that
        others can work on.
        """
        before = codec.instant(now - timedelta(days=max(keep_days, REMEMBERED_DAYS_MIN)))
        gone = 0
        for table, old in OLD.items():
            while count := self._prune_rows(table, old, before):
                gone += count
        with self._database.write() as session:
            gone += session.change("DELETE FROM days WHERE day < ?", (before[:10],))
        sources = self._database.rows("SELECT source_id, feed_length FROM sources")
        for source_id, length in sources:
            while count := self._prune_entries(source_id, length * REMEMBERED_FEED_LENGTHS, before):
                gone += count
        return gone

    def _prune_rows(self, table: str, old: str, before: str) -> int:
        with self._database.write() as session:
            of_key = where([f"{key} = ?" for key in migrations.TABLES[table]])
            return session.change_many(f"DELETE FROM {table}{of_key}", session.rows(old, (before, PRUNE_BATCH)))

    def _prune_entries(self, source_id: str, kept: int, before: str) -> int:
        with self._database.write() as session:
            newest = session.rows(
                "SELECT last_seen_at FROM entries WHERE source_id = ? ORDER BY last_seen_at DESC LIMIT 1 OFFSET ?",
                (source_id, kept),
            )
            if not newest:
                return 0
            found = session.rows(
                "SELECT e.key FROM entries e WHERE e.source_id = ? AND e.last_seen_at < ? AND e.last_seen_at <= ?"
                " AND NOT EXISTS (SELECT 1 FROM members m WHERE m.entry_key = e.key)"
                " AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.entry_key = e.key)"
                " ORDER BY e.last_seen_at LIMIT ?",
                (source_id, before, newest[0][0], PRUNE_BATCH),
            )
            return _forget(session, found)

    def check(self) -> list[str]:
        return self._database.check()

    def backup(self, path: str) -> None:
        self._database.backup(path)

    def copy_to(self, target: Keeping) -> int:
        """StoreError where the target is not empty. Nobody else may use either state meanwhile."""
        with self._database.read() as ours, target._database.write() as theirs:
            if theirs.rows("SELECT 1 FROM entries LIMIT 1") or theirs.rows("SELECT 1 FROM alerts LIMIT 1"):
                raise StoreError("the state to migrate to is not empty; name a new one")
            for table in reversed(migrations.TABLES):
                theirs.change(f"DELETE FROM {table}")
            rows = sum(_copy(ours, theirs, table, keys) for table, keys in migrations.TABLES.items())
            theirs.change("INSERT INTO unindexed SELECT key FROM entries")
            return rows

    def close(self) -> None:
        self._database.close()


def _copy(ours: Session, theirs: Session, table: str, keys: tuple[str, ...]) -> int:
    """Copy one table in the order of its key. Both databases made its columns in one order, by the same steps."""
    count, after = 0, ""
    values: tuple[Any, ...] = ()
    while found := ours.rows(
        f"SELECT {', '.join(keys)}, {table}.* FROM {table}{after} ORDER BY {', '.join(keys)} LIMIT ?",
        (*values, PRUNE_BATCH),
    ):
        into = f"INSERT INTO {table} VALUES ({marks(len(found[0]) - len(keys))})"
        count += theirs.change_many(into, [row[len(keys) :] for row in found])
        after, values = f" WHERE ({', '.join(keys)}) > ({marks(len(keys))})", found[-1][: len(keys)]
    return count


def _forget(session: Session, keys: list[Row]) -> int:
    """Delete entries and all that hangs on them, and contents that nothing refers to any more."""
    hashes = {row[0] for key in keys for row in session.rows("SELECT hash FROM versions WHERE key = ?", key)}
    for statement in (
        "DELETE FROM followed WHERE entry_key = ?",
        "DELETE FROM search_rows WHERE key = ?",
        "DELETE FROM unindexed WHERE key = ?",
        "DELETE FROM aliases WHERE (source_id, key) IN (SELECT source_id, key FROM entries WHERE key = ?)",
        "DELETE FROM versions WHERE key = ?",
        "DELETE FROM entries WHERE key = ?",
    ):
        session.change_many(statement, keys)
    session.change_many(
        "DELETE FROM contents WHERE hash = ?"
        " AND NOT EXISTS (SELECT 1 FROM versions WHERE versions.hash = contents.hash)"
        " AND NOT EXISTS (SELECT 1 FROM entries WHERE entries.hash = contents.hash)",
        [(each,) for each in sorted(hashes)],
    )
    return len(keys)
