"""A fence around foreign code that opens its own connections: what the guard would not dial, it cannot reach.

Python tells audit hooks (PEP 578) of every address before a socket connects or sends to it, whatever library asks; an
error raised there keeps it from happening. So the judged address is the one dialled, as behind our own door. Foreign
code may work in threads of its own, so the fence stands around all threads but the main one, where our own door is.
"""

from __future__ import annotations

import ipaddress
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from monitor.net.errors import DoorError
from monitor.net.guard import Guard

REACHING = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
LOOKING_UP = "socket.getaddrinfo"


@dataclass(slots=True)
class _Fence:
    """What may be reached meanwhile, who asked for it, and what was refused."""

    guard: Guard
    owner: int
    refused: list[str] = field(default_factory=list)


class _LookUp(threading.local):
    """The name that this thread looked up last: a permit may be for a name."""

    host: str = ""


_one_at_a_time = threading.RLock()
_look_up = _LookUp()
_standing: list[_Fence] = []
_hooked: list[bool] = []


@contextmanager
def fenced(guard: Guard) -> Iterator[list[str]]:
    """Within the block only what the guard permits is reached; the list gathers what was refused. One at a time."""
    with _one_at_a_time:
        if not _hooked:  # hooks stay for the life of the process, so one serves all fences
            sys.addaudithook(_audit)
            _hooked.append(True)
        fence = _Fence(guard, threading.get_ident())
        _look_up.host = ""
        _standing.append(fence)
        try:
            yield fence.refused
        finally:
            _standing.pop()


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if not _standing or (event not in REACHING and event != LOOKING_UP):
        return
    fence, thread = _standing[-1], threading.get_ident()
    if thread == threading.main_thread().ident and thread != fence.owner:
        return
    if event == LOOKING_UP:
        host = arguments[0]
        _look_up.host = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
        return
    try:
        _judge(fence.guard, arguments[1])
    except DoorError as error:
        fence.refused.append(str(error))
        # As a network that has no way there would say it: foreign code knows what to do with that.
        raise ConnectionRefusedError(str(error)) from error


def _judge(guard: Guard, address: Any) -> None:
    if address is None:  # a socket that is connected already: it was judged then
        return
    if not isinstance(address, tuple) or len(address) < 2:
        raise DoorError("blocked_scheme", "local sockets are never dialled")
    text, port = str(address[0]), int(address[1])
    try:
        literal = ipaddress.ip_address(text.partition("%")[0])
    except ValueError as error:
        raise DoorError("blocked_address", f"{text!r} is no address: it must be looked up first") from error
    guard.require(literal, _look_up.host or text, port, zone="%" in text)
