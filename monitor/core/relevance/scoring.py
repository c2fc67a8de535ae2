"""How surely an entry belongs to a story, with the evidence in words.

Two experts, the surer one counts. *The story's model* joins some twenty measures of words, names, acts and time into
one calibrated chance (`calibration`). *Roles* (`roles`) tell stories of who, whom and which people also years later;
where a story is of that kind, its words alone count less once the seed is no longer fresh. What a watch demands or
excludes stands before both, and what people refused pushes its like away.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from monitor.core import slugs
from monitor.core.documents import notice_grammar
from monitor.core.language import headline, rarity
from monitor.core.language import words as lexicon
from monitor.core.relevance import calibration, measures, roles
from monitor.core.relevance.calibration import Models, Weights
from monitor.core.relevance.features import Reading
from monitor.core.relevance.profile import VETO_SIMILARITY, Profile
from monitor.core.text import fold
from monitor.model import Entry, Reason, Score

# So near the threshold an entry's page may decide: two of three entries in this band are right (nine long stories).
BORDER = 0.2
# Where roles tell a story, words alone tell it only while the seed is fresh: later its neighbours share its words, and
# without the roles they keep this share of their chance, unless they have a rare name of the seed (own story, 2025).
HALF = 0.5
YOUNG_DAYS = 14.0  # days for which a seed is fresh (set on long stories)
WITHOUT_ROLES = 0.5  # share that words count for then (set on long stories)
# Where ordinary news hardly names the two together, near certainty (0.98) is enough without the people (set).
WITHOUT_ROLES_OF_FEW = 0.51
WITHOUT_PEOPLE = 0.6  # the same of a region's story, where one of its countries and whom it is about are named (set)
# A follow-up teaches its story if the seed's own words or its roles agree as well: what is learnt alone never teaches.
# e^3 times likelier in the seed than in all news is two telling words. Teaching from 0.5 rather than 0.6 takes the
# slowest of nine long stories from F1 .43 to .61 and costs the busiest .03 (their mean .85 -> .87).
CERTAIN = 0.5
# The first lessons must be surer: what a story learns wrongly before it has learnt anything draws more of the same (of
# an open stream's false alerts one in eight came of it). A slow story reads again what it held back meanwhile.
FIRST_LESSONS, FIRST_CERTAIN = 3, 0.7
# The very first surer still where it has no name that the article gives prominence: of a dead story, the next failure
# of the same kind teaches what follows it (an open stream's false alerts 1.71 -> 1.39 of 10,000; no set of ours lost).
FIRST_NAME, NAMELESS_CERTAIN = measures.NAME_FLOOR, 0.9
# A watch that has looked for six weeks and never learnt anything is of a story that is over, or never went on: there a
# headline alone counts for e^2.5 less. Of an open stream's false alerts three in ten came to such watches (now 0.97 of
# 10,000, then 1.35), and no set loses a follow-up. Not of a watch that began today on an old article: it may go on.
DORMANT, DORMANT_COST = timedelta(days=45), 2.5
SEEDED_MIN = 3.0  # nats by which a teaching entry is likelier in the seed (set)
# One word of the seed teaches only where hardly any news has it (rarer than Haiti, which weighs 0.66): the storm
# that hits a watched country is not its story. Else two must be met that are likelier in the seed than in all news.
OF_SEED_MIN = 2
ALONE_RARE = 0.7  # rarity of the one word that may teach alone (set on open streams)
# Less likely than this, and without roles or agreement, an entry shares nothing worth a reason.
LIKELIHOOD_MIN = -1.0
AGREEMENT_MIN = -4.0  # nats below which reasons are not worked out (set)
TERMS_SHOWN = 5  # words shown of an agreement (set)
WORDS_CHARS_MAX = 1000  # characters of a text in which they are looked for as they are written (set)
# What is less likely than this is explained by its words alone.
REASONED_MIN = 0.05
# A correction names little of its story: it is found by what it says again, half by weight of what was taught within
# a fortnight, three words at least. It is no surer than that, and teaches nothing (set by reading).
CORRECTION, CORRECTED_STEMS_MIN, CORRECTED_WITHIN = 0.6, 3, timedelta(days=14)
# "Raincoat man" is born in a report of a man in a raincoat: a nickname in quotation marks, of a rare word that a
# certain follow-up of the last month has, is its story's. It is in doubt, and teaches nothing.
BORN, NICKNAME_RARE, NICKNAME_WITHIN = 0.55, 0.8, timedelta(days=30)
# What is done to somebody of the article whom hardly any news names is its story, whatever else the headline says.
BEFALLS = 0.6
UNKNOWN = 0.97  # rarity from which no news has a word; half a headline of them is in another language (set)
_NICKNAME = re.compile(r"[\"'“‘«„]([A-Z][\w-]*(?: [\w-]+){0,2})[\"'”’»“]")
# A group of measures is named among the reasons when it moves the decision by so many logits.
SHOWN_LOGITS = 0.3
SAYS = (  # a group of measures, and what it says for and against
    ("names", "the names fit the story", "the names do not fit the story"),
    ("acts", "what happens fits the story", "what happens does not fit the story"),
    ("against", "nothing points to another story", "names, countries or figures point to another story"),
)


def score(
    profile: Profile, reading: Reading, at: datetime, models: Models | None = None,
    watched_since: Callable[[str], datetime | None] = lambda _: None,
) -> Score:  # fmt: skip
    """The score of one entry for one story; `models` decide in place of the shipped ones.

    `watched_since` says from when on entries were compared with the story.
    """
    threshold = profile.threshold
    ruled = _rules(profile, reading)
    if ruled is not None:
        return Score(0.0, threshold, False, (ruled,))
    if profile.liked and fold(reading.entry.title).strip() in profile.liked:
        return Score(1.0, threshold, True, (Reason("feedback", 1.0, 1.0, "you said that this is one"),), certain=True)
    by_roles, role_reasons = roles.judge(profile, reading)
    found = measures.terms(profile, reading)
    model = (models or calibration.shipped()).of(reading.kind)
    by_words, word_reasons = _by_words(profile, reading, at, found, model)
    nameless = profile.roles and by_words and by_roles < HALF and profile.own.isdisjoint(reading.words.counts)
    if nameless and not _young(profile, at):
        by_words *= _without_people(profile, reading)
    if by_words >= max(threshold, REASONED_MIN) and reading.bare and _is_dormant(profile, at, watched_since):
        by_words = calibration.shifted(by_words, -DORMANT_COST)
        word_reasons += (Reason("time", -DORMANT_COST, 1.0, "nothing has come of the story yet"),)
    value = max(by_words, by_roles)
    reasons = role_reasons + word_reasons if by_roles >= by_words else word_reasons + role_reasons
    refusal = max((lexicon.cosine(reading.vector, vector) for vector in profile.refused), default=0.0)
    if refusal >= VETO_SIMILARITY:
        value *= 1 - refusal
        reasons = (Reason("feedback", -refusal, 1.0, "like an entry that was marked as not this story"), *reasons)
    certain = value >= _enough(profile, found) and (_supported(profile, reading, found) or by_roles >= HALF)
    certain = certain and not headline.sums_up(reading.entry.title)
    if value < BEFALLS and measures.befalls(profile, reading):
        value, reasons = BEFALLS, (Reason("acts", BEFALLS, 1.0, "something happens to one of its people"), *reasons)
    if value < CORRECTION and (taken_back := _corrected(profile, reading, at)):
        value, reasons = CORRECTION, (Reason("words", CORRECTION, 1.0, f"corrects {taken_back!r}"), *reasons)
    if value < BORN and (told := _born(profile, reading, at)):
        value, reasons = BORN, (Reason("names", BORN, 1.0, f"goes on from {told!r}"), *reasons)
    value = round(value, 4)
    return Score(
        value, threshold, value >= threshold, reasons,
        certain=certain,
        borderline=threshold > 0 and abs(value - threshold) < BORDER,
    )  # fmt: skip


def _rules(profile: Profile, reading: Reading) -> Reason | None:
    """The watcher's own plain terms: `never` forbids, `must` are all needed, of `any` one."""
    if not (profile.never or profile.must or profile.any):
        return None
    text = f" {fold(reading.entry.title)} {fold(reading.entry.summary)} {fold(reading.entry.text)} "
    for term in profile.never:
        if term in text:
            return Reason("never", 0.0, 1.0, f"contains {term!r}, which the watch excludes")
    for term in profile.must:
        if term not in text:
            return Reason("must", 0.0, 1.0, f"lacks {term!r}, which the watch demands")
    if profile.any and not any(term in text for term in profile.any):
        return Reason("any", 0.0, 1.0, "contains none of the terms of which the watch demands one")
    return None


def _corrected(profile: Profile, reading: Reading, at: datetime) -> str:
    """The headline of a lately taught follow-up that an entry labelled as a correction says half of again, or ""."""
    if not profile.learnt.lessons or not notice_grammar.labelled(reading.entry.title):
        return ""
    said = set(reading.title)
    for lesson in reversed(profile.learnt.lessons):
        if abs(at - lesson.at) > CORRECTED_WITHIN:
            continue
        weights = {stem: profile.seed.weight(stem) ** 2 for stem in lesson.stems}
        again = said.intersection(weights)
        half = math.fsum(weights.values()) / 2
        if len(again) >= CORRECTED_STEMS_MIN and math.fsum(weights[stem] for stem in again) >= half:
            return lesson.title
    return ""


def nickname(title: str) -> list[str]:
    """The stems of what a headline calls somebody in quotation marks, of three words at most."""
    found = _NICKNAME.search(title)
    return lexicon.terms(found[1]) if found else []


def _born(profile: Profile, reading: Reading, at: datetime) -> str:
    """The headline of the certain follow-up that a nickname in this headline comes from, or ""."""
    called = nickname(reading.entry.title) if profile.learnt.lessons and reading.kind != "text" else []
    if not called:
        return ""
    rare = {stem: weight.rarity for stem, weight in reading.weighed}
    if 2 * sum(weight >= UNKNOWN for weight in rare.values()) > len(rare):  # another language
        return ""
    names = {stem for stem in called if rare.get(stem, 0.0) >= NICKNAME_RARE}
    names -= profile.seed.shares.keys()
    for lesson in reversed(profile.learnt.lessons):
        if abs(at - lesson.at) <= NICKNAME_WITHIN and not names.isdisjoint(lesson.stems):
            return lesson.title
    return ""


def _enough(profile: Profile, found: measures.Terms) -> float:
    """How sure a lesson has to be."""
    lessons = len(profile.learnt.lessons)
    if not lessons and max(found.names, default=0.0) <= FIRST_NAME:
        return NAMELESS_CERTAIN
    return CERTAIN if lessons >= FIRST_LESSONS else FIRST_CERTAIN


def _supported(profile: Profile, reading: Reading, found: measures.Terms) -> bool:
    """Whether the seed's own words agree, not one of them alone; the second may stand in the first sentences."""
    if found.seeded <= SEEDED_MIN or found.of_seed >= OF_SEED_MIN:
        return found.seeded > SEEDED_MIN
    shares = profile.seed.shares
    met = {stem for stem in (*reading.title, *reading.opening) if shares.get(stem, 0.0) > rarity.chance(stem)}
    return len(met) >= OF_SEED_MIN or any(profile.seed.weight(stem) >= ALONE_RARE for stem in met)


def _is_dormant(profile: Profile, at: datetime, watched_since: Callable[[str], datetime | None]) -> bool:
    """Whether nothing has come of a story in the weeks that it is watched."""
    if profile.learnt.lessons or measures.age_days(profile, at) <= DORMANT.days:
        return False
    since = watched_since(profile.story.id)
    return since is not None and at - since > DORMANT


def _without_people(profile: Profile, reading: Reading) -> float:
    """The share that words keep where roles could have told the story and did not."""
    if profile.crowded:
        return WITHOUT_ROLES
    met = profile.anchor in reading.actors and not profile.region.isdisjoint(reading.actors)
    return WITHOUT_PEOPLE if met else WITHOUT_ROLES_OF_FEW


def _young(profile: Profile, at: datetime) -> bool:
    """Whether the seed is so fresh that shared words mean the same event."""
    published_at = profile.story.seed.published_at
    return published_at is not None and abs((at - published_at).total_seconds()) <= YOUNG_DAYS * measures.DAY_S


def _by_words(
    profile: Profile, reading: Reading, at: datetime, found: measures.Terms, model: Weights
) -> tuple[float, tuple[Reason, ...]]:
    """The chance by the story's model, and why; nothing where the entry shares nothing."""
    agreed = measures.agreement(profile, reading, at)
    if found.likelihood < LIKELIHOOD_MIN and (agreed is None or agreed <= AGREEMENT_MIN):
        return 0.0, ()
    measured = measures.measure(profile, reading, at, found, agreed, model.weights)
    value = calibration.chance(model, measured)
    reasons = [Reason("words", round(value, 4), 1.0, f"{_shared(profile, reading, found)}; {value:.2f}")]
    if value < REASONED_MIN:
        return value, tuple(reasons)
    parts = calibration.contributions(model, measured)
    for group, fits, not_so in SAYS:
        if abs(parts[group]) >= SHOWN_LOGITS:
            said = fits if parts[group] > 0 else not_so
            reasons.append(Reason(group, round(parts[group], 2), 1.0, f"{said} ({parts[group]:+.1f})"))
    return value, tuple(reasons)


def _shared(profile: Profile, reading: Reading, found: measures.Terms) -> str:
    """Which words entry and story share, as they are written."""
    shares = profile.seed.shares
    stems = [stem for _, stem in found.contributions] or [stem for stem in reading.opening if stem in shares]
    in_seed, later = ([stem for stem in stems if (stem in shares) == inside][:TERMS_SHOWN] for inside in (True, False))
    addressed = [stem for stem in reading.seen.slug if stem in stems[:TERMS_SHOWN]]
    daily = [stem for stem, (rare, _) in reading.weighed if rare < rarity.weight(stem)][:TERMS_SHOWN]
    surfaces = lexicon.surfaces(_texts(reading.entry), {*in_seed, *later, *addressed, *daily})
    said = ((in_seed, "shares {} with your article"), (later, "shares {} with later reports"),
            (addressed, "{} only in its address"), (daily, "its source writes {} every day"))  # fmt: skip
    parts = [words.format(", ".join(repr(surfaces.get(stem, stem)) for stem in some)) for some, words in said if some]
    return "; ".join(parts) or "shares no word"


def _texts(entry: Entry) -> Iterator[str]:
    """Where the words of an entry stand, those that people see first."""
    yield entry.title
    yield entry.summary[:WORDS_CHARS_MAX]
    yield entry.text[:WORDS_CHARS_MAX]
    yield slugs.words(entry.url)
