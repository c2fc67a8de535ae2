"""The outbox: rows that wait to be sent, leased to one sender at a time, and what came of each attempt.

`due_at` is when a row may be claimed: its `next_at`, or the end of its lease. `waiting` is 1 while the row is pending,
retrying or held and not folded into a digest; a folded row shares the fate of its digest.
"""

# ruff: noqa: S608 (statements are put together from constants only; every value is bound)

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.model import Alert, Delivery, Receipt
from monitor.stores import rows
from monitor.stores.sql import Part, Row, Session, chunks, marks

Settle = Callable[[Delivery, Receipt, datetime], Delivery]

ATTEMPTS_KEPT = 20
DIGEST_MAX = 500
ORDER_SLACK = timedelta(minutes=5)
ANSWER_CHARS_MAX = 2000
OPEN = ("pending", "retrying", "held")
LOST = Receipt("unknown", "the lease ran out before an answer was recorded")

PUT_ALERT = """INSERT INTO alerts (id, kind, at, story_id, source_id, entry_key, body) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING"""
PUT_DELIVERY = f"""INSERT INTO deliveries ({rows.DELIVERY_COLUMNS}, story_id, due_at, waiting)
    VALUES ({marks(18)}) ON CONFLICT DO NOTHING"""
NEXT_SEQ = """INSERT INTO destinations (channel_id, recipient, last_seq, last_due_at) VALUES (?, ?, 1, ?)
    ON CONFLICT (channel_id, recipient) DO UPDATE SET last_seq = destinations.last_seq + 1
    RETURNING last_seq, last_due_at"""
PREVIOUS = """SELECT id FROM deliveries WHERE channel_id = ? AND recipient = ? AND story_id = ? AND folded_into = ''
    AND state <> 'cancelled' ORDER BY seq DESC LIMIT 1"""
READY = """SELECT c.channel_id FROM channels c WHERE c.disabled = '' AND EXISTS (SELECT 1 FROM deliveries d
    WHERE d.channel_id = c.channel_id AND d.waiting = 1 AND d.digest = 0 AND d.due_at <= ?) ORDER BY c.channel_id"""
IN_FLIGHT = "SELECT COUNT(*) FROM deliveries WHERE channel_id = ? AND claim <> '' AND due_at > ?"
CANDIDATES = f"""SELECT {rows.DELIVERY_COLUMNS}, due_at FROM deliveries WHERE channel_id = ? AND waiting = 1
    AND digest = 0 AND due_at <= ? ORDER BY due_at, seq LIMIT ?"""
TAKE = """UPDATE deliveries SET claim = ?, due_at = ?, attempts = ?, unknown = ?
    WHERE id = ? AND claim = ? AND due_at = ? AND waiting = 1"""
WRITE_BACK = """UPDATE deliveries SET state = ?, attempts = ?, next_at = ?, error = ?, unknown = ?, claim = '',
    due_at = ?, waiting = ?, digest = ? WHERE id = ? AND claim = ?"""
FOLLOW = "UPDATE deliveries SET state = ?, error = ? WHERE folded_into = ?"
HELD = f"""SELECT {rows.DELIVERY_COLUMNS} FROM deliveries WHERE channel_id = ? AND waiting = 1 AND digest = 1
    AND due_at <= ? ORDER BY due_at, seq LIMIT ?"""
FOLD = """UPDATE deliveries SET folded_into = ?, waiting = 0 WHERE id = ? AND folded_into = '' AND waiting = 1
    AND claim = ''"""
LET_GO = "UPDATE deliveries SET digest = 0 WHERE id = ? AND folded_into = '' AND waiting = 1 AND claim = ''"
CANCEL = """UPDATE deliveries SET state = 'cancelled', error = ?, waiting = 0, next_at = '', due_at = ''
    WHERE channel_id = ? AND recipient = ? AND (? = '' OR story_id = ?) AND story_id <> '' AND waiting = 1
    AND claim = ''"""
REVIVE = """UPDATE deliveries SET state = 'pending', attempts = 0, unknown = 0, next_at = ?, due_at = ?, error = '',
    claim = '', folded_into = '', digest = 0, waiting = 1 WHERE id = ?"""
PUT_ATTEMPT = """INSERT INTO attempts (delivery_id, number, at, outcome, detail, status, elapsed_s, answer)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
RENEW = "UPDATE deliveries SET due_at = ? WHERE id = ? AND claim = ? AND claim <> '' AND waiting = 1"
UNTOLD_PREFIX = "dead:"
MARK = "INSERT INTO settings (name, value) VALUES (?, '') ON CONFLICT DO NOTHING"
UNTOLD = f"""SELECT {rows.DELIVERY_COLUMNS} FROM deliveries WHERE state = 'dead' AND folded_into = '' AND id IN
    (SELECT substr(name, 6) FROM settings WHERE name >= 'dead:' AND name < 'dead;')
    ORDER BY channel_id, seq LIMIT 500"""
TOLD = "DELETE FROM settings WHERE name = ?"
CUT_ATTEMPTS = "DELETE FROM attempts WHERE delivery_id = ? AND number <= ?"


class Outbox(Part):
    """Deliveries from the moment they are recorded to the moment they end."""

    _settle: Settle
    _token: Callable[[], str]

    def claim(self, now: datetime, limit: int, lease: timedelta, per_channel: int) -> list[tuple[Delivery, Alert]]:
        """Lease due deliveries, oldest first, fairly over channels.

        A lease that ran out counts as an attempt without an answer: its sender may have died after sending.
        """
        at = rows.instant(now)
        with self._database.read() as session:
            if not _rooms(session, at, per_channel):
                return []
        with self._database.write() as session:
            session.lock("claim")
            ranked: list[tuple[int, str, int, Row]] = []
            for channel_id, room in _rooms(session, at, per_channel):
                found = session.rows(CANDIDATES, (channel_id, at, min(room, limit)))
                ranked += [(rank, row[15], row[9], row) for rank, row in enumerate(found)]
            taken = [self._take(session, row, now, lease) for _, _, _, row in sorted(ranked)[:limit]]
            deliveries = [delivery for delivery in taken if delivery]
            alerts = _alerts(session, [delivery.alert_id for delivery in deliveries])
        return [(delivery, alerts[delivery.alert_id]) for delivery in deliveries]

    def _take(self, session: Session, row: Row, now: datetime, lease: timedelta) -> Delivery | None:
        old = rows.delivery(row)
        lost = int(old.claim != "")
        new = replace(old, claim=self._token(), attempts=old.attempts + lost, unknown=old.unknown + lost)
        values = (new.claim, rows.instant(now + lease), new.attempts, new.unknown, old.id, old.claim, row[15])
        if session.change(TAKE, values) != 1:
            return None
        if lost:
            _log(session, old.id, LOST, now)
        return new

    def settle(self, delivery: Delivery, receipt: Receipt, now: datetime) -> bool:
        """Write the new state of a claimed delivery and its attempt log; False where the lease was lost meanwhile.

        A receipt that asks for it switches the channel off; deliveries folded into this one end as it ends.
        """
        with self._database.write() as session:
            found = session.rows(
                f"SELECT {rows.DELIVERY_COLUMNS} FROM deliveries WHERE id = ? AND claim = ? AND claim <> ''",
                (delivery.id, delivery.claim),
            )
            if not found:
                return False
            new = self._settle(rows.delivery(found[0]), receipt, now)
            waiting = int(new.state in OPEN)
            due_at = rows.instant(new.next_at or now) if waiting else ""
            values = (
                new.state, new.attempts, rows.instant(new.next_at), rows.plain(new.error), new.unknown, due_at, waiting,
                int(new.digest), new.id, delivery.claim,
            )  # fmt: skip
            if session.change(WRITE_BACK, values) != 1:
                return False
            _log(session, new.id, receipt, now)
            if not waiting:
                session.change(FOLLOW, (new.state, rows.plain(new.error), new.id))
            if new.state == "dead":
                session.change(MARK, (UNTOLD_PREFIX + new.id,))
            if receipt.disable:
                _switch(session, new.channel_id, receipt.detail or "the endpoint asked for no more")
        return True

    def release(self, deliveries: Sequence[Delivery]) -> None:
        """Give up leases without an attempt."""
        with self._database.write() as session:
            session.change_many(
                "UPDATE deliveries SET claim = '', due_at = CASE WHEN next_at = '' THEN created_at ELSE next_at END"
                " WHERE id = ? AND claim = ? AND claim <> ''",
                [(delivery.id, delivery.claim) for delivery in deliveries],
            )

    def renew(self, delivery: Delivery, now: datetime, lease: timedelta) -> bool:
        """Lengthen the lease of a delivery that is still being sent; False where it was lost meanwhile."""
        with self._database.write() as session:
            return session.change(RENEW, (rows.instant(now + lease), delivery.id, delivery.claim)) == 1

    def dead_letters(self) -> list[tuple[Delivery, Alert]]:
        """Deliveries that died and of which nobody was told yet, in the order of their numbers."""
        with self._database.read() as session:
            found = [rows.delivery(row) for row in session.rows(UNTOLD)]
            alerts = _alerts(session, [delivery.alert_id for delivery in found])
        return [(delivery, alerts[delivery.alert_id]) for delivery in found]

    def mourn(self, delivery_ids: Sequence[str], alert: Alert | None, deliveries: Sequence[Delivery]) -> None:
        """Put the notice of dead letters into the outbox and mark them told, in one transaction."""
        with self._database.write() as session:
            if alert is not None:
                put(session, [alert], deliveries, alert.at)
            session.change_many(TOLD, [(UNTOLD_PREFIX + name,) for name in delivery_ids])

    def due_digests(self, now: datetime) -> list[tuple[str, str, list[tuple[Delivery, Alert]]]]:
        """Held deliveries of digest destinations past their time, by (channel, recipient), at most 500 a channel."""
        at = rows.instant(now)
        groups: dict[tuple[str, str], list[Delivery]] = {}
        with self._database.read() as session:
            for (channel_id,) in session.rows("SELECT channel_id FROM channels WHERE disabled = ''"):
                for row in session.rows(HELD, (channel_id, at, DIGEST_MAX)):
                    held = rows.delivery(row)
                    groups.setdefault((held.channel_id, held.recipient), []).append(held)
            alerts = _alerts(session, [held.alert_id for group in groups.values() for held in group])
        return [(*place, [(held, alerts[held.alert_id]) for held in group]) for place, group in sorted(groups.items())]

    def fold(self, held: Sequence[Delivery], alert: Alert, delivery: Delivery) -> None:
        """Roll held deliveries into one digest: write it and mark them folded into it, in one transaction."""
        with self._database.write() as session:
            put(session, [alert], [delivery], alert.at)
            session.change_many(FOLD, [(delivery.id, each.id) for each in held if each.id != delivery.id])

    def let_go(self, held: Sequence[Delivery]) -> None:
        """Send held deliveries one by one after all."""
        with self._database.write() as session:
            session.change_many(LET_GO, [(each.id,) for each in held])

    def cancel(self, channel_id: str, recipient: str, story_id: str, why: str) -> int:
        """End what waits for a recipient on a story (empty: on any) and is not being sent; returns how many."""
        with self._database.write() as session:
            return session.change(CANCEL, (rows.plain(why), channel_id, recipient, story_id, story_id))

    def add_alert(self, alert: Alert, deliveries: Sequence[Delivery]) -> None:
        """Put an alert that no visit made into the outbox."""
        with self._database.write() as session:
            put(session, [alert], deliveries, alert.at)

    def redeliver(self, now: datetime, alert_id: str | None, since: datetime | None, dead: bool) -> int:
        """Make deliveries pending again, under their old ids; returns how many.

        An alert named goes out by itself whatever became of it. `since` takes what was delivered, failed or is
        retrying, `dead` only what is dead; digests take what is folded into them along. What is being sent at this
        moment stays.
        """
        conditions, values = ["(claim = '' OR due_at <= ?)"], [rows.instant(now)]
        if alert_id is not None:
            conditions.append("alert_id = ?")
            values.append(alert_id)
        else:
            conditions.append("folded_into = '' AND state IN ('delivered', 'dead', 'retrying')")
        if since is not None:
            conditions.append("created_at >= ?")
            values.append(rows.instant(since))
        if dead:
            conditions.append("state = 'dead'")
        if alert_id is None and since is None and not dead:
            return 0
        with self._database.write() as session:
            found = session.rows(f"SELECT id FROM deliveries WHERE {' AND '.join(conditions)}", values)
            at = rows.instant(now)
            session.change_many(FOLLOW, [("held", "", row[0]) for row in found])
            return session.change_many(REVIVE, [(at, at, row[0]) for row in found])

    def disabled_channels(self) -> dict[str, str]:
        """Channels switched off, with the reason."""
        with self._database.read() as session:
            found = session.rows("SELECT channel_id, disabled FROM channels WHERE disabled <> '' ORDER BY channel_id")
        return {row[0]: row[1] for row in found}

    def set_channel(self, channel_id: str, disabled: str) -> None:
        """Switch a channel off with a reason, or on with an empty one."""
        with self._database.write() as session:
            _switch(session, channel_id, disabled)


def put(session: Session, alerts: Sequence[Alert], deliveries: Sequence[Delivery], at: datetime) -> None:
    """Write alerts and deliveries that are not there yet; each gets its number and the one before it in its thread."""
    session.change_many(
        PUT_ALERT,
        [(a.id, a.kind, rows.instant(a.at), a.story_id, a.source_id, a.entry_key, rows.save(a)) for a in alerts],
    )
    if not deliveries:
        return
    new = [each for each in deliveries if not session.rows("SELECT 1 FROM deliveries WHERE id = ?", (each.id,))]
    stories = {alert.id: alert.story_id for alert in alerts}
    missing = sorted({each.alert_id for each in new} - stories.keys())
    stories |= {key: alert.story_id for key, alert in _alerts(session, missing).items()}
    session.change_many(
        "INSERT INTO channels (channel_id, disabled) VALUES (?, '') ON CONFLICT DO NOTHING",
        [(channel_id,) for channel_id in sorted({each.channel_id for each in new})],
    )
    # Sorted by destination: two writers take the counters' row locks in one order. The sort keeps the order within.
    for each in sorted(new, key=lambda delivery: (delivery.channel_id, delivery.recipient)):
        _put_delivery(session, each, stories.get(each.alert_id, ""), each.created_at or at)


def _put_delivery(session: Session, each: Delivery, story_id: str, created_at: datetime) -> None:
    place = (each.channel_id, each.recipient)
    due = max(filter(None, (each.next_at, created_at))) if each.state != "pending" else each.next_at or created_at
    ((seq, last_due_at),) = session.rows(NEXT_SEQ, (*place, rows.instant(due)))
    last = rows.from_column(last_due_at)
    if each.state == "pending" and due < last <= due + ORDER_SLACK:
        due = last  # An outcome decided earlier but committed later goes out in commit order.
    elif each.state == "pending":
        session.change(
            "UPDATE destinations SET last_due_at = ? WHERE channel_id = ? AND recipient = ?",
            (rows.instant(due), *place),
        )
    before = session.rows(PREVIOUS, (*place, story_id)) if story_id else []
    session.change(
        PUT_DELIVERY,
        (
            each.id, each.alert_id, each.channel_id, each.recipient, each.state, each.attempts,
            rows.instant(created_at), rows.instant(each.next_at), rows.plain(each.error), seq,
            before[0][0] if before else "", each.unknown, "", each.folded_into, int(each.digest), story_id,
            rows.instant(due), int(each.state in OPEN and not each.folded_into),
        ),
    )  # fmt: skip


def _rooms(session: Session, at: str, per_channel: int) -> list[tuple[str, int]]:
    """Channels with due rows, and how many more each may have in flight."""
    ready = [row[0] for row in session.rows(READY, (at,))]
    rooms = [(channel_id, per_channel - session.rows(IN_FLIGHT, (channel_id, at))[0][0]) for channel_id in ready]
    return [(channel_id, room) for channel_id, room in rooms if room > 0]


def _alerts(session: Session, alert_ids: Sequence[str]) -> dict[str, Alert]:
    return {
        row[0]: rows.load(Alert, row[1])
        for chunk in chunks(sorted(set(alert_ids)))
        for row in session.rows(f"SELECT id, body FROM alerts WHERE id IN ({marks(len(chunk))})", chunk)
    }


def _log(session: Session, delivery_id: str, receipt: Receipt, now: datetime) -> None:
    """One line in the log of a delivery, whose oldest lines make room."""
    values = (
        rows.instant(now), receipt.outcome, rows.plain(receipt.detail), receipt.status, receipt.elapsed_s,
        rows.plain(receipt.answer[:ANSWER_CHARS_MAX]),
    )  # fmt: skip
    last = session.rows("SELECT MAX(number) FROM attempts WHERE delivery_id = ?", (delivery_id,))
    number = (last[0][0] or 0) + 1
    session.change(PUT_ATTEMPT, (delivery_id, number, *values))
    session.change(CUT_ATTEMPTS, (delivery_id, number - ATTEMPTS_KEPT))


def _switch(session: Session, channel_id: str, disabled: str) -> None:
    session.change(
        "INSERT INTO channels (channel_id, disabled) VALUES (?, ?)"
        " ON CONFLICT (channel_id) DO UPDATE SET disabled = excluded.disabled",
        (channel_id, rows.plain(disabled)),
    )
