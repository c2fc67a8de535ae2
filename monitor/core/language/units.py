"""What figures count: units of people, money, time and measures in any spelling, and the families they belong to."""

from __future__ import annotations

import re
from functools import cache

from monitor import data

Unit = tuple[str, str, float]
"""Unit class, family, and the factor to the class."""
FAMILIES = frozenset(row[1] for row in data.rows("units.tsv")) | {"volume", "age", "rank", "score", "decade", "times"}
MEASURES = frozenset(("length", "area", "volume", "mass"))
_POWERS = {"square": "square", "sq": "square", "cubic": "cubic"}
_POWER_BEHIND = re.compile(
    r"(?P<square>[²2]\b|\s(?:carr|cuadrad|quadrat|quadrad)\w{1,2}\b)|[³3]\b|\scub(?:es|os|ici|icos)\b"
)


@cache
def _units() -> dict[str, Unit]:
    table: dict[str, Unit] = {}
    for unit, family, factor, words in data.rows("units.tsv"):
        for word in words.split():
            table.setdefault(word, (unit, family, float(factor)))
    return table


@cache
def _abroad() -> dict[str, str]:
    """Words for people outside English, with what happened to them where the word says so."""
    rows = data.rows("counted_abroad.tsv")
    return {word: role.strip("-") for role, nouns, _ in rows for word in nouns.split()}


def fate_abroad(word: str) -> str:
    """What a word for people outside English says has happened to them: "Verletzte" -> "wounded"."""
    return _abroad().get(word.lower(), "")


def is_abroad(word: str, *, counted: bool) -> bool:
    """Whether a word in small letters is one for people outside English, and is counted or says what befell them."""
    return word in _abroad() and (counted or bool(_abroad()[word]))


def of(word: str, *, english: bool = True) -> Unit | None:
    """Unit class, family and factor of a counted word in any number ("soldiers" -> troops, people, 1); else None."""
    word = word.lower().replace("’", "'").removesuffix("'s").removesuffix("'")
    word = word[2:] if word[:2] in ("d'", "l'") else word
    if not english and word in _abroad():
        return "people", "people", 1.0
    table = _units()
    for form in (word, word[:-1] if word.endswith("s") else "", word[:-2] if word.endswith("es") else ""):
        if form and form in table:
            return table[form]
    return None


@cache
def _families() -> dict[str, str]:
    return {row[0]: row[1] for row in data.rows("units.tsv")} | {"cubic metres": "volume"}


@cache
def _measures() -> dict[str, str]:
    rows = (row[3].split() for row in data.rows("units.tsv") if row[1] in MEASURES)
    return {word: words[0] for words in rows for word in words} | {"m": "metres"}


def is_measure(word: str) -> bool:
    """Whether a word is a measure's in English too: "miles", which in Spanish are thousands."""
    unit = _units().get(word) or _units().get(word.removesuffix("s"))
    return unit is not None and unit[1] in MEASURES


def measure(noun: str) -> str:
    """How a measure is named, in whatever way it is written: "km" -> "kilometres", "sq km" -> "square kilometres"."""
    power, _, plain = noun.lower().rpartition(" ")
    table = _measures()
    return f"{power} {table.get(plain) or table.get(plain.removesuffix('s')) or plain}".strip()


def size(measure: str) -> float:
    """How many of its class a measure is: of metres "kilometres" 1000, of square metres "square kilometres" 1e6."""
    power, _, plain = measure.rpartition(" ")
    unit = of(plain)
    return unit[2] ** {"square": 2, "cubic": 3}.get(power, 1) if unit and unit[1] in MEASURES else 1.0


def family_of(unit: str) -> str:
    """The family of a unit class ("troops" -> "people"); of an unknown one, itself."""
    return _families().get(unit, unit)


def currency(sign: str) -> Unit | None:
    """The unit of a sign or code before a sum: "US$", "£"; money of one that is not listed; None where none stands."""
    return (_units().get(sign.lower()) or ("money", "money", 1.0)) if sign else None


def measured(text: str, before: str, word: str, end: int) -> tuple[str, Unit, int] | None:
    """A length, or an area or a volume where it is squared or cubed: "45 square kilometres", "90 m³"; else None.

    `before` is the word before it, `end` where it ends in the text; the word, its unit and where all of it ends.
    """
    behind = _POWER_BEHIND.match(text, end)
    unit = of("metre" if behind and word.lower() == "m" else word)
    if unit is None or unit[1] != "length":
        return None
    power = _POWERS.get(before.lower()) or (behind and ("square" if behind["square"] else "cubic"))
    if not power:
        return word, unit, end
    family, exponent = ("area", 2) if power == "square" else ("volume", 3)
    return f"{power} {word}", (f"{power} metres", family, unit[2] ** exponent), behind.end() if behind else end
