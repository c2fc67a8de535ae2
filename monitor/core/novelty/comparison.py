"""By what a report and a development are compared: some twenty numbers, each of which a person can check.

A development is known by its founder (the report that told it) and by its members: chains of reports that are like
their neighbours end nowhere near their start, so both are asked.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor import data
from monitor.core.language import event_classes
from monitor.core.novelty import concepts, similarity
from monitor.core.novelty.wording import StoryWords, Wording
from monitor.model import StoryReport

# Of a development told by hundreds, its founder and the newest say what it is; bounds the work of one comparison.
MEMBERS_MAX = 40
# Figures and words are asked of more members than similarity: a toll may have been told by any of them.
FIGURES_MAX = 30
# Steps are asked of the newest.
STEPS_MAX = 12
# More shared weight than this says no more: the headline is the same but for a word.
SHARED_MAX = 3.0
# Over how long a story's pace is taken.
MONTH_H = 28 * 24.0
# In a story that had no other development for two days, a report by another outlet within so many hours is the same
# one in other words, unless it tells another step or figure: of nine long stories' reports 9 in 10 were.
ALONE_H = 6.0
# Where both have first lines and are so alike in more than the article's words, within a day without another: 70 of
# AllSides' 360 alerts tell again, 94 of 385 did.
ALIKE_ALONE_H, ALONE_ALIKE_MIN = 24.0, 0.1
# Hours within which the same step of the same names is the same event, told in another verb (set).
RESTATED_H = 48.0
_HEADS = data.words("heads")
# A decision is to come, and when: "Ruling due on Tuesday", "Council to vote".
_AWAITS = re.compile(data.patterns("awaits"), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Report:
    """A report with what it says, who says it, and when."""

    source_id: str
    at: datetime
    wording: Wording


@dataclass(frozen=True, slots=True)
class Development:
    """What a development is known by: the reports that told it, its founder first, the newest last."""

    id: str
    members: tuple[StoryReport, ...]
    reports: tuple[Report, ...]

    @property
    def founder(self) -> Report:
        """The report that told it."""
        return self.reports[0]


@dataclass(frozen=True, slots=True)
class Pace:
    """How busy the story is when the report arrives: developments of the last day, two days and five, and an hour's."""

    day: int
    two_days: int
    hourly: float
    newest: str


def pace(developments: Sequence[Development], at: datetime, begun_at: datetime) -> Pace:
    """The pace of a story whose first day lies at `begun_at`."""
    ages = [(hours(at, found.founder.at), found.id) for found in developments]
    span = min(MONTH_H, max(24.0, (at - begun_at).total_seconds() / 3600))
    month = sum(age < MONTH_H for age, _ in ages)
    return Pace(
        day=sum(age < 24 for age, _ in ages), two_days=sum(age < 48 for age, _ in ages),
        hourly=max(0.3, month - 0.7) / span, newest=min(ages, default=(0.0, ""))[1],

    )  # fmt: skip


def hours(one: datetime, other: datetime) -> float:
    """How far apart two instants are, whichever is earlier."""
    return abs((one - other).total_seconds()) / 3600


def nearest(report: Report, development: Development, weights: StoryWords) -> tuple[float, int]:
    """The member most alike by headline, or by headline and first lines where both have them, and how alike it is."""
    best, place = -1.0, 0
    for at, other in enumerate(development.reports):
        value = alike(report.wording, other.wording, weights)
        if value > best:
            best, place = value, at
    return best, place


def alike(one: Wording, other: Wording, weights: StoryWords) -> float:
    """How far two reports say the same, 0..1."""
    value = weights.alike(one.terms, other.terms)
    if one.lead and other.lead:
        value = max(value, weights.alike(one.whole, other.whole))
    return value


def compare(
    report: Report, development: Development, weights: StoryWords, pace: Pace, near: tuple[float, int]
) -> Mapping[str, float]:
    """The measures of a report before a development, by name; `near` is what `nearest` found."""
    value, place = near
    said, other_words, first = report.wording, development.reports[place].wording, development.founder.wording
    everything = frozenset[str]().union(*(other.wording.whole for other in development.reports[-FIGURES_MAX:]))
    gap, age = hours(report.at, development.reports[place].at), hours(report.at, development.founder.at)
    others = pace.two_days - (age < 48)
    early = math.exp(-age / 12)
    own, theirs = weights.total(said.terms) or 1.0, weights.total(other_words.terms) or 1.0
    return {
        "alike": value,
        "shared": min(SHARED_MAX, weights.total(said.terms & other_words.terms)),
        "clause": weights.alike(said.clause, other_words.clause),
        "first": max(alike(said, other.wording, weights) for other in development.reports[:3]),
        "founder": alike(said, first, weights),
        "unsaid": weights.total(said.terms - everything) / own,
        "lacking": weights.total(other_words.terms - said.whole) / theirs,
        "same act": _same_act(said, other_words, weights),
        "other step": _other_step(said, development),
        "figure": float(_changed_figure(said, development)),
        "age": age / 24,
        "gap": math.log(1 + gap),
        "soon": float(gap <= 12),
        "early": early / (1 + others),
        "newest": float(pace.newest == development.id),
        "busy": math.log(1 + pace.day),
        "due": math.log(pace.hourly * (age + 0.5)),
        "outlet": float(any(other.source_id == report.source_id for other in development.reports)),
        "many": math.log(len(development.reports)),
        "explains": float(other_words.explains),
    }


def alone(report: Report, development: Development, value: float, pace: Pace) -> bool:
    """Whether a report can hardly be of anything else: the story's only development for days was told hours ago.

    Where their first lines are alike (`value`), the only one of a day.
    """
    age = hours(report.at, development.founder.at)
    alike_lately = value >= ALONE_ALIKE_MIN and pace.day == 1 and age <= ALIKE_ALONE_H
    return (
        (alike_lately or (pace.two_days == 1 and age <= ALONE_H))
        and all(other.source_id != report.source_id for other in development.reports)
        and not _other_step(report.wording, development)
        and not _changed_figure(report.wording, development)
    )


def decided(said: Wording, development: Development) -> bool:
    """Whether its newest reports all await a decision and this one awaits none: what was awaited has come."""
    awaiting = all(_AWAITS.search(other.wording.content) for other in development.reports[-STEPS_MAX:])
    return awaiting and not _AWAITS.search(said.content)


def restates(report: Report, development: Development) -> bool:
    """Whether a lately told headline says the same step of the same names and offices in another verb.

    "Bank chief steps down", "Head of bank resigns": what is left of both without the verbs must be the same, or the
    step befalls the same person, who may be named below only one of them.
    """
    said = report.wording
    left, steps = _without_acts(said), event_classes.steps(said.acts)
    for other in development.reports[-STEPS_MAX:] if steps else ():
        both = steps & event_classes.steps(other.wording.acts)
        if not both or hours(report.at, other.at) > RESTATED_H:
            continue
        if left and left == _without_acts(other.wording):
            return True
        of_clauses = event_classes.steps(said.clause_acts) & event_classes.steps(other.wording.clause_acts)
        if said.befell_the_same(other.wording, of_clauses):
            return True
    return False


def _without_acts(said: Wording) -> frozenset[str]:
    """The terms of a headline without those that say what happens; whoever heads something is its head."""
    acts = {term for act in said.acts for term in concepts.terms(act.word)}
    return frozenset("head" if term in _HEADS else term for term in said.terms - acts)


def _same_act(said: Wording, near: Wording, weights: StoryWords) -> float:
    both = event_classes.classes(said.clause_acts) & event_classes.classes(near.clause_acts)
    return max((weights.class_weight(name) for name in both), default=0.0)


def _other_step(said: Wording, development: Development) -> float:
    """In how many of the newest members, 0..1, a step is told that is none of this report's."""
    asked = development.reports[-STEPS_MAX:]
    return sum(event_classes.conflict(said.clause_acts, other.wording.clause_acts) for other in asked) / len(asked)


def _changed_figure(said: Wording, development: Development) -> bool:
    if not said.shape.figures:
        return False
    shapes = [other.wording.shape for other in development.reports[-FIGURES_MAX:]]
    found = similarity.difference(said.shape, shapes)
    return found is not None and found.signal == "figure"
