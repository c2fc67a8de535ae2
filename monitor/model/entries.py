"""Entries: what a publisher says in a feed, and under which identity it is kept."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from monitor.model.nouns import dataclass
from monitor.model.words import ErrorClass

SEEN_AGAIN_AFTER = timedelta(days=1)  # after which seeing an entry again is worth a write (set)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as published: plain text fields, already stripped of markup and cut to the limits of `docs/limits.md`.

    `id` is the publisher's identifier (guid, atom:id, JSON Feed id) or empty; `url` the fetch URL, absolute or empty;
    `text` the longer content where the feed carries it, else empty. Dates outside 1990..now+2 d are None.
    `outlet` is whom an aggregator names as the publisher, empty where the feed is the outlet's own. `offset_min` is by
    how many minutes the clock that `published_at` was written by is ahead of UTC.
    """

    id: str = ""
    url: str = ""
    title: str = ""
    summary: str = ""
    text: str = ""
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    language: str = ""
    outlet: str = ""
    offset_min: int = 0

    @property
    def dated_at(self) -> datetime | None:
        """`published_at` on the publisher's own clock: the day from which "tomorrow" and "Monday" in its text count."""
        at = self.published_at
        return at.astimezone(timezone(timedelta(minutes=self.offset_min))) if at and self.offset_min else at


@dataclass(frozen=True, slots=True)
class Feed:
    """A parsed body; where it is no feed, `error` says why. `entries_cut` counts those beyond the limit, dropped.

    `ends_early` says that the document stops before its end: `entries` are those that were whole. `marks` are the
    fingerprints of all its entries as they were written, in its order, where such were asked for and could be had;
    `entries` are then only those whose marks were not handed in. `more` are documents to be read with this one: the
    children of an index of sitemaps. `skipped` are the hours of the week (UTC, from Monday) in which the feed asks not
    to be visited (RSS 2.0, skipHours and skipDays).
    """

    format: str = ""
    title: str = ""
    link: str = ""
    updated_at: datetime | None = None
    language: str = ""
    entries: tuple[Entry, ...] = ()
    problems: tuple[str, ...] = ()
    error: ErrorClass | None = None
    detail: str = ""
    ttl_s: int | None = None
    skipped: tuple[int, ...] = ()
    entries_cut: int = 0
    ends_early: bool = False
    marks: tuple[str, ...] = ()
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """What is kept of an entry under the fingerprint of its bytes, so that the same bytes need not be read again.

    `published` is its date as text that sorts (`core.times`), empty for none: most come and go unread.
    """

    key: str
    published: str = ""


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """An entry already stored: its stable `key`, the newest version of its text, when it was first and last seen."""

    key: str
    source_id: str
    entry: Entry
    revision: int
    first_seen_at: datetime
    last_seen_at: datetime
    aliases: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sighting:
    """An entry of this visit, given its identity. `previous` is the stored version, None for an entry never seen."""

    key: str
    entry: Entry
    at: datetime
    revision: int
    aliases: tuple[str, ...]
    previous: KnownEntry | None = None

    @property
    def first_seen_at(self) -> datetime:
        """When any version of it was seen first."""
        return self.previous.first_seen_at if self.previous else self.at

    @property
    def is_new(self) -> bool:
        """Never seen before under any of its names."""
        return self.previous is None

    @property
    def is_noted(self) -> bool:
        """Whether it is worth a write that an entry which is known was seen again, for that was noted long ago."""
        return self.previous is not None and self.at - self.previous.last_seen_at >= SEEN_AGAIN_AFTER
