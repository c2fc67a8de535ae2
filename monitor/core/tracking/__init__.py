"""Which entries are follow-ups of a watched story. One seed article, no query; every score comes with evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from monitor.core.tracking.profile import (
    DEFAULT_THRESHOLD,
    Example,
    Feedback,
    Profile,
    adjust,
    compile_profile,
    describe,
    grow,
)
from monitor.core.tracking.reading import read
from monitor.core.tracking.scoring import score
from monitor.model import Entry, Match, Story

__all__ = ["DEFAULT_THRESHOLD", "Example", "Feedback", "Matcher", "Profile", "describe", "grow", "profile"]

INDEX_TERMS = 25


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
        self._index: dict[str, set[str]] = {}
        self._always: set[str] = set()
        for made in profiles:
            self.replace(made)

    def replace(self, made: Profile) -> None:
        """Put a grown profile in the place of the old one, or a new one in."""
        name = made.story.id
        self._profiles[name] = made
        if made.threshold <= 0:
            self._always.add(name)
        for key in _keys(made):
            self._index.setdefault(key, set()).add(name)

    def score(self, entry: Entry, at: datetime, story_ids: Collection[str] | None = None) -> list[Match]:
        """Scores above zero, in the order of story ids; `story_ids` limits them."""
        reading = read(entry)
        found = set(self._always)
        for key in (*reading.vector, *(f"@{code}" for code in reading.actors)):
            found |= self._index.get(key, set())
        if story_ids is not None:
            found &= set(story_ids)
        scored = [Match(name, score(self._profiles[name], reading, at)) for name in sorted(found)]
        return [match for match in scored if match.score.value > 0 or match.score.follow_up or match.score.reasons]


def _keys(made: Profile) -> list[str]:
    """What an entry must name at least one of to be worth scoring: the anchor, or a weighty term of seed or example."""
    weighty = sorted(made.vector, key=lambda term: (-made.vector[term], term))[:INDEX_TERMS]
    for _, vector, _ in made.examples[-3:]:
        weighty += sorted(vector, key=lambda term: (-vector[term], term))[:5]
    return [*weighty, *([f"@{made.anchor}"] if made.roles else [])]
