"""Bounds on the head of an answer, counted on the wire: size, number of header lines, interim answers (RFC 9110, 15.2).

The HTTP library bounds only what it has buffered and reports interim answers to nobody, so it is done below it.
"""

from __future__ import annotations

import re

from monitor.net.errors import DoorError

HEAD_BYTES_MAX = 64 * 1024  # bytes of an answer's head: eight times what servers send (set)
HEADERS_MAX = 200  # header lines (set: http.client takes 100)
INTERIM_MAX = 10  # answers 1xx before the real one (RFC 9110, 15.2 names no number; set)
_END = re.compile(rb"\n\r?\n")


class HeadLimit:
    """Counts the head of an answer as it comes; DoorError "bad_http" where it is no decent one."""

    def __init__(self) -> None:
        """Nothing was said yet."""
        self.begin()

    def begin(self) -> None:
        """What is said next is the head of an answer."""
        self._in_head = True
        self._head = bytearray()
        self._head_bytes = 0
        self._interim = 0

    def watch(self, chunk: bytes) -> None:
        """Count what came; what stands behind the head is not looked at."""
        if not self._in_head:
            return
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
