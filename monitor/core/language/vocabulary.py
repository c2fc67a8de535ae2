"""Which language a text is in, and how common words are there: all news' headlines, the background, are English ones.

In a German story "Staatsanwaltschaft" is no rarer than "prosecutor" in an English one, and nouns are no names for
having a capital. The tables are made by `python -m bench.vocabulary`; a language's is read with its first story.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from monitor import data
from monitor.core.language import lexicon, numerals, rarity, units
from monitor.core.language.words import stem
from monitor.core.text import fold, words_of

WORDS_MAX = 400  # words read of a text (set)
# Of a text's words so many, and this share, are of the commonest hundred of its language: in running text some two
# fifths are, in headlines a fifth (read off the nine sheets of other languages). What has less is taken for English.
KNOWN_MIN, KNOWN_SHARE = 5, 0.15
ENGLISH = "en"
# One letter that is a word of other languages, and in English neither a word nor the end of one ("o'clock") or a side
# ("Leeds v York").
LONE_LETTERS = frozenset("wyz")
UNIT_LETTERS_MAX = 3  # letters of what behind a figure may be an English unit: "12 min" (set)
FIRST = 0.4  # how much the first word says, whose capital may be a name's: less than any word of English (set)
SHARED = 0.5  # how much a word says that is common in English and elsewhere, as "in" (set)
LANGUAGES = data.words("languages")  # those with tables (bench/vocabulary.py)
# Letters that hardly any other language of the tables has.
OWN_LETTERS = {letter: each.split() for letters, each in data.rows("own_letters.tsv") for letter in letters}
ROOT_LETTERS = 5  # letters: of four sheets read 5 finds most, 6 and Snowball's stemmers of the languages a tenth less


_WORDS = re.compile(r"(\d\s?)?(?<![-'’])([^\W\d_]+)")
_NOT_LATIN = re.compile(r"[^\W\d_\x00-\u024f]")


@cache
def _commonest() -> Mapping[str, tuple[str, ...]]:
    """The languages that a word is among the commonest of."""
    found: dict[str, list[str]] = {}
    for language, of_it in data.rows("vocabulary/commonest.tsv"):
        for word in of_it.split():
            found.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in found.items()}


@cache
def _of_english() -> tuple[dict[str, float], frozenset[str]]:
    """How much a word says that a text of a few words is English, and the words that say that it is not."""
    table = _commonest()
    others = (
        word
        for word, of in table.items()
        if ENGLISH not in of and (len(word) > 1 or word in LONE_LETTERS) and not lexicon.place(word)
    )
    return {word: 1.0 if len(of) == 1 else SHARED for word, of in table.items() if ENGLISH in of}, frozenset(others)


@lru_cache(maxsize=1024)  # a sentence is asked about by all that look for figures, people and deeds in it
def is_english(text: str) -> bool:
    """Whether a text of a few words is English: unless more of them are other languages' than English ones.

    Other languages' are their commonest words and words for numbers which are no word of English as they are written
    ("für", not "die") and no part of a name, and letters that are not Latin.
    """
    english, abroad = _of_english()
    others, ours = float(len(_NOT_LATIN.findall(text))), 0.0
    for at, (counted, word) in enumerate(_WORDS.findall(text)[:WORDS_MAX]):
        folded = fold(word)
        ours += english.get(folded, 0.0)
        if word.lower() in numerals.shared() and lexicon.ordinary(folded):
            continue  # "fire": a number there, a word here
        if numerals.is_abroad(word.lower(), counted=bool(counted)) and not units.is_measure(word.lower()):
            others += 1
        elif units.is_abroad(word.lower(), counted=bool(counted)):
            others += not (word.isascii() and lexicon.ordinary(folded))
        elif word.islower() and not word.isascii():
            others += folded in abroad or rarity.weight(stem(folded)) == 1  # never seen
        elif folded in abroad and not lexicon.ordinary(folded):
            unit = counted and len(word) <= UNIT_LETTERS_MAX
            others += (not unit) * (1.0 if word.islower() else FIRST if at == 0 and not word.isupper() else 0.0)
    if not ours and not others:
        # Nothing is certain, and names say nothing: English where headlines have had most of its other words.
        plain = [fold(word) for _, word in _WORDS.findall(text)[:WORDS_MAX] if word.islower()]
        return 2 * sum(rarity.weight(stem(word)) == 1 for word in plain) <= len(plain) or len(plain) < 2
    return others == 0 or ours > others


def without_grammar(text: str, words: Iterable[str]) -> list[str]:
    """Of these words of a text, those that are no grammar in a language other than English: not "le", "der"."""
    if is_english(text):
        return list(words)
    abroad = _of_english()[1]
    return [word for word in words if len(word) > 1 and fold(word) not in abroad]


@lru_cache(maxsize=1024)  # a sentence is asked about by all that look for figures in it
def likeliest(text: str) -> frozenset[str]:
    """The languages whose commonest words and own letters a text has most of, however few; none where it has none."""
    counts = _spoken(words_of(fold(text))[:WORDS_MAX])
    counts.update(language for letter, languages in OWN_LETTERS.items() if letter in text for language in languages)
    most = max(counts.values(), default=0)
    return frozenset(language for language, count in counts.items() if count == most)


def _spoken(shown: Iterable[str]) -> Counter[str]:
    return Counter(language for word in shown for language in _commonest().get(word, ()))


def is_grammar(word: str) -> bool:
    """Whether a word is among the commonest of some language other than English, and no word of English: "Die"."""
    return fold(word) in _of_english()[1]


def language_of(text: str) -> str:
    """The language whose commonest words a text has most of; English where it is not clear."""
    shown = words_of(fold(text))[:WORDS_MAX]
    counts = _spoken(shown)
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
        return {}
    shares: dict[str, float] = {}
    for level, words in data.rows(f"vocabulary/{language}.tsv.xz"):
        for word in words.split():
            shares[stem(word)] = shares.get(stem(word), 0.0) + 10 ** float(level)
    return {term: _weight(term, share) for term, share in shares.items()}


def _weight(term: str, share: float) -> rarity.Weight:
    """The weight of a word by its share of all words: a headline has it where one of its words is it."""
    return rarity.within(term, -math.expm1(rarity.STEMS_A_HEADLINE * math.log1p(-min(share, 0.5))))
