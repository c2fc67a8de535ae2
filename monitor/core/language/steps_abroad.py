"""The steps that a sentence states in words of languages other than English: put off, called off, denied, ordered.

The table has some two thousand forms of verbs. They are tried by their first letter, and none in a sentence that has
words of English alone, so that nearly all sentences cost next to nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from monitor import data
from monitor.core.language import vocabulary

# Words of English that are none of the languages of the table.
_ENGLISH = re.compile(rf"\b(?:{'|'.join(sorted(data.words('plainly_english')))})\b", re.IGNORECASE)
_OTHER_SCRIPTS = re.compile(r"[\u0590-\u1cff\u2e80-\uffdc]")  # neither Latin, Greek nor Cyrillic
PLACES = 3  # where words of the table count: any text, one of other scripts, one that is not English
_QUANTIFIERS = frozenset("?*{+|")


def find(sentence: str) -> frozenset[str]:
    """Every phase that such words state; none where the sentence is surely English."""
    found = set[str]()
    if _OTHER_SCRIPTS.search(sentence):
        found |= _stated("any within", sentence)
    if not _ENGLISH.search(sentence):
        found |= _stated("any", sentence)
        if not vocabulary.is_english(sentence):
            found |= _stated("abroad", sentence)
    return frozenset(found)


def has(sentence: str) -> bool:
    """Whether a sentence states a step in words that no English text has: "sagt ... ab", "membantah"."""
    within = _OTHER_SCRIPTS.search(sentence) is not None and bool(_stated("any within", sentence))
    return within or (_ENGLISH.search(sentence) is None and bool(_stated("any", sentence)))


def _stated(where: str, sentence: str) -> set[str]:
    whole, phases = _patterns(where)
    if not whole.search(sentence):
        return set()
    return {phase for phase, pattern in phases.items() if pattern.search(sentence)}


@lru_cache(maxsize=PLACES)
def _patterns(where: str) -> tuple[re.Pattern[str], dict[str, re.Pattern[str]]]:
    """All words of one place together, and those of each phase."""
    forms: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for phase, place, form, words in data.rows("phases_abroad.tsv"):
        if where == (f"{place} within" if form == "within" else place):
            forms[phase][form] += words.split(" ~ ")
    every: dict[str, list[str]] = defaultdict(list)
    for of in forms.values():
        for form, patterns in of.items():
            every[form] += patterns
    return _compiled(every), {phase: _compiled(of) for phase, of in forms.items()}


def _compiled(forms: dict[str, list[str]]) -> re.Pattern[str]:
    bounds = {"whole": (r"\b", r"\b"), "begins": (r"\b", ""), "within": ("", "")}
    parts = (f"{bounds[form][0]}(?:{_by_letter(each)}){bounds[form][1]}" for form, each in forms.items())
    return re.compile("|".join(parts), re.IGNORECASE)


def _by_letter(patterns: Iterable[str]) -> str:
    """An alternation of patterns, each tried only where its first letter stands."""
    groups: dict[str, list[str]] = defaultdict(list)
    for pattern in patterns:
        plain = pattern[0].isalpha() and pattern[1:2] not in _QUANTIFIERS
        groups[pattern[0].lower() if plain else ""].append(pattern)
    return "|".join(
        f"{letter}(?:{'|'.join(each[1:] for each in rest)})" if letter else "|".join(rest)
        for letter, rest in sorted(groups.items(), reverse=True)
    )
