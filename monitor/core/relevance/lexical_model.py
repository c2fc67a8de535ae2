"""How well the words of a brief or text agree with those of a seed: a dozen measures joined by a logistic model.

One measure does not suit all: a headline has ten words, an article hundreds; one shared rare name says more than five
shared common words; what agrees on the same day may be another event a month later. The weights were fitted once on one
half of the labelled stories (events, hard neighbours, chains over months; see docs/how-it-decides.md) and judged on the
other half by `python -m bench.quality`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from monitor.core.language import rarity, words
from monitor.core.language.words import Vector
from monitor.core.remembered import once
from monitor.model.nouns import dataclass

COSINE_MIN = 0.03  # likeness below which nothing was ever a follow-up (set by reading)
RAREST = 8  # rarest words of a seed that are looked for (set)
FADE_AFTER_DAYS = 2.0  # days after which agreement of words begins to fade (fitted)
FADE_DAYS = 7.0  # days in which it fades to a third (fitted)

BIAS = -10.0  # weights of a logistic fitted on labelled pairs, in this order to the last: see `chance`
COSINE = -11.2  # fitted, of the likeness
COSINE_ROOT = 19.55  # fitted, of its root
HEADS = 2.45  # fitted, of first sentences
COVERED = 15.0  # fitted, of the share covered
RARITY = -0.3  # fitted, of how rare the words are
TITLE_MET = 1.24  # fitted, of the seed's headline met
SECOND_TERM = 2.15  # fitted, of the second word
SECOND_NAME = 1.73  # fitted, of the second name
APART = -2.8  # fitted, of days apart
NAMELESS = -1.0  # fitted, for seeds without names
STRANGER = -0.055  # fitted, of names that are not the story's
SUBJECT = 1.0  # fitted, of the subject met


@dataclass(frozen=True, slots=False)
class Words:
    """A text as words: unit vectors of the whole and of its head, and how much it says in all.

    `titled` and `opening` are the stems of headline and first sentences, `rest` those behind them. `known` are the
    countries and organisations that it names; `short` means little more than a headline: there a number shared is
    chance (every day has its 14-year-old), in an article it is a date or a toll.
    """

    titled: Sequence[str]
    opening: Sequence[str]
    rest: Sequence[str]
    known: Callable[[], Collection[str]]
    short: bool

    @once
    def counts(self) -> Mapping[str, int]:
        """How often each stem stands there; those of the headline count twice."""
        return Counter((*self.titled, *self.titled, *self.opening, *self.rest))

    @once
    def whole(self) -> Vector:
        """All its words."""
        return words.unit(self.counts)

    @once
    def length(self) -> float:
        """How long the vector of the whole is before it is one of length 1: of two words, that is all one needs."""
        return words.length(words.raw(self.counts)) or 1.0

    def value(self, term: str) -> float:
        """What the vector of the whole has for one of its terms."""
        return words.damped(self.counts[term]) * rarity.squared(term) / self.length

    @once
    def head(self) -> Vector:
        """Headline and first sentences."""
        return words.weighed(((self.titled, 1.0), (self.opening, 1.0)))

    @once
    def sum_squares(self) -> float:
        """How much all its words say."""
        return sum(map(rarity.squared, self.counts)) or 1.0


@dataclass(frozen=True, slots=True)
class Ground:
    """A seed as words: besides its vectors, how prominent each term is (1 for the most), and which are names.

    `subject` are the rare names in its headline: what it is about, whatever happens next.
    """

    whole: Vector
    head: Vector
    prominence: Mapping[str, float]
    names: frozenset[str]
    title: Mapping[str, float]
    title_sum: float
    subject: frozenset[str]
    known: frozenset[str]


def ground(
    whole: Vector, head: Vector, title: str, names: frozenset[str], subject: frozenset[str], known: frozenset[str]
) -> Ground:
    """Make a seed ready for many comparisons."""
    most = max(whole.values(), default=1.0)
    wanted = {term: rarity.weight(term) ** 2 for term in words.terms(title)}
    return Ground(
        whole=whole, head=head, names=names, title=wanted, title_sum=sum(wanted.values()) or 1.0, subject=subject,
        known=known,
        prominence={term: value / most * rarity.weight(term) ** 2 for term, value in whole.items()},
    )  # fmt: skip


def apart(days: float) -> float:
    """How far two texts lie apart in time, 0 within two days to 1 after a month."""
    return 1 - math.exp(-max(0.0, days - FADE_AFTER_DAYS) / FADE_DAYS)


def chance(seed: Ground, entry: Words, distance: float) -> float:
    """The chance, 0..1, that the entry belongs to the seed's story, so far as words tell; `distance` as of `apart`."""
    vector = seed.whole
    shared = [term for term in entry.counts if term in vector and not (entry.short and term.isdigit())]
    cosine = sum([entry.value(term) * vector[term] for term in shared])
    if cosine < COSINE_MIN:
        return 0.0
    squares = [rarity.weight(term) for term in shared]
    covered = sum(weight * weight for weight in squares) / entry.sum_squares
    rarest = sum(sorted((weight**3 for weight in squares), reverse=True)[:RAREST])
    met = sum(value for term, value in seed.title.items() if term in entry.counts) / seed.title_sum
    sum_ = (
        BIAS
        + COSINE * cosine
        + COSINE_ROOT * math.sqrt(cosine)
        + HEADS * words.cosine(entry.head, seed.head)
        + COVERED * covered
        + RARITY * rarest
        + TITLE_MET * met
        + SECOND_TERM * _second(seed.prominence[term] for term in shared)
        + SECOND_NAME * _second(seed.prominence[term] for term in shared if term in seed.names)
        + APART * distance
        + STRANGER * len(frozenset(entry.known()) - seed.known)
    )
    if len(seed.names) >= 3 and not any(term in seed.names for term in shared):
        sum_ += NAMELESS
    if not seed.subject.isdisjoint(entry.titled):
        sum_ += SUBJECT
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, sum_))))


def _second(values: Iterable[float]) -> float:
    """The second largest: one shared term may be chance, two are a theme."""
    first = second = 0.0
    for value in values:
        if value > first:
            first, second = value, first
        elif value > second:
            second = value
    return second
