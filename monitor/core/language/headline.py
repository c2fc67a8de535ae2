"""The parts of a headline: what it says itself, its main clause, the publisher's name behind it, and its kind.

Only what stands before "after", "amid" and their like is the news; behind them stands what was told before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from monitor import data
from monitor.core.language import event_classes
from monitor.core.text import words

# A publisher's or a speaker's name behind a headline is rarely longer; what is longer says something of its own.
TAIL_WORDS_MAX = 4
# Fewer words than these are no headline: what stands behind the dash belongs to it.
REST_WORDS_MIN = 3
# A main clause has a subject, a verb and an object before anything is joined to it.
CLAUSE_WORDS_MIN = 3

_TAIL = re.compile(r"\s(?:-|–|—|―|\||·|::)\s(?P<tail>[^|·]{2,60})$")
_BAR = re.compile(r"\s(?:\||·|::)\s")
_JOINED = data.words("headline_joins")
# "Who is X? Her husband breaks his silence", "Update: why the sheriff left": the question is an ornament, news follows.
_TELLS = re.compile(data.patterns("tells"), re.IGNORECASE)
_EXPLAINS = re.compile(data.patterns("explains"), re.IGNORECASE)
# "The week in Selovo: cubs, leaks and a minister gone" is of everything.
_SUMS_UP = re.compile(data.patterns("sums_up"), re.IGNORECASE)
# "Viewpoint: ...", "... | Opinion", "... (podcast, episode 12)": a column's name, of which one word says what it is.
_LABELS = (
    re.compile(r"^(?P<label>[^:|]{3,40}?)(?::\s|\s?\|\s|\s[-–—]\s)"),
    re.compile(r"[(\[](?P<label>[^()\[\]]{3,40})[)\]]|\s\|\s(?P<end>[^|]{3,40})$"),
)
_POLLS = frozenset(("poll", "polls", "survey"))  # "Opinion poll: ..." tells news
LABEL_WORDS_MAX = 5  # words of a column's name (set)
# "The Saturday quiz" is all label; what is longer tells something.
BARE_WORDS_MAX = 3


@lru_cache(maxsize=2048)
def content(title: str) -> str:
    """A headline without the publisher or the speaker behind its last dash or bar, where that says nothing itself."""
    found = _TAIL.search(title)
    if found is None or len(words(title[: found.start()])) < REST_WORDS_MIN:
        return title
    tail = words(found["tail"])
    if len(tail) > TAIL_WORDS_MAX or any(char.isdigit() for char in found["tail"]):
        return title
    if not _BAR.match(title, found.start()) and event_classes.find(tail):
        return title
    return content(title[: found.start()])


def main_clause(folded: Sequence[str]) -> int:
    """How many of a headline's folded words are its main clause."""
    for at, word in enumerate(folded):
        if at >= CLAUSE_WORDS_MIN and word in _JOINED:
            return at
    return len(folded)


def explains(title: str) -> bool:
    """Whether a headline promises to explain, sum up, comment on or ask about what is known, not to tell news."""
    title = title.strip()
    return sums_up(title) or _is_column(title) or (_EXPLAINS.search(title) is not None and _TELLS.search(title) is None)


def sums_up(title: str) -> bool:
    """Whether a headline stands over a round-up of the news: of several stories, whichever it is taken for."""
    return _SUMS_UP.search(title) is not None


def _is_column(title: str) -> bool:
    """Whether a headline stands under the name of a column of opinions, pictures, riddles, talks or round-ups."""
    labels = [next(filter(None, found.groups())) for pattern in _LABELS for found in pattern.finditer(title)]
    known = (words(label) for label in [*labels, *([title] if len(words(title)) <= BARE_WORDS_MAX else [])])
    return any(
        len(label) <= LABEL_WORDS_MAX and not data.words("columns").isdisjoint(label) and _POLLS.isdisjoint(label)
        for label in known
    )
