"""Alerts: what to tell, to whom, and what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import field
from datetime import datetime
from typing import Any, Literal

from monitor.model.entries import Entry
from monitor.model.nouns import dataclass
from monitor.model.stories import ClaimDelta, Reason, TextChange
from monitor.model.words import AlertKind, DeliveryState, Outcome, Phase, Severity, Verdict


@dataclass(frozen=True, slots=True)
class Report:
    """A report beside the alert's own, or one part of a digest: source name, URL, headline and origin.

    Parts of a digest also have the `kind`, the id (`alert`) and the `story` of the alert they stand for, and in
    `detail` what changed.
    """

    source: str
    url: str
    title: str = ""
    origin: str = ""
    published_at: datetime | None = None
    kind: AlertKind | None = None
    alert: str = ""
    story: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to tell. Immutable once recorded; `id` is computed from its content, so a replay collides with itself.

    Story alerts have `story_id`; operator alerts have `source_id` instead. `items` are the parts of a baseline or
    digest; `changes` the typed differences of a revision or correction.
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
    `digest_empty`: a day without alerts is told as such. `mute_until`: a date or time there, until which all is held.
    More than `together` alerts that come at once go out as one message (0: each by itself), one for each story in
    `apart`, which has a place of its own there.
    """

    channel_id: str
    recipient: str = ""
    mode: Literal["now", "digest"] = "now"
    digest_at: str = "07:30"
    digest_every_h: int | None = None
    digest_empty: bool = True
    timezone: str = "UTC"
    quiet: str = ""
    kinds: tuple[str, ...] = ()
    stories: tuple[str, ...] = ()
    severity_min: Severity = "low"
    urgent: Severity = "high"
    operator: bool = True
    mute_until: str = ""
    together: int = 0
    apart: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert to one destination: a row of the outbox. `id` is the idempotency key, webhook-id and Message-ID seed.

    `seq` rises per destination in commit order; `previous_id` is the delivery before it in the same story thread;
    `unknown` counts attempts without a final answer; `claim` is the fencing token of the lease, and `handed` says that
    under it the peer may have taken a copy. Retries end a time after the first attempt, `since_at`. A held delivery
    waits for `next_at`; with `digest` it is then weighed with its fellows: folded, or let go singly where they are few.
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
    handed: bool = False
    since_at: datetime | None = None


async def _nobody_asks() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class SendRequest:
    """What a channel is handed to send: the delivery, its alert, and links made for this recipient.

    A channel whose peer knows no ids awaits `hand_over` just before the peer may keep a copy that we never hear of; it
    records that, and False forbids to go on.
    """

    delivery: Delivery
    alert: Alert
    links: Mapping[str, Any] = field(default_factory=dict)
    hand_over: Callable[[], Awaitable[bool]] = _nobody_asks


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of one attempt. `refused` is permanent; `unknown` means no final answer, so a copy may have arrived.

    `disable` asks that the channel be switched off (410, repeated authentication failure). `request` says what was sent
    where, without secrets.
    """

    outcome: Outcome
    detail: str = ""
    status: int | None = None
    retry_after_s: int | None = None
    disable: bool = False
    elapsed_s: float = 0.0
    answer: str = ""
    request: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt at a delivery as its log has it: what its `Receipt` said, and when; numbered through redeliveries."""

    number: int
    at: datetime
    outcome: str
    status: int | None
    detail: str
    elapsed_s: float
    answer: str
    request: str


@dataclass(frozen=True, slots=True)
class FeedbackRow:
    """A word that somebody said of an alert, or of an entry ("yes"); `argument` is what "same-as" names."""

    alert_id: str
    entry_key: str
    story_id: str
    word: str
    argument: str
    at: datetime
    entry: Entry | None = None
    source_id: str = ""


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail that came back: local parts of Message-IDs that may be ours, the alert it told, the host's own words."""

    ids: tuple[str, ...]
    alert: str
    recipient: str
    words: str


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """How a channel stands: why it is switched off ("" while it is on), and since when nothing has come through.

    `failed_at` is the last failure; `told` whether the other channels know that it is off; `mourned_at` when they last
    heard of its dead letters. Nothing is sent before `not_before`: the endpoint has asked for that.
    """

    channel_id: str
    disabled: str = ""
    failing_since: datetime | None = None
    failed_at: datetime | None = None
    told: bool = False
    mourned_at: datetime | None = None
    not_before: datetime | None = None
