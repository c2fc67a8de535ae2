"""What a reader does: mark as read, overrule a decision, choose how times and rows look. Forms answer on their page."""

from __future__ import annotations

from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from monitor.core.presentation import rows
from monitor.operations import control
from monitor.web.actions import act
from monitor.web.drawing import part, read
from monitor.web.guard import posted

# A year: how long a browser keeps how it wants to read (RFC 6265; browsers allow 400 days).
KEPT_S = 365 * 86_400


async def mark_read(request: Request) -> Response:
    """Mark the alerts of the form as read; by script, the row comes back."""
    app, form = await posted(request)
    names = form.getlist("id")
    found = [rows_of[0] for name in names if (rows_of := await read(lambda name=name: app.store.alerts(alert_id=name)))]
    await read(app.store.mark_read, [alert.id for alert, _ in found], app.pipeline.clock.now())
    if "hx-request" in request.headers and len(found) == 1:
        return part(request, "parts.html", "row", rows.row(found[0][0], False))
    return RedirectResponse(within(form.get("back", "/")), 303)


async def overrule(request: Request) -> Response:
    """This entry was one, was new, or was neither; tell it now. By script, what was said comes back."""
    app, form = await posted(request)
    key, story, word = request.path_params["key"], form.get("story", ""), form.get("word", "")
    folded = form.get("folded", "") == "yes"
    alert_id = ""
    if word == "tell":
        alert_id = (await act(control.tell, app.pipeline, app.sources, key, story)).id
        app.daemon.wake()
        word = "new" if folded else "yes"
    else:
        watched = app.pipeline.watchlist.stories
        await act(control.overrule, app.store, key, word, story, app.pipeline.clock.now(), watched)
        await app.pipeline.learn()
    if "hx-request" in request.headers:
        said = word if word != "undo" else ""
        return part(request, "parts.html", "overrule", key, story, said, form.get("about", ""), folded, alert_id)
    return RedirectResponse(f"/stories/{quote(story)}#held", 303)


async def mark_unread(request: Request) -> Response:
    """Let an alert be unread again."""
    app, _ = await posted(request)
    name = request.path_params["alert"]
    if not await read(lambda: app.store.alerts(alert_id=name)):
        raise HTTPException(404, "There is no such alert here")
    await read(app.store.mark_unread, name)
    return RedirectResponse("/", 303)


async def choose(request: Request) -> Response:
    """How this browser reads: time zone, dense rows, keys; kept in cookies that no script can read."""
    _, form = await posted(request)
    answer = RedirectResponse("/settings#reading", 303)
    for name, value in (
        ("zone", form.get("zone", "UTC")), ("rows", form.get("rows", "")), ("keys", "on" if "keys" in form else "off"),
    ):  # fmt: skip
        answer.set_cookie(name, value[:64], max_age=KEPT_S, httponly=True, samesite="lax")
    return answer


def within(path: str) -> str:
    """A path of ours to go back to; never another host."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"
