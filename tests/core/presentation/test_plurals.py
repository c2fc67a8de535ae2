"""Of one thing there is one: "1 source", never "1 sources", on whatever page, in whatever mail and verb."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import monitor
from monitor.cli import output
from monitor.core.decisions import alerts, periodic
from monitor.core.delivery import routing
from monitor.core.delivery.messages import words
from monitor.core.delivery.messages.digest import Coverage
from monitor.core.presentation import receipt
from monitor.core.text import counted
from monitor.model import Alert, Article, Report, Source, SourceStatus, Story

ROOT = Path(monitor.__file__).parent
NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
SOURCES = {name: Source(name, name, f"https://{name}.example/feed") for name in ("herald", "post", "radio")}
STORY = Story("dam", "Dam", Article("Dam breaks", "The dam broke."))
# What is counted; a word that follows "1" in one of these forms is wrong.
NOUNS = (
    "alerts|articles|attempts|changes|channels|copies|days|deliveries|developments|entries|failures|feeds|follow-ups"
    "|hours|items|lines|messages|minutes|origins|outlets|recipients|reports|sources|stories|times|tries|versions"
    "|visits|words"
)
ONE_OF_MANY = re.compile(rf"\b(?:1|one) (?:[a-z]+ )?(?:{NOUNS}|are|were|belong)\b")
BEFORE_NOUN = re.compile(rf" (?:[a-z]+ )?(?:{NOUNS})\b")
# Numbers that are never one, and why.
MANY = {
    "days": "two at least (moments.length), or the key of a term, which is compared",
    "(now - moved_at).days": "a week at least",
    "FAILING_MAX.days": "a constant", "ALERTS_MAX": "a constant", "WORDS_MIN": "a constant",
    "OUTLINES_MAX": "a constant", "KILLS_MAX": "a constant", "HEADERS_MAX": "a constant", "INTERIM_MAX": "a constant",
    "unknown": "three at least", "read + feed.entries_cut": "a document that was cut", "len(sightings)": "two at least",
    "sources": "where one is said otherwise", "len(names) - most + 1": "two at least",
}  # fmt: skip


def said(number: int) -> Iterator[str]:
    """What is said of so many, wherever it is composed."""
    named = list(SOURCES)[:number]
    for failing in range(number + 1):
        parts = tuple((name, name, number) for name in ("new", "near", "same", "other"))
        shown = receipt.Receipt(NOW, NOW, parts=parts, entries=number)
        yield receipt.silence(shown, number, failing, "at 9:00")
        statuses = [
            SourceStatus(name, baseline_at=None if place < failing else NOW) for place, name in enumerate(named)
        ]
        yield from periodic.baseline(STORY, statuses, SOURCES, (), (), NOW).notes
    for notice, error in (("trouble", "timeout"), ("trouble", "internal"), ("review", None)):
        status = SourceStatus("herald", error=error, failures=number, detail="no answer", failing_since=NOW)
        yield alerts.of_source(SOURCES["herald"], status, notice, NOW).summary
    single = Alert(
        id="a", kind="story.development", at=NOW, title="Dam breaks", story_id="dam", article_source="herald"
    )
    burst = [replace(single, id=f"a{place}") for place in range(routing.SINGLES_MAX + number)]
    yield from (alert.title for alert in routing.cap(burst))
    told = tuple(Report(name, "", "") for name in named)
    yield words.coverage_line(replace(single, also_reported_by=told, origins=number))
    yield " ".join(Coverage(tuple(named), (), ()).lines())
    yield counted(number, "outlet")
    yield output.count(number, "story")


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_what_is_counted_agrees_with_its_number(number: int) -> None:
    for sentence in said(number):
        assert not ONE_OF_MANY.search(sentence), sentence
        assert not re.search(r"\b(?:[02-9]) (?:alert|day|entry|outlet|source|story|visit|failure)\b", sentence), (
            sentence
        )


def test_numbers_before_nouns_go_through_what_counts() -> None:
    """A number written into a sentence before a noun in the plural is one of those that cannot be one."""
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for value, text in (
                zip(node.values, node.values[1:], strict=False) if isinstance(node, ast.JoinedStr) else ()
            ):
                if isinstance(value, ast.FormattedValue) and isinstance(text, ast.Constant):
                    number = ast.unparse(value.value)
                    if BEFORE_NOUN.match(str(text.value)) and number not in MANY:
                        found.append(f"{path.relative_to(ROOT)}:{node.lineno}: {number}{text.value!r}")
    assert not found
    for path in sorted(ROOT.rglob("*.html")):
        assert not re.search(rf"\}}\}} (?:{NOUNS})\b", path.read_text("utf-8")), path
