"""HTTP as uvicorn speaks it, with a limit to the head of a request: 16 KiB, and 10 seconds to send it.

uvicorn waits for a head as long as the client likes, so a few slow clients would hold every connection there is. Where
there are too many connections all the same, the one that has been silent for longest makes room: whoever asks whether
we live is answered, however many others only pretend to ask something.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_BYTES_MAX = 16 * 1024  # bytes of a request's head (set: as nginx and Apache, 8 to 32 KiB)
HEAD_S = 10.0  # seconds to send it (set)
# Connections at a time: more than any page or probe needs, a fraction of the 1,024 descriptors that systems allow.
CONNECTIONS_MAX = 200
_END = b"\r\n\r\n"
_REFUSAL = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class BoundedHeads(H11Protocol):
    """One connection. While a head is awaited its bytes are counted and a timer runs."""

    _timer: asyncio.TimerHandle | None = None
    _head: bytes = b""
    _heard_at: float = 0.0

    def connection_made(self, transport: Any) -> None:
        """A client that connects owes a head."""
        super().connection_made(transport)
        self._heard_at = self.loop.time()
        self._await_head()
        others = [one for one in self.connections if isinstance(one, BoundedHeads) and one is not self]
        if len(others) >= CONNECTIONS_MAX:
            min(others, key=BoundedHeads.rank).transport.abort()

    def data_received(self, data: bytes) -> None:
        """Pass on what belongs to heads within the limit, and to bodies."""
        self._heard_at = self.loop.time()
        if self.conn.their_state is h11.IDLE:
            self._head += data
            end = self._head.find(_END)
            if (len(self._head) if end < 0 else end) > HEAD_BYTES_MAX:
                self.transport.write(_REFUSAL)
                self.transport.close()
                return
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._await_head()
        else:
            self._head = b""
            self._forget()

    def rank(self) -> tuple[bool, float]:
        """Who goes first where room is short: those whose request is not whole, of these the longest silent."""
        return self.cycle is not None and not self.cycle.more_body and not self.cycle.response_complete, self._heard_at

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is awaited any more."""
        self._forget()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(HEAD_S, self.transport.close)

    def _forget(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
