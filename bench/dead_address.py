"""What a host costs whose first address is dead: `python -m bench.dead_address`, on loopback.

The dead address is a listener that lets nobody in any more: who connects hears nothing, as from a machine that is off.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from time import perf_counter

from monitor.channels import email
from monitor.core.proxy import Proxy
from monitor.model import Source, SourceStatus, Visit
from monitor.net.client import client
from monitor.net.fetch import FetchSettings, HttpFetcher
from monitor.net.guard import Guard, Ways
from monitor.net.race import connected
from tests.channels.test_attempts import PARCEL, serving, smtp
from tests.channels.test_mail_hosts import settings
from tests.net.test_ways_out import NOW, clogged, peer, unread

TIMES = 9  # of each, the middle one counts


def leading(*addresses: str) -> Guard:
    """A guard to whom every name has these addresses."""

    async def resolver(host: str, port: int) -> list[str]:
        return list(addresses)

    return Guard(["127.0.0.0/8"], resolver=resolver)


async def feed(port: int, guard: Guard, proxy: Proxy | None = None) -> None:
    """One visit."""
    source = Source("a", "A", f"http://paper.example:{port}/")
    fetcher = HttpFetcher(guard, FetchSettings(spacing_s=0), unread, ways=Ways(guard, proxy), sources=[source])
    fetched = await fetcher.fetch(Visit(source, SourceStatus("a"), NOW))
    await fetcher.close()
    assert fetched.error is None, fetched.detail


async def hook(port: int, guard: Guard) -> None:
    """One request of a webhook."""
    async with client(guard) as door:
        assert (await door.post(f"http://hook.example:{port}/", content=b"{}")).status_code == 200


async def by_proxy(port: int, guard: Guard) -> None:
    """One visit through a proxy whose own first address is dead."""
    await feed(80, guard, Proxy("http", "proxy.example", port))


async def mail(port: int, guard: Guard) -> None:
    """One mail."""
    dial = partial(connected, resolver=guard._resolver)
    receipt = await email.EmailChannel(settings(port), "", connected=dial).send(PARCEL)
    assert receipt.outcome == "delivered", receipt.detail


async def middle_s(act: Callable[[int, Guard], Awaitable[None]], port: int, *addresses: str) -> float:
    """The middle of several runs."""
    took = []
    for _ in range(TIMES):
        began = perf_counter()
        await act(port, leading(*addresses))
        took.append(perf_counter() - began)
    return sorted(took)[TIMES // 2]


async def main() -> None:
    """One line a way out: alive, first address dead, and what that costs."""
    async with peer() as web, serving(smtp()) as host:
        for name, act, port in (("feed", feed, web.port), ("hook", hook, web.port), ("proxy", by_proxy, web.port),
                                ("mail", mail, host.port)):  # fmt: skip
            held = clogged("127.0.0.9", port)
            alive = await middle_s(act, port, "127.0.0.1")
            dead = await middle_s(act, port, "127.0.0.9", "127.0.0.1")
            print(f"{name:6} alive {alive:.3f} s, first address dead {dead:.3f} s: {dead - alive:.3f} s more")
            for one in held:
                one.close()


if __name__ == "__main__":
    asyncio.run(main())
