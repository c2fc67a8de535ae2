"""Changes of a story from its page: tried on the last weeks, checked whole before the file is written, then used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import tomlkit
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from monitor.app.build import App
from monitor.app.reload import adopt
from monitor.config import edit
from monitor.core.presentation.phrases import LINE_POINTS
from monitor.errors import MonitorError
from monitor.model import Story
from monitor.operations import trial
from monitor.web.atom import call_in
from monitor.web.drawing import read, render, watched
from monitor.web.guard import Form, posted

PLAIN_TERMS = ("must", "any", "never", "ignore")


async def save_story(request: Request) -> Response:
    """Show what a story's new settings would have told differently; write them where they are confirmed, or alike."""
    app, form = await posted(request)
    story = watched(request)
    values = _values(app, story, form)
    if form.get("step") != "save":
        now = app.pipeline.clock.now()
        new = _with(story, values)
        tried = await read(trial.run, app.store, app.sources, story, new, now)
        if tried.different or form.get("step") == "try":
            channels = list(app.pipeline.channels)
            return await render(
                request, "trial.html", here=story.id, story=new, home=story, trial=tried, channels=channels
            )
    if values["title"] == story.title:
        del values["title"]  # what is shown may be the beginning of what stands in the file
    await _change(app, story.id, lambda document: edit.set_story(document, story.id, values))
    return RedirectResponse(f"/stories/{story.id}?saved=1#settings", 303)


def _values(app: App, story: Story, form: Form) -> dict[str, object]:
    """What the form says, by keys of the configuration; None and [] stand for the default."""
    line = form.get("line", "").strip()
    if line and not (line.isdecimal() and int(line[:4]) <= LINE_POINTS):
        raise HTTPException(
            400, f"The line is a whole number from 0 to {LINE_POINTS}, “{line[:20]}” is none. Nothing was changed."
        )
    values: dict[str, object] = {
        "title": form.get("title", "").strip() or story.title,
        "threshold": int(line) / LINE_POINTS if line else None,
    }
    for name in PLAIN_TERMS:
        values[name] = [term for part in form.get(name, "").split(",") if (term := part.strip())]
    for name, every in (("source", list(app.sources)), ("channel", list(app.pipeline.channels))):
        picked = form.getlist(name)
        # All of them is no list: what is added later belongs to the story as well.
        values[f"{name}s"] = [] if set(picked) == set(every) or not picked else picked
    return values


def _with(story: Story, values: dict[str, Any]) -> Story:
    """The story as it would be with these values."""
    terms = {name: tuple(values[name]) for name in PLAIN_TERMS}
    return replace(
        story, title=values["title"], threshold=values["threshold"], source_ids=tuple(values["sources"]),
        channel_ids=tuple(values["channels"]), must=terms["must"], any=terms["any"], never=terms["never"],
        ignore=terms["ignore"],
    )  # fmt: skip


async def story_word(request: Request) -> Response:
    """Pause a story, watch it again, stop watching (what was seen is kept), or call in the links that it gave away."""
    app, _ = await posted(request)
    story, word = watched(request), request.path_params["word"]
    if word not in ("pause", "resume", "stop", "call-in"):
        raise HTTPException(404, "There is no such page here")
    if word == "call-in":
        await read(call_in, app, story.id)
        return RedirectResponse(f"/stories/{story.id}", 303)
    if word == "stop":
        await _change(app, story.id, lambda document: edit.drop_story(document, story.id))
        return RedirectResponse("/", 303)
    paused = {"paused": True if word == "pause" else None}
    await _change(app, story.id, lambda document: edit.set_story(document, story.id, paused))
    return RedirectResponse(f"/stories/{story.id}", 303)


async def _change(app: App, story_id: str, change: Callable[[Any], None]) -> None:
    """Change the configuration; what cannot be leaves file and watch as they are, and is said on a page."""
    async with app.editing:
        path = app.config.file_of(story_id)
        try:
            document = edit.load(path)
            change(document)
            fresh = app.config.rewritten(path, tomlkit.dumps(document))
            edit.save(path, document)
            await adopt(app, fresh)
        except MonitorError as error:
            raise HTTPException(400, str(error)) from error
