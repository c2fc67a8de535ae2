"""Search: what is looked for, and what was found."""

from __future__ import annotations

from datetime import datetime

from monitor.model.nouns import dataclass


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow one another; with `begins`, the last is the beginning of a word."""

    words: tuple[str, ...]
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What a text must have, and what it must not."""

    wanted: tuple[Phrase, ...] = ()
    unwanted: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found, and what one story made of it; `story` is "" where no story weighed it.

    `nearness` is score minus threshold; `verdict` is "" where it is not of the story.
    """

    key: str
    source_id: str
    at: datetime
    story: str = ""
    verdict: str = ""
    nearness: float = 0.0
