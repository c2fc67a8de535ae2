"""A word diff as HTML: every word escaped, inserted and deleted ones in <ins> and <del>, nothing else.

The longest common subsequence comes from RapidFuzz (bit-parallel, Hyyrö 2004); difflib is quadratic in Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from rapidfuzz.distance import LCSseq

from monitor.core.language.lexicon import SMALL

WORDS_MAX = 4000  # words compared one by one (set)
_TOKEN = re.compile(r"\S+\s*")
_LINE = re.compile(r"[^\n]*\n+|[^\n]+")


def html(old: str, new: str) -> str:
    """The new text with what was inserted and deleted. Very long texts are compared by line, then by word."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if max(len(before), len(after)) <= WORDS_MAX:
        return "".join(_diff(before, after))
    return "".join(_by_line(_LINE.findall(old)[:WORDS_MAX], _LINE.findall(new)[:WORDS_MAX]))


def _by_line(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    for equal, removed, added in _runs(before, after):
        if equal:
            yield escape("".join(added))
            continue
        old, new = _TOKEN.findall("".join(removed)), _TOKEN.findall("".join(added))
        if max(len(old), len(new)) <= WORDS_MAX:
            yield from _diff(old, new)
        else:
            yield from _marked("del", old)
            yield from _marked("ins", new)


def _diff(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    removed: list[str] = []
    added: list[str] = []
    for equal, old, new in _runs(before, after):
        if equal and not ((removed or added) and all(word.strip().lower() in SMALL for word in new)):
            yield from _marked("del", removed)
            yield from _marked("ins", added)
            removed, added = [], []
            yield escape("".join(new))
        else:
            removed += old
            added += new
    yield from _marked("del", removed)
    yield from _marked("ins", added)


def _runs(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Runs of (equal, old tokens, new tokens); white space at the end of a token does not count."""
    keys_before, keys_after = [token.rstrip() for token in before], [token.rstrip() for token in after]
    for step in LCSseq.opcodes(keys_before, keys_after):
        old, new = before[step.src_start : step.src_end], after[step.dest_start : step.dest_end]
        yield step.tag == "equal", old, new


def _marked(tag: str, tokens: Sequence[str]) -> Iterator[str]:
    text = "".join(tokens)
    if text.strip():
        end = len(text.rstrip())
        yield f"<{tag}>{escape(text[:end])}</{tag}>{escape(text[end:])}"
