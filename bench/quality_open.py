"""False alerts of an open stream: forty watches whose stories cannot be in it, over every headline of other months.

`python -m bench.quality_open` prints them. The watches are the invented stories and events of 2021; the stream is one
week of all news and ten months thinned to 1 in 40, so that whatever a watch accepts is wrong.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from bench import quality_long, quality_sets, quality_sheets, quality_written
from bench.quality_measure import replay
from bench.quality_sets import Sample
from monitor.core.relevance.calibration import Models
from monitor.model import Entry, Story

WATCHES = 40


def sample() -> Sample:
    """Forty stories, begun a day before the stream, and the stream."""
    stream = sorted(
        (*quality_long.background(), *quality_sets.headlines("haystack.entries.jsonl")),
        key=lambda pair: (pair[1], pair[0].id),
    )
    known = {entry.id: (entry, at) for entry, at in stream}
    began = stream[0][1] - timedelta(days=1)
    stories: list[Story] = [*quality_sheets.sample("open").stories]
    for half in quality_written.HALVES:
        stories += quality_written.other_stories("", half).stories
    allsides = quality_sets.articles("AllSides", "allsides.jsonl").stories
    step = len(allsides) // (WATCHES - len(stories))
    stories += allsides[::step][: WATCHES - len(stories)]
    dated = tuple(replace(story, seed=replace(story.seed, published_at=began)) for story in stories)
    return Sample("open stream", dated, tuple(known.values()), frozenset(), source=quality_long.host_of)


def table(models: Mapping[str, Models] | None = None) -> Iterator[str]:
    """The rate, and the watches that accepted most."""
    chosen = sample()
    done = replay(chosen, models=models)
    titles = {entry.id: entry.title for entry, _ in chosen.entries}
    number = len(chosen.entries)
    rate = len(done.accepted) / len(chosen.stories) / number * 10_000
    accepted = f"{len(done.accepted)} of {number} headlines over {len(chosen.stories)} watches"
    yield f"- {accepted}: {rate:.2f} per 10,000 and watch"
    for story, times in Counter(story for story, _ in done.accepted).most_common(5):
        example = next(titles[entry] for name, entry in done.accepted if name == story)
        yield f"- {story}: {times}, as “{example[:80]}”"
    yield _abroad()


def _abroad() -> str:
    """How many ordinary headlines of nine countries, eighty each, the sheets in their languages take."""
    wrong = every = 0
    for part in ("abroad", "abroad-kept"):
        whole = quality_sheets.sample(part)
        for story in whole.stories:
            lines = (quality_sheets.SHEETS / f"ordinary/{story.id}.jsonl").read_text("utf-8").splitlines()
            mine = [(entry, at) for entry, at in whole.entries if entry.id.startswith(f"{story.id}-")]
            began, step = mine[0][1], (mine[-1][1] - mine[0][1]) / len(lines)
            others = [
                (Entry(id=f"{number}", title=row["title"], summary=row["text"]), began + number * step)
                for number, row in enumerate(map(json.loads, lines))
            ]
            stream = sorted((*mine, *others), key=lambda pair: (pair[1], pair[0].id))
            done = replay(replace(whole, stories=(story,), entries=tuple(stream)))
            wrong += sum(entry.isdigit() for _, entry in done.accepted)
            every += len(lines)
    return f"- {wrong} of {every} ordinary headlines in nine languages, each beside the story of its language"


def main() -> None:
    """Print the table."""
    for line in table():
        print(line)


if __name__ == "__main__":
    main()
