"""Fits the weights for briefs, a headline with a sentence or two: `python -m bench.relevance_fit_briefs`.

They are fitted to what is asked of them, the mean F1 of stories, and not to the likelihood of all pairs: a smooth F1
(each pair counts with its chance), by Adam (Kingma and Ba, ICLR 2015) from the shipped weights on, with a ridge towards
those. Beside the labelled sets there are nine chronicles more of the recorded feeds, and the invented stories that may
be read, each among briefs of recorded feeds, as a watch meets them. How rare the names of a story are in all news is
not looked at: invented stories have none that anybody knows, so that it tells sets apart, and not reports. Several
weights are about as good (a headline's share in the story for its names); the mean of two fits, in which one newsroom's
stories have more and less say, is better than either on what neither saw. Fitted again it begins where this ended.
"""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from bench import quality_chronicles, quality_sheets, relevance_fit
from bench.quality_chronicles import Chronicle
from bench.quality_sets import Sample
from bench.relevance_fit import FALLING, FOLDS_FILE, GIVEN, HEAD, RISING, TARGET, Row
from monitor.core.relevance import calibration
from monitor.core.relevance.calibration import Models, Weights

CHRONICLES = Path(__file__).with_name("relevance_chronicles.jsonl")
# Sets of many small stories count as one story each.
POOLED = frozenset(
    {"ECB+, shown", "ECB+", "AllSides, shown", "BASIL, shown", "newswcl50, shown", "AllSides", "Wikipedia"}
)
# How much each set counts beside one story, which counts one: those of real feeds and of briefs most (set).
SAY = {
    "long chains": 4.0, "more chronicles": 4.0, "sheets, briefs": 6.0, "sheets, open": 4.0,
    "sheets, later": 1.0, "pooled": 3.0,
}  # fmt: skip
SAYS_OF_NEWSROOM = (4.0, 8.0)  # of the two fits; with 4 its own F1 is .65, with 8 the kept sheets lose .02
LEFT_OUT = frozenset({"rare_names", "rarest_title_name"})
SHEETS = ("briefs", "open", "later")
BACKGROUND = 1500  # recorded briefs among which each invented story is put
YES_AT_LEAST = 3  # follow-ups without which a story has no F1 to speak of
# Ten times the ridge finds no more than the weights it starts from; after 200 steps the mean stands still. The step is
# in spreads of a measure, the sharpness brings a chance nearer to yes or no.
RIDGE, STEPS, STEP, SHARPNESS = 0.02, 200, 0.03, 1.5
Array = Any


def rows() -> list[Row]:
    """All labelled briefs, each story taught by the truth and by what the weights of its fold are sure of."""
    folds = relevance_fit.folds()
    labelled = [sample for sample in relevance_fit.samples() if not sample.name.startswith(("sheets", "long: "))]
    found = []
    for sample in (*labelled, more_chronicles(), *among_briefs()):
        read: Callable[[str], Models] = lambda story, name=sample.name: folds[relevance_fit.fold(name, story)]  # noqa: E731
        for models in (None, read):
            found += [row for row in relevance_fit.collect(sample, models) if row.kind == "brief"]
        print(sample.name, len(found), flush=True)
    return found


def more_chronicles() -> Sample:
    """Nine stories of 2020 in the feeds of that year, apart from the sets that are measured."""
    told = tuple(Chronicle(**json.loads(line)) for line in CHRONICLES.read_text("utf-8").splitlines())
    stream = [(entry, at) for entry, at in quality_chronicles.recorded() if at.year < 2022]
    return quality_chronicles.followed("more chronicles", told, stream)


def among_briefs() -> Iterator[Sample]:
    """The invented stories that may be read, each among briefs of recorded feeds in its own weeks."""
    recorded, chance = quality_chronicles.recorded(), random.Random(1)
    for part in SHEETS:
        whole = quality_sheets.sample(part)
        for story in whole.stories:
            own = [(entry, at) for entry, at in whole.entries if entry.id.startswith(f"{story.id}-")]
            first, last = min(at for _, at in own), max(at for _, at in own) + timedelta(days=7)
            others = []
            for entry, _ in chance.sample(recorded, BACKGROUND):
                at = first + (last - first) * chance.random()
                others.append((replace(entry, published_at=at), at))
            stream = sorted(own + others, key=lambda pair: (pair[1], pair[0].id))
            yes = frozenset(pair for pair in whole.yes if pair[0] == story.id)
            yield replace(whole, stories=(story,), entries=tuple(stream), yes=yes)


def fit(chosen: Sequence[Row], start: Weights) -> Weights:
    """The mean of two fits."""
    made = [_fit(chosen, start, say) for say in SAYS_OF_NEWSROOM]
    names = sorted({name for one in made for name in one.weights})
    weights = {name: sum(one.weights.get(name, 0.0) for one in made) / len(made) for name in names}
    return Weights(sum(one.bias for one in made) / len(made), weights, made[0].means)


def _fit(chosen: Sequence[Row], start: Weights, of_newsroom: float) -> Weights:
    """The weights whose smooth F1, averaged over stories, is best; each keeps the sign that its measure must have."""
    names = sorted(chosen[0].measures)
    values = np.array([[row.measures[name] for name in names] for row in chosen])
    truth = np.array([row.yes for row in chosen], dtype=float)
    stand = np.array([row.stands_for for row in chosen], dtype=float)
    groups, says = _groups(chosen, truth, of_newsroom)
    mean = np.average(values, axis=0, weights=stand)
    spread = np.sqrt(np.average((values - mean) ** 2, axis=0, weights=stand)) + 1e-6
    free = np.array([name not in GIVEN and name not in LEFT_OUT for name in names])
    low = np.array([0.0 if name in RISING else -np.inf for name in names])
    high = np.array([0.0 if name in FALLING else np.inf for name in names])
    begun = np.array([0.0 if name in LEFT_OUT else start.weights.get(name, 0.0) for name in names])
    of_yes = values[truth > 0].mean(axis=0)
    bias = start.bias + sum(start.weights.get(n, 0.0) * m for n, m in zip(names, of_yes, strict=True) if n in LEFT_OUT)
    at, first, second = np.append(begun, bias), np.zeros(len(names) + 1), np.zeros(len(names) + 1)
    for step in range(1, STEPS + 1):
        chance = 1 / (1 + np.exp(-np.clip(SHARPNESS * (values @ at[:-1] + at[-1]), -30, 30)))
        slope = np.zeros(len(chosen))
        for group, say in zip(groups, says, strict=True):
            sure, yes, many = chance[group], truth[group], stand[group]
            right, size = (sure * yes).sum(), (sure * many).sum() + yes.sum()
            slope[group] = say * (2 * yes / size - 2 * right / size**2 * many)
        moved = slope * chance * (1 - chance) * SHARPNESS
        up = np.append((values.T @ moved - RIDGE * (at[:-1] - begun) * spread**2) * free / spread, moved.sum())
        first, second = 0.9 * first + 0.1 * up, 0.99 * second + 0.01 * up**2
        pace = STEP * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-9)
        at = np.append(np.clip(at[:-1] + pace[:-1] / spread * free, low, high), at[-1] + pace[-1])
    weights = {name: float(weight) for name, weight in zip(names, at[:-1], strict=True) if abs(weight) > 1e-6}
    return Weights(float(at[-1]), weights, {name: float(each) for name, each in zip(names, mean, strict=True)})


def _groups(chosen: Sequence[Row], truth: Array, of_newsroom: float) -> tuple[list[Array], list[float]]:
    """The rows of each story, or of each set that counts as one, and its say."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, row in enumerate(chosen):
        found[
            "pooled" if row.set_name in POOLED else row.set_name, row.set_name if row.set_name in POOLED else row.story
        ].append(number)
    groups = {name: np.array(numbers) for name, numbers in found.items() if truth[numbers].sum() >= YES_AT_LEAST}
    number = Counter(name for name, _ in groups)
    say = SAY | {"newsroom keywords": of_newsroom}
    says = [say.get(name, 1.0) / number[name] for name, _ in groups]
    return list(groups.values()), [say / sum(says) for say in says]


def main() -> None:
    """Write the shipped weights for briefs and those of each fold."""
    found, shipped, folds = rows(), calibration.shipped(), relevance_fit.folds()
    print(f"{len(found)} briefs, {sum(row.yes for row in found)} follow-ups", flush=True)
    made = []
    for number, stood in enumerate(folds):
        others = [row for row in found if relevance_fit.fold(row.set_name, row.story) != number]
        made.append(stood._replace(brief=fit(others, shipped.brief)))
    whole = shipped._replace(brief=fit(found, shipped.brief))
    TARGET.write_text(f"# {HEAD}" + relevance_fit.table(whole), "utf-8")
    tables = "".join(relevance_fit.table(models, f"{number}\t") for number, models in enumerate(made))
    FOLDS_FILE.write_text(f"# fold left out\t{HEAD}" + tables, "utf-8")


if __name__ == "__main__":
    main()
