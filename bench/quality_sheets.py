"""Invented stories of other kinds as an editor's sheets: every headline is to be told, folded or left alone.

Twelve were written by somebody who had not read the code (tests/stories/sheets/README.md): half of them is open to
develop on, of the kept half only totals are printed. Seven later ones were written to develop on.
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
    """Each part as one stream."""
    return [(f"sheets, {part}", partial(sample, part)) for part in ("open", "later", "kept")]


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
