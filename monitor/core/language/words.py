"""Words as stems, and sparse vectors of them to compare texts by; how much a stem weighs says `rarity`."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from operator import mul

import Stemmer

from monitor import data
from monitor.core.language import unspaced
from monitor.core.language.rarity import squared
from monitor.core.language.rarity import weight as weight
from monitor.core.remembered import by_word
from monitor.core.text import fold, words_of

Vector = Mapping[str, float]
WORD_LETTERS = 3  # letters left of a word without its article (set)
_ELIDED = data.words("elided") | data.words("elided_before_verbs")
WORDS_MAX = 400  # words read of a text: title and first paragraphs (set)

# Endings of Slavic names, each written in as many ways as there are outlets ("Zelenskyy", "Andrii").
_SLAVIC, SLAVIC_LETTERS = ("iy", "yi", "yy", "ij", "yj", "ii"), 6
SPELLING_LETTERS = 4  # letters that another spelling has at least: "pa" is no state inside a sentence (set)
_STEMMER = Stemmer.Stemmer("english", 0)  # its own cache costs three times what a stem does (measured)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The Porter2 stem of a folded Latin word, of a name that of its first spelling; others as they are."""
    if not word.isascii():
        return word
    found = _stemmed(word)
    return _spellings().get(found, found)


def _stemmed(word: str) -> str:
    found = str(_STEMMER.stemWord(word))
    return f"{found[:-2]}i" if found.endswith(_SLAVIC) and len(found) >= SLAVIC_LETTERS else found


@cache
def _spellings() -> dict[str, str]:
    """The stem of a name's first spelling by those of its others: "Kyiv" and "Kiev", not a virus and its disease."""
    return {
        _stemmed(other): _stemmed(first)
        for first, others in data.rows("name_variants.tsv")
        for other in (fold(others).split(", ") if " " not in first else ())
        if first.isalpha() and other.isascii() and other.isalpha() and len(other) >= SPELLING_LETTERS
    }


@cache
def _function_words() -> frozenset[str]:
    return frozenset(map(stem, data.words("stop_words.tsv")))


def is_foreign(folded: str) -> bool:
    """Whether a word is a function word of other languages that is hardly ever an English one: "nach", not "die"."""
    return folded in data.words("vocabulary/function_words.txt")


def unelided(word: str) -> str:
    """A folded word without the article that is written with it; what is left of "un's" is no word."""
    before, _, rest = word.replace("’", "'").partition("'")
    return rest if len(rest) >= WORD_LETTERS and before in _ELIDED else word


@by_word(20_000)
def _term(word: str) -> str:
    """The stem of a folded word that carries meaning, of others nothing."""
    word = unelided(word)
    term = "" if is_foreign(word) else stem(word)
    return term if term not in _function_words() and (len(term) > 1 or not term.isascii()) else ""


def terms(text: str, words_max: int = WORDS_MAX) -> list[str]:
    """Stems of the words that carry meaning, in order."""
    return terms_of(fold(text), words_max)


def terms_of(folded: str, words_max: int = WORDS_MAX) -> list[str]:
    """The `terms` of a text that is folded already."""
    return list(filter(None, map(_term, unspaced.apart(words_of(folded), folded)[:words_max])))


def vector(parts: Iterable[tuple[str, float]], words_max: int = WORDS_MAX) -> dict[str, float]:
    """A unit vector of (text, emphasis) parts."""
    return weighed((terms(text, words_max), emphasis) for text, emphasis in parts)


def weighed(parts: Iterable[tuple[Iterable[str], float]]) -> dict[str, float]:
    """A unit vector of (terms, emphasis) parts: damped counts times word weights (Salton's ltc)."""
    counts: dict[str, float] = {}
    for found, emphasis in parts:
        for term in found:
            counts[term] = counts.get(term, 0.0) + emphasis
    return unit(counts)


def unit(counts: Mapping[str, float]) -> dict[str, float]:
    """The unit vector of terms that were counted."""
    values = raw(counts)
    norm = length(values)
    return dict(zip(counts, [value / norm for value in values], strict=True)) if norm else {}


def raw(counts: Mapping[str, float]) -> list[float]:
    """The same before its length is made 1."""
    return list(map(mul, map(damped, counts.values()), map(squared, counts)))


def length(values: Sequence[float]) -> float:
    """The length of a vector."""
    return math.sqrt(sum(map(mul, values, values)))


@lru_cache(maxsize=1024)  # nearly always of 1 and 2
def damped(count: float) -> float:
    """How much a word counts for that stands there so often."""
    return count if count <= 1 else 1 + math.log(count)


def cosine(left: Vector, right: Vector) -> float:
    """Similarity of two unit vectors, 0..1."""
    if len(left) > len(right):
        left, right = right, left
    return sum([value * right[term] for term, value in left.items() if term in right])


@lru_cache(maxsize=20_000)
def _root(word: str) -> str:
    return stem(unelided(fold(word)))


def surfaces(texts: Iterable[str], wanted: Collection[str] | None = None) -> dict[str, str]:
    """The first word for each stem, or for those `wanted`: evidence is shown in words that people can find.

    Texts behind the one that has the last of those wanted are not read.
    """
    found: dict[str, str] = {}
    for text in texts:
        lowered = text.lower().replace("’", "'")
        for word in unspaced.apart(words_of(lowered), lowered):
            term = _root(word)
            if wanted is None or term in wanted:
                found.setdefault(term, word)
        if wanted is not None and len(found) == len(wanted):
            break
    return found
