"""Fail the n-th write for every n, over the whole life of deliveries: recorded, sent, dead, told, folded, sent again.

The statement fails before it has any effect, or it is a commit whose answer is lost. Whoever failed tries again later,
as the daemon does.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.errors import StoreError
from monitor.model import Destination, Receipt, SendRequest
from monitor.pipeline import Pipeline, Watchlist
from monitor.runtime.dispatcher import LEASE, Dispatcher
from monitor.runtime.maintenance import tend
from monitor.stores import SqlStore, open_store
from tests.channels.matrix import Clock
from tests.stores.made import HOUR, NOW, alert, delivery, outcome, source

WRITES = ("BEGIN IMMEDIATE", "INSERT", "UPDATE", "DELETE", "COMMIT")


class Disk:
    """Counts writes and fails one of them."""

    at = 0
    words = WRITES
    count = 0

    @classmethod
    def fails(cls, statement: str) -> bool:
        """Is this the write that fails?"""
        counts = statement.lstrip().startswith(cls.words)
        cls.count += counts
        return counts and cls.count == cls.at


class Connection(sqlite3.Connection):
    """A connection on that disk."""

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
        """One statement."""
        return self._run(super().execute, statement, *values)

    def executemany(self, statement: str, *values: Any) -> sqlite3.Cursor:
        """One statement, many values."""
        return self._run(super().executemany, statement, *values)

    def _run(self, act: Callable[..., sqlite3.Cursor], statement: str, *values: Any) -> sqlite3.Cursor:
        fails = Disk.fails(statement)
        if fails and Disk.words == WRITES:
            raise sqlite3.OperationalError("database or disk is full")
        cursor = act(statement, *values)
        if fails:
            raise sqlite3.OperationalError("disk I/O error")
        return cursor


@dataclass
class Peer:
    """A receiver that may refuse."""

    refuses: bool = False
    sent: list[SendRequest] = field(default_factory=list)

    async def send(self, send_request: SendRequest) -> Receipt:
        """Delivered or refused."""
        await send_request.hand_over()
        self.sent.append(send_request)
        return Receipt("refused", "550 no such user") if self.refuses else Receipt("delivered", "200", 200)

    async def close(self) -> None:
        """Nothing."""


class Story:
    """Everything that happens to some deliveries, each step tried until it works."""

    def __init__(self, store: SqlStore) -> None:
        """Two receivers, of which one refuses at first; a clock."""
        self.store, self.clock, self.failed = store, Clock(NOW), 0
        self.bad, self.good = Peer(refuses=True), Peer()
        watch = Watchlist((), (Destination("bad"), Destination("good")))
        channels = {"bad": self.bad, "good": self.good}
        self.pipeline = Pipeline(
            store=store, fetcher=None, parser=None, clock=self.clock, watchlist=watch, channels=channels,  # type: ignore[arg-type]
        )  # fmt: skip

    async def step(self, act: Callable[[], Awaitable[object]]) -> None:
        """Until it works: what failed is tried again when leases have run out."""
        for _ in range(4):
            try:
                await act()
            except StoreError:
                self.failed += 1
                self.clock.at += LEASE + timedelta(seconds=1)
            else:
                return
        raise AssertionError("it never worked again")

    async def live(self) -> None:
        """The whole story."""
        made = outcome(1, 2, channels=("bad", "good"))
        held = [replace(alert(f"part {n}"), title=f"Part {n}") for n in range(6)]

        async def record() -> None:
            self.store.sync_sources([source()], NOW)
            self.store.record([made])
            for part in held:
                self.store.add_alert(part, [delivery(part, "good", state="held", digest=True, next_at=NOW + HOUR)])

        async def work() -> None:
            await Dispatcher(self.pipeline).deliver()
            tend(self.pipeline, {})
            await Dispatcher(self.pipeline).deliver()

        async def again() -> None:
            self.bad.refuses = False
            self.store.redeliver(self.clock.at, None, None, True)

        await self.step(record)
        await self.step(work)
        self.clock.at += 2 * HOUR  # the digest is due, and so is what a lost lease put off
        await self.step(work)
        await self.step(again)
        self.clock.at += HOUR
        await self.step(work)
        self.clock.at += 24 * HOUR
        await self.step(work)


@pytest.mark.parametrize("words", [WRITES, ("COMMIT",)], ids=["without effect", "commits that were done"])
async def test_whatever_write_fails_nothing_is_lost_or_told_under_another_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **more: connect(*args, **more, factory=Connection))
    monkeypatch.setattr(Disk, "words", words)
    open_store(str(tmp_path / "empty.db")).close()
    usual = failed = number = 0
    while number <= Disk.count:
        path = tmp_path / f"{number}.db"
        shutil.copy(tmp_path / "empty.db", path)
        store = open_store(str(path))
        monkeypatch.setattr(Disk, "count", 0)
        monkeypatch.setattr(Disk, "at", number)
        story = Story(store)
        await story.live()
        monkeypatch.setattr(Disk, "at", 0)
        sent = _judge(story)
        usual = usual or sent
        assert sent <= usual + 4, "no more than was in flight is sent twice"
        store.close()
        path.unlink()
        failed += story.failed
        number += 1
    assert number > (25 if words == ("COMMIT",) else 150), "the story has that many writes, and each was made to fail"
    assert failed > number // 2


def _judge(story: Story) -> int:
    """Everything arrived where it should; how many attempts were made."""
    rows = {row.id: row for _, deliveries in story.store.alerts(limit=1000) for row in deliveries}
    assert story.store.check() == []
    assert {row.state for row in rows.values()} == {"delivered"}, rows
    for name, peer in (("bad", story.bad), ("good", story.good)):
        arrived = {send_request.delivery.id for send_request in peer.sent}
        assert arrived == {row.id for row in rows.values() if row.channel_id == name and not row.folded_into}
    notices = {
        send_request.alert.id for send_request in story.good.sent if send_request.alert.source_id == "channel:bad"
    }
    assert len(notices) == 1, "what the bad channel lost is told once"
    return len(story.bad.sent) + len(story.good.sent)
