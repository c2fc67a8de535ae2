"""Dates as feeds write them. What is absurd is None, never "now": a wrong date must not make an old entry new."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

YEAR_MIN = 1990
FUTURE_MAX = timedelta(days=2)
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?")
# Hours east of Greenwich of zone names that feedparser takes for UTC; ambiguous ones (IST, CST of China) are left out.
_ZONES = {
    "BST": 1, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "SGT": 8, "HKT": 8, "KST": 9, "JST": 9,
    "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip
_ZONE = re.compile(r"(?<=\d)\s+(" + "|".join(_ZONES) + r")$")
# Bare numbers, years of five digits, offsets that no place on earth has: feedparser makes some date of each.
_ABSURD = re.compile(r"\d*|\d{5,}-.*|.*:\d\d\s*[+-](?:1[5-9]|[2-9]\d):?\d\d", re.S)
_LEAP = re.compile(r"(?<=:\d\d):60\b")
_WEEKDAY = re.compile(r"^\s*[^\W\d_]{2,12}\.?,\s*(?=\d)")


def sane(at: datetime | None, now: datetime) -> datetime | None:
    """The instant, or None where it lies outside 1990..now + 2 days."""
    if at is None or at.year < YEAR_MIN:
        return None
    return at if at <= now + FUTURE_MAX else None


def read(text: str, now: datetime) -> datetime | None:
    """RFC 3339, RFC 822 (with a weekday in any language), else None. Without an offset it is UTC."""
    text = _LEAP.sub(":59", text.strip()[:64])
    if _ABSURD.fullmatch(text):
        return None
    text = _ZONE.sub(lambda found: f" +{_ZONES[found[1]]:02}00", text)
    try:
        if match := _ISO.fullmatch(text):
            at = datetime.fromisoformat(match.group().replace("Z", "+00:00"))
        else:
            at = parsedate_to_datetime(_WEEKDAY.sub("", text))
        return sane((at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC), now)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def choose(parsed: Any, text: str, now: datetime) -> datetime | None:
    """feedparser's reading (a UTC struct_time) where it is sane, else our own of the text.

    What is absurd is refused: feedparser reads "1793527200" as the year 1793, and the year 10000 as 2010.
    """
    if _ABSURD.fullmatch(text.strip()):
        return None
    if isinstance(parsed, tuple) and not _ZONE.search(text.strip()):
        try:
            at = sane(datetime.fromtimestamp(calendar.timegm(parsed), UTC), now)
        except (ValueError, OverflowError, OSError):
            at = None
        if at:
            return at
    return read(text, now)
