"""What a report says, read for comparison, and what its words weigh within its story.

In a story about a ferry, "ferry" is in every headline and says nothing of whether two of them tell the same. A word
weighs what it is rare in the news at large (inverse document frequency, Sparck Jones 1972) times what it is rare within
the story: what is left over when the story's own words weigh nothing decides.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from monitor import data
from monitor.core import text
from monitor.core.language import event_classes, headline, proper_names, rarity, words
from monitor.core.language.event_classes import Act
from monitor.core.novelty import concepts, similarity

LEAD_CHARS_MAX = similarity.LEAD_CHARS_MAX
_HEDGED = data.whole_words("hedged")
_CAPITALS = re.compile(rf"\b[{text.CAPITALS}][\w'’-]+(?:\s[{text.CAPITALS}][\w'’-]+)*")
_BETWEEN = frozenset(
    ("has", "had", "have", "is", "was", "are", "were", "be", "been", "being", "to", "the", "of", "against")
)
_PERSONAL = data.words("personal_steps")
BESIDE_MAX = 3  # words between a step and whom it befalls: "charges brought against Garrity" (set)


@dataclass(frozen=True, slots=True)
class Wording:
    """A report's terms: of its headline, of the headline's main clause, of headline and first lines; and its acts.

    Its shape is read when it is asked for: of most reports of a story it never is.
    """

    terms: frozenset[str]
    clause: frozenset[str]
    whole: frozenset[str]
    acts: tuple[Act, ...]
    clause_acts: tuple[Act, ...]
    explains: bool
    hedged: bool
    content: str
    lead: str

    def befell_the_same(self, other: Wording, steps: frozenset[str]) -> bool:
        """Whether one of these steps befell the same person in both, whom either knows for one: "Garrity quits"."""
        one, two = befell(self.content, self.lead), befell(other.content, other.lead)
        return any(step in steps for _, step in (one.capitals & two.names) | (one.names & two.capitals))

    @property
    def shape(self) -> similarity.Shape:
        """What is compared beside the terms: figures, phases, quotations."""
        return similarity.shape(self.content, self.lead)


@lru_cache(maxsize=4096)
def read(title: str, lead: str = "") -> Wording:
    """What a report says; give it at most `LEAD_CHARS_MAX` characters of text."""
    content = headline.content(title)
    folded = text.words(content)
    main = headline.main_clause(folded)
    terms = frozenset(concepts.terms(content))
    acts = event_classes.of_text(content)
    front = set(folded[:main])
    behind = frozenset(concepts.terms(" ".join(word for word in folded[main:] if word not in front)))
    return Wording(
        terms=terms, clause=terms - behind, whole=terms | frozenset(concepts.terms(lead)) if lead else terms,
        acts=acts, clause_acts=tuple(act for act in acts if act.at < main), explains=headline.explains(title),
        hedged=_HEDGED.search(content) is not None, content=content, lead=lead,
    )  # fmt: skip


class Befell(NamedTuple):
    """Which steps befell whom, as (word, step): the word with a capital beside each, and those that are names."""

    capitals: frozenset[tuple[str, str]]
    names: frozenset[tuple[str, str]]


@lru_cache(maxsize=4096)
def befell(content: str, lead: str) -> Befell:
    """Which steps befell whom in a headline or its first lines.

    Between both stand but small words and names: "Orrel Steel chief resigns" says nothing of Orrel Steel.
    """
    capitals, named = set(), set()
    for sentence in (content, *text.each_sentence(lead)):
        acts = [act for act in event_classes.of_text(sentence) if not _PERSONAL.isdisjoint(event_classes.steps([act]))]
        if not acts:
            continue
        people = (name for name in proper_names.find(sentence) if not proper_names.is_place(name, sentence))
        names = {word for name in people for word in text.words(name)[-1:]}
        runs = [text.words(run) for run in _CAPITALS.findall(sentence)]
        last, within = {run[-1] for run in runs if run}, _BETWEEN.union(*runs)
        folded = text.words(sentence)
        for act in acts:
            behind = folded[act.at + len(act.word.split()) :][:BESIDE_MAX]
            before = folded[max(0, act.at - BESIDE_MAX) : act.at][::-1]
            steps = event_classes.steps([act]) & _PERSONAL
            for word in filter(None, (_whom(side, last, within) for side in (before, behind))):
                capitals |= {(word, step) for step in steps}
                named |= {(word, step) for step in steps if word in names}
    return Befell(frozenset(capitals), frozenset(named))


def _whom(side: Sequence[str], last: Set[str], within: Set[str]) -> str:
    """The first of the words from a step outwards that ends a name, where only words `within` stand before it."""
    for word in side:
        if word in last or word not in within:
            return word if word in last else ""
    return ""


@lru_cache(maxsize=20_000)
def news_rarity(term: str) -> float:
    """How rare a term is in the news, 0..1; of a place or a kind of people, how rare its name is."""
    name = term.partition(":")[2]
    return rarity.weight(words.stem(name.split()[0]) if name else term)


class _Squares(dict[str, float]):
    """The square of a term's weight, worked out when it is first asked for: sums over sets call nothing of ours."""

    def __init__(self, counts: Mapping[str, int], rarities: Sequence[float]) -> None:
        super().__init__()
        self._counts, self._rarities = counts, rarities

    def __missing__(self, term: str) -> float:
        self[term] = value = (news_rarity(term) * self._rarities[self._counts[term]]) ** 2
        return value


class StoryWords:
    """The weights of terms and of classes of events within a story, from what was told of it so far.

    Sums over sets are exact ones (`math.fsum`): they are the same in whatever order a process goes through a set.
    """

    def __init__(
        self, tellings: Iterable[Wording], own: frozenset[str] = frozenset(), text: frozenset[str] = frozenset()
    ) -> None:
        """Count in how many tellings each stands; `own` are the terms of the seed's headlines, `text` of its text."""
        self.own, self.seeded = own, own | text
        self._terms: Counter[str] = Counter()
        self._classes: Counter[str] = Counter()
        self._norms: dict[frozenset[str], float] = {}
        count = 0
        for telling in tellings:
            count += 1
            self._terms.update(telling.terms)
            self._classes.update(event_classes.classes(telling.acts))
        # Of a term or class that stands in so many of the tellings.
        self._rarities = [max(0.0, math.log((count + 2) / (n + 1))) for n in range(count + 1)]
        self._squares = _Squares(self._terms, self._rarities)

    def weight(self, term: str) -> float:
        """Rarity in the news times rarity within the story; about 0 for a word of every headline."""
        return news_rarity(term) * self._rarities[self._terms[term]]

    def class_weight(self, name: str) -> float:
        """Rarity of a class of events within the story."""
        return self._rarities[self._classes[name]]

    def total(self, terms: Iterable[str]) -> float:
        """What some terms weigh together."""
        return math.fsum(map(self.weight, terms))

    def alike(self, one: frozenset[str], other: frozenset[str]) -> float:
        """The cosine of two sets of terms by their weights, 0..1."""
        both = one & other
        if not both:
            return 0.0
        shared = math.fsum(map(self._squares.__getitem__, both))
        return shared / (self._norm(one) * self._norm(other) or 1.0)

    def _norm(self, terms: frozenset[str]) -> float:
        found = self._norms.get(terms)
        if found is None:
            found = self._norms[terms] = math.sqrt(math.fsum(map(self._squares.__getitem__, terms)))
        return found
