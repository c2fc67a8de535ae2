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
_DENIES = re.compile(
    r"\b(?:not|never|no\slonger|cannot|\w{1,20}n['’]t|fail(?:s|ed)?\sto|refus(?:es?|ed|ing)(?:\sto)?|declin(?:es?|ed|ing)\sto"
    r"|reject(?:s|ed|ing)?|den(?:y|ies|ied|ying)|rul(?:es?|ed|ing)\sout|(?:decid|opt|vot)(?:es?|ed|s)?\sagainst|stop(?:s|ped)?\sshort\sof"
    r"|no\splans?\sto|unlikely\sto)\b(?!(?:\sthe)?\s(?:only|just|alone|but|by)\b)",
    re.IGNORECASE,
)
# A headline says no in other ways, and does not plainly say that something is so where it asks, accuses or doubts.
_NO = re.compile(
    r"\b(?:no|nobody|none|nothing|neither|nor|without|(?:yet|still)\sto|unaware|(?:rejected|denied|refused|ruled\sout)\sby|denials?|fake|hoax|false|falsely|baseless|untrue"
    r"|clear(?:s|ed)|(?:call|put|hold|held|calls|called|puts|holds)\soff|scrap(?:s|ped)?|cancel\w*|abandon\w*|shelv(?:es?|ed)|drop(?:s|ped)?"
    r"|withdr[ae]w\w*|halt(?:s|ed)?|block(?:s|ed)?|avoid(?:s|ed)?|declin(?:es|ed)|turn(?:s|ed)\sdown|forgoes?|dismiss(?:es|ed)?|disput(?:es|ed))\b",
    re.IGNORECASE,
)
_DOUBTS = re.compile(
    r"\?|\b(?:accus\w+|alleg\w+|charg(?:es?|ed)|suspect\w*|plead\w*|trial|claims?|rumou?rs?|could|(?-i:may)|might)\b",
    re.IGNORECASE,
)


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
