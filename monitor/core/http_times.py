"""Times in the heads of HTTP answers: dates, and how long a server asks to be left alone. Pure."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

WAIT_S_MAX = 86_400  # seconds that a server may ask us to stay away (contract: 24 h)
VALUE_CHARS_MAX = 256  # characters of a Retry-After that are read (set: a dozen joined values)
DATE_CHARS_MAX = 64  # characters of a date worth reading: RFC 9110, 5.6.7 needs 29
# Seconds as RFC 9110, 10.2.3 has them, and as programs write them: with a fraction (Discord, flask-limiter), a sign,
# a unit.
_SECONDS = re.compile(r"\+?([0-9]+)(\.[0-9]*)?\s*(?:s|secs?|seconds?)?", re.I)
_DIGITS_READ = 9  # of whole seconds: more are longer than anybody waits


def read_date(value: str) -> datetime | None:
    """An HTTP date as an aware UTC datetime, None where it is none."""
    if not value or len(value) > DATE_CHARS_MAX:
        return None
    try:
        read = parsedate_to_datetime(value)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def retry_after_s(value: str, at: datetime, date: str = "") -> int | None:
    """Seconds that a Retry-After asks us to stay away, within 0..24 h; None where it says nothing legible.

    A date counts from the server's own Date where there is one, so that a wrong clock there does no harm.
    """
    stated = [_SECONDS.fullmatch(part.strip()) for part in value[:VALUE_CHARS_MAX].split(",")]
    if waits := [_seconds(found) for found in stated if found]:
        return max(waits)  # a proxy before the server joins what both have written
    until = read_date(value) or _read_rfc3339(value)
    return None if until is None else clamp((until - (read_date(date) or at)).total_seconds())


def _seconds(found: re.Match[str]) -> int:
    if len(found[1]) > _DIGITS_READ:
        return WAIT_S_MAX
    return clamp(math.ceil(float(found[1] + (found[2] or "")[:_DIGITS_READ])))


def _read_rfc3339(value: str) -> datetime | None:
    """A date as programs write it that have no other; None without a zone."""
    try:
        read = datetime.fromisoformat(value.strip()[:DATE_CHARS_MAX])
    except ValueError:
        return None
    return read if read.tzinfo else None


def clamp(seconds: float) -> int:
    """Whole seconds within 0 and a day."""
    return int(min(max(seconds, 0), WAIT_S_MAX))
