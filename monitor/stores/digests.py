"""What waits for more than its turn: digests to be, deliveries to send again, dead letters, channels switched off."""

# ruff: noqa: S608 (statements are put together from constants only; every value is bound)

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.model import Alert, ChannelStatus, Delivery, Receipt
from monitor.stores import codec
from monitor.stores.outbox import FOLLOW, channel_status, load_alerts, log_attempt, put, put_channel
from monitor.stores.sql import Part

DIGEST_MAX = 500  # deliveries rolled into one digest; more wait for the next (set)
DEAD_MAX = 10_000  # dead letters looked at in one round (set)

HELD = f"""SELECT {codec.DELIVERY_COLUMNS} FROM deliveries WHERE channel_id = ? AND waiting = 1 AND digest = 1
    AND due_at <= ? ORDER BY due_at, seq LIMIT ?"""
FOLD = """UPDATE deliveries SET folded_into = ?, waiting = 0 WHERE id = ? AND folded_into = '' AND waiting = 1
    AND claim = ''"""
LET_GO = "UPDATE deliveries SET digest = 0 WHERE id = ? AND folded_into = '' AND waiting = 1 AND claim = ''"
UNCLAIMED = """SELECT id FROM deliveries WHERE channel_id = ? AND recipient = ? AND (? = '' OR story_id = ?)
    AND story_id <> '' AND waiting = 1 AND claim = '' ORDER BY id"""
CANCEL = "UPDATE deliveries SET state = 'cancelled', error = ?, waiting = 0, next_at = '', due_at = '' WHERE id = ?"
REVIVE = """UPDATE deliveries SET state = 'pending', attempts = 0, unknown = 0, next_at = ?, since_at = '', due_at = ?,
    error = '', claim = '', handed = 0, told = 0, folded_into = '', digest = 0, waiting = 1 WHERE id = ?"""
UNTOLD = f"""SELECT {codec.DELIVERY_COLUMNS} FROM deliveries WHERE state = 'dead' AND told = 0 AND folded_into = ''
    ORDER BY channel_id, seq LIMIT ?"""
COME_BACK = """UPDATE deliveries SET state = 'dead', error = ?, waiting = 0, next_at = '', due_at = '', told = 0
    WHERE id = ? AND state IN ('delivered', 'retrying') AND claim = ''"""
TELL = "UPDATE deliveries SET told = 1 WHERE id = ? AND state = 'dead'"
WAITING = "SELECT id FROM deliveries WHERE channel_id = ? AND waiting = 1 AND since_at <> '' ORDER BY id"
RENEW_LIFE = "UPDATE deliveries SET since_at = ? WHERE id = ?"


class Digests(Part):
    """Digests, redelivery, dead letters, and how channels stand."""

    def due_digests(self, now: datetime) -> list[tuple[str, str, list[tuple[Delivery, Alert]]]]:
        at = codec.instant(now)
        groups: dict[tuple[str, str], list[Delivery]] = {}
        with self._database.read() as session:
            for (channel_id,) in session.rows("SELECT channel_id FROM channels WHERE disabled = ''"):
                for row in session.rows(HELD, (channel_id, at, DIGEST_MAX)):
                    held = codec.delivery(row)
                    groups.setdefault((held.channel_id, held.recipient), []).append(held)
            alerts = load_alerts(session, [held.alert_id for group in groups.values() for held in group])
        return [(*place, [(held, alerts[held.alert_id]) for held in group]) for place, group in sorted(groups.items())]

    def roll_up(self, held: Sequence[Delivery], alert: Alert, delivery: Delivery) -> None:
        with self._database.write() as session:
            put(session, [alert], [delivery], alert.at)
            session.change_many(FOLD, [(delivery.id, key) for key in _ids(held) if key != delivery.id])

    def release(self, held: Sequence[Delivery]) -> None:
        with self._database.write() as session:
            session.change_many(LET_GO, [(key,) for key in _ids(held)])

    def redeliver(self, now: datetime, alert_id: str | None, since: datetime | None, dead: bool) -> int:
        """An alert named goes out by itself whatever became of it; else what was delivered, failed or is retrying does.

        `dead` takes only what is dead; digests take what is folded into them along. What is being sent now stays.
        """
        at = codec.instant(now)
        conditions, values = ["(claim = '' OR due_at <= ?)"], [at]
        if alert_id is not None:
            conditions.append("alert_id = ?")
            values.append(alert_id)
        else:
            conditions.append("folded_into = '' AND state IN ('delivered', 'dead', 'retrying')")
        if since is not None:
            conditions.append("created_at >= ?")
            values.append(codec.instant(since))
        if dead:
            conditions.append("state = 'dead'")
        if alert_id is None and since is None and not dead:
            return 0
        with self._database.write() as session:
            found = session.rows(
                f"SELECT id FROM deliveries WHERE {' AND '.join(conditions)} ORDER BY id{session.locking}", values
            )
            session.change_many(FOLLOW, [("held", "", row[0]) for row in found])
            return session.change_many(REVIVE, [(at, at, row[0]) for row in found])

    def come_back(self, delivery_ids: Sequence[str], receipt: Receipt, now: datetime) -> Delivery | None:
        with self._database.write() as session:
            for delivery_id in delivery_ids:
                if session.change(COME_BACK, (codec.plain(receipt.detail), delivery_id)):
                    session.change(FOLLOW, ("dead", codec.plain(receipt.detail), delivery_id))
                    log_attempt(session, delivery_id, receipt, now)
                    (row,) = session.rows(
                        f"SELECT {codec.DELIVERY_COLUMNS} FROM deliveries WHERE id = ?", (delivery_id,)
                    )
                    return codec.delivery(row)
        return None

    def dead_letters(self) -> list[tuple[Delivery, Alert]]:
        with self._database.read() as session:
            found = [codec.delivery(row) for row in session.rows(UNTOLD, (DEAD_MAX,))]
            alerts = load_alerts(session, [delivery.alert_id for delivery in found])
        return [(delivery, alerts[delivery.alert_id]) for delivery in found]

    def acknowledge(
        self, channel: ChannelStatus, dead: Sequence[Delivery], alert: Alert | None, deliveries: Sequence[Delivery]
    ) -> bool:
        with self._database.write() as session:
            if alert is not None:
                now_at = channel_status(session, channel.channel_id)
                if (now_at.told, now_at.mourned_at) != (channel.told, channel.mourned_at):
                    return False
                put(session, [alert], deliveries, alert.at)
                told = now_at.told or (now_at.disabled == channel.disabled != "")
                put_channel(session, replace(now_at, told=told, mourned_at=alert.at if dead else now_at.mourned_at))
            session.change_many(TELL, [(delivery.id,) for delivery in dead])
        return True

    def channels(self) -> list[ChannelStatus]:
        found = self._database.rows(f"SELECT {codec.CHANNEL_COLUMNS} FROM channels ORDER BY channel_id")
        return [codec.channel(row) for row in found]

    def disabled_channels(self) -> dict[str, str]:
        return {channel.channel_id: channel.disabled for channel in self.channels() if channel.disabled}

    def set_channel(self, channel_id: str, disabled: str, now: datetime) -> None:
        with self._database.write() as session:
            channel = channel_status(session, channel_id)
            told = channel.told if disabled == channel.disabled else False
            afresh = ChannelStatus(channel_id, disabled, told=told, mourned_at=channel.mourned_at)
            put_channel(session, afresh)
            if not disabled:
                waiting = session.rows(WAITING + session.locking, (channel_id,))
                session.change_many(RENEW_LIFE, [(codec.instant(now), row[0]) for row in waiting])


def _ids(deliveries: Iterable[Delivery]) -> list[str]:
    """In the order in which rows are held, so that no two wait in a circle."""
    return sorted(each.id for each in deliveries)
