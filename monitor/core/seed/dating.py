"""When an article was written, from what it says: a date line, or "Yesterday, 2 February" with a weekday that fits."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from monitor.core.parsing import dates

MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sep sept", "october oct", "november nov", "december dec"), start=1,
    )
    for name in names.split()
}  # fmt: skip
WEEKDAYS = {n: i for i, n in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY = re.compile(
    rf"(?:(?P<rel>yesterday|today|on)?,?\s*(?P<weekday>{'|'.join(WEEKDAYS)})?,?\s*)"
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH})"
    rf"|(?P<month2>{_MONTH})\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b)(?:,?\s+(?P<year>(?:19|20)\d\d))?",
    re.I,
)
_LINE = re.compile(
    rf"^(?:published|updated|posted|date)?\W*(?:(?:{'|'.join(WEEKDAYS)}),?\s*)?(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH})\.?"
    rf"|(?:{_MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?),?\s+(?:19|20)\d\d\W*$|^(?:19|20)\d\d-\d\d-\d\d\S*$",
    re.I,
)
_YEAR = re.compile(r"\b(20[0-4]\d|199\d)\b")
YEARS_TRIED = 40
FAR_FUTURE = datetime(2100, 1, 1, tzinfo=UTC)


def leading_date(lines: list[str]) -> tuple[list[str], datetime | None]:
    """A date line among the first three, taken off the body."""
    for position, line in enumerate(lines[:3]):
        if len(line) < 60 and _LINE.match(line):
            match = _DAY.search(line)
            found = _at(match, int(match["year"])) if match and match["year"] else dates.read(line, FAR_FUTURE)
            if found:
                return lines[:position] + lines[position + 1 :], found
    return lines, None


def _at(match: re.Match[str], year: int) -> datetime | None:
    month = MONTHS[(match["month"] or match["month2"]).lower()]
    try:
        return datetime(year, month, int(match["day"] or match["day2"]), tzinfo=UTC)
    except ValueError:
        return None


def infer(text: str) -> datetime | None:
    """The day of writing: of "yesterday, 2 February" the next day, else the latest day named with a weekday or "on".

    A year that is not stated is the latest in which every named weekday falls on its day, and which is not before any
    year that the text mentions.
    """
    found = list(_DAY.finditer(text))
    anchored = [m for m in found if m["rel"] or m["weekday"]]
    if not anchored:
        return None
    stated = [int(m["year"]) for m in anchored if m["year"]]
    mentioned = [int(year) for year in _YEAR.findall(text)]
    newest = max(stated or mentioned or [0])
    year = stated[-1] if stated else _year(anchored, newest)
    if year is None:
        return None
    relative = next((m for m in anchored if (m["rel"] or "").lower() in ("yesterday", "today")), None)
    if relative:
        at = _at(relative, year)
        return at + timedelta(days=(relative["rel"] or "").lower() == "yesterday") if at else None
    return max((at for m in anchored if (at := _at(m, year))), default=None)


def _year(anchored: list[re.Match[str]], newest: int) -> int | None:
    """The year in which the named weekdays fit; the first one from the newest year that the text mentions on."""
    dated = [m for m in anchored if m["weekday"]]
    if not dated:
        return newest or None
    for year in range(newest, newest + 7) if newest else range(2026, 2026 - YEARS_TRIED, -1):
        if all(_fits(m, year) for m in dated):
            return year
    return None


def _fits(match: re.Match[str], year: int) -> bool:
    at = _at(match, year)
    return at is not None and date(at.year, at.month, at.day).weekday() == WEEKDAYS[match["weekday"].lower()]
