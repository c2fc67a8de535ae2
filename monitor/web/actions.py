"""State changes: POST from our own pages with the form's token, or signed links (GET shows, POST acts)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from monitor.app.build import App
from monitor.core.delivery import signed_links
from monitor.core.delivery.routing import EVERY_STORY
from monitor.core.presentation import phrases
from monitor.errors import MonitorError, NotFound
from monitor.operations import control
from monitor.web.drawing import render, static_answer
from monitor.web.guard import app_of, form_of, posted

# Who comes by a signed link has no token for the style sheet: it is served under the link as well, whole or cut.
STYLE = "style.css"


async def act(function: Callable[..., Any], *arguments: Any) -> Any:
    """Do what a form asks for; what cannot be done is said on a page."""
    try:
        return await asyncio.to_thread(function, *arguments)
    except NotFound as error:
        raise HTTPException(404, str(error)) from error
    except MonitorError as error:
        raise HTTPException(400, str(error)) from error


async def feedback(request: Request) -> Response:
    """ "no", "same-as", "important" or "undo" from the alert's page."""
    app, form = await posted(request)
    alert = request.path_params["alert"]
    await _feed_back(app, alert, form.get("word", ""), form.get("argument", ""))
    return RedirectResponse(f"/alerts/{alert}", 303)


async def _feed_back(app: App, alert: str, word: str, argument: str) -> None:
    await act(control.feedback, app.store, alert, word, argument, app.pipeline.clock.now())
    await app.pipeline.learn()


async def signed_feedback(request: Request) -> Response:
    """Feedback from a mail or a webhook: the page asks, the button acts."""
    if request.url.query == STYLE:
        return static_answer(STYLE)
    app = app_of(request)
    parts = signed_links.verify(app.signing_key, "feedback", request.path_params["token"])
    if parts is None or len(parts) != 2:
        raise HTTPException(404, "This link is not one of ours, or was cut.")
    alert_id, word = parts
    if request.method == "GET":
        rows = await asyncio.to_thread(lambda: app.store.alerts(alert_id=alert_id))
        if not rows:
            raise HTTPException(404, "This alert is no longer kept.")
        told = rows[0][0]
        earlier = await asyncio.to_thread(control.choices, app.store, told) if word == "same-as" else []
        return await render(request, "feedback.html", bare=True, word=word, alert=told, earlier=earlier)
    argument = (await form_of(request)).get("argument", "") if word == "same-as" else ""
    await _feed_back(app, alert_id, word, argument)
    learned = phrases.words("learned")[word]
    return await render(request, "message.html", bare=True, title="Thank you", text=learned)


async def unsubscribe(request: Request) -> Response:
    """One-click unsubscribe (RFC 8058): POST stops a story's mail to one recipient; GET asks, or offers the way back.

    One click posts `List-Unsubscribe=One-Click`; only the page's own "start again" takes it back.
    """
    if request.url.query == STYLE:
        return static_answer(STYLE)
    app = app_of(request)
    parts = signed_links.verify(app.signing_key, "unsubscribe", request.path_params["token"])
    if parts is None or len(parts) != 3:
        raise HTTPException(404, "This link is not one of ours, or was cut.")
    story, _, recipient = parts
    titles = {each.id: each.title for each in app.pipeline.watchlist.stories}
    about = "every story" if story == EVERY_STORY else titles.get(story, story)
    stopped = tuple(parts) in await asyncio.to_thread(app.store.unsubscriptions)
    if request.method == "POST":
        stopped = "again" not in await form_of(request)
        await act(control.unsubscribe if stopped else control.subscribe, app.pipeline, *parts)
    done = request.method == "POST"
    return await render(
        request, "unsubscribe.html", bare=True, about=about, recipient=recipient, stopped=stopped, done=done
    )


async def subscribe(request: Request) -> Response:
    """Take back, from the story's page, what a recipient stopped."""
    app, form = await posted(request)
    story = request.path_params["story"]
    await act(
        control.subscribe, app.pipeline, form.get("story", story), form.get("channel", ""), form.get("recipient", "")
    )
    return RedirectResponse(f"/stories/{story}", 303)
