"""Words to find a text by, the same in every database: folded, English ones stemmed, Chinese and Japanese one by one.

A search is a list of phrases that must all be there, and of phrases that must not; pure, linear in its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from monitor.core.language.words import stem
from monitor.core.text import fold, words, words_of
from monitor.model.search import Phrase, Query

# A text is found by its first 3,000 words: the longest reports of the recorded pages have some 2,500 (2026-11).
WORDS_MAX = 3000
# What people type; 200 characters are four lines of a phone. Ten phrases keep a statement short.
QUERY_CHARS_MAX = 200
PHRASES_MAX = 10  # words and phrases of a question (set)
_TERM = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
# Scripts without spaces between words: each sign is a word of its own, a word of two signs is a phrase.
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


def indexed(text: str) -> str:
    """The words to find a text by, with spaces between."""
    folded = fold(text)
    found = words_of(folded)
    return " ".join(map(stem, found[:WORDS_MAX]) if folded.isascii() else islice(_spaced(found), WORDS_MAX))


def _spaced(found: Iterable[str]) -> Iterator[str]:
    for word in found:
        if word.isascii():
            yield stem(word)
        else:
            yield from _UNSPACED.sub(r" \g<0> ", word).split()


def query(text: str) -> Query:
    """What was typed: words, "phrases", -without, begin* of a word. Only what is wanted can be looked for."""
    wanted: list[Phrase] = []
    unwanted: list[Phrase] = []
    for minus, quoted, bare in _TERM.findall(text[:QUERY_CHARS_MAX]):
        begins = bare.endswith("*")
        # The beginning of a word has no stem.
        found = tuple(words(bare)) if begins else tuple(_spaced(words(quoted or bare)))
        if found:
            (unwanted if minus else wanted).append(Phrase(found, begins))
    return Query(tuple(wanted[:PHRASES_MAX]), tuple(unwanted[:PHRASES_MAX]) if wanted else ())


def marked(text: str, looked_for: Query) -> list[tuple[bool, str]]:
    """The text in runs, each with whether it is a word that was looked for."""
    single = {word for phrase in looked_for.wanted for word in phrase.words}
    starts = tuple(phrase.words[-1] for phrase in looked_for.wanted if phrase.begins)
    runs: list[tuple[bool, str]] = []
    for part in re.split(r"(\s+)", text):
        found = list(_spaced(words(part)))
        hit = any(word in single or (starts and word.startswith(starts)) for word in found)
        if runs and runs[-1][0] == hit:
            runs[-1] = (hit, runs[-1][1] + part)
        elif part:
            runs.append((hit, part))
    return runs
