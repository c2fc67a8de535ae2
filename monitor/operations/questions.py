"""What may be asked of a watch, read-only: one table that the HTTP API, its description and `monitor mcp` share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor import data
from monitor.core import json_views
from monitor.core.times import from_text, to_text_or_none
from monitor.errors import NotFound, UsageError
from monitor.model import Source, StoryCounts
from monitor.operations import reports, searching
from monitor.operations.searching import Search
from monitor.pipeline import Watchlist
from monitor.ports import Store

# Rows of one answer: what a client that asks for all may cost. Set here; a page of each list is smaller.
LIMIT_MAX = 500


@dataclass(frozen=True, slots=True)
class Context:
    """What questions are put to."""

    store: Store
    watchlist: Watchlist
    sources: Mapping[str, Source]
    now: datetime


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a question; `kind` is a type of JSON Schema."""

    name: str
    about: str
    kind: str = "string"
    required: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question: its name, its path under /api/v1 (parameters in braces stand there), and what answers it."""

    name: str
    path: str
    about: str
    parameters: tuple[Parameter, ...]
    answer: Callable[[Context, Mapping[str, Any]], Any]


def ask(question: Question, context: Context, given: Mapping[str, Any]) -> Any:
    """The answer, as JSON can hold it; UsageError for a parameter that is missing or cannot be read."""
    known = {each.name for each in question.parameters}
    for name in given:
        if name not in known:
            raise UsageError(f"{question.name} has no parameter {name!r}; it has {', '.join(sorted(known)) or 'none'}")
    for each in question.parameters:
        if each.required and not given.get(each.name):
            raise UsageError(f"{question.name} needs {each.name}")
    return question.answer(context, given)


def _stories(context: Context, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    counts = context.store.story_counts()
    rows = [(story, counts.get(story.id, StoryCounts())) for story in context.watchlist.stories]
    return [
        {
            "id": story.id, "title": story.title, "paused": story.paused, "threshold": story.threshold,
            "sources": list(story.source_ids), "reports": count.reports, "alerts": count.alerts,
            "last_development_at": to_text_or_none(count.moved_at), "last_alert_at": to_text_or_none(count.told_at),
        }
        for story, count in rows
    ]  # fmt: skip


def _alerts(context: Context, given: Mapping[str, Any]) -> list[Any]:
    story = str(given["story"]) if given.get("story") else None
    return reports.alerts(context.store, _instant(given, "since"), story, _limit(given))


def _near(context: Context, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    story = [_known(context, given)] if given.get("story") else [story.id for story in context.watchlist.stories]
    made = context.store.near_misses(story, 1.0, _instant(given, "since"), _limit(given))
    return [json_views.decision(each) | {"nearness": each.score.nearness} for each in made]


def _search(context: Context, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    looked_for = Search(
        text=str(given.get("text") or ""), story=str(given.get("story") or ""), source=str(given.get("source") or ""),
        decision=str(given.get("decision") or ""), since=_instant(given, "since"), until=_instant(given, "until"),
        page=_number(given, "page", 1),
    )  # fmt: skip
    return searching.shapes(searching.search(context.store, looked_for, _limit(given, searching.PAGE)))


ANSWERS: dict[str, Callable[[Context, Mapping[str, Any]], Any]] = {
    "stories": _stories,
    "timeline": lambda asked, given: reports.timeline(asked.store, _known(asked, given), limit=_limit(given)),
    "claims": lambda asked, given: reports.ledger(asked.store, asked.watchlist, _known(asked, given), asked.now),
    "alerts": _alerts,
    "alert": lambda asked, given: reports.alert(asked.store, str(given["alert"])),
    "near_misses": _near,
    "search": _search,
    "explain": lambda asked, given: reports.explain(
        asked.store, asked.watchlist.stories, str(given["entry"]), lambda: asked.watchlist
    ),
    "sources": lambda asked, given: reports.sources(asked.store, asked.sources),
}


def _parameters(question: str) -> tuple[Parameter, ...]:
    rows = (row[2:] for row in data.rows("questions.tsv") if row[:2] == ("parameter", question))
    return tuple(
        Parameter(name, about.format(limit_max=LIMIT_MAX), kind, needed == "needed")
        for name, kind, needed, about in rows
    )


QUESTIONS = tuple(
    Question(name, path, about, _parameters(name), ANSWERS[name])
    for name, path, about in (row[1:] for row in data.rows("questions.tsv") if row[0] == "question")
)


def _known(context: Context, given: Mapping[str, Any]) -> str:
    name = str(given["story"])
    if name not in {story.id for story in context.watchlist.stories}:
        raise NotFound(f"no story has the id {name!r}")
    return name


def _instant(given: Mapping[str, Any], name: str) -> datetime | None:
    text = str(given.get(name) or "")
    try:
        return from_text(text) if text else None
    except ValueError as error:
        raise UsageError(f"{name}: write an instant such as 2026-06-01T12:00:00Z") from error


def _number(given: Mapping[str, Any], name: str, default: int) -> int:
    text = str(given.get(name) or default)
    if not text.isdecimal() or len(text) > 6 or int(text) < 1:
        raise UsageError(f"{name}: write a number from 1 on")
    return int(text)


def _limit(given: Mapping[str, Any], default: int = 100) -> int:
    return min(_number(given, "limit", default), LIMIT_MAX)
