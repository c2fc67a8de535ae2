"""Which language a text is in, and how common words are there: all news' headlines, the background, are English ones.

In a German story "Staatsanwaltschaft" is no rarer than "prosecutor" in an English one, and nouns are no names for
having a capital. The tables are made by `python -m bench.vocabulary`; a language's is read with its first story.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache

from monitor import data
from monitor.core.language import rarity
from monitor.core.language.words import stem
from monitor.core.text import fold, words_of

WORDS_MAX = 400  # words read of a text (set)
# Of a text's words so many, and this share, are of the commonest hundred of its language: in running text some two
# fifths are, in headlines a fifth (read off the nine sheets of other languages). What has less is taken for English.
KNOWN_MIN, KNOWN_SHARE = 5, 0.15
ENGLISH = "en"
# Those with tables: they set spaces between their words, and enough is known of them (bench/vocabulary.py).
LANGUAGES = frozenset({
    "ar", "bg", "ca", "cs", "da", "de", "el", "es", "fa", "fi", "fr", "he", "hu", "id", "it", "nb", "nl", "pl", "pt",
    "ro", "ru", "sh", "sv", "tr", "uk",
})  # fmt: skip
ROOT_LETTERS = 5  # letters: of four sheets read 5 finds most, 6 and Snowball's stemmers of the languages a tenth less


@cache
def _commonest() -> Mapping[str, tuple[str, ...]]:
    """The languages that a word is among the commonest of."""
    found: dict[str, list[str]] = {}
    for language, of_it in data.rows("vocabulary/commonest.tsv"):
        for word in of_it.split():
            found.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in found.items()}


def language_of(text: str) -> str:
    """The language whose commonest words a text has most of; English where it is not clear."""
    shown = words_of(fold(text))[:WORDS_MAX]
    counts = Counter(language for word in shown for language in _commonest().get(word, ()))
    if not counts:
        return ENGLISH
    language, most = max(counts.items(), key=lambda pair: (pair[1], pair[0] == ENGLISH, pair[0]))
    clear = most >= KNOWN_MIN and most >= KNOWN_SHARE * len(shown)
    return language if clear else ENGLISH


def root(term: str) -> str:
    """What the forms of a word have in common, in whatever language: its first letters, which serve for that as well as
    stemmers do in European ones (McNamee and Mayfield, Information Retrieval 7, 2004)."""
    return term[:ROOT_LETTERS]


@lru_cache(maxsize=32)  # there are fewer languages
def background(language: str) -> Mapping[str, rarity.Weight]:
    """How rare the common words of a language are, by stem; nothing for English, whose background `rarity` is."""
    if language not in LANGUAGES:
        return rarity.NO_WEIGHTS
    shares: dict[str, float] = {}
    for level, words in data.rows(f"vocabulary/{language}.tsv.xz"):
        for word in words.split():
            shares[stem(word)] = shares.get(stem(word), 0.0) + 10 ** float(level)
    return {term: _weight(term, share) for term, share in shares.items()}


def _weight(term: str, share: float) -> rarity.Weight:
    """The weight of a word by its share of all words: a headline has it where one of its words is it."""
    return rarity.within(term, -math.expm1(rarity.STEMS_A_HEADLINE * math.log1p(-min(share, 0.5))))
