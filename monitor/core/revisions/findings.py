"""What a comparison works on and what it yields: both versions, their paired sentences, and weighed changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.core.revisions import facts
from monitor.core.revisions.facts import Facts
from monitor.model import ChangeKind, TextChange

PAIR_OVERLAP = 0.55
PAIRS_MAX = 60
LONG_TEXT_SENTENCES = 6
# One finding of weight 1 decides. The order was learned from labelled pairs, then rounded by hand (docs/what-changed.md).
WEIGHT = {
    "figure replaced": 1.5, "figure": 1.0, "rank": 0.5, "list": 0.2, "date replaced": 1.5, "date": 1.0,
    "name replaced": 1.2, "name": 1.0, "place replaced": 1.2, "place": 0.6, "attribution replaced": 1.2,
    "attribution": 1.0, "negation flipped": 1.2, "negation": 0.7, "negation lost": 0.5, "quote replaced": 1.0,
    "quote": 0.5, "headline event": 1.0, "event replaced": 1.0, "event": 0.6, "event ahead": 0.6, "outlook": 0.6,
    "new headline": 0.4, "new sentence": 0.6, "other sentence": 1.0, "lost sentence": 0.5,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """A change and how surely it is one of fact: 1 and more decides by itself."""

    change: TextChange
    weight: float


@dataclass(frozen=True, slots=True)
class Versions:
    """Both versions whole, the sentences that only one of them has, and which of these say nearly the same.

    `pairs` are (old sentence, new sentence, overlap 0..1) of the body; `headlines` the new version's title sentences.
    """

    old: Facts
    new: Facts
    added: Facts
    removed: Facts
    headlines: frozenset[str]
    pairs: tuple[tuple[Facts, Facts, float], ...]

    @property
    def is_long(self) -> bool:
        """Whether this is an article rather than a headline with its summary."""
        return min(len(self.old.sentences), len(self.new.sentences)) >= LONG_TEXT_SENTENCES

    @property
    def had_body(self) -> bool:
        """Whether the old version was more than a headline."""
        return len(self.old.sentences) > 1

    def headline(self, sentence: str) -> bool:
        """Whether a sentence stands in the headline of the new version."""
        return sentence in self.headlines


def made(kind: ChangeKind, before: str, after: str, sentence: str, weight: str) -> Finding:
    """A finding with the weight of its sort."""
    return Finding(TextChange(kind, before, after, sentence), WEIGHT[weight])


def versions(
    before: Sequence[str], after: Sequence[str], headlines: frozenset[str], published_at: datetime | None
) -> Versions:
    """Two versions, given as sentences, made ready for comparison. Sentences that both have are not looked at again."""
    old_keys, new_keys = {key(part) for part in before}, {key(part) for part in after}
    added = facts.of([part for part in after if key(part) not in old_keys], published_at)
    removed = facts.of([part for part in before if key(part) not in new_keys], published_at)
    return Versions(
        facts.of(before, published_at), facts.of(after, published_at), added, removed, headlines,
        _pairs(removed.sentences, added.sentences, headlines, published_at),
    )  # fmt: skip


def key(sentence: str) -> str:
    """Equal for sentences that differ in case, punctuation and hyphens only."""
    return " ".join(facts.words(sentence.replace("-", " ")))


def overlap(one: set[str], other: set[str]) -> float:
    """Dice's coefficient of two sets of stems."""
    return 2 * len(one & other) / max(1, len(one) + len(other))


def _pairs(
    removed: Sequence[str], added: Sequence[str], headlines: frozenset[str], published_at: datetime | None
) -> tuple[tuple[Facts, Facts, float], ...]:
    """Each new sentence of the body with the old one that it most likely replaces."""
    stems = [(sentence, facts.content(sentence)) for sentence in removed[: 4 * PAIRS_MAX]]
    found: list[tuple[Facts, Facts, float]] = []
    for sentence in added[: 4 * PAIRS_MAX]:
        if sentence in headlines or not stems or len(found) == PAIRS_MAX:
            continue
        mine = facts.content(sentence)
        shared, index = max((overlap(mine, theirs), -index) for index, (_, theirs) in enumerate(stems))
        if shared >= PAIR_OVERLAP:
            old = stems.pop(-index)[0]
            found.append((facts.of([old], published_at), facts.of([sentence], published_at), shared))
    return tuple(found)
