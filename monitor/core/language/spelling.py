"""What a search that found nothing may have meant: the nearest words among those that were seen. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from monitor.core.text import fold

WORD_CHARS_MIN = 4  # letters of a word that may be a slip: shorter ones are near to everything (set)
# Likeness, of 100, from which a seen word may be meant: one slip in five letters, two in ten (set).
LIKENESS_MIN = 78
WORDS_MAX = 20_000  # different words compared with, of some 4,000 headlines (set)
# A figure without the commas that reports set in it; a year is written like that.
_NUMBER = re.compile(r"(?<![\d.,])(?!(?:19|20)\d\d(?!\d))\d{4,15}(?![\d.,])", re.ASCII)
_WORD = re.compile(r"[^\W\d_]+")


def suggest(text: str, seen: Iterable[str]) -> str:
    """The text with each word that was never seen replaced by the nearest that was; "" where none is near enough."""
    from rapidfuzz import fuzz, process  # a tenth of a start, and most searches find something

    known: dict[str, str] = {}
    for each in seen:
        for word in _WORD.findall(each):
            known.setdefault(fold(word), word)
        if len(known) >= WORDS_MAX:
            break

    def better(found: re.Match[str]) -> str:
        word = fold(found.group())
        if len(word) < WORD_CHARS_MIN or word in known:
            return found.group()
        near = process.extractOne(word, known.keys(), scorer=fuzz.ratio, score_cutoff=LIKENESS_MIN)
        return known[near[0]] if near else found.group()

    suggested = _NUMBER.sub(lambda found: f"{int(found.group()):,}", _WORD.sub(better, text))
    return suggested if fold(suggested) != fold(text) else ""
