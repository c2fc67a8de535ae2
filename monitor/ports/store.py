"""What the pipeline expects of the state: a Protocol for each part, all kept by every database, tried by one suite."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol, Self

from monitor.model import (
    Alert,
    Backfill,
    Backfilled,
    ChannelStatus,
    Delivery,
    Everyday,
    KnownEntry,
    Marked,
    Outcome,
    Receipt,
    Recheck,
    Sighting,
    Source,
    SourceStatus,
    StoryState,
    WatchedArticle,
    Worker,
)
from monitor.ports.answers import Overview, People, Reading, Search

# What stands in place of an alert where a word is about an entry that nobody was told of.
ENTRY_PREFIX = "entry:"


class Sources(Protocol):
    """When each source is due, and how it stands."""

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

    def give_back(self, leased_until: Mapping[str, datetime], now: datetime) -> None:
        """Let sources be due now whose leases, and nobody's since, run until these instants."""

    def set_status(self, status: SourceStatus) -> None:
        """Write one status as it is: pause, resume, accept after review."""


class Visits(Protocol):
    """What a visit reads and records."""

    def known_entries(self, source_id: str, aliases: Iterable[str]) -> list[KnownEntry]:
        """Entries of this source that were ever seen under any of these aliases, with the newest version of each."""

    def reading(self) -> AbstractContextManager[object]:
        """All that this thread reads within the block is of one moment; it writes nothing meanwhile."""

    def marks(self, source_id: str) -> dict[str, Marked]:
        """Entries of the source's last document by the fingerprint of their bytes; empty where none were kept."""

    def everyday(self, source_id: str) -> Everyday:
        """What the source writes anyway, as far as that is known."""

    def memory(
        self, story_id: str, now: datetime, window: timedelta, keys: Collection[str] | None = None
    ) -> StoryState:
        """What the story knows: members with `at` within `window` of `now`, its claims, recent alerting.

        With `keys`, only what it knows by these entries.
        """

    def examples(
        self, story_ids: Sequence[str], limit: int, since: datetime | None = None, keys: Collection[str] | None = None
    ) -> list[tuple[str, Sighting, datetime]]:
        """The newest `limit` certain follow-ups of stories, oldest first: what profiles learn; when each was decided.

        Of those decided `since`; with `keys`, of these entries.
        """

    def record(self, outcomes: Sequence[Outcome]) -> None:
        """Write outcomes in one transaction, outbox included; recording an outcome again changes nothing."""


class Backfills(Protocol):
    """Which story reads which source, and what it read of what was stored before."""

    def readings(self) -> set[tuple[str, str]]:
        """Every story with every source that it has begun to read."""

    def end_readings(self, pairs: Collection[tuple[str, str]]) -> None:
        """Forget that these stories read these sources: when they do again, what came meanwhile is a backfill."""

    def unjudged(self, story_id: str, source_id: str, limit: int, before: KnownEntry | None = None) -> list[KnownEntry]:
        """Stored entries of a source that no decision of the story is about, last seen first, after `before`."""

    def record_backfill(self, backfill: Backfill) -> None:
        """Write what stored entries brought a story in one transaction."""

    def backfilled(self, story_id: str) -> list[Backfilled]:
        """The sources that a story began to read from what was stored and of which no brief has told."""

    def tell_backfilled(self, story_id: str, until: datetime) -> None:
        """Mark as told what a story began to read by then."""


class Rechecks(Protocol):
    """Accepted articles, which are read again while they may change."""

    def watched_due(
        self, now: datetime, limit: int, lease: timedelta, source_ids: Collection[str]
    ) -> list[WatchedArticle]:
        """Lease articles of these sources (not paused) that are due, longest overdue first."""

    def watched_count(self) -> int:
        """How many articles are followed."""

    def record_recheck(self, reread: Recheck, now: datetime) -> None:
        """Write one reading in one transaction, outbox included; recording it again changes nothing."""


class Outbox(Protocol):
    """What waits to be sent, what was sent, and how the channels stand."""

    def settle_and_claim(
        self, answered: Sequence[tuple[Delivery, Receipt | None]], now: datetime, limit: int, lease: timedelta,
        per_channel: int, mine: Callable[[str], bool] = ...,
    ) -> list[tuple[Delivery, Alert]]:  # fmt: skip
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
        """Let leases run out whose holders have ended.

        All of them, where one process at a time holds a state: for the one that has just begun. Of a state that many
        share those of processes of this machine that are known to have ended.
        """

    def set_back(self, now: datetime) -> bool:
        """Make due what waits for a time that the clock was set back from; whether it was.

        Visits, upkeep and attempts that were to come then; each attempt, and each channel's wait, begins anew. Of many
        who share a state each may ask: the first does it.
        """

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

    def add_alerts(self, alerts: Sequence[Alert], deliveries: Sequence[Delivery], at: datetime) -> None:
        """The same of several that were made at one instant."""

    def redeliver(self, now: datetime, alert_id: str | None, since: datetime | None, dead: bool) -> int:
        """Make deliveries pending again, under their old ids; returns how many."""

    def come_back(self, delivery_ids: Sequence[str], receipt: Receipt, now: datetime) -> Delivery | None:
        """A mail that was taken came back: the first of these deliveries that is one is dead with the receipt's words.

        None where none is: unknown, or booked as dead before.
        """

    def dead_letters(self) -> list[tuple[Delivery, Alert]]:
        """Deliveries that died and of which nobody was told yet."""

    def acknowledge(
        self, channel: ChannelStatus, dead: Sequence[Delivery], alert: Alert | None, deliveries: Sequence[Delivery]
    ) -> bool:
        """Put the notice of a channel's trouble into the outbox, and mark as told what it tells, in one transaction.

        Whether it was: not where somebody else has told of the channel meanwhile.
        """

    def channels(self) -> list[ChannelStatus]:
        """How every channel that ever was sent to stands, by id."""

    def disabled_channels(self) -> dict[str, str]:
        """Channels switched off, with the reason."""

    def set_channel(self, channel_id: str, disabled: str, now: datetime) -> None:
        """Switch a channel off with a reason, or on with an empty one: what waits for it then begins its life anew."""


class Workers(Protocol):
    """What many processes on one state need of it: turns, fences, one time, one version."""

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

    def watch_stories(self, story_ids: Collection[str]) -> None:
        """Let the upkeep of these stories be due now where nothing is known of it."""

    def stories_due(self, now: datetime, limit: int) -> list[str]:
        """The stories whose upkeep is due, longest overdue first."""

    def take_story(self, story_id: str, now: datetime) -> datetime | None:
        """Take the upkeep of a story that is due still; until when, None where it is not due."""

    def put_off_story(self, story_id: str, taken_until: datetime, next_at: datetime) -> None:
        """Say when the upkeep of a story that was taken is due next, unless it has become due meanwhile."""

    def telling(self, channel_id: str, recipient: str) -> AbstractContextManager[None]:
        """Nobody else tells this place what no visit causes meanwhile; what is written within is one transaction."""

    def deciding(self, story_ids: Collection[str], wait: bool = True) -> AbstractContextManager[Mapping[str, int]]:
        """Nobody else decides about these stories meanwhile; the version of what is remembered of each.

        What is recorded within the block is one transaction with it: who loses the stories records nothing. Without
        `wait` those are left out that somebody else holds, or about which nothing was decided yet.
        """

    def deciding_one(
        self, choices: Sequence[Collection[str]], known: Mapping[str, int], busy: set[str]
    ) -> AbstractContextManager[tuple[int, Mapping[str, int], Mapping[str, frozenset[str] | None]] | None]:
        """`deciding` about the first of these choices of stories of which nobody else holds any.

        Which one it is, the versions, and of those of which another is `known` what `moved_since` says. None where
        somebody holds something of each, or nothing was decided yet about it. What is found to be held is noted in
        `busy`; choices that have something of it are passed over.
        """

    def story_versions(self, story_ids: Sequence[str]) -> dict[str, int]:
        """The version of what is remembered of each of these stories about which anything was ever decided."""

    def moved_since(self, versions: Mapping[str, int]) -> dict[str, frozenset[str] | None]:
        """The entries that moved these stories since a version of each; None where that is too long ago to say."""


class Keeping(Protocol):
    """What keeps the state small, sound and copied."""

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


class Store(
    Sources, Visits, Backfills, Rechecks, Outbox, Reading, Overview, Search, People, Workers, Keeping, Protocol
):
    """State. Every write is one transaction; one process (SQLite) or many (PostgreSQL) may hold it.

    Raises only `StoreError` and its kinds. Times go in and come out as aware UTC datetimes.
    """
