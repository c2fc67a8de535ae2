"""Pages for people: the status page, a story's timeline, an alert."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

import jinja2
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from monitor.app import App
from monitor.core import json_views, urls
from monitor.core.delivery.messages import worddiff, words
from monitor.core.delivery.messages.mail import grouped
from monitor.core.delivery.routing import EVERY_STORY
from monitor.core.text import clean
from monitor.model import Story
from monitor.operations import control, reports
from monitor.web.guard import form_token, root_of

T = TypeVar("T")
GAPS_MAX = 20
HELD_MAX = 40


@cache
def templates() -> jinja2.Environment:
    """The page templates, autoescaped; outside text is cleaned of controls and only http(s) links are clickable."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("monitor.web"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["plain"] = lambda text: clean(str(text or ""), 1000)
    environment.filters["link"] = lambda url: urls.fetchable(str(url or ""))
    environment.filters["when"] = words.when
    environment.filters["place"] = words.place
    environment.filters["host"] = lambda url: urls.display(str(url or ""))
    environment.filters["ago"] = ago
    environment.filters["day"] = lambda at: str(at)[:16].replace("T", " ") if at else ""
    return environment


def ago(at: str | datetime | None, now: datetime) -> str:
    """ "3 min ago", "in 2 h"; "never" for None."""
    if not at:
        return "never"
    instant = datetime.fromisoformat(at) if isinstance(at, str) else at
    seconds = (now - instant).total_seconds()
    size = abs(seconds)
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)):
        if size >= length:
            text = f"{int(size // length)} {unit}"
            return f"{text} ago" if seconds > 0 else f"in {text}"
    return "now"


def render(request: Request, name: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from a template, with the form token, the clock, and the public path that its links begin with."""
    app: App = request.app.state.app
    page = templates().get_template(name).render(
        form_token=form_token(app), now=app.pipeline.clock.now(), root=root_of(app.config.document.http.public_url),
        **values,
    )  # fmt: skip
    return HTMLResponse(page, status)


async def read(function: Callable[..., T], *arguments: Any) -> T:
    """A question to the state, off the event loop."""
    return await asyncio.to_thread(function, *arguments)


async def status(request: Request) -> Response:
    """What is watched, how the sources and channels stand, what was told last."""
    app: App = request.app.state.app
    watched, store = app.pipeline.watchlist.stories, app.store
    rows = await read(reports.sources, store, app.sources)
    stories = await read(reports.stories, store, watched)
    told = await read(lambda: reports.alerts(store, limit=30))
    disabled = {k: why for k, why in (await read(store.disabled_channels)).items() if k in app.pipeline.channels}
    channels = await read(reports.channels, store, list(app.pipeline.channels), disabled)
    gaps = await read(store.gaps)
    return render(
        request, "status.html", sources=rows, stories=stories, alerts=told, disabled=disabled, channels=channels,
        failing=[row for row in rows if row["error"]], blocked=app.daemon.blocked, gaps=gaps[:GAPS_MAX],
        names=names(app), titles={story.id: story.title for story in watched},
    )  # fmt: skip


def names(app: App) -> dict[str, str]:
    """Sources as people call them, by id."""
    return {source.id: source.label for source in app.sources.values()}


def watched(request: Request) -> Story:
    """The story that the address names; 404 where there is none."""
    app: App = request.app.state.app
    name = request.path_params["story"]
    found = next((story for story in app.pipeline.watchlist.stories if story.id == name), None)
    if found is None:
        raise HTTPException(404, "There is no such story.")
    return found


async def story(request: Request) -> Response:
    """A story's developments, newest first, with who reported each; what is claimed; what was held back."""
    app: App = request.app.state.app
    found = watched(request)
    rows = await read(reports.timeline, app.store, found.id)
    held = await read(lambda: reports.suppressed(app.store, None, found.id, HELD_MAX))
    told = {alert.id for alert, _ in await read(lambda: app.store.alerts(story_id=found.id, limit=1000))}
    ledger = await read(reports.ledger, app.store, app.pipeline.watchlist, found.id, app.pipeline.clock.now())
    stopped = sorted(place for place in app.pipeline.watchlist.muted if place[0] in (found.id, EVERY_STORY))
    return render(
        request, "story.html", story=found, developments=rows[::-1], held=held, told=told, ledger=ledger,
        stopped=stopped, names=names(app), reports=sum(1 + len(row["reports"]) for row in rows),
    )  # fmt: skip


async def alert(request: Request) -> Response:
    """One alert: what was told, why, to whom, and the forms to react."""
    app: App = request.app.state.app
    rows = await read(lambda: app.store.alerts(alert_id=request.path_params["alert"]))
    if not rows:
        raise HTTPException(404, "There is no such alert.")
    told, deliveries = rows[0]
    attempts = {row.id: await read(app.store.attempts, row.id) for row in deliveries}
    said = [row for row in await read(app.store.feedback, told.story_id) if row["alert"] == told.id]
    earlier = await read(control.choices, app.store, told) if told.development else []
    return render(
        request, "alert.html", alert=told, deliveries=[json_views.delivery(row) for row in deliveries],
        attempts=attempts,
        said=said, earlier=earlier, changes=words.changed(told), notices=words.notices(told),
        summary=words.summary(told),
        coverage=words.coverage_line(told), diff=worddiff.runs(told.diff_html), groups=grouped(told.items),
        others=words.others(told),
    )  # fmt: skip


async def refused(request: Request, error: Exception) -> Response:
    """A page for 4xx."""
    status = error.status_code if isinstance(error, HTTPException) else 400
    detail = error.detail if isinstance(error, HTTPException) else "Not understood."
    return render(request, "message.html", status, title=f"{status}", text=detail)


async def broken(request: Request, error: Exception) -> Response:
    """A page for what should not happen; the error itself goes to the log, not to the page."""
    return render(request, "message.html", 500, title="500", text="Something failed here; the log says what.")
