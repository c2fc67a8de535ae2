"""Words as a comparison sees them: folded, stemmed, one spelling for the variants of a name, and what happened."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from monitor import data
from monitor.core.language.words import stem as stem

FOLDED_MAX = 20_000  # words remembered folded: 4 MiB (set)
WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*\.?")
SMALL = data.words("small")
_NO_EVENTS = data.words("no_events")
_EVENTLESS = data.words("eventless")
_DIGIT = re.compile(r"\d")
_EDGES = " '\"-,:;!?()[]"


@lru_cache(FOLDED_MAX)
def fold(text: str) -> str:
    """Lower case, no diacritics, no full stops but in numbers, no possessive: how names are compared."""
    plain = text.lower()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain.replace("’", "'"))
        plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = plain.rstrip(".") if _DIGIT.search(plain) else plain.replace(".", "")
    return plain.removesuffix("'s").strip(_EDGES)


def words(text: str) -> list[str]:
    """The folded words of a text in order."""
    return [folded for word in WORD.findall(text) if (folded := fold(word))]


def meaningful(folded: Iterable[str]) -> frozenset[str]:
    """Stems of those folded words that carry meaning; numbers are compared as figures."""
    return frozenset(stem(word) for word in folded if word not in SMALL and not word[0].isdigit())


def content(text: str) -> frozenset[str]:
    """Stems of the words of a text that carry meaning."""
    return meaningful(words(text))


@cache
def _places() -> dict[str, str]:
    return {
        fold(name): names[0]
        for row in data.rows("places.tsv")
        for names in [[part.strip() for part in ",".join(row).split(",")]]
        for name in names
    }


@cache
def _towns() -> frozenset[str]:
    return frozenset(
        fold(name.strip()) for row in data.rows("places.tsv") for towns in row[1:] for name in towns.split(",")
    )


@cache
def _variants() -> dict[str, str]:
    table: dict[str, str] = {}
    for canon, spellings in data.rows("name_variants.tsv"):
        for spelling in (canon, *spellings.split(", ")):
            table[fold(spelling)] = canon
    return table


@cache
def _events() -> dict[str, str]:
    return {
        (word[1:] if word.startswith("=") else "~" + stem(word)): name
        for name, row in data.rows("events.tsv")
        for word in row.split()
        if "_" not in word
    }


@cache
def _phrases() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, row in data.rows("events.tsv"):
        for phrase in row.split():
            parts = tuple(phrase.split("_"))
            if len(parts) > 1:
                table.setdefault(parts[0], []).append((parts, name))
    return {first: tuple(found) for first, found in table.items()}


def event_phrase(folded: Sequence[str], at: int) -> tuple[str, int]:
    """The class of event that a phrase beginning here tells of, with its words ("called off"); else "", 0."""
    for parts, name in _phrases().get(folded[at], ()):
        if tuple(folded[at : at + len(parts)]) == parts:
            return name, len(parts)
    return "", 0


def ordinary(folded: str) -> bool:
    """Whether a capital on this word may be there for another reason than that it is a name."""
    common = data.words("common_words.txt")
    return folded in SMALL or folded in common or stem(folded) in common


def event(folded: str, follower: str = "") -> str:
    """The class of event that a word tells of ("arrest" for "detained"), or ""; "deals with" is no deal.

    Words that only share a stem with one tell of none: authorities do not "authorise".
    """
    if folded in _EVENTLESS or (follower and f"{stem(folded)}_{follower}" in _NO_EVENTS):
        return ""
    return _events().get(folded) or _events().get("~" + stem(folded)) or ""


@cache
def _kin() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for row in data.rows("kin.tsv"):
        group = frozenset(row[0].split())
        for word in group:
            table.setdefault(word, set()).update(group - {word})
    return {word: frozenset(group) for word, group in table.items()}


def kin(folded: str) -> frozenset[str]:
    """The words that say the same as this one in a headline: "refutes" and "dismisses" for "rejects"."""
    return _kin().get(folded, frozenset())


def place(name: str) -> str:
    """The canonical place of a name ("Russian" -> "russia"), or ""."""
    return _places().get(fold(name), "")


def is_town(name: str) -> bool:
    """Whether a name is a town that does not stand for its country, as a capital does."""
    return fold(name) in _towns()


@lru_cache(FOLDED_MAX)
def canonical(folded: str) -> str:
    """One spelling for the variants of a folded name, and for a place's names."""
    return _variants().get(folded) or _places().get(folded) or folded
