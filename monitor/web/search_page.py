"""Search over everything seen: GET only, so that a search is a link."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from monitor.core.language import search_terms
from monitor.core.presentation import receipt
from monitor.core.text import opening
from monitor.operations import searching
from monitor.operations.searching import Search
from monitor.web.drawing import Reader, names, read, render
from monitor.web.guard import app_of
from monitor.web.today_page import instant_of

# Of a text, what a row shows (two lines of a desk).
TEXT_CHARS_MAX = 260
FACET_MAX = 12  # values of a facet, the commonest (set)


async def search(request: Request) -> Response:
    """The form, the facets, a page of results."""
    return await render(request, "search.html", here="Search", **await read(_values, request))


def asked(request: Request) -> Search:
    """What the address asks for; what cannot be read there is left out."""
    given, zone = request.query_params, Reader.of(request).zone
    page = given.get("page", "1")
    until = _day(given.get("to", ""))
    since = instant_of(given.get("since", ""))
    day = _day(given.get("from", ""))
    return Search(
        text=given.get("q", "")[: search_terms.QUERY_CHARS_MAX], story=given.get("story", ""),
        source=given.get("source", ""), decision=given.get("decision", ""),
        since=since or (datetime.combine(day, time(), zone).astimezone(UTC) if day else None),
        until=datetime.combine(until + timedelta(days=1), time(), zone).astimezone(UTC) if until else None,
        page=int(page) if page.isdecimal() and len(page) < 5 else 1,
    )  # fmt: skip


def _day(text: str) -> Any:
    try:
        found = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day, in the reader's zone
    except ValueError:
        return None
    return found if 1990 <= found.year <= 2200 else None


def _values(request: Request) -> dict[str, Any]:
    app = app_of(request)
    looked_for = asked(request)
    found = searching.search(app.store, looked_for)
    query = search_terms.query(looked_for.text)
    titles = {story.id: story.title for story in app.pipeline.watchlist.stories}
    facets = {
        "story": _facet(found.facets["story"], looked_for.story, {searching.NO_STORY: "none of yours", **titles}),
        "source": _facet(found.facets["source"], looked_for.source, names(app)),
        "decision": _facet(found.facets["decision"], looked_for.decision, receipt.PARTS),
    }
    texts = [f"{story.title} {story.seed.title} {story.seed.text}" for story in app.pipeline.watchlist.stories]
    meant = searching.suggestion(app.store, looked_for, texts) if looked_for.text and not found.count else ""
    seen = sum(status.entries for status in app.store.statuses().values())
    return {
        "asked": looked_for, "found": found, "facets": facets, "titles": titles, "parts": receipt.PARTS,
        "seen": seen, "meant": meant,
        "marked": lambda text: search_terms.marked(text, query), "opening": lambda text: opening(text, TEXT_CHARS_MAX),
        "from_day": request.query_params.get("from", ""), "to_day": request.query_params.get("to", ""),
        "pages": -(-found.count // searching.PAGE), "sorted_max": searching.SORTED_MAX,
    }  # fmt: skip


def _facet(counts: Any, chosen: str, labels: Any) -> list[tuple[str, str, int, bool]]:
    """(value, label, count, chosen) of a facet, the most frequent first; the choice always stands there."""
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:FACET_MAX]
    if chosen and chosen not in dict(ranked):
        ranked.append((chosen, counts.get(chosen, 0)))
    return [(value, labels.get(value, value), count, value == chosen) for value, count in ranked]
