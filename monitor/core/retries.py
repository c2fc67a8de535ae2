"""What a receipt makes of a delivery: delivered, tried again on a schedule of days, or dead. Pure; jitter is a hash.

Webhooks follow Svix's shape (0, 5 s, 1 m, 5 m, 30 m, 2 h, 5 h, 10 h, then every 12 h) to three days; mail follows RFC
5321 section 4.5.4.1 (give up after four days). An attempt without a final answer may have arrived: it is repeated
seldom by mail, three times in all; a webhook keeps its schedule, for its receiver knows the id.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.model import Delivery, Receipt

MINUTE, HOUR = 60, 3600
WEBHOOK_S = (5, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 12 * HOUR)
MAIL_S = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR)
UNKNOWN_S = (HOUR, 6 * HOUR)
WEBHOOK_LIFE = timedelta(hours=72)
MAIL_LIFE = timedelta(days=4)
MAIL_COPIES_MAX = 3
RETRY_AFTER_S_MAX = 24 * HOUR
FAILING_MAX = timedelta(days=5)
JITTER = 0.2
ERROR_CHARS_MAX = 500


def settle(delivery: Delivery, receipt: Receipt, now: datetime) -> Delivery:
    """The delivery after an attempt; its claim is given up. A recipient means mail, none means an endpoint."""
    mail = bool(delivery.recipient)
    attempts = delivery.attempts + 1
    unknown = delivery.unknown + (receipt.outcome == "unknown")
    done = replace(delivery, attempts=attempts, unknown=unknown, claim="", error=receipt.detail[:ERROR_CHARS_MAX])
    if receipt.outcome == "delivered":
        return replace(done, state="delivered", next_at=None, error="")
    if receipt.disable or (receipt.outcome == "refused"):
        return replace(done, state="dead", next_at=None)
    if spent(done):
        return replace(done, state="dead", next_at=None, error=f"no final answer {unknown} times; {done.error}")
    next_at = now + timedelta(seconds=wait_s(done, receipt, mail))
    born_at = delivery.created_at or now
    if next_at - born_at > (MAIL_LIFE if mail else WEBHOOK_LIFE):
        return replace(done, state="dead", next_at=None)
    return replace(done, state="retrying", next_at=next_at)


def spent(delivery: Delivery) -> bool:
    """Has a mail been handed over without an answer as often as it may be? Crashes count, settled attempts or not."""
    return bool(delivery.recipient) and delivery.unknown >= MAIL_COPIES_MAX


def hopeless(receipt: Receipt, failing_since: str, now: datetime) -> Receipt:
    """The receipt of a failed attempt; it switches the channel off where nothing has come through for five days."""
    if not failing_since or now - datetime.fromisoformat(failing_since) < FAILING_MAX:
        return receipt
    return replace(receipt, disable=True, detail=f"every attempt failed for {FAILING_MAX.days} days; {receipt.detail}")


def wait_s(delivery: Delivery, receipt: Receipt, mail: bool) -> float:
    """Seconds until the next attempt: the schedule's step with jitter, or the peer's Retry-After, at most a day."""
    if mail and receipt.outcome == "unknown":
        step = UNKNOWN_S[min(delivery.unknown, len(UNKNOWN_S)) - 1]
    else:
        steps = MAIL_S if mail else WEBHOOK_S
        step = steps[min(delivery.attempts, len(steps)) - 1]
    share = zlib.crc32(f"{delivery.id} {delivery.attempts}".encode()) / 2**32
    wanted = step * (1 - JITTER + 2 * JITTER * share)
    if receipt.retry_after_s is not None:
        wanted = max(wanted, min(receipt.retry_after_s, RETRY_AFTER_S_MAX))
    return wanted
