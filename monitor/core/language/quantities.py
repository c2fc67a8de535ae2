"""Numbers in running text: digits and words, ranges, qualifiers, money, percentages, ages, and what they count.

`find` is one regular expression and a few table look-ups; it is meant for millions of short texts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from monitor import data

PHRASE_WORDS_MAX = 5
ROUNDING = 0.05
EXACT_BELOW = 1000.0


FAMILIES = frozenset(row[1] for row in data.rows("units.tsv")) | {"age", "rank", "score", "decade"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts. `low`/`high` are in the unit class ("days"); `noun` is the counted word as written.

    `bound` says what the qualifier does: "max" (up to), "min" (more than), "about", or "". `vague` marks "dozens".
    """

    start: int
    end: int
    value: str
    low: float
    high: float
    unit: str = ""
    family: str = ""
    qualifier: str = ""
    bound: str = ""
    noun: str = ""
    vague: bool = False
    noun_end: int = 0


def _alternatives(words: Sequence[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s") for word in sorted(words, key=len, reverse=True))


_NUMBER_ROWS = [row for row in data.rows("number_words.tsv") if len(row) >= 4]
_WORDS = {row[0]: (row[1], float(row[2]), float(row[3])) for row in _NUMBER_ROWS}
_QUALIFIERS = {row[0]: (row[1], row[2]) for row in data.rows("qualifiers.tsv")}
_CARDINAL = _alternatives([word for word, (kind, _, _) in _WORDS.items() if kind in ("unit", "scale")])
_SCALE = _alternatives([word for word, (kind, _, _) in _WORDS.items() if kind == "scale"])
_SUFFIX = _alternatives([word for word, (kind, _, _) in _WORDS.items() if kind == "suffix"])
_RANK = _alternatives([word for word, (kind, _, _) in _WORDS.items() if kind == "rank"])
_VAGUE = _alternatives([word for word, (kind, _, _) in _WORDS.items() if kind == "vague"])
_CURRENCY = r"us\$|nz\$|a\$|c\$|[$£€¥₩₽₴₹]"
_DIGITS = r"\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SPELT = (
    rf"(?:half\sa\s|(?:a\s)?quarter\sof\sa\s|an?\s|(?:a\s)?couple\sof\s|several\s|(?:a\s)?few\s)(?:{_SCALE})\b"
    rf"|(?:{_CARDINAL})(?:(?:[\s-]|\sand\s)(?:{_CARDINAL}))*\b"
)
_LOOSE = rf"(?:(?:tens|hundreds|thousands)\sof\s)?(?:{_VAGUE})\b(?<!scores)|scores(?=\sof\b)"
_MAGNITUDE = rf"(?:(?:{_SUFFIX})(?![^\W_])|\s(?:bn|tn|mln|mn|lakh|crore)\b|[\s-](?:{_SCALE})\b)"
_ONE = rf"(?:{_DIGITS})(?:{_MAGNITUDE})?|{_SPELT}|{_LOOSE}|(?:{_RANK})\b"
_SHARE = re.compile(
    rf"(?:\b(?P<qualifier>{_alternatives(list(_QUALIFIERS))})\s)?"
    r"\b(?P<share>(?:(?P<times>an?|one|two|three|four|nine)[\s-])?(?P<part>half|thirds?|quarters?|fifths?|tenths?))"
    r"(?=\sof\s(?:the|its|their|all|his|her|our|those|these|[a-z]+s)\b)",
    re.IGNORECASE,
)
_NUMERIC = frozenset((*_WORDS, "half", "quarter", "quarters", "thirds", "fifths", "tenths"))
_SHARES = {"half": 50.0, "third": 100 / 3, "quarter": 25.0, "fifth": 20.0, "tenth": 10.0}
_NUMBER = re.compile(
    rf"(?:\b(?P<qualifier>{_alternatives(list(_QUALIFIERS))})\s(?:the\s|a\stotal\sof\s)?)?"
    rf"(?<![^\W_])(?<![^\W_][-./,])(?P<between>(?:between|from)\s)?(?P<currency>{_CURRENCY})?\s?"
    rf"(?<![^\W_])(?P<low>{_ONE})"
    rf"(?:['’\"”]?(?P<joint>\s?[-–—]\s?|\sto\s(?:as\smany\sas\s|more\sthan\s)?|\sand\s|\sor\s)['‘\"“]?"
    rf"(?:{_CURRENCY})?(?P<high>{_ONE}))?"
    r"(?P<ordinal>(?:st|nd|rd|th)\b)?(?P<percent>\s?%|[\s-]?per\s?cent(?:age\spoints?)?\b|pc\b)?",
    re.IGNORECASE,
)
_PHRASE = re.compile(r"[-\s'‘’\"“”(\[]*([^\W\d_]+(?:['’.][^\W\d_]+)*|°[cf]|\$|km/h)", re.IGNORECASE)
_BREAK = re.compile(r"\(|\s[-–—]\s")
_AGE_AFTER = re.compile(r"[-\s]*(?:year|month|week|day)s?[-\s]olds?\b", re.IGNORECASE)
_AGED_BEFORE = re.compile(r"(?:\baged?\s(?:between\s|from\s|of\s|about\s|over\s|under\s)?|\bages\s)$", re.IGNORECASE)
_APPOSED = re.compile(r"[^\W\d_],\s$")
_DOTTED = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_SCORE_NUMBERS = re.compile(r"\d{1,3}\s?[-–—]\s?\d{1,3}$")
_NATIONALS = re.compile(r"^[A-Z]\w+(?:ans|ese|ish|is|lers)$")
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[a-z]+")
_YEAR = re.compile(r"(?:1[89]|20)\d\d$")
_STOP = data.words("phrase_ends")
_LABELS = data.words("number_labels")
_FILLERS = data.words("phrase_fillers")


@cache
def _units() -> dict[str, tuple[str, str, float]]:
    table: dict[str, tuple[str, str, float]] = {}
    for unit, family, factor, words in data.rows("units.tsv"):
        for word in words.split():
            table.setdefault(word, (unit, family, float(factor)))
    return table


def unit_of(word: str) -> tuple[str, str, float] | None:
    """Unit class, family and factor of a counted word in any number ("soldiers" -> troops, people, 1); else None."""
    word = word.lower().replace("’", "'").removesuffix("'s").removesuffix("'")
    table = _units()
    for form in (word, word[:-1] if word.endswith("s") else "", word[:-2] if word.endswith("es") else ""):
        if form and form in table:
            return table[form]
    return None


@cache
def _families() -> dict[str, str]:
    return {row[0]: row[1] for row in data.rows("units.tsv")}


def family_of(unit: str) -> str:
    """The family of a unit class ("troops" -> "people"); of an unknown one, itself."""
    return _families().get(unit, unit)


def is_number(word: str) -> bool:
    """Whether a word is a number word: "twenty", "dozens"."""
    return word in _WORDS


def singular(word: str) -> str:
    """A plain guess at the singular of a counted word: "parties" -> "party", "tests" -> "test"."""
    word = word.lower()
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us")) else word


def _spelt(written: str) -> tuple[float, float, bool]:
    total, part, vague = 0.0, 0.0, False
    low_factor = high_factor = 1.0
    tokens = re.findall(r"[a-z]+", written)
    for position, word in enumerate(tokens):
        kind, low, _ = _WORDS.get(word, ("", 0.0, 0.0))
        if word in ("half", "quarter"):
            part = {"half": 0.5, "quarter": 0.25}[word]
        elif word in ("several", "few", "couple"):
            vague = word != "couple"
            low_factor, high_factor, part = 2.0, (9.0 if vague else 2.0), 1.0
        elif kind in ("unit", "rank"):
            part += low
        elif kind == "scale":
            part = (part or 1.0) * low
            if low >= EXACT_BELOW:
                total, part = total + part, 0.0
        elif kind == "vague" or word == "tens":
            return _vague(tokens[position:])
    total += part
    return total * low_factor, total * high_factor, vague


def _vague(tokens: Sequence[str]) -> tuple[float, float, bool]:
    first = {"tens": (20.0, 99.0)}.get(tokens[0]) or _WORDS[tokens[0]][1:]
    if len(tokens) == 1:
        return first[0], first[1], True
    scale = {"thousands": 1e3, "millions": 1e6, "billions": 1e9, "trillions": 1e12}.get(tokens[-1], 1.0)
    return first[0] * scale, (first[1] + 1) * scale - 1, True


def number(text: str) -> tuple[float, float, bool]:
    """One written number as (low, high, vague): "3.4 million", "half a million", "tens of thousands"."""
    text = text.lower().strip()
    if not text[:1].isdigit():
        return _spelt(text)
    digits = re.match(r"[\d.,\u00a0\u202f]*\d", text)
    assert digits is not None
    value = float(re.sub(r"[,\u00a0\u202f]", "", digits.group()))
    tail = text[digits.end() :].strip(" -")
    value *= _WORDS[tail][1] if tail in _WORDS else 1.0
    return value, value, False


def _magnitude(text: str) -> float:
    tail = re.sub(r"^[\d.,\u00a0\u202f]+[\s-]?", "", text.lower())
    return _WORDS[tail][1] if tail in _WORDS and text[:1].isdigit() else 1.0


def _counted(text: str, end: int) -> tuple[str, tuple[str, str, float] | None, int]:
    """The word that a number counts: the first known unit in the phrase that follows, else its likeliest noun."""
    words: list[tuple[str, int]] = []
    position = end
    while len(words) < PHRASE_WORDS_MAX and (found := _PHRASE.match(text, position)):
        word = found.group(1)
        lower = word.lower()
        if lower in _STOP or _BREAK.search(text, position, found.start(1)):
            break
        position = found.end()
        if lower in _FILLERS:
            continue
        unit = unit_of(lower)
        if unit is not None:
            follower = _PHRASE.match(text, position)
            if (
                follower
                and (next_unit := unit_of(follower.group(1)))
                and next_unit[1] == unit[1] == "people"
                and follower.group(1).endswith("s")
            ):
                return follower.group(1), next_unit, follower.end()
            return word, unit, position
        words.append((word, position))
        if lower.endswith("s") and not lower.endswith("ss") and word.islower():
            return lower, None, position
    if words and _NATIONALS.search(words[0][0]):
        return words[0][0], ("people", "people", 1.0), words[0][1]
    lowered = [(word, at) for word, at in words[:2] if word.islower()]
    if not lowered:
        return "", None, end
    return lowered[-1 if len(lowered) > 1 and not lowered[-1][0].endswith("ed") else 0][0], None, lowered[-1][1]


def _currency(symbol: str) -> tuple[str, str, float] | None:
    return _units().get(symbol.lower()) if symbol else None


def _age(text: str, found: re.Match[str]) -> bool:
    before, after = text[max(0, found.start("low") - 16) : found.start("low")], text[found.end() : found.end() + 16]
    if _AGE_AFTER.match(after) or _AGED_BEFORE.search(before) or re.match(r"\syears?\sof\sage", after):
        return True
    digits = found.group("low").isdigit() and len(found.group("low")) < 3 and not found.group("high")
    return digits and bool(_APPOSED.search(before)) and after[:1] in (",", "")


def _build(text: str, found: re.Match[str]) -> Quantity | None:
    low_text, high_text, joint = found.group("low"), found.group("high"), (found.group("joint") or "").strip()
    if high_text and joint in ("and", "or") and not found.group("between"):
        return None
    low, high, vague = number(low_text)
    after = text[found.end() : found.end() + 1]
    if after.isalpha() and not found.group("ordinal") and not _glued(text, found.end()):
        return None
    if high_text:
        second, high, loose = number(high_text)
        vague = vague or loose
        if _magnitude(low_text) == 1.0 and second > low * 100 and (scale := _magnitude(high_text)) > 1.0:
            low *= scale
        elif second <= low or (_SCORE_NUMBERS.match(f"{low_text}-{high_text}") and second < 10 and joint in "-–—"):
            low, high = low, second
    qualifier, bound = _QUALIFIERS.get(re.sub(r"\s", " ", (found.group("qualifier") or "").lower()), ("", ""))
    start = found.start("qualifier") if qualifier else found.start()
    first = "between" if found.group("between") and joint == "and" else "currency" if found.group("currency") else "low"
    written = text[found.start(first) : found.end()].strip()
    made = Quantity(start, found.end(), written, low, high, qualifier=qualifier, bound="" if bound == "none" else bound)
    return _with_unit(text, found, made, vague, joint)


def _glued(text: str, end: int) -> bool:
    tail = re.match(r"(?:km/h|kmh|km|kg|cm|mph|ft|ha|mi|lbs?|m|c|f|s|g)\b", text[end : end + 5], re.IGNORECASE)
    return tail is not None


def _with_unit(text: str, found: re.Match[str], made: Quantity, vague: bool, joint: str) -> Quantity | None:
    if found.group("ordinal") or _WORDS.get(found.group("low").lower(), ("",))[0] == "rank":
        ranked = _PHRASE.match(text, found.end())
        noun, end = (ranked.group(1).lower(), ranked.end()) if ranked else ("", 0)
        return replace(made, unit="rank", family="rank", noun=noun, noun_end=end)
    if found.group("percent"):
        return replace(made, unit="percent", family="percent", vague=vague, noun_end=found.end())
    if _age(text, found):
        years = _AGE_AFTER.match(text, found.end())
        return replace(made, unit="age", family="age", vague=vague, noun_end=years.end() if years else found.end())
    if unit := _currency(found.group("currency") or ""):
        return replace(made, unit=unit[0], family=unit[1], vague=vague, noun_end=found.end())
    glued = re.match(r"(km/h|kmh|km|kg|cm|mph|ft|ha|mi|lbs?|m|c|f|s)\b", text[found.end() : found.end() + 5], re.I)
    if glued and glued.group(1).lower() == "s":
        kind = "decade" if made.low >= 100 else "age"
        return replace(made, unit=kind, family=kind, high=made.low + 9, noun_end=glued.end() + found.end())
    noun, counted, end = _counted(text, found.end())
    if glued:
        noun, end = glued.group(1).lower(), found.end() + glued.end()
        counted = {"c": ("degrees C", "temperature", 1.0), "f": ("degrees F", "temperature", 1.0)}.get(
            noun, unit_of(noun)
        )
    if made.high <= made.low and found.group("high") and joint in "-–—":
        return replace(made, unit="score", family="score", noun_end=found.end())
    if counted is None:
        if _YEAR.match(found.group("low")) and not found.group("currency") and "," not in made.value:
            return None
        if not made.qualifier and text[: made.start].rstrip().rpartition(" ")[2].lower() in _LABELS:
            return None
        kind = singular(noun)
        return replace(made, unit=kind, family=kind, noun=noun, vague=vague, noun_end=end)
    unit_class, family, factor = counted
    if family == "people" and _DOTTED.fullmatch(found.group("low")):
        factor *= 1000
    return replace(
        made, unit=unit_class, family=family, low=made.low * factor, high=made.high * factor, noun=noun.lower(),
        vague=vague, noun_end=end,
    )  # fmt: skip


def find(text: str, taken: Sequence[tuple[int, int]] = ()) -> tuple[Quantity, ...]:
    """Every quantity of a text in order, without those in `taken` spans (dates). Bare "one" counts only with a noun."""
    quantities: list[Quantity] = []
    position = 0
    if not _DIGIT.search(text) and _NUMERIC.isdisjoint(_LETTERS.findall(text.lower())):
        return ()
    shares = [_share(found) for found in _SHARE.finditer(text)]
    taken = [*taken, *((share.start, share.end) for share in shares)]
    while found := _NUMBER.search(text, position):
        position = found.end()
        if any(start < found.end() and found.start("low") < end for start, end in taken):
            continue
        if found.group("high") and (found.group("joint") or "").strip() in ("and", "or") and not found.group("between"):
            cut = found.end("low")
            found = _NUMBER.match(text[:cut], found.start()) or found
            position = cut
            made = _build(text, found) if found.end() == cut else None
        else:
            made = _build(text, found)
        if made is None or (found.group("low").lower() == "one" and made.family not in ("people", "time", "cases")):
            continue
        quantities.append(made)
    return tuple(sorted([*quantities, *shares], key=lambda each: each.start))


def _share(found: re.Match[str]) -> Quantity:
    """A part of a whole as a percentage: "two thirds of the men"."""
    times = {"two": 2, "three": 3, "four": 4, "nine": 9}.get((found.group("times") or "").lower(), 1)
    percent = times * _SHARES[found.group("part").lower().removesuffix("s")]
    qualifier, bound = _QUALIFIERS.get(re.sub(r"\s", " ", (found.group("qualifier") or "").lower()), ("", ""))
    return Quantity(
        found.start(), found.end(), found.group("share"), percent, percent, "percent", "percent", qualifier,
        "" if bound == "none" else bound, noun_end=found.end(),
    )  # fmt: skip


def alike(one: Quantity, other: Quantity) -> bool:
    """Whether two figures may count the same: nouns that no unit table has ("homes", "interiors") may be synonyms."""
    return one.family == other.family or not (one.family in FAMILIES and other.family in FAMILIES)


def significant(value: float) -> int:
    """How many leading digits a number shows: 30,000 -> 1, 4.1 million -> 2."""
    digits = f"{value:.6g}".replace(".", "").split("e")[0].strip("0")
    return max(1, len(digits))


def _rounds(fine: float, coarse: float) -> bool:
    if fine == 0 or abs(fine - coarse) > ROUNDING * abs(fine):
        return False
    if abs(coarse) < EXACT_BELOW and fine == int(fine):
        return False
    return float(f"{fine:.{significant(coarse)}g}") == coarse


def same(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities of one unit family say the same number: in words, digits, or rounded the usual way.

    "Fewer than 600" is not "more than 600", nor are euros dollars; "up to 600" may be 600.
    """
    if {_side(one), _side(other)} == {-1, 1}:
        return False
    if one.family == other.family == "money" and "money" not in (one.unit, other.unit) and one.unit != other.unit:
        return False
    return same_range(one.low, one.high, one.vague, other.low, other.high, other.vague)


def _side(one: Quantity) -> int:
    """Where a qualifier puts the true number: -1 beneath the one given, 1 above it, 0 at it."""
    return 1 if one.bound == "min" else -1 if one.bound == "max" or one.qualifier == "nearly" else 0


def same_range(low: float, high: float, vague: bool, other_low: float, other_high: float, other_vague: bool) -> bool:
    """As `same`, on bare ranges: equal bounds, one a round form of the other, or one inside the other's vague range."""
    if vague != other_vague:
        wide, narrow = ((low, high), (other_low, other_high)) if vague else ((other_low, other_high), (low, high))
        return wide[0] <= narrow[0] and narrow[1] <= wide[1]
    return _near(low, other_low) and _near(high, other_high)


def _near(one: float, other: float) -> bool:
    if abs(one - other) <= 1e-6 * max(abs(one), abs(other), 1.0):
        return True
    return _rounds(one, other) or _rounds(other, one)
