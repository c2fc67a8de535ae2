"""Which telling words of a notice a sentence has, in all languages of `notice_words.tsv` and in one pass over it.

A phrase is whole words, or begins with the end of one, or ends with the beginning of one. In scripts without blanks it
may stand anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

import ahocorasick

from monitor import data

# Sentences remembered: both versions of a text are read, and each sentence also as the one behind another (set).
READINGS_MAX = 1024
# Letters that may be written on before a phrase without a star, with one, and with two, which is a word's end (set).
BEFORE = (range(1), range(4), range(2, 21))
_BLANK = re.compile(r"\s")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# Scripts whose words are written the same without their marks.
_OTHER_SCRIPT = re.compile(r"[\u0530-\u10ff\u1780-\u17ff\u3040-\u9fff\uac00-\ud7af]")
_ACCENT = re.compile(r"(?<=[a-zα-ω])[\u0300-\u0308]")
# A sentence is of a language that has at least this share of the phrases that the likeliest one has in it (set).
LIKELY_SHARE = 0.5
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase of the table: its language and class, and how its first and its last word may be written on.

    `shouted`: without its accents, as only capitals are written, and labels.
    """

    language: str
    name: str
    text: str
    before: range
    open_ended: bool
    shouted: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sentence has of one language: where the phrases of each class stand."""

    sentence: str
    spans: Mapping[str, Sequence[Span]] = field(default_factory=dict)


def is_unspaced(text: str) -> bool:
    """Whether a text is in a script that puts no blanks between its words."""
    return _UNSPACED.search(text) is not None


def bare(word: str) -> str:
    """A word of Latin or Greek letters without its accents, as capitals are often written."""
    if _OTHER_SCRIPT.search(word) or not word.islower():
        return word
    return unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFD", word)))


@cache
def classes() -> Mapping[str, Mapping[str, list[str]]]:
    """The phrases of each language by their class, as the table has them."""
    table: dict[str, dict[str, list[str]]] = {}
    for language, name, words in (*data.rows("notice_words.tsv"), *data.rows("page_words.tsv")):
        table.setdefault(language, {})[name] = words.split("|")
    return table


@cache
def _phrases() -> ahocorasick.Automaton:
    """An automaton over the phrases of all languages, in small letters."""
    phrases: dict[str, list[Phrase]] = {}
    for language, by_class in classes().items():
        for name, word in ((name, word) for name, words in by_class.items() for word in words):
            plain = word.strip("*")
            before = BEFORE[len(word) - len(word.lstrip("*"))]
            for text in {plain, bare(plain)}:
                shouted = text != plain and name != "label"
                phrases.setdefault(text, []).append(Phrase(language, name, text, before, word.endswith("*"), shouted))
    automaton = ahocorasick.Automaton()
    for text, alike in phrases.items():
        automaton.add_word(text, alike)
    automaton.make_automaton()
    return automaton


def _found(text: str) -> Iterator[tuple[Phrase, Span]]:
    """The phrases of a text in small letters, each from where its first word begins."""
    for last, alike in _phrases().iter(text):
        end = last + 1
        start = end - len(alike[0].text)
        if is_unspaced(alike[0].text):
            yield from ((phrase, (start, end)) for phrase in alike)
            continue
        begin, goes_on = _word_begin(text, start), text[end : end + 1].isalnum()
        for phrase in alike:
            if start - begin in phrase.before and (phrase.open_ended or not goes_on):
                yield phrase, (begin, end)


def _word_begin(text: str, start: int) -> int:
    """Where the word begins that goes on at a place, as far as it may be written on before a phrase."""
    begin = start
    while begin and start - begin <= BEFORE[-1].stop and text[begin - 1].isalnum():
        begin -= 1
    return begin


def read(sentence: str) -> Mapping[str, Reading]:
    """What a sentence has of each language that has any telling word in it."""
    sentence = sentence.replace("İ", "i")
    text = _BLANK.sub(" ", sentence.lower())
    spans: dict[str, dict[str, list[Span]]] = {}
    for phrase, span in _found(text):
        if phrase.shouted and not sentence[slice(*span)].isupper():
            continue
        spans.setdefault(phrase.language, {}).setdefault(phrase.name, []).append(span)
    for of_one in spans.values():
        # "in" and "body" together, as "in this article", are words for nothing but this very text; "the" and "body", as
        # "in the article", are so where no other text is spoken of.
        bodies = dict(of_one.get("body", ()))
        for name, read_as in (("in", "self"), ("the", "there")):
            for begin, end in of_one.get(name, ()):
                at = end if text[end - 1] in "'’" else end + 1 if text[end : end + 1] == " " else -1
                if at in bodies:
                    of_one.setdefault(read_as, []).append((begin, bodies[at]))
        of_one["here"] = of_one.get("self", [])
        of_one["self"] = [*of_one["here"], *of_one.get("there", ())]
    covered = {language: sum(len(places) for places in of_one.values()) for language, of_one in spans.items()}
    likely = max(covered.values(), default=0) * LIKELY_SHARE
    return {
        language: Reading(sentence, {name: places for name, places in of_one.items() if places})
        for language, of_one in sorted(spans.items())
        if covered[language] >= likely
    }


remembered = lru_cache(READINGS_MAX)(read)
