"""Invented stories of other kinds as an editor's sheets: every headline is to be told, folded or left alone.

Twelve were written by somebody who had not read the code (tests/stories/sheets/README.md): half of them is open to
develop on, of the kept half only totals are printed. Seven later ones, four fresh ones, four of nine in other languages
and eight of sixteen whose lines have first sentences may be developed on.
`python -m bench.quality_sheets` prints what relevance and novelty together make of them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

from bench.quality_measure import replay
from bench.quality_sets import ROOT, Sample, instant
from monitor.core.documents import seed
from monitor.core.novelty import verdict
from monitor.model import Entry, Source, Story, StoryReport, StoryState

SHEETS = ROOT / "tests/stories/sheets"
PARTS = ("open", "later", "fresh", "kept", "abroad", "abroad-kept", "briefs", "briefs-kept")


def available() -> list[tuple[str, Callable[[], Sample]]]:
    """Each part as one stream."""
    return [(f"sheets, {part}", partial(sample, part)) for part in PARTS]


def sample(part: str) -> Sample:
    """All stories of a part with all their headlines in one stream."""
    stories, entries, yes, developments = [], [], set(), {}
    for path in sorted((SHEETS / part).glob("*.jsonl")):
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        article, name = seed.read(lines[0]["seed"]), path.stem.removeprefix("story-")
        stories.append(Story(name, article.title, article))
        for number, row in enumerate(lines[1:]):
            at = instant(row["at"])
            assert at is not None
            key = f"{name}-{number}"
            entries.append((Entry(id=key, title=row["title"], summary=row["text"], published_at=at), at))
            if row["expected"] != "leave":
                yes.add((name, key))
                developments[key] = row["development"]
    return Sample(
        f"sheets, {part}", tuple(stories), tuple(sorted(entries, key=lambda pair: (pair[1], pair[0].id))),
        frozenset(yes), developments=developments,
    )  # fmt: skip


def joined(part: str) -> tuple[Counter[tuple[str, str]], Counter[int]]:
    """What relevance and novelty together make of the lines that an editor wants told, folded or left.

    How many lines came out how; and how many developments were told how often, by whichever of their reports.
    """
    chosen = sample(part)
    done, stories = replay(chosen), {story.id: story for story in chosen.stories}
    members: dict[str, tuple[StoryReport, ...]] = dict.fromkeys(stories, ())
    entries = {entry.id: (entry, at) for entry, at in chosen.entries}
    rows = {
        (name, f"{name}-{number}"): json.loads(line)
        for path in sorted((SHEETS / part).glob("*.jsonl"))
        for name in [path.stem.removeprefix("story-")]
        for number, line in enumerate(path.read_text("utf-8").splitlines()[1:])
    }
    told = {f"{name} {row['development']}" for (name, _), row in rows.items() if row["expected"] == "tell"}
    times = dict.fromkeys(told, 0)
    got: dict[tuple[str, str], str] = {}
    for pair in [pair for pair in done.accepted if pair in rows]:  # in the order in which they were taken
        (name, key), row, (entry, at) = pair, rows[pair], entries[pair[1]]
        found = verdict.compare(
            entry, key, Source(row["source"], row["source"], ""), at, name, StoryState(name, members[name]),
            seed=stories[name].seed,
        )  # fmt: skip
        got[pair] = "tell" if found.verdict == "development" else "fold"
        member = StoryReport(
            key, row["source"], row["source"], found.development, found.verdict, at, entry.title, entry.summary, "",
            found.origin,
        )  # fmt: skip
        members[name] += (member,)
        if got[pair] == "tell" and (step := f"{name} {row['development']}") in times:
            times[step] += 1
    counts = Counter((row["expected"], got.get(pair, "leave")) for pair, row in rows.items())
    return counts, Counter(times.values())


def table() -> Iterator[str]:
    """A row a part: how many lines come out as the editor says, and what becomes of those that do not.

    A development that is missed at first and told by its second report is two lines wrong, and told once.
    """
    yield (
        "| sheets | lines | as the editor says | tell: told, folded, left | fold | leave "
        "| developments told: once, again, never |"
    )
    yield "|---|---|---|---|---|---|---|"
    for part in PARTS:
        counts, times = joined(part)
        right = sum(number for (wanted, got), number in counts.items() if wanted == got)
        cells = (
            ", ".join(str(counts[wanted, got]) for got in ("tell", "fold", "leave"))
            for wanted in ("tell", "fold", "leave")
        )
        lines = counts.total()
        often = f"{times[1]}, {times.total() - times[0] - times[1]}, {times[0]}"
        yield f"| {part} | {lines} | {right / lines:.3f} | " + " | ".join((*cells, often)) + " |"


if __name__ == "__main__":
    print("\n".join(table()))
