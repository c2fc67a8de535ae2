"""Headlines in eight languages, written for this set: reports on the story are found, its neighbours are not."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.core import relevance
from monitor.model import Article, Entry, Story

AT = datetime(2025, 11, 4, tzinfo=UTC)
SEED = Article(
    "North Korea picks soldiers instead of workers for occupied Ukraine",
    "North Korea had promised Russia workers for occupied Ukraine, but they never left. North Korea now selects "
    "soldiers and police, to be sent by firms in Russia. The soldiers and workers would rebuild roads in Ukraine.",
    published_at=datetime(2023, 2, 3, tzinfo=UTC),
)
LINES = Path(__file__).with_name("headlines.tsv").read_text("utf-8").splitlines()
ROWS = [line.split("\t") for line in LINES if not line.startswith("#")]
LANGUAGES = sorted({row[0] for row in ROWS})


def test_the_set_is_balanced() -> None:
    assert len(ROWS) >= 120
    assert all(count >= 6 for count in Counter((row[0], row[1]) for row in ROWS).values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_headlines_are_told_apart(language: str) -> None:
    matcher = relevance.Matcher([relevance.profile(Story("nk", "North Koreans for occupied Ukraine", SEED))])
    wrong, missed = [], []
    for _, label, title in (row for row in ROWS if row[0] == language):
        found = any(match.score.follow_up for match in matcher.score(Entry(title=title, language=language), AT))
        if found and label == "no":
            wrong.append(title)
        if not found and label == "yes":
            missed.append(title)
    assert not wrong
    assert len(missed) <= 1, missed
