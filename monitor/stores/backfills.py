"""Which story reads which source since when, and what stored entries bring a story that begins to read one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from monitor.model import Backfill, Backfilled, KnownEntry
from monitor.stores import codec
from monitor.stores.entries import PUT_READING, follow_all, put_judgements
from monitor.stores.periodics import wake
from monitor.stores.sources import known
from monitor.stores.sql import Part

# Not judged for the story yet: a pair that shares nothing leaves no row, so that this also finds what was judged as
# zero; whoever asks has just begun to read the source.
UNJUDGED = """SELECT e.key, e.last_seen_at FROM entries e WHERE e.source_id = ?
    AND (e.last_seen_at < ? OR (e.last_seen_at = ? AND e.key < ?))
    AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.entry_key = e.key AND d.story_id = ?)
    AND NOT EXISTS (SELECT 1 FROM members m WHERE m.entry_key = e.key AND m.story_id = ?)
    ORDER BY e.last_seen_at DESC, e.key DESC LIMIT ?"""
LATEST = "~"  # sorts after every instant, as column


class Backfills(Part):
    """Pairs of a story and a source."""

    def readings(self) -> set[tuple[str, str]]:
        return {(row[0], row[1]) for row in self._database.rows("SELECT story_id, source_id FROM story_sources")}

    def end_readings(self, pairs: Collection[tuple[str, str]]) -> None:
        with self._database.write() as session:
            session.change_many("DELETE FROM story_sources WHERE story_id = ? AND source_id = ?", sorted(pairs))

    def unjudged(self, story_id: str, source_id: str, limit: int, before: KnownEntry | None = None) -> list[KnownEntry]:
        at, key = (codec.instant(before.last_seen_at), before.key) if before else (LATEST, LATEST)
        with self._database.read() as session:
            found = session.rows(UNJUDGED, (source_id, at, at, key, story_id, story_id, limit))
            ranks = {row[0]: rank for rank, row in enumerate(found)}
            return sorted(known(session, list(ranks)), key=lambda entry: ranks[entry.key])

    def record_backfill(self, backfill: Backfill) -> None:
        at = codec.instant(backfill.at)
        with self._database.write() as session:
            follow_all(session, backfill.followed, backfill.sightings)
            put_judgements(session, backfill.judgements, backfill.at)
            session.change_many(
                PUT_READING, [(backfill.story_id, name, at, count, 0) for name, count in backfill.entries.items()]
            )
            wake(session, {backfill.story_id: ""})

    def backfilled(self, story_id: str) -> list[Backfilled]:
        found = self._database.rows(
            "SELECT source_id, begun_at, entries FROM story_sources WHERE story_id = ? AND told = 0 ORDER BY source_id",
            (story_id,),
        )
        return [Backfilled(source_id, codec.from_column(at), entries) for source_id, at, entries in found]

    def tell_backfilled(self, story_id: str, until: datetime) -> None:
        with self._database.write() as session:
            session.change(
                "UPDATE story_sources SET told = 1 WHERE story_id = ? AND told = 0 AND begun_at <= ?",
                (story_id, codec.instant(until)),
            )
