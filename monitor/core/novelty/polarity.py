"""What a headline says is not so, and whether it says that anything is not: "I have not quit", then "Brandt quits".

The two share nearly every word, so that likeness alone takes the second for the first, told again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from monitor import data
from monitor.core import text

BEHIND_CHARS_MAX = 120  # characters behind a negation in which what it denies is looked for (set)
TITLE_CHARS_MAX = 1000  # characters read of a headline (set)
# Verbs and particles behind which stands what is denied; "not only" denies nothing, what is "denied by" stands before.
_DENIES = re.compile(rf"\b(?:{data.patterns('denies')})\b(?!(?:\sthe)?\s(?:only|just|alone|but|by)\b)", re.IGNORECASE)
# A headline says no in other ways, and does not plainly say that something is so where it asks, accuses or doubts.
_NO = data.whole_words("says_no")
_DOUBTS = re.compile(data.patterns("asks_or_accuses"), re.IGNORECASE)


def denied(title: str) -> Iterator[str]:
    """The first word of sense behind each negation: "quit" of "I have not quit", "close" of "rejects plan to close"."""
    between = data.words("function_words.tsv") | data.words("behind_denials")
    for found in _DENIES.finditer(title[:TITLE_CHARS_MAX]):
        behind = title[found.end() : found.end() + BEHIND_CHARS_MAX]
        said = (word for word in text.words(behind) if word not in between)
        yield from islice(said, 1)


def affirmed(title: str) -> str:
    """What stands before a headline's first no, or all of it: "Halden appeals against" of "... against halt"."""
    found = [match.start() for pattern in (_DENIES, _NO) if (match := pattern.search(title))]
    return title[: min(found)] if found else title


def doubts(title: str) -> bool:
    """Whether a headline asks, accuses or supposes."""
    return _DOUBTS.search(title) is not None
