"""Dates as people write them, in some forty languages: "Monday, September 23, 2024 - 14:05", "23 вересня 2024".

A text is a date only where every part of it is accounted for: one day, at most one time, a zone, a weekday and the
small words between them. What could be two days (05/11/2026, a month's name that means two months) is none, unless a
weekday or the feed's other dates decide it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from functools import cache, lru_cache

from monitor import data
from monitor.core.text import digits, fold
from monitor.core.times import DAYS, OFFSET_MAX, OFFSET_MIN, WRITTEN_CHARS_MAX

# Two-digit years as RFC 2822, 4.3 reads them, with the pivot of POSIX.
PIVOT = 69
# Years of these calendars minus this are years of ours.
ERAS = {"令和": -2018, "平成": -1988, **dict.fromkeys(("民國", "民国", "中華民國", "中华民国"), -1911)}
BUDDHIST = 543  # years that the Thai calendar is ahead
# The Persian calendar: its years that fall from 1990 to 2041, days of its first six months, and which of 33 years are
# leap years (Borkowski, "The Persian calendar for 3000 years", 1996).
SOLAR_YEARS, SOLAR_LONG, SOLAR_LEAPS = range(1369, 1421), 31, frozenset((1, 5, 9, 13, 17, 22, 26, 30))
# 05/11 beside an hour of American writing and an American zone is a day of May.
_AMERICAN = re.compile(r"\d\s?[ap]\.?m\.?\s[ecmp][ds]?t(?![^\W_])")

_AM = r"a\.?\s?m\b\.?|上午|午前|오전|凌晨|清晨|早上|早晨|صباحا|ص(?!\w)|π\.?μ\b\.?|पूर्वाह्न|(?<=\s)sa\b"
_PM = r"p\.?\s?m\b\.?|下午|午後|午后|오후|中午|傍晚|晚上|مساء|م(?!\w)|μ\.?μ\b\.?|अपराह्न|(?<=\s)ch\b"
_HALF = f"(?:(?P<am{{0}}>{_AM})|(?P<pm{{0}}>{_PM}))"
_BEFORE, _AFTER = f"(?:{_HALF.format(1)}\\s*)?(?<![\\d.:/+-])", f"(?:\\s*{_HALF.format(2)})?"
_CORES = (
    r"(?P<h>\d{1,2})\s?:\s?(?P<m>\d\d)(?::(?P<s>\d\d)(?:[.,]\d{1,9})?)?(?![\d:])",
    r"(?P<h>\d{1,2})\s*[時时点點시](?:\s*(?P<m>\d{1,2})\s*[分분]?(?:\s*(?P<s>\d{1,2})\s*[秒초])?)?",
    r"(?P<h>\d{1,2})\s?h(?:rs?|s)?(?![^\W\d_])\s*(?:(?P<m>\d\d)(?:\s?min)?)?(?!\d)(?P<s>)",
    r"(?P<h>\d{1,2})\.(?P<m>\d\d)(?![\d.])(?P<s>)",
)
_HOUR = rf"(?<![\d.:/+-])(?P<h>\d{{1,2}})(?P<m>)(?P<s>)(?P<am1>)(?P<pm1>)\s*{_HALF.format(2)}"
_TIMES = (*(re.compile(_BEFORE + core + _AFTER) for core in _CORES), re.compile(_HOUR))
_ZONES = {name: float(hours) for hours, names in data.rows("time_zones.tsv") for name in names.split()}
_NAMED = "|".join(sorted(_ZONES, key=len, reverse=True))
_ZONE = re.compile(
    rf"\s*[(\[]?(?:(?P<name>{_NAMED})(?![^\W\d_])\s?)?"
    r"(?:(?P<sign>[+-])(?P<spaced>\s?)(?P<h>\d{1,2})(?::?(?P<m>\d\d))?(?!\d))?[)\]]?"
)
# What may follow an offset: "(Eastern European Summer Time)", and the name once more in "+0000 UTC".
_COMMENT = re.compile(rf"\s*\([^()]{{1,60}}\)|\s(?:{_NAMED})(?![^\W\d_])")
_CJK_WEEKDAY = re.compile(data.patterns("eastern_weekday"))
_CJK = re.compile(
    r"(?P<era>令和|平成|(?:中[華华])?民[國国])?\s{0,3}(?P<y>\d{1,4}|元)\s{0,3}[年년]\s{0,3}(?P<m>\d{1,2})\s{0,3}[月월]\s{0,3}(?P<d>\d{1,2})\s{0,3}[日일号號]?"
)
# Between day and time: the T of RFC 3339, and the colon of web servers' logs.
_JOINED = re.compile(r"(?<=\d)t(?=\d)|(?<=/\d{4}):")
_THANG = re.compile(r"(?<!\w)thang\s+(\d{1,2})(?!\d)")
_GLUE = re.compile(r"(?<=[^\W\d_])[-/.]+(?=\d)|(?<=\d)[-/.]+(?=[^\W\d_])")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|re|eme|º|ª|°|\.-?(?:en|an)?)?(?=[\s,]|$)")
_APART = re.compile(r"(?<=\d)([-/.])\s+(?=\d)")
_YEAR_FIRST = re.compile(r"(\d{4})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,2})\.?")
_YEAR_LAST = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4})\.?")
_DANISH = re.compile(r"(\d{1,2})(/)(\d{1,2})-(\d{4})")
_SEPARATORS = re.compile(r"[\s,;|•·()\[\]–—、،]+")
_WEEKDAYS = tuple(name[:3].lower() for name in DAYS)


@dataclass(frozen=True, slots=True)
class _Clock:
    """A time of day and its zone; `rest` is the text without them."""

    rest: str
    hour: int = 0
    minute: int = 0
    second: int = 0
    offset: timedelta = timedelta(0)


def read(text: str, day_first: bool | None = None) -> datetime | None:
    """The instant, in UTC where no zone is written; None where not the whole text is one date.

    `day_first` says how the feed's other dates read 05/11/2026; None: they do not say.
    """
    if not text or len(text) > WRITTEN_CHARS_MAX:
        return None
    plain = digits(fold(unicodedata.normalize("NFKC", text))).strip(" .")
    plain = _CJK.sub(_western, _CJK_WEEKDAY.sub(" ", plain))
    if day_first is None and _AMERICAN.search(plain):
        day_first = False
    clock = _clock(_JOINED.sub(" ", plain))
    days = _days(clock.rest, day_first) if clock else set()
    if clock is None or len(days) != 1:
        return None
    try:
        at = datetime.combine(days.pop(), datetime.min.time(), timezone(clock.offset))
        return at.replace(hour=clock.hour, minute=clock.minute, second=clock.second)
    except (ValueError, OverflowError):
        return None


def is_day_first(text: str) -> bool | None:
    """What a date such as 23/09/2024 says of the order of its feed; None where it says nothing."""
    found = _YEAR_LAST.search(digits(text[:WRITTEN_CHARS_MAX]))
    if not found or found[2] == ".":
        return None
    first, second = int(found[1]), int(found[3])
    return first > 12 if (first > 12) != (second > 12) and max(first, second) <= 31 else None


def _western(found: re.Match[str]) -> str:
    year = 1 if found["y"] == "元" else int(found["y"])
    year -= ERAS.get(found["era"], 0)
    return f" {year:04}-{int(found['m'])}-{int(found['d'])} "


def _clock(text: str) -> _Clock | None:
    """The one time of a text with its zone; None where what stands there is no time of a day."""
    for pattern in _TIMES:
        if found := pattern.search(text):
            break
    else:
        return _zoned(text, _Clock(text))
    hour, minute, second = int(found["h"]), int(found["m"] or 0), int(found["s"] or 0)
    early, late = found["am1"] or found["am2"], found["pm1"] or found["pm2"]
    if (early and late) or (early and hour > 12) or (hour == 0 and late):
        return None
    if early or late:
        hour = hour % 12 + 12 * bool(late) if hour <= 12 else hour
    if hour > 23 or minute > 59 or second > 59:
        return None
    zone = _ZONE.match(text, found.end())
    offset = _offset(zone) if zone and (zone["name"] or zone["sign"]) else None
    end = zone.end() if zone and offset is not None else found.end()
    if offset is not None and (comment := _COMMENT.match(text, end)):
        end = comment.end()
    clock = _Clock(f"{text[: found.start()]} {text[end:]}", hour, minute, second, offset or timedelta(0))
    return clock if offset is not None else _zoned(clock.rest, clock)


def _zoned(text: str, clock: _Clock) -> _Clock | None:
    """The clock with the zone named at the end of a text: "14:05, 23/09/2024 (GMT+7)"."""
    for start in (match.start() for match in re.finditer(rf"[(\[]?(?<![^\W_])(?:{_NAMED})(?![^\W\d_])", text)):
        zone = _ZONE.match(text, start)
        if zone and zone.end() == len(text.rstrip()):
            offset = _offset(zone)
            return None if offset is None else replace(clock, rest=text[:start], offset=offset)
    return clock


def _offset(zone: re.Match[str]) -> timedelta | None:
    """Time east of Greenwich; None where it is none, or where name and number disagree."""
    named = timedelta(hours=_ZONES[zone["name"]]) if zone["name"] else None
    if not zone["sign"]:
        return named
    if zone["spaced"] and not zone["name"]:
        return None  # "14:05 - 23 September": a dash, no sign
    east = timedelta(hours=int(zone["h"]), minutes=int(zone["m"] or 0))
    east = -east if zone["sign"] == "-" else east
    agrees = not named or named == east
    return east if agrees and OFFSET_MIN <= east <= OFFSET_MAX and int(zone["m"] or 0) < 60 else None


def _days(text: str, day_first: bool | None) -> set[date]:
    """Every day that the text may mean where all of it is a date; empty where it is none."""
    text = _APART.sub(r"\1", re.sub(r"(?<!\w)d'(?=\w)", "", text))
    text = _GLUE.sub(" ", _phrases().sub(lambda found: re.sub(r"\s+", "_", found[0]), text))
    text = _ORDINAL.sub("", _THANG.sub(lambda found: f"m{found[1]}", text))
    weekdays: frozenset[int] | None = None
    kept: list[str] = []
    for word in filter(None, _SEPARATORS.split(text)):
        word = _of_two_names(word.rstrip(".:") or word)
        if word in "-/.:" or word in _words()["small"]:
            continue
        if word in _words()["weekday"] and not (word in _months() and not any(w in _months() for w in kept)):
            weekdays = _weekday(word) if weekdays is None else weekdays & _weekday(word)
            continue
        kept.append(word)
    # "mar 23 sept": of two words that may be months, one that is a weekday as well is the weekday.
    months = [word for word in kept if word in _months()]
    if len(months) == 2 and months[0] in _words()["weekday"]:
        kept.remove(months[0])
    days = {day for parts in _readings(kept, day_first) if (day := _day(*parts))}
    if len(days) > 1 and weekdays:
        days = {day for day in days if day.weekday() in weekdays}
    return days


def _of_two_names(word: str) -> str:
    """A month that is given by both its Arabic names, by one of them: "يونيو/حزيران"."""
    one, _, other = word.partition("/")
    return one if not set(_months().get(one, ())).isdisjoint(_months().get(other, ())) else word


def _readings(kept: list[str], day_first: bool | None) -> list[tuple[int, int, int]]:
    """Every (year, month, day) that the words may stand for."""
    whole = " ".join(kept)
    if found := _YEAR_FIRST.fullmatch(whole):
        return [(int(found[1]), int(found[3]), int(found[4]))]
    if found := _YEAR_LAST.fullmatch(whole) or _DANISH.fullmatch(whole):
        one, other, year = int(found[1]), int(found[3]), int(found[4])
        # Dots, and the Danish 23/9-2024, are written with the day in front.
        if found[2] == "." or ("/" in whole and "-" in whole):
            day_first = True
        orders = {(other, one) if day_first is not False else None, (one, other) if not day_first else None} - {None}
        return [(year, month, day) for month, day in filter(None, orders)]
    if len(kept) != 3:
        return []
    place = next((i for i, word in enumerate(kept) if word in _months()), -1)
    first, second = (word for i, word in enumerate(kept) if i != place)
    if place < 0 or not re.fullmatch(r"[0-9]{1,4} [0-9]{1,4}", f"{first} {second}"):
        return []
    written, day = (first, second) if len(first) == 4 else (second, first)
    if len(day) > 2 or not (len(written) == 4 or (len(written) == 2 and place == 1)):
        return []
    year = int(written) if len(written) == 4 else int(written) + (2000 if int(written) < PIVOT else 1900)
    if "\u0e00" <= kept[place][0] <= "\u0e7f" and year > 2400:
        year -= BUDDHIST
    return [(year, month, int(day)) for month in _months()[kept[place]]]


def _day(year: int, month: int, day: int) -> date | None:
    if year in SOLAR_YEARS:
        return _solar(year, month, day)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _solar(year: int, month: int, day: int) -> date | None:
    """A day of the Persian calendar, whose months have 31 days, then 30, and the last one 29 where no leap year is."""
    last = SOLAR_LONG - (month > 6) - (month == 12 and year % 33 not in SOLAR_LEAPS)
    if not (1 <= month <= 12 and 1 <= day <= last):
        return None
    leaps = sum(each % 33 in SOLAR_LEAPS for each in range(SOLAR_YEARS[0], year))
    days = 365 * (year - SOLAR_YEARS[0]) + leaps + SOLAR_LONG * (month - 1) - max(0, month - 7) + day - 1
    return date(1990, 3, 21) + timedelta(days)


@cache
def _months() -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {f"m{number}": {number} for number in range(1, 13)}
    for kind, words in data.rows("date_words.tsv"):
        if kind.isdigit():
            for word in words.split():
                found.setdefault(_folded(word), set()).add(int(kind))
    return {word: tuple(sorted(numbers)) for word, numbers in found.items()}


@cache
def _words() -> dict[str, frozenset[str]]:
    rows = data.rows("date_words.tsv")
    kinds = {"small": ("small",), "weekday": _WEEKDAYS}
    return {
        name: frozenset(_folded(word) for kind, words in rows if kind in group for word in words.split())
        for name, group in kinds.items()
    }


@lru_cache(maxsize=256)
def _weekday(word: str) -> frozenset[int]:
    """Which weekdays a word may mean, Monday 0: "mar" is a Tuesday in three languages."""
    return frozenset(
        _WEEKDAYS.index(kind)
        for kind, words in data.rows("date_words.tsv")
        if kind in _WEEKDAYS and word in map(_folded, words.split())
    )


@cache
def _phrases() -> re.Pattern[str]:
    """Names of several words, longest first."""
    words = {word for word in (*_months(), *_words()["small"], *_words()["weekday"]) if "_" in word}
    listed = "|".join(re.escape(word).replace("_", r"\s+") for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{listed})(?!\w)")


def _folded(word: str) -> str:
    return fold(unicodedata.normalize("NFKC", word)).rstrip(".")
