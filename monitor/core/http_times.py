"""Times in the heads of HTTP answers: dates, and how long a server asks to be left alone. Pure."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

WAIT_S_MAX = 86_400  # seconds that a server may ask us to stay away (contract: 24 h)
DATE_CHARS_MAX = 64  # characters of a date worth reading: RFC 9110, 5.6.7 needs 29
# Seconds as RFC 9110, 10.2.3 has them, and with the fraction that some programs add (Discord, flask-limiter).
_SECONDS = re.compile(r"([0-9]+)(?:\.[0-9]*)?")
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
    value = value.strip()
    if found := _SECONDS.fullmatch(value):
        return WAIT_S_MAX if len(found[1]) > _DIGITS_READ else clamp(math.ceil(float(value[: _DIGITS_READ * 2])))
    until = read_date(value)
    return None if until is None else clamp((until - (read_date(date) or at)).total_seconds())


def clamp(seconds: float) -> int:
    """Whole seconds within 0 and a day."""
    return int(min(max(seconds, 0), WAIT_S_MAX))
