"""An origin that misbehaves in every way we know, on a raw loopback socket; for any test that needs bad weather.

    async with HostileOrigin() as origin:
        await fetch(origin.url("/hang"))
        assert origin.asked[0].headers["user-agent"] ...

Each path of `WAYS` is one kind of misbehaviour (see there), parameters come in the query. `origin.serve(path, way)`
adds one more. `Canary` counts connections at an address that nobody may ever speak to.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gzip
import os
import socket
import ssl
import struct
import time
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

FEED = (
    b'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>Harbour News</title>'
    b"<link>http://example.org/</link><description>d</description><item><title>Ferry timetable changes</title>"
    b"<link>http://example.org/1</link><guid>1</guid></item></channel></rss>\n"
)
LONG = 3600.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived. `headers` have lower-case names; the last of equal ones counts."""

    method: str
    target: str
    headers: dict[str, str]
    at_s: float

    @property
    def path(self) -> str:
        """The target without its query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))


Way = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


class HostileOrigin:
    """A server on loopback; `asked` logs requests, `connections` counts those opened, `open_now` those still open."""

    def __init__(self, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.host = host
        self.port = 0
        self.asked: list[Asked] = []
        self.connections = 0
        self.open_now = 0
        self.open_most = 0
        self._tls = tls
        self._ways = dict(WAYS)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> HostileOrigin:
        self._server = await asyncio.start_server(self._accept, self.host, 0, ssl=self._tls, limit=1 << 20)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def url(self, path: str = "/feed") -> str:
        """The address of a path here."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self._tls else 'http'}://{shown}:{self.port}{path}"

    @property
    def permit(self) -> str:
        """The entry of `allow_private` that opens this origin and nothing else."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def serve(self, path: str, way: Way) -> None:
        """Answer `path` in this way."""
        self._ways[path] = way

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        self.open_now += 1
        self.open_most = max(self.open_most, self.open_now)
        try:
            while await self._answer(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass
        finally:
            self.open_now -= 1
            self._tasks.discard(task)
            writer.transport.abort() if writer.transport.is_closing() else writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        if headers.get("content-length"):
            await reader.readexactly(int(headers["content-length"]))
        asked = Asked(method, target, headers, time.monotonic())
        self.asked.append(asked)
        way = self._ways.get(asked.path) or self._ways.get("/" + asked.path.split("/")[1]) or missing
        answering = asyncio.ensure_future(way(asked, writer))
        try:
            while not answering.done() and not reader.at_eof() and reader.exception() is None:
                await asyncio.wait({answering}, timeout=0.02)
        finally:
            answering.cancel()  # the client has hung up
        await answering
        await writer.drain()
        return not writer.transport.is_closing()


class Canary:
    """Listens where nobody may come. `connections` must stay 0. `port` 0 picks a free one."""

    def __init__(self, host: str, port: int = 0) -> None:
        self.host, self.port = host, port
        self.connections = 0
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Canary:
        self._server = await asyncio.start_server(self._accept, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        await asyncio.sleep(0.02)  # a connection in the backlog is accepted, and counted, before we look
        self._server.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.close()


def head(status: str = "200 OK", *headers: str, close: bool = False) -> bytes:
    """A status line and headers."""
    lines = [f"HTTP/1.1 {status}", *headers, *(["Connection: close"] if close else [])]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def whole(body: bytes = FEED, *headers: str, status: str = "200 OK") -> bytes:
    """A complete answer."""
    return head(status, "Content-Type: application/rss+xml", *headers, f"Content-Length: {len(body)}") + body


def says(data: bytes, *, close: bool = False) -> Way:
    """A way that answers with these bytes."""

    async def way(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        if close:
            await writer.drain()
            writer.close()

    return way


async def missing(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """404."""
    writer.write(head("404 Not Found", "Content-Length: 9") + b"not here\n")


async def feed(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """A well-behaved feed with validators; 304 where they match."""
    if asked.headers.get("if-none-match") == '"v1"':
        writer.write(head("304 Not Modified", 'ETag: "v1"'))
    else:
        writer.write(whole(FEED, 'ETag: "v1"', "Last-Modified: Mon, 02 Nov 2026 08:00:00 GMT"))


async def hang(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Take the request and say nothing, for ever. `?head=1`: after the head."""
    if asked.query.get("head"):
        writer.write(head("200 OK", "Content-Length: 100"))
        await writer.drain()
    await asyncio.sleep(LONG)


async def slow_headers(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """A header every 50 ms, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        writer.write(f"X-{number % 7}: y\r\n".encode())
        await writer.drain()
        await asyncio.sleep(0.05)


async def drip(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """A body of one byte every 50 ms."""
    writer.write(head("200 OK", f"Content-Length: {10**6}"))
    for _ in range(10**6):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


async def endless(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """A body without end, as fast as it is read. `?chunked=1`."""
    chunked = bool(asked.query.get("chunked"))
    writer.write(head("200 OK", *(["Transfer-Encoding: chunked"] if chunked else []), close=True))
    block = b"x" * 65536
    while True:
        writer.write(b"10000\r\n" + block + b"\r\n" if chunked else block)
        await writer.drain()


async def length(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Announce `?bytes=N` (default 10 TiB), then send slowly."""
    writer.write(head("200 OK", f"Content-Length: {asked.query.get('bytes', str(10 * 1024**4))}"))
    await writer.drain()
    await asyncio.sleep(LONG)


async def headers(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """`?count=N` headers of `?size=M` bytes; `count=0`: one header line without end."""
    count, size = int(asked.query.get("count", "1000")), int(asked.query.get("size", "10"))
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n")
    while not count:
        writer.write(b"X-Endless: " if not size else b"y" * 4096)
        size = 1
        await writer.drain()
    for number in range(count - 1):
        writer.write(f"X-{number}: ".encode() + b"y" * size + b"\r\n")
        await writer.drain()
    writer.write(b"\r\nhi")


async def interim(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """`?count=N` answers 103 (0: for ever), then a feed."""
    count = int(asked.query.get("count", "0"))
    sent = 0
    while not count or sent < count:
        writer.write(head("103 Early Hints", "Link: </a.css>; rel=preload"))
        sent += 1
        if not count:
            await writer.drain()
            await asyncio.sleep(0)
    writer.write(whole())


@functools.cache
def _bomb(wbits: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    block = bytes(1 << 20)
    first = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)  # stands alone, so it may be repeated
    return first + again * 1023


async def bomb(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """A GiB of zeros in a MiB: `?coding=gzip|deflate`; `?members=1`: a small gzip member repeated without end."""
    coding = asked.query.get("coding", "gzip")
    writer.write(head("200 OK", f"Content-Encoding: {coding}", close=True))
    if asked.query.get("members"):
        member = gzip.compress(b"")
        while True:
            writer.write(member * 1000)
            await writer.drain()
    writer.write(_bomb(31 if coding == "gzip" else 15))
    await writer.drain()
    writer.close()


async def coded(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """A feed under a content encoding: `?how=` gzip deflate raw members padded nested twice broken cut crc lie stray,
    or the name of a codec that nobody offered."""
    how = asked.query["how"]
    packed = gzip.compress(FEED)
    half = len(FEED) // 2
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    ways: dict[str, tuple[str, bytes]] = {
        "gzip": ("gzip", packed),
        "x-gzip": ("X-GZip", packed),
        "deflate": ("deflate", zlib.compress(FEED)),
        "raw": ("deflate", raw.compress(FEED) + raw.flush()),
        "members": ("gzip", gzip.compress(FEED[:half]) + gzip.compress(FEED[half:])),
        "padded": ("gzip", packed + bytes(512)),
        "nested": ("gzip, gzip", gzip.compress(packed)),
        "twice": ("gzip\r\nContent-Encoding: deflate", gzip.compress(packed)),
        "broken": ("gzip", packed[:40] + bytes(len(packed) - 40)),
        "cut": ("gzip", packed[:-20]),
        "crc": ("gzip", packed[:-8] + b"\x00\x00\x00\x01" + packed[-4:]),
        "lie": ("gzip", FEED),
        "stray": ("gzip", packed + b"<!-- served in 3 ms -->"),
        "identity": ("identity", FEED),
        "charset": ("utf-8", FEED),
        "none": ("none", FEED),
        "both": ("gzip, UTF-8", packed),
        "file": ("", packed),
    }
    coding, body = ways.get(how, (how, b"\x28\xb5\x2f\xfd" + FEED))
    writer.write(whole(body, f"Content-Encoding: {coding}"))


async def cut(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """A body that ends early: `?how=` length chunked reset badchunk."""
    how = asked.query["how"]
    if how in ("chunked", "badchunk"):
        writer.write(head("200 OK", "Transfer-Encoding: chunked"))
        writer.write(b"%x\r\n" % 50 + FEED[:50] + b"\r\n")
        writer.write(b"not a size\r\n" if how == "badchunk" else b"ff\r\n" + FEED[50:80])
    else:
        writer.write(head("200 OK", 'ETag: "half"', f"Content-Length: {len(FEED)}") + FEED[:100])
    await writer.drain()
    if how == "reset":
        await asyncio.sleep(0.05)
        reset(writer)
    else:
        writer.close()


def reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST."""
    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def resets(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """RST in place of an answer."""
    reset(writer)


async def closes(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """FIN in place of an answer."""
    writer.close()


async def status(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """`/status/CODE` with a body; `?header=Name: value` adds headers (several with "|")."""
    code = asked.path.split("/")[2]
    extra = [text for text in asked.query.get("header", "").split("|") if text]
    body = b"" if code in ("204", "304") else b"<html>an error page</html>"
    sized = [] if code in ("204", "304") else [f"Content-Length: {len(body)}"]
    writer.write(head(f"{code} X", *extra, *sized) + body)


async def empty(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """200 without a byte. `?coding=gzip`."""
    coding = asked.query.get("coding")
    writer.write(whole(b"", *([f"Content-Encoding: {coding}"] if coding else [])))


async def redirect(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """`/redirect/CODE?to=LOCATION` (bytes as quoted); without `to`, no Location."""
    code = asked.path.split("/")[2]
    to = unquote(urlsplit(asked.target).query.partition("to=")[2], encoding="latin-1") if asked.query else None
    writer.write(head(f"{code} Moved", *([f"Location: {to}"] if to is not None else []), "Content-Length: 0"))


async def gated(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """A feed for who brings the cookie `?needs=`; others are sent to /gate, which sets it with `?attributes=`."""
    needs = asked.query.get("needs", "seen=1")
    if needs in asked.headers.get("cookie", "").split("; "):
        writer.write(whole())
    else:
        writer.write(head("302 Found", f"Location: /gate?{urlsplit(asked.target).query}", "Content-Length: 0"))


async def gate(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Where /gated sends whom it does not know."""
    cookie = f"{asked.query.get('sets', 'seen=1')}{asked.query.get('attributes', '')}"
    back = f"/gated?{urlsplit(asked.target).query}"
    writer.write(head("302 Found", f"Location: {back}", f"Set-Cookie: {cookie}", "Content-Length: 0"))


async def chain(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """`/chain/N?code=301`: N redirects, then a feed. `/chain/loop` goes in a circle, `/chain/endless` never repeats."""
    left, code = asked.path.split("/")[2], asked.query.get("code", "302")
    if left == "0":
        writer.write(whole())
        return
    to = {"loop": "/chain/loop2", "loop2": "/chain/loop"}.get(left) or (
        f"/chain/endless{os.urandom(4).hex()}" if left.startswith("endless") else f"/chain/{int(left) - 1}?code={code}"
    )
    writer.write(head(f"{code} Moved", f"Location: {to}", "Content-Length: 0"))


async def etag(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """A feed with the ETag `?value=` (percent-encoded latin-1) or `?size=N` bytes of one; never 304."""
    value = unquote(asked.target.partition("value=")[2], encoding="latin-1")
    if "size" in asked.query:
        value = '"' + "e" * (int(asked.query["size"]) - 2) + '"'
    writer.write(whole(FEED, f"ETag: {value}"))


async def echo(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """What was asked, as the body."""
    writer.write(whole("\n".join(f"{name}: {value}" for name, value in asked.headers.items()).encode("latin-1")))


async def garbage(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Something that is not HTTP."""
    writer.write(b"220 mail.example.org ESMTP ready\r\n\r\n")
    await writer.drain()
    writer.close()


WAYS: dict[str, Way] = {
    "/feed": feed, "/hang": hang, "/slow-headers": slow_headers, "/drip": drip, "/endless": endless, "/length": length,
    "/headers": headers, "/interim": interim, "/bomb": bomb, "/coded": coded, "/cut": cut, "/reset": resets,
    "/close": closes, "/status": status, "/empty": empty, "/redirect": redirect, "/chain": chain, "/etag": etag,
    "/echo": echo, "/garbage": garbage, "/gated": gated, "/gate": gate,
}  # fmt: skip


@dataclass
class Tarpit:
    """A port whose backlog is full: connecting never ends. Use as a context manager; `port` is then set."""

    port: int = 0
    _sockets: list[socket.socket] = field(default_factory=list)

    def __enter__(self) -> Tarpit:
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        self.port = listening.getsockname()[1]
        self._sockets.append(listening)
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                filler.connect(("127.0.0.1", self.port))
            self._sockets.append(filler)
        return self

    def __exit__(self, *_: object) -> None:
        for opened in self._sockets:
            opened.close()
