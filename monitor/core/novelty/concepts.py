"""What the words of a report stand for: places and people under any name, classes of events, else word stems.

"Pyongyang dispatches sappers" and "N. Korea sends soldiers" are of the same concepts. `terms` keep the events apart:
they are compared by their classes beside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

import ahocorasick

from monitor import data
from monitor.core import text
from monitor.core.language import event_classes, gazetteer, units, words
from monitor.core.language.words import stem

COPY_CONCEPTS_MIN = 4  # concepts of a headline whose copy is known by them alone (set)
_AMERICA = re.compile(r"\bUS\b")
SILENT = data.words("function_words.tsv")
_KINDS = {"soldiers": "troops", "workers": "workers"}


@lru_cache(maxsize=32768)
def fingerprint(title: str) -> str:
    """A headline's concepts in one string: equal for copies, cheap to keep for thousands; "" for very short ones."""
    found = find(title)
    return " ".join(sorted(found)) if len(found) >= COPY_CONCEPTS_MIN else ""


def find(said: str) -> dict[str, str]:
    """The concepts of a text, each with the word it stands for: places, event classes, kinds of people, stems."""
    found: dict[str, str] = {}
    for concept, name in _named(said):
        found.setdefault(concept, name)
    for word in text.words(_without_places(text.fold(_AMERICA.sub("america", said)), found)):
        if word not in SILENT and not word[0].isdigit() and len(word) > 1:
            found.setdefault(of_word(word), word)
    return found


@lru_cache(maxsize=2048)
def terms(said: str) -> dict[str, str]:
    """What a text's words stand for, each with the word: places and people under one name, else stems; no small words.

    Unlike concepts, words of one class of events stay apart; they are compared by their classes beside.
    """
    found: dict[str, str] = {}
    rest = text.fold(_AMERICA.sub("america", said))
    for concept, name in _named(said):
        found.setdefault(concept, name)
        rest = re.sub(rf"(?<!\w){re.escape(name)}(?:'s)?(?!\w)", " ", rest)
    for word in text.words(_without_places(rest, found)):
        if word not in SILENT and len(word) > 1:
            found.setdefault(_term(word), word)
    return found


def _without_places(folded: str, found: dict[str, str]) -> str:
    """A text without the places that it names, which are noted in `found`."""
    pattern, spelt, named = _places()
    if next(named(folded), None) is None:  # most name none, and the pattern tries each name at each letter
        return folded

    def place(match: re.Match[str]) -> str:
        name = match.group().removesuffix("'s")
        found.setdefault(f"place:{spelt[name]}", name)
        return " "

    return pattern.sub(place, folded)


@lru_cache(maxsize=20_000)
def _term(word: str) -> str:
    """As figures stand; the counted by their kind; a name of several spellings by its first."""
    unit = units.of(word)
    if unit and unit[1] == "people" and not event_classes.of_word(word):
        return f"people:{unit[0]}"
    concept = _tables().get(word, "")
    return concept if concept and not concept.startswith("event:") else words.stem(word)


@lru_cache(maxsize=512)  # terms and concepts of a text are asked for one after the other
def _named(said: str) -> tuple[tuple[str, str], ...]:
    """Countries and kinds of people in any of the languages that the name tables cover."""
    folded, names = text.fold(said), gazetteer.actor_names()
    actors, people = (finder.find(said, folded).items() for finder in (gazetteer.actors(), gazetteer.people()))
    places = [(f"place:{names[code].lower()}", found.surface) for code, found in actors]
    return *places, *[(f"people:{_KINDS[kind]}", found.surface) for kind, found in people if kind in _KINDS]


@lru_cache(maxsize=20_000)
def of_word(word: str) -> str:
    """The concept of a word: a kind of people, a class of events, a name, else its stem."""
    unit = units.of(word)
    if unit and unit[1] == "people":
        return f"people:{unit[0]}"
    return _tables().get(word) or _tables().get(stem(word)) or stem(word)


@cache
def _tables() -> dict[str, str]:
    """Event classes by stem, and one-word names under their first spelling."""
    table: dict[str, str] = {}
    for row in data.rows("events.tsv"):
        for word in row[1].split():
            table.setdefault(stem(text.fold(word)), f"event:{row[0]}")
    for row in data.rows("name_variants.tsv"):
        for word in row[1].split() if " " not in row[0] else ():
            table[text.fold(word)] = row[0]
    return table


@cache
def _places() -> tuple[re.Pattern[str], dict[str, str], Callable[[str], Iterator[object]]]:
    """Names of places as a pattern, the first spelling of each, and where the letters of any stand in a text."""
    spelt: dict[str, str] = {}
    for row in data.rows("places.tsv"):
        names = [text.fold(name.strip()) for name in ",".join(row).split(",")]
        for name in names:
            if name != "us":
                spelt.setdefault(name, names[0])
    ordered = sorted(spelt, key=lambda name: (-len(name), name))
    automaton = ahocorasick.Automaton(ahocorasick.STORE_LENGTH)
    for name in ordered:
        automaton.add_word(name)
    automaton.make_automaton()
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, ordered)) + r")(?:'s)?(?!\w)")
    return pattern, spelt, automaton.iter
