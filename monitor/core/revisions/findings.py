"""What a comparison works on and what it yields: both versions, their paired sentences, and weighed changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz.distance import OSA

from monitor.core.language import lexicon, proper_names, quantities
from monitor.core.revisions import facts
from monitor.core.revisions.facts import Facts, Sentence
from monitor.core.text import sentences
from monitor.model import ChangeKind, TextChange

PAIR_OVERLAP = 0.55  # share of words of two versions of a sentence (set on labelled pairs)
HEADLINE_OVERLAP = 0.75  # the same of a headline (set on labelled pairs)
PAIRS_MAX = 60  # pairs of sentences compared (set)
LONG_TEXT_SENTENCES = 6  # from which a text is long (set)
NOUN_CHARS_MAX = 40  # characters of what a figure counts (set)
_MINUS = re.compile(r"(?<![^\s(])[-−–](?=[\d.$£€])")
_SIGNS = str.maketrans({"-": " ", **{sign: f" sign{ord(sign)} " for sign in "$£€¥₩₽₴₹%"}})
# One finding of weight 1 decides. The order was learned from labelled pairs, then rounded (docs/what-changed.md).
WEIGHT = {
    "figure replaced": 1.5, "figure": 1.0, "vague": 0.5, "rank": 0.5, "list": 0.2,
    "date replaced": 1.5, "date": 1.0, "day": 0.3, "year": 0.2,
    "name replaced": 1.2, "name": 0.6, "name joined": 1.0,
    "place replaced": 1.2, "place": 0.6, "place joined": 1.0, "attribution replaced": 1.2,
    "attribution": 1.0, "negation flipped": 1.2, "negation": 0.5, "negation lost": 0.2, "quote replaced": 1.0,
    "quote": 0.5, "headline event": 1.0, "event replaced": 1.0, "event": 0.6, "event ahead": 0.6, "background": 0.5,
    "outlook": 0.5, "come true": 1.0, "cause": 1.0, "state": 1.0,
    "told beneath": 1.0, "statement replaced": 1.0, "doubt": 1.0, "new headline": 0.4, "new sentence": 0.5,
    "lost sentence": 0.5, "added news": 1.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """A change and how surely it is one of fact: 1 and more decides by itself.

    `part` is the sentence it was found in, `clue` what gave it away there: a sentence may be one change for several
    reasons. `sort` is its name in WEIGHT. `swapped` where something stands in the place of something else.
    """

    change: TextChange
    weight: float
    part: str
    clue: str
    sort: str
    swapped: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence and the one put in its place; `overlap` 0..1 says how much of it stayed."""

    old: Sentence
    new: Sentence
    overlap: float


@dataclass(frozen=True, slots=True)
class Versions:
    """Both versions whole, the sentences that only one of them has, and which of these say nearly the same.

    `headlines` are the title sentences of the new version, `titles` both titles whole; `had_body`: the old one was more
    than its headline; `spelt` are the words of names that one version abbreviates.
    """

    old: Facts
    new: Facts
    added: Facts
    removed: Facts
    headlines: frozenset[str]
    titles: tuple[str, str]
    pairs: tuple[Pair, ...]
    had_body: bool
    spelt: frozenset[str]

    @property
    def is_long(self) -> bool:
        """Whether this is an article rather than a headline with its summary."""
        return min(len(self.old.sentences), len(self.new.sentences)) >= LONG_TEXT_SENTENCES

    def replaced(self, sentence: str) -> str:
        """The old sentence that this new one stands in place of, or ""."""
        return next((pair.old.text for pair in self.pairs if pair.new.text == sentence), "")

    def headline(self, sentence: str) -> bool:
        """Whether a sentence stands in the headline of the new version."""
        return sentence in self.headlines


def in_place(before: str, old: str, after: str, new: str) -> bool:
    """Whether a name stands where another stood: between words of which one beside it stayed."""
    (was, then), (now, next_) = _beside(before, old), _beside(after, new)
    return bool((was and was == now) or (then and then == next_))


def _beside(name: str, sentence: str) -> tuple[str, str]:
    """The stems of the words before and behind a name."""
    left, _, right = sentence.partition(name)
    words = lexicon.words(left)[-1:], lexicon.words(right.removeprefix("'s").removeprefix("’s"))[:1]
    before, behind = (lexicon.stem(each[0]) if each else "" for each in words)
    return before, behind


def made(kind: ChangeKind, before: str, after: str, sentence: str, weight: str) -> Finding:
    """A changed value, with the weight of its sort."""
    clue = max(before, after, key=len) if kind == "negation" else after or before
    return Finding(
        TextChange(kind, before, after, sentence), WEIGHT[weight], sentence, clue, weight, bool(before and after)
    )


def worded(
    both: Versions, sentence: str, weight: str, clue: str, *, before: str = "", swapped: bool = False
) -> Finding:
    """A headline or a sentence that says something else now: told whole, with what stood in its place."""
    if both.headline(sentence):
        change = TextChange("headline", *both.titles, both.titles[1])
    else:
        before = before or both.replaced(sentence)
        change = TextChange("text", "" if before in both.titles[0] else before, sentence, sentence)
    return Finding(change, WEIGHT[weight], sentence, clue, weight, swapped)


def shown(figure: quantities.Quantity, sentence: str) -> str:
    """A figure in the words of its sentence: qualifier, value, what it counts."""
    end = figure.noun_end if figure.end < figure.noun_end <= figure.end + NOUN_CHARS_MAX else figure.end
    written = sentence[figure.start : end].strip(" '’\"”(")
    return written[:1].lower() + written[1:] if figure.qualifier else written


def key(sentence: str) -> str:
    """Equal for sentences that differ in case, punctuation and hyphens only; signs of currency count."""
    return " ".join(lexicon.words(_MINUS.sub(" minus ", sentence).translate(_SIGNS)))


def versions(
    before: Sequence[str], after: Sequence[str], published_at: datetime | None, titles: tuple[str, str]
) -> Versions:
    """Two versions, given as sentences, made ready for comparison. Sentences that both have are not looked at again."""
    old_headlines, headlines = (frozenset(sentences(title)) for title in titles)
    old_keys, new_keys = {key(part) for part in before}, {key(part) for part in after}
    seen: dict[str, Sentence] = {}

    def read(sentence: str) -> Sentence:
        if sentence not in seen:
            seen[sentence] = facts.read(sentence, published_at)
        return seen[sentence]

    added = [read(part) for part in after if key(part) not in old_keys]
    removed = [read(part) for part in before if key(part) not in new_keys]
    spelt = proper_names.abbreviated("\n".join(before), "\n".join(after))
    return Versions(
        facts.of(map(read, before), spelt), facts.of(map(read, after), spelt), facts.of(added), facts.of(removed),
        headlines, titles,
        _pairs(removed, added, lambda sentence: HEADLINE_OVERLAP if sentence in headlines else PAIR_OVERLAP),
        any(part not in old_headlines for part in before), spelt,
    )  # fmt: skip


def _pairs(removed: Sequence[Sentence], added: Sequence[Sentence], enough: Callable[[str], float]) -> tuple[Pair, ...]:
    """Each new sentence with the old one that it most likely replaces."""
    free = list(removed[: 4 * PAIRS_MAX])
    found: list[Pair] = []
    for new in added[: 4 * PAIRS_MAX]:
        if not free or len(found) == PAIRS_MAX:
            break
        shared, index = max(
            (max(_overlap(new.stems, old.stems), _overlap(new.frame, old.frame)), -index)
            for index, old in enumerate(free)
        )
        if shared >= enough(new.text):
            found.append(Pair(free.pop(-index), new, shared))
    return tuple(found)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice's coefficient of two sets of stems."""
    return 2 * len(one & other) / max(1, len(one) + len(other))


def unlike(fresh: Iterable[str], known: Iterable[str]) -> set[str]:
    """Those folded words that are no inflection or misspelling of a known one, and no number word."""
    candidates = [(other, lexicon.stem(other)) for other in known if other not in lexicon.SMALL]
    return {
        word
        for word in fresh
        if word not in lexicon.SMALL
        and not quantities.find(word)
        and not any(
            lexicon.stem(word) == stemmed or (len(word) > 3 and OSA.distance(word, other, score_cutoff=1) <= 1)
            for other, stemmed in candidates
        )
    }
