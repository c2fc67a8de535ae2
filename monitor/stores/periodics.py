"""When what no visit causes is due: of a story, in a column; and who holds a place while it is told something."""

# ruff: noqa: S608 (statements are put together from constants only; every value is bound)

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from monitor.stores import codec
from monitor.stores.outbox import NEW_CHANNEL
from monitor.stores.sources import due_at
from monitor.stores.sql import Part, Session, within

# A story that was taken and not finished is due again after this (set: longer than any of its reads takes).
LEASE = timedelta(seconds=60)
PUT_PERIODIC = "INSERT INTO periodic (story_id, due_at) VALUES (?, ?) ON CONFLICT (story_id) DO "
# What comes first stays: an instant that is there already and is earlier.
WAKE = PUT_PERIODIC + "UPDATE SET due_at = excluded.due_at WHERE excluded.due_at < periodic.due_at"
DUE = "due_at <= ? OR due_at > ?"
TAKE = f"UPDATE periodic SET due_at = ? WHERE story_id = ? AND ({DUE})"
PUT_PLACE = """INSERT INTO destinations (channel_id, recipient, last_seq, last_due_at) VALUES (?, ?, 0, ?)
    ON CONFLICT DO NOTHING"""
# How far ahead of now something may have happened by a clock that runs right (set: far more than clocks are set by
# while they are kept, far less than any wait that matters).
AHEAD = timedelta(minutes=5)
VISITED_AHEAD = "SELECT 1 FROM sources WHERE last_visit_at > ? LIMIT 1"
TOLD_AHEAD = "SELECT 1 FROM deliveries WHERE waiting = 1 AND (created_at > ? OR since_at > ?) LIMIT 1"
# When they happened is set as well: what says that the clock was set back says so once.
AGAIN = (
    "UPDATE sources SET next_at = ? WHERE next_at > ?",
    "UPDATE sources SET last_visit_at = ? WHERE last_visit_at > ?",
    "UPDATE followed SET next_at = ? WHERE next_at > ?",
    "UPDATE periodic SET due_at = ? WHERE due_at > ?",
    "UPDATE channels SET not_before = ? WHERE not_before > ?",
    "UPDATE deliveries SET due_at = ? WHERE due_at > ? AND waiting = 1 AND digest = 0 AND claim = ''",
    "UPDATE deliveries SET since_at = ? WHERE since_at > ? AND waiting = 1",
    "UPDATE deliveries SET created_at = ? WHERE created_at > ? AND waiting = 1",
)
# What is being sent meanwhile keeps its lease where its sender lives, and loses it soon where not.
LET_GO = "UPDATE deliveries SET due_at = ? WHERE due_at > ? AND claim <> '' AND waiting = 1"
NEVER = datetime.fromtimestamp(0, UTC)  # before anything that is sent


class Periodics(Part):
    """Stories whose upkeep is due, one at a time; places, held by who tells them what no visit causes."""

    def watch_stories(self, story_ids: Collection[str]) -> None:
        with self._database.read() as session:
            have = {row[0] for row in within(session, "SELECT story_id FROM periodic WHERE story_id IN", [*story_ids])}
        if new := sorted(set(story_ids) - have):
            with self._database.write() as session:
                session.put_many(PUT_PERIODIC + "NOTHING", [(story_id, "") for story_id in new])

    def stories_due(self, now: datetime, limit: int) -> list[str]:
        found = self._database.rows(
            f"SELECT story_id FROM periodic WHERE {DUE} ORDER BY due_at, story_id LIMIT ?", (*due_at(now), limit)
        )
        return [row[0] for row in found]

    def take_story(self, story_id: str, now: datetime) -> datetime | None:
        until = now + LEASE
        with self._database.write() as session:
            taken = session.change(TAKE, (codec.instant(until), story_id, *due_at(now)))
        return until if taken else None

    def put_off_story(self, story_id: str, taken_until: datetime, next_at: datetime) -> None:
        with self._database.write() as session:
            session.change(
                "UPDATE periodic SET due_at = ? WHERE story_id = ? AND due_at = ?",
                (codec.instant(next_at), story_id, codec.instant(taken_until)),
            )

    def set_back(self, now: datetime) -> bool:
        at, ahead = codec.instant(now), codec.instant(now + AHEAD)
        with self._database.read() as session:
            if not (session.rows(VISITED_AHEAD, (ahead,)) or session.rows(TOLD_AHEAD, (ahead, ahead))):
                return False
        with self._database.write() as session:
            for statement in AGAIN:
                session.change(statement, (at, at))
            session.change(LET_GO, (codec.instant(now + LEASE), ahead))
        return True

    @contextmanager
    def telling(self, channel_id: str, recipient: str) -> Iterator[None]:
        """Hold a place until the block ends; all that is written within is one transaction."""
        with self._database.write() as session:  # by itself: no other place of a new channel is to wait for this one
            session.put_many(NEW_CHANNEL, [(channel_id,)])
        with self._database.write() as session:
            session.change(PUT_PLACE, (channel_id, recipient, codec.instant(NEVER)))
            session.rows(
                f"SELECT 1 FROM destinations WHERE channel_id = ? AND recipient = ?{session.locking}",
                (channel_id, recipient),
            )
            yield


def wake(session: Session, stories: Mapping[str, str]) -> None:
    """Let the upkeep of these stories be due at these instants ("": now) at the latest.

    These rows are written last and in the order of their ids, so that no two writers wait in a circle.
    """
    session.put_many(WAKE, sorted(stories.items()))
