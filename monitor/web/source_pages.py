"""Sources: whether each can be read, its rhythm, its gaps, and what to do; and the page of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.app.build import App
from monitor.core.presentation import phrases, plot, receipt
from monitor.model import Gap, Hit, KnownEntry, Query, Source, SourceStatus
from monitor.operations import setup
from monitor.web.drawing import read, render
from monitor.web.guard import app_of
from monitor.web.today_page import instant_of

SPARK_DAYS = 14  # days drawn of each source (design of the pages)
GAPS_MAX = 20  # gaps listed, the newest (set)
ENTRIES_MAX = 30  # entries listed, the newest (set)


@dataclass(frozen=True, slots=True)
class Line:
    """A source as the page shows it."""

    source: Source
    status: SourceStatus
    state: str
    words: str
    spark: Markup
    rhythm: str
    stories: list[tuple[str, str]]

    @property
    def stopped(self) -> bool:
        """Whether it is not visited until somebody says so."""
        return self.status.paused or self.status.state in ("gone", "review")


async def sources(request: Request) -> Response:
    """Every source, what could not be read when, and who is not covered."""
    app = app_of(request)
    return await render(request, "sources.html", here="Sources", **await read(_values, app))


async def source(request: Request) -> Response:
    """One source: its entries, days and gaps."""
    app = app_of(request)
    name = request.path_params["source"]
    if name not in app.sources:
        raise HTTPException(404, "There is no such source here")
    before = instant_of(request.query_params.get("before", ""))
    return await render(request, "source.html", here="Sources", **await read(_one, app, name, before))


def _values(app: App) -> dict[str, Any]:
    now = app.pipeline.clock.now()
    found = sorted(lines(app, now), key=lambda line: not line.words or line.status.paused)  # what needs somebody first
    bare = {line.source.id for line in found if not line.stories}
    cited = {story.title: setup.coverage(story, app.sources)["not_covered"] for story in app.pipeline.watchlist.stories}
    missing: dict[str, list[str]] = {}
    for title, outlets in cited.items():
        for outlet in outlets:
            missing.setdefault(outlet, []).append(title)
    return {
        "lines": found, "gaps": app.store.gaps(now - timedelta(days=30))[:GAPS_MAX], "missing": missing, "bare": bare,
        "read": sum(line.state == phrases.SOURCE_STATES["ok"] for line in found),
        "failing": sum(line.status.error is not None and not line.status.paused for line in found),
        "paused": sum(line.status.paused for line in found),
    }  # fmt: skip


def lines(app: App, now: datetime) -> list[Line]:
    """Every source, in the order of the configuration."""
    statuses, days = app.store.statuses(app.sources), app.store.days(now - timedelta(days=SPARK_DAYS - 1))
    return [
        line(app, source, statuses[source.id], days.get(source.id, {}), now)
        for source in app.sources.values()
        if source.id in statuses
    ]


def line(app: App, source: Source, status: SourceStatus, days: dict[str, tuple[int, int, int]], now: datetime) -> Line:
    """One source as pages show it."""
    state = "paused" if status.paused else "failing" if status.error and status.state != "gone" else status.state
    bars: list[int | None] = []
    for number in range(SPARK_DAYS):
        visits, failed, entries = days.get(f"{now - timedelta(days=SPARK_DAYS - 1 - number):%Y-%m-%d}", (0, 0, 0))
        bars.append(None if visits and visits == failed else entries)
    seen = sum(bar or 0 for bar in bars)
    words = status.detail if status.state == "review" else ""
    words = phrases.failure(status.error, status.detail) if status.error else words
    rhythm = f"about {max(round(seen / SPARK_DAYS), 1)} a day" if seen else "nothing new"
    return Line(
        source, status, phrases.SOURCE_STATES[state], words,
        Markup(plot.spark(bars)), rhythm if days else "not counted yet",  # noqa: S704 - numbers only
        [(story.id, story.title) for story in app.pipeline.watchlist.stories if story.reads(source.id)],
    )  # fmt: skip


def _one(app: App, name: str, before: datetime | None) -> dict[str, Any]:
    now = app.pipeline.clock.now()
    status = app.store.statuses([name])[name]
    days = app.store.days(now - timedelta(days=SPARK_DAYS - 1)).get(name, {})
    count, hits = app.store.found(Query(), sources=[name], until=before, limit=ENTRIES_MAX)
    gaps: list[Gap] = [gap for gap in app.store.gaps(now - timedelta(days=90)) if gap.source_id == name]
    return {
        "line": line(app, app.sources[name], status, days, now), "days": sorted(days.items(), reverse=True),
        "titles": {story.id: story.title for story in app.pipeline.watchlist.stories},
        "entries": rows_of(app, hits), "count": count, "gaps": gaps[:GAPS_MAX],
        "older_at": hits[-1].at if count > ENTRIES_MAX and hits else None,
    }  # fmt: skip


def rows_of(app: App, hits: list[Hit]) -> list[tuple[KnownEntry, str, list[Hit]]]:
    """Found entries with their newest text: what became of each, and what each story made of it."""
    by_key: dict[str, list[Hit]] = {}
    for hit in hits:
        by_key.setdefault(hit.key, []).append(hit)
    parts = receipt.parts(hits)
    known = {name: app.store.entry(name) for name in by_key}
    return [(entry, parts[name], by_key[name]) for name, entry in known.items() if entry is not None]
