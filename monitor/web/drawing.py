"""Draws pages: templates with the words of `core.presentation`, the rail beside them, and how the reader wants time."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cache, lru_cache
from hashlib import sha256
from importlib import resources
from typing import Any, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import jinja2
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from monitor.app.build import App
from monitor.core import urls
from monitor.core.delivery.messages import words
from monitor.core.delivery.retries import GIVEN_UP_FOR
from monitor.core.presentation import moments, phrases
from monitor.core.text import clean
from monitor.errors import MonitorError
from monitor.model import Story
from monitor.web.guard import SIGNED, app_of, form_token, root_of

T = TypeVar("T")
# What stands in a cell of a page; longer texts are cut where they are shown, not where they are kept.
CHARS_MAX = 1000
STATIC = {
    "style.css": "text/css", "keys.js": "text/javascript", "htmx.js": "text/javascript", "icon.svg": "image/svg+xml",
}  # fmt: skip
# A file's name in a page carries its hash, so it may be kept for as long as browsers like (RFC 9111).
KEPT = "public, max-age=31536000, immutable"


@cache
def templates() -> jinja2.Environment:
    """The page templates, autoescaped; outside text is cleaned of controls and only http(s) links are clickable."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("monitor.web"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(
        plain=lambda text, chars_max=CHARS_MAX: clean(str(text or ""), chars_max), points=phrases.points,
        link=lambda url: urls.fetchable(str(url or "")), host=lambda url: urls.display(str(url or "")),
        place=words.place, when=words.when, headed=words.headed,
        weighed=lambda text: phrases.weighed(clean(str(text or ""), CHARS_MAX)),
        dated=lambda day: moments.dated(date.fromisoformat(str(day))),
    )  # fmt: skip
    environment.globals.update(phrases=phrases, counted=phrases.counted, listed=phrases.listed)
    return environment


@lru_cache
def static(name: str) -> tuple[bytes, str]:
    """A file that pages refer to, and the first digits of its hash."""
    body = resources.files("monitor.web").joinpath(f"templates/{name}").read_bytes()
    return body, sha256(body).hexdigest()[:12]


async def serve_static(request: Request) -> Response:
    """The style sheet, the two scripts, the icon."""
    return static_answer(request.url.path.rpartition("/")[2])


def static_answer(name: str) -> Response:
    """A file that pages refer to."""
    return Response(static(name)[0], media_type=STATIC[name], headers={"Cache-Control": KEPT})


@dataclass(frozen=True, slots=True)
class Reader:
    """How this browser wants to read: its cookies, and what they do not say as it comes."""

    zone: tzinfo
    zone_name: str = "UTC"
    tight: bool = False
    keys: bool = True

    @classmethod
    def of(cls, request: Request) -> Reader:
        """From the cookies `zone`, `rows` and `keys`; an unknown zone is UTC."""
        name = request.cookies.get("zone", "UTC")
        try:
            zone = ZoneInfo(name)
        except (ValueError, OSError, KeyError):
            name, zone = "UTC", ZoneInfo("UTC")
        return cls(zone, name, request.cookies.get("rows") == "tight", request.cookies.get("keys") != "off")

    def time(self, at: datetime | str | None, now: datetime, style: str = "short") -> Markup:
        """A `time` element; "" for None."""
        if not at:
            return Markup()
        instant = datetime.fromisoformat(at) if isinstance(at, str) else at
        shown = moments.full(instant, self.zone) if style == "full" else moments.short(instant, now, self.zone)
        if style in ("ago", "past"):
            shown = (moments.past if style == "past" else moments.ago)(instant, now)
        machine = f"{instant:%Y-%m-%dT%H:%M:%SZ}"
        hint = moments.full(instant, self.zone)
        return Markup('<time datetime="{}" title="{}">{}</time>').format(machine, hint, shown)


@dataclass(frozen=True, slots=True)
class Rail:
    """What stands beside every page: counts that need somebody, and the stories."""

    stories: tuple[tuple[str, str, int], ...] = ()
    unread: int = 0
    failing: int = 0
    dead: int = 0
    last_visit_at: datetime | None = None


def rail(app: App) -> Rail:
    """Read the rail from the state."""
    counts = app.store.unread_counts()
    statuses = app.store.statuses(app.sources).values()
    sums = Counter[str]()
    for (story_id, _), count in counts.items():
        sums[story_id] += count
    deliveries = app.store.delivery_counts(app.pipeline.clock.now() - GIVEN_UP_FOR)
    return Rail(
        stories=tuple((s.id, s.title, sums[s.id]) for s in app.pipeline.watchlist.stories),
        unread=sum(counts.values()),
        failing=sum(status.error is not None and not status.paused for status in statuses),
        dead=sum(count for (_, state), count in deliveries.items() if state == "dead"),
        last_visit_at=max((s.last_visit_at for s in statuses if s.last_visit_at), default=None),
    )


async def read(function: Callable[..., T], *arguments: Any) -> T:
    """A question to the state, off the event loop."""
    return await asyncio.to_thread(function, *arguments)


async def render(
    request: Request, name: str, here: str = "", status: int = 200, bare: bool = False, **values: Any
) -> HTMLResponse:
    """A page from a template; `here` is the place in the rail that it stands for.

    A `bare` one has no rail: who comes by a signed link may see what the link is about, and nothing else.
    """
    app = app_of(request)
    try:
        beside = Rail() if bare else await read(rail, app)
    except MonitorError:
        beside = Rail()  # a page that says what is wrong with the state must not need it
    text = await read(draw, request, name, {"here": here, "bare": bare, "rail": beside, **values})
    return HTMLResponse(text, status)


def draw(request: Request, name: str, values: dict[str, Any]) -> str:
    """A template as text, with the form token, the clock, and the public path that its links begin with."""
    hashes = {each: static(each)[1] for each in STATIC}
    template = templates().get_template(name)
    return template.render(**_around(request), query=_query(request), hashes=hashes, **values)


def _around(request: Request) -> dict[str, Any]:
    app = app_of(request)
    reader, now = Reader.of(request), app.pipeline.clock.now()
    return {
        "form_token": form_token(app), "root": root_of(app.config.document.http.public_url), "reader": reader,
        "time": lambda at, style="short": reader.time(at, now, style), "names": names(app), "now": now,
    }  # fmt: skip


def _query(request: Request) -> Callable[..., str]:
    """The address of this page with other parameters: a filter, the next page."""
    present = dict(request.query_params)

    def changed(**changes: str | None) -> str:
        kept = {name: value for name, value in (present | changes).items() if value}
        return "?" + urlencode(kept)

    return changed


def part(request: Request, name: str, macro: str, *arguments: Any) -> HTMLResponse:
    """One macro of a template as the answer to a form that the page sent by script."""
    module = templates().get_template(name).make_module(_around(request))
    return HTMLResponse(getattr(module, macro)(*arguments))


def names(app: App) -> dict[str, str]:
    """Sources as people call them, by id."""
    return {source.id: source.label for source in app.sources.values()}


def watched(request: Request) -> Story:
    """The story that the address names; 404 where there is none."""
    app = app_of(request)
    name = request.path_params["story"]
    found = next((story for story in app.pipeline.watchlist.stories if story.id == name), None)
    if found is None:
        raise HTTPException(404, "There is no such story here")
    return found


async def refused(request: Request, error: Exception) -> Response:
    """A page for 4xx: what was wrong, and where to go on."""
    status = error.status_code if isinstance(error, HTTPException) else 400
    detail = error.detail if isinstance(error, HTTPException) else "Not understood."
    title = "There is no such page here" if detail == "Not Found" else detail
    text = "The link may be older than this state, or what it leads to is watched no longer." if status == 404 else ""
    bare = request.url.path.split("/")[1] in SIGNED
    return await render(request, "message.html", status=status, bare=bare, title=title, text=text)


async def broken(request: Request, error: Exception) -> Response:
    """A page for what should not happen; the error itself goes to the log, not to the page."""
    text = "What was asked for could not be shown. The log says why; nothing that was kept is lost."
    return await render(request, "message.html", status=500, title="Something failed here", text=text)
