"""What is on its way: order, how much at once, leases, stopping, several recipients, and the same ids again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from monitor.channels import Tools, email, webhook
from monitor.model import Delivery, Receipt
from monitor.net.client import client
from monitor.net.guard import Guard
from monitor.pipeline import Pipeline, Watchlist
from monitor.runtime.daemon import Daemon
from monitor.runtime.dispatcher import IN_FLIGHT_MAX, Dispatcher
from monitor.stores import SqlStore, open_store
from tests.channels import misbehaving as bad
from tests.channels.matrix import ALERT, NOW, Clock
from tests.channels.misbehaving import Hook, SmtpHost, says
from tests.stores.made import claim


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    made = open_store(str(tmp_path / "monitor.db"))
    yield made
    made.close()


@asynccontextmanager
async def hooks(**servers: Hook) -> AsyncIterator[dict[str, Any]]:
    """A webhook channel for each receiver, and the receivers running."""
    for server in servers.values():
        await server.start()
    async with client(Guard([f"127.0.0.1:{server.port}" for server in servers.values()])) as door:
        tools = Tools(door, lambda *_: "")
        yield {
            name: webhook.WebhookChannel(
                webhook.Settings(id=name, type="webhook", url=f"http://127.0.0.1:{server.port}/"), [], tools
            )
            for name, server in servers.items()
        }
    await asyncio.gather(*(server.stop() for server in servers.values()))


def lane_of(store: SqlStore, channels: dict[str, Any], clock: Clock | None = None) -> Pipeline:
    return Pipeline(
        store=store, fetcher=None, parser=None, clock=clock or Clock(), watchlist=Watchlist(()), channels=channels,  # type: ignore[arg-type]
    )  # fmt: skip


def put(store: SqlStore, count: int, *channels: str, recipient: str = "") -> None:
    for number in range(count):
        alert = replace(ALERT, id=f"a{number}")
        rows = [Delivery(f"{alert.id}-{name}", alert.id, name, recipient, created_at=NOW) for name in channels]
        store.add_alert(alert, rows)


async def test_first_attempts_come_in_order_and_a_hanging_endpoint_holds_up_no_other(store: SqlStore) -> None:
    slow, good = Hook(scripts=(bad.hangs,)), Hook(scripts=(says(200),))
    async with hooks(slow=slow, good=good) as channels:
        put(store, 40, "slow", "good")
        dispatcher = Dispatcher(lane_of(store, channels))
        carrying = asyncio.create_task(dispatcher.deliver())
        while len(good.requests) < 40:
            await asyncio.sleep(0.01)
        assert [headers["webhook-id"] for headers, _ in good.requests] == [f"a{n}-good" for n in range(40)]
        assert len(slow.requests) == 1
        assert len(dispatcher.sending) <= 2 + 2
        carrying.cancel()


async def test_two_are_in_flight_to_an_endpoint_and_sixteen_in_all(store: SqlStore) -> None:
    servers = {f"c{n}": Hook(scripts=(*[says(500)] * 4, bad.hangs)) for n in range(12)}
    async with hooks(**servers) as channels:
        put(store, 4, *servers)
        clock = Clock()
        pipeline = lane_of(store, channels, clock)
        await Dispatcher(pipeline).deliver()
        clock.at += timedelta(seconds=30)  # what failed once no longer waits for its turn
        dispatcher = Dispatcher(pipeline)
        for _ in range(3):
            await dispatcher.turn()
            await asyncio.sleep(0.05)
        assert len(dispatcher.sending) == IN_FLIGHT_MAX
        assert max(server.open_most for server in servers.values()) == 2
        await dispatcher.stop(0)


async def test_an_endpoint_that_asks_for_patience_is_left_alone_as_a_whole(store: SqlStore) -> None:
    busy, good = Hook(scripts=(says(429, "retry-after: 3600"), says(200))), Hook(scripts=(says(200),))
    async with hooks(busy=busy, good=good) as channels:
        put(store, 5, "busy", "good")
        clock = Clock()
        pipeline = lane_of(store, channels, clock)
        for minutes in (0, 1, 30, 28):
            clock.at += timedelta(minutes=minutes)
            await Dispatcher(pipeline).deliver()
        assert (len(busy.requests), len(good.requests)) == (1, 5)
        clock.at += timedelta(minutes=10)
        await Dispatcher(pipeline).deliver()
    ids = [headers["webhook-id"] for headers, _ in busy.requests]
    assert set(ids) == {f"a{n}-busy" for n in range(5)}
    assert {row.state for _, rows in store.alerts() for row in rows} == {"delivered"}


async def test_stopping_records_what_was_under_way_and_gives_back_what_was_not(store: SqlStore) -> None:
    slow = Hook(scripts=(bad.hangs,))
    async with hooks(slow=slow) as channels:
        put(store, 2, "slow")
        dispatcher = Dispatcher(lane_of(store, channels))
        await dispatcher.turn()
        await asyncio.sleep(0.1)
        await dispatcher.stop(0.1)
    rows = sorted((row for _, rows in store.alerts() for row in rows), key=lambda row: row.seq)
    assert [(row.state, row.attempts, row.claim) for row in rows] == [("retrying", 1, ""), ("pending", 0, "")]
    assert store.attempts(rows[0].id)[0].detail == "stopped while it was being sent"


async def test_a_lease_lasts_as_long_as_the_sending(store: SqlStore) -> None:
    """The peer takes four leases to answer; another process asks for work all along and gets none."""
    slow, clock, lease = Hook(scripts=(bad.late,)), Clock(), timedelta(seconds=9)
    async with hooks(slow=slow) as channels:
        put(store, 1, "slow")
        dispatcher = Dispatcher(lane_of(store, channels, clock), lease=lease)
        carrying = asyncio.create_task(dispatcher.deliver())
        while not slow.requests:
            await asyncio.sleep(0.01)
        for _ in range(12):
            clock.at += lease / 3
            await dispatcher.turn()
            assert claim(store, clock.at, 9, lease, 9) == []
        await carrying
    assert [row.state for _, rows in store.alerts() for row in rows] == ["delivered"]
    assert len(slow.requests) == 1


async def test_each_recipient_of_a_mail_has_an_outcome_and_ids_stay(store: SqlStore) -> None:
    names = ("refused@example.org", "taken@example.org", "grey@example.org")
    host = SmtpHost(by_recipient={names[0]: ("550 no such user",), names[2]: ("450 later", "250 fine")})
    await host.start()
    settings = email.Settings.model_validate({
        "id": "mail", "type": "email", "host": "127.0.0.1", "port": host.port, "tls": "none",
        "from": "monitor@example.org", "to": list(names),
    })  # fmt: skip
    clock = Clock()
    pipeline = lane_of(store, {"mail": email.EmailChannel(settings, "")}, clock)
    store.add_alert(ALERT, [Delivery(f"m{n}", ALERT.id, "mail", name, created_at=NOW) for n, name in enumerate(names)])
    for wait in (timedelta(), timedelta(minutes=2)):
        clock.at += wait
        await Dispatcher(pipeline).deliver()
    rows = {row.recipient: (row.state, row.attempts) for _, rows in store.alerts() for row in rows}
    assert rows == {names[0]: ("dead", 1), names[1]: ("delivered", 1), names[2]: ("delivered", 2)}
    assert store.redeliver(clock.at, None, None, True) == 1
    assert store.redeliver(clock.at, ALERT.id, None, False) == 3
    host.by_recipient = {}
    await Dispatcher(pipeline).deliver()
    await host.stop()
    ids = [str(message_from_bytes(raw)["Message-ID"]) for raw in host.messages]
    assert sorted(ids) == [f"<m{n}@example.org>" for n in (0, 1, 1, 2, 2)]
    log = store.attempts("m2")
    assert [row.outcome for row in log] == ["retry", "delivered", "delivered"]
    assert "bytes to grey@example.org by 127.0.0.1" in log[-1].request


async def test_a_login_is_tried_three_times_however_many_mails_wait(store: SqlStore) -> None:
    names = [f"r{n}@example.org" for n in range(6)]
    host, clock = SmtpHost(scripts=({"auth": "535 no"},)), Clock()
    await host.start()
    settings = email.Settings.model_validate({
        "id": "mail", "type": "email", "host": "127.0.0.1", "port": host.port, "tls": "none", "username": "ann",
        "from": "monitor@example.org", "to": names,
    })  # fmt: skip
    store.add_alert(ALERT, [Delivery(f"m{n}", ALERT.id, "mail", name, created_at=NOW) for n, name in enumerate(names)])
    pipeline = lane_of(store, {"mail": email.EmailChannel(settings, "wrong")}, clock)
    for _ in range(5):
        await Dispatcher(pipeline).deliver()
        clock.at += timedelta(hours=1)
    await host.stop()
    assert sum(line.lower().startswith("auth") for line, _ in host.commands) <= 3
    assert list(store.disabled_channels()) == ["mail"]
    assert {row.state for _, rows in store.alerts() for row in rows} <= {"retrying", "pending"}, "nothing is lost"


@dataclass
class Heard:
    """Remembers what a daemon told."""

    failures: list[str] = field(default_factory=list)

    def delivered(self, delivery: Delivery, receipt: Receipt) -> None:
        """Nothing."""

    def failed(self, what: str, error: BaseException) -> None:
        """What failed."""
        self.failures.append(f"{what}: {error}")


async def test_while_the_state_cannot_be_written_nothing_is_sent_and_nothing_twice(store: SqlStore) -> None:
    """As with a full disk: what was under way is recorded when a write succeeds again, without a second copy."""
    writer = store._database._writer  # type: ignore[attr-defined]
    good = Hook(scripts=(bad.late, says(200)))
    async with hooks(good=good) as channels:
        put(store, 3, "good")
        heard = Heard()
        daemon = Daemon(lane_of(store, channels), {}, heard)  # type: ignore[arg-type]
        await daemon.deliveries()
        while not good.requests:
            await asyncio.sleep(0.01)
        writer.execute("PRAGMA query_only = ON")
        for _ in range(10):
            await asyncio.sleep(0.05)
            await daemon.deliveries()
            await daemon.visits()
        assert "readonly" in daemon.blocked
        assert len(heard.failures) == 1, "a cause is told once"
        sent = len(good.requests)
        assert sent <= 2, "only what was leased before"
        writer.execute("PRAGMA query_only = OFF")
        await daemon.visits()
        assert daemon.blocked == ""
        while any(row.state != "delivered" for _, rows in store.alerts() for row in rows):
            await daemon.deliveries()
            await asyncio.sleep(0.01)
    assert sorted(headers["webhook-id"] for headers, _ in good.requests) == ["a0-good", "a1-good", "a2-good"]
