"""How surely an entry belongs to a story, with the evidence in words.

Two readings of "follow-up", the surer one counts. *Same event*: the words of entry and seed agree, the more so the
closer in time. *Same story*, also years later: the entry names the story's actor together with a counterpart and the
story's kind of people; the three are joined by a geometric mean (like an AND), and only where ordinary news seldom
names them together. Each reading is put on one scale on which 0.5 is the decision.
"""

from __future__ import annotations

import math
import re
from datetime import datetime

from monitor.core.language import gazetteer
from monitor.core.language import words as lexicon
from monitor.core.relevance import lexical_model
from monitor.core.relevance.features import Reading
from monitor.core.relevance.profile import VETO_SIMILARITY, Profile
from monitor.core.text import fold
from monitor.model import Reason, Score

EXAMPLE_EVEN = 0.40
EXAMPLE_DAYS = 5.0
EXAMPLE_SEED_MIN = 0.1
# Agreement of words fades with the days between two reports: the same words a month later are another event.
FADE = 0.5
FADE_AFTER_DAYS = 2.0
FADE_DAYS = 7.0
ROLES_EVEN = 0.62
NO_COUNTERPART = 0.1
ABROAD = 0.35
BORDER = 0.14
# Where roles tell a story, words alone tell it only while the seed is fresh; later they need the roles,
# or most of them, or a name that is the story's own.
HALF = 0.5
YOUNG_DAYS = 14.0
STRANGERS = 0.5
ACQUAINTED = 0.8
# What stands between a people and its nation.
_BETWEEN = "(?:military|army|wounded|dead|former|special|captured|elite|combat)"
_ADJECTIVE = ("an", "ese", "ish", "'s")
_WORD = re.compile(r"[a-z]+")
# A seed without a date is taken as neither fresh nor old.
UNDATED = 0.4
CERTAIN = 0.75


def score(profile: Profile, reading: Reading, at: datetime) -> Score:
    """The score of one entry for one story."""
    threshold = profile.threshold
    ruled = _rules(profile, reading)
    if ruled is not None:
        return Score(0.0, threshold, False, (ruled,))
    words, word_reasons = _words(profile, reading, at)
    roles, role_reasons = _roles(profile, reading)
    if profile.roles and roles < HALF and not _young(profile, at):
        words *= ACQUAINTED if _meets(profile, reading) or not profile.own.isdisjoint(reading.vector) else STRANGERS
    value = max(words, roles)
    reasons = role_reasons + word_reasons if roles >= words else word_reasons + role_reasons
    refusal = max((lexicon.cosine(reading.vector, vector) for vector in profile.refused), default=0.0)
    if refusal >= VETO_SIMILARITY:
        value *= 1 - refusal
        reasons = (Reason("feedback", -refusal, 1.0, "like an entry that was marked as not this story"), *reasons)
    value = round(value, 4)
    return Score(
        value, threshold, value >= threshold, reasons, certain=value >= CERTAIN,
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


def calibrated(value: float, even: float, sure: float) -> float:
    """A raw value on the common scale: 0.5 at `even`, 1 at `sure`, linear between and below."""
    if value <= even:
        return 0.5 * value / even
    return min(1.0, 0.5 + 0.5 * (value - even) / (sure - even))


def fade(days: float) -> float:
    """How much of an agreement of words counts after so many days: 1 within two days, half after a month."""
    return 1 - FADE * (1 - math.exp(-max(0.0, days - FADE_AFTER_DAYS) / FADE_DAYS))


def _distance(profile: Profile, at: datetime) -> float:
    """How far an entry lies in time, 0..1, from the seed or from the last report of a story that goes on.

    An undated seed is placed by the nearest follow-up known.
    """
    published_at = profile.story.seed.published_at
    if published_at is None and profile.roles:
        return 1.0
    known = [published_at] if published_at is not None else [example_at for example_at, _, _ in profile.examples]
    if not known:
        return UNDATED
    if profile.reached is not None:
        known.append(profile.reached)
    return lexical_model.apart(min(abs((at - one).total_seconds()) for one in known) / 86_400)


def _words(profile: Profile, reading: Reading, at: datetime) -> tuple[float, tuple[Reason, ...]]:
    distance = _distance(profile, at)
    agreed = best = lexical_model.chance(profile.ground, reading.words, distance)
    terms, where = lexicon.shared(reading.vector, profile.vector), "the seed"
    for example_at, vector, title in profile.examples:
        apart = abs((at - example_at).total_seconds()) / 86_400
        if apart <= EXAMPLE_DAYS and agreed >= EXAMPLE_SEED_MIN:
            like = calibrated(lexicon.cosine(reading.vector, vector) * fade(apart), EXAMPLE_EVEN, 0.8)
            if like > best:
                best, terms, where = like, lexicon.shared(reading.vector, vector), f"“{title[:80]}”"
    if not terms:
        return 0.0, ()
    entry = reading.entry
    surfaces = lexicon.surfaces(f"{entry.title} {entry.summary[:1000]} {entry.text[:1000]}")
    quoted = ", ".join(f"'{surfaces.get(term, term)}'" for term in terms)
    return best, (Reason("words", round(best, 4), 1.0, f"shares {quoted} with {where}; {best:.2f}"),)


def _roles(profile: Profile, reading: Reading) -> tuple[float, tuple[Reason, ...]]:
    if not profile.roles:
        return 0.0, ()
    who = reading.actors.get(profile.anchor)
    if who is None:
        return 0.0, ()
    counterpart, counter_name = _counterpart(profile, reading)
    people, class_name, people_name = _people(profile, reading)
    joined = (who.strength * counterpart * people) ** (1 / 3)
    value = calibrated(joined, ROLES_EVEN, 1.0)
    known = gazetteer.actor_names()
    evidence = [f"names {known[profile.anchor]} ('{who.surface}')"]
    evidence.append(counter_name or "no counterpart of the story")
    evidence.append(_kind(people_name, class_name))
    return value, (Reason("roles", round(value, 4), 1.0, f"{'; '.join(evidence)}; {value:.2f}"),)


def _young(profile: Profile, at: datetime) -> bool:
    """Whether the seed is so fresh that shared words mean the same event."""
    published_at = profile.story.seed.published_at
    return published_at is not None and abs((at - published_at).total_seconds()) <= YOUNG_DAYS * 86_400


def _meets(profile: Profile, reading: Reading) -> bool:
    """Whether an entry names the story's actor together with a counterpart."""
    return profile.anchor in reading.actors and not profile.counterparts.keys().isdisjoint(reading.actors)


def _kind(surface: str, name: str) -> str:
    if not surface:
        return "none of the story's people"
    return f"names {name}" if surface.rstrip("s") == name.rstrip("s") else f"'{surface}' is a kind of {name}"


def _counterpart(profile: Profile, reading: Reading) -> tuple[float, str]:
    known = gazetteer.actor_names()
    found = [(reading.actors[code].strength, code) for code in sorted(profile.counterparts) if code in reading.actors]
    if found:
        strength, code = max(found, key=lambda pair: (pair[0], pair[1]))
        return strength, f"names {known[code]} ('{reading.actors[code].surface}')"
    if reading.abroad:
        return ABROAD, "says that it is abroad"
    return NO_COUNTERPART, ""


def _people(profile: Profile, reading: Reading) -> tuple[float, str, str]:
    best: tuple[float, str, str] = (0.0, "", "")
    for name in sorted(profile.people):
        found = reading.people.get(name)
        if found and not _belongs_to_another(profile, reading, found.surface):
            best = max(best, (found.strength * profile.people[name], name, found.surface))
    who = reading.actors[profile.anchor].surface
    if not best[0] and who.endswith("ns") and not gazetteer.fates().isdisjoint(_WORD.findall(reading.head)):
        best = (gazetteer.WEAK, "people", who)
    return best


def _belongs_to_another(profile: Profile, reading: Reading, people: str) -> bool:
    """Whether the people are another actor's: "Russian war veterans", "Seoul's soldiers" in a story of the North's."""

    def owned_by(code: str) -> bool:
        name = reading.actors[code].surface.lower()
        if people.startswith(name):
            return True
        owner = re.escape(name)
        return bool(re.search(rf"\b{owner}(?:'s)? ?(?:{_BETWEEN} )?{re.escape(people)}", reading.head))

    def described_by(code: str) -> bool:
        owner = reading.actors[code].surface.lower()
        adjective = re.escape(owner) + ("" if owner.endswith(_ADJECTIVE) else "'s")
        return bool(re.search(rf"\b{adjective} [\w-]+ {re.escape(people)}", reading.head))

    if gazetteer.abroad().find(people, people):  # "Kursk deployment" says where to, not whose
        return False
    others = [
        code for code, found in reading.actors.items() if code != profile.anchor and found.strength > gazetteer.WEAK
    ]
    return not owned_by(profile.anchor) and any(owned_by(code) or described_by(code) for code in others)
