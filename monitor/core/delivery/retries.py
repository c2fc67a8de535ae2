"""What a receipt makes of a delivery: delivered, tried again on a schedule of days, or dead. Pure; jitter is a hash.

Webhooks follow Svix's shape (0, 5 s, 1 m, 5 m, 30 m, 2 h, 5 h, 10 h, then every 12 h) for three days from the first
attempt; mail follows RFC 5321 section 4.5.4.1 (give up after four days). An attempt without a final answer may have
arrived: it is repeated seldom by mail, three times in all; a webhook keeps its schedule, for its receiver knows the id.
"""

from __future__ import annotations

import zlib
from collections.abc import Container, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.model import ChannelStatus, Delivery, Receipt

MINUTE, HOUR = 60, 3600  # seconds
WEBHOOK_S = (5, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 12 * HOUR)
MAIL_S = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR)
UNKNOWN_S = (HOUR, 6 * HOUR)
WEBHOOK_LIFE = timedelta(hours=72)  # for which a webhook is tried (Standard Webhooks suggests days; contract)
MAIL_LIFE = timedelta(days=4)  # for which a mail is tried (RFC 5321, 4.5.4.1: at least 4 to 5 days)
MAIL_COPIES_MAX = 3  # copies that a recipient may get where the host's answers were lost (set)
RETRY_AFTER_S_MAX = 24 * HOUR
FAILING_MAX = timedelta(days=5)  # of failures, after which a channel is switched off (Standard Webhooks: some days)
SILENCE_MAX = timedelta(days=1)  # without a failure, after which a channel counts as well again (set)
UNHEARD_MIN = timedelta(hours=1)  # of failures, after which a channel is named as one that needs somebody (set)
# For how long after it was told a message that was given up needs somebody (set: longer than any is tried; a mailbox
# that is no more stays that, and what is said for ever is read by nobody).
GIVEN_UP_FOR = timedelta(days=7)
CATCH_UP_AFTER = timedelta(minutes=5)  # since its last attempt, after which a place that answers is tried again (set)
JITTER = 0.2  # share of a wait, so that what failed together does not come back together (Standard Webhooks)
ERROR_CHARS_MAX = 500  # characters kept of an error (set)


def settle(delivery: Delivery, receipt: Receipt, now: datetime) -> Delivery:
    """The delivery after an attempt; its claim is given up. A recipient means mail, none means an endpoint."""
    mail = bool(delivery.recipient)
    attempts = delivery.attempts + 1
    unknown = delivery.unknown + (receipt.outcome == "unknown")
    error = receipt.detail[:ERROR_CHARS_MAX]
    since_at = delivery.since_at or now
    done = replace(delivery, attempts=attempts, unknown=unknown, claim="", handed=False, error=error, since_at=since_at)
    if receipt.outcome == "delivered":
        return replace(done, state="delivered", next_at=None, error="")
    if receipt.outcome == "refused":
        return replace(done, state="dead", next_at=None)
    if spent(done):
        return replace(done, state="dead", next_at=None, error=f"no final answer {unknown} times; {done.error}")
    ends_at = since_at + (MAIL_LIFE if mail else WEBHOOK_LIFE)
    if now >= ends_at:
        return replace(done, state="dead", next_at=None)
    # The last attempt is made when its time is up, or later where the peer said so.
    next_at = now + timedelta(seconds=wait_s(done, receipt, mail))
    last_at = max(ends_at, now + timedelta(seconds=_asked_s(receipt)))
    return replace(done, state="retrying", next_at=min(next_at, last_at))


def spent(delivery: Delivery) -> bool:
    """Has a mail been handed over without an answer as often as it may be? Crashes count, settled attempts or not."""
    return bool(delivery.recipient) and delivery.unknown >= MAIL_COPIES_MAX


def weigh(channel: ChannelStatus, delivery: Delivery, receipt: Receipt, now: datetime) -> ChannelStatus:
    """What an attempt says of its channel: off where the peer asks for it, or after five days in which all failed.

    Days in which nothing was tried say nothing: the first attempt of a delivery after one begins the count anew.
    """
    if receipt.disable:
        return _off(channel, receipt.detail or "the endpoint asked for no more")
    if receipt.outcome in ("delivered", "refused"):
        return replace(channel, failing_since=None, failed_at=None)
    if receipt.retry_after_s:
        channel = replace(channel, not_before=now + timedelta(seconds=_asked_s(receipt)))
    untried = channel.failed_at is None or (delivery.attempts == 0 and now - channel.failed_at > SILENCE_MAX)
    since = now if untried else channel.failing_since or now
    channel = replace(channel, failing_since=since, failed_at=now)
    if now - since < FAILING_MAX:
        return channel
    return _off(channel, f"every attempt failed for {FAILING_MAX.days} days, last: {receipt.detail}")


def unheard_for(channels: Iterable[ChannelStatus], names: Container[str], now: datetime) -> list[ChannelStatus]:
    """Channels of these names that are on, and to which nothing has come through for long enough to say so."""
    return [
        each
        for each in channels
        if each.channel_id in names and not each.disabled
        and each.failing_since is not None and now - each.failing_since >= UNHEARD_MIN
    ]  # fmt: skip


def _off(channel: ChannelStatus, why: str) -> ChannelStatus:
    """Switched off, which is told once; one that is off already stays as it is. Switched on, it starts afresh."""
    if channel.disabled:
        return channel
    return replace(channel, disabled=why[:ERROR_CHARS_MAX], told=False, failing_since=None, failed_at=None)


def wait_s(delivery: Delivery, receipt: Receipt, mail: bool) -> float:
    """Seconds until the next attempt: the schedule's step with jitter, or the peer's Retry-After, at most a day."""
    if mail and receipt.outcome == "unknown":
        step = UNKNOWN_S[min(delivery.unknown, len(UNKNOWN_S)) - 1]
    else:
        steps = MAIL_S if mail else WEBHOOK_S
        step = steps[min(delivery.attempts, len(steps)) - 1]
    share = zlib.crc32(f"{delivery.id} {delivery.attempts}".encode()) / 2**32
    return max(step * (1 - JITTER + 2 * JITTER * share), _asked_s(receipt))


def _asked_s(receipt: Receipt) -> int:
    return min(receipt.retry_after_s or 0, RETRY_AFTER_S_MAX)
