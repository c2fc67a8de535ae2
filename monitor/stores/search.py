"""Search over everything ever seen: entries as their newest version says them, found by words, source, day and story.

Words are indexed beside the pipeline, from a queue; `waiting` says how many entries are not findable yet.
"""

# ruff: noqa: S608 (statements are put together from constants only; every value is bound)

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from monitor.core.language import search_terms
from monitor.model import Hit, Query
from monitor.ports.setting_names import SEARCH_BASE
from monitor.stores import codec
from monitor.stores.entries import PUT_SETTING, setting
from monitor.stores.sql import Part, Session, given, marks, where, within

# Revisions leave words of rows that are gone; once these are more than the rest, everything is indexed anew.
STALE_MIN = 10_000
PUT_ROW = "INSERT INTO search_rows (key, hash, source_id, at) VALUES (?, ?, ?, ?)"


class Search(Part):
    """The index, and what is asked of it."""

    def index(self, limit: int) -> int:
        if not self.waiting():
            return 0
        with self._database.write() as session:
            queue = "SELECT key FROM unindexed ORDER BY key LIMIT ?"
            keys = [row[0] for row in session.rows(queue + session.skipping, (limit,))]
            self._index(session, keys)
            session.change_many("DELETE FROM unindexed WHERE key = ?", [(key,) for key in keys])
            if len(keys) < limit:
                self._begin_anew(session)
            return len(keys)

    def _index(self, session: Session, keys: Sequence[str]) -> None:
        query = """SELECT e.key, e.hash, e.source_id, e.first_seen_at, c.body FROM entries e
            JOIN contents c ON c.hash = e.hash WHERE e.key IN"""
        found = within(session, query, keys)
        session.change_many("DELETE FROM search_rows WHERE key = ?", [(key,) for key in keys])
        session.put_many(PUT_ROW, [row[:4] for row in found])
        numbers: dict[str, int] = dict(within(session, "SELECT key, id FROM search_rows WHERE key IN", keys))
        texts = []
        for key, *_, body in found:
            entry = codec.load_plain(body)
            parts = (entry.get("title", ""), entry.get("summary", ""), entry.get("text", ""))
            words = search_terms.indexed("\n".join((*parts, " ".join(entry.get("authors", ())))))
            texts.append((numbers[key], codec.plain(words)))
        self._database.full_text.put(session, texts)

    def _begin_anew(self, session: Session) -> None:
        last, count = session.rows("SELECT COALESCE(MAX(id), 0), COUNT(*) FROM search_rows")[0]
        if last - int(setting(session, SEARCH_BASE) or 0) > 2 * count + STALE_MIN:
            session.change(PUT_SETTING, (SEARCH_BASE, str(last)))
            self._database.full_text.clear(session)
            session.change("DELETE FROM search_rows")
            session.change("INSERT INTO unindexed SELECT key FROM entries WHERE 1 = 1 ON CONFLICT DO NOTHING")

    def waiting(self) -> int:
        return int(self._database.rows("SELECT COUNT(*) FROM unindexed")[0][0])

    def found(
        self, looked_for: Query, *, sources: Sequence[str] = (), since: datetime | None = None,
        until: datetime | None = None, limit: int = 10_000,
    ) -> tuple[int, list[Hit]]:  # fmt: skip
        """An entry that two stories weighed stands there twice."""
        conditions, values = given(("at >= ?", codec.instant(since) or None), ("at < ?", codec.instant(until) or None))
        if sources:
            conditions.append(f"source_id IN ({marks(len(sources))})")
            values += sources
        if looked_for.wanted:
            condition, words = self._database.full_text.condition(looked_for)
            conditions.append(condition)
            values += words
        with self._database.read() as session:
            count = session.rows(f"SELECT COUNT(*) FROM search_rows{where(conditions)}", values)[0][0]
            rows = session.rows(
                "SELECT r.key, r.source_id, r.at, COALESCE(d.story_id, ''), COALESCE(m.verdict, ''),"
                " COALESCE(d.nearness, 0), COALESCE(d.revision, 0) FROM"
                f" (SELECT key, source_id, at FROM search_rows{where(conditions)} ORDER BY at DESC, key LIMIT ?) r"
                " LEFT JOIN decisions d ON d.entry_key = r.key"
                " LEFT JOIN members m ON m.story_id = d.story_id AND m.entry_key = r.key"
                " ORDER BY r.at DESC, r.key, d.story_id, d.revision DESC",
                (*values, limit),
            )
        newest = {(row[0], row[3]): row for row in reversed(rows)}
        hits = [
            Hit(row[0], row[1], codec.from_column(row[2]), row[3], row[4], row[5]) for row in reversed(newest.values())
        ]
        return int(count), hits
