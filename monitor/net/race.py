"""Several judged addresses of one host, tried as RFC 8305 has it: one more every quarter of a second."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Sequence
from itertools import zip_longest
from typing import TypeVar

from monitor.net.resolver import Resolver, SystemResolver

# Seconds between two attempts (RFC 8305, section 8: "Connection Attempt Delay", recommended 250 ms).
STAGGER_S = 0.25

T = TypeVar("T")


def interleaved(found: Sequence[str]) -> list[str]:
    """The addresses with their families in turn, the first one's first (RFC 8305, section 4)."""
    six = [address for address in found if ":" in address]
    four = [address for address in found if ":" not in address]
    first, second = (six, four) if found and found[0] in six else (four, six)
    return [address for pair in zip_longest(first, second) for address in pair if address is not None]


async def first_connected(
    found: Sequence[str], dial: Callable[[str], Awaitable[T]], drop: Callable[[T], Awaitable[None]]
) -> T:
    """The first connection that stands; the others are given up by `drop`. The last error where none does.

    `found` is not empty, and `dial` bounds its own time.
    """
    if len(found) == 1:
        return await dial(found[0])
    waiting = interleaved(found)
    running: set[asyncio.Task[T]] = set()
    error: BaseException | None = None
    try:
        while True:
            if waiting:
                running.add(asyncio.ensure_future(dial(waiting.pop(0))))
            elif not running and error is not None:
                raise error
            timeout = STAGGER_S if waiting else None
            done, running = await asyncio.wait(running, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
            stood = [task.result() for task in done if not task.exception()]
            for late in stood[1:]:
                await drop(late)
            if stood:
                return stood[0]
            error = next((task.exception() for task in done if task.exception()), error)
    finally:
        for task in running:
            task.cancel()
        for result in await asyncio.gather(*running, return_exceptions=True):
            if not isinstance(result, BaseException):
                with contextlib.suppress(Exception):
                    await drop(result)


async def connected(host: str, port: int, resolver: Resolver | None = None) -> socket.socket:
    """A connection to a host that the operator named, such as a mail host: its addresses are not judged. OSError."""
    loop = asyncio.get_running_loop()

    async def dial(address: str) -> socket.socket:
        made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        made.setblocking(False)
        try:
            await loop.sock_connect(made, (address, port))
        except BaseException:
            made.close()
            raise
        return made

    async def drop(late: socket.socket) -> None:
        late.close()

    return await first_connected(await (resolver or SystemResolver())(host, port), dial, drop)
