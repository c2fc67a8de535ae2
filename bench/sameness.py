"""Novelty on the nine long stories, every follow-up accepted; and the weights of `sameness`, leave one story out.

`python -m bench.sameness` fits the weights of each story on the other eight and reports, by story and mean with an
interval over stories, the developments told, the alerts that tell again, and the held back whose development was
founded by another's; `--shipped` measures the shipped weights instead; `--write` fits on all nine and writes the table.
Every fit has seen the invented stories of `SHEETS` too.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.long_stories import LongStory, Row, own_story, sheets, stories
from monitor.core.novelty import claims, developments, sameness, verdict
from monitor.core.novelty.developments import of_seed
from monitor.model import Entry, Source, StoryReport, StoryState

TABLE = Path(__file__).resolve().parents[1] / "monitor/data/sameness.tsv"
# Standard scores are shrunk by so much: chosen once, on the first fit; the figures hardly move between 1 and 10.
RIDGE = 3.0
RESAMPLES = 2000
# Pairs of the nine count twice. The own story is short and quiet beside them: its pairs count so often, and its own
# figure is no held-out one.
LONG_TIMES, OWN_TIMES = 2, 10
# Invented stories are quieter than the nine and told in other words: an editor's sheets, apart from those kept, once.
SHEETS = ("open", "later", "fresh")

Pair = tuple[Mapping[str, float], bool]
Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Told:
    """A row with its verdict, and the row that founded its development (itself, another, or none: the seed)."""

    row: Row
    verdict: str
    founder: Row | None
    doubtful: bool


def run(story: LongStory, by: Weights | None = None, gold: bool = False) -> tuple[list[Told], list[Pair]]:
    """Every follow-up in time order with what became of it, and the pairs that were compared with their labels.

    With `gold`, what was told before is as the reader has it; else as the weights had it.
    """
    members: tuple[StoryReport, ...] = ()
    ledger = claims.extract(story.seed.text, story.seed.published_at, title=story.seed.title)
    first = of_seed(story.seed, story.id).development
    founders: dict[str, Row] = {first.id: story.told} if first and story.told else {}
    judged: list[Told] = []
    pairs: list[Pair] = []
    for number, row in enumerate(story.follow_ups()):
        entry = Entry(id=row.entry, title=row.title, summary=row.text, published_at=row.at)
        pairs += _pairs(story, row, members, founders)
        key = f"{number:05}"
        said = claims.extract(row.text, row.at, title=row.title, source=row.source)
        found = verdict.compare(
            entry, key, Source(row.source, row.source, ""), row.at, story.id, StoryState(story.id, members, ledger),
            seed=story.seed, claims=said, by=by,
        )  # fmt: skip
        if gold and first and story.told and row.development == story.told.development:
            name = first.id
        elif gold:
            name = next((m.development for m in members if founders[m.development].development == row.development), key)
        else:
            name = found.development
        ledger += said
        if found.verdict == "development" or gold:
            founders.setdefault(name, row)
        judged.append(Told(row, found.verdict, founders.get(name), found.doubtful))
        members += (
            StoryReport(
                key, row.source, row.source, name, found.verdict, row.at, row.title, row.text, "", found.origin
            ),
        )
    return judged, pairs


def _pairs(story: LongStory, row: Row, members: Sequence[StoryReport], founders: Mapping[str, Row]) -> Iterator[Pair]:
    if row.aside:
        return
    seed = of_seed(story.seed, story.id)
    known = developments.of_story(members, seed)
    words = developments.weights(seed, known)
    new = developments.report(row.title, row.text, row.source, row.at)
    begun_at = story.seed.published_at or row.at
    for candidate in developments.candidates(new, row.title, known, words, begun_at):
        if founder := founders.get(candidate.development.id):
            yield candidate.measures, founder.development == row.development


def fit(pairs: Sequence[Pair], steps: int = 30) -> dict[str, float]:
    """A ridge logistic by Newton's method (iteratively reweighted least squares)."""
    names = list(pairs[0][0])
    raw = np.array([[measures[name] for name in names] for measures, _ in pairs])
    same = np.array([float(label) for _, label in pairs])
    mean, spread = raw.mean(0), raw.std(0) + 1e-9
    x = np.hstack([np.ones((len(raw), 1)), (raw - mean) / spread])
    ridge = np.diag([0.0, *[RIDGE] * len(names)])
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        step = np.linalg.solve(x.T @ (x * (p * (1 - p))[:, None]) + ridge, x.T @ (same - p) - ridge @ w)
        w += step
        if np.abs(step).max() < 1e-6:
            break
    plain = w[1:] / spread
    return {sameness.BIAS: float(w[0] - plain @ mean), **dict(zip(names, map(float, plain), strict=True))}


def figures(judged: Sequence[Told]) -> tuple[float, float, float]:
    """Of one story: developments told, of all; told again, of alerts; folded into another's, of held back."""
    steps: dict[str, int] = {}
    again = elsewhere = held = 0
    for found in judged:
        if found.row.aside:
            continue
        times = steps.setdefault(found.row.development, 0)
        if found.verdict == "development":
            again += times > 0
            steps[found.row.development] += 1
        elif found.verdict == "repeat":
            held += 1
            elsewhere += found.founder is None or found.founder.development != found.row.development
    alerts = sum(steps.values())
    return sum(map(bool, steps.values())) / len(steps), again / max(1, alerts), elsewhere / max(1, held)


def learnt(rounds: int = 2) -> tuple[dict[str, Weights], Weights]:
    """Weights for each story that never saw it, and weights of all: on gold histories first, then on own ones too."""
    pairs = {story.id: run(story, gold=True)[1] for story in stories()}
    steady = run(own_story(), gold=True)[1] * OWN_TIMES
    steady += [pair for part in SHEETS for story in sheets(part) for pair in run(story, gold=True)[1]]
    others = _others(pairs, steady)
    for _ in range(rounds - 1):
        again = {story.id: run(story, others[story.id])[1] for story in stories()}
        pairs = {name: [*pairs[name], *again[name]] for name in pairs}
        others = _others(pairs, steady)
    return others, fit([*steady, *(pair for found in pairs.values() for pair in found * LONG_TIMES)])


def _others(pairs: Mapping[str, list[Pair]], steady: Sequence[Pair]) -> dict[str, Weights]:
    return {
        name: fit([*steady, *(p for other, found in pairs.items() if other != name for p in found * LONG_TIMES)])
        for name in pairs
    }


def interval(values: Sequence[float], seed: int = 11) -> tuple[float, float]:
    """A 95 % interval of the mean, by bootstrap over stories."""
    dice = random.Random(seed)
    means = sorted(sum(dice.choices(values, k=len(values))) / len(values) for _ in range(RESAMPLES))
    return means[int(0.025 * RESAMPLES)], means[int(0.975 * RESAMPLES)]


def table(by: Mapping[str, Weights] | None) -> Iterator[str]:
    """Rows of a page: a line a story, then the mean with its interval."""
    yield "| story | told | told again | folded into another | doubtful, of told |"
    yield "|---|---|---|---|---|"
    rows = []
    for story in stories():
        judged, _ = run(story, by[story.id] if by else None)
        news = [found for found in judged if found.verdict == "development"]
        rows.append((*figures(judged), sum(found.doubtful for found in news) / max(1, len(news))))
        yield f"| {story.id} | " + " | ".join(f"{value:.2f}" for value in rows[-1]) + " |"
    cells = []
    for column in zip(*rows, strict=True):
        low, high = interval(column)
        cells.append(f"{sum(column) / len(column):.3f} ({low:.2f}-{high:.2f})")
    yield "| mean | " + " | ".join(cells) + " |"


def main() -> None:
    """Print the table; with `--write`, learn and write the weights."""
    if "--shipped" in sys.argv:
        print("\n".join(table(None)))
        return
    others, every = learnt()
    print("\n".join(table(others)))
    if "--write" in sys.argv:
        head = (
            "# measure\tweight: what one unit of it adds to the log-odds; made by `python -m bench.sameness --write`\n"
        )
        TABLE.write_text(head + "".join(f"{name}\t{value:.4f}\n" for name, value in every.items()), "utf-8")


if __name__ == "__main__":
    main()
