"""The expert on roles: does an entry name the story's actor, whom it deals with, and its kind of people?

It tells a story also years later: the three are joined by a geometric mean (like an AND), and only where ordinary news
seldom names them together. Its value is on a scale on which 0.5 is the decision.
"""

from __future__ import annotations

import re

from monitor import data
from monitor.core.language import gazetteer
from monitor.core.relevance.elsewhere import leisure
from monitor.core.relevance.features import Reading
from monitor.core.relevance.profile import Profile
from monitor.core.text import fold
from monitor.model import Reason

# The joined value at which half of the labelled headlines are follow-ups (tuned half of the own story, 2025).
ROLES_EVEN = 0.62
# An entry without a counterpart, and one that only says "abroad": strengths among names that count 1 (same set).
NO_COUNTERPART = 0.1
ABROAD = 0.35  # weight of being elsewhere than at home (set)
# Actor and people in clauses of their own tell two things: what is left of the value (headlines of such form, set).
OTHER_CLAUSE = 0.45
_CLAUSE = re.compile(r"\s(?:as|while|whereas)\s|;")
# What stands between a people and its nation.
_BETWEEN = "(?:military|army|wounded|dead|former|special|captured|elite|combat)"
_ADJECTIVE = ("an", "ese", "ish", "'s")
# "The Eritrean military", where no noun follows: its soldiers. "Military aid" is nobody.
_SERVICE = (
    r"(?:'s)? (?:military|army|navy|air force)(?=[^\w\s-]|$| (?:and|at|for|from|in|into|is|of|on|to|was|who|with)\b)"
)
# Those who were sent are not named, but what they do there is: "denies a role in the fighting", "thanks for help in".
_SHARE = re.compile(r"\b(?:(?:role|part|hand|share|involvement) in|help (?:in|with)|brigade|contingent)\b")
_WORD = re.compile(r"[a-z]+")


def calibrated(value: float) -> float:
    """A raw value on the common scale: 0.5 at `ROLES_EVEN`, 1 at 1, linear between and below."""
    if value <= ROLES_EVEN:
        return 0.5 * value / ROLES_EVEN
    return min(1.0, 0.5 + 0.5 * (value - ROLES_EVEN) / (1.0 - ROLES_EVEN))


def judge(profile: Profile, reading: Reading) -> tuple[float, tuple[Reason, ...]]:
    """How surely an entry is of the story by its roles, 0..1, and why; 0 where the story is not told by roles."""
    if not profile.roles:
        return 0.0, ()
    who = reading.actors.get(profile.anchor)
    if who is None or leisure(profile, reading):
        return 0.0, ()
    counterpart, counter_name = _counterpart(profile, reading)
    people, class_name, people_name = _people(profile, reading)
    if not people and counterpart > ABROAD and (met := _SHARE.search(reading.head)):
        people, class_name, people_name = gazetteer.WEAK, "people", met.group()
    joined = (who.strength * counterpart * people) ** (1 / 3)
    value = calibrated(joined)
    if people_name and _in_other_clause(profile, reading, who.surface, people_name):
        value *= OTHER_CLAUSE
    known = gazetteer.actor_names()
    evidence = [f"names {known[profile.anchor]} ('{who.surface}')"]
    evidence.append(counter_name or "no counterpart of the story")
    evidence.append(_kind(people_name, class_name))
    return value, (Reason("roles", round(value, 4), 1.0, f"{'; '.join(evidence)}; {value:.2f}"),)


def _in_other_clause(profile: Profile, reading: Reading, actor: str, people: str) -> bool:
    """Whether the people stand with another actor in a clause of their own: "X spurns talks as Y warns of soldiers"."""
    clauses = _CLAUSE.split(fold(reading.entry.title))
    if len(clauses) < 2:
        return False
    here = [clause for clause in clauses if people in clause]
    others = [found.surface.lower() for code, found in reading.actors.items() if code != profile.anchor]
    return bool(here) and all(
        actor.lower() not in clause and any(other in clause for other in others) for clause in here
    )


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
    if not best[0] and who.endswith("ns") and not data.words("fates.tsv").isdisjoint(_WORD.findall(reading.head)):
        best = (gazetteer.WEAK, "people", who)
    if (
        not best[0]
        and "soldiers" in profile.people
        and (met := re.search(rf"\b{re.escape(fold(who))}{_SERVICE}", reading.head))
    ):
        best = (gazetteer.WEAK, "soldiers", met.group())
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
