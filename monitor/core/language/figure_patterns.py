"""The patterns by which figures are found: one for English text, one for all other, both bounded and linear."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from monitor import data
from monitor.core.language import numerals

QUALIFIERS: Mapping[str, tuple[str, str]] = {row[0]: (row[1], row[2]) for row in data.rows("qualifiers.tsv")}
ABROAD: Mapping[str, tuple[str, str]] = {row[0]: (row[1], row[2]) for row in data.rows("qualifiers_abroad.tsv")}
CURRENCY = data.patterns("currency")
_BOUNDED = r"(?![^\W_\u0e00-\u0eff]|[\u0900-\u0dff])"  # signs of vowels, which go on with a word of India
_PERCENT, _POINTS = data.patterns("percent"), data.patterns("points")
_METRES = data.patterns("of_metres")

# "One of the largest", a "401(k)" account: no count.
# "Toll rises from 12 to 30", "fine cut from $10m to $4m": no range, the second replaces the first.
MOVED = re.compile(rf"\b(?:{data.patterns('moved_from')})\b[^.;:!?]{{0,30}}$", re.IGNORECASE)
NO_COUNT = re.compile(r"(?:one\sof\s(?:the|its|his|her|their|our)|40[13]\(?[bk]\b)", re.IGNORECASE)
# A telephone number with its country: "+1 617 555 0100". One whose groups are all of three is a number: "+12 500 000".
_TELEPHONE = re.compile(r"\+\d{1,3}(?!(?:[\s.]\d{3})+(?![\s.()/-]?\d))(?:[\s.()/-]{1,2}\d{1,7}(?!\d)){2,6}")
# "Hundreds faced hours of waiting": people, who did something.
DID = re.compile(
    rf"(?:(?<=hundreds)|(?<=thousands)|(?<=dozens)|(?<=millions))\s(?:[a-z]{{2,12}}ed|{data.patterns('many_do')})\s",
    re.IGNORECASE,
)
# A day that a matter is named after: "9/11", "the 5/14 shooting"; "24/7". "3/4" and "5/8" are fractions.
_NAMED_DAY = re.compile(r"(?<![\d/.,])(?:(?:1[0-2]|[1-9])/(?:1[1-9]|2\d|3[01])|24/7)(?![\d/.,])")

# "Elf der Verletzten", "15 de los heridos": a part of them.
OF_THEM_ABROAD = re.compile(rf"\s(?:{data.patterns('of_them')})\s", re.IGNORECASE)


def uncounted(text: str) -> list[tuple[int, int]]:
    """Where the telephone numbers of a text that name their country, and the names of days, begin and end."""
    return [found.span() for pattern in (_TELEPHONE, _NAMED_DAY) for found in pattern.finditer(text)]


def alternatives(words: Iterable[str]) -> str:
    """A pattern of any of these phrases, the longest first."""
    return "|".join(re.escape(word).replace(r"\ ", r"\s") for word in sorted(words, key=len, reverse=True))


def _of_kind(*kinds: str) -> str:
    return alternatives(word for word, (kind, _, _) in numerals.WORDS.items() if kind in kinds)


def _starred(words: Iterable[str]) -> str:
    return "|".join(
        re.escape(word.strip("*")).replace(r"\ ", r"\s") + (r"\w{0,6}" if word.endswith("*") else "") for word in words
    )


def _one(english: bool) -> str:
    """One number with its magnitude, in digits or in words."""
    scale, cardinal = _of_kind("scale"), _of_kind("unit", "scale")
    joint = r"[\s-]|\sand\s"
    halved = rf"\sand\sa\s(?:half|quarter)(?:\s(?:{scale}))?{_BOUNDED}"
    apart = rf"\s(?:bn|tn|mln|mn)\b|\s(?:lakh|crore)s?(?:\scrore)?\b|[\s-](?:{scale})\b"
    glued = rf"(?:{_of_kind('suffix')}){_BOUNDED}(?!{_METRES})"
    halves = ""
    if not english:
        magnitudes = _starred(word for word, _ in numerals.magnitudes_abroad())
        spoken = numerals.words_abroad()
        joint += r"|\s(?:und|et|y|e|i|en|och|og|și|и|و)\s|-et-"
        tens = alternatives(word for word, value in spoken.items() if value >= numerals.TWENTY and value % 10 == 0)
        cardinal = rf"(?:{tens})(?:{joint})(?:{numerals.ONES})|{cardinal}|{alternatives(spoken)}|{magnitudes}"
        part = rf"(?:ein\w{{0,2}}\s|een\s|en\s|un[ae]?\s)?{numerals.HALF}"
        halved += rf"|\s(?:und|et|y|e|i|en|och|og)\s{part}(?:\s(?:{magnitudes}))?{_BOUNDED}"
        apart = rf"(?:[\s-]?(?:{magnitudes}){_BOUNDED}){{1,2}}(?:{halved})?|{apart}"
        halves = rf"|{numerals.HALF}[\s-](?:{magnitudes}){_BOUNDED}"
    # "ON-LINE" is neither ten (on) nor a line; in English "two-year" says two.
    whole = "" if english else r"(?!-[^\W\d_])"
    spelt = (
        rf"(?:half\sa\s|(?:a\s)?quarter\sof\sa\s|an?\s|(?:a\s)?couple\sof\s|several\s|(?:a\s)?few\s)(?:{scale})\b(?:\sand\sa\shalf\b)?"
        rf"|(?:{cardinal}){_BOUNDED}(?:(?:{joint})(?:{cardinal}){_BOUNDED}){{0,8}}(?:{halved})?{whole}{halves}"
    )
    loose = rf"(?:(?:tens|hundreds|thousands)\sof\s)?(?:{_of_kind('vague')})\b(?<!scores)|scores(?=\sof\b)"
    lesser = rf"(?:(?:{apart})\s(?:(?:and|und|y|e|et|i|ve)\s)?\d{{1,3}}(?:{apart}))"
    digits = rf"(?:{numerals.DIGITS})(?:{lesser}|{glued}|{apart}|\s?{numerals.EASTERN})?"
    return rf"{digits}|{spelt}|{loose}|(?:{_of_kind('rank')})\b"


@cache
def number(english: bool) -> re.Pattern[str]:
    """A number with its qualifier, currency, range and percent sign."""
    one = _one(english)
    currency, qualifiers = CURRENCY, QUALIFIERS if english else {**QUALIFIERS, **ABROAD}
    return re.compile(
        rf"(?:\b(?P<qualifier>{alternatives(qualifiers)})\s(?:the\s|a\stotal\sof\s)?)?"
        rf"(?<![^\W_{numerals.UNSPACED}])(?<![^\W_][-./,])(?P<between>(?:between|from)\s)?(?P<minus>{numerals.SIGN})?"
        rf"(?P<currency>{currency})?\s?(?P<low>{one})"
        rf"(?:['’\"”]?(?P<joint>\s?[-–—]\s?|\sto\s(?:as\smany\sas\s|more\sthan\s)?|\s(?:bis|à|até)\s|\sand\s|\sor\s)['‘\"“]?"
        rf"(?:{currency})?\s?(?P<high>{one}))?"
        rf"(?P<ordinal>(?:st|nd|rd|th)\b)?(?P<points>{_POINTS})?(?P<basis>\s(?:basis\spoints?|bps?)\b)?(?P<percent>{_PERCENT})?",
        re.IGNORECASE,
    )
