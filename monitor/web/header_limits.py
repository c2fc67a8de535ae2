"""HTTP as uvicorn speaks it, with a limit to the head of a request: 16 KiB, and 10 seconds to send it.

uvicorn waits for a head as long as the client likes, so a few slow clients would hold every connection there is.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_BYTES_MAX = 16 * 1024
HEAD_S = 10.0
_END = b"\r\n\r\n"
_REFUSAL = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class BoundedHeads(H11Protocol):
    """One connection. While a head is awaited its bytes are counted and a timer runs."""

    _timer: asyncio.TimerHandle | None = None
    _head: bytes = b""

    def connection_made(self, transport: Any) -> None:
        """A client that connects owes a head."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Pass on what belongs to heads within the limit, and to bodies."""
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
