"""The outbox: rows that wait to be sent, leased to one sender at a time, and what came of each attempt.

`due_at` is when a row may be claimed: its `next_at`, or the end of its lease. `waiting` is 1 while the row is pending,
retrying or held and not folded into a digest; a folded row shares the fate of its digest.
"""

# ruff: noqa: S608 (statements are put together from constants only; every value is bound)

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from monitor.core.delivery import retries
from monitor.model import Alert, ChannelStatus, Delivery, Receipt
from monitor.stores import codec, processes
from monitor.stores.sql import Part, Row, Session, chunks, marks, within

ATTEMPTS_KEPT = 20  # lines of a delivery's log, the newest (set)
ORDER_SLACK = timedelta(minutes=5)  # within which what was decided earlier and committed later keeps commit order (set)
ANSWER_CHARS_MAX = 2000  # characters of an answer in the log (set)
OPEN = ("pending", "retrying", "held")
LOST = Receipt("unknown", "the lease ran out before an answer was recorded")
UNSENT = Receipt("retry", "the lease ran out before anything was handed over")

PUT_ALERT = """INSERT INTO alerts (id, kind, at, story_id, source_id, entry_key, body) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING"""
PUT_DELIVERY = f"""INSERT INTO deliveries ({codec.DELIVERY_COLUMNS}, story_id, due_at, waiting)
    VALUES ({marks(20)}) ON CONFLICT DO NOTHING"""
NEXT_SEQ = """INSERT INTO destinations (channel_id, recipient, last_seq, last_due_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (channel_id, recipient) DO UPDATE SET last_seq = destinations.last_seq + excluded.last_seq
    RETURNING last_seq, last_due_at"""
SET_LAST_DUE = "UPDATE destinations SET last_due_at = ? WHERE channel_id = ? AND recipient = ?"
PREVIOUS = """SELECT id FROM deliveries WHERE channel_id = ? AND recipient = ? AND story_id = ? AND folded_into = ''
    AND state <> 'cancelled' ORDER BY seq DESC LIMIT 1"""
THERE = "SELECT id FROM deliveries WHERE id IN"
UNSUBSCRIBED = "SELECT story_id, channel_id, recipient FROM unsubscriptions"
READY = """SELECT c.channel_id FROM channels c WHERE c.disabled = '' AND c.not_before <= ? AND EXISTS
    (SELECT 1 FROM deliveries d WHERE d.channel_id = c.channel_id AND d.waiting = 1 AND d.digest = 0 AND d.due_at <= ?)
    ORDER BY c.channel_id"""
IN_FLIGHT = "SELECT COUNT(*) FROM deliveries WHERE channel_id = ? AND claim <> '' AND due_at > ?"
CANDIDATES = f"""SELECT {codec.DELIVERY_COLUMNS}, due_at FROM deliveries WHERE channel_id = ? AND waiting = 1
    AND digest = 0 AND due_at <= ? ORDER BY due_at, seq LIMIT ?"""
LAPSED_OF = """SELECT DISTINCT channel_id FROM deliveries WHERE claim <> '' AND due_at <= ? AND waiting = 1
    ORDER BY channel_id"""
LAPSED = f"""SELECT {codec.DELIVERY_COLUMNS} FROM deliveries WHERE claim <> '' AND due_at <= ? AND waiting = 1
    AND channel_id = ? ORDER BY id"""
TAKE = "UPDATE deliveries SET claim = ?, due_at = ? WHERE id = ? AND claim = '' AND waiting = 1"
HELD_BY = f"SELECT {codec.DELIVERY_COLUMNS} FROM deliveries WHERE id = ? AND claim = ? AND claim <> ''"
WRITE_BACK = """UPDATE deliveries SET state = ?, attempts = ?, next_at = ?, error = ?, unknown = ?, claim = '',
    handed = 0, told = 0, due_at = ?, waiting = ?, digest = ?, since_at = ? WHERE id = ? AND claim = ?"""
RELEASE = """UPDATE deliveries SET claim = '', handed = 0, due_at = CASE WHEN next_at = '' THEN created_at ELSE next_at
    END WHERE id = ? AND claim = ? AND claim <> ''"""
# What waits for a place that has just answered: not what may have arrived there by mail, and not what was tried a
# moment ago, which fails for what it says or was deferred on purpose.
HELD_UP = """SELECT id FROM deliveries WHERE channel_id = ? AND digest = 0 AND waiting = 1 AND due_at > ?
    AND recipient = ? AND state = 'retrying' AND claim = '' AND (recipient = '' OR unknown = 0) AND NOT EXISTS
    (SELECT 1 FROM attempts a WHERE a.delivery_id = deliveries.id AND a.at > ?) ORDER BY id"""
CATCH_UP = "UPDATE deliveries SET next_at = ?, due_at = ? WHERE id = ?"
FOLLOW = (
    "UPDATE deliveries SET state = ?, error = ? WHERE folded_into = ? AND folded_into <> ''"  # in words of the index
)
RENEW = "UPDATE deliveries SET due_at = ? WHERE id = ? AND claim = ? AND claim <> '' AND waiting = 1"
HAND_OVER = "UPDATE deliveries SET handed = 1 WHERE id = ? AND claim = ? AND claim <> '' AND waiting = 1"
LEASED = "SELECT id, claim FROM deliveries WHERE claim <> '' AND due_at > ? AND waiting = 1 ORDER BY id"
PUT_ATTEMPT = """INSERT INTO attempts (delivery_id, number, at, outcome, detail, status, elapsed_s, answer, request)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
CUT_ATTEMPTS = "DELETE FROM attempts WHERE delivery_id = ? AND number <= ?"
NEW_CHANNEL = "INSERT INTO channels (channel_id, disabled) VALUES (?, '') ON CONFLICT DO NOTHING"
CHANNEL = f"SELECT {codec.CHANNEL_COLUMNS} FROM channels WHERE channel_id = ?"
PUT_CHANNEL = f"""INSERT INTO channels ({codec.CHANNEL_COLUMNS}) VALUES ({marks(7)}) ON CONFLICT (channel_id)
    DO UPDATE SET disabled = excluded.disabled, failing_since = excluded.failing_since, failed_at = excluded.failed_at,
    told = excluded.told, mourned_at = excluded.mourned_at, not_before = excluded.not_before"""


class Outbox(Part):
    """Deliveries from the moment they are recorded to the moment they end."""

    def settle_and_claim(
        self, answered: Sequence[tuple[Delivery, Receipt | None]], now: datetime, limit: int, lease: timedelta,
        per_channel: int, mine: Callable[[str], bool] = lambda channel_id: True,
    ) -> list[tuple[Delivery, Alert]]:  # fmt: skip
        at = codec.instant(now)
        if not answered:
            with self._database.read() as session:
                if limit <= 0 or not _rooms(session, at, per_channel, mine):
                    return []
        with self._database.write() as session:
            lapsed = [row[0] for row in session.rows(LAPSED_OF, (at,)) if mine(row[0])]
            # Channels before deliveries, as who switches one holds them, and each kind in its order.
            for channel_id in sorted({*lapsed, *(delivery.channel_id for delivery, _ in answered)}):
                channel_status(session, channel_id)
            for delivery, receipt in sorted(answered, key=lambda each: each[0].id):
                if receipt is None:
                    session.change(RELEASE, (delivery.id, delivery.claim))
                else:
                    self._book(session, delivery, receipt, now)
            for channel_id in lapsed:
                for row in session.rows(LAPSED + session.skipping, (at, channel_id)):
                    lost = codec.delivery(row)  # mail knows no ids: a copy that somebody may have is not repeated soon
                    self._book(session, lost, LOST if lost.handed or not lost.recipient else UNSENT, now)
            return self._claim(session, now, limit, lease, per_channel, mine)

    def _claim(
        self, session: Session, now: datetime, limit: int, lease: timedelta, per_channel: int,
        mine: Callable[[str], bool],
    ) -> list[tuple[Delivery, Alert]]:  # fmt: skip
        at = codec.instant(now)
        ranked: list[tuple[int, str, int, Row]] = []
        for channel_id, room in _rooms(session, at, per_channel, mine) if limit > 0 else ():
            found = session.rows(CANDIDATES + session.skipping, (channel_id, at, min(room, limit)))
            ranked += [(rank, row[-1], row[9], row) for rank, row in enumerate(found)]
        taken = [replace(codec.delivery(row), claim=_token()) for _, _, _, row in sorted(ranked)[:limit]]
        session.put_many(TAKE, [(mine.claim, codec.instant(now + lease), mine.id) for mine in taken])
        alerts = load_alerts(session, [delivery.alert_id for delivery in taken])
        return [(delivery, alerts[delivery.alert_id]) for delivery in taken]

    def _book(self, session: Session, delivery: Delivery, receipt: Receipt, now: datetime) -> None:
        """Write the new state of a claimed delivery and its attempt log, unless the lease was lost meanwhile.

        What the receipt says of the channel is kept too; deliveries folded into this one end as it ends. Where it has
        arrived, what waited for that place is due at once, in its order: after a day the next step is 12 hours off.
        """
        found = session.rows(HELD_BY + session.locking, (delivery.id, delivery.claim))
        if not found:
            return
        old = codec.delivery(found[0])
        new = retries.settle(old, receipt, now)
        waiting = int(new.state in OPEN)
        due_at = codec.instant(new.next_at or now) if waiting else ""
        values = (
            new.state, new.attempts, codec.instant(new.next_at), codec.plain(new.error), new.unknown, due_at, waiting,
            int(new.digest), codec.instant(new.since_at), new.id, delivery.claim,
        )  # fmt: skip
        session.change(WRITE_BACK, values)
        log_attempt(session, new.id, receipt, now)
        if not waiting:
            session.change(FOLLOW, (new.state, codec.plain(new.error), new.id))
        channel = channel_status(session, new.channel_id)
        weighed = retries.weigh(channel, old, receipt, now)
        if weighed != channel:
            put_channel(session, weighed)
        if new.state == "delivered":
            at, since = codec.instant(now), codec.instant(now - retries.CATCH_UP_AFTER)
            held_up = session.rows(HELD_UP + session.skipping, (new.channel_id, at, new.recipient, since))
            session.put_many(CATCH_UP, [(at, at, row[0]) for row in held_up])

    def channels_due(self, now: datetime) -> list[str]:
        at = codec.instant(now)
        with self._database.read() as session:
            return sorted({row[0] for row in session.rows(READY, (at, at)) + session.rows(LAPSED_OF, (at,))})

    def renew(self, deliveries: Sequence[Delivery], now: datetime, lease: timedelta) -> None:
        until = codec.instant(now + lease)
        with self._database.write() as session:
            session.put_many(RENEW, [(until, delivery.id, delivery.claim) for delivery in deliveries])

    def hand_over(self, delivery: Delivery) -> bool:
        with self._database.write() as session:
            return session.change(HAND_OVER, (delivery.id, delivery.claim)) == 1

    def expire_leases(self, now: datetime) -> None:
        at = codec.instant(now)
        leased = self._database.rows(LEASED, (at,))
        if self._database.shared:
            leased = [row for row in leased if processes.has_ended(row[1].partition(" ")[0])]
        if leased:
            with self._database.write() as session:
                session.put_many(RENEW, [(at, *row) for row in leased])

    def add_alert(self, alert: Alert, deliveries: Sequence[Delivery]) -> None:
        self.add_alerts([alert], deliveries, alert.at)

    def add_alerts(self, alerts: Sequence[Alert], deliveries: Sequence[Delivery], at: datetime) -> None:
        with self._database.write() as session:
            put(session, alerts, deliveries, at)


def _token() -> str:
    """A new fencing token, which begins with who holds the lease."""
    return f"{processes.ours()} {os.urandom(8).hex()}"


def put(session: Session, alerts: Sequence[Alert], deliveries: Sequence[Delivery], at: datetime) -> None:
    """`put_all`, of what was decided at one instant."""
    put_all(session, alerts, [(each, each.created_at or at) for each in deliveries])


def put_all(session: Session, alerts: Sequence[Alert], deliveries: Sequence[tuple[Delivery, datetime]]) -> None:
    """Write alerts, and deliveries with when they were made, that are not there yet, each with its number.

    The rows of places are held from their first number on: all that is asked of the state is asked before.
    """
    session.put_many(
        PUT_ALERT,
        [(a.id, a.kind, codec.instant(a.at), a.story_id, a.source_id, a.entry_key, codec.save(a)) for a in alerts],
    )
    if not deliveries:
        return
    from monitor.core.delivery import routing  # with it come all messages, which verbs that only read need not wait for

    stories = {alert.id: alert.story_id for alert in alerts}
    missing = sorted({each.alert_id for each, _ in deliveries} - stories.keys())
    stories |= {key: alert.story_id for key, alert in load_alerts(session, missing).items()} if missing else {}
    there, stopped, last_of = _before(session, deliveries, stories)
    # Whoever decided may not have heard of it yet: a story that was stopped is stopped from that commit on.
    new = {
        each.id: _New(each, stories.get(each.alert_id, ""), made_at)
        for each, made_at in deliveries
        if each.id not in there
        and not routing.stopped(stopped, stories.get(each.alert_id, ""), each.channel_id, each.recipient)
    }
    session.put_many(
        NEW_CHANNEL,
        [(channel_id,) for channel_id in sorted({each.delivery.channel_id for each in new.values()})],
    )
    ordered = sorted(new.values(), key=lambda each: each.place)  # so that no two wait in a circle
    for place, group in groupby(ordered, key=lambda each: each.place):
        _put_at(session, place, list(group), last_of)


def _before(
    session: Session, deliveries: Sequence[tuple[Delivery, datetime]], stories: Mapping[str, str]
) -> tuple[set[str], set[tuple[str, str, str]], dict[tuple[str, str, str], str]]:
    """Asked at once: which of these deliveries are there, who stopped what, and the last delivery of each thread."""
    of = [(each.channel_id, each.recipient, stories.get(each.alert_id, "")) for each, _ in deliveries]
    threads = sorted({thread for thread in of if thread[-1]})
    ids = [*chunks(sorted({each.id for each, _ in deliveries}))]
    stopped, *found = session.answers(
        [(UNSUBSCRIBED, ()), *((f"{THERE} ({marks(len(some))})", some) for some in ids)]
        + [(PREVIOUS, thread) for thread in threads]
    )
    there = {row[0] for rows in found[: len(ids)] for row in rows}
    last_of = {thread: rows[0][0] for thread, rows in zip(threads, found[len(ids) :], strict=True) if rows}
    return there, set(stopped), last_of


def unsubscribed(session: Session) -> set[tuple[str, str, str]]:
    """Story ("*": every one), channel and recipient of each unsubscription."""
    return set(session.rows(UNSUBSCRIBED))


@dataclass(frozen=True, slots=True)
class _New:
    """A delivery to write: the story that its alert is of, and when it was made."""

    delivery: Delivery
    story_id: str
    made_at: datetime

    @property
    def place(self) -> tuple[str, str]:
        return self.delivery.channel_id, self.delivery.recipient

    @property
    def thread(self) -> tuple[str, str, str]:
        return *self.place, self.story_id

    @property
    def due(self) -> datetime:
        """From when on it may go out."""
        if self.delivery.state == "pending":
            return self.delivery.next_at or self.made_at
        return max(filter(None, (self.delivery.next_at, self.made_at)))


def _put_at(
    session: Session, place: tuple[str, str], new: Sequence[_New], last_of: dict[tuple[str, str, str], str]
) -> None:
    """Write the deliveries of one place, each with its number and, from `last_of`, the one before it in its thread."""
    ((seq, last_due_at),) = session.rows(NEXT_SEQ, (*place, len(new), codec.instant(new[0].due)))
    last, rows = codec.from_column(last_due_at), []
    for number, each in enumerate(new, start=seq - len(new) + 1):
        one, due = each.delivery, each.due
        if one.state == "pending" and due < last <= due + ORDER_SLACK:
            due = last  # An outcome decided earlier but committed later goes out in commit order.
        elif one.state == "pending":
            last = due
        values = (
            one.id, one.alert_id, one.channel_id, one.recipient, one.state, one.attempts, codec.instant(each.made_at),
            codec.instant(one.next_at), codec.plain(one.error), number, last_of.get(each.thread, ""), one.unknown, "",
            one.folded_into, int(one.digest), 0, codec.instant(one.since_at), each.story_id, codec.instant(due),
            int(one.state in OPEN and not one.folded_into),
        )  # fmt: skip
        rows.append(values)
        if each.story_id and not one.folded_into and one.state != "cancelled":
            last_of[each.thread] = one.id
    if codec.instant(last) != last_due_at:
        session.put_many(SET_LAST_DUE, [(codec.instant(last), *place)])
    session.put_many(PUT_DELIVERY, rows)


def _rooms(session: Session, at: str, per_channel: int, mine: Callable[[str], bool]) -> list[tuple[str, int]]:
    """Channels with due rows, and how many more each may have in flight."""
    ready = [row[0] for row in session.rows(READY, (at, at)) if mine(row[0])]
    rooms = [(channel_id, per_channel - session.rows(IN_FLIGHT, (channel_id, at))[0][0]) for channel_id in ready]
    return [(channel_id, room) for channel_id, room in rooms if room > 0]


def load_alerts(session: Session, alert_ids: Sequence[str]) -> dict[str, Alert]:
    """The alerts with these ids."""
    found = within(session, "SELECT id, body FROM alerts WHERE id IN", sorted(set(alert_ids)))
    return {alert_id: codec.load(Alert, body) for alert_id, body in found}


def log_attempt(session: Session, delivery_id: str, receipt: Receipt, now: datetime) -> None:
    """One line in the log of a delivery, whose oldest lines make room."""
    values = (
        codec.instant(now), receipt.outcome, codec.plain(receipt.detail), receipt.status, receipt.elapsed_s,
        codec.plain(receipt.answer[:ANSWER_CHARS_MAX]), codec.plain(receipt.request),
    )  # fmt: skip
    last = session.rows("SELECT MAX(number) FROM attempts WHERE delivery_id = ?", (delivery_id,))
    number = (last[0][0] or 0) + 1
    session.change(PUT_ATTEMPT, (delivery_id, number, *values))
    if number > ATTEMPTS_KEPT:
        session.change(CUT_ATTEMPTS, (delivery_id, number - ATTEMPTS_KEPT))


def channel_status(session: Session, channel_id: str) -> ChannelStatus:
    """How a channel stands; one that nothing is known of is on."""
    found = session.rows(CHANNEL + session.locking, (channel_id,))
    return codec.channel(found[0]) if found else ChannelStatus(channel_id)


def put_channel(session: Session, channel: ChannelStatus) -> None:
    """Write how a channel stands."""
    session.change(
        PUT_CHANNEL,
        (
            channel.channel_id, codec.plain(channel.disabled), codec.instant(channel.failing_since),
            codec.instant(channel.failed_at), int(channel.told), codec.instant(channel.mourned_at),
            codec.instant(channel.not_before),
        ),
    )  # fmt: skip
