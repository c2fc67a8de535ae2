"""A word diff as HTML: every word escaped, inserted and deleted ones in <ins> and <del>, nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from html import escape

WORDS_MAX = 1500
_TOKEN = re.compile(r"\s+|[^\s]+")


def html(old: str, new: str) -> str:
    """The new text with what was inserted and deleted. Long texts are compared by line, then by word in changed runs."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if len(before) + len(after) <= WORDS_MAX:
        return "".join(_diff(before, after))
    return "".join(_by_line(re.split(r"(?<=[.!?\n])(?=\s)", old), re.split(r"(?<=[.!?\n])(?=\s)", new)))


def _by_line(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    for tag, i, j, m, n in SequenceMatcher(None, before, after, autojunk=len(before) > WORDS_MAX).get_opcodes():
        if tag == "equal":
            yield escape("".join(before[i:j]))
            continue
        removed, added = _TOKEN.findall("".join(before[i:j])), _TOKEN.findall("".join(after[m:n]))
        if len(removed) + len(added) <= WORDS_MAX:
            yield from _diff(removed, added)
        else:
            yield from _marked("del", removed)
            yield from _marked("ins", added)


def _diff(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    stop = 0
    while stop < min(len(before), len(after)) - start and before[-1 - stop] == after[-1 - stop]:
        stop += 1
    yield escape("".join(after[:start]))
    inner_before, inner_after = before[start : len(before) - stop], after[start : len(after) - stop]
    for tag, i, j, m, n in SequenceMatcher(None, inner_before, inner_after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield escape("".join(inner_before[i:j]))
            continue
        yield from _marked("del", inner_before[i:j])
        yield from _marked("ins", inner_after[m:n])
    yield escape("".join(after[len(after) - stop :]))


def _marked(tag: str, tokens: Sequence[str]) -> Iterator[str]:
    if text := "".join(tokens):
        yield f"<{tag}>{escape(text)}</{tag}>"
