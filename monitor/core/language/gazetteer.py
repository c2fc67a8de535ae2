"""Finds names in text in one pass: countries and what stands for them, and classes of people. Tables are data.

Aliases are folded. One with `*` at its end stands for any ending, `~` marks a weaker cue. Aliases of up to three Latin
letters ("US", "UN") count only where they are written in capitals, or they would find pronouns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import ahocorasick

from monitor import data
from monitor.core.text import apart, fold

WEAK = 0.5  # strength of a name that others bear too (set)
# Phrases of this class hide the words in them: a workers' party is no workers.
NOBODY = "nobody"
PLACE = 0.9  # strength of an actor named by a place of its (set)
PERSON = 0.9  # strength of an actor named by a person of its (set)
# Other scripts may go on behind them: "EU首脑", "EU가".
_CAPITALS = re.compile(r"[A-Z](?<![A-Za-z0-9_À-ɏ][A-Z])(?:\.[A-Z]\.|[A-Z]{1,2}(?![A-Za-z0-9_À-ɏ]))")
_PARTICLE = "(?:에서|에게|으로|이나|에|의|은|는|이|가|와|과|로|도|군|측|선)?"
_SPACELESS_FROM = "\u1100"  # where such scripts begin: most text ends before, and is not looked through
_SPACELESS = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Found:
    """A name in a text: which concept, how surely (0..1), and the words that named it."""

    concept: str
    strength: float
    surface: str


_Meaning = list[tuple[str, float, bool]]  # for each concept how surely, and if only begun
_Alias = tuple[str, _Meaning]
_Span = tuple[int, int, _Meaning]


class Finder:
    """An automaton over aliases; the longest of overlapping names wins."""

    def __init__(self, rows: Iterable[tuple[str, str, float]]) -> None:
        """`rows` are (concept, alias, strength)."""
        self._capitals: dict[str, list[tuple[str, float]]] = {}
        merged: dict[str, _Meaning] = {}
        for concept, raw, strength in rows:
            weak, prefix = raw.endswith("~"), raw.endswith("*")
            alias = raw.rstrip("*~").strip()
            value = WEAK if weak else strength
            if not prefix and len(alias.replace(".", "")) <= 3 and alias.isascii():
                self._capitals.setdefault(alias.upper().replace(".", ""), []).append((concept, value))
                continue
            merged.setdefault(fold(alias), []).append((concept, value, prefix))
        # An automaton tries all letters that an alias may begin with in turn, at every letter. Aliases of words that
        # are written apart begin behind a space, and it tries but that at most letters; those of other scripts do not.
        plain: dict[str, list[_Alias]] = {}
        for alias, values in merged.items():
            if alias[:1].isascii():
                plain.setdefault(f" {apart(alias)}", []).append((alias, values))
        others = {alias: [(alias, values)] for alias, values in merged.items() if not alias[:1].isascii()}
        self._plain, self._others = _automaton(plain), _automaton(others)

    def _named(self, folded: str) -> Iterator[_Span]:
        """Where aliases stand by themselves, and what they mean."""
        for end, aliases in self._plain(f" {apart(folded)}"):
            for alias, values in aliases:
                start = end - len(alias)
                if folded.startswith(alias, start) and (_ends(folded, end) or any(prefix for _, _, prefix in values)):
                    yield start, end, values
        for end, ((alias, values),) in () if folded.isascii() else self._others(folded):
            start = end - len(alias) + 1
            if start >= 0 and _bounded(folded, start, end + 1, values):
                yield start, end + 1, values

    def find(self, text: str, folded: str) -> dict[str, Found]:
        """The strongest finding of each concept; `folded` is `fold(text)`."""
        spans = sorted(self._named(folded), key=lambda span: (span[0] - span[1], span[0]))
        taken: list[tuple[int, int]] = []
        found: dict[str, Found] = {}
        for start, end, values in spans:
            if any(start < right and left < end for left, right in taken):
                continue
            taken.append((start, end))
            for concept, strength, prefix in values:
                if prefix or _ends(folded, end):
                    _keep(found, Found(concept, strength, folded[start : _word_end(folded, end)]))
        for match in _CAPITALS.findall(text) if self._capitals else ():
            for concept, strength in self._capitals.get(match.replace(".", ""), ()):
                _keep(found, Found(concept, strength, match))
        return found


def _automaton(aliases: Mapping[str, list[_Alias]]) -> Callable[[str], Iterator[tuple[int, list[_Alias]]]]:
    """Iterates over the aliases in a text."""
    automaton = ahocorasick.Automaton()
    for written, meant in aliases.items():
        if written.strip():
            automaton.add_word(written, meant)
    automaton.make_automaton()
    return automaton.iter if len(automaton) else lambda text: iter(())


def _keep(found: dict[str, Found], new: Found) -> None:
    if new.concept == NOBODY:
        return
    old = found.get(new.concept)
    if old is None or new.strength > old.strength:
        found[new.concept] = new


def _bounded(folded: str, start: int, end: int, values: _Meaning) -> bool:
    if _is_spaceless(folded[start]):
        return True
    if start and (folded[start - 1].isalnum() or folded[start - 1] == "_"):
        return False
    return _ends(folded, end) or any(prefix for _, _, prefix in values)


def _is_spaceless(char: str) -> bool:
    return char >= _SPACELESS_FROM and _SPACELESS.match(char) is not None


def _ends(folded: str, end: int) -> bool:
    return end >= len(folded) or not folded[end].isalnum() or _is_spaceless(folded[end - 1])


def _word_end(folded: str, end: int) -> int:
    if _is_spaceless(folded[end - 1]):
        return end
    while end < len(folded) and folded[end].isalnum():
        end += 1
    return end


@cache
def actors() -> Finder:
    """Countries and organisations by any of their names, places, people and institutions."""
    rows = []
    for code, _, name, names, places, people in _actor_rows():
        rows += [(code, alias, 1.0) for alias in (name, *names.split("|")) if alias]
        rows += [(code, alias, PLACE) for alias in places.split("|") if alias]
        rows += [(code, alias, PERSON) for alias in people.split("|") if alias]
    return Finder(rows)


def _actor_rows() -> list[tuple[str, ...]]:
    return [(*row, "", "", "")[:6] for row in data.rows("actors.tsv")]


@cache
def companions() -> tuple[tuple[str, frozenset[str], re.Pattern[str], re.Pattern[str]], ...]:
    """Who is meant by a bare word beside another's name ("Seoul says the North ..."): actor, companions, patterns.

    The word may not be part of a longer name ("North Gyeongsang", "Kim Min-seok"); the second pattern is for headlines
    that write Every Word With a Capital, where only a hyphen tells.
    """
    return tuple(
        (
            code,
            frozenset(beside.split()),
            re.compile(rf"\b{word}\b(?!-| [A-Z])"),
            re.compile(rf"\b{word}\b(?!-| [A-Z]\w*-)"),
        )
        for code, word, beside in data.rows("companions.tsv")
    )


@cache
def shorthand() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The one-syllable names of Korean headlines: actor and pattern."""
    return tuple(
        (code, re.compile(rf"(?<!\w)({syllables}){_PARTICLE}(?!\w)")) for code, syllables in data.rows("shorthand.tsv")
    )


@cache
def actor_names() -> Mapping[str, str]:
    """English names by code: "KP" -> "North Korea"."""
    return {row[0]: row[2] for row in _actor_rows()}


@cache
def regions() -> Finder:
    """What countries are called together: "West African", "Baltic ports"."""
    return Finder((row[1], alias, 1.0) for row in data.rows("regions.tsv") for alias in row[0].split("|"))


def members(text: str) -> frozenset[str]:
    """The codes of the countries that a text names together."""
    return frozenset(code for codes in regions().find(text, fold(text)) for code in codes.split())


@cache
def people() -> Finder:
    """Classes of people by their words."""
    return Finder((row[0], alias, 1.0) for row in data.rows("people.tsv") for alias in row[1].split("|"))


@cache
def abroad() -> Finder:
    """Words for "in another country"."""
    return Finder(("abroad", alias, 1.0) for row in data.rows("abroad.tsv") for alias in row[0].split("|"))
