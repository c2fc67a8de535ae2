"""A courier that is killed over and over while it delivers: what arrives, how often, under which ids.

A life is a process of its own that holds the state alone, sends what is due by webhook and by mail, and is killed at a
random moment. The peers live with the counting. Lives are forked from a server that has everything imported.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from monitor.channels import Tools, email, webhook
from monitor.model import Delivery
from monitor.net.client import client
from monitor.net.guard import Guard
from monitor.pipeline import Pipeline, Watchlist
from monitor.runtime.dispatcher import PER_CHANNEL_MAX, Dispatcher
from monitor.stores import SqlStore, open_store
from monitor.stores.outbox import put
from tests.channels.matrix import ALERT
from tests.channels.misbehaving import Hook, SmtpHost, says

RECIPIENT = "desk@example.org"
CHANNELS = ("hook", "mail")
READY_S_MAX = 60.0
THINKS_S = 0.005


@dataclass
class Ahead:
    """The machine's clock, moved on: hours of waiting between two attempts pass at once."""

    hours: float = 0.0

    def now(self) -> datetime:
        """The instant."""
        return datetime.now(UTC) + timedelta(hours=self.hours)


async def _thinks(writer: asyncio.StreamWriter) -> None:
    """200 after a while, in which a sender may die."""
    await asyncio.sleep(THINKS_S)
    writer.write(says(200))
    await writer.drain()


@dataclass
class Peers:
    """A webhook receiver and a smart host on a thread of their own, with the ids that each was given."""

    hook: Hook = field(default_factory=lambda: Hook(scripts=(_thinks,)))
    host: SmtpHost = field(default_factory=lambda: SmtpHost(dot_s=THINKS_S))

    def hooked(self) -> list[str]:
        """The ids that the receiver was sent, in the order of arrival."""
        return [headers["webhook-id"] for headers, _ in self.hook.requests]

    def mailed(self) -> list[str]:
        """The ids that the host was sent, whether it could say so or not."""
        heads = (raw.partition(b"\r\n\r\n")[0] for raw in self.host.messages)
        return [str(message_from_bytes(head)["Message-ID"]).strip("<>").partition("@")[0] for head in heads]


@contextmanager
def serving() -> Iterator[Peers]:
    """Peers that answer until the end of the block."""
    peers, loop = Peers(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    for server in (peers.hook, peers.host):
        asyncio.run_coroutine_threadsafe(server.start(), loop).result()
    try:
        yield peers
    finally:
        for server in (peers.hook, peers.host):
            asyncio.run_coroutine_threadsafe(server.stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def fill(path: str, count: int, channels: Sequence[str] = CHANNELS) -> None:
    """Put that many alerts for each of these channels into the outbox; "mail" has a recipient."""
    store, now = open_store(path), datetime.now(UTC)
    for start in range(0, count, 500):
        alerts = [replace(ALERT, id=f"a{n}", title=f"Span {n} stands") for n in range(start, min(start + 500, count))]
        rows = [
            Delivery(f"{alert.id}-{name}", alert.id, name, RECIPIENT if name == "mail" else "", created_at=now)
            for alert in alerts
            for name in channels
        ]
        with store._database.write() as session:
            put(session, alerts, rows, now)
    store.close()


async def deliver(store: SqlStore, hook_port: int, smtp_port: int, clock: Ahead) -> None:
    """Send what is due until nothing is."""
    async with client(Guard([f"127.0.0.1:{hook_port}"])) as door:
        tools = Tools(door, lambda *_: "")
        hook = webhook.Settings(id="hook", type="webhook", url=f"http://127.0.0.1:{hook_port}/")
        mail = email.Settings.model_validate({
            "id": "mail", "type": "email", "host": "127.0.0.1", "port": smtp_port, "tls": "none",
            "from": "monitor@example.org", "to": [RECIPIENT],
        })  # fmt: skip
        channels: dict[str, Any] = {"hook": webhook.open_channel(hook, tools), "mail": email.open_channel(mail, tools)}
        pipeline = Pipeline(
            store=store, fetcher=None, parser=None, clock=clock, watchlist=Watchlist(()), channels=channels,  # type: ignore[arg-type]
        )  # fmt: skip
        await Dispatcher(pipeline).deliver()


def live(path: str, hook_port: int, smtp_port: int, hours: float, said: Connection) -> None:
    """One life: take the state, which nobody else holds, send what is due, end when nothing is."""
    store, clock = open_store(path, exclusive=True), Ahead(hours)
    store.expire_leases(clock.now())
    said.send("ready")
    asyncio.run(deliver(store, hook_port, smtp_port, clock))
    said.send("done")
    store.close()


@dataclass
class Toll:
    """What came of it."""

    alerts: int
    kills: int = 0
    lost: int = 0
    duplicates: int = 0
    foreign: int = 0
    copies_most: dict[str, int] = field(default_factory=dict)
    states: Counter[str] = field(default_factory=Counter)
    sound: bool = False

    @property
    def duplicates_max(self) -> int:
        """What was promised: in flight, times kills."""
        return PER_CHANNEL_MAX * len(CHANNELS) * self.kills


class Reaper:
    """Starts lives and ends them."""

    def __init__(self, path: str, peers: Peers, seed: int) -> None:
        """Lives on the state at `path`; the same seed waits as long before each kill."""
        self._arguments = (path, peers.hook.port, peers.host.port)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([__name__])
        self._chance = random.Random(seed)

    def _born(self, hours: float) -> tuple[BaseProcess, Connection]:
        mine, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=live, args=(*self._arguments, hours, theirs), daemon=True)
        process.start()
        theirs.close()
        if not mine.poll(READY_S_MAX) or mine.recv() != "ready":
            raise RuntimeError("a life did not begin")
        return process, mine

    def kill_one(self, least_s: float, most_s: float) -> bool:
        """One life, killed between these moments of its work; False where it was done before."""
        process, said = self._born(0)
        done = said.poll(least_s + (most_s - least_s) * self._chance.random())
        process.kill()
        process.join()
        said.close()
        return not done

    def finish(self, hours: float) -> None:
        """One life that is let be, that much later."""
        process, said = self._born(hours)
        process.join()
        said.close()


def reap(
    path: str, alerts: int, kills: int, seed: int, *, within_s: tuple[float, float] = (0.02, 0.2),
    progress: Callable[[int], None] = lambda killed: None,
) -> Toll:  # fmt: skip
    """Deliver that many alerts on two channels with that many kill -9 in between; then let it finish, and count."""
    toll = Toll(alerts)
    fill(path, alerts)
    with serving() as peers:
        reaper = Reaper(path, peers, seed)
        while toll.kills < kills:
            if not reaper.kill_one(*within_s) and not _waiting(path):
                break
            toll.kills += 1
            progress(toll.kills)
        for step in range(20):
            reaper.finish(step * 7.0)
            if not _waiting(path):
                break
        received = {"hook": Counter(peers.hooked()), "mail": Counter(peers.mailed())}
    for channel, counts in received.items():
        wanted = {f"a{n}-{channel}" for n in range(alerts)}
        toll.lost += len(wanted - counts.keys())
        toll.foreign += len(counts.keys() - wanted)
        toll.duplicates += sum(counts.values()) - len(counts)
        toll.copies_most[channel] = max(counts.values(), default=0)
    store = open_store(path)
    with store._database.read() as session:
        toll.states = Counter(row[0] for row in session.rows("SELECT state FROM deliveries"))
    toll.sound = store.check() == []
    store.close()
    return toll


def _waiting(path: str) -> bool:
    store = open_store(path, check=False)
    with store._database.read() as session:
        found = session.rows("SELECT 1 FROM deliveries WHERE waiting = 1 LIMIT 1")
    store.close()
    return bool(found)
