"""What the lane expects of the state: one Protocol, kept by every database, and tried by one suite over all of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol, Self

from monitor.model import (
    Alert,
    Backfill,
    Backfilled,
    ChannelStatus,
    Decision,
    Delivery,
    Gap,
    Hit,
    KnownEntry,
    Marked,
    Outcome,
    Query,
    Receipt,
    Recheck,
    Sighting,
    Source,
    SourceStatus,
    StoryState,
    WatchedArticle,
    Worker,
)

# The setting that changes with every word of people (feedback, unsubscriptions): who finds it changed learns anew.
HEARD = "heard"
# What stands in place of an alert where a word is about an entry that nobody was told of.
ENTRY_PREFIX = "entry:"


class Store(Protocol):
    """State. Every write is one transaction; one process (SQLite) or many (PostgreSQL) may hold it.

    Raises only `StoreError` and its kinds. Times go in and come out as aware UTC datetimes.
    """

    # --- sources
    def sync_sources(self, sources: Sequence[Source], now: datetime) -> None:
        """Make a status row for each configured source that has none (state "new", due at once).

        One whose configured address has changed is due at once too, and forgets what the old address taught.
        """

    def statuses(self, source_ids: Iterable[str] | None = None) -> dict[str, SourceStatus]:
        """Statuses by source id, `entries` and `gaps` counted; all of them without an argument."""

    def due(self, now: datetime, limit: int, source_ids: Collection[str] | None = None) -> list[SourceStatus]:
        """Statuses due at `now` (not paused, gone or review), longest overdue first; of these sources where given.

        One more than two days ahead is due as well: no lawful wait is that long, so the clock has been set back.
        """

    def held(self, now: datetime) -> list[SourceStatus]:
        """Statuses whose server asked to be left alone for longer than until `now`."""

    def take(self, source_ids: Collection[str], now: datetime, lease: timedelta) -> set[str]:
        """Lease those of these sources that are due still; one whose visit is not recorded in time is due again."""

    def set_status(self, status: SourceStatus) -> None:
        """Write one status as it is: pause, resume, accept after review."""

    # --- the lane
    def known_entries(self, source_id: str, aliases: Iterable[str]) -> list[KnownEntry]:
        """Entries of this source that were ever seen under any of these aliases, with the newest version of each."""

    def marks(self, source_id: str) -> dict[str, Marked]:
        """Entries of the source's last document by the fingerprint of their bytes; empty where none were kept."""

    def memory(self, story_id: str, now: datetime, window: timedelta) -> StoryState:
        """What the story knows: members with `at` within `window` of `now`, its claims, recent alerting."""

    def examples(self, story_id: str, limit: int) -> list[tuple[Sighting, Decision]]:
        """The newest `limit` certain follow-ups of a story, oldest first, from which its profile has grown."""

    def record(self, outcomes: Sequence[Outcome]) -> None:
        """Write outcomes in one transaction, outbox included; recording an outcome again changes nothing."""

    # --- which story reads which source
    def readings(self) -> set[tuple[str, str]]:
        """Every story with every source that it has begun to read."""

    def end_readings(self, pairs: Collection[tuple[str, str]]) -> None:
        """Forget that these stories read these sources: when they do again, what came meanwhile is a backfill."""

    def unjudged(self, story_id: str, source_id: str, limit: int, before: KnownEntry | None = None) -> list[KnownEntry]:
        """Stored entries of a source that no decision of the story is about, last seen first, after `before`."""

    def record_backfill(self, backfill: Backfill) -> None:
        """Write what stored entries brought a story in one transaction."""

    def backfilled(self) -> dict[str, list[Backfilled]]:
        """By story, the sources that it began to read from what was stored and of which no brief has told."""

    def tell_backfilled(self, story_id: str, until: datetime) -> None:
        """Mark as told what a story began to read by then."""

    # --- articles that are read again
    def watched_due(
        self, now: datetime, limit: int, lease: timedelta, source_ids: Collection[str]
    ) -> list[WatchedArticle]:
        """Lease articles of these sources (not paused) that are due, longest overdue first."""

    def watched_count(self) -> int:
        """How many articles are followed."""

    def record_recheck(self, reread: Recheck, now: datetime) -> None:
        """Write one reading in one transaction, outbox included; recording it again changes nothing."""

    # --- the outbox
    def settle_and_claim(
        self,
        answered: Sequence[tuple[Delivery, Receipt | None]],
        now: datetime,
        limit: int,
        lease: timedelta,
        per_channel: int,
        mine: Callable[[str], bool] = ...,
    ) -> list[tuple[Delivery, Alert]]:
        """Settle what was answered (None: it was not sent after all), then claim; both in one transaction.

        Claimed are due deliveries (pending, retrying, or held past its time), oldest first, fairly over channels, at
        most `per_channel` leased at once per channel, only of channels that are `mine`. A lease that ran out is an
        attempt without an answer.
        """

    def renew(self, deliveries: Sequence[Delivery], now: datetime, lease: timedelta) -> None:
        """Lengthen the leases of deliveries that are still being sent; those lost meanwhile stay lost."""

    def hand_over(self, delivery: Delivery) -> bool:
        """Note that from now on the peer may have a copy; False where the lease was lost meanwhile."""

    def expire_leases(self, now: datetime) -> None:
        """Let every lease run out: for the one who holds this state alone and has just begun."""

    def due_digests(self, now: datetime) -> list[tuple[str, str, list[tuple[Delivery, Alert]]]]:
        """Held deliveries of digest destinations past their time, by (channel, recipient), oldest first."""

    def roll_up(self, held: Sequence[Delivery], alert: Alert, delivery: Delivery) -> None:
        """Roll held deliveries into one digest: write it and mark them folded into it, in one transaction."""

    def release(self, held: Sequence[Delivery]) -> None:
        """Send held deliveries one by one after all: they are due now, in the order of their numbers."""

    def unsubscriptions(self) -> set[tuple[str, str, str]]:
        """Who wants no more: story ("*": every one), channel and recipient of each."""

    def unsubscribe(self, story_id: str, channel_id: str, recipient: str, now: datetime, why: str) -> int:
        """Stop a story ("*": every one) for a recipient, with what waits and is not being sent; how many that were.

        In the same transaction every holder of the state is told to hear of it.
        """

    def subscribe(self, story_id: str, channel_id: str, recipient: str, now: datetime) -> None:
        """Take that back; what was told meanwhile stays untold."""

    def add_alert(self, alert: Alert, deliveries: Sequence[Delivery]) -> None:
        """Put an alert that no visit made into the outbox (trouble, recovery, overdue, test)."""

    def redeliver(self, now: datetime, alert_id: str | None, since: datetime | None, dead: bool) -> int:
        """Make deliveries pending again, under their old ids; returns how many."""

    def dead_letters(self) -> list[tuple[Delivery, Alert]]:
        """Deliveries that died and of which nobody was told yet."""

    def acknowledge(
        self, channel: ChannelStatus, dead: Sequence[Delivery], alert: Alert | None, deliveries: Sequence[Delivery]
    ) -> None:
        """Put the notice of a channel's trouble into the outbox, and mark as told what it tells, in one transaction."""

    def channels(self) -> list[ChannelStatus]:
        """How every channel that ever was sent to stands, by id."""

    def disabled_channels(self) -> dict[str, str]:
        """Channels switched off, with the reason."""

    def set_channel(self, channel_id: str, disabled: str, now: datetime) -> None:
        """Switch a channel off with a reason, or on with an empty one: what waits for it then begins its life anew."""

    # --- reading
    def decisions(
        self,
        *,
        story_id: str | None = None,
        entry: str | None = None,
        since: datetime | None = None,
        follow_up: bool | None = None,
        limit: int = 1000,
        facts: bool = True,
    ) -> list[tuple[Decision, dict[str, Any]]]:
        """Decisions newest first, each with facts of its entry; `entry` is a key, a publisher's id or a URL."""

    def alerts(
        self,
        *,
        alert_id: str | None = None,
        story_id: str | None = None,
        since: datetime | None = None,
        limit: int = 200,
    ) -> list[tuple[Alert, list[Delivery]]]:
        """Alerts newest first with their deliveries."""

    def attempts(self, delivery_id: str) -> list[dict[str, Any]]:
        """The log of one delivery: number, instant, outcome, status, detail, elapsed seconds, answer, request."""

    def versions(self, key: str) -> list[tuple[int, datetime, Any]]:
        """Every version of an entry, oldest first: revision, first seen, `Entry`."""

    def entry(self, name: str) -> KnownEntry | None:
        """The entry with this key, publisher's id or URL."""

    def gaps(self, since: datetime | None = None) -> list[Gap]:
        """Recorded gaps, newest first."""

    def told(
        self,
        *,
        unread: bool | None = None,
        kinds: Sequence[str] = (),
        story_id: str | None = None,
        before: datetime | None = None,
        limit: int = 50,
    ) -> list[tuple[Alert, bool]]:
        """Alerts newest first, each with whether it is unread; `unread` None means both."""

    def unread_counts(self) -> dict[tuple[str, str], int]:
        """How many alerts are unread, by story ("" for what is of none) and kind."""

    def mark_read(self, alert_ids: Sequence[str], now: datetime) -> None:
        """Mark these as read."""

    def mark_unread(self, alert_id: str) -> None:
        """Let an alert be unread again."""

    def looked_at(self, now: datetime) -> datetime | None:
        """When the reader last marked something, before this sitting; None where nobody ever did."""

    # --- pages
    def story_counts(self) -> dict[str, dict[str, Any]]:
        """By story: `verdicts` (its reports), `alerts`, `moved_at` (last development), `told_at` (last alert)."""

    def near_misses(
        self, story_ids: Sequence[str], margin: float, since: datetime | None = None, limit: int = 5
    ) -> list[Decision]:
        """Decisions of these stories that missed the threshold by `margin` or less, the nearest first."""

    def days(self, since: datetime) -> dict[str, dict[str, tuple[int, int, int]]]:
        """By source and day (UTC): visits, those that failed, entries never seen before."""

    def hasten(self, source_ids: Sequence[str], now: datetime) -> int:
        """Let these sources be due now; how many were due later."""

    def delivery_counts(self) -> dict[tuple[str, str], int]:
        """How many deliveries there are, by channel and state."""

    def deliveries(
        self, states: Sequence[str], before: datetime | None = None, limit: int = 50
    ) -> list[tuple[Delivery, Alert]]:
        """Deliveries in these states with their alerts, newest first."""

    def arrived(self, channel_ids: Sequence[str]) -> dict[str, tuple[datetime, datetime]]:
        """By channel: when the newest delivery that arrived was recorded, and when it arrived."""

    # --- search
    def found(
        self,
        looked_for: Query,
        *,
        sources: Sequence[str] = (),
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 10_000,
    ) -> tuple[int, list[Hit]]:
        """How many entries there are, and what stories made of the newest `limit` of them, newest first."""

    def waiting(self) -> int:
        """How many entries are not findable yet."""

    def index(self, limit: int) -> int:
        """Make findable what waits for it; how many entries, 0 once all are."""

    def weigh(self, limit: int) -> int:
        """Note of decisions older than that figure how near they were; how many, 0 once all are done."""

    def counts(self) -> Mapping[str, float]:
        """Figures for /metrics: entries, decisions, gaps, alerts:KIND, outbox_{pending,held,age_seconds}."""

    # --- people
    def add_feedback(self, alert_id: str, word: str, argument: str, now: datetime) -> None:
        """Record "no", "same-as" (argument: a development or alert id) or "important"; NotFound for no such alert."""

    def overrule(self, entry_key: str, story_id: str, word: str, now: datetime) -> int:
        """Record a word on an entry for a story, in place of the last; with "" take it back. How many rows changed."""

    def feedback(self, story_id: str | None = None) -> list[dict[str, Any]]:
        """Recorded feedback, oldest first: alert, key, entry (`Entry`, or None), source, story, word, argument, at."""

    def setting(self, name: str, default: str = "") -> str:
        """A small value kept in the state: signing key, last digest day."""

    def set_setting(self, name: str, value: str) -> None:
        """Keep a small value."""

    # --- many on one state
    @property
    def shared(self) -> bool:
        """Whether other processes may hold this state too."""

    def now(self) -> datetime:
        """The present instant as the database knows it, which all its holders share; the machine's own elsewhere."""

    def refuse_newer(self) -> None:
        """StoreTooNew where a newer monitor has changed the schema since this one opened the state."""

    def attend(self, worker: Worker, silent_since: datetime) -> None:
        """Note that a worker is there; who was not heard of since then is forgotten."""

    def workers(self, since: datetime) -> list[Worker]:
        """Those that were heard of since then, by id."""

    def leave(self, worker_id: str) -> None:
        """Forget a worker, and end its turns."""

    def lease(self, name: str, holder: str, now: datetime, length: timedelta) -> bool:
        """Whether it is this holder's turn: nobody else has it, or has let it run out. It lasts so long from now."""

    def due_ids(self, now: datetime) -> list[str]:
        """The ids of sources that are due, as `due` finds them."""

    def watched_sources_due(self, now: datetime) -> list[str]:
        """The ids of sources, not paused, of which followed articles are due, longest overdue first."""

    def channels_due(self, now: datetime) -> list[str]:
        """The ids of channels, not switched off, with deliveries that may be claimed or whose lease ran out."""

    def alone(self, name: str) -> AbstractContextManager[None]:
        """Nobody else is in a block of this name meanwhile."""

    def deciding(self, story_ids: Collection[str]) -> AbstractContextManager[Mapping[str, int]]:
        """Nobody else decides about these stories meanwhile; the version of what is remembered of each.

        What is recorded within the block is one transaction with it: who loses the stories records nothing.
        """

    def story_versions(self, story_ids: Sequence[str]) -> dict[str, int]:
        """The version of what is remembered of each of these stories about which anything was ever decided."""

    # --- keeping
    def prune(self, now: datetime, keep_days: int = 400) -> int:
        """Forget what is older and was not accepted: decisions, entries; also gaps, attempts, ended deliveries.

        Returns how many rows went. Identities stay 90 days and 10 feed lengths; follow-ups stay, with their versions,
        decisions and alerts.
        """

    def check(self) -> list[str]:
        """Problems found by the database's own integrity check; empty when sound."""

    def backup(self, path: str) -> None:
        """Write a consistent copy while running."""

    def copy_to(self, target: Self) -> int:
        """Copy the whole state into an empty store, whatever database holds it, or nothing; how many rows."""

    def close(self) -> None:
        """Release the state."""
