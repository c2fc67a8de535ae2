"""A story as a feed (RFC 4287): one entry an alert, with what changed; sources as OPML."""

from __future__ import annotations

from datetime import datetime
from secrets import token_hex

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.app.build import App
from monitor.app.settings import public_url
from monitor.core.delivery import signed_links
from monitor.core.delivery.messages import words
from monitor.model import Story
from monitor.operations import exporting
from monitor.ports import setting_names
from monitor.web.drawing import read, templates, watched
from monitor.web.guard import app_of

ENTRIES_MAX = 50  # entries of a feed, the newest (set)


FOLLOW = "follow"
SHARE = "share"


async def feed(request: Request) -> Response:
    """The newest alerts of a story."""
    return await _answer(app_of(request), watched(request))


async def follow(request: Request) -> Response:
    """The same for readers that can send no token: the address is one, for this story's feed and nothing else."""
    app = app_of(request)
    return await _answer(app, await read(opened, app, FOLLOW, request.path_params["token"]))


def opened(app: App, purpose: str, token: str) -> Story:
    """The story that an address with a key of its own opens; 404 where the key was called in."""
    parts = signed_links.verify(app.signing_key, purpose, token)
    for story in app.pipeline.watchlist.stories:
        if parts == _parts(app, story.id):
            return story
    raise HTTPException(404, "This link is not one of ours, was called in, or its story is watched no longer.")


def keyed_path(app: App, purpose: str, story_id: str) -> str:
    """The path under which a story's feed (`follow`) or page (`share`) is its own credential."""
    return f"/{purpose}/{signed_links.sign(app.signing_key, purpose, *_parts(app, story_id))}"


def call_in(app: App, story_id: str) -> None:
    """Let every such path that was given away so far lead nowhere."""
    app.store.set_setting(setting_names.series(story_id), token_hex(8))


def _parts(app: App, story_id: str) -> tuple[str, ...]:
    series = app.store.setting(setting_names.series(story_id))
    return (story_id, series) if series else (story_id,)


async def opml(request: Request) -> Response:
    """The sources of a story, or all, for a feed reader."""
    app = app_of(request)
    listed = [*app.sources.values()]
    if "story" in request.path_params:
        found = watched(request)
        listed = [source for source in listed if found.reads(source.id)]
    return Response(exporting.opml(listed), media_type="text/x-opml")


async def _answer(app: App, story: Story) -> Response:
    return Response(await read(_drawn, app, story), media_type="application/atom+xml")


def _drawn(app: App, story: Story) -> str:
    alerts = [alert for alert, _ in app.store.alerts(story_id=story.id, limit=ENTRIES_MAX)]
    updated = max(alert.at for alert in alerts) if alerts else _begun(app, story)
    template, told = templates().get_template("feed.atom"), [words.told(alert) for alert in alerts]
    return template.render(story=story, updated=updated, base=public_url(app.config), told=told)


def _begun(app: App, story: Story) -> datetime:
    """The instant of a story of which nothing was told: when its sources were first read, else its article's own."""
    statuses = app.store.statuses([name for name in app.sources if story.reads(name)]).values()
    begun = max((status.baseline_at for status in statuses if status.baseline_at), default=None)
    now = app.pipeline.clock.now()
    return min(begun or story.seed.published_at or now, now)
