"""Real servers on loopback for whole-program tests: a newsstand of feeds, a webhook receiver, an SMTP server."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import socket
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from xml.sax.saxutils import escape

from aiosmtpd.controller import Controller


@dataclass
class Newsstand:
    """Feeds that a test publishes into, and a hook that records what it is sent; one server, one port."""

    feeds: dict[str, bytes] = field(default_factory=dict)
    hooks: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)
    requests: list[tuple[str, int]] = field(default_factory=list)
    hook_status: int = 204
    host: str = "127.0.0.1"

    def __post_init__(self) -> None:
        """Start serving."""
        self.server = ThreadingHTTPServer((self.host, 0), self._handler())
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server.server_address[1])

    @property
    def url(self) -> str:
        """Its address without a trailing slash."""
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Stop."""
        self.server.shutdown()
        self.server.server_close()

    def bodies(self) -> list[dict[str, Any]]:
        """The webhook bodies received, in order."""
        return [json.loads(body) for _, body in self.hooks]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stand = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = stand.feeds.get(self.path)
                etag = f'"{hashlib.sha256(body or b"").hexdigest()[:16]}"'
                status = 404 if body is None else 304 if self.headers.get("If-None-Match") == etag else 200
                stand.requests.append((self.path, status))
                sent = body if status == 200 and body else b""
                self.send_response(status)
                self.send_header("ETag", etag)
                kind = {"html": "text/html", "txt": "text/plain"}.get(
                    self.path.rpartition(".")[2], "application/rss+xml"
                )
                self.send_header("Content-Type", kind)
                if status != 304:
                    self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                stand.hooks.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(stand.hook_status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        return Handler


def rss(title: str, entries: Iterable[Mapping[str, str]]) -> bytes:
    """An RSS 2.0 document of entries with id, url, title, text and at (RFC 3339)."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{escape(e['id'])}</guid><link>{escape(e.get('url', ''))}</link>"
        f"<title>{escape(e['title'])}</title><description>{escape(e.get('text', ''))}</description>"
        f"<pubDate>{format_datetime(datetime.fromisoformat(e['at']))}</pubDate></item>"
        for e in entries
    )
    head = f"<title>{escape(title)}</title>"
    return f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>{head}{items}</channel></rss>".encode()


class Mailbox:
    """A real SMTP server that keeps what it is given."""

    def __init__(self) -> None:
        """Start serving on a free port."""
        self.messages: list[Message] = []
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port(), data_size_limit=2**25)
        self.controller.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.controller.port)

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:
        """Keep one message."""
        self.messages.append(message_from_bytes(envelope.content))
        return "250 kept"

    def close(self) -> None:
        """Stop."""
        self.controller.stop()


_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw9").removeprefix("gw"))
_PORTS = iter(range(20_000 + 1_000 * _WORKER, 21_000 + 1_000 * _WORKER))


def free_port() -> int:
    """A port that is free now and that no test running beside this one is given.

    Below the range from which the kernel takes the ports of outgoing connections: those come and go.
    """
    for port in _PORTS:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port is free")
