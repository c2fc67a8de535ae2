"""Phrases by which two headlines say the same in other words: "hangs up his boots" and "retires"."""

from __future__ import annotations

import re
from functools import cache

from monitor import data
from monitor.core.language import lexicon
from monitor.core.revisions import facts

TITLE_CHARS_MAX = 300  # characters read of a headline (set)


@cache
def _groups() -> tuple[re.Pattern[str], ...]:
    """Of each group what is any of its phrases."""
    return tuple(
        re.compile(rf"(?<![\w-])(?:{_any_of(row[0].split('|'))})(?![\w-])") for row in data.rows("paraphrases.tsv")
    )


def _any_of(phrases: list[str]) -> str:
    longest = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return "|".join(re.escape(phrase).replace(r"\ ", r"\s").replace(r"\*", r"\w{0,6}") for phrase in longest)


def repeated(old: str, new: str) -> frozenset[str]:
    """The folded words of the new one of two headlines that are in a phrase which the old one says otherwise.

    What the old one only wants, expects or denies, it does not say.
    """
    was, now = (title[:TITLE_CHARS_MAX].lower().replace("’", "'") for title in (old, new))
    said = (
        group for group in _groups() if any(not facts.is_ahead(was, found.start()) for found in group.finditer(was))
    )
    return frozenset(word for group in said for found in group.finditer(now) for word in lexicon.words(found.group()))


def from_the_other_side(old: str, was: str, new: str, now: str) -> bool:
    """Whether one headline says of one party what the other says of its rival: "A loses to B" -> "B wins against A"."""
    if {lexicon.event(was), lexicon.event(now)} != {"win", "loss"}:
        return False
    first, second = ([stem for word in lexicon.words(title) for stem in lexicon.content(word)] for title in (old, new))
    return bool(first and second) and first[0] != second[0] and first[0] in second[1:] and second[0] in first[1:]
