"""What people and reports ask of the state: decisions, alerts, versions, gaps, figures."""

# ruff: noqa: S608 (statements are put together from constants only; every value is bound)

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from monitor.core import identity
from monitor.model import Alert, Attempt, Decision, Delivery, Entry, Gap, KnownEntry
from monitor.stores import codec
from monitor.stores.sources import known
from monitor.stores.sql import Part, Session, given, marks, where, within

ACCEPTED_MAX = 10_000  # decisions that are looked through for those that accepted one of some entries (set)
# Source by source, in this order (which SQLite keeps to for CROSS JOIN): names are found by their source only.
ALIASED = "SELECT a.key FROM sources s CROSS JOIN aliases a WHERE a.source_id = s.source_id AND a.alias IN"
KEYS_MAX = 100  # entries that one name may mean (set)
ALIAS_PREFIXES = ("", "id:", "url:")


class Reading(Part):
    """Queries that change nothing."""

    def decisions(
        self, *, story_id: str | None = None, entry: str | None = None, since: datetime | None = None,
        follow_up: bool | None = None, limit: int = 1000,
    ) -> list[Decision]:  # fmt: skip
        conditions, values = given(
            ("story_id = ?", story_id), ("at >= ?", codec.instant(since) or None),
            ("follow_up = ?", None if follow_up is None else int(follow_up)),
        )  # fmt: skip
        with self._database.read() as session:
            if entry is not None:
                keys = _keys(session, entry)
                if not keys:
                    return []
                conditions.append(f"entry_key IN ({marks(len(keys))})")
                values += keys
            found = session.rows(
                f"SELECT body FROM decisions{where(conditions)}"
                " ORDER BY at DESC, entry_key, story_id, revision DESC LIMIT ?",
                (*values, limit),
            )
        return [codec.load(Decision, row[0]) for row in found]

    def accepted(self, keys: Collection[str]) -> list[Decision]:
        query, newest_first = (
            "SELECT body FROM decisions WHERE entry_key IN",
            " ORDER BY at DESC, story_id, revision DESC",
        )
        found = within(self._database, query, sorted(keys), after=f"{newest_first} LIMIT {ACCEPTED_MAX}")
        made = (codec.load(Decision, row[0]) for row in found)
        return [decision for decision in made if decision.development]

    def alerts(
        self, *, alert_id: str | None = None, story_id: str | None = None, since: datetime | None = None,
        limit: int = 200,
    ) -> list[tuple[Alert, list[Delivery]]]:  # fmt: skip
        """Deliveries in the order of their destinations."""
        conditions, values = given(
            ("id = ?", alert_id), ("story_id = ?", story_id), ("at >= ?", codec.instant(since) or None)
        )
        deliveries: dict[str, list[Delivery]] = {}
        with self._database.read() as session:
            found = session.rows(
                f"SELECT id, body FROM alerts{where(conditions)} ORDER BY at DESC, id LIMIT ?", (*values, limit)
            )
            query = f"SELECT {codec.DELIVERY_COLUMNS} FROM deliveries WHERE alert_id IN"
            order = " ORDER BY channel_id, recipient"
            for delivery in map(codec.delivery, within(session, query, [row[0] for row in found], after=order)):
                deliveries.setdefault(delivery.alert_id, []).append(delivery)
        return [(codec.load(Alert, row[1]), deliveries.get(row[0], [])) for row in found]

    def attempts(self, delivery_id: str) -> list[Attempt]:
        """Its newest 20 attempts, oldest first."""
        found = self._database.rows(
            "SELECT number, at, outcome, status, detail, elapsed_s, answer, request FROM attempts"
            " WHERE delivery_id = ? ORDER BY number",
            (delivery_id,),
        )
        return [Attempt(number, codec.from_column(at), *rest) for number, at, *rest in found]

    def versions(self, key: str) -> list[tuple[int, datetime, Any]]:
        found = self._database.rows(
            "SELECT v.revision, v.seen_at, c.body FROM versions v JOIN contents c ON c.hash = v.hash"
            " WHERE v.key = ? ORDER BY v.revision",
            (key,),
        )
        return [(row[0], codec.from_column(row[1]), codec.load(Entry, row[2])) for row in found]

    def entry(self, name: str) -> KnownEntry | None:
        """The entry with this key, publisher's id or URL; the one last seen where several have it."""
        with self._database.read() as session:
            found = known(session, _keys(session, name))
        exact = [each for each in found if each.key == name]
        return max(exact or found, key=lambda each: (each.last_seen_at, each.key), default=None)

    def gaps(self, since: datetime | None = None) -> list[Gap]:
        found = self._database.rows(
            "SELECT source_id, since, until, detail FROM gaps WHERE until >= ? ORDER BY until DESC, source_id",
            (codec.instant(since),),
        )
        return [Gap(row[0], codec.from_column(row[1]), codec.from_column(row[2]), row[3]) for row in found]

    def counts(self) -> Mapping[str, float]:
        """`entries`, `decisions`, `gaps`, `alerts:KIND`, `outbox_pending` and its oldest age, `outbox_age_seconds`.

        Held deliveries are late on purpose: they are `outbox_held`. Everything ever recorded counts, pruned or not.
        """
        with self._database.read() as session:
            entries, decisions, gaps = session.rows("SELECT SUM(entries), SUM(decisions), SUM(gaps) FROM sources")[0]
            kinds = session.rows("SELECT kind, COUNT(*) FROM alerts GROUP BY kind ORDER BY kind")
            states = session.rows(
                "SELECT state, COUNT(*), MIN(created_at) FROM deliveries WHERE waiting = 1 GROUP BY state"
            )
        late = [codec.from_column(row[2]) for row in states if row[0] != "held"]
        age_s = max((datetime.now(UTC) - min(late)).total_seconds(), 0.0) if late else 0.0
        figures = {
            "entries": float(entries or 0),
            "decisions": float(decisions or 0),
            "gaps": float(gaps or 0),
            "outbox_pending": float(sum(row[1] for row in states if row[0] != "held")),
            "outbox_held": float(sum(row[1] for row in states if row[0] == "held")),
            "outbox_age_seconds": age_s,
        }
        return figures | {f"alerts:{kind}": float(count) for kind, count in kinds}


def _keys(session: Session, name: str) -> list[str]:
    """Keys of the entries that a person means by a key, a publisher's id, a URL or an alias."""
    name = codec.plain(name)
    if not name or session.rows("SELECT 1 FROM entries WHERE key = ?", (name,)):
        return [name] if name else []
    names = {*(prefix + name for prefix in ALIAS_PREFIXES)}
    names |= {*identity.aliases(Entry(id=name)), *identity.aliases(Entry(url=name))}
    found = within(session, ALIASED, sorted(names), after=f" LIMIT {KEYS_MAX}")
    # What several entries of one document bear names none of them: seldom, and worth to look through all.
    found = found or session.rows(f"SELECT key FROM entries WHERE entry_id = ? OR url = ? LIMIT {KEYS_MAX}", [name] * 2)
    return sorted({row[0] for row in found})
