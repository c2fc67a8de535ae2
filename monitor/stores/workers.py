"""Many processes on one state: who is there, and whose turn it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.model import Worker
from monitor.stores import codec
from monitor.stores.sql import Part

# How far ahead of now the server's clock may say that something was (set, as for visits: `periodics.AHEAD`).
AHEAD = timedelta(minutes=5)

PUT_WORKER = """INSERT INTO workers (id, seen_at, since, version, running, doing) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, running = excluded.running, doing = excluded.doing"""
LEASE = """INSERT INTO leases (name, holder, until) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE
    SET holder = excluded.holder, until = excluded.until WHERE leases.holder = excluded.holder OR leases.until <= ?
    OR leases.until > ?"""


class Workers(Part):
    """What holders of one state agree on."""

    @property
    def shared(self) -> bool:
        return self._database.shared

    def now(self) -> datetime:
        return self._database.now() or datetime.now(UTC)

    def refuse_newer(self) -> None:
        self._database.refuse_newer()

    def attend(self, worker: Worker, silent_since: datetime) -> None:
        self._database.end_silent()
        with self._database.write() as session:
            session.change(
                f"DELETE FROM workers WHERE id IN (SELECT id FROM workers WHERE seen_at < ? OR seen_at > ?"  # noqa: S608
                f"{session.skipping})",
                _between(silent_since, worker.seen_at),
            )
            at, since = codec.instant(worker.seen_at), codec.instant(worker.since)
            session.change(PUT_WORKER, (worker.id, at, since, worker.version, worker.running, worker.doing))

    def workers(self, since: datetime) -> list[Worker]:
        found = self._database.rows(
            "SELECT id, version, since, seen_at, running, doing FROM workers WHERE seen_at >= ? ORDER BY id",
            (codec.instant(since),),
        )
        return [Worker(r[0], r[1], codec.from_column(r[2] or r[3]), codec.from_column(r[3]), *r[4:]) for r in found]

    def leave(self, worker_id: str) -> None:
        with self._database.write() as session:
            session.change("DELETE FROM workers WHERE id = ?", (worker_id,))
            session.change("DELETE FROM leases WHERE holder = ?", (worker_id,))

    def lease(self, name: str, holder: str, now: datetime, length: timedelta) -> bool:
        with self._database.write() as session:
            until = codec.instant(now + length)
            return session.change(LEASE, (name, holder, until, *_between(now, now + length))) == 1


def _between(since: datetime, now: datetime) -> tuple[str, str]:
    """Before this it has ended; after that it was written before the server's clock was set back, and has as well."""
    return codec.instant(since), codec.instant(now + AHEAD)
