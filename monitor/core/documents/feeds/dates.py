"""Dates as feeds write them. What is not read whole is None, never "now" and never another day.

A wrong date makes an old entry new, or a new one old; no date does neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property
from typing import TYPE_CHECKING

from monitor.core.times import MONTHS, OFFSET_MAX, OFFSET_MIN, WRITTEN_CHARS_MAX
from monitor.deferred import Deferred

# Most feeds and articles are dated as machines do.
if TYPE_CHECKING:
    from monitor.core.documents.feeds import prose_dates
else:
    prose_dates = Deferred("monitor.core.documents.feeds.prose_dates")

YEAR_MIN = 1990  # the first year of the Web: an earlier date is a mistake (set)
FUTURE_MAX = timedelta(days=2)  # ahead of now: time zones and embargoes, no more (set)
# Dates of a feed that are looked at for their order: more than any feed that is read whole has.
DATES_MAX = 4000
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?")
_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)[T ](\d\d):?(\d\d):?(\d\d)(Z)?")
_RFC = re.compile(
    r"(?:[^\W\d_]{2,12}\.?,?\s+)?(\d{1,2})\s+(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+(\d{4})\s+"
    r"(\d\d):(\d\d)(?::(\d\d))?\s*(?:GMT|UTC|UT|Z|([+-])(\d\d)(\d\d))"
)
_MONTHS = {name[:3]: number for number, name in enumerate(MONTHS, 1)}
_LEAP = re.compile(r"(?<=:\d\d):60\b")


@dataclass(frozen=True)
class Calendar:
    """How the dates of one document are read: `now` bounds them, `texts` are all that it states."""

    now: datetime
    texts: Iterable[str] = ()

    @cached_property
    def day_first(self) -> bool | None:
        """What its own dates show of 05/11: a first number over 12 is a day, a second one a month's day.

        Where both are found, nothing is settled. Asked for only where people wrote the date: nearly never.
        """
        found = zip(self.texts, range(DATES_MAX), strict=False)
        shown = {prose_dates.is_day_first(text) for text, _ in found} - {None}
        return shown.pop() if len(shown) == 1 else None

    def read(self, text: str) -> datetime | None:
        """The instant on the clock of who wrote it, so that its day is theirs; or None.

        RFC 3339, RFC 822, or a date in words of many languages. Without an offset it is UTC; a bare number is none.
        """
        text = text.strip()[: WRITTEN_CHARS_MAX + 1]
        if not text:
            return None
        text = _LEAP.sub(":59", text) if ":60" in text else text
        try:
            at = _machine(text) or prose_dates.read(text, self.day_first)
            return sane(at.replace(microsecond=0), self.now) if at else None
        except (ValueError, OverflowError):
            return None


def read(text: str, now: datetime) -> datetime | None:
    """A date by itself, as `Calendar.read`, in UTC."""
    at = Calendar(now).read(text)
    return at and at.astimezone(UTC)


def sane(at: datetime | None, now: datetime) -> datetime | None:
    """The instant, or None where it lies outside 1990..now + 2 days."""
    if at is None or at.year < YEAR_MIN:
        return None
    return at if at <= now + FUTURE_MAX else None


def _machine(text: str) -> datetime | None:
    """A date in one of the forms that machines write; None where it is in none of them."""
    if _ISO.fullmatch(text):
        at = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    if found := _RFC.fullmatch(text):
        day, month, year, hour, minute, second, sign, off_h, off_m = found.groups()
        east = timedelta(hours=int(off_h or 0), minutes=int(off_m or 0))
        if not OFFSET_MIN <= (east := -east if sign == "-" else east) <= OFFSET_MAX:
            raise ValueError("no such offset")
        zone = timezone(east) if east else UTC
        return datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second or 0), tzinfo=zone)
    if found := _BASIC.fullmatch(text):
        at = datetime.strptime("".join(found.groups()[:6]), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        return at if found[7] in (None, "Z") else None
    return None
