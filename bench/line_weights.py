"""Fits the weights by which a line is a notice, serves the page, or is news: `python -m bench.line_weights [KIND ...]`.

Fitted on the open half of the labels made by hand, and, against real news, on sentences of recorded articles: one
logistic model a kind, over pieces of words, how the line is built and what it has in common with its text. Printed is
what it says of batches while they were left out; written is what all of them teach.
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
from monitor.core.documents.line_evidence import Kind
from monitor.core.revisions import added, announced, facts, service, versions
from monitor.core.text import sentences

TARGET = Path(__file__).resolve().parents[1] / "monitor/data/line_weights.tsv"
FOLDS = 8
GRAMS_KEPT = 3000  # pieces of words a kind; of news none: they add little to how it is built and what it says of when
GRAM_SIGNS = ":="  # what their names begin with
GRAM_COUNT_MIN = 2  # lines that have one
FEATURE_COUNT_MIN = (4, 15)  # lines that have a feature, and those that have a pair of them
RIDGE = (0.5, 0.1)  # of features and of pieces of words; the best of batches left out
STEPS, RATE = 300, 0.05
Array = Any


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its batch, features and label."""

    batch: str
    text: str
    features: Mapping[str, float]
    yes: bool


def notices() -> list[Line]:
    """Lines that were added to a text: notices, others that the labels tell apart, news, and the ends of the texts."""
    found, seen = [], set[str]()
    for row in labels.rows("open", "notices"):
        before, after = _versions(row)
        lines = [(run, after, row["expected"] == "correction") for run in list(announced.runs(before, after))[-1:]]
        last = sentences(row["old"]["text"])[-1:]
        if last and last[0] not in seen and len(sentences(before)) > 2:
            lines.append((last[0], before, False))
        seen.update(last)
        found += [Line(_batch(row), line, announced.features(line, text), yes) for line, text, yes in lines]
    return found + [
        Line(batch, run, announced.features(run, after), yes=False)
        for batch, run, after in chain(told(), recorded(), gone_on())
    ]


def services() -> list[Line]:
    """Sentences that serve a page, and such as tell news, somebody else's mistake among it."""
    found, seen = [], set[str]()
    for row in labels.rows("open", "notices"):
        before, after = _versions(row)
        runs = list(announced.runs(before, after))[-1:] if row["expected"] != "correction" else []
        lines = [(part, after, row["expected"] != "revision") for run in runs for part in sentences(run)]
        lines += [(part, before, False) for part in sentences(row["old"]["text"])[1:] if part not in seen]
        seen.update(part for part, _, _ in lines)
        found += [Line(_batch(row), part, _told(part, text), yes) for part, text, yes in lines]
    for place, text in enumerate(articles() if DATA.exists() else ()):
        lead = " ".join(sentences(text)[:12])
        found += [
            Line(f"recorded {place % FOLDS}", part, _told(part, lead), yes=False) for part in sentences(text)[3:11:2]
        ]
    return found + [Line(batch, run, _told(run, after), yes=False) for batch, run, after in told()]


def news() -> list[Line]:
    """Sentences put into a report, and such as real articles go on with, that are news or background."""
    found = []
    for row in labels.rows("open", "additions"):
        found += _put_in(row["id"].rpartition("-")[0] or _batch(row), *_versions(row), row["expected"] == "revision")
    for row in labels.rows("open", "continuations") if DATA.exists() else ():
        before, after = labels.continued(row)
        found += _put_in(f"{row['file']} {row['article']}", before, after, row["expected"] == "revision")
    return found


def _put_in(batch: str, before: str, after: str, yes: bool) -> Iterator[Line]:
    both = versions.read(before, after, [])
    report = added.Report(part.text for part in both.old.sentences) if both else None
    for part in added.whole(both) if both and report else ():
        yield Line(batch, part.text, report.features(part), yes)


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


def _told(part: str, text: str) -> dict[str, float]:
    return service.features(facts.read(part, None), text.replace(part, " "))


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


def weighed(lines: Sequence[Line], names: Sequence[str]) -> dict[str, float]:
    """A logistic model over these names with a ridge, by Adam; its bias has none."""
    index = {name: place for place, name in enumerate(["bias", *names])}
    places, owners, values = encoded([replace(line, features={**line.features, "bias": 1.0}) for line in lines], index)
    truth = np.array([line.yes for line in lines], dtype=float)
    ridge = np.array([0.0, *(RIDGE[name[0] in GRAM_SIGNS] for name in names)])
    weights, first, second = np.zeros(len(index)), np.zeros(len(index)), np.zeros(len(index))
    for step in range(1, STEPS + 1):
        sums = np.bincount(owners, weights=values * weights[places], minlength=len(lines))
        off = 1 / (1 + np.exp(-sums)) - truth
        slope = np.bincount(places, weights=values * off[owners], minlength=len(index)) + ridge * weights
        first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope**2
        weights -= RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    return dict(zip(index, map(float, weights), strict=True))


def fit(lines: Sequence[Line], kept: int = GRAMS_KEPT) -> dict[str, float]:
    """The weights of a kind: of what is frequent enough, and of the pieces of words so many of the weightiest."""
    grams = Counter(gram for line in lines for gram in line_evidence.grams(line.text))
    features = Counter(name for line in lines for name in line.features)
    names = sorted(name for name, count in features.items() if count >= FEATURE_COUNT_MIN[" and " in name])
    if not kept:
        return weighed(lines, names)
    pieces = [gram for gram, count in grams.items() if count >= GRAM_COUNT_MIN]
    first = weighed(lines, [*names, *sorted(pieces)])
    chosen = sorted(pieces, key=lambda gram: (-abs(first[gram]), gram))[:kept]
    return weighed(lines, [*names, *sorted(chosen)])


def unseen(lines: Sequence[Line], kept: int = GRAMS_KEPT) -> Array:
    """What the weights of a kind say of each line while its batch was left out."""
    batches = sorted({line.batch for line in lines})
    fold = np.array([batches.index(line.batch) % FOLDS for line in lines])
    sums = np.zeros(len(lines))
    for number in range(FOLDS):
        weights = fit([line for line, of in zip(lines, fold, strict=True) if of != number], kept)
        for place in np.flatnonzero(fold == number):
            sums[place] = line_evidence.total(weights, lines[place].text, lines[place].features)
    return sums


def main() -> None:
    """Fit these kinds, or all, and write their part of the table."""
    every: dict[Kind, Callable[[], list[Line]]] = {"news": news, "notice": notices, "service": services}
    head, *written = TARGET.read_text("utf-8").splitlines()
    for kind, gather in every.items():
        if sys.argv[1:] and kind not in sys.argv[1:]:
            continue
        lines, kept = gather(), 0 if kind == "news" else GRAMS_KEPT
        sums, yes = unseen(lines, kept), np.array([line.yes for line in lines])
        print(f"{kind}: {yes.sum()} lines, {(~yes).sum()} others; of batches left out")
        for least in (-1, -0.5, 0, 0.5, 1, 1.5, 2, 3):
            print(f"  over {least}: {(sums[yes] > least).sum()}, others {(sums[~yes] > least).sum()}")
        written = [line for line in written if not line.startswith(f"{kind}\t")]
        written += [f"{kind}\t{name}\t{weight:.3g}" for name, weight in sorted(fit(lines, kept).items())]
    order = [*every]
    written.sort(key=lambda line: order.index(line.partition("\t")[0]))  # type: ignore[arg-type]
    TARGET.write_text("\n".join([head, *written]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
