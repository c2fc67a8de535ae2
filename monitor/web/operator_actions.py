"""What an operator does: visit, pause, send again, test and switch channels. Forms with their token."""

from __future__ import annotations

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from monitor.app.build import App
from monitor.operations import control
from monitor.web.actions import act
from monitor.web.drawing import read, watched
from monitor.web.guard import posted
from monitor.web.reader_actions import within

# How long a form waits for the answer of a visit, and how often it looks (DESIGN: an answer within 5 seconds).
ANSWER_S = 5.0
LOOK_S = 0.1  # seconds between two looks for a visit's answer (set)
OFF = "switched off by hand"


async def visit(request: Request) -> Response:
    """Visit one source now; the answer comes with its page."""
    app, _ = await posted(request)
    name = request.path_params["source"]
    await _visit(app, [name])
    return RedirectResponse(f"/sources/{name}", 303)


async def visit_all(request: Request) -> Response:
    """Visit every source that may be visited."""
    app, _ = await posted(request)
    await _visit(app, await read(_ready, app, list(app.sources)))
    return RedirectResponse("/sources", 303)


async def visit_story(request: Request) -> Response:
    """Visit the sources of a story."""
    app, _ = await posted(request)
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
    app, _ = await posted(request)
    await act(control.pause, app.store, request.path_params["source"])
    return RedirectResponse("/sources", 303)


async def resume(request: Request) -> Response:
    """Visit a source again."""
    app, _ = await posted(request)
    await act(control.resume, app.store, request.path_params["source"], app.pipeline.clock.now())
    return RedirectResponse("/sources", 303)


async def redeliver(request: Request) -> Response:
    """Send an alert again."""
    app, form = await posted(request)
    alert = request.path_params["alert"]
    await act(control.redeliver, app.store, app.pipeline.clock.now(), alert, None, False)
    return RedirectResponse(within(form.get("back", f"/alerts/{alert}")), 303)


async def redeliver_dead(request: Request) -> Response:
    """Send everything again that was given up."""
    app, _ = await posted(request)
    await act(control.redeliver, app.store, app.pipeline.clock.now(), None, None, True)
    return RedirectResponse("/deliveries", 303)


async def channel(request: Request) -> Response:
    """Test a channel, switch it on, or off."""
    app, _ = await posted(request)
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
