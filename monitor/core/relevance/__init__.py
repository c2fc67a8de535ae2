"""Which entries are follow-ups of a watched story. One seed article, no query; every score comes with evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from heapq import nlargest

from monitor.core.relevance.features import read
from monitor.core.relevance.profile import DEFAULT_THRESHOLD, Example, Feedback, Profile, adjust, compile_profile, grow
from monitor.core.relevance.scoring import score
from monitor.core.relevance.summary import describe
from monitor.model import Entry, Match, Story

__all__ = ["DEFAULT_THRESHOLD", "Example", "Feedback", "Matcher", "Profile", "describe", "grow", "profile"]

INDEX_TERMS = 25
EXAMPLES_INDEXED = 3
# With very many stories only the likeliest are scored in full: below this agreement of words none was ever a follow-up.
FULL_MAX = 24
AGREEMENT_MIN = 0.05
_NONE: frozenset[str] = frozenset()
_NOTHING: dict[str, float] = {}


def profile(story: Story, examples: Sequence[Example] = (), feedback: Sequence[Feedback] = ()) -> Profile:
    """The compiled profile of a story: its seed, then what was accepted with certainty, then what people said."""
    made = compile_profile(story)
    for example in examples:
        made = grow(made, example)
    for said in feedback:
        made = adjust(made, said)
    return made


class Matcher:
    """Scores an entry for many stories at once; an index of names and weighty terms finds the stories worth scoring."""

    def __init__(self, profiles: Iterable[Profile]) -> None:
        """`profiles` have distinct stories."""
        self._profiles: dict[str, Profile] = {}
        self._always: set[str] = set()
        self._anchors: dict[str, set[str]] = {}
        self._words: dict[str, dict[str, float]] = {}
        for made in profiles:
            self.replace(made)

    def replace(self, made: Profile) -> None:
        """Put a grown profile in the place of the old one, or a new one in."""
        name = made.story.id
        self._profiles[name] = made
        if made.threshold <= 0:
            self._always.add(name)
        if made.roles:
            self._anchors.setdefault(made.anchor, set()).add(name)
        for vector in (made.vector, *(example for _, example, _ in made.examples[-EXAMPLES_INDEXED:])):
            for term in sorted(vector, key=lambda term: (-vector[term], term))[:INDEX_TERMS]:
                known = self._words.setdefault(term, {})
                known[name] = max(known.get(name, 0.0), vector[term])

    def score(self, entry: Entry, at: datetime, story_ids: Collection[str] | None = None) -> list[Match]:
        """Scores above zero, in the order of story ids; `story_ids` limits them."""
        reading = read(entry)
        found = set(self._always)
        for code in reading.actors:
            found |= self._anchors.get(code, _NONE)
        found.update(self._worded(reading.vector))
        if story_ids is not None:
            found &= set(story_ids)
        scored = [Match(name, score(self._profiles[name], reading, at)) for name in sorted(found)]
        return [match for match in scored if match.score.value > 0 or match.score.follow_up or match.score.reasons]

    def _worded(self, vector: Mapping[str, float]) -> list[str]:
        """Stories whose words agree; of more than `FULL_MAX`, only the `FULL_MAX` that agree most."""
        sums: dict[str, float] = {}
        for term in sorted(vector, key=lambda term: (-vector[term], term))[:INDEX_TERMS]:
            weight = vector[term]
            for name, value in self._words.get(term, _NOTHING).items():
                sums[name] = sums.get(name, 0.0) + weight * value
        if len(sums) <= FULL_MAX:
            return list(sums)
        best = nlargest(FULL_MAX, ((value, name) for name, value in sums.items() if value >= AGREEMENT_MIN))
        return [name for _, name in best]
