"""Numbers in words where they are written without spaces: "十二人", "三百人", "스물한 명", "ยี่สิบคน".

They count only before a word that counts things (a classifier), for their signs stand in many other words ("三峡").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from monitor import data

NUMBER_SIGNS_MAX = 12  # signs of the longest number in words that the news has: "九千九百九十九万" (set)
_MYRIAD = 1e4  # from which a sign multiplies all before it: "十二万" is 12 × 10,000
_MULTIPLIED = (10.0, 100.0, 1000.0)  # what multiplies the digit before it, other than "스물" (20)


@dataclass(frozen=True, slots=True)
class Spelt:
    """A number in words and the word behind it that counts; `end` is where the number ends."""

    start: int
    end: int
    value: float
    counter: str


@cache
def _tables() -> tuple[tuple[re.Pattern[str], dict[str, float]], ...]:
    """For each script the pattern of a number before a classifier, and what its parts are worth."""
    found = []
    rows = {(script, kind): words.split() for script, kind, words in data.rows("eastern_numerals.tsv")}
    for script in sorted({script for script, _ in rows}):
        worth = {word: float(value) for word, _, value in (each.partition("=") for each in rows[script, "numbers"])}
        numbers, counters = (
            "|".join(sorted(map(re.escape, words), key=len, reverse=True))
            for words in (worth, rows[script, "counters"])
        )
        but = "|".join(rows[script, "but"])
        pattern = rf"(?:{but})|(?P<number>(?:{numbers}){{1,{NUMBER_SIGNS_MAX}}})\s?(?P<counter>{counters})"
        found.append((re.compile(pattern), worth))
    return tuple(found)


def find(text: str) -> Iterator[Spelt]:
    """Every number in words of a text that counts something."""
    if text.isascii():
        return
    for pattern, worth in _tables():
        for found in pattern.finditer(text):
            if found["number"] and not text[: found.start()][-1:].isdigit():
                yield Spelt(found.start(), found.end("number"), _value(found["number"], worth), found["counter"])


def _value(written: str, worth: dict[str, float]) -> float:
    total = part = digit = 0.0
    at = 0
    while at < len(written):
        size = next(size for size in range(len(written) - at, 0, -1) if written[at : at + size] in worth)
        value = worth[written[at : at + size]]
        at += size
        if value >= _MYRIAD:  # "一亿两千万", "一万亿"
            total = total + (part + digit) * value if part + digit else (total or 1.0) * value
            part = digit = 0.0
        elif value in _MULTIPLIED:
            part, digit = part + (digit or 1.0) * value, 0.0
        elif value > min(_MULTIPLIED):
            part += value
        else:
            digit = digit * 10 + value if digit else value  # "二〇"
    return total + part + digit
