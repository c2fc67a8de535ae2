"""Fits the weights by which a line is a notice, or serves the page: `python -m bench.line_weights`.

Fitted on the open half of the labels made by hand, and, against real news, on sentences of recorded articles. Two
logistic models a kind: one over pieces of words, of which the weightiest are kept, and one over how the line is built
and what it has in common with its text, which also weighs the first one's word, given as it was on batches that it had
not seen. Printed is what the whole says of such batches; written is what all of them teach.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench import labels
from bench.revisions import DATA, articles, rows
from monitor.core.documents import line_evidence
from monitor.core.documents import notices as documents_notices
from monitor.core.documents.line_evidence import Kind
from monitor.core.revisions import announced, facts, service
from monitor.core.text import sentences

TARGET = Path(__file__).resolve().parents[1] / "monitor/data/line_weights.tsv"
FOLDS = 8
GRAMS_KEPT = 3000  # pieces of words a kind
GRAM_COUNT_MIN, FEATURE_COUNT_MIN = 2, 4  # lines that have one
GRAM_RIDGE, FEATURE_RIDGE = 0.5, 1.0
GRAM_STEPS, FEATURE_STEPS = 150, 40
Array = Any


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its batch, features and label."""

    batch: str
    text: str
    features: Mapping[str, float]
    yes: bool


def notices() -> list[Line]:
    """Lines that were added to a text: notices, others that the labels tell apart, and the ends of the texts."""
    found, seen = [], set[str]()
    for row in labels.rows("open", "notices"):
        before, after = (f"{row[name]['title']}\n\n{row[name]['text']}" for name in ("old", "new"))
        lines = [(run, after, row["expected"] == "correction") for run in list(announced.runs(before, after))[-1:]]
        last = sentences(row["old"]["text"])[-1:]
        if last and last[0] not in seen and len(sentences(before)) > 2:
            lines.append((last[0], before, False))
        seen.update(last)
        found += [Line(_batch(row["id"]), line, announced.features(line, text), yes) for line, text, yes in lines]
    return found + list(recorded())


def recorded() -> Iterator[Line]:
    """What recorded summaries were changed to, of half the addresses: news, none of it a notice."""
    for name in ("bbc_headlines", "feeds") if DATA.exists() else ():
        for place, row in enumerate(rows(DATA / f"revisions/{name}.jsonl")):
            old, new = row["versions"][0], row["versions"][-1]
            if hashlib.sha256(row["url"].encode()).digest()[0] % 2 or not (old["summary"] and new["summary"]):
                continue
            before, after = (f"{each['title']}\n\n{each['summary']}" for each in (old, new))
            for run in announced.runs(before, after):
                if not documents_notices.find(run):
                    yield Line(f"recorded {place % FOLDS}", run, announced.features(run, after), yes=False)


def services() -> list[Line]:
    """Sentences that serve a page, and such as tell news."""
    found, seen = [], set[str]()
    for row in labels.rows("open", "notices"):
        before, after = (f"{row[name]['title']}\n\n{row[name]['text']}" for name in ("old", "new"))
        runs = list(announced.runs(before, after))[-1:] if row["expected"] in ("touch", "no-alert") else []
        lines = [(part, after, True) for run in runs for part in sentences(run)]
        lines += [(part, before, False) for part in sentences(row["old"]["text"])[1:] if part not in seen]
        seen.update(part for part, _, _ in lines)
        found += [Line(_batch(row["id"]), part, _told(part, text), yes) for part, text, yes in lines]
    for row in labels.rows("open", "additions"):
        before, after = (f"{row[name]['title']}\n\n{row[name]['text']}" for name in ("old", "new"))
        for run in announced.runs(before, after):
            found.append(Line(_batch(row["id"]), run, _told(run, before), yes=False))
    for place, text in enumerate(articles() if DATA.exists() else ()):
        for part in sentences(text)[3:11:2]:
            batch = f"recorded {place % FOLDS}"
            found.append(Line(batch, part, _told(part, " ".join(sentences(text)[:12])), yes=False))
    return found


def _told(part: str, text: str) -> dict[str, float]:
    return service.features(facts.read(part, None), text.replace(part, " "))


def _batch(name: str) -> str:
    return re.match(r"[a-z]+\d?[a-z]?", name).group()  # type: ignore[union-attr]


def fit_grams(rows: Sequence[Array], truth: Array, size: int) -> tuple[Array, float]:
    """Weights of pieces of words, each row's sum divided by the root of their number; by Adam with a ridge."""
    lengths = np.array([len(row) for row in rows])
    flat, owner = np.concatenate(rows), np.repeat(np.arange(len(rows)), lengths)
    share = np.repeat(1 / np.sqrt(np.maximum(lengths, 1)), lengths)
    weights, bias, first, second = np.zeros(size), 0.0, np.zeros(size), np.zeros(size)
    for step in range(1, GRAM_STEPS + 1):
        sums = np.bincount(owner, weights=share * weights[flat], minlength=len(rows)) + bias
        off = 1 / (1 + np.exp(-sums)) - truth
        slope = np.bincount(flat, weights=share * off[owner], minlength=size) + GRAM_RIDGE * weights
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        weights -= 0.05 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
        bias -= 0.02 * off.mean()
    return weights, float(bias)


def fit_features(values: Array, truth: Array) -> Array:
    """A logistic model with a ridge, by Newton's method; the last weight is the bias."""
    whole = np.hstack([values, np.ones((len(values), 1))])
    ridge = np.full(whole.shape[1], FEATURE_RIDGE)
    ridge[-1] = 1e-3
    weights = np.zeros(whole.shape[1])
    for _ in range(FEATURE_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(whole @ weights, -30, 30)))
        bend = (whole.T * (chance * (1 - chance))) @ whole + np.diag(ridge)
        weights -= np.linalg.solve(bend, whole.T @ (chance - truth) + ridge * weights)
    return weights


def said(rows: Sequence[Array], weights: Array, bias: float) -> Array:
    """What the pieces of each row's words say."""
    return np.array([weights[row].sum() / np.sqrt(max(1, len(row))) + bias for row in rows])


def vocabulary(lines: Sequence[Line], truth: Array) -> dict[str, int]:
    """The weightiest pieces of words."""
    counts = Counter(gram for line in lines for gram in line_evidence.grams(line.text))
    names = sorted(gram for gram, count in counts.items() if count >= GRAM_COUNT_MIN)
    index = {name: place for place, name in enumerate(names)}
    weights, _ = fit_grams(encoded(lines, index), truth, len(index))
    heaviest = sorted(names, key=lambda name: -abs(weights[index[name]]))[:GRAMS_KEPT]
    return {name: place for place, name in enumerate(sorted(heaviest))}


def encoded(lines: Sequence[Line], index: Mapping[str, int]) -> list[Array]:
    """Each line as the places of its pieces of words."""
    return [np.array(sorted(index[g] for g in line_evidence.grams(line.text) if g in index), int) for line in lines]


def fit(lines: Sequence[Line]) -> tuple[dict[str, float], Array]:
    """The weights of a kind, and what such weights say of each line while its batch was left out."""
    truth = np.array([line.yes for line in lines], dtype=float)
    batches = sorted({line.batch for line in lines})
    fold = np.array([batches.index(line.batch) % FOLDS for line in lines])
    index = vocabulary(lines, truth)
    known = encoded(lines, index)
    counts = Counter(name for line in lines for name in line.features)
    names = sorted(name for name, count in counts.items() if count >= FEATURE_COUNT_MIN)
    unseen = np.zeros(len(lines))
    for number in range(FOLDS):
        taught = np.flatnonzero(fold != number)
        grams = fit_grams([known[at] for at in taught], truth[taught], len(index))
        left = np.flatnonzero(fold == number)
        unseen[left] = said([known[at] for at in left], *grams)
    values = np.array([[line.features.get(name, 0.0) for name in names] for line in lines])
    values = np.hstack([values, unseen[:, None]])
    whole = np.zeros(len(lines))
    for number in range(FOLDS):
        weights = fit_features(values[fold != number], truth[fold != number])
        whole[fold == number] = values[fold == number] @ weights[:-1] + weights[-1]
    weights = fit_features(values, truth)
    grams, bias = fit_grams(known, truth, len(index))
    trust = float(weights[-2])
    table = {"bias": float(weights[-1]) + trust * bias}
    table |= {name: float(weight) for name, weight in zip(names, weights, strict=False)}
    table |= {name: trust * float(grams[place]) for name, place in index.items()}
    return table, whole


def main() -> None:
    """Fit both kinds and write their table."""
    written = ["# kind\tfeature, :word, :two words or =piece of a word\tweight in log odds; by bench/line_weights.py"]
    kinds: dict[Kind, list[Line]] = {"notice": notices(), "service": services()}
    for kind, lines in kinds.items():
        table, whole = fit(lines)
        yes = np.array([line.yes for line in lines])
        print(f"{kind}: {yes.sum()} lines, {(~yes).sum()} others; of batches left out")
        for least in (-2, -1, 0, 1, 1.5, 2, 3, 4):
            print(f"  over {least}: {(whole[yes] > least).sum()}, others {(whole[~yes] > least).sum()}")
        written += [f"{kind}\t{name}\t{weight:.3g}" for name, weight in sorted(table.items())]
    TARGET.write_text("\n".join(written) + "\n", "utf-8")


if __name__ == "__main__":
    main()
