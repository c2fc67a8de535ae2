"""Today: what is new over all stories since the reader last looked, and a receipt for the silence."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from monitor.app.build import App
from monitor.core.delivery.retries import GIVEN_UP_FOR, unheard_for
from monitor.core.presentation import dates_ahead, moments, opinions, phrases, receipt, rows, troubles
from monitor.core.presentation.dates_ahead import Ahead
from monitor.core.presentation.receipt import Receipt
from monitor.core.presentation.troubles import Trouble
from monitor.core.times import midnight
from monitor.model import Query, Story, StoryCounts
from monitor.ports import setting_names
from monitor.web.drawing import Reader, names, read, render
from monitor.web.guard import app_of

# Rows on one page; more are a page further (chosen here: some four screens of a desk).
UNREAD_MAX = 50
READ_MAX = 20  # read alerts shown below the new ones (set)
NEAR_MAX = 5  # near misses shown (design of the pages)
QUIET_AFTER = timedelta(days=7)  # without a development, after which a story is called quiet (design of the pages)
DATES_MAX = 6  # dates to watch shown (set)
# What a receipt counts one by one; beyond, only the newest are sorted into parts.
HITS_MAX = 10_000


async def today(request: Request) -> Response:
    """Unread alerts by story, near misses, what was read, and what was looked at."""
    return await render(request, "today.html", here="Today", **await read(_values, request))


def _values(request: Request) -> dict[str, Any]:
    app = app_of(request)
    store, now, reader = app.store, app.pipeline.clock.now(), Reader.of(request)
    name = request.query_params.get("kind", "")
    chosen = name if name in phrases.FILTERS else ""
    read_only = request.query_params.get("show") == "read"
    kinds = phrases.FILTERS[chosen][1] if chosen else ()
    unread = [] if read_only else store.told(unread=True, kinds=kinds, limit=UNREAD_MAX)
    before = instant_of(request.query_params.get("before", ""))
    earlier = store.told(unread=False, kinds=kinds, before=before, limit=READ_MAX + 1)
    stories = {story.id: story for story in app.pipeline.watchlist.stories}
    looked_at = store.looked_at(now)
    near = store.near_misses(list(stories), phrases.NEAR_MARGIN, looked_at or now - timedelta(days=1), NEAR_MAX)
    thought = {
        (name, key): opinion
        for name in {made.story_id for made in near}
        for key, opinion in opinions.from_kept(store.setting(setting_names.opinions(name))).items()
    }
    near.sort(key=lambda made: opinions.rank(thought.get((made.story_id, made.entry_key))))
    said = {(row.entry_key, row.story_id) for row in store.feedback()} if near else set()
    paper = make_receipt(app, reader, looked_at or now - timedelta(days=1), now)
    statuses = [status for status in store.statuses(app.sources).values() if not status.paused]
    last = max((status.last_visit_at for status in statuses if status.last_visit_at), default=None)
    failing = sum(status.error is not None for status in statuses)
    return {
        "day": moments.today(now, reader.zone), "since": _since(looked_at, now, reader),
        "groups": rows.by_story([(rows.row(alert, flag), alert) for alert, flag in unread]),
        "titles": {story_id: story.title for story_id, story in stories.items()},
        "unread_ids": [alert.id for alert, _ in unread], "earlier": [rows.row(*pair) for pair in earlier[:READ_MAX]],
        "older_at": earlier[READ_MAX - 1][0].at if len(earlier) > READ_MAX else None, "tabs": _tabs(app),
        "filter": chosen, "filter_label": phrases.FILTERS[chosen][0] if chosen else "", "read_only": read_only,
        "near": [(made, stories[made.story_id].title) for made in near if (made.entry_key, made.story_id) not in said],
        "thought": thought, "ahead": _ahead(app, stories, now),
        "troubles": find_troubles(app, reader, now), "receipt": paper, "quiet": _quiet(app, now),
        "silence": receipt.silence(paper, len(statuses), failing, moments.past(last, now) if last else ""),
    }  # fmt: skip


def _ahead(app: App, stories: dict[str, Story], now: datetime) -> list[tuple[Ahead, Story]]:
    """The nearest dates of all stories."""
    found = [
        (each, story)
        for story in stories.values()
        for each in dates_ahead.read(app.store.setting(setting_names.ahead(story.id)), now)
    ]
    return sorted(found, key=lambda pair: (pair[0].day, pair[1].id))[:DATES_MAX]


def _tabs(app: App) -> dict[str, tuple[str, int]]:
    counts = Counter[str]()
    for (_, kind), count in app.store.unread_counts().items():
        counts[kind] += count
    found = {name: (label, sum(counts[kind] for kind in kinds)) for name, (label, kinds) in phrases.FILTERS.items()}
    return {name: tab for name, tab in found.items() if tab[1]}


def make_receipt(app: App, reader: Reader, since: datetime, now: datetime) -> Receipt:
    """What was looked at since an instant."""
    count, hits = app.store.found(Query(), since=since, limit=HITS_MAX)
    visits, failed = receipt.totals(app.store.days(since))
    return Receipt(
        since=since.strftime("%Y-%m-%dT%H:%M:%SZ"), since_words=moments.since(since, now, reader.zone), entries=count,
        parts=receipt.counts(hits), visits=visits, failed=failed,
        visits_from=moments.day(midnight(since), now, since.tzinfo or reader.zone), waiting=app.store.waiting(),
    )  # fmt: skip


def find_troubles(app: App, reader: Reader, now: datetime) -> list[Trouble]:
    """What needs somebody, over sources, channels and the daemon itself."""
    known = names(app)
    failing = [
        (status, known.get(status.source_id, status.source_id), _since(status.failing_since, now, reader))
        for status in app.store.statuses(app.sources).values()
        if status.error and not status.paused
    ]
    off = {name: why for name, why in app.store.disabled_channels().items() if name in app.pipeline.channels}
    counts = app.store.delivery_counts(now - GIVEN_UP_FOR)
    dead = {channel: count for (channel, state), count in counts.items() if state == "dead"}
    unheard = {
        each.channel_id: _since(each.failing_since, now, reader)
        for each in unheard_for(app.store.channels(), app.pipeline.channels, now)
    }
    return troubles.troubles(app.daemon.blocked, app.metrics.config_ok._value.get() != 0, failing, off, dead, unheard)


def _since(at: datetime | None, now: datetime, reader: Reader) -> str:
    return moments.since(at, now, reader.zone) if at else ""


def _quiet(app: App, now: datetime) -> list[tuple[str, str, str]]:
    """Stories that have not moved for a week, with whether their sources are read."""
    counts, statuses = app.store.story_counts(), app.store.statuses(app.sources)
    found = []
    for story in app.pipeline.watchlist.stories:
        moved_at = counts.get(story.id, StoryCounts()).moved_at
        if moved_at is None or now - moved_at < QUIET_AFTER:
            continue
        reading = [status for name, status in statuses.items() if story.reads(name)]
        failing = sum(status.error is not None for status in reading)
        words = f"{phrases.counted(failing, 'source')} cannot be read" if failing else "its sources are read on time"
        found.append((moved_at, story.id, story.title, f"nothing new for {(now - moved_at).days} days; {words}"))
    return [(story, title, words) for _, story, title, words in sorted(found, reverse=True)[:8]]


def instant_of(text: str) -> datetime | None:
    """An instant from an address, None where there is none that can be read."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None
