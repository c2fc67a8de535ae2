"""What people have read of what was told: an alert is unread until somebody marks it, alone or with all before it.

What was there before anything was marked counts as read (`read-until`). Digests and tests are never unread: the page
shows what they sum up.
"""

# ruff: noqa: S608 (statements are put together from constants only; every value is bound)

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.model import Alert
from monitor.ports.setting_names import LOOKED_AT, LOOKED_BEFORE, READ_UNTIL
from monitor.stores import codec
from monitor.stores.entries import PUT_SETTING, setting
from monitor.stores.sql import Part, Session, given, marks, where

# Marks within an hour belong to one sitting: "since you last looked" is the one before.
SITTING = timedelta(hours=1)
PUT_READ = "INSERT INTO reads (alert_id, at) VALUES (?, ?) ON CONFLICT (alert_id) DO UPDATE SET at = excluded.at"
# An empty instant says that somebody wants to read it again.
UNREAD = """a.kind NOT IN ('story.digest', 'channel.test') AND (a.id IN (SELECT alert_id FROM reads WHERE at = '')
    OR (a.at > ? AND NOT EXISTS (SELECT 1 FROM reads r WHERE r.alert_id = a.id)))"""


class Unread(Part):
    """Marks of the reader."""

    def told(
        self, *, unread: bool | None = None, kinds: Sequence[str] = (), story_id: str | None = None,
        before: datetime | None = None, limit: int = 50,
    ) -> list[tuple[Alert, bool]]:  # fmt: skip
        conditions, values = given(("a.story_id = ?", story_id), ("a.at < ?", codec.instant(before) or None))
        if kinds:
            conditions.append(f"a.kind IN ({marks(len(kinds))})")
            values += kinds
        with self._database.read() as session:
            until = setting(session, READ_UNTIL)
            if unread is not None:
                conditions.append(UNREAD if unread else f"NOT ({UNREAD})")
                values.append(until)
            found = session.rows(
                f"SELECT a.body, CASE WHEN {UNREAD} THEN 1 ELSE 0 END FROM alerts a{where(conditions)}"
                " ORDER BY a.at DESC, a.id LIMIT ?",
                (until, *values, limit),
            )
        return [(codec.load(Alert, row[0]), bool(row[1])) for row in found]

    def unread_counts(self) -> dict[tuple[str, str], int]:
        with self._database.read() as session:
            found = session.rows(
                f"SELECT a.story_id, a.kind, COUNT(*) FROM alerts a WHERE {UNREAD} GROUP BY a.story_id, a.kind",
                (setting(session, READ_UNTIL),),
            )
        return {(row[0], row[1]): row[2] for row in found}

    def mark_read(self, alert_ids: Sequence[str], now: datetime) -> None:
        """Mark these as read. Once nothing is unread, one instant stands for all marks."""
        with self._database.write() as session:
            session.change_many(PUT_READ, [(name, codec.instant(now)) for name in alert_ids])
            _look(session, now)
            if not session.rows(f"SELECT 1 FROM alerts a WHERE {UNREAD} LIMIT 1", (setting(session, READ_UNTIL),)):
                newest = session.rows("SELECT MAX(at) FROM alerts")[0][0] or ""
                session.change(PUT_SETTING, (READ_UNTIL, newest))
                session.change("DELETE FROM reads")

    def mark_unread(self, alert_id: str) -> None:
        with self._database.write() as session:
            session.change(PUT_READ, (alert_id, ""))

    def looked_at(self, now: datetime) -> datetime | None:
        with self._database.read() as session:
            last, before = (codec.parsed(setting(session, name)) for name in (LOOKED_AT, LOOKED_BEFORE))
        return before if last and before and now - last < SITTING else last


def _look(session: Session, now: datetime) -> None:
    last = codec.parsed(setting(session, LOOKED_AT))
    if last and now - last >= SITTING:
        session.change(PUT_SETTING, (LOOKED_BEFORE, codec.instant(last)))
    session.change(PUT_SETTING, (LOOKED_AT, codec.instant(now)))
