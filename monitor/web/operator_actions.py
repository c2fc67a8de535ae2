"""What an operator does: visit, pause, send again, test and switch channels, change a story. Forms with their token."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from monitor.app import App
from monitor.core.presentation.phrases import LINE_POINTS
from monitor.errors import MonitorError
from monitor.operations import control
from monitor.web.actions import act
from monitor.web.drawing import read, watched
from monitor.web.guard import checked_form
from monitor.web.reader_actions import within
from monitor.web.story_changes import change_story, drop_story

# How long a form waits for the answer of a visit, and how often it looks (DESIGN: an answer within 5 seconds).
ANSWER_S = 5.0
LOOK_S = 0.1  # seconds between two looks for a visit's answer (set)
OFF = "switched off by hand"


async def visit(request: Request) -> Response:
    """Visit one source now; the answer comes with its page."""
    await checked_form(request)
    name = request.path_params["source"]
    await _visit(request.app.state.app, [name])
    return RedirectResponse(f"/sources/{name}", 303)


async def visit_all(request: Request) -> Response:
    """Visit every source that may be visited."""
    app: App = request.app.state.app
    await checked_form(request)
    await _visit(app, await read(_ready, app, list(app.sources)))
    return RedirectResponse("/sources", 303)


async def visit_story(request: Request) -> Response:
    """Visit the sources of a story."""
    app: App = request.app.state.app
    await checked_form(request)
    story = watched(request)
    await _visit(app, await read(_ready, app, [name for name in app.sources if story.reads(name)]))
    return RedirectResponse(f"/stories/{story.id}", 303)


def _ready(app: App, names: list[str]) -> list[str]:
    """Those that are visited at all."""
    statuses = app.store.statuses(names)
    return [name for name, each in statuses.items() if not each.paused and each.state not in ("gone", "review")]


async def _visit(app: App, names: list[str]) -> None:
    """Ask for visits and wait a little for the first answer of each; what takes longer goes on."""
    before = await act(control.visit, app.store, names, app.pipeline.clock.now())
    deadline = asyncio.get_running_loop().time() + ANSWER_S
    while asyncio.get_running_loop().time() < deadline:
        statuses = await read(app.store.statuses, names)
        if all(statuses[name].last_visit_at != before[name] for name in names):
            return
        await asyncio.sleep(LOOK_S)


async def pause(request: Request) -> Response:
    """Stop visiting a source."""
    app: App = request.app.state.app
    await checked_form(request)
    await act(control.pause, app.store, request.path_params["source"])
    return RedirectResponse("/sources", 303)


async def resume(request: Request) -> Response:
    """Visit a source again."""
    app: App = request.app.state.app
    await checked_form(request)
    await act(control.resume, app.store, request.path_params["source"], app.pipeline.clock.now())
    return RedirectResponse("/sources", 303)


async def redeliver(request: Request) -> Response:
    """Send an alert again."""
    app: App = request.app.state.app
    form = await checked_form(request)
    alert = request.path_params["alert"]
    await act(control.redeliver, app.store, app.pipeline.clock.now(), alert, None, False)
    return RedirectResponse(within(form.get("back", f"/alerts/{alert}")), 303)


async def redeliver_dead(request: Request) -> Response:
    """Send everything again that was given up."""
    app: App = request.app.state.app
    await checked_form(request)
    await act(control.redeliver, app.store, app.pipeline.clock.now(), None, None, True)
    return RedirectResponse("/deliveries", 303)


async def channel(request: Request) -> Response:
    """Test a channel, switch it on, or off."""
    app: App = request.app.state.app
    await checked_form(request)
    name, word = request.path_params["channel"], request.path_params["word"]
    if name not in app.pipeline.channels or word not in ("test", "on", "off"):
        raise HTTPException(404, "There is no such channel here")
    now = app.pipeline.clock.now()
    if word == "test":
        await act(control.make_test, app.pipeline, name)
    elif word == "on":
        await act(control.switch_on, app.store, name, now)
    else:
        await act(app.store.set_channel, name, OFF, now)
    app.daemon.wake()
    return RedirectResponse(f"/deliveries#c-{name}", 303)


async def save_story(request: Request) -> Response:
    """Write a story's settings into the configuration, and put them into force."""
    app: App = request.app.state.app
    form = await checked_form(request)
    story = watched(request)
    posted = parse_qsl((await request.body()).decode("utf-8", "replace"))
    chosen = {
        "sources": ([v for n, v in posted if n == "source"], list(app.sources)),
        "channels": ([v for n, v in posted if n == "channel"], list(app.pipeline.channels)),
    }
    line = form.get("line", "").strip()
    values: dict[str, object] = {
        "title": form.get("title", "").strip() or story.title,
        "threshold": int(line) / LINE_POINTS if line.isdecimal() and int(line) <= LINE_POINTS else None,
    }
    for name in ("must", "any", "never"):
        values[name] = [term for part in form.get(name, "").split(",") if (term := part.strip())]
    for name, (picked, every) in chosen.items():
        # All of them is no list: what is added later belongs to the story as well.
        values[name] = [] if set(picked) == set(every) or not picked else picked
    await _change(change_story(app, story.id, values))
    return RedirectResponse(f"/stories/{story.id}#settings", 303)


async def story_word(request: Request) -> Response:
    """Pause a story, watch it again, or stop watching."""
    app: App = request.app.state.app
    await checked_form(request)
    story, word = watched(request), request.path_params["word"]
    if word not in ("pause", "resume", "stop"):
        raise HTTPException(404, "There is no such page here")
    if word == "stop":
        await _change(drop_story(app, story.id))
        return RedirectResponse("/", 303)
    await _change(change_story(app, story.id, {"paused": True if word == "pause" else None}))
    return RedirectResponse(f"/stories/{story.id}", 303)


async def _change(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except MonitorError as error:
        raise HTTPException(400, str(error)) from error
