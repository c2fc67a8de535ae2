"""How far two reports of one story tell the same thing, and what one says that the other does not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import Stemmer

from monitor import data
from monitor.core import claims, text
from monitor.core.claims import quantities
from monitor.model import Reason

LEAD_CHARS_MAX = 400

_NEGATION = re.compile(
    r"\b(?:not|no longer|never|without|fail(?:s|ed)? to|refus\w+|reject(?:s|ed)?|rul(?:es?|ed) out|\w+n['’]t)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a report is compared by: its concepts (title's first), figures, phase and negation."""

    title: frozenset[str]
    lead: frozenset[str]
    figures: tuple[tuple[float, float, str], ...]
    phase: str | None
    negated: bool
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two reports are, 0..1, and which words show it."""

    value: float
    shared: tuple[str, ...]


@cache
def _silent() -> frozenset[str]:
    return frozenset(word for row in data.rows("function_words.tsv") for word in row[0].split())


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english", 0)


@lru_cache(maxsize=65536)
def _concept(word: str) -> str:
    stem = str(_stemmer().stemWord(word))
    unit = quantities.unit_of(word)
    if unit and unit[1] == "people":
        return f"people:{unit[0]}"
    return _tables().get(word) or _tables().get(stem) or stem


@cache
def _tables() -> dict[str, str]:
    table: dict[str, str] = {}
    for row in data.rows("events.tsv"):
        for word in row[1].split():
            table.setdefault(str(_stemmer().stemWord(text.fold(word))), f"event:{row[0]}")
    for row in data.rows("name_variants.tsv"):
        for word in row[1].split():
            table[text.fold(word)] = row[0]
    return table


@cache
def _places() -> tuple[re.Pattern[str], dict[str, str]]:
    spelt = {
        text.fold(name.strip()): row[0].split(",")[0]
        for row in data.rows("places.tsv")
        for name in row[0].split(",")
        if name.strip()
    }
    names = sorted(spelt, key=lambda name: (-len(name), name))
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, names)) + r")(?:'s)?(?!\w)"), spelt


def concepts(said: str) -> dict[str, str]:
    """The concepts of a text, each with the word it stands for: places, event classes, kinds of people, stems."""
    pattern, spelt = _places()
    silent = _silent()
    found: dict[str, str] = {}

    def place(match: re.Match[str]) -> str:
        name = spelt[match.group().removesuffix("'s")]
        found.setdefault(f"place:{name}", match.group())
        return " "

    rest = pattern.sub(place, text.fold(said))
    for word in text.words(rest):
        if word not in silent and not word[0].isdigit() and len(word) > 1:
            found.setdefault(_concept(word), word)
    return found


@lru_cache(maxsize=8192)
def shape(title: str, said: str) -> Shape:
    """What a report is compared by."""
    return _shape(title, said[:LEAD_CHARS_MAX])


def _shape(title: str, lead: str) -> Shape:
    headline, body = concepts(title), concepts(lead)
    return Shape(
        frozenset(headline), frozenset(body), claims.figures(title), claims.phase(title),
        bool(_NEGATION.search(title)), tuple({**body, **headline}.items()),
    )  # fmt: skip


def compare(one: Shape, other: Shape) -> Likeness:
    """How far two reports tell the same: concepts of their headlines, and of their first lines where both have them."""
    value = _overlap(one.title, other.title)
    if one.lead and other.lead:
        value = max(value, 0.5 * value + 0.5 * _overlap(one.title | one.lead, other.title | other.lead))
    words = dict(one.words)
    shared = sorted((one.title | one.lead) & (other.title | other.lead))
    return Likeness(value, tuple(words[concept] for concept in shared))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    if not one or not other:
        return 0.0
    shared = len(one & other)
    return 0.5 * shared / min(len(one), len(other)) + 0.5 * shared / len(one | other)


def difference(one: Shape, told: Sequence[Shape]) -> Reason | None:
    """What a report says that none of `told` said: a changed figure, a denial or its reverse, a next phase."""
    changed = _changed_figure(one.figures, [figure for shape in told for figure in shape.figures])
    if changed:
        return Reason("figure", 1.0, 1.0, f"new: {changed}")
    phases = {shape.phase for shape in told}
    if one.phase in ("denied", "reversed") and one.phase not in phases:
        return Reason("phase", 1.0, 1.0, f"new: it is {one.phase}" if one.phase != "denied" else "new: a denial")
    return None


def _changed_figure(figures: Iterable[tuple[float, float, str]], known: Sequence[tuple[float, float, str]]) -> str:
    for low, high, unit in figures:
        rivals = [figure for figure in known if figure[2] == unit]
        if rivals and not any(quantities.same_range(low, high, False, *rival[:2], False) for rival in rivals):
            return f"{rivals[-1][1]:,.10g} became {high:,.10g} {unit}".strip()
    return ""
