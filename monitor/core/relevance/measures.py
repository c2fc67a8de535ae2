"""The measures of an entry against a story: how likely its words are, which names and acts agree, what speaks against.

Each is a number with a fixed direction; `calibration` joins them. Stems are weighed against the background of all news
(`rarity`), so that a word that everybody writes carries nothing.
"""

from __future__ import annotations

import math
from collections.abc import Container, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor import data
from monitor.core.language import rarity, words
from monitor.core.relevance import elsewhere, lexical_model
from monitor.core.relevance.features import Reading, acts_abroad, title_runs
from monitor.core.relevance.features import acts as acts_of
from monitor.core.relevance.profile import Profile
from monitor.core.relevance.story_model import LESSONS_OF_NAME, PERSON_RARE, Learnt, Seed, is_name

# Half of a story's words are its own, half any news' (Jelinek-Mercer smoothing; TDT's customary half).
MIXTURE = 0.5
# Every word of a headline that the story does not know costs so much of its log likelihood ratio.
UNKNOWN_COST = 0.3
UNKNOWN_OPENING_COST = 0.15  # nats that an unknown word of the first sentences costs (set on long stories)
# A term tells when it is e^2 times likelier in the story than in all news.
TELLING = 2.0
# Terms of lesser prominence than the seed's most prominent still count: their share of the full strength.
NAME_FLOOR, MATTER_FLOOR = 0.35, 0.3
LEARNT_NAME, LEARNT_MATTER = 0.5, 0.4  # strength of learnt words; see above
# A word is the story's own when lessons have it; it has full strength in a tenth of them, at least three.
LESSONS_OF_TERM, LESSONS_SHARE = 3, 0.1  # see above
# Twenty times likelier than in all news is as good as any more.
FULLY = 20.0
# An act has full strength where a sixth of the seed's acts, or a third of the lessons, have its class.
ACT_SHARE, ACT_LESSONS = 6.0, 3.0
# Below these shares an act is foreign to the story; above the other it is at home.
ACT_FOREIGN_SEED, ACT_FOREIGN_LESSONS, ACT_HOME = 0.01, 0.03, 0.3
# A namesake: hardly any word of the matter, an act that is not the story's, and at most one of its names.
MATTER_LITTLE, ACT_LITTLE, ACT_ELSEWHERE = 0.25, 0.1, 0.4
# So much of the matter must an entry have that names but places of the story (set on a town's other news).
MATTER_OF_PLACE = 0.5
HOSTILE = 0.15  # share of hostilities among a story's acts that makes it one of two at war (set)
# Acts that any story is told with say little of what happens.
SAYING = data.words("saying_acts")
# What may come next in any story, whatever it began with, makes half a namesake of a name of the story (set).
CHAPTERS, CHAPTER = data.words("chapter_acts"), 0.5
# What happens to anybody, and in any town, is no story of somebody in it: "Haugland opens book fair".
ORDINARY = data.words("ordinary_acts")
# "Haugland named auditor": who is named may be appointed.
NAMING = frozenset({"identify"})
HOSTILITIES = data.words("hostile_acts")
# Who holds an office somewhere, and what kind of place it is, goes with a name and is nothing that happens.
_OFFICES = frozenset(map(words.stem, data.words("offices") | data.words("place_kinds")))
SAYING_STRENGTH = 0.3  # share of an act's strength (set)
PACE = timedelta(days=3)  # for which lessons count as the story's pace (set)
UNDATED_DAYS = 30.0  # days of age of a seed without a date (set)
DAY_S = 86_400.0  # seconds
Names = Container[str]  # of measures
ACTORS_MAX = 3  # actors at home that count (set)


@dataclass(slots=True)
class Terms:
    """What the headline's stems come to: contributions of the shared ones, strongest first, and what they share.

    `seeded` is how much likelier they are in the seed than in all news, in all, and `of_seed` how many of them are.
    `happens` is the strongest of the matter that is no office and no kind of place: "Sunne county", "bishop of Marn".
    `common` is the strongest that is part of a name in the story and written as a common word here.
    """

    contributions: list[tuple[float, str]] = field(default_factory=list)
    seeded: float = 0.0
    of_seed: int = 0
    unknown: int = 0
    weight: float = 0.0
    weight_seed: float = 0.0
    weight_story: float = 0.0
    names: list[float] = field(default_factory=list)
    matters: list[float] = field(default_factory=list)
    happens: float = 0.0
    common: float = 0.0

    @property
    def likelihood(self) -> float:
        """How much likelier the headline is in the story than in all news, in nats."""
        return sum([ratio for ratio, _ in self.contributions]) - UNKNOWN_COST * self.unknown


def terms(profile: Profile, reading: Reading) -> Terms:
    """Weigh the headline's stems for a story."""
    seed, learnt, found = profile.seed, profile.learnt, Terms()
    of_all, unknown = 0.0, 0
    share, size = learnt.share, max(1, learnt.size)
    enough = max(LESSONS_OF_TERM, LESSONS_SHARE * len(learnt.lessons))
    shares, taught, background = seed.shares, learnt.stems, seed.background
    for written, (weight, by_chance) in reading.weighed:
        stem = seed.own(written) if seed.roots else written
        seeded, times = shares.get(stem, 0.0), taught.get(stem, 0) if taught else 0
        # What several follow-ups brought is the story's, though its sources now write it every day. What one of them
        # happened to say (the hospital of the county) is not: it drew the next report of that hospital.
        if times >= enough and not seeded:
            weight, by_chance = rarity.of(stem)
        if background and (known := background.get(stem)):
            weight, by_chance = min(weight, known.rarity), max(by_chance, known.chance)
        of_all += weight * weight
        if not seeded and not times:
            unknown += 1
            continue
        likely = (1 - share) * seeded + share * times / size
        found.contributions.append((_ratio(likely, by_chance), stem))
        if seeded:
            found.seeded += _ratio(seeded, by_chance)
            found.of_seed += seeded > by_chance
            found.weight_seed += weight * weight
        found.weight_story += weight * weight * min(1.0, likely / (FULLY * by_chance))
        if not stem[0].isdigit():
            named = is_name(seed, learnt, stem)
            floor, by_lessons = (NAME_FLOOR, LEARNT_NAME) if named else (MATTER_FLOOR, LEARNT_MATTER)
            strength = min(1.0, floor + seed.prominence[stem]) if seeded else by_lessons * min(1.0, times / enough)
            (found.names if named else found.matters).append(weight * strength)
            if not named and written not in _OFFICES:
                found.happens = max(found.happens, weight * strength)
            # "Ferry Aldermoor", "Aldermoor ferry": a thing in this headline
            if named and written not in reading.names:
                found.common = max(found.common, weight * strength)
    found.weight, found.unknown = of_all, unknown
    found.contributions.sort(key=lambda pair: (-pair[0], pair[1]))
    found.names.sort(reverse=True)
    found.matters.sort(reverse=True)
    return found


def _ratio(likely: float, by_chance: float) -> float:
    return math.log((MIXTURE * likely + (1 - MIXTURE) * by_chance) / by_chance)


def agreement(profile: Profile, reading: Reading, at: datetime) -> float | None:
    """How surely all words of a text are the story's, in logits; None for a headline only."""
    return None if reading.bare else _logit(lexical_model.chance(profile.ground, reading.words, profile.distance(at)))


def measure(
    profile: Profile, reading: Reading, at: datetime, found: Terms, agreed: float | None, asked: Names | None = None
) -> dict[str, float]:  # fmt: skip
    """Every measure of the pair by name; those of a text, as `agreed` is, only where the entry has one.

    Of those that take long only the `asked` ones are worked out; the others are 0.
    """
    seed, learnt, shown = profile.seed, profile.learnt, len(reading.weighed)
    ratios = [ratio for ratio, _ in found.contributions] or [0.0]
    weight = found.weight or 1.0
    actors = reading.actors.keys()
    name, matter = _nth(found.names, 0), _nth(found.matters, 0)
    actor = max((profile.actors.get(code, 0.0) for code in actors), default=0.0)
    happening = acts(seed, learnt, seed.happening(reading))
    measures = {
        "elsewhere": elsewhere.measure(profile, reading, name),
        "leisure": elsewhere.leisure(profile, reading),
        "namesake": _namesake(profile, reading, found, happening) if asked is None or "namesake" in asked else 0.0,
        "likelihood": found.likelihood,
        "first_term": ratios[0], "second_term": _nth(ratios, 1), "third_term": _nth(ratios, 2),
        "telling_terms": float(sum(ratio > TELLING for ratio in ratios)),
        "seed_share": found.weight_seed / weight, "story_share": found.weight_story / weight,
        "name": name, "second_name": _nth(found.names, 1), "matter": matter, "second_matter": _nth(found.matters, 1),
        "foreign_names": sum(
            rarity.weight(name) for name in reading.names
            if name not in seed.shares and learnt.stems.get(name, 0) < LESSONS_OF_NAME and name not in seed.background
        ),
        "foreign_actors": float(len(actors - profile.ground.known)),
        "home_actors": float(min(ACTORS_MAX, len(actors & profile.ground.known))),
        "actor": actor, "actor_and_matter": min(actor, matter), "name_and_matter": min(name, matter),
        "surprise": sum(found.names) + sum(found.matters),
        "foreign_numbers": float(
            sum(number not in seed.shares and number not in learnt.stems for number in reading.numbers)
        ),
        "title_met": _title_met(seed, reading), "unknown_terms": float(found.unknown), "length": float(shown),
        "age": math.log1p(age_days(profile, at)), "pace": math.log1p(sum(at - one.at < PACE for one in learnt.lessons)),
        "rarest_title_name": seed.rarest_title_name,
    } | happening  # fmt: skip
    if agreed is not None:
        measures |= {
            "agreement": agreed,
            "opening_likelihood": _opening(profile, reading) if asked is None or "opening_likelihood" in asked else 0.0,
            "rare_names": math.log1p(seed.rare_names), "silence": math.log1p(_silent_days(profile, at)),
        }  # fmt: skip
    return measures


def _namesake(profile: Profile, reading: Reading, found: Terms, happening: Mapping[str, float]) -> float:
    """Whether the headline has a name of the story and no more: nothing that happens in it happens in the story.

    What may be the next chapter of any story speaks half as much against.
    """
    seed, learnt, matter = profile.seed, profile.learnt, max(found.happens, found.common)
    home = max(happening["act"], happening["learnt_act"])
    met = seed.names.intersection(stem for stem, _ in reading.weighed)
    met |= {stem for stem, _ in reading.weighed if is_name(seed, learnt, stem)} if learnt.names else frozenset()
    if met and _but_places(seed, reading, met, matter, home, _hostile(seed, learnt)):
        return 1.0
    if matter >= MATTER_LITTLE or home >= ACT_LITTLE:
        return 0.0
    foreign = [
        name
        for name, surely in seed.happening(reading).items()
        if surely >= ACT_ELSEWHERE and name not in SAYING and _is_foreign(seed, learnt, name)
    ]
    if not foreign or sum(any(is_name(seed, learnt, stem) for stem in run) for run in reading.runs) > 1:
        return 0.0
    return CHAPTER if CHAPTERS.issuperset(foreign) else 1.0


def befalls(profile: Profile, reading: Reading) -> bool:
    """Whether a headline tells what happens to one of the seed's people: "Dragnea charged with fraud".

    A next chapter of any story, or at least nothing that happens to anybody: "recall of Dragnea fails". The name must
    be as rare at its source, and no other person's: "Aurel Dragnea", not "Radu Dragnea".
    """
    people = {stem for stem, weight in reading.weighed if weight.rarity >= PERSON_RARE} & profile.seed.people
    if not people or reading.kind == "text":
        return False
    title, names = reading.entry.title, profile.seed.names | profile.seed.shares.keys()
    if not any(run & people and run <= names for run in title_runs(title)):
        return False
    abroad = bool(profile.seed.background)
    happens = (acts_abroad if abroad else acts_of)(title)
    sure = {name for name, surely in happens.items() if surely >= ACT_ELSEWHERE}
    # In other languages the acts are but partly known: what is none of anybody's life cannot be told.
    if not sure & CHAPTERS and (abroad or not sure - SAYING - NAMING or not ORDINARY.isdisjoint(happens)):
        return False
    return not elsewhere.measure(profile, reading, 1.0) and not elsewhere.leisure(profile, reading)


def _but_places(seed: Seed, reading: Reading, met: Set[str], matter: float, home: float, hostile: bool) -> bool:
    """Whether of the story's names it has but places or countries, and not what happens there in it.

    Finland and Estonia have more to do with each other than one tunnel; two at war have not.

    One place is enough in a bare headline: more happens in a town than we have acts for. With a sentence or two below,
    more of the matter can be asked for; where hardly any is met, one of the seed's many acts does not count.
    """
    if not met <= (seed.places if hostile else seed.places | reading.nations):
        return False
    little = matter < MATTER_LITTLE and home < ACT_HOME
    return little or (not reading.bare and matter < MATTER_OF_PLACE and home < ACT_LITTLE)


def _hostile(seed: Seed, learnt: Learnt) -> bool:
    """Whether a story is of hostilities: what two countries at war have to do with each other is the story."""
    lessons = max(1, len(learnt.lessons))
    shares = ((seed.acts.get(name, 0.0), learnt.acts.get(name, 0.0) / lessons) for name in HOSTILITIES)
    return max(map(math.fsum, zip(*shares, strict=True))) >= HOSTILE


def _is_foreign(seed: Seed, learnt: Learnt, act: str) -> bool:
    """Whether an act happens in neither seed nor lessons."""
    lessons = max(1, len(learnt.lessons))
    return seed.acts.get(act, 0.0) < ACT_FOREIGN_SEED and learnt.acts.get(act, 0.0) / lessons < ACT_FOREIGN_LESSONS


def _nth(values: list[float], number: int) -> float:
    return values[number] if len(values) > number else 0.0


def _title_met(seed: Seed, reading: Reading) -> float:
    """How much of the seed's headline, by weight, stands in the entry's headline or first sentences."""
    met = seed.title.intersection(map(seed.own, (*reading.title, *reading.opening)))
    return math.fsum(rarity.weight(stem) ** 2 for stem in met) / seed.title_weight


def age_days(profile: Profile, at: datetime) -> float:
    """Days since the seed was published."""
    published_at = profile.story.seed.published_at
    return max(0.0, (at - published_at).total_seconds() / DAY_S) if published_at else UNDATED_DAYS


def _silent_days(profile: Profile, at: datetime) -> float:
    """Days since the nearest lesson, or the seed: what is silent for a week is seldom told on by a like text."""
    since = (abs((at - one.at).total_seconds()) / DAY_S for one in profile.learnt.lessons)
    return min([age_days(profile, at), *since])


def acts(seed: Seed, learnt: Learnt, happened: Mapping[str, float]) -> dict[str, float]:
    """How far what happens in the headline happens in seed and lessons, and whether it is foreign to both."""
    of_seed = of_lessons = foreign = 0.0
    lessons = max(1, len(learnt.lessons))
    for name, surely in happened.items():
        strength = surely * (SAYING_STRENGTH if name in SAYING else 1.0)
        in_seed, in_lessons = seed.acts.get(name, 0.0), learnt.acts.get(name, 0.0) / lessons
        of_seed = max(of_seed, strength * min(1.0, ACT_SHARE * in_seed))
        of_lessons = max(of_lessons, strength * min(1.0, ACT_LESSONS * in_lessons))
        if _is_foreign(seed, learnt, name):
            foreign = max(foreign, strength)
    at_home = max(of_seed, of_lessons) >= ACT_HOME
    return {"act": of_seed, "learnt_act": of_lessons, "foreign_act": 0.0 if at_home else foreign}


def _opening(profile: Profile, reading: Reading) -> float:
    """The log likelihood ratio of the first sentences' stems that the headline has not."""
    seed, learnt, total = profile.seed, profile.learnt, 0.0
    share, size, shares, taught = learnt.share, max(1, learnt.size), seed.shares, learnt.stems
    titled, stems = frozenset(reading.title), reading.opening
    if seed.roots:
        titled, stems = frozenset(map(seed.own, titled)), tuple(map(seed.own, stems))
    for stem in stems:
        if stem in titled:
            continue
        likely = (1 - share) * shares.get(stem, 0.0)
        if taught:
            likely += share * taught.get(stem, 0) / size
        if not likely:
            total -= UNKNOWN_OPENING_COST
            continue
        by_chance = max(rarity.chance(stem), known.chance if (known := seed.background.get(stem)) else 0.0)
        total += _ratio(likely, by_chance)
    return total


def _logit(chance: float) -> float:
    return math.log(max(1e-4, chance) / max(1e-4, 1 - chance))
