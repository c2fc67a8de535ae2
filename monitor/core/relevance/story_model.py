"""What a story's texts are made of: the stems, names and acts of its seed, mixed with those of its certain follow-ups.

An adaptive unigram model, as in topic tracking (Spitters & Kraaij, TNO at TDT2000; relevance models: Lavrenko et al.,
HLT 2002): the more certain follow-ups there are, the more they weigh beside the seed, up to a share that leaves the
seed its say. It is a pure function of the seed and of the newest lessons: it can be made anew from the state alone.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from monitor import data
from monitor.core.language import rarity, vocabulary, words
from monitor.core.relevance.features import Reading, acts, acts_abroad, lead, title_names
from monitor.core.text import CAPITALS, sentences
from monitor.model import Article, Story

# How much a part of the seed counts beside its body (fitted by hand on the nine long stories, flat between half and
# twice these values): the headline three times, a first sentence and a cited headline more than once.
TITLE, LEAD, CITED, BODY = 3.0, 1.5, 1.0, 0.5
DATELINE_CHARS = 200  # characters of a text in which it says from where it is (set)
OWN_TITLE = 1.0  # weight of the seed's own headline (set)
BODY_WORDS = 400  # words of the seed's text that count (set)
SENTENCES_MAX = 12  # sentences of it whose acts count (set)
SEED_CHARS_MAX = 12_000  # characters of it that are read (set)
# What is learnt weighs n / (n + 10) after n lessons, at most 0.6 (relevance models of TDT; flat between 5 and 20).
LESSONS_HALF = 10
LEARNT_MAX = 0.6  # share that lessons may have; the seed keeps its say (Spitters and Kraaij, TDT2000)
LESSONS_OF_NAME = 2  # lessons that have a name which is the story's own (set)
# The newest lessons that count: three months of a busy story; bounds memory and the cost of learning one more.
LESSONS_MAX = 80
# In other languages a word is no name that is commoner than this there ("Tribunal", "Nous"; "Valence" is one), nor,
# where every noun has a capital, any that is known.
NAME_RARE, NOUNS_CAPITALISED = 0.6, ("de",)
_CAPITALISED = rf"[{CAPITALS}][\w'’-]+"
_CAPITAL_WORD = re.compile(rf"\b{_CAPITALISED}")
_NAME = re.compile(
    rf"(?<![.!?:'\"‘“]\s)(?<!^)\b{_CAPITALISED}(?:\s+(?:{_CAPITALISED}|of|de|al))*(?<!\sof)(?<!\sde)(?<!\sal)", re.M
)


_DATES = frozenset(map(words.stem, data.words("never_names")))  # weekdays and months have capitals, and are no names
# Linear: each name is read once from its preposition on.
_PLACED = re.compile(rf"\b(?:{data.patterns('happens_at')})\s({_CAPITALISED}(?:\s{_CAPITALISED})*)")
# "POKHARA - A lake": capitals of any alphabet; `documents.seed.datelines` takes off those with a day or an agency.
_DATELINE = re.compile(
    r"^([^\W\d_a-z][^\W\d_a-z'’ -]{2,30}?)(?:, [^\W\d_a-z][\w .]{1,20})?(?: \([\w ]{2,20}\))?\s[-–—]{1,2}\s",
    re.M,
)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A follow-up to learn from, as its headline reads."""

    at: datetime
    title: str
    stems: tuple[str, ...]
    names: frozenset[str]
    acts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Seed:
    """A seed as a model: the share of each stem, how prominent it is (1 for the most), its names, its acts' shares.

    `places` are those of its names that it happens at, `people` the rare surnames of whom it names in full or with an
    age, `common` those that its text writes small as well. `background` is how common words are in its language, where
    that is not English: such words are no names; `roots` says which of its stems a form of the same word is.
    """

    shares: Mapping[str, float]
    prominence: Mapping[str, float]
    title: frozenset[str]
    title_weight: float
    names: frozenset[str]
    places: frozenset[str]
    people: frozenset[str]
    common: frozenset[str]
    acts: Mapping[str, float]
    rarest_title_name: float
    rare_names: int
    background: Mapping[str, rarity.Weight]
    roots: Mapping[str, str]

    def own(self, stem: str) -> str:
        """The stem of the seed that is another form of the same word in its language, else the stem."""
        if not self.roots or stem in self.shares:
            return stem
        return self.roots.get(vocabulary.root(stem), stem)

    def happening(self, reading: Reading) -> Mapping[str, float]:
        """What happens in an entry, read as the story's language."""
        return reading.acts_abroad if self.background else reading.acts

    def weight(self, stem: str) -> float:
        """How rare a stem is, in English headlines and in the story's language."""
        known = self.background.get(stem)
        return min(known.rarity, rarity.weight(stem)) if known else rarity.weight(stem)


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the newest lessons say together: how often each stem, name and act occurs in how many headlines."""

    lessons: tuple[Lesson, ...] = ()
    stems: Mapping[str, int] = field(default_factory=dict)
    size: int = 0
    names: Mapping[str, int] = field(default_factory=dict)
    acts: Mapping[str, float] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """How much of the story's model is learnt."""
        number = len(self.lessons)
        return min(LEARNT_MAX, number / (number + LESSONS_HALF))


def compile_seed(story: Story) -> Seed:
    """The model of a seed article alone."""
    seed = story.seed
    title = seed.title or story.title
    cited = [cited.title for cited in seed.cited if cited.title]
    body = _without_tellers(seed)
    parts = [(title, TITLE), (lead(body), LEAD), (" ".join(body.split()[:BODY_WORDS]), BODY)]
    parts += [(text, CITED) for text in cited]
    if story.title != title:
        parts.append((story.title, OWN_TITLE))
    counts: dict[str, float] = defaultdict(float)
    for text, emphasis in parts:
        for term in words.terms(text):
            counts[term] += emphasis
    total, most = sum(counts.values()) or 1.0, max(counts.values(), default=1.0)
    titled = frozenset(words.terms(title))
    language = vocabulary.language_of(f"{title} {body[:SEED_CHARS_MAX]}")
    background = vocabulary.background(language)
    names = _seed_names(body[:SEED_CHARS_MAX]).union(*(title_names(text) for text in (title, *cited)))
    names -= _DATES
    common_from = 1.0 if language in NOUNS_CAPITALISED else NAME_RARE
    names = frozenset(term for term in names if term not in background or background[term].rarity >= common_from)
    rarest = max((rarity.weight(term) for term in titled & names), default=0.0)
    return Seed(
        shares={term: count / total for term, count in counts.items()},
        prominence={term: count / most for term, count in counts.items()},
        title=titled, title_weight=sum(rarity.weight(term) ** 2 for term in titled) or 1.0, names=names,
        background=background,
        roots=_roots(counts) if background else {},
        places=_places(body[:SEED_CHARS_MAX]), people=_people(body[:SEED_CHARS_MAX]),
        common=names.intersection(words.terms(_CAPITAL_WORD.sub(" ", body[:SEED_CHARS_MAX]))),
        acts=_seed_acts(title, cited, body, acts_abroad if background else acts), rarest_title_name=rarest,
        rare_names=sum(rarity.weight(term) > RARE_NAME for term in names),
    )  # fmt: skip


_AGED = re.compile(r"\b([A-Z][\w'’-]+), (?:aged )?\d{1,2},")
# A surname that hardly any news has: who bears it is in the news for this story only (set).
PERSON_RARE = 0.85
# A name that stands in fewer than about 80 of the background's headlines tells a story rather than a field.
RARE_NAME = 0.7


def _without_tellers(seed: Article) -> str:
    """The seed's text without the outlets it cites: who told a story is no part of it, unless its headline says so.

    A name of one common word ("Nature", "The Sun") stays: it cannot be told from the word.
    """
    text = seed.text
    for outlet in {one.outlet.removeprefix("The ") for one in seed.cited}:
        if " " in outlet and outlet not in seed.title:
            text = text.replace(outlet, " ")
    return text


def runs(text: str) -> list[str]:
    """Runs of words that carry a capital inside a sentence."""
    return [match.group() for match in _NAME.finditer(text)]


def is_name(seed: Seed, learnt: Learnt, stem: str) -> bool:
    """Whether a stem is a name of the story."""
    return stem in seed.names or (learnt.names.get(stem, 0) >= LESSONS_OF_NAME and stem not in seed.background)


def placed(text: str) -> list[tuple[int, str]]:
    """The names behind "in", "at", "near", each with where it begins."""
    return [(match.start(1), match[1]) for match in _PLACED.finditer(text)]


def _roots(counts: Mapping[str, float]) -> dict[str, str]:
    """The stem of each root, the most frequent where several have it."""
    return {vocabulary.root(term): term for term in sorted(counts, key=lambda term: (counts[term], term))}


def _seed_names(text: str) -> frozenset[str]:
    """Stems of words that carry a capital inside a sentence."""
    return frozenset(term for name in runs(text) for term in words.terms(name))


def _places(text: str) -> frozenset[str]:
    """Stems of names that stand behind "in", "at", "on" at least every other time: where it happens."""
    named, placed = (
        Counter(term for name in found for term in words.terms(name)) for found in (runs(text), _PLACED.findall(text))
    )
    head = frozenset(term for name in _DATELINE.findall(text[:DATELINE_CHARS]) for term in words.terms(name))
    return head.union(term for term, times in placed.items() if 2 * times >= named[term])


def _people(text: str) -> frozenset[str]:
    """Stems of the rare last words of names of several words, where it happens at none, and of names beside an age."""
    places = _places(text)
    named = [words.terms(name) for name in runs(text) if 2 <= len(name.split()) <= 4]
    named += [words.terms(name) for name in _AGED.findall(text)]
    return frozenset(
        stems[-1] for stems in named
        if stems and places.isdisjoint(stems) and rarity.weight(stems[-1]) >= PERSON_RARE
    )  # fmt: skip


def _seed_acts(
    title: str, cited: Sequence[str], text: str, find: Callable[[str], Mapping[str, float]]
) -> dict[str, float]:
    """The share of each class of acts, headlines before sentences."""
    counts: dict[str, float] = defaultdict(float)
    parts = [(title, 2.0), *((one, 1.0) for one in cited)]
    parts += [(sentence, 0.5) for sentence in sentences(text[:SEED_CHARS_MAX])[:SENTENCES_MAX]]
    for part, emphasis in parts:
        for name, strength in find(part).items():
            counts[name] += emphasis * strength
    total = sum(counts.values()) or 1.0
    return {name: count / total for name, count in counts.items()}


def lesson(seed: Seed, reading: Reading, at: datetime) -> Lesson:
    """What an accepted entry teaches: its headline, for a body strays and an address has its house's codes.

    And whom hardly any news names of the sentence or two below it: "Police question nephew", below which he is named.
    """
    below = (term for part in reading.parts[1:] for term in _seed_names(part) if seed.weight(term) >= PERSON_RARE)
    titled = (seed.own(stem) for stem in reading.title if stem not in reading.seen.slug)
    stems = tuple(dict.fromkeys((*titled, *sorted(below))))
    return Lesson(at, reading.entry.title, stems, reading.names, seed.happening(reading))


def learn(lessons: Iterable[Lesson]) -> Learnt:
    """What lessons, oldest first, say together; the newest `LESSONS_MAX` count."""
    kept = tuple(lessons)[-LESSONS_MAX:]
    stems = Counter(chain.from_iterable(one.stems for one in kept))
    names = Counter(chain.from_iterable(one.names for one in kept))
    happened: dict[str, float] = defaultdict(float)
    for one in kept:
        for name, strength in one.acts.items():
            happened[name] += strength
    return Learnt(kept, stems, stems.total(), names, dict(happened))
