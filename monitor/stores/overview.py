"""Figures and short lists for pages: stories, days, near misses, what has not arrived; no statement reads entries."""

# ruff: noqa: S608 (statements are put together from constants only; every value is bound)

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from monitor.model import Alert, Decision, Delivery, KnownEntry, StoryCounts
from monitor.stores import codec
from monitor.stores.sources import known
from monitor.stores.sql import Part, marks

# The figure of a decision that was recorded before there was one, as the schema has it.
UNWEIGHED = "SELECT entry_key, story_id, revision, body FROM decisions WHERE nearness = -9"
NEAR = """SELECT body FROM decisions WHERE story_id = ? AND follow_up = 0 AND nearness >= ? AND at >= ?
    ORDER BY nearness DESC, at DESC LIMIT ?"""
HELD_BACK = """SELECT d.body, d.entry_key FROM decisions d JOIN entries e ON e.key = d.entry_key
    AND e.revision = d.revision WHERE d.story_id = ? AND d.follow_up = 0 AND d.nearness >= ? AND d.at >= ?
    AND NOT EXISTS (SELECT 1 FROM members m WHERE m.story_id = d.story_id AND m.entry_key = d.entry_key)
    ORDER BY d.nearness DESC, d.at DESC, d.entry_key LIMIT ?"""
# Two seeks in an index instead of a walk over it.
FIRST_DECIDED = """SELECT MIN(at) FROM (SELECT MIN(at) AS at FROM decisions WHERE story_id = ? AND follow_up = 0
    UNION ALL SELECT MIN(at) AS at FROM decisions WHERE story_id = ? AND follow_up = 1) AS firsts"""
ARRIVED = """SELECT d.created_at, MAX(t.at) FROM deliveries d JOIN attempts t ON t.delivery_id = d.id
    WHERE d.id = (SELECT id FROM deliveries WHERE state = 'delivered' AND channel_id = ?
    ORDER BY created_at DESC LIMIT 1) GROUP BY d.created_at"""


class Overview(Part):
    """What pages ask for at a glance."""

    def story_counts(self) -> dict[str, StoryCounts]:
        """By story, where it has any reports or alerts."""
        with self._database.read() as session:
            members = session.rows(
                "SELECT story_id, verdict, COUNT(*), MAX(at) FROM members GROUP BY story_id, verdict"
            )
            alerts = session.rows("SELECT story_id, COUNT(*), MAX(at) FROM alerts GROUP BY story_id")
        verdicts: dict[str, dict[str, int]] = {}
        for story_id, verdict, count, _ in members:
            verdicts.setdefault(story_id, {})[verdict] = count
        moved = {row[0]: codec.parsed(row[3]) for row in members if row[1] == "development"}
        told = {row[0]: (row[1], codec.parsed(row[2])) for row in alerts}
        return {
            story_id: StoryCounts(verdicts.get(story_id, {}), count, moved.get(story_id), at)
            for story_id in verdicts.keys() | told.keys()
            for count, at in [told.get(story_id, (0, None))]
        }

    def near_misses(
        self, story_ids: Sequence[str], margin: float, since: datetime | None = None, limit: int = 5
    ) -> list[Decision]:
        found = []
        with self._database.read() as session:
            for story_id in story_ids:
                rows = session.rows(NEAR, (story_id, -margin, codec.instant(since), limit))
                made = [codec.load(Decision, row[0]) for row in rows]
                # A line that is drawn low has next to nothing near it: half of what it asks for is no near miss.
                found += [each for each in made if each.score.value >= each.score.threshold / 2]
        return sorted(found, key=lambda made: (-made.score.nearness, made.at, made.entry_key))[:limit]

    def held_back(self, story_id: str, least: float, since: datetime, limit: int) -> list[tuple[Decision, KnownEntry]]:
        with self._database.read() as session:
            rows = session.rows(HELD_BACK, (story_id, least, codec.instant(since), limit))
            entries = {each.key: each for each in known(session, [row[1] for row in rows])}
        return [(codec.load(Decision, body), entries[key]) for body, key in rows]

    def first_decided_at(self, story_id: str) -> datetime | None:
        return codec.parsed(self._database.rows(FIRST_DECIDED, (story_id, story_id))[0][0])

    def weigh(self, limit: int) -> int:
        if not self._database.rows(f"{UNWEIGHED} LIMIT 1"):
            return 0
        with self._database.write() as session:
            found = session.rows(f"{UNWEIGHED} LIMIT ?", (limit,))
            rows = [(codec.load(Decision, row[3]).score.nearness, *row[:3]) for row in found]
            return session.change_many(
                "UPDATE decisions SET nearness = ? WHERE entry_key = ? AND story_id = ? AND revision = ?", rows
            )

    def days(self, since: datetime) -> dict[str, dict[str, tuple[int, int, int]]]:
        rows = self._database.rows(
            "SELECT source_id, day, visits, failed, entries FROM days WHERE day >= ? ORDER BY day, source_id",
            (f"{since:%Y-%m-%d}",),
        )
        found: dict[str, dict[str, tuple[int, int, int]]] = {}
        for source_id, day, *counts in rows:
            found.setdefault(source_id, {})[day] = (counts[0], counts[1], counts[2])
        return found

    def hasten(self, source_ids: Sequence[str], now: datetime) -> int:
        with self._database.write() as session:
            at = codec.instant(now)
            return session.change_many(
                "UPDATE sources SET next_at = ? WHERE source_id = ? AND next_at > ?",
                [(at, name, at) for name in source_ids],
            )

    def delivery_counts(self, since: datetime | None = None) -> dict[tuple[str, str], int]:
        condition, values = ("", []) if since is None else (" WHERE created_at >= ?", [codec.instant(since)])
        rows = self._database.rows(
            f"SELECT channel_id, state, COUNT(*) FROM deliveries{condition} GROUP BY state, channel_id", values
        )
        return {(row[0], row[1]): row[2] for row in rows}

    def deliveries(
        self, states: Sequence[str], before: datetime | None = None, limit: int = 50
    ) -> list[tuple[Delivery, Alert]]:
        condition, values = ("", []) if before is None else (" AND d.created_at < ?", [codec.instant(before)])
        columns = ", ".join(f"d.{name.strip()}" for name in codec.DELIVERY_COLUMNS.split(","))
        rows = self._database.rows(
            f"SELECT {columns}, a.body FROM deliveries d JOIN alerts a ON a.id = d.alert_id"
            f" WHERE d.state IN ({marks(len(states))}){condition} ORDER BY d.created_at DESC, d.id LIMIT ?",
            (*states, *values, limit),
        )
        return [(codec.delivery(row[:-1]), codec.load(Alert, row[-1])) for row in rows]

    def arrived(self, channel_ids: Sequence[str]) -> dict[str, tuple[datetime, datetime]]:
        found = {}
        with self._database.read() as session:
            for channel_id in channel_ids:
                for row in session.rows(ARRIVED, (channel_id,)):
                    found[channel_id] = (codec.from_column(row[0]), codec.from_column(row[1]))
        return found
