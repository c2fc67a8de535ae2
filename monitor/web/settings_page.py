"""Settings as they are in force, each with its place; how this browser reads; and the words that pages use."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from starlette.requests import Request
from starlette.responses import Response

from monitor import __version__
from monitor.app import reused_ids
from monitor.app.build import App
from monitor.config import shown
from monitor.core.presentation import phrases
from monitor.web.drawing import read, render
from monitor.web.guard import app_of

MAIL = "email"
# Names that no person picks: other spellings, and offsets with their sign turned round.
ODD_ZONES = ("Etc/", "posix", "right/", "SystemV/")


async def settings(request: Request) -> Response:
    """What this monitor runs with, and where each value comes from."""
    app = app_of(request)
    return await render(request, "settings.html", here="Settings", **await read(_values, app))


async def words(request: Request) -> Response:
    """The words used on the pages, explained."""
    tags = {tag.word: tag.tone for tag in (*phrases.KINDS.values(), *phrases.VERDICTS.values(), phrases.NEAR)}
    return await render(request, "words.html", here="Settings", glossary=phrases.glossary(), tones=tags)


def _values(app: App) -> dict[str, Any]:
    config = app.config
    return {
        "groups": shown.groups(config), "path": str(config.path), "version": __version__, "warnings": _warnings(app),
        "zones": sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(ODD_ZONES)),
    }  # fmt: skip


def _warnings(app: App) -> list[tuple[str, str, str]]:
    """What works and will surprise: a title, a sentence, the place."""
    http = app.config.document.http
    mail = [table for table in app.config.document.channel if table.get("type") == MAIL]
    found = []
    if mail and not http.public_url:
        text = "http.public_url is empty, and there is an e-mail channel. Write the address readers reach this page by."
        found.append(("Links in mails only work on this machine.", text, app.config.where("http", "public_url")))
    for said in reused_ids.replaced(app.store, app.pipeline.watchlist.stories, app.pipeline.clock.now()).values():
        found.append(("A story has the id of another.", f"{said[0].upper()}{said[1:]}.", ""))
    if app.metrics.config_ok._value.get() == 0:
        text = app.refusal.partition(": ")[2] or "The log and `monitor check` name the line."
        found.append(("The last change of the configuration is ignored; what ran before still runs.", text, ""))
    return found
