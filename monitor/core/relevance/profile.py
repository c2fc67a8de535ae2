"""The profile of a story: what its seed article is about, in a form that an entry can be compared with."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache

from monitor import data
from monitor.core.language import gazetteer, rarity, words
from monitor.core.relevance import lexical_model, story_model
from monitor.core.relevance.features import lead, read
from monitor.core.relevance.lexical_model import Ground
from monitor.core.relevance.story_model import LESSONS_MAX, Learnt, Seed
from monitor.core.text import fold, sentences
from monitor.model import Entry, Story

DEFAULT_THRESHOLD = 0.5  # a chance of one half (contract)
COUNTERPART_SHARE = 0.2  # share of the seed's actors that makes one a counterpart (set)
PEOPLE_SHARE = 0.15  # share of its people that makes a kind the story's (set)
SEED_WORDS = 400  # words of the seed that count (set)
# A story goes on while certain follow-ups come at least so often, and so many have come.
LINK = timedelta(days=30)
LINKS_MIN = 6  # mentions together that tie two actors (set)
MEMBER_STRENGTH = 0.5  # share of a country's rarity with which it tells a story of its region (set)
BACKGROUND_RATE_MAX = 0.0006  # share of all news that names roles together; more is ordinary news (measured)
# Roles tell a story when at least so many sentences of its seed name the actor together with people.
JOINT_MIN = 2
PAIR_RATE_MIN = 0.0002  # share of all news from which on it names two together: Pyongyang and Moscow, .0003 (set)
OWN_RARE = 0.7  # rarity from which a word is the story's own (set)
# A seed without a date is taken as neither fresh nor old.
UNDATED = 0.4
VETO_SIMILARITY = 0.6  # likeness to a refused entry that refuses another (set)
# "Soldiers rather than civilians" is not about civilians.
_WORD = re.compile(r"\w+")
_CONTRASTED = re.compile(r"\b(?:rather than|as opposed to|instead of)\s+[\w-]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Example:
    """An accepted follow-up: a younger seed."""

    entry: Entry
    at: datetime


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a person said of an entry."""

    entry: Entry
    word: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A compiled story. `anchor` is the actor that tells it from other news, `counterparts` whom it deals with.

    `people` are the classes of people that the story is about; empty where it is not of that kind. `roles` says whether
    the combination is rare enough in the news to decide by itself, `crowded` whether ordinary news names the anchor and
    a counterpart together. `region` are the countries that its headline names together ("West African states"): each of
    them is the story's, named in it or not. `learnt` is what certain follow-ups taught, `reached` up to when the story
    goes on for sure.
    """

    story: Story
    vector: Mapping[str, float]
    ground: Ground
    seed: Seed
    actors: Mapping[str, float] = field(default_factory=dict)
    anchor: str = ""
    counterparts: Mapping[str, float] = field(default_factory=dict)
    people: Mapping[str, float] = field(default_factory=dict)
    roles: bool = False
    crowded: bool = False
    region: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    learnt: Learnt = field(default_factory=Learnt)
    reached: datetime | None = None
    refused: tuple[Mapping[str, float], ...] = ()
    liked: frozenset[str] = frozenset()
    must: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    @property
    def threshold(self) -> float:
        """The story's own threshold, else the default."""
        return DEFAULT_THRESHOLD if self.story.threshold is None else self.story.threshold

    def distance(self, at: datetime) -> float:
        """How far an instant lies, 0..1, from the seed or from the last report of a story that goes on.

        An undated seed is placed by the nearest follow-up known.
        """
        published_at = self.story.seed.published_at
        if published_at is None and self.roles:
            return 1.0
        instants = [published_at] if published_at is not None else [one.at for one in self.learnt.lessons]
        if not instants:
            return UNDATED
        if self.reached is not None:
            instants.append(self.reached)
        return lexical_model.apart(min(abs((at - one).total_seconds()) for one in instants) / 86_400)


def compile_profile(story: Story) -> Profile:
    """The profile of a seed article alone, less what its watch is told to ignore."""
    story = _without(story)
    seed = story.seed
    body = " ".join(seed.text.split()[:SEED_WORDS])
    parts = [f"{seed.title}.", *sentences(seed.text[:12_000])]
    actors, people, joint = _counted(parts, seed.title)
    region = gazetteer.members(f"{seed.title}. {story.title}")
    # Any of its countries may be the next to act: what tells such a story is whom they deal with.
    anchor = _anchor(Counter({code: actors[code] for code in actors.keys() - region})) or _anchor(actors)
    counterparts = dict.fromkeys(sorted(region - {anchor}), 1.0) | _shares(actors, anchor)
    classes = _classes(people)
    rate = background_rate(anchor, counterparts, classes)
    vector = words.vector([(seed.title, 2.0), (story.title, 1.0), (body, 1.0)])
    head = words.vector([(f"{seed.title}. {lead(seed.text)}", 1.0)])
    compiled = story_model.compile_seed(story)
    return Profile(
        story=story,
        vector=vector,
        ground=lexical_model.ground(
            vector, head, seed.title or story.title, compiled.names, _subject(story), region.union(actors)
        ),
        seed=compiled,
        actors={code: MEMBER_STRENGTH * _rarity(code) for code in sorted(region)} | _strengths(actors),
        anchor=anchor, counterparts=counterparts, people=classes,
        roles=bool(anchor and counterparts and classes) and rate <= BACKGROUND_RATE_MAX and joint[anchor] >= JOINT_MIN,
        crowded=_pair_rate(anchor, counterparts) >= PAIR_RATE_MIN,
        region=region,
        own=_own(seed.text[:12_000]) - compiled.background.keys(),
        liked=frozenset(_terms(story.like)), must=_terms(story.must), any=_terms(story.any), never=_terms(story.never),
    )  # fmt: skip


def _without(story: Story) -> Story:
    """The story without what it ignores: a name as it stands, a word in all its forms."""
    if not story.ignore:
        return story
    terms = [term.strip() for term in story.ignore if term.strip()]
    stems = {words.stem(fold(term)) for term in terms if " " not in term}
    # A name of several words has edges; scripts without capitals set no spaces, or hang particles on their words.
    names = [
        re.compile(re.escape(term) if caseless else rf"(?<!\w){re.escape(term)}(?!\w)", re.IGNORECASE)
        for term in terms
        if (caseless := term.lower() == term.upper()) or " " in term
    ]

    def less(text: str) -> str:
        for name in names:
            text = name.sub(" ", text)
        return _WORD.sub(lambda found: "" if words.stem(fold(found.group())) in stems else found.group(), text)

    seed = replace(story.seed, title=less(story.seed.title), text=less(story.seed.text))
    return replace(story, title=less(story.title), seed=seed)


def _own(text: str) -> frozenset[str]:
    """Names that the news hardly knows from elsewhere, countries and those who stand for them aside."""
    found: set[str] = set()
    for name in story_model.runs(text):
        if not gazetteer.actors().find(name, fold(name)):
            found.update(term for term in words.terms(name) if len(term) >= 3 and rarity.weight(term) >= OWN_RARE)
    return frozenset(found)


def _subject(story: Story) -> frozenset[str]:
    """The rare names in the headline and in the watch's own title: what the story is about, if it is about a name."""
    headed = frozenset(words.terms(f"{story.title} {story.seed.title}"))
    return headed & _own(f"{story.seed.text[:12_000]}\n. {story.title}\n. {story.seed.title}")


def _terms(plain: Sequence[str]) -> tuple[str, ...]:
    return tuple(fold(term).strip() for term in plain if term.strip())


def _counted(parts: Sequence[str], title: str) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """In how many sentences each actor and class of people stands, and each actor together with people.

    The title counts three times, but once where actor and people stand together.
    """
    actors: Counter[str] = Counter()
    people: Counter[str] = Counter()
    joint: Counter[str] = Counter()
    for part in parts:
        times = 3 if part.startswith(title) else 1
        part = _CONTRASTED.sub(" ", part)
        folded = fold(part)
        here = [
            [concept for concept, name in found.find(part, folded).items() if name.strength > gazetteer.WEAK]
            for found in (gazetteer.actors(), gazetteer.people())
        ]
        for concepts, counts in zip(here, (actors, people), strict=True):
            for concept in concepts:
                counts[concept] += times
        joint.update(here[0] if here[1] else ())
    return actors, people, joint


def _strengths(actors: Counter[str]) -> dict[str, float]:
    """How far each actor tells this story: its share of the most named one's sentences times its rarity in the news."""
    most = max(actors.values(), default=1)
    return {code: count / most * _rarity(code) for code, count in sorted(actors.items())}


def _anchor(actors: Counter[str]) -> str:
    """The actor that tells most: named often here and seldom in the news (tf-idf over actors)."""
    ranked = sorted(actors, key=lambda code: (-actors[code] * _rarity(code), code))
    return ranked[0] if ranked and actors[ranked[0]] >= 3 else ""


def _rarity(concept: str) -> float:
    total, sets = _background()
    naming = sum(count for concepts, count in sets if concept in concepts)
    return 1.0 - math.sqrt((naming + 1) / total)


def _shares(actors: Counter[str], anchor: str) -> dict[str, float]:
    top = actors[anchor] if anchor else 0
    return {
        code: min(1.0, count / top)
        for code, count in sorted(actors.items())
        if code != anchor and top and count >= max(2, COUNTERPART_SHARE * top)
    }


def _classes(people: Counter[str]) -> dict[str, float]:
    top = max(people.values(), default=0)
    return {
        name: min(1.0, count / top + 0.5)
        for name, count in sorted(people.items())
        if top >= 3 and count >= max(2, PEOPLE_SHARE * top)
    }


@cache
def _background() -> tuple[int, tuple[tuple[frozenset[str], int], ...]]:
    rows = [(row[0], row[1] if len(row) > 1 else "") for row in data.rows("concept_sets.tsv")]
    sets = tuple((frozenset(concepts.split()), int(count)) for count, concepts in rows)
    return sum(count for _, count in sets), sets


def background_rate(anchor: str, counterparts: Mapping[str, float], people: Mapping[str, float]) -> float:
    """How often ordinary news names the anchor, a counterpart and such people together (Laplace-smoothed share)."""
    total, sets = _background()
    together = sum(
        count
        for concepts, count in sets
        if anchor in concepts and not concepts.isdisjoint(counterparts) and not concepts.isdisjoint(people)
    )
    return (together + 0.5) / total


def _pair_rate(anchor: str, counterparts: Mapping[str, float]) -> float:
    """How often ordinary news names the anchor together with the counterpart that it is named with most."""
    total, sets = _background()
    together = Counter(dict.fromkeys(counterparts, 0))
    for concepts, count in sets:
        if anchor in concepts:
            together.update({code: count for code in concepts if code in together})
    return max(together.values(), default=0) / total


def grow(profile: Profile, example: Example) -> Profile:
    """The profile with one more lesson; bounded, the oldest leave first."""
    return taught(profile, [example])


def taught(profile: Profile, examples: Sequence[Example]) -> Profile:
    """The profile with these lessons more, oldest first."""
    if not examples:
        return profile
    lessons = [story_model.lesson(profile.seed, read(example.entry), example.at) for example in examples]
    learnt = story_model.learn((*profile.learnt.lessons, *lessons))
    times = [one.at for one in learnt.lessons]
    return replace(profile, learnt=learnt, reached=_reached(profile.story.seed.published_at, times))


def _reached(published_at: datetime | None, times: Sequence[datetime]) -> datetime | None:
    """Up to when a story is known to go on: the end of an unbroken chain of enough follow-ups from its seed on.

    Only the lessons kept are looked at, so that a profile made anew from the newest examples is the same.
    """
    at = published_at if published_at is not None and len(times) < LESSONS_MAX else times[0]
    links = 0
    for time in times:
        if timedelta(0) <= time - at <= LINK:
            at, links = time, links + 1
    return at if links >= LINKS_MIN else None


def adjust(profile: Profile, said: Feedback) -> Profile:
    """The profile after feedback: what was refused pushes its like away."""
    vector = words.vector([(said.entry.title, 2.0), (said.entry.summary[:1000], 1.0)])
    if said.word == "no":
        return replace(profile, refused=(*profile.refused, vector))
    return profile
