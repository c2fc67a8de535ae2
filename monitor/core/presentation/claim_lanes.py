"""Claims as lanes: one a fact, one mark a statement, with who said it and whether it was corrected since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from monitor.core.delivery.messages import words
from monitor.core.language import units
from monitor.core.novelty import claim_changes
from monitor.model import Alert, Claim

# What a plot can hold with its labels readable; the table beside it has all (design of the pages).
LANES_MAX = 6
MARKS_MAX = 12  # statements drawn in a lane; the table has all (design of the pages)
FACTS_TRIED = 500  # facts of which a sum may be, the newest; bounds the work in a flood (set)
SEED = "seed"
NUMERIC = ("quantity", "age")


@dataclass(frozen=True, slots=True)
class Statement:
    """A value somebody stated on a day; `state` is "" while it stands and "was" once it was corrected."""

    day: date
    low: float
    high: float
    shown: str
    who: str
    quote: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """A fact by its newest subject: what the seed said of it, and every later statement, oldest first."""

    subject: str
    seed: str
    said: tuple[Statement, ...]


def lanes(claims: Iterable[Claim], corrections: Iterable[Alert]) -> list[Lane]:
    """Facts with figures, the one stated most often first; a statement that repeats the last is left out."""
    taken_back = {
        (alert.article_source.casefold(), difference.before.casefold())
        for alert in corrections
        for difference in words.differences(alert)
        if difference.before
    }
    seeds: dict[str, str] = {}
    found: dict[str, list[Statement]] = {}
    subjects: dict[str, str] = {}
    newest: dict[str, Claim] = {}
    for claim in claims:
        if claim.kind not in NUMERIC or claim.low is None:
            continue
        shown = f"{claim.qualifier} {claim.value}".strip()
        fact = _fact(claim, newest)
        newest[fact] = claim
        if claim.source == SEED:
            seeds.setdefault(fact, shown)
        elif claim.at:
            state = "was" if (claim.source.casefold(), claim.value.casefold()) in taken_back else ""
            high = claim.low if claim.high is None else claim.high
            size = units.size(claim.subject)
            said = Statement(claim.at.date(), claim.low / size, high / size, shown, claim.source, claim.quote, state)
            _add(found.setdefault(fact, []), said)
            subjects[fact] = claim.subject
    ranked = sorted(found.items(), key=lambda pair: (-len(pair[1]), -pair[1][-1].day.toordinal(), subjects[pair[0]]))
    return [Lane(subjects[fact], seeds.get(fact, ""), tuple(said[-MARKS_MAX:])) for fact, said in ranked]


def _fact(claim: Claim, newest: dict[str, Claim]) -> str:
    """The fact that a claim is of: for sums and measures, whose unit tells nothing, that of one to compare it with."""
    fact = claim_changes.fact(claim)
    if not claim_changes.by_context(claim):
        return fact
    like = (name for name in islice(reversed(newest), FACTS_TRIED) if name.startswith(f"{fact} #"))
    return next((name for name in like if claim_changes.comparable(newest[name], claim)), f"{fact} #{len(newest)}")


def _add(said: list[Statement], new: Statement) -> None:
    new = replace(new, high=max(new.low, new.high), low=min(new.low, new.high))
    last = next((each for each in reversed(said) if each.shown.casefold() == new.shown.casefold()), None)
    if last is None or (last is not said[-1] and last.who != new.who):
        said.append(new)
        said.sort(key=lambda each: each.day)
