"""When an article was written, from what it says: a date line, or "Yesterday, 2 February" with a weekday that fits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache

from monitor import data
from monitor.core import times
from monitor.core.documents.feeds import dates
from monitor.core.text import digits, sentences

DATE_LINE_CHARS_MAX = 100  # characters of a line that is a date and little else (set)
LINES_TRIED = 5  # lines under the title in which it is looked for (set)
YEARS_AHEAD = 6  # years that a weekday and day are tried for (set: a calendar comes again after 6)
# Where neither the text nor the caller names a year: the newest one that this table of guesses reaches.
YEAR_LATEST = 2026
YEARS_TRIED = 11  # years back from the latest: after 11 every calendar has come (set)
FAR_FUTURE = datetime(2100, 1, 1, tzinfo=UTC)


@cache
def _months() -> dict[str, int]:
    return {name: int(number) for number, names in data.rows("months.tsv") for name in names.split()}


_MONTH = "|".join(sorted(_months(), key=len, reverse=True))
_WEEKDAY = "|".join(f"{name}|{name[:3]}" for name in times.DAYS)
_DAY = re.compile(
    rf"(?<!\w)(?:(?P<rel>yesterday|today|on)\b,?\s*)?(?:(?P<weekday>{_WEEKDAY})\b\.?,?\s*)?(?:the\s+)?"
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?\s+(?:of\s+|de\s+)?(?P<month>{_MONTH})\b"
    rf"|(?P<month2>{_MONTH})\b\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b)(?:\.?,?\s+(?:de\s+)?(?P<year>(?:19|20)\d\d)\b)?",
    re.I,
)
_NUMERIC = re.compile(
    r"(?<!\d)(?:(?P<y>(?:19|20)\d\d)\s*(?:[-/.]|[年년])\s*(?P<m>\d{1,2})\s*(?:[-/.]|[月월])\s*(?P<d>\d{1,2})(?!\d)[日일]?"
    r"|(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y2>(?:19|20)\d\d)(?!\d))"
)
_ISO = re.compile(r"(?:19|20)\d\d-\d\d-\d\d[T ]\d\d:\d\d\S*")
_TIME = re.compile(r"\b\d{1,2}[:.]\d\d(?:[:.]\d\d)?\b|\b[ap]\.?\s?m\b\.?|\b[A-Z]{2,4}(?:[+-]\d{1,2})?(?![\w])")
# A day and a year, each in figures, among few words: no sentence is so short that has both and is no date line.
# Years of the Thai and the Persian calendar, and of reigns, are years, too.
_SHORT = re.compile(
    r"(?=.*(?:(?<!\d)(?:(?:19|20|25)\d|13[6-9]|14[01])\d(?!\d)|(?:令和|平成|民[國国])\s?[\d元]))(?=.*(?<!\d)\d{1,2}(?!\d))[^\n]{6,60}"
)
_LEAD = re.compile(r"\W*(?:first |last )?(?:published|updated|posted|modified|created|date|by)\b", re.I)
_YEAR = re.compile(r"\b(20[0-4]\d|199\d)\b")
_AHEAD = re.compile(r"\b(?:will|would|due|until|till|by|before|scheduled|expected|planned|deadline|next|from)\b", re.I)


def leading_date(lines: list[str]) -> tuple[list[str], datetime | None]:
    """The date line among the first lines, taken off the body: a date with its year, alone or after "Published"."""
    for position, line in enumerate(lines[:LINES_TRIED]):
        found = date_line(line) if len(line) <= DATE_LINE_CHARS_MAX else None
        if found:
            return lines[:position] + lines[position + 1 :], found
    return lines, None


def named_day(text: str) -> datetime | None:
    """The first day or instant in a text that is named with its year."""
    return _named(text)[0]


def _named(text: str) -> tuple[datetime | None, str]:
    """The day, and the text without it."""
    if iso := _ISO.search(text):
        return dates.Calendar(FAR_FUTURE).read(iso.group().rstrip(".,;)")), text.replace(iso.group(), "")
    if day := next((match for match in _DAY.finditer(text) if match["year"]), None):
        return _at(day, int(day["year"])), text.replace(day.group(), "")
    if number := _NUMERIC.search(text):
        year, month, of_month = (number[name] or number[f"{name}2"] for name in "ymd")
        return _instant(int(year), int(month), int(of_month)), text.replace(number.group(), "")
    return None, text


def date_line(line: str) -> datetime | None:
    """The day of a line that says little else: a date with its year, alone or after "Published"."""
    line = digits(line.strip())
    at, rest = _named(line)
    words = re.findall(r"[^\W\d_]{2,}", _TIME.sub("", rest))
    alone = len(words) <= 2 and not re.search(r"[.!?][^\w.!?]*+$", _TIME.sub("", rest))
    if at and (alone or (_LEAD.match(rest) and len(words) <= 9)):
        return at
    return dates.read(line, FAR_FUTURE) if _SHORT.fullmatch(line) else None  # in any language of feeds


def is_date(line: str) -> bool:
    """Whether every word of a line is read as a date."""
    return len(line) <= DATE_LINE_CHARS_MAX and dates.read(line, FAR_FUTURE) is not None


def _instant(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def _at(match: re.Match[str], year: int) -> datetime | None:
    return _instant(year, _months()[(match["month"] or match["month2"]).lower()], int(match["day"] or match["day2"]))


def infer(text: str, now: datetime | None = None) -> datetime | None:
    """The day of writing: of "yesterday, 2 February" the next day, else the latest day named with a weekday or "on".

    A year that is not stated is one in which every named weekday falls on its day: the first from the newest year that
    the text mentions on, else the latest up to `now`. Days that a sentence looks ahead to are not the day of writing.
    """
    found = [match for sentence in sentences(text) for match in _past(sentence)]
    anchored = [match for match in found if match["rel"] or match["weekday"]]
    year = _year([match for match in anchored if not match["year"]], map(int, _YEAR.findall(text)), now)
    placed = []
    for match in anchored:
        of_year = int(match["year"]) if match["year"] else year
        at = _at(match, of_year) if of_year else None
        if at:
            relative = (match["rel"] or "").lower()
            placed.append((relative in ("yesterday", "today"), at + timedelta(days=relative == "yesterday")))
    written = max((at for relative, at in placed if relative), default=None)
    written = written or max((at for _, at in placed), default=None)
    return written if written is None or now is None or written <= now + dates.FUTURE_MAX else None


def _past(sentence: str) -> list[re.Match[str]]:
    """The days of a sentence that no word in front of them puts into the future."""
    return [
        match
        for match in _DAY.finditer(sentence)
        if not _AHEAD.search(sentence[max(0, match.start() - 80) : match.start()])
    ]


def _year(bare: list[re.Match[str]], mentioned: Iterable[int], now: datetime | None) -> int | None:
    """The year of the days that state none."""
    dated = [match for match in bare if match["weekday"]]
    latest = now.year if now else YEAR_LATEST
    newest = max((year for year in mentioned if not now or year <= now.year), default=0)
    if not dated:
        return newest or None
    tried = range(newest, newest + YEARS_AHEAD + 1) if newest else range(latest, latest - YEARS_TRIED, -1)
    return next((year for year in tried if all(_fits(match, year) for match in dated)), None)


def _fits(match: re.Match[str], year: int) -> bool:
    at = _at(match, year)
    return at is not None and times.DAYS[at.weekday()][:3] == match["weekday"][:3].capitalize()
