"""State changes: POST from our own pages with the form's token, or signed links (GET shows, POST acts)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from monitor import config as configuration
from monitor.app import App, adopt, plan_watch, write_watch
from monitor.core import links
from monitor.errors import MonitorError, NotFound
from monitor.operations import acting
from monitor.web.guard import checked_form
from monitor.web.pages import render


async def _act(function: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return await asyncio.to_thread(function, *arguments)
    except NotFound as error:
        raise HTTPException(404, str(error)) from error
    except MonitorError as error:
        raise HTTPException(400, str(error)) from error


async def feedback(request: Request) -> Response:
    """ "no", "same-as" or "important" from the alert's page."""
    app: App = request.app.state.app
    form = await checked_form(request)
    alert = request.path_params["alert"]
    word, argument = form.get("word", ""), form.get("argument", "")
    await _act(acting.feedback, app.store, alert, word, argument, app.lane.clock.now())
    await asyncio.to_thread(app.lane.watch.learn, app.store)
    return RedirectResponse(f"/alerts/{alert}", 303)


async def redeliver(request: Request) -> Response:
    """Send an alert again."""
    app: App = request.app.state.app
    await checked_form(request)
    alert = request.path_params["alert"]
    await _act(acting.redeliver, app.store, app.lane.clock.now(), alert, None, False)
    return RedirectResponse(f"/alerts/{alert}", 303)


async def pause(request: Request) -> Response:
    """Stop visiting a source."""
    app: App = request.app.state.app
    await checked_form(request)
    await _act(acting.pause, app.store, request.path_params["source"])
    return RedirectResponse("/", 303)


async def resume(request: Request) -> Response:
    """Visit a source again."""
    app: App = request.app.state.app
    await checked_form(request)
    await _act(acting.resume, app.store, request.path_params["source"], app.lane.clock.now())
    return RedirectResponse("/", 303)


async def add_story(request: Request) -> Response:
    """Read an article and write its watch into the configuration."""
    app: App = request.app.state.app
    form = await checked_form(request)
    address = form.get("article", "").strip()
    if not address.startswith(("http://", "https://")):
        raise HTTPException(400, "Give the address of an article.")
    try:
        plan = await plan_watch(app.config, address)
        write_watch(app.config, plan)
        await adopt(app, configuration.load(app.config.path, app.config.environ))
    except MonitorError as error:
        raise HTTPException(400, str(error)) from error
    return RedirectResponse("/", 303)


async def signed_feedback(request: Request) -> Response:
    """Feedback from a mail or a webhook: the page asks, the button acts."""
    app: App = request.app.state.app
    parts = links.verify(app.signing_key, "feedback", request.path_params["token"])
    if parts is None or len(parts) != 2:
        raise HTTPException(404, "This link is not one of ours, or was cut.")
    alert, word = parts
    question = {"no": "Not this story?", "important": "Mark as important?"}.get(word, word)
    if request.method == "GET":
        rows = await asyncio.to_thread(lambda: app.store.alerts(alert_id=alert))
        title = rows[0][0].title if rows else ""
        return render(request, "confirm.html", title=question, text=title, button="Yes")
    await _act(acting.feedback, app.store, alert, word, "", app.lane.clock.now())
    await asyncio.to_thread(app.lane.watch.learn, app.store)
    return render(request, "message.html", title="Thank you", text="Noted; the watch learns from it.")


async def unsubscribe(request: Request) -> Response:
    """One-click unsubscribe (RFC 8058): POST stops a story's mail to one recipient; GET asks."""
    app: App = request.app.state.app
    parts = links.verify(app.signing_key, "unsubscribe", request.path_params["token"])
    if parts is None or len(parts) != 3:
        raise HTTPException(404, "This link is not one of ours, or was cut.")
    story, channel, recipient = parts
    if request.method == "GET":
        text = f"No more alerts on {story} to {recipient or channel}."
        return render(request, "confirm.html", title="Stop these alerts?", text=text, button="Stop")
    await _act(acting.unsubscribe, app.lane, story, channel, recipient)
    return render(request, "message.html", title="Stopped", text="No more alerts on this story will be sent to you.")
