"""Fits the weights that join the measures of relevance: `python -m bench.relevance_fit [KIND...]`.

Every labelled story is replayed twice: taught by its true follow-ups, and by what the present weights are sure of; both
give rows of measures with a label. A logistic model is fitted to them, each weight held to the sign that its measure
must have, every story with the same say. What a source writes every day is not looked at: fitted with it, the weights
trust the names of a town, and fail where its paper is read for the first week. Fold by fold some stories are left out,
so that each can be judged by weights that never saw it (bench/relevance_folds.tsv); the shipped table
(monitor/data/relevance_weights.tsv) is fitted on all.

Those for briefs are fitted by `bench.relevance_fit_briefs` to the mean F1 of stories. Fitted as here they got F1 .59 of
a newsroom's stories left out (.64 by those of then), and of the entries of local papers that they accepted a quarter
was right: they trusted a story's mere number of rare names. So say which kinds to fit, and measure all sets.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from bench import quality_chronicles, quality_long, quality_newsroom, quality_sets, quality_sheets, quality_written
from bench.quality_sets import Sample
from monitor.core import relevance
from monitor.core.relevance import calibration, measures, scoring
from monitor.core.relevance.calibration import Models, Weights
from monitor.core.relevance.features import Kind, lead, read

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "monitor/data/relevance_weights.tsv"
FOLDS_FILE = ROOT / "bench/relevance_folds.tsv"
FOLDS = 10
HEAD = "kind of entry\tmeasure\tweight\tmean of the measure over the rows fitted on; made by bench/relevance_fit.py\n"
# How much each set counts beside a long story, which counts one.
SAY = {
    "AllSides": 5.0, "ECB+": 2.5, "BASIL": 2.0, "long chains": 5.0, "one week's events": 3.0, "newsroom keywords": 2.0,
    "written: others, dev": 3.0, "written: others, kept": 1.5, "sheets, open": 5.0,
    "newswcl50": 0.3, "Wikipedia": 0.3, "AllSides, shown": 2.0, "ECB+, shown": 2.0, "newswcl50, shown": 0.3,
}  # fmt: skip
# Sets of articles that are also fitted on as briefs.
SHOWN = frozenset({"AllSides", "ECB+", "BASIL", "newswcl50"})
# What a missed follow-up costs beside a false one. A headline says little, and a story that misses its first chapters
# learns nothing from them; a text says enough for both to cost the same.
MISSED_COST: dict[Kind, float] = {"headline": 2.8, "brief": 2.8, "text": 1.7}
RIDGE = 5e-4
STEPS = 500
# What no labelled story has enough of to fit: a name alone never suffices. Six of ten such headlines that the fitted
# weights took were of another matter, and an editor expects none of them. Of headlines from elsewhere nine of ten were.
# A whole text says more than its headline: there they are not asked.
GIVEN = {"namesake": -3.5, "elsewhere": -3.0, "leisure": -6.0}
# Of pairs that share little, one in so many is looked at, and counts for all.
HARD_LIKELIHOOD, HARD_AGREEMENT, EASY_ONE_IN = 3.0, -3.0, 5
POSITIVE_AT_LEAST = 10
# The direction of each measure; the others are free.
RISING = frozenset({
    "likelihood", "first_term", "second_term", "third_term", "telling_terms", "seed_share", "story_share", "name",
    "second_name", "matter", "second_matter", "home_actors", "title_met", "act", "learnt_act", "pace", "agreement",
    "opening_likelihood", "actor", "actor_and_matter", "name_and_matter", "surprise",
})  # fmt: skip
FALLING = frozenset(
    {"foreign_names", "foreign_actors", "foreign_numbers", "foreign_act", "unknown_terms", "age", "silence"}
)
Array = Any


@dataclass(frozen=True, slots=True)
class Row:
    """The measures of one pair with its label and the kind of entry. It may stand for several easy ones."""

    set_name: str
    story: str
    yes: bool
    kind: Kind
    measures: dict[str, float]
    stands_for: int = 1


def samples() -> list[Sample]:
    """What is fitted on. The own story and its kin are left to the expert on roles; the kept sheets are never read."""
    loaders: list[Callable[[], Sample]] = [load for _, load in quality_long.available()]
    loaders += [load for name, load in quality_sets.available() if not name.startswith(("own", "lang"))]
    loaders += [quality_chronicles.long_chains, quality_chronicles.short_events, quality_newsroom.sample]
    loaders += [load for name, load in quality_written.available() if "others" in name]
    loaders.append(lambda: quality_sheets.sample("open"))
    whole = [load() for load in loaders]
    return whole + [cut(sample) for sample in whole if sample.name in SHOWN]


def cut(sample: Sample) -> Sample:
    """A sample of articles as a feed would show them: the headline and a sentence or two."""
    entries = tuple(
        (replace(entry, summary=lead(entry.text or entry.summary), text=""), at) for entry, at in sample.entries
    )
    return replace(sample, name=f"{sample.name}, shown", entries=entries)


def fold(set_name: str, story: str) -> int:
    """The fold that leaves a story out."""
    if story in quality_long.STORIES:
        return quality_long.STORIES.index(story)
    return blake2b(story.encode(), digest_size=4).digest()[0] % FOLDS


def collect(sample: Sample, models: Callable[[str], Models] | None) -> list[Row]:
    """Replay a sample, taught by the truth, or, where `models` are given, by what they are sure of."""
    profiles = {story.id: relevance.profile(story) for story in sample.stories}
    matcher = relevance.Matcher(profiles.values())
    found = []
    for entry, at in sample.entries:
        reading = read(entry)
        for name in sorted(matcher.candidates(reading)):
            if (name, entry.id) in sample.skipped:
                continue
            profile, yes = profiles[name], (name, entry.id) in sample.yes
            terms = measures.terms(profile, reading)
            measured = measures.measure(profile, reading, at, terms, measures.agreement(profile, reading, at))
            hard = yes or measured["likelihood"] >= HARD_LIKELIHOOD or measured.get("agreement", -9.0) >= HARD_AGREEMENT
            if hard or blake2b(f"{name} {entry.id}".encode(), digest_size=2).digest()[0] % EASY_ONE_IN == 0:
                found.append(Row(sample.name, name, yes, reading.kind, measured, 1 if hard else EASY_ONE_IN))
            if models is None:
                teaches = yes and terms.seeded > scoring.SEEDED_MIN
            else:
                teaches = scoring.score(profile, reading, at, models(name)).certain
            if teaches:
                profiles[name] = relevance.grow(profile, relevance.Example(entry, at))
                matcher.replace(profiles[name])
    return found


def weighed(rows: Sequence[Row]) -> list[float]:
    """How much each row counts: stories of a set share its say, follow-ups of a story share the story's."""
    positives = Counter((row.set_name, row.story) for row in rows if row.yes)
    of_set: dict[str, int] = defaultdict(int)
    stories = Counter(name for name, _ in positives)
    for (name, _), number in positives.items():
        of_set[name] += number
    weights = []
    for row in rows:
        say = SAY.get(row.set_name, 1.0)
        number = positives[row.set_name, row.story]
        if stories[row.set_name] > 20:  # many small stories: the set as a whole
            weight = say / max(POSITIVE_AT_LEAST, of_set[row.set_name])
        else:
            weight = say / max(1, stories[row.set_name]) / max(POSITIVE_AT_LEAST, number)
        weights.append(weight * row.stands_for * (MISSED_COST[row.kind] if row.yes else 1.0))
    return weights


def fit(rows: Sequence[Row], weights: Sequence[float]) -> Weights:
    """A logistic model with signs and a ridge, by accelerated projected gradients on standardised measures."""
    names = sorted(rows[0].measures.keys() - GIVEN)
    values = np.array([[row.measures[name] for name in names] for row in rows])
    truth = np.array([row.yes for row in rows], dtype=float)
    weight = np.array(weights) / sum(weights)
    mean, spread = values.mean(0), values.std(0) + 1e-6
    scaled = np.hstack([(values - mean) / spread, np.ones((len(rows), 1))])
    low = np.array([0.0 if name in RISING else -np.inf for name in names] + [-np.inf])
    high = np.array([0.0 if name in FALLING else np.inf for name in names] + [np.inf])
    ridge = np.array([2 * RIDGE] * len(names) + [0.0])
    step = 1 / (0.25 * np.linalg.norm(scaled * np.sqrt(weight)[:, None], 2) ** 2 + 2 * RIDGE)
    at = moved = np.zeros(len(names) + 1)
    for number in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(scaled @ moved, -30, 30)))
        after = np.clip(moved - step * (scaled.T @ (weight * (chance - truth)) + ridge * moved), low, high)
        moved = after + number / (number + 3) * (after - at)
        at = after
    slopes = at[:-1] / spread
    return Weights(
        float(at[-1] - slopes @ mean), {n: float(w) for n, w in zip(names, slopes, strict=True) if abs(w) > 1e-9}
        | GIVEN,
        {n: float(m) for n, m in zip(names, mean, strict=True)} | dict.fromkeys(GIVEN, 0.0),
    )  # fmt: skip


def fit_kinds(rows: Sequence[Row]) -> Models:
    """A model for each kind of entry; a set with a handful of follow-ups of a kind has no say in it."""
    weights = weighed(rows)
    models = {}
    for kind in Models._fields:
        found = Counter(row.set_name for row in rows if row.kind == kind and row.yes)
        chosen = [
            (row, weight)
            for row, weight in zip(rows, weights, strict=True)
            if row.kind == kind and found[row.set_name] >= POSITIVE_AT_LEAST
        ]
        models[kind] = fit([row for row, _ in chosen], [weight for _, weight in chosen])
    return Models(models["headline"], models["brief"], averaged(models["text"]))


def by_fold(rows: Sequence[Row]) -> list[Models]:
    """The models of each fold, fitted without its stories."""
    return [fit_kinds([row for row in rows if fold(row.set_name, row.story) != number]) for number in range(FOLDS)]


def averaged(model: Weights) -> Weights:
    """A model for texts and the expert on agreement, each with half the say: the expert saw more kinds of texts."""
    halved = {name: weight / 2 for name, weight in model.weights.items() if name not in GIVEN}
    halved["agreement"] = halved.get("agreement", 0.0) + 0.5
    return Weights(model.bias / 2, halved, model.means)


def table(models: Models, lead: str = "") -> str:
    """Models as rows of a table."""
    lines = []
    for kind, model in models._asdict().items():
        lines.append(f"{lead}{kind}\tbias\t{model.bias:.5g}\t0")
        lines += [
            f"{lead}{kind}\t{name}\t{weight:.5g}\t{model.means[name]:.5g}"
            for name, weight in sorted(model.weights.items())
        ]
    return "\n".join(lines) + "\n"


def folds() -> list[Models]:
    """The weights of each fold, as they were fitted last."""
    tables: dict[str, list[str]] = defaultdict(list)
    for line in FOLDS_FILE.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            number, rest = line.split("\t", 1)
            tables[number].append(rest)
    return [calibration.load("\n".join(tables[str(number)])) for number in range(FOLDS)]


def main(kinds: Sequence[str]) -> None:
    """Fit on what the truth teaches and on what each story taught itself under the present weights of its fold.

    Of other kinds of entries than these the weights stay as they are.
    """
    stood, rows = folds(), []
    for sample in samples():
        read: Callable[[str], Models] = lambda story, name=sample.name: stood[fold(name, story)]  # noqa: E731
        rows += [*collect(sample, None), *collect(sample, read)]
        print(sample.name, len(rows), flush=True)
    made = [
        one._replace(**{kind: fitted.of(kind) for kind in kinds})
        for one, fitted in zip(stood, by_fold(rows), strict=True)
    ]
    whole = fit_kinds(rows)
    shipped = calibration.shipped()._replace(**{kind: whole.of(kind) for kind in kinds})
    TARGET.write_text(f"# {HEAD}" + table(shipped), "utf-8")
    FOLDS_FILE.write_text(
        f"# fold left out\t{HEAD}" + "".join(table(models, f"{n}\t") for n, models in enumerate(made)), "utf-8"
    )


if __name__ == "__main__":
    main(sys.argv[1:] or Models._fields)
