"""Content encodings undone within bounds: what counts is the decoded size, step by step (RFC 9110, 8.4).

gzip and deflate only, the two that are offered; one layer at most; a stream cut short or followed by something else is
an error, so that half a document never passes for a whole one. Where servers misuse the header, the body tells: one
"coded" as "utf-8" or "none" is plain where it begins as text does, and one that begins as gzip does is gzip.
"""

from __future__ import annotations

import zlib
from typing import Any

from monitor.net.errors import DoorError

OFFERED = "gzip, deflate"
STEP_BYTES = 256 * 1024  # bytes decoded at a time, so that a bomb is noticed early (set)
MEMBERS_MAX = 1000  # gzip members of a body: each costs a set-up (set)
_GZIP = 16 + zlib.MAX_WBITS
_CODINGS = ("gzip", "x-gzip", "deflate")
_GZIP_MARK = b"\x1f\x8b\x08"
_BLANK = b"\xef\xbb\xbf \t\r\n"
_TEXT_BEGINS = (b"<", b"{", b"[")
_PADDING = b"\x00\r\n \t"


class Decoder:
    """Collects a body, decoding it on the way. DoorError: "too_large" past `body_bytes_max`, "decode"."""

    def __init__(self, content_encoding: str, body_bytes_max: int) -> None:
        """`content_encoding` is the header's value, empty where there is none."""
        layers = [word.strip().lower() for word in content_encoding.split(",")]
        codings = [word for word in layers if word in _CODINGS]
        if len(codings) > 1:
            raise DoorError("decode", f"{len(codings)} layers of content encoding")
        self._coding = codings[0] if codings else ""
        self._unknown = next((word for word in layers if word not in ("", "identity", *_CODINGS)), "")
        self._bytes_max = body_bytes_max
        self._raw_bytes = 0
        self._body = bytearray()
        self._inflater: Any = None  # of zlib.decompressobj, whose class has no public name
        self._members = 0
        self._waiting = b""

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes as they came."""
        self._raw_bytes += len(chunk)
        if self._raw_bytes > self._bytes_max:
            raise DoorError("too_large", f"more than {self._bytes_max} bytes")
        if not self._coding:
            self._body += chunk
            if len(self._body) < len(_GZIP_MARK) or not self._body.startswith(_GZIP_MARK):
                return
            self._coding, chunk = "gzip", bytes(self._body)
            self._body.clear()
        try:
            self._inflate(chunk)
        except zlib.error as error:
            raise DoorError("decode", f"broken {self._coding}: {error}") from error

    def so_far(self) -> bytes:
        """What was decoded until now, the end missing or not."""
        return bytes(self._body)

    def finish(self) -> bytes:
        """The whole decoded body, once the last byte came."""
        if self._coding and self._raw_bytes and (self._inflater is None or not self._inflater.eof):
            raise DoorError("decode", f"the {self._coding} stream ends early")
        if self._waiting:
            raise DoorError("decode", f"a stray byte after the {self._coding} stream")
        if self._unknown and self._body and not self._body.lstrip(_BLANK).startswith(_TEXT_BEGINS):
            raise DoorError("decode", f"content encoding {self._unknown[:40]!r} was not offered")
        return bytes(self._body)

    def _inflate(self, chunk: bytes) -> None:
        data, self._waiting = self._waiting + chunk, b""
        while True:
            if self._inflater is None or self._inflater.eof:
                data = data.lstrip(_PADDING) if self._inflater else data
                if not self._begin(data):
                    return
            room = min(STEP_BYTES, self._bytes_max - len(self._body) + 1)
            step = self._inflater.decompress(data, room)
            self._body += step
            if len(self._body) > self._bytes_max:
                raise DoorError("too_large", f"more than {self._bytes_max} bytes once decoded")
            data = self._inflater.unused_data if self._inflater.eof else self._inflater.unconsumed_tail
            if not data and (self._inflater.eof or len(step) < room):  # a full step may leave output inside zlib
                return

    def _begin(self, data: bytes) -> bool:
        """Start on a member; False where too few bytes came to tell."""
        if len(data) < 2:
            self._waiting = data
            return False
        self._members += 1
        if self._members > MEMBERS_MAX:
            raise DoorError("decode", f"more than {MEMBERS_MAX} gzip members")
        if self._coding == "deflate":
            if self._members > 1:
                raise DoorError("decode", "bytes after the end of the deflate stream")
            wrapped = data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
            self._inflater = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
        else:
            self._inflater = zlib.decompressobj(_GZIP)
        return True
