"""Parts of a whole and multiples: "two thirds of", "2/3 of", "½ of", "one in five", "a half point", "tenfold"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from monitor import data
from monitor.core.language.numerals import VULGAR, WORDS, words_abroad

# "One in 2019" is no share: the whole is a small round number, the part is less.
WHOLE_MAX = 100
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_PARTS = {
    "half": 50.0, "third": 100 / 3, "quarter": 25.0, "fourth": 25.0, "fifth": 20.0, "sixth": 100 / 6,
    "seventh": 100 / 7, "eighth": 12.5, "ninth": 100 / 9, "tenth": 10.0,
}  # fmt: skip
_TIMES = {"doubl": 2.0, "twic": 2.0, "trebl": 3.0, "tripl": 3.0, "quadrupl": 4.0, "halv": 0.5}
_POINT_SIZES = {"half": 0.5, "quarter": 0.25, "full": 1.0, "whole": 1.0}
_MARK = "".join(VULGAR)
_OF = r"\sof\s(?:the|its|their|all|his|her|our|those|these|them|it|us|every|[a-z]+s)\b"
# "Half the town", but not "in the first half the town was quiet".
_WITHOUT_OF = (
    r"(?<=\bhalf)(?<!first\shalf)(?<!second\shalf)(?<!other\shalf)\s(?:the|its|their|all|his|her|our|those|these)\s"
)
_PART = re.compile(
    rf"\b(?:(?P<times>an?|{_ONES}|\d)[\s-])?(?P<part>{'|'.join(map('{}s?'.format, _PARTS))})(?={_OF}|{_WITHOUT_OF})"
    r"|(?<![\d/])(?P<above>\d{1,2})/(?P<below>\d{1,2})(?:rds|ths)?(?=\s(?:of|der|des|de|del|dei|dos|das|av|af|van)\b)"
    rf"|(?<!\d)(?<!\d\s)(?P<mark>[{_MARK}])(?=\s(?:of|der|des|de|del|dei|dos|das|av|af|van)\b)",
    re.IGNORECASE,
)
# "By half", "by more than a fifth": a change is told in parts of what was, with nothing of which it would be a part.
_BY = re.compile(
    r"\b(?:by|(?:more|less)\sthan|nearly|almost)\s(?:(?:more|less)\sthan\s|nearly\s|almost\s|about\s|around\s|over\s|roughly\s)?"
    rf"(?P<whole>(?:(?P<times>an?|one|two|three)[\s-])?(?P<part>{'|'.join(map('{}s?'.format, _PARTS))}))"
    r"(?!(?<=quarter)\sto\b)(?=\W*$|[,.;:]|\s(?:in|on|since|from|to|over|last|this|and|as|after|at|by|for|with|within|during|but|while|compared|amid|under)\b)",
    re.IGNORECASE,
)
_IN = re.compile(
    r"(?<![^\W_])(?<![\d.,])(?P<some>\d{1,2}|[^\W\d_]{2,7})(?:(?<=un)\s\w{3,20}|(?<=une)\s\w{3,20})?\s(?P<joint>in(?:\severy)?|out\sof(?:\severy)?|of\severy|von|sur|de\scada"
    r"|em\scada|su|op\sde|av|af)\s(?P<whole>\d{1,3}|[^\W\d_]{2,7})(?![^\W_])(?![.,:]\d)",
    re.IGNORECASE,
)
_EVERY = re.compile(rf"\b(?:{data.patterns('every')})\s(?P<which>[^\W\d_]{{4,14}})\b", re.IGNORECASE)
# Outside English a part counts only with what it is of: "ein Drittel der", "dos tercios de", "un quart du".
_PARTS_ABROAD = [(float(value), words) for kind, value, words in data.rows("shares_abroad.tsv") if kind == "part"]
_TIMES_ABROAD = {
    word: int(value)
    for kind, value, words in data.rows("shares_abroad.tsv") if kind == "times"
    for word in words.split()
}  # fmt: skip
_PART_ABROAD = re.compile(
    rf"\b(?:(?P<times>{'|'.join(_TIMES_ABROAD)}|{data.patterns('article_of_part')})\s)?"
    rf"(?:{'|'.join(f'(?P<p{at}>{words})' for at, (_, words) in enumerate(_PARTS_ABROAD))})"
    rf"(?=\s(?:{data.patterns('of_whole')})\b)(?!\s\w{{1,3}}\s(?:{data.patterns('no_whole')})\b)",
    re.IGNORECASE,
)
_POINT_ABROAD = re.compile(
    rf"\b(?:(?P<half>{data.patterns('half_a_point')})|(?P<quarter>{data.patterns('quarter_point')}))(?![^\W_])",
    re.IGNORECASE,
)
_POINT = re.compile(
    rf"\b(?:an?\s|one\s)?(?P<size>half|three[\s-]quarters?|quarter|full|whole)[\s-](?:of\san?\s|an?\s)?(?:percentage[\s-])?points?\b"
    rf"|(?<!\d)(?P<mark>[{_MARK}])[\s-](?:percentage[\s-])?points?\b",
    re.IGNORECASE,
)
_MULTIPLE = re.compile(
    r"\b(?:(?P<verb>doubl|trebl|tripl|quadrupl|halv)(?:ed|es|ing)|(?P<fold>two|three|four|five|six|seven|eight|nine|ten|twenty"
    r"|hundred|\d{1,3})-?fold|twice(?=\sas\b|\sthe\b))(?![^\W_])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Share:
    """A part or a multiple as written, in its unit: percent, points or times."""

    start: int
    end: int
    value: float
    unit: str


def find(text: str, english: bool = True) -> list[Share]:
    """The shares, part points and multiples of a text, in order of their kinds."""
    abroad = [] if english else [*_parts_abroad(text), *_points_abroad(text)]
    return [*_parts(text), *_of_so_many(text, english), *_of_every(text), *_points(text), *_multiples(text), *abroad]


def _parts(text: str) -> Iterator[Share]:
    for found in _PART.finditer(text):
        if found["mark"]:
            percent = 100 * VULGAR[found["mark"]]
        elif found["part"]:
            percent = _count(found["times"] or "a") * _PARTS[found["part"].lower().removesuffix("s")]
        elif 0 < int(found["above"]) < int(found["below"]):
            percent = 100 * int(found["above"]) / int(found["below"])
        else:
            continue
        yield Share(found.start(), found.end(), percent, "percent")
    for found in _BY.finditer(text):
        percent = _count(found["times"] or "a") * _PARTS[found["part"].lower().removesuffix("s")]
        yield Share(found.start("whole"), found.end(), percent, "percent")


def _parts_abroad(text: str) -> Iterator[Share]:
    for found in _PART_ABROAD.finditer(text):
        size = next(size for at, (size, _) in enumerate(_PARTS_ABROAD) if found[f"p{at}"])
        yield Share(found.start(), found.end(), size * _TIMES_ABROAD.get((found["times"] or "").lower(), 1), "percent")


def _points_abroad(text: str) -> Iterator[Share]:
    for found in _POINT_ABROAD.finditer(text):
        yield Share(found.start(), found.end(), 0.5 if found["half"] else 0.25, "points")


def _count(word: str) -> float:
    return float(word) if word.isdigit() else 1.0 if word.lower() in ("a", "an") else WORDS[word.lower()][1]


def _of_so_many(text: str, english: bool) -> Iterator[Share]:
    for found in _IN.finditer(text):
        ours = english and found["joint"].lower().startswith(("in", "out", "of"))
        some, whole = (_small(found[name], ours) for name in ("some", "whole"))
        if not 0 < some < whole <= WHOLE_MAX or (found["joint"].lower() in ("von", "su", "av", "af") and whole > 10):
            continue
        yield Share(found.start(), found.end(), 100 * some / whole, "percent")


def _of_every(text: str) -> Iterator[Share]:
    """ "Jeder fünfte", "var femte", "каждый пятый": one in so many."""
    for found in _EVERY.finditer(text):
        if whole := _ordinals().get(found["which"].lower()):
            yield Share(found.start(), found.end(), 100 / whole, "percent")


@cache
def _ordinals() -> dict[str, int]:
    return {word: int(row[0]) for row in data.rows("every_nth.tsv") for word in row[1].split()}


def _small(word: str, english: bool) -> float:
    word = word.lower()
    if word.isdigit():
        return float(word)
    if word in WORDS:
        return WORDS[word][1] if WORDS[word][0] == "unit" or word == "hundred" else 0.0
    one = word in ("ein", "eine", "einer", "un", "une", "uno", "una", "um", "uma", "en", "één", "een")
    return 0.0 if english else 1.0 if one else words_abroad().get(word, 0.0)


def _points(text: str) -> Iterator[Share]:
    for found in _POINT.finditer(text):
        size = (found["size"] or "").lower()
        value = VULGAR[found["mark"]] if found["mark"] else _POINT_SIZES.get(size, 0.75)
        yield Share(found.start(), found.end(), value, "points")


def _multiples(text: str) -> Iterator[Share]:
    for found in _MULTIPLE.finditer(text):
        if found["fold"]:
            value = _count(found["fold"])
        else:
            value = next(times for stem, times in _TIMES.items() if found.group().lower().startswith(stem))
        yield Share(found.start(), found.end(), value, "times")
