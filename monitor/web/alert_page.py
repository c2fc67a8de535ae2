"""One alert: what was told and how it reads now, why, to whom, and the forms to react."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.app.build import App
from monitor.core.delivery.messages import words
from monitor.core.presentation import phrases, rows
from monitor.model import Alert, Decision
from monitor.operations import control
from monitor.web.drawing import read, render
from monitor.web.guard import app_of

# Unread alerts that "next" walks through; a reader who has more begins at Today.
WALK_MAX = 200


async def alert(request: Request) -> Response:
    """The page of one alert."""
    return await render(request, "alert.html", **await read(_values, request))


def _values(request: Request) -> dict[str, Any]:
    app = app_of(request)
    store, name = app.store, request.path_params["alert"]
    found = store.alerts(alert_id=name)
    if not found:
        raise HTTPException(404, "There is no such alert here")
    alert, deliveries = found[0]
    listed = [(rows.row(*pair), pair[0]) for pair in store.told(unread=True, limit=WALK_MAX)]
    unread = [row.id for _, _, group in rows.by_story(listed) for row in group]
    decision = _decision(app, alert)
    said = [row for row in store.feedback(alert.story_id) if row.alert_id == alert.id] if alert.story_id else []
    return words.told(alert) | {
        "here": alert.story_id, "tag_of": phrases.KINDS[alert.kind], "unread": alert.id in unread,
        "walk": _walk(unread, alert.id),
        "deliveries": [(row, store.attempts(row.id)) for row in deliveries], "said": said[-1:],
        "earlier": control.choices(store, alert) if alert.development else [],
        "decision": decision, "neighbours": _neighbours(app, alert),
        "versions": store.versions(alert.entry_key) if alert.entry_key else [],
        "watched": alert.story_id in {story.id for story in app.pipeline.watchlist.stories},
    }  # fmt: skip


def _walk(unread: list[str], name: str) -> dict[str, Any]:
    """The unread alerts before and after this one in the order of Today, and round; from a read one, to the first."""
    if name not in unread:
        return {"previous": "", "next": unread[0] if unread else "", "place": 0, "count": len(unread)}
    at = unread.index(name)
    rest = [*unread[at + 1 :], *unread[:at]]
    return {
        "previous": unread[at - 1] if at else "", "next": rest[0] if rest else "", "place": at + 1,
        "count": len(unread),
    }  # fmt: skip


def _decision(app: App, alert: Alert) -> Decision | None:
    """What was decided of the alert's entry for its story, as it was told."""
    if not alert.entry_key:
        return None
    made = app.store.decisions(story_id=alert.story_id, entry=alert.entry_key, limit=20)
    return next((each for each in made if each.alert_id == alert.id), made[-1] if made else None)


def _neighbours(app: App, alert: Alert) -> dict[str, Alert | None]:
    """The alerts of the story told just before and just after."""
    told = [each for each, _ in app.store.told(story_id=alert.story_id, limit=WALK_MAX)] if alert.story_id else []
    after = [each for each in told if each.at > alert.at]
    before = [each for each in told if each.at < alert.at]
    return {"after": after[-1] if after else None, "before": before[0] if before else None}
