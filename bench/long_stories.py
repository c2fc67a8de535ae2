"""Stories labelled headline by headline: the nine long ones, months each, with the seed that a user would have given.

A step named `recap-*`, `opinion-*` or `explainer-*` holds no news: its rows are told or not, and count nowhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from monitor.core.documents import seed
from monitor.model import Article

FOLDER = Path(__file__).resolve().parents[1] / "../shared/data/topic/long"
SHEETS = Path(__file__).resolve().parents[1] / "tests/stories/sheets"
OF_SEED = "seed"  # the development of what only retells the seed
ASIDE = ("recap-", "opinion-", "explainer-")


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled headline."""

    entry: str
    at: datetime
    source: str
    title: str
    label: str
    development: str
    text: str = ""

    @property
    def aside(self) -> bool:
        """Whether it holds no news."""
        return self.development.startswith(ASIDE)


@dataclass(frozen=True, slots=True)
class LongStory:
    """A story: its seed, its rows in time order, and what the seed tells where rows are known to retell it."""

    id: str
    seed: Article
    rows: tuple[Row, ...]
    told: Row | None = None

    def follow_ups(self) -> Iterator[Row]:
        """The rows that the reader took for follow-ups."""
        return (row for row in self.rows if row.label == "followup")


@cache
def stories() -> tuple[LongStory, ...]:
    """All of them, by name."""
    return tuple(_story(folder) for folder in sorted(FOLDER.iterdir()) if folder.is_dir())


@cache
def own_story() -> LongStory:
    """The product's own story: months of headlines on North Koreans for Ukraine, labelled by two readers."""
    topic = FOLDER.parent
    entries = {row["id"]: row for row in _lines(topic / "nk_stream.entries.jsonl")}
    labels = [row for row in _lines(topic / "nk_stream.labels.jsonl") if row["follow_up"]]
    rows = sorted(
        (
            Row(
                row["entry"], datetime.fromisoformat(entries[row["entry"]]["at"]), entries[row["entry"]]["source"],
                entries[row["entry"]]["title"], "followup", row["development"],
            )
            for row in labels
        ),
        key=lambda row: row.at,
    )  # fmt: skip
    return LongStory("own", seed.read((topic / "../../seed/article.txt").read_bytes()), tuple(rows))


@cache
def sheets(part: str) -> tuple[LongStory, ...]:
    """The invented stories of one part of an editor's sheets: what is to be told or folded."""
    found = []
    for path in sorted((SHEETS / part).glob("*.jsonl")):
        first, *rest = _lines(path)
        rows = tuple(
            Row(
                f"{path.stem} {number}", datetime.fromisoformat(row["at"]), row["source"], row["title"], "followup",
                row["development"], row["text"],
            )
            for number, row in enumerate(rest) if row["expected"] != "leave"
        )  # fmt: skip
        article = seed.read(first["seed"])
        assert article.published_at is not None
        told = Row(f"{path.stem} seed", article.published_at, "", article.title, "followup", OF_SEED)
        found.append(LongStory(path.stem, article, rows, told))
    return tuple(found)


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _story(folder: Path) -> LongStory:
    found = _lines(folder / "labels.jsonl")
    rows = sorted(
        (
            Row(
                row["entry"], datetime.fromisoformat(row["at"]), row["source"], row["title"], row["label"],
                row["development"] or "",
            )
            for row in found
        ),
        key=lambda row: row.at,
    )  # fmt: skip
    article = seed.read((folder / "seed.txt").read_bytes())
    return LongStory(folder.name, article, tuple(rows))
