"""Sources and visits: what is polled, what is remembered of it, what came back."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from monitor.model.nouns import dataclass
from monitor.model.words import ErrorClass, SourceKind, SourceState


@dataclass(frozen=True, slots=True)
class Source:
    """A feed that is polled, as the configuration names it. `interval_s` overrides the adaptive interval.

    `kind` says what is read as the feed where the outlet has none: its sitemap of news, or the page of a section.
    Its own way out, where it has one: `user_agent`, `headers` (to its own origin only), `proxy` ("direct": past the
    usual one) and `ca_file`. `same_as` is the id of the source that is the very same feed and is visited in its place.
    """

    id: str
    name: str
    url: str
    homepage: str = ""
    interval_s: int | None = None
    username: str = ""
    password: str = field(default="", repr=False)
    language: str = ""
    kind: SourceKind = "feed"
    user_agent: str = ""
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    proxy: str = field(default="", repr=False)
    ca_file: str = ""
    same_as: str = ""

    @property
    def label(self) -> str:
        """What people call it: its name, else its id."""
        return self.name or self.id


@dataclass(frozen=True, slots=True)
class Everyday:
    """In how many of a source's `entries` on other matters its words (stems) stand, as `core.count_min` counts.

    `noted` are the words of the entries after these, which are not counted in yet (`core.relevance.everyday`).
    """

    entries: int = 0
    cells: bytes = b""
    noted: str = ""


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """What is remembered of a source between two visits. `etag` and `last_modified` are echoed byte for byte.

    `url` is the address to visit: the configured one, remembered in `configured_url`, until a permanent redirect is
    believed. `ttl_s`, `skipped` and `max_age_s` are what the feed and its server last wished.
    `newest_at` is the newest date of an entry seen, `hours` how many came in each hour of a working day and of a day
    at the weekend (see `poll_schedule.learnt`).
    """

    source_id: str
    state: SourceState = "new"
    error: ErrorClass | None = None
    detail: str = ""
    url: str = ""
    configured_url: str = ""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    interval_s: int = 900
    ttl_s: int | None = None
    skipped: tuple[int, ...] = ()
    max_age_s: int | None = None
    next_at: datetime | None = None
    last_visit_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_full_at: datetime | None = None
    last_new_at: datetime | None = None
    newest_at: datetime | None = None
    hours: tuple[float, ...] = ()
    retry_until: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    trouble_told: bool = False
    moved_to: str = ""
    moved_count: int = 0
    moved_since: datetime | None = None
    baseline_at: datetime | None = None
    feed_title: str = ""
    feed_language: str = ""
    feed_host: str = ""
    entries: int = 0
    gaps: int = 0
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """One due visit: the source, what is remembered of it, and when. `unconditional` asks for the whole body."""

    source: Source
    status: SourceStatus
    at: datetime
    unconditional: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back from one visit; a refusal, a 304 and a body are the same type and travel the same pipeline.

    `body` is decoded (no content encoding left) and empty unless `error` is None and `status` is 2xx. `moved_to` is the
    target of an unbroken chain of permanent redirects, `link` the Link header. Durations are seconds. `body_hash` is
    the body's identity, once somebody has asked for it.
    """

    source_id: str
    url: str
    at: datetime
    status: int | None = None
    error: ErrorClass | None = None
    detail: str = ""
    body: bytes = field(default=b"", repr=False)
    content_type: str = ""
    final_url: str = ""
    etag: str = ""
    last_modified: str = ""
    retry_after_s: int | None = None
    max_age_s: int | None = None
    moved_to: str = ""
    elapsed_s: float = 0.0
    link: str = ""
    body_hash: str = ""

    @property
    def not_modified(self) -> bool:
        """True for a 304 answer."""
        return self.error is None and self.status == 304

    @property
    def unasked(self) -> bool:
        """True where no request was made, because the server had asked others to stay away."""
        return self.error == "rate_limited" and self.status is None


@dataclass(frozen=True, slots=True)
class Gap:
    """A source whose oldest entry was newer than all seen before: entries between `since` and `until` may be lost."""

    source_id: str
    since: datetime
    until: datetime
    detail: str = ""
