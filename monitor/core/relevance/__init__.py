"""Which entries are follow-ups of a watched story. One seed article, no query; every score comes with evidence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from heapq import nlargest
from itertools import chain

from monitor.core.language import rarity, vocabulary
from monitor.core.relevance import scoring
from monitor.core.relevance.calibration import Models
from monitor.core.relevance.features import Glance, Reading, glance, read_on
from monitor.core.relevance.model_view import view
from monitor.core.relevance.profile import (
    DEFAULT_THRESHOLD,
    Example,
    Feedback,
    Profile,
    adjust,
    compile_profile,
    grow,
    taught,
)
from monitor.core.relevance.scoring import score
from monitor.core.relevance.summary import describe
from monitor.model import Entry, Match, Story

__all__ = [
    "DEFAULT_THRESHOLD", "Example", "Feedback", "Matcher", "Profile", "describe", "glance", "grow", "profile", "taught",
    "view",
]  # fmt: skip

# Words of more than about 4,000 of 567,654 headlines join no story to an entry by themselves.
INDEXED_WEIGHT_MIN = 0.38
# A story is found by its so many foremost stems; an article of 400 words has about twice as many that are rare.
INDEXED_MAX = 80
# An entry is looked up by its headline and so many stems of its first sentences.
OPENING_STEMS = 25
# What was learnt is looked up when two lessons have it.
LESSONS_MIN = 2
# With very many stories only the likeliest are scored in full, and those nearly as likely: many may watch one event.
# Of 294 stories in one stream (AllSides) eight lose no follow-up that twelve have.
FULL_MAX, FULL_CROWD_MAX = 8, 64
# Of very many, one with which an entry shares less than this is not worth a score: no follow-up of AllSides, ECB+ or
# BASIL is lost by it, and a quarter of the work is saved. Not of few: a story without names of its own shares little.
SHARED_MIN = 0.3
CROWD_SHARE = 0.7  # of the likeliest story's sum that a story beyond the first must have (set)
# In looking up, the headline counts twice, and a stem of the seed's body this much beside its most prominent one.
TITLE_EMPHASIS = 2.0
PROMINENCE_FLOOR = 0.3  # prominence in the seed of a word that may find a story (set)


def profile(story: Story, examples: Sequence[Example] = (), feedback: Sequence[Feedback] = ()) -> Profile:
    """The compiled profile of a story: its seed, then what was accepted with certainty, then what people said."""
    at = story.seed.published_at
    liked = [Example(Entry(title=headline), at) for headline in story.like] if at else []
    made = taught(compile_profile(story), [*liked, *examples])
    for said in (*(Feedback(Entry(title=headline), "no") for headline in story.unlike), *feedback):
        made = adjust(made, said)
    return made


class Matcher:
    """Scores an entry for many stories at once; an index of names and rare stems finds the stories worth scoring."""

    def __init__(
        self, profiles: Iterable[Profile], models: Mapping[str, Models] | None = None,
        watched_since: Callable[[str], datetime | None] = lambda _: None,
    ) -> None:  # fmt: skip
        """`profiles` have distinct stories; `models`, by story, decide in place of the shipped ones.

        `watched_since` says from when on entries were compared with a story; it is seldom asked.
        """
        self._models = models or {}
        self._watched_since = watched_since
        self._profiles: dict[str, Profile] = {}
        self._always: set[str] = set()
        self._anchors: dict[str, set[str]] = {}
        self._stems: dict[str, dict[str, float]] = {}
        self._roots: dict[str, dict[str, float]] = {}  # of stories in other languages, in which words have many forms
        self._taught: dict[str, set[str]] = {}
        for made in profiles:
            self.replace(made)

    def replace(self, made: Profile) -> None:
        """Put a grown profile in the place of the old one, or a new one in."""
        name, old = made.story.id, self._profiles.get(made.story.id)
        self._profiles[name] = made
        if made.threshold <= 0:
            self._always.add(name)
        if made.roles:
            self._anchors.setdefault(made.anchor, set()).add(name)
        values = {
            stem: made.seed.weight(stem) ** 3 * (PROMINENCE_FLOOR + made.seed.prominence.get(stem, 0.0))
            for stem in chain(
                made.seed.shares if old is None else (),
                (stem for stem, times in made.learnt.stems.items() if times >= LESSONS_MIN),
            )
            if made.seed.weight(stem) >= INDEXED_WEIGHT_MIN and not stem[0].isdigit()
        }
        for stem in nlargest(INDEXED_MAX, values, key=lambda stem: (values[stem], stem)):
            self._stems.setdefault(stem, {})[name] = values[stem]
            if made.seed.roots:
                self._roots.setdefault(vocabulary.root(stem), {})[name] = values[stem]
        for stem in old.learnt.stems.keys() - made.learnt.stems.keys() if old else ():
            if left := self._taught.pop(stem, set()) - {name}:
                self._taught[stem] = left
        for stem in made.learnt.stems:
            if made.seed.weight(stem) >= scoring.NICKNAME_RARE:
                self._taught.setdefault(stem, set()).add(name)

    def score(
        self, entry: Entry | Glance, at: datetime, story_ids: Collection[str] | None = None,
        everyday: rarity.Weigh = rarity.of,
    ) -> list[Match]:  # fmt: skip
        """Scores above zero by story id, of `story_ids` where given; `everyday`: what words weigh at its source."""
        seen = entry if isinstance(entry, Glance) else glance(entry)
        found = self.candidates(seen)
        if story_ids is not None:
            found = {name for name in found if name in story_ids}
        if not found:  # nearly every entry concerns none
            return []
        reading = read_on(seen, everyday)
        scored = [
            Match(name, score(self._profiles[name], reading, at, self._models.get(name), self._watched_since))
            for name in sorted(found)
        ]
        return [match for match in scored if match.score.value > 0 or match.score.follow_up or match.score.reasons]

    def candidates(self, reading: Glance | Reading) -> set[str]:
        """The stories worth scoring."""
        found = set(self._always)
        for code in reading.actors if self._anchors else ():
            found.update(self._anchors.get(code, ()))
        for stem in scoring.nickname(reading.entry.title) if self._taught else ():
            found.update(self._taught.get(stem, ()))
        return found.union(self._worded(reading))

    def _worded(self, reading: Glance | Reading) -> list[str]:
        """Stories that share rare stems; of very many, the `FULL_MAX` that share most and those that share as much."""
        sums: dict[str, float] = {}
        stems, title = self._stems, reading.title
        asked = dict.fromkeys((*title, *reading.opening[:OPENING_STEMS]))
        for stem in [each for each in asked if each in stems]:
            emphasis = TITLE_EMPHASIS if stem in title else 1.0
            for name, weight in stems[stem].items():
                sums[name] = sums.get(name, 0.0) + emphasis * weight
        for stem in asked if self._roots else ():
            for name, weight in self._roots.get(vocabulary.root(stem), {}).items():
                sums.setdefault(name, weight)
        if len(sums) <= FULL_MAX:
            return list(sums)
        ranked = nlargest(FULL_CROWD_MAX, ((value, name) for name, value in sums.items()))
        enough = max(SHARED_MIN, CROWD_SHARE * ranked[0][0])
        return [
            name for place, (value, name) in enumerate(ranked) if value >= (SHARED_MIN if place < FULL_MAX else enough)
        ]
