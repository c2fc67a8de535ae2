"""Bounds on the head of an answer, counted on the wire: size, number of header lines, interim answers (RFC 9110, 15.2).

The HTTP library bounds only what it has buffered and reports interim answers to nobody, so it is done below it.
"""

from __future__ import annotations

import re
import ssl
from typing import Any

import httpcore

from monitor.net.errors import DoorError

HEAD_BYTES_MAX = 64 * 1024  # bytes of an answer's head: eight times what servers send (set)
HEADERS_MAX = 200  # header lines (set: http.client takes 100)
INTERIM_MAX = 10  # answers 1xx before the real one (RFC 9110, 15.2 names no number; set)
_END = re.compile(rb"\n\r?\n")


class HeadLimit(httpcore.AsyncNetworkStream):
    """A connection whose answers must have a decent head; DoorError "bad_http" where one has not."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        """Wrap a freshly opened stream."""
        self._stream = stream
        self._begin()

    def _begin(self) -> None:
        self._in_head = True
        self._head = bytearray()
        self._head_bytes = 0
        self._interim = 0

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's signature
        """The next bytes, after the limits were applied to them."""
        chunk = await self._stream.read(max_bytes, timeout)
        if self._in_head:
            self._watch(chunk)
        return chunk

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's signature
        """Send; what is read next is the head of an answer."""
        if not self._in_head:
            self._begin()
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        """Close."""
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
    ) -> httpcore.AsyncNetworkStream:
        """Negotiate TLS on this connection. DoorError "tls" for every failure: a plain port may just keep silent."""
        try:
            return HeadLimit(await self._stream.start_tls(ssl_context, server_hostname, timeout))
        except BaseException as error:
            await self._stream.aclose()  # httpcore closes on an error, not on a cancelled handshake
            if isinstance(error, httpcore.ConnectTimeout):
                raise DoorError("tls", "no answer to the TLS handshake in time") from error
            if isinstance(error, (httpcore.ConnectError, OSError, ValueError)):
                raise DoorError("tls", _reason(error)) from error
            raise

    def get_extra_info(self, info: str) -> Any:
        """What the wrapped stream knows of itself."""
        return self._stream.get_extra_info(info)

    def _watch(self, chunk: bytes) -> None:
        searched = max(len(self._head) - 2, 0)
        self._head += chunk
        while (end := _END.search(self._head, searched)) is not None:
            block = bytes(self._head[: end.end()])
            del self._head[: end.end()]
            searched = 0
            self._count(len(block), block.count(b"\n") - 2)
            if not _is_interim(block):
                self._in_head = False
                self._head = bytearray()
                return
            self._interim += 1
            if self._interim > INTERIM_MAX:
                raise DoorError("bad_http", f"more than {INTERIM_MAX} interim answers")
        self._count(0, self._head.count(b"\n") - 1)
        if self._head_bytes + len(self._head) > HEAD_BYTES_MAX:
            raise DoorError("bad_http", f"the head is larger than {HEAD_BYTES_MAX} bytes")

    def _count(self, size_bytes: int, lines: int) -> None:
        self._head_bytes += size_bytes
        if self._head_bytes > HEAD_BYTES_MAX:
            raise DoorError("bad_http", f"the head is larger than {HEAD_BYTES_MAX} bytes")
        if lines > HEADERS_MAX:
            raise DoorError("bad_http", f"more than {HEADERS_MAX} header lines")


def _is_interim(block: bytes) -> bool:
    words = block.lstrip(b"\r\n").split(None, 2)
    return len(words) > 1 and words[1][:1] == b"1" and len(words[1]) == 3 and words[1] != b"101"


def _reason(error: BaseException) -> str:
    cause = error.__cause__ or error.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return cause.verify_message or str(cause)
    return str(error) or str(cause or "") or "the TLS handshake failed"
