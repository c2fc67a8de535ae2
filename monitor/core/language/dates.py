"""Dates in running text, resolved against the day of publication: "20 January", "mid-February or March", "by Friday".

A year that is not written is the one that puts the date nearest to publication; without a publication date only fully
written dates resolve, the others keep their `key`, which compares equal for equal words.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from monitor import data
from monitor.core import times
from monitor.core.language import tense
from monitor.core.text import digits

SPAN = "years "


@dataclass(frozen=True, slots=True)
class When:
    """A stated date or time of day. `first`/`last` bound it where it resolves; `key` names it without a calendar.

    `kind`: "day", "period" (part of a month, month, year, season), "weekday", "relative" (today, next week), "term"
    (within 30 days) or "clock".
    """

    start: int
    end: int
    text: str
    kind: str
    key: str
    first: date | None = None
    last: date | None = None


_MONTH = rf"(?:{'|'.join(times.MONTHS)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_YEAR = r"(?:19|20)\d\d(?![\d,.]{0,12}\d)"
_PART = r"(?:early|mid|late|(?:the\s)?(?:end|beginning|start|middle|first\shalf|second\shalf)\sof)"
_TO = r"(?:[-–]|to|through|until|till)"
_QUARTER = r"(?:(?:the\s)?(?:first|second|third|fourth|last|final)\squarter(?:\sof)?|Q[1-4])"
_FEASTS = {
    "christmas eve": (12, 24), "christmas day": (12, 25), "boxing day": (12, 26), "new year's eve": (12, 31),
    "new year's day": (1, 1), "halloween": (10, 31),
}  # fmt: skip
_FEAST = "|".join(_FEASTS).replace("'", "[’']").replace(" ", r"\s")
_ABROAD: dict[str, int] = {
    word: int(row[0])
    for row in data.rows("months.tsv")
    for word in row[1].split()
    if len(word) > 2 and word not in ("out", "set", "ago", "mar", "may", "mag", "gen")
}
# Two years of one span are no number of people: what follows is no noun.
_NO_NOUN = data.patterns("no_noun")
_HOUR = r"(?:[01]?\d|2[0-3])"
_ZONE = r"(?:GMT|UTC|hrs?|hours|local\stime|E[SD]T|CES?T|BST|P[SD]T|ET|IST|MSK|JST|KST|AEST|AEDT|Zulu)\b"
_WEEKDAY = rf"(?:{'|'.join(times.DAYS)})"
_COUNTS = {word: count for count, word in enumerate(
    ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 1
)}  # fmt: skip
_OWN = r"\.?\s[0-3]?\d\s?[-–]\s?[0-3]?\d\b"  # a month's own days behind it: "Big Show 2 Oct. 3-4"
_SPAN = re.compile(
    rf"(?P<iso>\b{_YEAR}-[01]\d-[0-3]\d\b)"
    r"|(?P<dotted>\b(?P<a>[0-3]?\d)(?P<sep>[./-])(?P<b>[0-3]?\d)(?P=sep)(?P<y>(?:19|20)\d\d)\b)"
    r"|(?P<span>\b(?P<s1>1[5-9]\d\d|20\d\d)(?:\s?[-–—/]\s?|\s(?:to|until|till|bis|à|al)\s|(?<=between\s\d{4})\sand\s)"
    rf"(?P<s2>(?:1[5-9]|20)\d\d|\d\d){_NO_NOUN})"
    rf"|(?P<dm>\b(?P<d1>[0-3]?\d)(?:st|nd|rd|th)?"
    rf"(?:\s(?P<m0>{_MONTH})(?=\s?{_TO}\s?[0-3]?\d(?:st|nd|rd|th)?\s(?P=m0)))?"
    rf"(?:\s?(?:{_TO}|and)\s?(?P<d2>[0-3]?\d)(?:st|nd|rd|th)?)?(?:\sof)?"
    rf"\s(?P<m1>{_MONTH})(?![^\W_]|{_OWN})(?:,?\s(?P<y1>{_YEAR}))?)"
    r"|(?P<abroad>\b(?P<fd>[0-3]?\d)(?:\.|er|º|-го)?\s(?:de\s|di\s|d['’])?"
    rf"(?P<fm>{'|'.join(sorted(_ABROAD, key=len, reverse=True))})\b(?!{_OWN})\.?(?:\s(?:de\s|del\s)?(?P<fy>{_YEAR}))?)"
    rf"|(?P<md>\b(?P<m2>{_MONTH})\s(?P<e1>[0-3]?\d)(?:st|nd|rd|th)?(?![\d,%:]{{0,12}}\d)"
    rf"(?:\s?(?:{_TO}\s?(?:(?P=m2)\s)?|and\s?)(?P<e2>[0-3]?\d)(?:st|nd|rd|th)?(?!\d))?(?:,?\s(?P<y2>{_YEAR}))?)"
    rf"|(?P<part>\b(?P<p3>{_PART})[\s-](?P<m3>{_MONTH})(?![^\W_])(?:,?\s(?:of\s)?(?P<y3>{_YEAR}))?"
    rf"(?:\s(?:or|to|and)\s(?:(?P<p4>{_PART})[\s-])?(?P<m4>{_MONTH})(?![^\W_])(?:\s(?P<y4>{_YEAR}))?)?)"
    rf"|(?P<month>\b(?P<m5>{_MONTH})(?![^\W_])(?:,?\s(?:of\s)?(?P<y5>{_YEAR}))?"
    rf"(?:\s(?:or|to)\s(?P<m6>{_MONTH})(?![^\W_])(?:\s(?P<y6>{_YEAR}))?)?)"
    r"|(?P<term>\b(?:within|in\sthe\s(?:next|coming)|over\sthe\s(?:next|coming))\s(?:the\s(?:next|coming)\s)?"
    rf"(?P<count>\d{{1,3}}|an?|{'|'.join(_COUNTS)})\s(?P<each>hour|day|week|month|year)s?\b)"
    rf"|(?P<feast>\b(?:{_FEAST})\b)"
    rf"|(?P<partyear>\b(?P<p7>{_PART}|{_QUARTER})[\s-](?P<y7>{_YEAR}|(?:this|next|last|the)\s(?:year|month|week)))"
    rf"|(?P<weekday>\b(?:(?P<turn>last|next|this)\s)?(?P<w>{_WEEKDAY})\b)"
    r"|(?P<relative>\b(?:today|yesterday|tomorrow|tonight|overnight|(?:this|last|next)\s"
    r"(?:week|month|year|weekend|morning|afternoon|evening|night|spring|summer|autumn|fall|winter))\b)"
    r"|(?P<clock>\b(?:[01]?\d|2[0-3])(?:[:.][0-5]\d)?\s?(?:a\.?m\b\.?|p\.?m\b\.?)|\b(?:[01]?\d|2[0-3]):[0-5]\d\b"
    rf"|\b(?:[01]\d|2[0-3])[0-5]\d(?=\s?{_ZONE})|\b{_HOUR}(?:[.:][0-5]\d)?\sUhr\b|\b{_HOUR}\s?h\s?[0-5]\d\b"
    rf"|(?:(?<=\bklockan\s)|(?<=\bklokken\s)|(?<=\bgodz\.\s)|(?<=\bpukul\s)|(?<=\bore\s)|(?<=\bsaat\s)|(?<=\bkl\s)"
    rf"|(?<=\balle\s)|(?<=\ba\slas\s)){_HOUR}[.:][0-5]\d\b"
    rf"|\b{_HOUR}[.:][0-5]\d(?=\s(?:horas|hrs|hours|uur|hodin|hod\.|óra|órakor|часов|ore)\b)"
    rf"|(?<=\bkl\.\s){_HOUR}(?:[.:][0-5]\d)?\b|(?<=\bklo\s){_HOUR}(?:[.:][0-5]\d)?\b|(?<=\bà\s){_HOUR}\s?h\b"
    r"|\b(?:noon|midnight)\b|\bo'clock\b)"
    r"|(?P<old>(?<=\b(?:in|of|to|by)\s)1[5-8]\d\d\b|(?<=\b(?:from|till)\s)1[5-8]\d\d\b|(?<=\bsince\s)1[5-8]\d\d\b)"
    rf"|(?P<year>(?<![\d$£€,.-])\b(?P<y8>{_YEAR})\b(?!\s?(?:%|km|troops|people|soldiers|workers|men)))",
    re.IGNORECASE,
)
_BARE_MONTH_BEFORE = re.compile(rf"\b(?:{data.patterns('before_months')})\s$", re.IGNORECASE)
_FUTURE = data.whole_words("future")
_MOVED_TO = re.compile(rf"\b(?:{data.patterns('moved_to')})\w*\b[^.;:]{{0,30}}\bto\s$", re.IGNORECASE)
_HINT = re.compile(
    r"\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|day|night|tomorrow|week|month|year|noon|eve\b|halloween",
    re.IGNORECASE,
)


def month_number(word: str) -> int:
    """1..12 for a month name or its abbreviation."""
    start = word.lower().rstrip(".")[:3]
    return next(index for index, name in enumerate(times.MONTHS, 1) if name.lower().startswith(start))


def is_month(word: str) -> bool:
    """Whether a word names a month, in English or another language of `months.tsv`."""
    return word.lower() in _ABROAD or word.capitalize() in times.MONTHS


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _year_of(month: int, day: int, written: str | None, published: date | None, *, past: bool = False) -> int | None:
    """The year written, else the one that puts the day nearest; of what has happened, the last that can be."""
    if written:
        return int(written)
    if published is None:
        return None
    days = [date(published.year + turn, month, max(1, min(day, 28))) for turn in (-1, 0, 1)]
    if past:
        days = [one for one in days if one <= published]
    return min(days, key=lambda one: abs((one - published).days)).year


def _day(month: int, day: int, written: str | None, published: date | None, *, past: bool = False) -> date | None:
    year = _year_of(month, day, written, published, past=past)
    if year is None or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return date(year, month, day)


def _part(word: str, year: int, month: int) -> tuple[date, date]:
    word, last = word.lower(), _month_end(year, month)
    if word == "early" or "beginning" in word or "start" in word:
        return date(year, month, 1), date(year, month, 10)
    if word == "mid" or "middle" in word:
        return date(year, month, 11), date(year, month, 20)
    if "first" in word:
        return date(year, month, 1), date(year, month, 15)
    if "second" in word:
        return date(year, month, 16), last
    return date(year, month, 21), last


def _made(found: re.Match[str], kind: str, key: str, first: date | None = None, last: date | None = None) -> When:
    return When(found.start(), found.end(), found.group(), kind, key, first, last)


def _days(found: re.Match[str], published: date | None, *, past: bool) -> When:
    names = ("m1", "d1", "d2", "y1") if found.lastgroup == "dm" else ("m2", "e1", "e2", "y2")
    month_word, first, second, year = found.group(*names)
    month, day, until = month_number(month_word), int(first), int(second or first)
    bounds = (_day(month, each, year, published, past=past) for each in (day, until))
    return _made(found, "day", f"{month:02d}-{day:02d}/{until:02d}", *bounds)


def _numeric(found: re.Match[str]) -> When | None:
    """31.12.2026, 31/12/2026, 12/31/2026; where day and month may be either, the date keeps its words alone."""
    first, second = int(found["a"]), int(found["b"])
    day, month = (second, first) if second > 12 else (first, second)
    if found["sep"] == "/" and first <= 12 and second <= 12 and first != second:
        return _made(found, "day", found.group())
    when = _day(month, day, found["y"], None) if 1 <= month <= 12 else None
    return _made(found, "day", f"{month:02d}-{day:02d}/{day:02d}", when, when) if when else None


def _foreign(found: re.Match[str], published: date | None, *, past: bool) -> When | None:
    """A day of a month named in another language: "12. März", "4 de junio de 2026"."""
    day, month = int(found["fd"]), _ABROAD[found["fm"].lower()]
    if not 1 <= day <= calendar.monthrange(2024, month)[1]:
        return None
    when = _day(month, day, found["fy"], published, past=past)
    return _made(found, "day", f"{month:02d}-{day:02d}/{day:02d}", when, when)


def _from_to(found: re.Match[str]) -> When | None:
    """A span of years: "1998-2006", "2019-20"."""
    first = int(found["s1"])
    last = int(found["s2"]) if len(found["s2"]) == 4 else first // 100 * 100 + int(found["s2"])
    if last <= first:
        return None
    return _made(found, "period", f"{SPAN}{first}-{last}", date(first, 1, 1), date(last, 12, 31))


def _months(found: re.Match[str], published: date | None, *, past: bool) -> When:
    if found.lastgroup == "part":
        part, month_word, year_word = found.group("p3", "m3", "y3")
        part2, month2, year2 = found.group("p4", "m4", "y4")
    else:
        (month_word, year_word), part = found.group("m5", "y5"), ""
        part2, (month2, year2) = "", found.group("m6", "y6")
    month, other = month_number(month_word), month_number(month2) if month2 else 0
    key = f"{part or ''} {month:02d} {year_word or ''} {part2 or ''} {other or ''}".lower()
    key = " ".join(key.split())
    year = _year_of(month, 1 if past else 15, year_word or year2, published, past=past)
    if year is None:
        return _made(found, "period", key)
    first, last = _part(part, year, month) if part else (date(year, month, 1), _month_end(year, month))
    if other:
        other_year = int(year2) if year2 else year + (other < month)
        last = _part(part2, other_year, other)[1] if part2 else _month_end(other_year, other)
    return _made(found, "period", key, first, last)


def _year(found: re.Match[str]) -> When:
    year = int(found.group())
    return _made(found, "period", str(year), date(year, 1, 1), date(year, 12, 31))


def _part_of_year(found: re.Match[str], published: date | None) -> When:
    part, word = found.group("p7").lower(), found.group("y7").lower()
    key = f"{part.removeprefix('the ')} {word}"
    if not word.isdigit():
        base = _relative(word.replace("the ", "this "), published)
        end = base[1] if base and "end" in part else None
        return _made(found, "relative", key, end, end)
    year = int(word)
    if quarter := _quarter(part):
        month = 3 * quarter
        return _made(found, "period", f"q{quarter} {word}", date(year, month - 2, 1), _month_end(year, month))
    bounds = {"early": (1, 3), "mid": (5, 8), "late": (10, 12)}.get(part)
    bounds = bounds or ((1, 3) if "start" in part or "begin" in part else (5, 8) if "middle" in part else (10, 12))
    bounds = (1, 6) if "first" in part else (7, 12) if "second" in part else bounds
    return _made(found, "period", key, date(year, bounds[0], 1), _month_end(year, bounds[1]))


def _quarter(part: str) -> int:
    """Which quarter of a year is named, or 0."""
    if not re.search(r"quarter|q\d", part):
        return 0
    ordinals = (("first", "1"), ("second", "2"), ("third", "3"), ("fourth", "last", "final", "4"))
    return next(count for count, names in enumerate(ordinals, 1) if any(name in part for name in names))


def _relative(word: str, published: date | None) -> tuple[date, date] | None:
    if published is None:
        return None
    shift = {"today": 0, "tonight": 0, "overnight": 0, "yesterday": -1, "tomorrow": 1}.get(word)
    if shift is not None:
        return published + timedelta(shift), published + timedelta(shift)
    turn, _, span = word.partition(" ")
    step = {"last": -1, "this": 0, "next": 1}.get(turn, 0)
    if span in ("week", "weekend"):
        monday = published - timedelta(published.weekday()) + timedelta(weeks=step)
        return monday + timedelta(5 if span == "weekend" else 0), monday + timedelta(6)
    if span == "month":
        index = published.year * 12 + published.month - 1 + step
        return date(index // 12, index % 12 + 1, 1), _month_end(index // 12, index % 12 + 1)
    if span == "year":
        return date(published.year + step, 1, 1), date(published.year + step, 12, 31)
    if span in ("morning", "afternoon", "evening", "night"):
        day = published + timedelta(min(step, 0))
        return day, day
    return None


def _term(found: re.Match[str], published: date | None) -> When:
    """ "Within 30 days": the day on which it ends."""
    count, each = found.group("count").lower(), found.group("each").lower()
    number = int(count) if count.isdigit() else _COUNTS.get(count, 1)
    days = number * {"hour": 1 / 24, "day": 1, "week": 7, "month": 30.4375, "year": 365.25}[each]
    last = published + timedelta(round(days)) if published else None
    return _made(found, "term", f"{days:.4g} days", last, last)


def _weekday(found: re.Match[str], published: date | None, text: str) -> When:
    name = found.group("w").lower()
    if published is None:
        return _made(found, "weekday", name)
    back = (published.weekday() - times.DAYS.index(name.capitalize())) % 7
    turn = (found.group("turn") or "").lower()
    before = text[max(0, found.start() - 40) : found.start()]
    ahead = turn in ("next", "this") or _FUTURE.search(before) or _MOVED_TO.search(before)
    if turn == "last" and back == 0:
        back = 7
    day = published + timedelta((7 - back) % 7) if turn != "last" and ahead else published - timedelta(back)
    return _made(found, "weekday", name, day, day)


def _clock(text: str) -> str:
    text = text.lower().replace(".", ":").replace("o'clock", "").replace(" h", "h").replace("h ", "h")
    if text in ("noon", "midnight"):
        return "12:00" if text == "noon" else "00:00"
    digits = re.match(r"(\d\d)(\d\d)$", text.strip()) or re.match(r"(\d{1,2})(?:[:h](\d\d))?", text)
    if digits is None:
        return ""
    hour, minute = int(digits.group(1)), int(digits.group(2) or 0)
    if text.endswith(("uhr", "h")) or "h" in text:
        return f"{hour:02d}:{minute:02d}"
    if "p" in text and hour < 12:
        hour += 12
    elif "a" in text and hour == 12:
        hour = 0
    return f"{hour:02d}:{minute:02d}"


def _read(found: re.Match[str], text: str, published: date | None) -> When | None:
    """What a match of `_SPAN` states: the alternative that matched is the last group to end."""
    way = found.lastgroup
    past = way in ("abroad", "dm", "md", "part", "month") and tense.is_past(text, found.start(), found.end())
    match way:
        case "iso":
            try:
                day = date.fromisoformat(found.group())
            except ValueError:
                return None
            return _made(found, "day", f"{day:%m-%d/%d}", day, day)
        case "dotted":
            return _numeric(found)
        case "abroad":
            return _foreign(found, published, past=past)
        case "span":
            return _from_to(found)
        case "dm" | "md":
            return _days(found, published, past=past)
        case "part" | "month":
            is_one = way == "part" or found["y5"] or _is_month(found, text)
            return _months(found, published, past=past) if is_one else None
        case "feast":
            month, number = _FEASTS[" ".join(found.group().lower().replace("’", "'").split())]
            feast = _day(month, number, None, published)
            return _made(found, "day", f"{month:02d}-{number:02d}/{number:02d}", feast, feast)
        case "partyear":
            return _part_of_year(found, published)
        case "year" | "old":
            return _year(found)
        case "term":
            return _term(found, published)
        case "weekday":
            return _weekday(found, published, text)
        case "relative":
            word = re.sub(r"\s", " ", found.group().lower())
            return _made(found, "relative", word, *(_relative(word, published) or ()))
    key = _clock(found.group())
    return _made(found, "clock", key) if key else None


def _is_month(found: re.Match[str], text: str) -> bool:
    word = found.group("m5")
    if not word[0].isupper() or (word.isupper() and len(word) == 3):
        return False  # "DEC" by itself is an agency
    if word.lower() in ("march", "may", "mar") or len(word) <= 4:
        return bool(_BARE_MONTH_BEFORE.search(text[max(0, found.start() - 9) : found.start()]))
    return True


def find(text: str, published_at: datetime | None = None) -> tuple[When, ...]:
    """Every date, period and time of day of a text, in order; its figures in whatever script, as 0 to 9."""
    text, published = digits(text), published_at.date() if published_at else None
    if not _HINT.search(text):
        return ()
    return tuple(_joined((made for found in _SPAN.finditer(text) if (made := _read(found, text, published))), text))


def _joined(spans: Iterable[When], text: str) -> Iterator[When]:
    """A weekday beside its date is one date: "Wednesday 1 February"."""
    held: When | None = None
    for span in spans:
        if held is not None:
            if held.kind in ("weekday", "relative") and span.kind == "day" and span.start - held.end <= 2:
                held = replace(span, start=held.start, text=text[held.start : span.end])
                continue
            yield held
        held = span
    if held is not None:
        yield held


def same(one: When, other: When) -> bool:
    """Whether two dates may be the same: equal days once resolved, a day inside a stated period, or equal words."""
    if "clock" in (one.kind, other.kind):
        return one.kind == other.kind and one.key == other.key
    if _may_be(one, other) or _may_be(other, one):
        return True
    if one.kind == other.kind and one.key == other.key:
        return one.first is None or other.first is None or one.first.year == other.first.year
    if one.key.startswith(SPAN) and other.key.startswith(SPAN):
        return one.key == other.key
    if one.first and one.last and other.first and other.last:
        return one.first <= other.last and other.first <= one.last
    return False


def _may_be(open_: When, day: When) -> bool:
    """Whether a date in figures that may be two days, as 3/6/2025, is this day."""
    at = day.first
    return at is not None and open_.key == open_.text and {*map(int, re.findall(r"\d+", open_.key))} == {
        at.day, at.month, at.year,
    }  # fmt: skip
