"""Deliveries: how each channel stands, what has not arrived and why, and one button each."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from monitor.app.build import App
from monitor.core.presentation import moments, phrases
from monitor.web.drawing import Reader, read, render
from monitor.web.guard import app_of
from monitor.web.today_page import instant_of

ROWS_MAX = 50  # rows of a page (set)
OPEN = ("dead", "retrying", "held", "pending")
TABS = {
    "": OPEN,
    "dead": ("dead",),
    "retrying": ("retrying",),
    "held": ("held", "pending"),
    "delivered": ("delivered",),
}
LABELS = {"": "Open", "dead": "Given up", "retrying": "Being tried", "held": "Waiting", "delivered": "Arrived"}


async def deliveries(request: Request) -> Response:
    """Channels, and every message that is not there yet."""
    return await render(request, "deliveries.html", here="Deliveries", **await read(_values, request))


def _values(request: Request) -> dict[str, Any]:
    app = app_of(request)
    now, reader = app.pipeline.clock.now(), Reader.of(request)
    state = request.query_params.get("state", "")
    state = state if state in TABS else ""
    before = instant_of(request.query_params.get("before", ""))
    counts = app.store.delivery_counts()
    sums = {name: sum(count for (_, each), count in counts.items() if each in states) for name, states in TABS.items()}
    rows = app.store.deliveries(TABS[state], before, ROWS_MAX + 1)
    return {
        "channels": _channels(app, counts), "off": app.store.disabled_channels(),
        "tabs": [(name, LABELS[name], sums[name]) for name in TABS],
        "state": state, "rows": rows[:ROWS_MAX], "sums": sums,
        "older_at": rows[ROWS_MAX - 1][0].created_at if len(rows) > ROWS_MAX else None,
        "today": moments.today(now, reader.zone), "length": moments.length, "states": phrases.DELIVERY_STATES,
    }  # fmt: skip


def _channels(app: App, counts: dict[tuple[str, str], int]) -> list[dict[str, Any]]:
    """Every configured channel: whether it is off, what arrived last and how fast, what waits and what was given up."""
    off = app.store.disabled_channels()
    standing = {status.channel_id: status for status in app.store.channels()}
    arrived = app.store.arrived(list(app.pipeline.channels))
    kinds = {str(table.get("id")): str(table.get("type")) for table in app.config.document.channel}
    recipients: dict[str, list[str]] = {}
    for place in app.pipeline.watchlist.destinations:
        if place.recipient:
            recipients.setdefault(place.channel_id, []).append(place.recipient)
    return [
        {
            "id": name, "type": kinds.get(name, ""), "off": off.get(name, ""), "to": recipients.get(name, []),
            "failing_since": standing[name].failing_since if name in standing else None,
            "not_before": standing[name].not_before if name in standing else None,
            "arrived": arrived.get(name), "dead": counts.get((name, "dead"), 0), "held": counts.get((name, "held"), 0),
            "waiting": counts.get((name, "pending"), 0) + counts.get((name, "retrying"), 0),
        }
        for name in app.pipeline.channels
    ]  # fmt: skip
