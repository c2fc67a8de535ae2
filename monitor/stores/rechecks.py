"""Articles that are read again: which are due, and what each reading leaves behind."""

# ruff: noqa: S608 (statements are put together from constants only; every value is bound)

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from monitor.model import Recheck, WatchedArticle
from monitor.stores import codec
from monitor.stores.entries import FOLLOWED_COLUMNS, keep_version, put_followed, put_judgements, read_followed
from monitor.stores.sources import due_at
from monitor.stores.sql import Part, marks

DUE = """SELECT f.entry_key, f.source_id FROM followed f JOIN sources s ON s.source_id = f.source_id
    WHERE s.paused = 0 AND (f.next_at <= ? OR f.next_at > ?) ORDER BY f.next_at, f.entry_key"""
BUMP = "UPDATE entries SET revision = ? WHERE key = ? AND revision < ?"


class Rechecks(Part):
    """What is known of followed articles."""

    def watched_due(
        self, now: datetime, limit: int, lease: timedelta, source_ids: Collection[str]
    ) -> list[WatchedArticle]:
        """One that is not recorded within the lease is due again; so is one due too far ahead, as with visits."""
        at = due_at(now)
        due = [row[0] for row in self._database.rows(DUE, at) if row[1] in source_ids][:limit]
        if not due:
            return []
        with self._database.write() as session:
            found = session.rows(
                f"SELECT {FOLLOWED_COLUMNS} FROM followed WHERE entry_key IN ({marks(len(due))})"
                " AND (next_at <= ? OR next_at > ?) ORDER BY next_at, entry_key" + session.skipping,
                (*due, *at),
            )
            leased = [read_followed(row) for row in found]
            until = codec.instant(now + lease)
            session.change_many(
                "UPDATE followed SET next_at = ? WHERE entry_key = ?", [(until, each.entry_key) for each in leased]
            )
        return leased

    def watched_sources_due(self, now: datetime) -> list[str]:
        found = self._database.rows(DUE, due_at(now))
        return list(dict.fromkeys(row[1] for row in found))

    def watched_count(self) -> int:
        return int(self._database.rows("SELECT COUNT(*) FROM followed")[0][0])

    def record_recheck(self, reread: Recheck, now: datetime) -> None:
        followed = reread.followed
        with self._database.write() as session:
            if reread.version is not None:
                revision, content = reread.version
                keep_version(session, followed.entry_key, revision, content, reread.page.at)
                session.change(BUMP, (revision, followed.entry_key, revision))
            if followed.next_at is None:
                session.change("DELETE FROM followed WHERE entry_key = ?", (followed.entry_key,))
            else:
                put_followed(session, followed)
            put_judgements(session, reread.judgements, now)
