"""Two versions of an article, compared at an address that stays."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.core.delivery.messages import worddiff
from monitor.core.revisions import versions
from monitor.model import Entry, Revision
from monitor.ports.store import ENTRY_PREFIX
from monitor.web.drawing import read, render
from monitor.web.guard import app_of

# A whole article on one page; longer ones are cut and say so.
DIFF_CHARS_MAX = 60_000


async def version(request: Request) -> Response:
    """A version as it read, with what differs from the one before it, or from `against`."""
    return await render(request, "version.html", **await read(_values, request))


def _values(request: Request) -> dict[str, Any]:
    app = app_of(request)
    key, number = request.path_params["key"], request.path_params["number"]
    kept = {revision: (at, entry) for revision, at, entry in app.store.versions(key)}
    if number not in kept:
        raise HTTPException(404, "There is no such version here")
    earlier = [revision for revision in kept if revision < number]
    asked = request.query_params.get("against", "")
    against = int(asked) if asked.isdecimal() and len(asked) < 9 else max(earlier, default=0)
    known, decisions = app.store.entry(key), app.store.decisions(entry=key, limit=1000)
    titles = {story.id: story.title for story in app.pipeline.watchlist.stories}
    said = [row for row in app.store.feedback() if row.alert_id == ENTRY_PREFIX + key]
    taken = any(made.score.follow_up for made in decisions)
    before = kept.get(against)
    differs = _compared(before[1], kept[number][1]) if before and against != number else None
    runs = worddiff.runs(differs.html, DIFF_CHARS_MAX, DIFF_CHARS_MAX) if differs else []
    return {
        "key": key, "number": number, "against": against if before else None, "runs": runs,
        "entry": kept[number][1], "at": kept[number][0], "changes": differs.changes if differs else (),
        "versions": [(revision, at) for revision, (at, _) in kept.items()],
        "source": known.source_id if known else "", "decisions": decisions,
        "readers": [
            (story.id, story.title)
            for story in app.pipeline.watchlist.stories
            if known and not taken and not said and story.reads(known.source_id)
        ],
        "overruled": [(row.story_id, titles[row.story_id], row.word) for row in said if row.story_id in titles],
    }  # fmt: skip


def _compared(old: Entry, new: Entry) -> Revision:
    texts = (old.text or old.summary, new.text or new.summary)
    return versions.compare(*texts, new.published_at, old_title=old.title, new_title=new.title)
