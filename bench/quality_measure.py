"""Replays a sample through the matcher, with growth, and counts what was right; intervals by bootstrap."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bench.quality_sets import Sample
from monitor.core import relevance
from monitor.core.language import rarity
from monitor.core.relevance import everyday, held_back
from monitor.core.relevance.calibration import Models
from monitor.model import Entry, Everyday

RESAMPLES = 1000
_Counts = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a replay of one sample came to. `forgiven` is precision with `related` counted as right."""

    name: str
    precision: float
    recall: float
    f1: float
    macro_f1: float
    low: float
    high: float
    forgiven: float
    accepted: int
    wrong: int
    developments_found: int
    developments_total: int


class Sources:
    """What each source of a sample writes every day, as the lane learns it."""

    def __init__(self, source: Callable[[Entry], str]) -> None:
        """`source` names where an entry came from."""
        self._source = source
        self._known: defaultdict[str, Everyday] = defaultdict(Everyday)

    def weights(self, entry: Entry) -> rarity.Weigh:
        """How much its words of every day say at the entry's source."""
        return everyday.weights(self._known[self._source(entry)])

    def learn(self, entry: Entry) -> None:
        """Learn from an entry that no story took."""
        if name := self._source(entry):
            self._known[name] = everyday.learn(self._known[name], [everyday.counted(relevance.glance(entry))])


@dataclass(frozen=True, slots=True)
class Replay:
    """Which pairs were accepted and the score of every pair with one, in the order of the stream."""

    accepted: dict[tuple[str, str], float]
    scores: dict[tuple[str, str], float]
    reasons: dict[tuple[str, str], str]


def replay(
    sample: Sample,
    grows: bool = True,
    change: Callable[[relevance.Profile], relevance.Profile] = lambda made: made,
    models: Mapping[str, Models] | None = None,
) -> Replay:
    """Score the stream in time order; certain follow-ups teach their story, which reads again what it held back.

    `change` takes a signal away; `models`, by story, decide in place of the shipped ones.
    """
    profiles = {story.id: change(relevance.profile(story)) for story in sample.stories}
    first: dict[str, datetime] = {}
    matcher = relevance.Matcher(profiles.values(), models, first.get)
    accepted: dict[tuple[str, str], float] = {}
    scores: dict[tuple[str, str], float] = {}
    reasons: dict[tuple[str, str], str] = {}
    sources = Sources(sample.source)
    held: defaultdict[str, dict[str, tuple[float, Entry, datetime]]] = defaultdict(dict)
    for entry, at in sample.entries:
        found = matcher.score(entry, at, everyday=sources.weights(entry))
        if not any(match.score.follow_up for match in found):
            sources.learn(entry)
        for match in found:
            pair = (match.story_id, entry.id)
            if pair in sample.skipped:
                continue
            scores[pair] = match.score.value
            first.setdefault(match.story_id, at)
            reasons[pair] = "; ".join(reason.evidence for reason in match.score.reasons)
            if match.score.follow_up:
                accepted[pair] = match.score.value
            elif match.score.value >= held_back.NEAR_MIN:
                held[match.story_id][entry.id] = match.score.value, entry, at
            if grows and match.score.follow_up and match.score.certain:
                example = relevance.Example(entry, at)
                grown = relevance.grow(profiles[match.story_id], example)
                if grown is not profiles[match.story_id]:
                    profiles[match.story_id] = change(grown)
                    matcher.replace(profiles[match.story_id])
                    if held_back.reads_again(grown):
                        for late, value in _taken(matcher, profiles[match.story_id], held[match.story_id], at, sources):
                            accepted[match.story_id, late] = value
    return Replay(accepted, scores, reasons)


def _taken(
    matcher: relevance.Matcher, profile: relevance.Profile, held: dict[str, tuple[float, Entry, datetime]],
    now: datetime, sources: Sources,
) -> Iterator[tuple[str, float]]:  # fmt: skip
    """What a story that learnt something takes of what it held back, as `pipeline.late_reports` has it."""
    lately = [each for each in held.values() if each[2] >= now - held_back.WITHIN]
    for before, entry, at in sorted(lately, key=lambda each: (-each[0], each[1].id))[: held_back.REPORTS_MAX]:
        weights = sources.weights(entry)
        for match in matcher.score(entry, at, [profile.story.id], weights):
            if score := held_back.taken(profile, entry, weights, match.score, before):
                del held[entry.id]
                yield entry.id, score.value


def figures(sample: Sample, done: Replay, keep: Callable[[str], bool] = lambda group: True) -> Figures:
    """Precision, recall and F1 over all pairs, the mean F1 over stories, and its 95 % interval."""
    counts = _counted(sample, done)
    kept = [counts[group] for group in sorted(counts) if keep(group)]
    precision, recall, f1 = _rates(kept)
    macro = sum(_rates([one])[2] for one in kept) / len(kept) if kept and not sample.by_day else f1
    low, high = _interval(kept, sample.by_day)
    right, wrong, _, related = (sum(column) for column in zip(*kept, strict=True)) if kept else (0, 0, 0, 0)
    found = {sample.developments.get(entry) for _, entry in done.accepted} - {None}
    return Figures(
        sample.name, precision, recall, f1, macro, low, high,
        forgiven=(right + related) / (right + wrong) if right + wrong else 1.0, accepted=right + wrong,
        wrong=wrong - related, developments_found=len(found),
        developments_total=len(set(sample.developments.values())),
    )  # fmt: skip


def groups(sample: Sample) -> list[str]:
    """The units of the bootstrap and of the split: days of a stream of one story, else stories."""
    if sample.by_day:
        return sorted({at.date().isoformat() for _, at in sample.entries})
    return [story.id for story in sample.stories]


def _counted(sample: Sample, done: Replay) -> dict[str, _Counts]:
    """Per group: right, wrong (related ones included), missed, related accepted."""
    days = {entry.id: at.date().isoformat() for entry, at in sample.entries}
    cells: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for group in groups(sample):
        cells[group] = [0, 0, 0, 0]
    for pair in sorted(done.accepted.keys() | sample.yes):
        cell = cells[days[pair[1]] if sample.by_day else pair[0]]
        if pair in sample.yes:
            cell[0 if pair in done.accepted else 2] += 1
        else:
            cell[1] += 1
            cell[3] += pair in sample.related
    return {group: (cell[0], cell[1], cell[2], cell[3]) for group, cell in cells.items()}


def _rates(counts: Sequence[_Counts]) -> tuple[float, float, float]:
    right, wrong, missed = (sum(one[column] for one in counts) for column in range(3))
    precision = right / (right + wrong) if right + wrong else 1.0
    recall = right / (right + missed) if right + missed else 1.0
    f1 = 2 * right / (2 * right + wrong + missed) if right + wrong + missed else 1.0
    return precision, recall, f1


def interval(values: Sequence[float]) -> tuple[float, float]:
    """2.5 and 97.5 percentiles of the mean over resampled values; the dice are loaded alike."""
    dice = random.Random(20230203)
    means = sorted(sum(dice.choices(values, k=len(values))) / len(values) for _ in range(RESAMPLES))
    return means[int(0.025 * RESAMPLES)], means[int(0.975 * RESAMPLES) - 1]


def _interval(counts: Sequence[_Counts], by_day: bool) -> tuple[float, float]:
    """2.5 and 97.5 percentiles of F1 (of its mean over stories) over resampled groups; the dice are loaded alike."""
    if not counts:
        return 0.0, 0.0
    dice = random.Random(20230203)
    each = [_rates([one])[2] for one in counts]
    values = []
    for _ in range(RESAMPLES):
        drawn = [dice.randrange(len(counts)) for _ in counts]
        if by_day:
            values.append(_rates([counts[number] for number in drawn])[2])
        else:
            values.append(sum(each[number] for number in drawn) / len(drawn))
    values.sort()
    return values[int(0.025 * RESAMPLES)], values[int(0.975 * RESAMPLES) - 1]
