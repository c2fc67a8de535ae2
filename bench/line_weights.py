"""Fits the weights by which a line is a notice, serves the page, or is news: `python -m bench.line_weights [MODEL]`.

Fitted on the open half of the labels made by hand, and, against real news, on sentences of recorded articles: two
logistic models over how the line is built and what it has in common with its text. "pages" tells notices, lines that
serve the page and all others apart, also by pieces of words; "news" tells news from background. Printed is what a model
says of batches while they were left out; written is what all of them teach.
"""

from __future__ import annotations

import hashlib
import math
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from bench import labels
from bench.revisions import DATA, articles, rows
from monitor.core.documents import line_evidence
from monitor.core.documents import notices as documents_notices
from monitor.core.documents.line_evidence import LAYER, Kind
from monitor.core.revisions import added, announced, versions
from monitor.core.text import sentences

TARGET = Path(__file__).resolve().parents[1] / "monitor/data/line_weights.tsv"
FOLDS = 8
GRAMS_KEPT = 5000  # pieces of words a kind; of news none: they add little to how it is built and what it says of when
GRAM_SIGNS = ":="  # what their names begin with
GRAM_COUNT_MIN = 2  # lines that have one
FEATURE_COUNT_MIN = (4, 15)  # lines that have a feature, and those that have a pair of them
RIDGE = (0.5, 0.1)  # of features and of pieces of words; the best of batches left out
UNITS = 24  # of the layer of pages; of news none
DECAY = 2e-5  # ridge of the layer, a line; by batches left out, as the next two
DROPPED = 0.2  # share of features and units that a step leaves out
LAYER_START, OUTWARD_START = 2.0, 0.1  # spread of the layer's first weights, by the root of its features; of its units'
STEPS, RATES = (
    400,
    (0.05, 0.01, 0.01, 0.01),
)  # of Adam; rates of the sum of weights, the units' biases, to and from them
SEED = 0
Array = Any


@dataclass(frozen=True, slots=True)
class Model:
    """Weights by kind, then by name; and the weights of each feature for all units (`line_evidence.units`)."""

    kinds: Mapping[str, Mapping[str, float]]
    layer: Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its batch, features and label: "" where it is of none of a model's kinds."""

    batch: str
    text: str
    features: Mapping[str, float]
    kind: str


def pages() -> list[Line]:
    """Lines that were added to a text, by what the labels say of them, and what tells of the matter: real news too."""
    found, seen = [], set[str]()
    for row in labels.rows("open", "notices"):
        before, after = _versions(row)
        runs = list(announced.runs(before, after))[-1:]
        kind = {"correction": "notice", "revision": ""}.get(row["expected"], "service")
        lines = [(run, after, kind) for run in runs]
        if kind != "notice":
            lines += [(part, after, kind) for run in runs for part in sentences(run) if part != run]
        lines += [(part, before, "") for part in sentences(row["old"]["text"])[1:] if part not in seen]
        seen.update(part for part, _, _ in lines)
        found += [_of_page(_batch(row), *line) for line in lines]
    return found + [_of_page(*line, "") for line in chain(told(), recorded(), gone_on())]


def _of_page(batch: str, line: str, text: str, kind: str) -> Line:
    return Line(batch, line, line_evidence.of_pages(line, text.replace(line, " ")), kind)


def news() -> list[Line]:
    """Sentences put into a report, and such as real articles go on with, that are news or background."""
    found = []
    for row in labels.rows("open", "additions"):
        found += _put_in(row["id"].rpartition("-")[0] or _batch(row), *_versions(row), _news(row))
    for row in labels.rows("open", "continuations") if DATA.exists() else ():
        before, after = labels.continued(row)
        found += _put_in(f"{row['file']} {row['article']}", before, after, _news(row))
    return found


def _news(row: Mapping[str, Any]) -> str:
    return "news" if row["expected"] == "revision" else ""


def _put_in(batch: str, before: str, after: str, kind: str) -> Iterator[Line]:
    both = versions.read(before, after, [])
    report = added.Report(part.text for part in both.old.sentences) if both else None
    for part in added.whole(both) if both and report else ():
        yield Line(batch, part.text, report.features(part), kind)


def told() -> Iterator[tuple[str, str, str]]:
    """Batch, line and text of news put behind a report."""
    for row in labels.rows("open", "additions"):
        before, after = _versions(row)
        if row["expected"] == "revision":
            yield from ((_batch(row), run, after) for run in announced.runs(before, after))


def recorded() -> Iterator[tuple[str, str, str]]:
    """Batch, line and text of what recorded summaries were changed to, of half the addresses: news."""
    for name in ("bbc_headlines", "feeds") if DATA.exists() else ():
        for place, row in enumerate(rows(DATA / f"revisions/{name}.jsonl")):
            old, new = row["versions"][0], row["versions"][-1]
            if hashlib.sha256(row["url"].encode()).digest()[0] % 2 or not (old["summary"] and new["summary"]):
                continue
            before, after = (f"{each['title']}\n\n{each['summary']}" for each in (old, new))
            for run in announced.runs(before, after):
                if not documents_notices.find(run):
                    yield f"recorded {place % FOLDS}", run, after


def gone_on() -> Iterator[tuple[str, str, str]]:
    """Batch, line and text of sentences that every other recorded article goes on with: news."""
    for place, text in enumerate(articles()[::2] if DATA.exists() else ()):
        parts = sentences(text)
        for end in range(3, min(len(parts), 24), 2):
            if not documents_notices.find(parts[end]):
                yield f"recorded {place % FOLDS}", parts[end], " ".join(parts[: end + 1])


def _versions(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(f"{row[name]['title']}\n\n{row[name]['text']}" for name in ("old", "new"))


def _batch(row: Mapping[str, Any]) -> str:
    return re.match(r"[a-z]+\d?[a-z]?", row["id"]).group()  # type: ignore[union-attr]


def encoded(lines: Sequence[Line], index: Mapping[str, int]) -> tuple[Array, Array, Array]:
    """What `line_evidence.total` sums up of each line, of known names: their places, whose they are, values."""
    places, owners, values = [], [], []
    for owner, line in enumerate(lines):
        known = [index[gram] for gram in line_evidence.grams(line.text) if gram in index]
        built = {index[name]: value for name, value in line.features.items() if name in index}
        places += [*known, *built]
        owners += [owner] * (len(known) + len(built))
        values += [1 / math.sqrt(max(1, len(known)))] * len(known) + [*built.values()]
    return np.array(places), np.array(owners), np.array(values)


def weighed(lines: Sequence[Line], names: Sequence[str], kinds: Sequence[str], units: int) -> Model:
    """A softmax of the kinds against none, with so many rectified units, fitted by Adam (Kingma and Ba, ICLR 2015).

    Each step leaves out some of what the units read and of the units (dropout: Srivastava et al., JMLR 15, 2014).
    """
    index = {name: place for place, name in enumerate(["bias", *names])}
    places, owners, values = encoded([replace(line, features={**line.features, "bias": 1.0}) for line in lines], index)
    truth = np.array([[line.kind == kind for line in lines] for kind in kinds], dtype=float)
    read = [name for name in names if name[0] not in GRAM_SIGNS and " and " not in name]
    built = np.array([[line.features.get(name, 0.0) for name in read] for line in lines])
    ridge = np.array([0.0, *(RIDGE[name[0] in GRAM_SIGNS] for name in names)])
    dice = np.random.default_rng(SEED)
    fitted = [
        np.zeros((len(kinds), len(index))), np.zeros((1, units)),
        dice.normal(0, LAYER_START / math.sqrt(max(1, len(read))), (len(read), units)),
        dice.normal(0, OUTWARD_START, (units, len(kinds))),
    ]  # fmt: skip
    first, second = ([np.zeros_like(each) for each in fitted] for _ in range(2))
    for step in range(1, STEPS + 1):
        weights, least, layer, outward = fitted
        seen = built * dropped(dice, built.shape)
        sums = seen @ layer + least
        live = (sums > 0) * dropped(dice, sums.shape)
        found = sums * live
        linear = np.array([np.bincount(owners, values * of_one[places], len(lines)) for of_one in weights])
        odds = np.exp(linear + (found @ outward).T)
        off = odds / (1 + odds.sum(axis=0)) - truth
        back = (outward @ off).T * live
        slopes = [
            np.array([np.bincount(places, values * each[owners], len(index)) for each in off]) + ridge * weights,
            back.sum(axis=0, keepdims=True), seen.T @ back + DECAY * len(lines) * layer,
            (off @ found).T + DECAY * len(lines) * outward,
        ]  # fmt: skip
        for at, (slope, rate) in enumerate(zip(slopes, RATES, strict=True)):
            first[at], second[at] = 0.9 * first[at] + 0.1 * slope, 0.99 * second[at] + 0.01 * slope**2
            moved = (first[at] / (1 - 0.9**step)) / (np.sqrt(second[at] / (1 - 0.99**step)) + 1e-8)
            fitted[at] = fitted[at] - rate * moved
    weights, least, layer, outward = fitted
    outs = [f"unit {place}" for place in range(units)]
    named = np.concatenate((weights, outward.T), axis=1)
    return Model(
        {
            kind: dict(zip([*index, *outs], map(float, each), strict=True))
            for kind, each in zip(kinds, named, strict=True)
        },
        dict(zip(["bias", *read], np.concatenate((least, layer)).tolist(), strict=True)) if units else {},
    )


def dropped(dice: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """By what to multiply values so that some are left out and their expected sum stays."""
    return (dice.random(shape) >= DROPPED) / (1 - DROPPED)


def fit(lines: Sequence[Line], kinds: Sequence[str], kept: int, units: int) -> Model:
    """The weights of a model: of what is frequent enough, and of the pieces of words so many of the weightiest."""
    grams = Counter(gram for line in lines for gram in line_evidence.grams(line.text))
    features = Counter(name for line in lines for name in line.features)
    names = sorted(name for name, count in features.items() if count >= FEATURE_COUNT_MIN[" and " in name])
    if not kept:
        return weighed(lines, names, kinds, units)
    pieces = [gram for gram, count in grams.items() if count >= GRAM_COUNT_MIN]
    plain = weighed(lines, [*names, *sorted(pieces)], kinds, 0).kinds.values()
    chosen = sorted(pieces, key=lambda gram: (-max(abs(of_one[gram]) for of_one in plain), gram))[:kept]
    return weighed(lines, [*names, *sorted(chosen)], kinds, units)


def unseen(lines: Sequence[Line], kinds: Sequence[str], kept: int, units: int) -> Mapping[str, Array]:
    """What the weights say of each line while its batch was left out, by kind; of notices against all others."""
    batches = sorted({line.batch for line in lines})
    fold = np.array([batches.index(line.batch) % FOLDS for line in lines])
    sums = {kind: np.zeros(len(lines)) for kind in kinds}
    for number in range(FOLDS):
        model = fit([line for line, of in zip(lines, fold, strict=True) if of != number], kinds, kept, units)
        for place in np.flatnonzero(fold == number):
            line = lines[place]
            features = {**line.features, **line_evidence.units(model.layer, line.features)}
            for kind, of_one in model.kinds.items():
                sums[kind][place] = line_evidence.total(of_one, line.text, features)
    if "notice" in sums:
        sums["notice"] -= np.logaddexp(0, sums["service"])
    return sums


MODELS: Mapping[str, tuple[tuple[Kind, ...], Callable[[], list[Line]], int, int]] = {
    "news": (("news",), news, 0, 0), "pages": (("notice", "service"), pages, GRAMS_KEPT, UNITS),
}  # fmt: skip


def main() -> None:
    """Fit these models, or both, and write their part of the table."""
    head, *written = TARGET.read_text("utf-8").splitlines()
    for name in sys.argv[1:] or MODELS:
        kinds, gather, *size = MODELS[name]
        lines = gather()
        for kind, sums in unseen(lines, kinds, *size).items():
            yes = np.array([line.kind == kind for line in lines])
            no = np.array([line.kind == "" or (kind == "notice" and line.kind == "service") for line in lines])
            print(f"{kind}: {yes.sum()} lines, {no.sum()} others; of batches left out")
            for least in (-3, -2, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3):
                print(f"  over {least}: {(sums[yes] > least).sum()}, others {(sums[no] > least).sum()}")
        model = fit(lines, kinds, *size)
        rows = {kind: {name: f"{weight:.3g}" for name, weight in of.items()} for kind, of in model.kinds.items()}
        if model.layer:
            rows[LAYER] = {name: " ".join(f"{each:.3g}" for each in of) for name, of in model.layer.items()}
        written = [line for line in written if line.partition("\t")[0] not in rows]
        written += [f"{kind}\t{name}\t{weight}" for kind, of in rows.items() for name, weight in sorted(of.items())]
    order = ["layer", "news", "notice", "service"]
    written.sort(key=lambda line: order.index(line.partition("\t")[0]))
    TARGET.write_text("\n".join([head, *written]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
