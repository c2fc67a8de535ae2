"""Walls in the styles of many publishers, and articles that only look like one (`walls.tsv`)."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.core.documents import pages

AT = datetime(2025, 11, 6, tzinfo=UTC)
LEDE = (
    "The bridge near Altdorf was closed on Tuesday after inspectors found cracks in its northern pier, the canton said "
    "in a short statement to the press."
)
DAYS = " ".join(
    f"On day {day} a team of builders looked at the pier and wrote down what it saw, before the winter set in and the "
    "road had to be cleared of snow."
    for day in range(1, 12)
)
ARTICLE = f"<article><h1>Bridge closed</h1><p>{LEDE}</p><p>{DAYS}</p></article>"
WALLS = Path(__file__).with_name("walls.tsv").read_text("utf-8").splitlines()[1:]


@pytest.mark.parametrize("row", WALLS)
def test_a_page_has_the_state_that_a_reader_sees(row: str) -> None:
    state, title, body, head = row.replace("{LEDE}", LEDE).replace("{ARTICLE}", ARTICLE).split("\t")
    page = f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    assert pages.extract(page.encode(), "https://news.example.org/a", "text/html; charset=utf-8", AT).state == state
