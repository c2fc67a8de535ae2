"""Connections of the event loop as httpcore wants them.

httpcore's own come by way of anyio, whose scopes for every read and write cost a third of a visit (measured).
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpcore

from monitor.net.errors import DoorError
from monitor.net.header_limits import HeadLimit

BUFFER_BYTES = 64 * 1024  # bytes of an answer that wait to be read, twice that at most (asyncio's default)


@asynccontextmanager
async def _within(timeout_s: float | None, late: type[Exception], failed: type[Exception]) -> AsyncIterator[None]:
    """The errors of the system and of the clock as httpcore's."""
    try:
        async with asyncio.timeout(timeout_s):
            yield
    except TimeoutError as error:
        raise late(error) from error
    except (OSError, EOFError) as error:
        raise failed(error) from error


class Stream(httpcore.AsyncNetworkStream):
    """One connection, whose answers must have a decent head.

    Its errors are `DoorError` and httpcore's: ReadError, WriteError, and those that say Timeout.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The two ends of an open connection."""
        self._reader, self._writer = reader, writer
        self._limit = HeadLimit()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's signature
        """The next bytes, b"" at the end."""
        try:
            async with _within(timeout, httpcore.ReadTimeout, httpcore.ReadError):
                chunk = await self._reader.read(max_bytes)
        except httpcore.ReadTimeout:
            # What came while the loop was kept busy is no silence of the server: it is there to be read at once.
            async with _within(0, httpcore.ReadTimeout, httpcore.ReadError):
                chunk = await self._reader.read(max_bytes)
        self._limit.watch(chunk)
        return chunk

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's signature
        """Send all of it; what is read next is the head of an answer."""
        self._limit.begin()
        if buffer:
            async with _within(timeout, httpcore.WriteTimeout, httpcore.WriteError):
                self._writer.write(buffer)
                await self._writer.drain()

    async def aclose(self) -> None:
        """Hang up at once: nothing is owed to a server whose answer was read, or is not wanted."""
        self._writer.transport.abort()
        await asyncio.sleep(0)  # the loop gives the descriptor back in its next turn

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
    ) -> httpcore.AsyncNetworkStream:
        """The same connection, encrypted from here on. DoorError "tls" for every failure; then it is closed.

        A plain port may just keep silent.
        """
        try:
            async with asyncio.timeout(timeout):
                await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
        except BaseException as error:
            await self.aclose()
            if isinstance(error, TimeoutError):
                raise DoorError("tls", "no answer to the TLS handshake in time") from error
            if isinstance(error, (OSError, EOFError, ValueError)):
                reason = getattr(error, "verify_message", "") or str(error)
                raise DoorError("tls", reason or "the TLS handshake failed") from error
            raise
        return self

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks of a connection: the TLS object, and nothing of kept ones."""
        return self._writer.get_extra_info(info) if info in ("ssl_object", "socket") else None


async def connect(host: str, port: int, timeout_s: float | None = None) -> Stream:
    """A connection to an address. httpcore.ConnectError, ConnectTimeout."""
    async with _within(timeout_s, httpcore.ConnectTimeout, httpcore.ConnectError):
        return Stream(*await asyncio.open_connection(host, port, limit=BUFFER_BYTES))
