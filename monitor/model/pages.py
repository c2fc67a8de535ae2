"""Pages: the article behind an entry, read for its text, and read again while it may still change."""

from __future__ import annotations

from datetime import datetime

from monitor.model.nouns import dataclass
from monitor.model.words import ErrorClass, PageState


@dataclass(frozen=True, slots=True)
class Page:
    """An article page read for its text. `state` other than "ok" is never compared with an earlier version.

    "unchanged" is a 304 to the validators of an earlier reading, "gone" a 404 or 410.
    """

    url: str
    at: datetime
    state: PageState = "ok"
    error: ErrorClass | None = None
    title: str = ""
    text: str = ""
    published_at: datetime | None = None
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class WatchedArticle:
    """An article that is read again after it was accepted: what it said when alerts last spoke of it, and what is next.

    `since` is min(published, first seen), from which its age counts; `next_at` None ends the following. `page` is None
    until it could be read; `unsure` is a change seen once that waits for a second look, `doubts` counts those that
    turned out different; `failures` readings in a row that gave no text; `kept` names the newest version kept.
    """

    entry_key: str
    source_id: str
    url: str
    since: datetime
    next_at: datetime | None
    page: Page | None = None
    unsure: Page | None = None
    doubts: int = 0
    failures: int = 0
    kept: str = ""
