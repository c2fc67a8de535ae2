"""The nouns: every value that flows through `monitor`. Frozen, without effects; instants are aware UTC datetimes.

One word per thing: a *source* is visited, a *visit* yields a *fetched* answer and a *feed* of *entries*; an
entry that a *story* recognises is a *match*; what it says that is new is a *change*; whom to tell is an *alert* with
one *delivery* per destination.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

SourceState = Literal["new", "ok", "failing", "paused", "gone", "moved", "review", "blocked"]
ErrorClass = Literal[
    "timeout", "too_large", "bad_http", "truncated", "reset", "connect", "dns", "tls", "decode", "parse", "not_a_feed",
    "challenge", "blocked_address", "blocked_scheme", "redirect_limit", "http_status", "rate_limited", "gone",
    "bad_config",
]  # fmt: skip
Verdict = Literal["development", "confirmation", "repeat", "revision", "correction", "touch"]
RevisionVerdict = Literal["none", "touch", "revision", "correction"]
ChangeKind = Literal[
    "figure", "date", "name", "place", "attribution", "negation", "quote", "headline", "text", "notice"
]  # fmt: skip
Phase = Literal["planned", "ordered", "delayed", "under way", "confirmed", "denied", "reversed"]
AlertKind = Literal[
    "story.development", "story.confirmation", "story.revision", "story.correction", "story.claim_changed",
    "story.overdue", "story.reawakened", "story.baseline", "story.digest", "source.trouble", "source.recovered",
    "channel.test",
]  # fmt: skip
DeliveryState = Literal["pending", "held", "delivered", "retrying", "dead", "cancelled"]
Severity = Literal["low", "normal", "high"]


@dataclass(frozen=True, slots=True)
class Source:
    """A feed that is polled, as the configuration names it. `interval_s` overrides the adaptive interval."""

    id: str
    name: str
    url: str
    homepage: str = ""
    interval_s: int | None = None
    username: str = ""
    password: str = field(default="", repr=False)
    language: str = ""


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """What is remembered of a source between two visits. `etag` and `last_modified` are echoed byte for byte."""

    source_id: str
    state: SourceState = "new"
    error: ErrorClass | None = None
    detail: str = ""
    url: str = ""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    interval_s: int = 900
    next_at: datetime | None = None
    last_visit_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_full_at: datetime | None = None
    last_new_at: datetime | None = None
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
    """What came back from one visit; a refusal, a 304 and a body are the same type and travel the same lane.

    `body` is decoded (no content encoding left) and empty unless `error` is None and `status` is 2xx. `moved_to` is the
    target of an unbroken chain of permanent redirects. Durations are seconds.
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
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def not_modified(self) -> bool:
        """True for a 304 answer."""
        return self.error is None and self.status == 304


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as published: plain text fields, already stripped of markup and cut to the limits of `faults.md`.

    `id` is the publisher's identifier (guid, atom:id, JSON Feed id) or empty; `url` the fetch URL, absolute or empty;
    `text` the longer content where the feed carries it, else empty. Dates outside 1990..now+2 d are None.
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


@dataclass(frozen=True, slots=True)
class Feed:
    """A parsed body; where it is no feed, `error` says why. `entries_cut` counts those beyond the limit, dropped."""

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
    hub: str = ""
    entries_cut: int = 0


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
    def is_new(self) -> bool:
        """Never seen before under any of its names."""
        return self.previous is None


@dataclass(frozen=True, slots=True)
class Citation:
    """A source that the seed article names: outlet, and the cited headline or link where given."""

    outlet: str
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """An article read from text or HTML: body without boilerplate, the sources it cites, and its date where stated."""

    title: str
    text: str
    url: str = ""
    published_at: datetime | None = None
    cited: tuple[Citation, ...] = ()
    language: str = ""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """A watched story. `threshold` None means the default; empty `source_ids` or `channel_ids` mean all."""

    id: str
    title: str
    seed: Article
    source_ids: tuple[str, ...] = ()
    channel_ids: tuple[str, ...] = ()
    threshold: float | None = None
    must: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """One signal of a score or verdict. `evidence` is a sentence for a person; `weight` its share in the value."""

    signal: str
    value: float
    weight: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Score:
    """How surely an entry belongs to a story, 0..1, with the evidence. `follow_up` is value >= threshold and no veto.

    `certain` marks a match strong enough to teach the story's profile; `borderline` one that its page may decide.
    """

    value: float
    threshold: float
    follow_up: bool
    reasons: tuple[Reason, ...] = ()
    certain: bool = False
    borderline: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A story and how an entry scored on it."""

    story_id: str
    score: Score


@dataclass(frozen=True, slots=True)
class Claim:
    """Something checkable that a text says.

    `kind`: quantity, age, date, deadline, attribution or stance. `subject` is what the claim is about, in plain words
    ("workers to be sent"); `value` the value as written ("800-1,000"); `low`/`high` its numeric range where there is
    one; `unit` the unit class ("people", "troops", "usd", ...); `date_from`/`date_to` ISO dates of a date claim.
    """

    kind: Literal["quantity", "age", "date", "deadline", "attribution", "stance"]
    subject: str
    text: str
    value: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    qualifier: str = ""
    date_from: str = ""
    date_to: str = ""
    quote: str = ""
    source: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClaimDelta:
    """A tracked claim that now reads differently; `before` is empty for a claim not made before."""

    subject: str
    before: str
    after: str
    quote: str
    before_source: str = ""


@dataclass(frozen=True, slots=True)
class TextChange:
    """One typed difference between two versions of an article and the sentence it stands in."""

    kind: ChangeKind
    before: str
    after: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Revision:
    """How two versions of one article differ. `html` is a word diff with ins/del, safe to embed."""

    verdict: RevisionVerdict
    changes: tuple[TextChange, ...] = ()
    html: str = ""
    unannounced: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A follow-up already accepted into a story, as novelty compares against it.

    `at` is min(published, first seen); `alert_id` the alert that told the development, empty when none did (baseline).
    """

    entry_key: str
    source_id: str
    source_name: str
    development: str
    verdict: Verdict
    at: datetime
    title: str
    text: str
    url: str
    origin: str
    score: float = 0.0
    certain: bool = False
    alert_id: str = ""


@dataclass(frozen=True, slots=True)
class Memory:
    """What a story knows when an entry arrives: accepted members oldest first, the claim ledger, and recent alerting.

    `change_alerts` are (entry key, at) of revision and correction alerts of the last 24 h, for the flapping limit.
    """

    story_id: str
    members: tuple[Member, ...] = ()
    claims: tuple[Claim, ...] = ()
    change_alerts: tuple[tuple[str, datetime], ...] = ()
    last_development_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Novelty:
    """Whether a follow-up is new to its story: its verdict, the development it reports, its origin, and why."""

    verdict: Verdict
    development: str
    origin: str
    phase: Phase | None = None
    claims: tuple[Claim, ...] = ()
    deltas: tuple[ClaimDelta, ...] = ()
    reasons: tuple[Reason, ...] = ()
    folded_into_key: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of one entry revision for one story; stored for every pair considered, matched or not."""

    entry_key: str
    story_id: str
    source_id: str
    entry_id: str
    at: datetime
    title: str
    url: str
    revision: int
    score: Score
    verdict: Verdict | None = None
    development: str = ""
    origin: str = ""
    phase: Phase | None = None
    folded_into: str = ""
    alert_id: str = ""
    baseline: bool = False
    deltas: tuple[ClaimDelta, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Who else reported a development: source name, URL, headline and origin, for alerts and timelines."""

    source: str
    url: str
    title: str = ""
    origin: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to tell. Immutable once recorded; `id` is computed from its content, so a replay collides with itself.

    Story alerts have `story_id`; operator alerts have `source_id` instead. `items` are the parts of a baseline or
    digest, newest first; `changes` the typed differences of a revision or correction. `held_note` says why it is late.
    """

    id: str
    kind: AlertKind
    at: datetime
    title: str
    story_id: str = ""
    story_title: str = ""
    source_id: str = ""
    entry_key: str = ""
    entry_id: str = ""
    severity: Severity = "normal"
    verdict: Verdict | None = None
    phase: Phase | None = None
    summary: str = ""
    article_title: str = ""
    article_url: str = ""
    article_source: str = ""
    published_at: datetime | None = None
    first_seen_at: datetime | None = None
    revision: int = 1
    development: str = ""
    origin: str = ""
    origins: int = 0
    also_reported_by: tuple[Report, ...] = ()
    deltas: tuple[ClaimDelta, ...] = ()
    changes: tuple[TextChange, ...] = ()
    diff_html: str = ""
    still_carrying: tuple[Report, ...] = ()
    reasons: tuple[Reason, ...] = ()
    items: tuple[Report, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Destination:
    """Where alerts go: one webhook endpoint, or one recipient of a mail channel; with its calm and routing settings.

    `digest_at` is "HH:MM"; `quiet` is "HH:MM-HH:MM"; both in `timezone` (IANA). Empty `kinds` means every kind.
    """

    channel_id: str
    recipient: str = ""
    mode: Literal["now", "digest"] = "now"
    digest_at: str = "07:30"
    digest_every_h: int | None = None
    timezone: str = "UTC"
    quiet: str = ""
    kinds: tuple[str, ...] = ()
    stories: tuple[str, ...] = ()
    severity_min: Severity = "low"
    urgent: Severity = "high"
    operator: bool = True


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert to one destination: a row of the outbox. `id` is the idempotency key, webhook-id and Message-ID seed.

    `seq` rises per destination in commit order; `previous_id` is the delivery before it in the same story thread;
    `unknown` counts attempts without a final answer; `claim` is the fencing token of the lease. A held delivery waits
    for `next_at`: to be sent by itself, or, with `digest`, to be folded with its fellows.
    """

    id: str
    alert_id: str
    channel_id: str
    recipient: str
    state: DeliveryState = "pending"
    attempts: int = 0
    created_at: datetime | None = None
    next_at: datetime | None = None
    error: str = ""
    seq: int = 0
    previous_id: str = ""
    unknown: int = 0
    claim: str = ""
    folded_into: str = ""
    digest: bool = False


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a channel is handed to send: the delivery, its alert, and links made for this recipient."""

    delivery: Delivery
    alert: Alert
    links: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of one attempt. `refused` is permanent; `unknown` means no final answer, so a copy may have arrived.

    `disable` asks that the channel be switched off (410, repeated authentication failure). Never raises instead.
    """

    outcome: Literal["delivered", "retry", "refused", "unknown"]
    detail: str = ""
    status: int | None = None
    retry_after_s: int | None = None
    disable: bool = False
    elapsed_s: float = 0.0
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A source whose oldest entry was newer than all seen before: entries between `since` and `until` may be lost."""

    source_id: str
    since: datetime
    until: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything one visit leaves behind, written in one transaction: state, entries, decisions, claims, outbox."""

    status: SourceStatus
    fetched: Fetched
    sightings: tuple[Sighting, ...] = ()
    decisions: tuple[Decision, ...] = ()
    members: tuple[tuple[str, Member], ...] = ()
    claims: tuple[tuple[str, str, Claim], ...] = ()
    alerts: tuple[Alert, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    gaps: tuple[Gap, ...] = ()
    entries_new: int = 0
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """An article page read for its text. `state` other than "ok" is never compared with an earlier version."""

    url: str
    at: datetime
    state: Literal["ok", "paywall", "consent", "challenge", "empty", "forbidden", "failed"] = "ok"
    error: ErrorClass | None = None
    title: str = ""
    text: str = ""
    published_at: datetime | None = None
    notices: tuple[str, ...] = ()
