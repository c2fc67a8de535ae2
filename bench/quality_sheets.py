"""Invented stories of other kinds as an editor's sheets: every headline is to be told, folded or left alone.

They were written by somebody who had not read the code (tests/stories/sheets/README.md). Half of them is open to
develop on; of the kept half only totals are printed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from bench.quality_sets import ROOT, Sample, instant
from monitor.core.documents import seed
from monitor.model import Entry, Story

SHEETS = ROOT / "tests/stories/sheets"


def available() -> list[tuple[str, Callable[[], Sample]]]:
    """Both halves, each as one stream."""
    return [(f"sheets, {half}", partial(sample, half)) for half in ("open", "kept")]


def sample(half: str) -> Sample:
    """All stories of a half with all their headlines in one stream."""
    stories, entries, yes, developments = [], [], set(), {}
    for path in sorted((SHEETS / half).glob("*.jsonl")):
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
        f"sheets, {half}", tuple(stories), tuple(sorted(entries, key=lambda pair: (pair[1], pair[0].id))),
        frozenset(yes), developments=developments,
    )  # fmt: skip
