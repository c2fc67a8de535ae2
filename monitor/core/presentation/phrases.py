"""The words of the pages: one tag for each kind of thing, states and failures as people say them, and the glossary.

Two accents carry meaning and never alone: blue is new, red is wrong or needs somebody.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from monitor import data
from monitor.core.text import counted as counted


class Tag(NamedTuple):
    """A word on a page and its accent: "new" and "bad" are filled, "blue" and "red" drawn, "" plain."""

    word: str
    tone: str = ""


def words(name: str) -> dict[str, str]:
    """A list of `phrases.tsv` by its keys."""
    return {row[1]: row[2] for row in data.rows("phrases.tsv") if row[0] == name}


KINDS = {row[0]: Tag(row[1], row[2].strip("-")) for row in data.rows("alert_kinds.tsv")}
VERDICTS = {row[1]: Tag(*row[2:]) for row in data.rows("phrases.tsv") if row[0] == "verdict"}
NEAR = Tag("Near miss")
OTHER = Tag("Another story")
BEFORE = Tag("Before you watched")
# How a filter over kinds is called, in the order of the tabs.
FILTERS = {row[1]: (row[2], tuple(row[3].split())) for row in data.rows("phrases.tsv") if row[0] == "filter"}
FAILURES = words("failure")
UNDELIVERED = {name: FAILURES.get(meant, meant) for name, meant in words("undelivered").items()}
SOURCE_STATES, DELIVERY_STATES, FEEDBACK = words("source"), words("delivery"), words("feedback")
LINE_POINTS = 100  # a score on pages is of 100 (design of the pages)
NEAR_MARGIN = 0.15  # of 1: how far below the line a miss is still near; design of the pages, set by eye


def glossary() -> tuple[tuple[str, ...], ...]:
    """Every word of the pages that is explained, with its meaning."""
    return data.rows("glossary.tsv")


def failure(error: str | None, detail: str | None) -> str:
    """Why a source cannot be read, in words, with what its server said."""
    said = f" (“{detail}”)" if detail else ""
    return f"{FAILURES.get(error or '', error or '')}{said}"


def undelivered(error: str) -> tuple[str, str]:
    """Why a message did not arrive, in words, and beside it what the machine said; ("", all) where it has words."""
    words = UNDELIVERED.get(error.partition(":")[0], "")
    return words, error


_RAW = re.compile(r"; \d\.\d\d$| \([+-]\d{1,3}\.\d\)$")


def weighed(evidence: str) -> str:
    """A reason as a sentence: without the raw figure at its end, which stands beside it where it is wanted."""
    return _RAW.sub("", evidence).replace(" -> ", " → ")


def points(value: float) -> int:
    """A score between 0 and 1 as people read it, of 100."""
    return round(value * LINE_POINTS)


def listed(names: list[str], most: int = 3) -> str:
    """ "A, B and C", "A, B and 4 others"."""
    if len(names) > most:
        return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} others"
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
