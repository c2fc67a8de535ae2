"""Pages for people: the status page, a story's timeline, an alert; and a story as an Atom feed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

import jinja2
from lxml import etree
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from monitor.app import App
from monitor.core import shapes, urls
from monitor.core.messages.words import when
from monitor.core.text import clean
from monitor.operations import reading
from monitor.web.guard import form_token

T = TypeVar("T")
ATOM = "http://www.w3.org/2005/Atom"


@cache
def templates() -> jinja2.Environment:
    """The page templates, autoescaped; outside text is cleaned of controls and only http(s) links are clickable."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("monitor.web"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["plain"] = lambda text: clean(str(text or ""), 1000)
    environment.filters["link"] = lambda url: urls.fetchable(str(url or ""))
    environment.filters["when"] = when
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
    """A page from a template, with the form token and the clock."""
    app: App = request.app.state.app
    page = templates().get_template(name).render(form_token=form_token(app), now=app.lane.clock.now(), **values)
    return HTMLResponse(page, status)


async def read(function: Callable[..., T], *arguments: Any) -> T:
    """A question to the state, off the event loop."""
    return await asyncio.to_thread(function, *arguments)


async def status(request: Request) -> Response:
    """What is watched, how the sources stand, what was told last."""
    app: App = request.app.state.app
    watched = app.lane.watch.stories
    rows = await read(reading.sources, app.store, app.sources)
    stories = await read(reading.stories, app.store, watched, app.lane.clock.now())
    told = await read(lambda: reading.alerts(app.store, limit=30))
    disabled = await read(app.store.disabled_channels)
    failing = [row for row in rows if row["error"]]
    return render(
        request, "status.html", sources=rows, stories=stories, alerts=told, failing=failing, disabled=disabled,
        blocked=app.daemon.blocked, config_path=str(app.config.path.name),
    )  # fmt: skip


async def story(request: Request) -> Response:
    """A story's developments, newest first, with who reported each and what was held back."""
    app: App = request.app.state.app
    name = request.path_params["story"]
    found = next((story for story in app.lane.watch.stories if story.id == name), None)
    if found is None:
        raise HTTPException(404, "There is no such story.")
    rows = await read(reading.timeline, app.store, name)
    held = await read(lambda: reading.suppressed(app.store, None, name, 40))
    return render(request, "story.html", story=found, developments=rows[::-1], held=held)


async def alert(request: Request) -> Response:
    """One alert: what was told, why, to whom, and the forms to react."""
    app: App = request.app.state.app
    rows = await read(lambda: app.store.alerts(alert_id=request.path_params["alert"]))
    if not rows:
        raise HTTPException(404, "There is no such alert.")
    told, deliveries = rows[0]
    attempts = {row.id: await read(app.store.attempts, row.id) for row in deliveries}
    return render(
        request, "alert.html", alert=told, deliveries=[shapes.delivery(row) for row in deliveries], attempts=attempts
    )  # fmt: skip


async def atom(request: Request) -> Response:
    """A story as a feed (RFC 4287): one entry an alert."""
    app: App = request.app.state.app
    name = request.path_params["story"]
    found = next((story for story in app.lane.watch.stories if story.id == name), None)
    if found is None:
        raise HTTPException(404, "There is no such story.")
    rows = await read(lambda: app.store.alerts(story_id=name, limit=50))
    root = etree.Element(f"{{{ATOM}}}feed")
    newest = max((told.at for told, _ in rows), default=datetime.fromtimestamp(0, UTC))
    _put(root, "id", f"urn:monitor:story:{name}")
    _put(root, "title", found.title)
    _put(root, "updated", newest.isoformat())
    _put(etree.SubElement(root, f"{{{ATOM}}}author"), "name", "monitor")
    for told, _ in rows:
        entry = etree.SubElement(root, f"{{{ATOM}}}entry")
        _put(entry, "id", f"urn:monitor:alert:{told.id}")
        _put(entry, "title", told.title)
        _put(entry, "updated", told.at.isoformat())
        _put(entry, "summary", told.summary)
        if link := urls.fetchable(told.article_url):
            etree.SubElement(entry, f"{{{ATOM}}}link", href=link)
    return Response(etree.tostring(root, xml_declaration=True, encoding="utf-8"), media_type="application/atom+xml")


def _put(parent: Any, tag: str, text: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{tag}").text = clean(text, 1000)


async def refused(request: Request, error: Exception) -> Response:
    """A page for 4xx."""
    status = error.status_code if isinstance(error, HTTPException) else 400
    detail = error.detail if isinstance(error, HTTPException) else "Not understood."
    return render(request, "message.html", status, title=f"{status}", text=detail)


async def broken(request: Request, error: Exception) -> Response:
    """A page for what should not happen; the error itself goes to the log, not to the page."""
    return render(request, "message.html", 500, title="500", text="Something failed here; the log says what.")
