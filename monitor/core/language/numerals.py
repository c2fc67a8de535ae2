"""How numbers are written, in digits and in words, wherever news is written: one reader for all conventions.

Digits in groups by comma, point, blank or apostrophe, the Indian 2-2-3, decimal point and decimal comma, vulgar and
slash fractions, signs, magnitudes glued or apart (m, bn, lakh crore, Mrd., mil millones, 億), words with their joints.
A number that two conventions read differently (1.234) has two readings.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from monitor import data

EXACT_FROM = 1000.0  # from which a fraction is read exactly (set)
VULGAR = {sign: unicodedata.numeric(sign) for sign in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"}
_MARK = "".join(VULGAR)
# Scripts without blanks between words, in which a unit or a noun follows a figure at once.
UNSPACED = r"\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_EASTERN = {"十": 1e1, "百": 1e2, "千": 1e3, "万": 1e4, "萬": 1e4, "億": 1e8, "亿": 1e8, "兆": 1e12,
            "십": 1e1, "백": 1e2, "천": 1e3, "만": 1e4, "억": 1e8, "조": 1e12}  # fmt: skip
_EAST = "".join(_EASTERN)
# Blanks that part groups; a common blank too, which is why a group must be whole.
_BLANKS = "\u00a0\u202f\u2009\u2007 "
DIGITS = (
    r"\d{1,2}(?:,\d{2}){1,5},\d{3}(?!\d)(?:\.\d{1,9})?"
    rf"|\d{{1,3}}(?:(?:,\d{{3}}){{1,6}}|(?:\.\d{{3}}){{1,6}}|(?:['’]\d{{3}}){{1,6}}|(?:[{_BLANKS}]\d{{3}}){{1,6}})(?!\d)"
    r"(?:[.,]\d{1,9}(?!\d))?"
    rf"|\d+\s?[{_MARK}]|\d{{1,4}}\s\d/\d{{1,2}}(?![\d/])|[{_MARK}]|\d+(?:[.,]\d+)?"
)
EASTERN = rf"(?:[{_EAST}]{{1,3}}(?:\d+[{_EAST}]{{1,3}}){{0,4}}(?:\d{{1,4}}(?![\d.,]))?)"
SIGN = r"(?:(?<![^\W_])(?<![\d.,%)])[-−–+](?=[\d.$£€])|\b(?:minus|plus)\s)"
# "3 milyar 500 milyon", "3 crore 50 lakh": a lesser part behind the first magnitude.
_LESSER = re.compile(r"\s(?:(?:and|und|y|e|et|i|ve)\s)?(?P<rest>\d{1,3}\D.*)$")
# Letters of a number word that is of its own language ("diecisiete", "sjutton": checked against English words), and of
# one behind a figure: "3 Mrd.", but not "5 mi" (set).
ABROAD_LETTERS_MIN, COUNTED_LETTERS_MIN = 6, 3
# "Vinte e um", "yirmi bir", "двадцать один": one, which counts only behind a ten.
ONES = "un|une|uno|una|um|uma|unu|bir|jeden|jedna|jedno|один|одна|одну|одного|едно|един|ένας|ένα|μία|یک|satu|một|mốt"
_TOKEN = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0900-\u0dff])*(?:['’][^\W\d_]+)*")
_ONE = re.compile(ONES)
_TIMES_TEN = ("puluh", "mươi")
TWENTY = 20  # the least ten that a one is joined to as a word of its own


# "Two and a half million", "onze millions et demi", "eine halbe Million": a half of what stands before or behind it.
HALF = r"(?:half|demie?|medi[oa]|mezz[oa]|mei[oa]|halb(?:e|er|es|en)?|halvt?|halva|pół|půl)"
_HALF = re.compile(rf"\b{HALF}$")


@dataclass(frozen=True, slots=True)
class Numeral:
    """What a written number says; `other` is its value in the other convention, where that is not ruled out."""

    low: float
    high: float
    vague: bool = False
    other: float | None = None


WORDS = {row[0]: (row[1], float(row[2]), float(row[3])) for row in data.rows("number_words.tsv") if len(row) >= 4}


@cache
def words_abroad() -> dict[str, float]:
    """Number words outside English, with what is written as one word: "einundzwanzig", "ventuno"."""
    return {word: float(row[0]) for row in data.rows("number_words_abroad.tsv") for word in row[1].split()}


@cache
def shared() -> dict[str, frozenset[str]]:
    """Number words that are other words elsewhere ("hat", "on", "dos"), with the languages that count by them."""
    return {word: frozenset(languages.split()) for word, languages in data.rows("number_words_shared.tsv")}


@lru_cache(maxsize=20_000)
def is_abroad(word: str, *, counted: bool) -> bool:
    """Whether a word in small letters is one for a number outside English, or for a magnitude that is counted."""
    if WORDS.get(word, ("",))[0] == "scale" or len(word) < (COUNTED_LETTERS_MIN if counted else ABROAD_LETTERS_MIN):
        return False
    return word in words_abroad() or (counted and _magnitude_abroad(word) > 0)


@cache
def magnitudes_abroad() -> tuple[tuple[str, float], ...]:
    """Words of magnitude outside English with their factors, longest first; `*` stands for any ending."""
    found = {word: float(row[0]) for row in data.rows("magnitudes.tsv") for word in row[1].split("|")}
    return tuple(sorted(found.items(), key=lambda item: -len(item[0])))


def read(text: str, *, english: bool = True) -> Numeral:
    """One written number: "3.4 million", "half a million", "tens of thousands", "12'500", "-2½", "3億5000万"."""
    text = text.lower().strip()
    sign = -1.0 if text[0] in "-−–" or text.startswith("minus") else 1.0
    text = re.sub(r"^(?:[-−–+]|minus|plus)\s?", "", text)
    if not (text[:1].isdigit() or text[:1] in VULGAR):
        made = _spelt(text, english)
        return Numeral(sign * made.low, sign * made.high, made.vague) if sign < 0 else made
    digits = re.match(DIGITS, text)
    assert digits is not None
    value, other = _digits(digits.group(), english)
    tail = text[digits.end() :].strip(" -")
    if not tail:
        return Numeral(sign * value, sign * value, other=None if other is None else sign * other)
    if tail[0] in _EASTERN:
        value = _eastern(value, tail)
    elif lesser := _LESSER.search(tail):
        value = value * magnitude(tail[: lesser.start()], english) + read(lesser["rest"], english=english).low
    else:
        value = (value + (0.5 if _HALF.search(tail) else 0.0)) * magnitude(tail, english)
    return Numeral(sign * value, sign * value)


def scale(text: str, english: bool = True) -> float:
    """The factor of the magnitude in a written number: of "1.2 trillion" 1e12, of "36" 1."""
    digits = re.match(DIGITS, text.lower())
    return magnitude(text.lower()[digits.end() :].strip(" -"), english) if digits else 1.0


def are_apart(low: str, joint: str, high: str, english: bool = True) -> bool:
    """Whether two numbers are no range: "12 and 14", "owes 1.2 trillion to 36 clinics"."""
    if joint in ("and", "or"):
        return True
    scaled = scale(low, english) > 1 and scale(high, english) == 1
    return joint == "to" and scaled and read(high, english=english).low < EXACT_FROM


def magnitude(tail: str, english: bool = True) -> float:
    """The factor of what stands behind the digits: "bn", "lakh crore", "Mrd."; 1 where it is none."""
    factor = 1.0
    for word in tail.split():
        kind, value, _ = WORDS.get(word.removesuffix("s") if word in ("lakhs", "crores") else word, ("", 1.0, 1.0))
        if kind in ("scale", "suffix"):
            factor *= value
    if factor == 1.0 and not english:
        return _magnitude_abroad(tail) or math.prod(_magnitude_abroad(word) or 1.0 for word in tail.split())
    return factor


def _magnitude_abroad(words: str) -> float:
    """The factor of one entry of the table, 0 where it has none: "mil millones", "mila"."""
    for word, value in magnitudes_abroad():
        if words == word or (word.endswith("*") and " " not in words and words.startswith(word[:-1])):
            return value
    return 0.0


def _eastern(value: float, tail: str) -> float:
    """3億5000万, 1万2000: each part of digits times the signs behind it, added up."""
    total = 0.0
    for part in re.finditer(rf"(\d*)([{_EAST}]+|(?<=\d)$)", tail):
        value = float(part.group(1)) if part.group(1) else value
        for char in part.group(2):
            value *= _EASTERN[char]
        total, value = total + value, 0.0
    return total


def _digits(written: str, english: bool) -> tuple[float, float | None]:
    """The value of a run of digits, and what the other convention would read where both are possible."""
    if written[-1] in VULGAR:
        return (float(written[:-1].strip()) if written[:-1].strip() else 0.0) + VULGAR[written[-1]], None
    if "/" in written:
        whole, above, below = re.split(r"[\s/]+", written)
        return float(whole) + float(above) / max(1.0, float(below)), None
    plain = re.sub(rf"['’{_BLANKS}]", "", written)
    signs = [char for char in plain if char in ".,"]
    if not signs:
        return float(plain), None
    last = signs[-1]
    if len(set(signs)) > 1 or len(plain) < len(written):
        return float(plain.replace("," if last == "." else ".", "").replace(",", ".")), None
    if len(signs) > 1:
        return float(plain.replace(last, "")), None
    before, after = plain.split(last)
    if len(after) != 3 or len(before) > 3 or before.startswith("0"):
        return float(f"{before}.{after}"), None
    grouped, pointed = float(before + after), float(f"{before}.{after}")
    if last == ",":
        return (grouped, None) if english else (pointed, grouped)
    return (pointed, grouped) if english else (grouped, pointed)


def _spelt(written: str, english: bool) -> Numeral:
    total, part, last, vague = 0.0, 0.0, 1.0, False
    low_factor = high_factor = 1.0
    tokens = _TOKEN.findall(written)
    if not english and "quatre-vingt" in written:
        tokens = re.findall(r"quatre-vingts?|[^\W\d_]+", written)
    for position, word in enumerate(tokens):
        kind, low, _ = WORDS.get(word, ("", 0.0, 0.0))
        if word == "quarter" or _HALF.fullmatch(word):
            share = 0.25 if word == "quarter" else 0.5
            total, part = (total + share * last, 0.0) if total and not part else (total, part + share)
        elif word in ("several", "few", "couple"):
            vague = word != "couple"
            low_factor, high_factor, part = 2.0, (9.0 if vague else 2.0), 1.0
        elif kind in ("unit", "rank"):
            part += low
        elif kind == "scale":
            part, last = (part or 1.0) * low, low
            if low >= EXACT_FROM:
                total, part = total + part, 0.0
        elif (kind == "vague" and not part) or word == "tens":
            return _vague(tokens[position:])
        elif not english or kind == "vague":
            total, part, last = _abroad(word, total, part, last)
    total += part
    return Numeral(total * low_factor, total * high_factor, vague)


def _abroad(word: str, total: float, part: float, last: float) -> tuple[float, float, float]:
    value = 1.0 if part >= TWENTY and part % 10 == 0 and _ONE.fullmatch(word) else words_abroad().get(word)
    if value is not None:
        times = (value == 100 and 1 < part < 100) or (word in _TIMES_TEN and 1 < part < 10)
        return total, part * value if times else part + value, last
    factor = magnitude(word, english=False)
    return (total + (part or 1.0) * factor, 0.0, factor) if factor > 1 else (total, part, last)


def _vague(tokens: Sequence[str]) -> Numeral:
    first = {"tens": (20.0, 99.0)}.get(tokens[0]) or WORDS[tokens[0]][1:]
    if len(tokens) == 1:
        return Numeral(first[0], first[1], True)
    scale = {"thousands": 1e3, "millions": 1e6, "billions": 1e9, "trillions": 1e12}.get(tokens[-1], 1.0)
    return Numeral(first[0] * scale, (first[1] + 1) * scale - 1, True)
