"""The verbs by which somebody speaks, by their forms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from monitor import data

# Behind what was said, and by whom it was made or read: "reports seen by", "claims by", "estimates shared with".
_MADE_BY = re.compile(r"(?:\w{1,20}(?:ed|en|wn|ade|old|ent|ut)\s(?:by|with|to)|by)\b")


@dataclass(frozen=True, slots=True)
class Verb:
    """A form of a verb of speaking, its marks and the word that must follow."""

    form: str
    marks: str
    follows: str


@cache
def table() -> dict[str, tuple[Verb, ...]]:
    """The verbs by their forms."""
    found: dict[str, tuple[Verb, ...]] = {}
    for row in data.rows("speaking_verbs.tsv"):
        base, third, past, marks, follows = (*row, "", "")[:5]
        for word, form in ((base, "base"), (third, "third"), (past, "past")):
            found[word] = (*found.get(word, ()), Verb(form, marks, follows))
    return found


@cache
def saying() -> frozenset[str]:
    """Forms that speak behind a name in a headline whatever follows: not those that may be passives there."""
    return frozenset(
        word
        for word, verbs in table().items()
        for verb in verbs
        if not verb.follows and not (verb.form == "past" and "p" in verb.marks) and "l" not in verb.marks
    )


@cache
def plain() -> frozenset[str]:
    """The forms that only several subjects take: "say", "reject"."""
    return frozenset(word for word, verbs in table().items() for verb in verbs if verb.form == "base")


def is_noun(word: str, behind: Sequence[str]) -> bool:
    """Whether a form is what was said and no verb, as the words behind it show: "laboratory reports seen by"."""
    nouns = (verb.form != "past" and "n" in verb.marks for verb in table().get(word.lower(), ()))
    return _MADE_BY.match(" ".join(behind[:2])) is not None and any(nouns)
