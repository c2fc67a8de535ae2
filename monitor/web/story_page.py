"""A story: where it stands, who told it, its timeline, what is claimed, what was not told, and its settings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from monitor.core import relevance
from monitor.core.delivery.routing import EVERY_STORY
from monitor.core.presentation import claim_lanes, coverage, dates_ahead, moments, opinions, phrases, plot, timeline
from monitor.core.presentation.timeline import Card
from monitor.core.relevance import feedback
from monitor.model import Story, StoryCounts
from monitor.operations import reports, setup
from monitor.ports import Store, setting_names
from monitor.ports.store import ENTRY_PREFIX
from monitor.web.actions import STYLE
from monitor.web.atom import FOLLOW, SHARE, keyed_path, opened
from monitor.web.drawing import Reader, names, read, render, static_answer, watched
from monitor.web.guard import app_of
from monitor.web.today_page import instant_of

# Cards on one page, and rows of what was not told (design of the pages).
CARDS_MAX = 30
NEAR_MAX = 8  # near misses shown, the nearest (set)
FOLDED_MAX = 20  # repeats shown under a step (set)
ALERTS_MAX = 500  # alerts of a story looked back on (set)


async def story(request: Request) -> Response:
    """The page of one story."""
    found = watched(request)
    return await render(request, "story.html", here=found.id, **await read(_values, request, found))


async def shared(request: Request) -> Response:
    """The same to read only, for people who have its key and nothing else: no form, no way on to other pages."""
    if request.url.query == STYLE:
        return static_answer(STYLE)
    found = await read(opened, app_of(request), SHARE, request.path_params["token"])
    return await render(request, "shared.html", bare=True, **await read(_values, request, found))


def _values(request: Request, story: Story) -> dict[str, Any]:
    app = app_of(request)
    store, now, reader = app.store, app.pipeline.clock.now(), Reader.of(request)
    alerts = store.told(story_id=story.id, limit=ALERTS_MAX)
    cards = timeline.cards(reports.accepted(store, story.id), alerts)
    before = instant_of(request.query_params.get("before", ""))
    shown = [card for card in cards if before is None or card.at < before]
    sources = [source.id for source in app.sources.values() if story.reads(source.id)]
    since = min((card.at for card in cards[: coverage.COLUMNS_MAX]), default=now) - timedelta(days=1)
    blind = coverage.blindness(store.gaps(since), store.days(since))
    steps, matrix = coverage.matrix(cards, sources, blind)
    known = names(app)
    place = next((n for n, table in enumerate(app.config.document.story) if table.id == story.id), 0)
    count = store.story_counts().get(story.id, StoryCounts())
    corrections = [alert for alert, _ in alerts if alert.kind == "story.correction"]
    claims = app.pipeline.watchlist.memory(store, story.id, now).claims
    lanes = claim_lanes.lanes(claims, corrections)
    plotted = lanes[: claim_lanes.LANES_MAX]
    return {
        "story": story, "cards": shown[:CARDS_MAX], "total": len([card for card in cards if card.number]),
        "older_at": shown[CARDS_MAX - 1].at if len(shown) > CARDS_MAX else None,
        "state": timeline.state(cards, now, reader.zone), "steps": steps,
        "matrix": [row for row in matrix if set(row[1]) != {"none"}], "signs": coverage.SIGNS,
        "silent": [known.get(source, source) for source, signs in matrix if set(signs) == {"none"}],
        "origins": timeline.origins(cards), "reports": count.reports, "ahead": dates_ahead.ahead(claims, now),
        "saved": "saved" in request.query_params,
        "alerts": count.alerts, "lanes": lanes, "length": moments.length,
        "plots": [Markup(plot.draw(plotted, width)) for width in (plot.WIDE, plot.NARROW)],  # noqa: S704 - escaped there
        "folded": _folded(cards), **_overruled(store, story.id, cards),
        "stopped": sorted(at for at in store.unsubscriptions() if at[0] in (story.id, EVERY_STORY)),
        "not_covered": setup.coverage(story, app.sources)["not_covered"],
        "profile": relevance.describe(app.pipeline.watchlist.profiles[story.id]),
        "follow": keyed_path(app, FOLLOW, story.id), "share": keyed_path(app, SHARE, story.id),
        "channels": list(app.pipeline.channels),
        "place": app.config.where("story", place, "id"),
    }  # fmt: skip


def _overruled(store: Store, story_id: str, cards: list[Card]) -> dict[str, Any]:
    """Near misses, and what a person said of entries: of near ones where they stand, of others in a list."""
    thought = opinions.from_kept(store.setting(setting_names.opinions(story_id)))
    near = store.near_misses([story_id], phrases.NEAR_MARGIN, limit=NEAR_MAX)
    near.sort(key=lambda made: opinions.rank(thought.get(made.entry_key)))
    rows = [row for row in feedback.last_words(store.feedback(story_id)) if row.alert_id.startswith(ENTRY_PREFIX)]
    shown = {made.entry_key for made in near}
    others = [
        (row.entry_key, row.entry.title if row.entry else row.entry_key, row.word)
        for row in reversed(rows)
        if row.entry_key not in shown
    ]
    return {
        "near": near, "thought": thought, "overruled": others[:FOLDED_MAX],
        "words": {row.entry_key: row.word for row in rows},
        "sent": {made.entry_key: made.alert_id for card in cards for made in card.decisions},
    }  # fmt: skip


def _folded(cards: list[Card]) -> list[Card]:
    """Steps that others repeated, newest first."""
    return [card for card in cards if card.number and card.others][:FOLDED_MAX]
