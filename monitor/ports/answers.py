"""What people, reports and pages ask of the state, and what people say to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from monitor.model import Alert, Attempt, Decision, Delivery, FeedbackRow, Gap, Hit, KnownEntry, Query, StoryCounts


class Reading(Protocol):
    """What people and reports ask of single things."""

    def decisions(
        self, *, story_id: str | None = None, entry: str | None = None, since: datetime | None = None,
        follow_up: bool | None = None, limit: int = 1000,
    ) -> list[Decision]:  # fmt: skip
        """Decisions newest first; `entry` is a key, a publisher's id or a URL."""

    def accepted(self, keys: Collection[str]) -> list[Decision]:
        """Of these entries the decisions that made them reports of a development, and what was decided since then."""

    def alerts(
        self, *, alert_id: str | None = None, story_id: str | None = None, since: datetime | None = None,
        limit: int = 200,
    ) -> list[tuple[Alert, list[Delivery]]]:  # fmt: skip
        """Alerts newest first with their deliveries."""

    def attempts(self, delivery_id: str) -> list[Attempt]:
        """The log of one delivery: number, instant, outcome, status, detail, elapsed seconds, answer, request."""

    def versions(self, key: str) -> list[tuple[int, datetime, Any]]:
        """Every version of an entry, oldest first: revision, first seen, `Entry`."""

    def entry(self, name: str) -> KnownEntry | None:
        """The entry with this key, publisher's id or URL."""

    def gaps(self, since: datetime | None = None) -> list[Gap]:
        """Recorded gaps, newest first."""

    def told(
        self, *, unread: bool | None = None, kinds: Sequence[str] = (), story_id: str | None = None,
        before: datetime | None = None, limit: int = 50,
    ) -> list[tuple[Alert, bool]]:  # fmt: skip
        """Alerts newest first, each with whether it is unread; `unread` None means both."""

    def unread_counts(self) -> dict[tuple[str, str], int]:
        """How many alerts are unread, by story ("" for what is of none) and kind."""

    def mark_read(self, alert_ids: Sequence[str], now: datetime) -> None:
        """Mark these as read."""

    def mark_unread(self, alert_id: str) -> None:
        """Let an alert be unread again."""

    def looked_at(self, now: datetime) -> datetime | None:
        """When the reader last marked something, before this sitting; None where nobody ever did."""


class Overview(Protocol):
    """What pages ask for at a glance."""

    def story_counts(self) -> dict[str, StoryCounts]:
        """By story: `verdicts` (its reports), `alerts`, `moved_at` (last development), `told_at` (last alert)."""

    def near_misses(
        self, story_ids: Sequence[str], margin: float, since: datetime | None = None, limit: int = 5
    ) -> list[Decision]:
        """Decisions that missed the threshold by `margin` or less, and not by half of it, the nearest first."""

    def held_back(self, story_id: str, least: float, since: datetime, limit: int) -> list[tuple[Decision, KnownEntry]]:
        """What the story held back of entries as they still are, by `least` or more over the threshold; nearest first.

        `least` is below zero for what missed it. What the story took in another version is none of these.
        """

    def first_decided_at(self, story_id: str) -> datetime | None:
        """Since when an entry has come near the story: it is watched at least so long. None where none has."""

    def days(self, since: datetime) -> dict[str, dict[str, tuple[int, int, int]]]:
        """By source and day (UTC): visits, those that failed, entries never seen before."""

    def hasten(self, source_ids: Sequence[str], now: datetime) -> int:
        """Let these sources be due now; how many were due later."""

    def delivery_counts(self, since: datetime | None = None) -> dict[tuple[str, str], int]:
        """How many deliveries there are, or were begun since then, by channel and state."""

    def deliveries(
        self, states: Sequence[str], before: datetime | None = None, limit: int = 50
    ) -> list[tuple[Delivery, Alert]]:
        """Deliveries in these states with their alerts, newest first."""

    def arrived(self, channel_ids: Sequence[str]) -> dict[str, tuple[datetime, datetime]]:
        """By channel: when the newest delivery that arrived was recorded, and when it arrived."""


class Search(Protocol):
    """Everything seen, by its words."""

    def found(
        self, looked_for: Query, *, sources: Sequence[str] = (), since: datetime | None = None,
        until: datetime | None = None, limit: int = 10_000,
    ) -> tuple[int, list[Hit]]:  # fmt: skip
        """How many entries there are, and what stories made of the newest `limit` of them, newest first."""

    def waiting(self) -> int:
        """How many entries are not findable yet."""

    def index(self, limit: int) -> int:
        """Make findable what waits for it; how many entries, 0 once all are."""

    def weigh(self, limit: int) -> int:
        """Note of decisions older than that figure how near they were; how many, 0 once all are done."""

    def counts(self) -> Mapping[str, float]:
        """Figures for /metrics: entries, decisions, gaps, alerts:KIND, outbox_{pending,held,age_seconds}."""


class People(Protocol):
    """What people said, and small values kept beside."""

    def add_feedback(self, alert_id: str, word: str, argument: str, now: datetime) -> int:
        """Record "no", "same-as" (argument: a development or alert id) or "important"; with "" take all of it back.

        How many rows changed; NotFound for no such alert.
        """

    def overrule(self, entry_key: str, story_id: str, word: str, now: datetime, weighed: Decision | None = None) -> int:
        """Record a word on an entry for a story, in place of the last; with "" take it back. How many rows changed."""

    def feedback(self, story_id: str | None = None) -> list[FeedbackRow]:
        """Recorded feedback, oldest first."""

    def setting(self, name: str, default: str = "") -> str:
        """A small value kept in the state: signing key, last digest day."""

    def settings(self, names: Sequence[str]) -> dict[str, str]:
        """Those of these small values that are kept."""

    def set_setting(self, name: str, value: str) -> None:
        """Keep a small value."""

    def keep_setting(self, name: str, value: str) -> str:
        """Keep a small value where there is none yet; the one that is kept."""
