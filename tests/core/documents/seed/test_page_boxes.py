"""Whose an element of a page is, and that a page of nested elements is not read once for each."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import lxml.html
import pytest

import monitor
from monitor import data
from monitor.core.documents import article_links
from monitor.core.documents.seed import page_boxes, page_head

NOW = datetime(2026, 6, 3, tzinfo=UTC)
HEADLINE = "Cracks force thousands from their homes"
OTHER = "<h3>Four held after a chase through Marlow</h3>"


def page(around: str) -> Any:
    """A page whose heading stands before what is around it."""
    return lxml.html.document_fromstring(f"<html><body><main><h1>{HEADLINE}</h1></main>{around}</body></html>")


@pytest.mark.parametrize(
    ("box", "held"),
    [
        (f"<div>{OTHER}<time>2 May 2026</time></div>", True),
        ("<aside><p>An aside <time>2 May 2026</time></p></aside>", True),
        ("<p>Written on a windy evening, <time>2 May 2026</time></p>", False),
        (f"<div>{OTHER}{'<p>words </p>' * 150}<time>2 May 2026</time></div>", False),
        (f"<div>{OTHER}<time>2 May 2026</time>{'<i></i>' * 500}</div>", False),
    ],
)  # fmt: skip
def test_what_stands_with_another_headline_in_a_small_box_is_another_s(box: str, held: bool) -> None:
    tree = page(box)
    boxes = page_boxes.Boxes(tree.xpath("//h1"))
    assert boxes.hold(next(tree.iter("time"))) is held


def test_each_element_is_judged_once_however_many_dates_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[Any] = []
    plain = article_links.is_furniture

    def counted(node: Any, *, article: bool) -> bool:
        judged.append(node)
        return plain(node, article=article)

    monkeypatch.setattr(article_links, "is_furniture", counted)
    read: list[Any] = []
    monkeypatch.setattr(page_boxes, "_chars", lambda node, most: read.append(node) or 0)
    depth, times = 60, 400
    page_head.read(page("<div>" * depth + "<time datetime='x'></time>" * times), "https://tidings.example/x", NOW)
    assert 0 < len(judged) <= depth + 2
    # However deep they stand, the dates that are tried look at so many levels.
    assert len(read) <= 2 * page_boxes.BOX_LEVELS_MAX * 12 * len(list(data.rows("page_days.tsv")))


def test_a_box_without_words_is_looked_through_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    plain = page_boxes.islice

    def counted(found: Any, most: int) -> Any:
        for each in plain(found, most):
            seen.append(each)
            yield each

    monkeypatch.setattr(page_boxes, "islice", counted)
    tree = page("<div>" + "<i></i>" * 10_000 + "<time datetime='x'></time></div>")
    assert not page_boxes.Boxes(tree.xpath("//h1")).hold(next(tree.iter("time")))
    assert len(seen) <= 3 * page_boxes.BOX_ELEMENTS_MAX


def test_no_path_descends_from_what_it_descended_to() -> None:
    """`//article//time` asks each of n nested articles for all that it holds; `//time[ancestor::article]` goes once."""
    paths = [path for _, path in data.rows("page_days.tsv")]
    core = Path(monitor.__file__).parent / "core"
    for file in core.rglob("*.py"):
        paths += re.findall(r"""xpath\(\s*f?["']([^\n]+?)["']\s*[,)]""", file.read_text("utf-8"))
    assert len(paths) > 30
    # A page has one body.
    branches = [branch.replace("//body//", "//") for path in paths for branch in re.split(r"\s*\|\s*", path)]
    assert [branch for branch in branches if branch.count("//") > 1] == []
