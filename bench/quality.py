"""How right the product is: `python -m bench.quality` measures every labelled set and writes docs/quality/relevance.md.

One table for all sets at the default settings, each story judged by weights that were fitted without it, with bootstrap
intervals by story or day; the mean of the long stories; what each signal is worth; drift; an open stream; cost. A set
below its floor (docs/quality/floors.tsv) fails the command. Absent data is skipped, aloud.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from bench import (
    novelty,
    quality_chronicles,
    quality_long,
    quality_newsroom,
    quality_open,
    quality_recorded,
    quality_sets,
    quality_sheets,
    quality_written,
    relevance_fit,
)
from bench.quality_measure import Figures, figures, interval, replay
from bench.quality_sets import Sample
from monitor.core import relevance
from monitor.core.relevance.calibration import GROUPS, Models, Weights
from monitor.model import Article, Entry, Story

TARGET = quality_sets.ROOT / "docs/quality/relevance.md"
HISTORY = quality_sets.ROOT / "docs/quality/history.tsv"
FLOORS = quality_sets.ROOT / "docs/quality/floors.tsv"
ROUNDS = 3
ABLATED = (
    "own story",
    "languages",
    "AllSides",
    "ECB+",
    "BASIL",
    "one week's events",
    "written: own, dev",
    "written: others, dev",
)
LOADERS: list[tuple[str, Callable[[], Sample]]] = [
    *quality_sets.available(),
    ("haystack", lambda: quality_sets.haystack(quality_sets.article())),
    ("long chains", quality_chronicles.long_chains),
    ("one week's events", quality_chronicles.short_events),
    *quality_written.available(),
    *quality_long.available(),
    ("newsroom keywords", quality_newsroom.sample),
    ("recorded, read", quality_recorded.read),
    ("recorded, counted", quality_recorded.counted),
    *quality_sheets.available(),
]
_NEAR = re.compile(r"Russia|Ukrain|Korea|Putin|Kremlin|troops|soldiers", re.IGNORECASE)
HEAD = (
    "| set | entries | stories | precision | recall | F1 | mean F1 by story [95 %] | forgiven | developments |\n"
    "|---|---|---|---|---|---|---|---|---|"
)
NINE = "long: mean of nine"


def models(sample: Sample, without: str = "") -> dict[str, Models]:
    """The weights that each story is judged by: fitted without it; `without` neutralises a group of measures."""
    made = relevance_fit.folds()
    chosen = {story.id: made[relevance_fit.fold(sample.name, story.id)] for story in sample.stories}
    return {story: Models(*(_without(one, without) for one in both)) for story, both in chosen.items()}


def _without(model: Weights, group: str) -> Weights:
    """A model in which the measures of a group have their mean, whatever they are."""
    dropped = GROUPS.get(group, frozenset()) & model.weights.keys()
    bias = model.bias + sum(model.weights[name] * model.means[name] for name in dropped)
    return replace(model, bias=bias, weights={n: w for n, w in model.weights.items() if n not in dropped})


def table(samples: dict[str, Sample], measured: dict[str, float]) -> Iterator[str]:
    """One row a set, and one for the mean of the long stories; each mean F1 is noted in `measured`."""
    yield HEAD
    long = []
    for sample in samples.values():
        whole = figures(sample, replay(sample, models=models(sample)))
        measured[sample.name] = whole.macro_f1
        if sample.name.startswith("long: "):
            long.append(whole)
        yield _row(sample, whole)
    if long:
        measured[NINE] = sum(one.f1 for one in long) / len(long)
        low, high = interval([one.f1 for one in long])
        forgiven = sum(one.forgiven for one in long) / len(long)
        found, every = (
            sum(column) for column in zip(*((f.developments_found, f.developments_total) for f in long), strict=True)
        )
        yield (
            f"| {NINE} | | {len(long)} | {sum(one.precision for one in long) / len(long):.3f} "
            f"| {sum(one.recall for one in long) / len(long):.3f} | | {measured[NINE]:.3f} [{low:.2f}, {high:.2f}] "
            f"| {forgiven:.3f} | {found}/{every} |"
        )


def _row(sample: Sample, whole: Figures) -> str:
    found = f"{whole.developments_found}/{whole.developments_total}" if whole.developments_total else ""
    return (
        f"| {whole.name} | {len(sample.entries)} | {len(sample.stories)} | {whole.precision:.3f} | {whole.recall:.3f} "
        f"| {whole.f1:.3f} | {whole.macro_f1:.3f} [{whole.low:.2f}, {whole.high:.2f}] "
        f"| {whole.forgiven:.3f} | {found} |"
    )


def below(measured: dict[str, float]) -> list[str]:
    """The sets that fell below their floors."""
    floors = [line.split("\t") for line in FLOORS.read_text("utf-8").splitlines() if not line.startswith("#")]
    return [
        f"{name}: {measured[name]:.3f} is below the floor of {floor}"
        for name, floor in floors
        if name in measured and measured[name] < float(floor)
    ]


def ablations(samples: dict[str, Sample]) -> Iterator[str]:
    """Mean F1 by story when one signal is taken away."""
    chosen = [samples[name] for name in ABLATED if name in samples]
    if not chosen:
        return
    yield "| without | " + " | ".join(sample.name for sample in chosen) + " |"
    yield "|---|" + "---|" * len(chosen)
    for name, grows, change, group in _changes():
        values = [figures(sample, replay(sample, grows, change, models(sample, group))).macro_f1 for sample in chosen]
        yield f"| {name} | " + " | ".join(f"{value:.3f}" for value in values) + " |"


def _changes() -> list[tuple[str, bool, Callable[[relevance.Profile], relevance.Profile], str]]:
    def same(made: relevance.Profile) -> relevance.Profile:
        return made

    def titled(made: relevance.Profile) -> relevance.Profile:
        story = made.story
        return relevance.profile(replace(story, seed=replace(story.seed, text="", cited=())))

    return [
        ("nothing", True, same, ""),
        ("growth", False, same, ""),
        ("roles (who, counterpart, people)", True, lambda made: replace(made, roles=False), ""),
        ("measures of words", True, same, "words"),
        ("measures of names", True, same, "names"),
        ("measures of acts", True, same, "acts"),
        ("what speaks against", True, same, "against"),
        ("age and pace", True, same, "time"),
        ("the seed's body", False, titled, ""),
    ]


def drift(sample: Sample) -> Iterator[str]:
    """Precision on the second half of the own story, with and without 200 neighbouring headlines between the halves."""
    middle = sample.entries[len(sample.entries) // 2][1]
    before = [pair for pair in sample.entries if pair[1] < middle]
    after = [pair for pair in sample.entries if pair[1] >= middle]
    known = {entry.title for entry, _ in sample.entries}
    near = relevance.Matcher([relevance.profile(sample.stories[0])])
    stream = quality_sets.headlines("haystack.entries.jsonl")
    ranked = sorted(
        ((match.score.value, entry.id, entry) for entry, at in stream for match in near.score(entry, at)),
        key=lambda found: (-found[0], found[1]),
    )
    beside = [entry for _, _, entry in ranked] + [entry for entry, _ in stream if _NEAR.search(entry.title)]
    fresh = {entry.title: entry for entry in beside if entry.title not in known}
    neighbours = [(entry, middle) for entry in fresh.values()][:200]
    calm = replace(sample, entries=tuple(before + after))
    stirred = replace(sample, entries=tuple(before + neighbours + after))
    late = {entry.id for entry, _ in after}
    for name, stream_ in (("without", calm), ("with", stirred)):
        accepted = [pair for pair in replay(stream_).accepted if pair[1] in late]
        right = sum(pair in sample.yes for pair in accepted)
        taken = sum(pair[1] in {entry.id for entry, _ in neighbours} for pair in replay(stream_).accepted)
        yield (
            f"- {name} {len(neighbours)} neighbouring headlines: precision {right / max(1, len(accepted)):.3f}, "
            f"{right} of {sum(1 for story, entry in sample.yes if entry in late)} follow-ups found, "
            f"{taken} neighbours accepted"
        )


def cost(samples: dict[str, Sample]) -> Iterator[str]:
    """Microseconds an entry with one story and with a thousand, start-up and memory."""
    stream = quality_sets.headlines("haystack.entries.jsonl")[:1500]
    one = relevance.Matcher([relevance.profile(Story("nk", "", quality_sets.summary()))])
    articles = [entry for name in ("AllSides", "BASIL") if name in samples for entry, _ in samples[name].entries][:1000]
    stories = [Story(f"s{n}", e.title, Article(e.title, e.text)) for n, e in enumerate(articles)]
    many = relevance.Matcher([relevance.profile(story) for story in stories])
    for name, matcher in (("one story", one), (f"{len(stories)} stories", many)):
        best = min(_spent(matcher, stream) for _ in range(ROUNDS))
        yield f"- {best / len(stream) * 1e6:.0f} us of processor time a headline with {name} (best of {ROUNDS})"
    probe = (
        "import re, time, pathlib; t = time.perf_counter(); from bench import quality_sets as q\n"
        "from monitor.core import relevance\n"
        "from monitor.model import Story; m = relevance.Matcher([relevance.profile(Story('nk', '', q.summary()))])\n"
        "e, at = q.languages().entries[0]; m.score(e, at)\n"
        "peak = re.search(r'VmHWM:\\s+(\\d+)', pathlib.Path('/proc/self/status').read_text()).group(1)\n"
        "print(f'{time.perf_counter() - t:.2f} s, {int(peak) / 1024:.0f} MiB')"
    )
    told = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, cwd=quality_sets.ROOT, check=True
    )
    yield f"- start-up to the first score, as a process of its own: {told.stdout.strip()}"


def _spent(matcher: relevance.Matcher, stream: list[tuple[Entry, datetime]]) -> float:
    start = time.process_time()
    for entry, at in stream:
        matcher.score(entry, at)
    return time.process_time() - start


def changes(measured: dict[str, float]) -> Iterator[str]:
    """What has changed since the commit before; this commit's row is put into docs/quality/history.tsv."""
    commit = _git("rev-parse", "--short", "HEAD") + ("+" if _git("status", "--porcelain", "--", "monitor") else "")
    lines = HISTORY.read_text("utf-8").splitlines() if HISTORY.exists() else []
    old = [line.split("\t") for line in lines if not line.startswith(("#", f"{commit}\t", f"{commit.rstrip('+')}+\t"))]
    before = {name: float(value) for seen, name, value in old if old and seen == old[-1][0]}
    rows = [*old, *([commit, name, f"{value:.3f}"] for name, value in measured.items())]
    HISTORY.write_text(
        "# commit (+: with changes), set, mean F1\n" + "".join("\t".join(row) + "\n" for row in rows), "utf-8"
    )
    moved = {
        name: value - before[name] for name, value in measured.items() if abs(value - before.get(name, value)) > 5e-4
    }
    yield f"- {commit} against {old[-1][0] if old else 'nothing'}: " + (
        ", ".join(f"{name} {change:+.3f}" for name, change in moved.items()) or "no set has changed"
    )


def _git(*arguments: str) -> str:
    told = subprocess.run(["git", *arguments], capture_output=True, text=True, cwd=quality_sets.ROOT, check=False)
    return told.stdout.strip()


def main() -> None:
    """Measure, print, and write the page; where data is absent the page stays, or rows would seem to have vanished."""
    samples: dict[str, Sample] = {}
    absent = False
    for name, load in LOADERS:
        try:
            samples[name] = load()
        except FileNotFoundError as error:
            absent = True
            print(f"skipped {name}: no {error.filename}")
    measured: dict[str, float] = {}
    sections: list[tuple[str, Iterator[str]]] = [
        ("All sets, default settings", table(samples, measured)),
        ("What each signal is worth (mean F1 by story)", ablations(samples)),
    ]
    if "own story" in samples and "haystack" in samples:
        sections += [
            ("Drift", drift(samples["own story"])),
            ("New or told already, given that every follow-up is found (`bench/novelty.py`)", novelty.table()),
            ("An editor's sheets, relevance and novelty together", quality_sheets.table()),
            ("An open stream: what watches accept that cannot be theirs", quality_open.table()),
            ("Cost", cost(samples)),
        ]
    if not absent:
        sections.append(("Since the last commit that was measured", changes(measured)))
    lines = ["# Relevance, measured", "", "Written by `make quality`; what the columns mean: ../how-it-decides.md."]
    for title, rows in sections:
        lines += ["", f"## {title}", ""]
        print(f"\n{title}")
        for row in rows:
            lines.append(row)
            print(row, flush=True)
    if absent:
        print(f"\n{TARGET.name} was left as it is: sets are missing")
    else:
        TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if fallen := below(measured):
        sys.exit("\n".join(fallen))


if __name__ == "__main__":
    main()
