"""Which telling words of a notice a sentence has, in all languages of `notice_words.tsv` and in one pass over it.

A phrase is found by its first word: whole, by its beginning, or behind a few letters that a language writes on. In
scripts without blanks it may stand anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from monitor import data

# Sentences remembered: both versions of a text are read, and each sentence also as the one behind another (set).
READINGS_MAX = 1024
TOKENS_MAX = 8192  # words remembered, most of which are in no phrase: about 1 MB (set)
JOINED_CHARS_MAX = 3  # letters that may be written on before a phrase with one star (set)
ENDING_CHARS_MIN, ENDING_CHARS_MAX = 2, 20  # letters of a word of which a phrase with two stars is the end (set)
TOKEN_CHARS_MAX = 64  # letters of a word that may be one of the table; what runs on is none (set)
PREFIX_CHARS_MAX = 24  # letters of the longest beginning in the table, and some
_TOKEN = re.compile(r"[^\W_]+")
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

    def has(self, name: str, start: int = 0, end: int | None = None) -> bool:
        """Whether a phrase of this class stands between two places."""
        last = len(self.sentence) if end is None else end
        return any(start <= begin and stop <= last for begin, stop in self.spans.get(name, ()))

    def starts(self, name: str, within: int, at: int = 0) -> bool:
        """Whether a phrase of this class begins so soon behind a place."""
        return any(at <= begin < at + within for begin, _ in self.spans.get(name, ()))


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
    for language, name, words in data.rows("notice_words.tsv"):
        table.setdefault(language, {})[name] = words.split("|")
    return table


@dataclass(frozen=True, slots=True)
class _Index:
    """Phrases by their first word, by its beginning, both of them behind written-on letters, and by first letter."""

    whole: dict[str, list[Phrase]] = field(default_factory=dict)
    begun: dict[str, list[Phrase]] = field(default_factory=dict)
    joined: dict[str, list[Phrase]] = field(default_factory=dict)
    joined_begun: dict[str, list[Phrase]] = field(default_factory=dict)
    anywhere: dict[str, list[Phrase]] = field(default_factory=dict)

    def add(self, phrase: Phrase) -> None:
        """Put a phrase where sentences look for it."""
        if is_unspaced(phrase.text):
            self.anywhere.setdefault(phrase.text[0], []).append(phrase)
            return
        first = _TOKEN.match(phrase.text)
        head = first.group() if first else phrase.text
        begins = phrase.open_ended and head == phrase.text
        if phrase.before != range(1):
            (self.joined_begun if begins else self.joined).setdefault(head, []).append(phrase)
        if 0 in phrase.before:
            (self.begun if begins else self.whole).setdefault(head, []).append(phrase)


@cache
def _index() -> _Index:
    index = _Index()
    for language, by_class in classes().items():
        for name, words in by_class.items():
            for word in words:
                plain = word.strip("*")
                stars = len(word) - len(word.lstrip("*"))
                before = (
                    range(1)
                    if not stars
                    else range(JOINED_CHARS_MAX + 1) if stars == 1 else range(ENDING_CHARS_MIN, ENDING_CHARS_MAX + 1)
                )  # fmt: skip
                for text in {plain, bare(plain)}:
                    shouted = text != plain and name != "label"
                    index.add(Phrase(language, name, text, before, word.endswith("*"), shouted))
    return index


@lru_cache(TOKENS_MAX)
def _starting(token: str) -> tuple[tuple[Phrase, int], ...]:
    """The phrases whose first word this token may be, each with how many letters are written on before it."""
    return tuple(_look_up(_index(), token))


def _look_up(index: _Index, token: str) -> Iterator[tuple[Phrase, int]]:
    for phrase in index.whole.get(token, ()):
        yield phrase, 0
    for size in range(1, min(len(token), PREFIX_CHARS_MAX) + 1):
        for phrase in index.begun.get(token[:size], ()):
            yield phrase, 0
    for skipped in range(1, min(len(token), ENDING_CHARS_MAX + 1)):
        rest = token[skipped:]
        found = index.joined.get(rest, ())
        yield from ((phrase, skipped) for phrase in found if skipped in phrase.before)
        for size in range(1, min(len(rest), PREFIX_CHARS_MAX) + 1) if skipped <= JOINED_CHARS_MAX else ():
            found = index.joined_begun.get(rest[:size], ())
            yield from ((phrase, skipped) for phrase in found if skipped in phrase.before)


def _found(text: str) -> Iterator[tuple[Phrase, Span]]:
    for token in _TOKEN.finditer(text):
        for phrase, skipped in _starting(token.group()[:TOKEN_CHARS_MAX]):
            start = token.start() + skipped
            end = start + len(phrase.text)
            if text.startswith(phrase.text, start) and (phrase.open_ended or not _TOKEN.match(text, end)):
                yield phrase, (token.start(), end)
    for place, letter in enumerate(text) if is_unspaced(text) else ():
        for phrase in _index().anywhere.get(letter, ()):
            if text.startswith(phrase.text, place):
                yield phrase, (place, place + len(phrase.text))


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
