"""A publisher that answers as told and remembers every request; and the product on a clock that the test moves."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from monitor import config
from monitor.app.build import App, build
from monitor.metrics import Metrics
from monitor.operations import reports
from monitor.operations.polling import poll
from tests.loopback import rss

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
SEED = """Everything that happens anywhere

A story that takes every entry of its sources as a follow-up of itself.
"""


@dataclass(frozen=True)
class Answer:
    """What is sent: nothing is added to `headers` but the length, and that only where it is not given."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait_s: float = 0.0


@dataclass(frozen=True)
class Request:
    """What was asked, byte for byte (latin-1), and when by the monotonic clock."""

    path: str
    headers: Mapping[str, str]
    at_s: float


Script = Callable[[Request], Answer]


class Publisher:
    """A server on loopback; `paths` gives an answer, or a function of the request, for each path."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        """Start serving."""
        self.paths: dict[str, Answer | Script] = {}
        self.requests: list[Request] = []
        self.open_now = self.open_most = 0
        self._counting = threading.Lock()
        self._server = ThreadingHTTPServer((host, 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def __enter__(self) -> Publisher:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def place(self) -> str:
        """Address and port."""
        return f"{self._server.server_address[0]}:{self._server.server_address[1]}"

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://{self.place}{path}"

    def asked(self, path: str) -> list[Request]:
        """The requests for one path."""
        return [request for request in self.requests if request.path == path]

    def _answer(self, path: str, headers: Mapping[str, str]) -> Answer:
        request = Request(path, headers, time.monotonic())
        with self._counting:
            self.requests.append(request)
            self.open_now += 1
            self.open_most = max(self.open_most, self.open_now)
        found = self.paths.get(path, Answer(status=404))
        made = found if isinstance(found, Answer) else found(request)
        time.sleep(made.wait_s)
        with self._counting:
            self.open_now -= 1
        return made

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                made = publisher._answer(self.path, headers)
                self.send_response_only(made.status)
                for name, value in made.headers.items():
                    self.send_header(name, value)
                if not any(name.lower() == "content-length" for name in made.headers) and made.status != 304:
                    self.send_header("Content-Length", str(len(made.body)))
                self.end_headers()
                self.wfile.write(made.body)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.do_GET()

            def log_message(self, *_: object) -> None:
                return

        return Handler


@dataclass
class Clock:
    """Time as the test tells it."""

    at: datetime = AT

    def now(self) -> datetime:
        """The present instant."""
        return self.at


class Watch:
    """The product over some sources (id -> address) with one story that takes every entry; moved by hand."""

    def __init__(self, folder: Path, sources: Mapping[str, str], fetch: str = "", story: bool = True) -> None:
        """Nothing runs before the first `poll`."""
        self.clock = Clock()
        self.folder, self.sources, self.fetch, self.story = folder, dict(sources), fetch, story
        self.app: App | None = None

    def config_text(self) -> str:
        """The configuration file."""
        tables = "".join(f'[[source]]\nid = "{name}"\nurl = "{url}"\n' for name, url in self.sources.items())
        fetch = self.fetch or 'host_spacing = "0s"\n'
        story = f"[[story]]\nid = 'all'\ntitle = 'All'\nthreshold = 0\nseed_text = '''{SEED}'''\n" if self.story else ""
        channel = '[[channel]]\nid = "desk"\ntype = "console"\nmode = "digest"\n'
        return f'[fetch]\nallow_private = ["127.0.0.0/8"]\nfollow_pages = false\n{fetch}{tables}{story}{channel}'

    async def restart(self) -> None:
        """As after a crash: everything but the state is gone."""
        if self.app:
            await self.app.close()
        settings = config.parse(self.config_text(), self.folder / "config.toml", {})
        self.app = build(settings, None, Metrics(), exclusive=True, clock=self.clock)

    async def poll(self, after: timedelta = timedelta(), everything: bool = False) -> dict[str, Any]:
        """The figures of `monitor poll --json`, so much later."""
        if self.app is None:
            await self.restart()
        assert self.app
        self.clock.at += after
        return await poll(self.app.pipeline, self.app.sources, everything=everything)

    async def poll_when_due(self, source_id: str) -> dict[str, Any]:
        """Move to the instant at which a source is due, and poll."""
        return await self.poll(self.next_at(source_id) - self.clock.at)

    def row(self, source_id: str) -> dict[str, Any]:
        """One row of `monitor sources --json`."""
        assert self.app
        return next(row for row in reports.sources(self.app.store, self.app.sources) if row["id"] == source_id)

    def next_at(self, source_id: str) -> datetime:
        """When a source is due."""
        return datetime.fromisoformat(self.row(source_id)["next_at"])

    def alerts(self, *kinds: str) -> list[str]:
        """Titles of the alerts of these kinds, oldest first."""
        assert self.app
        return [alert.title for alert, _ in reversed(self.app.store.alerts(limit=1000)) if alert.kind in kinds]

    async def close(self) -> None:
        """Release the state."""
        if self.app:
            await self.app.close()
            self.app = None


def article(number: int, **fields: str) -> dict[str, str]:
    """A made-up entry; its date lies `number` minutes before the clock's beginning."""
    return {
        "id": f"id-{number}", "url": f"https://paper.example/{number}", "text": "",
        "title": f"{TITLES[number % len(TITLES)]} {number}", "at": (AT - timedelta(minutes=number)).isoformat(),
        **fields,
    }  # fmt: skip


TITLES = (
    "Ferry service to the northern islands resumes", "Council closes two village schools in the hills",
    "Storm damages roof of the old market hall", "Museum returns painting to heirs of collector",
    "Wheat harvest the smallest since records began", "Court hears appeal over harbour extension",
    "Striking drivers block the western ring road", "New species of beetle found in city park",
)  # fmt: skip


def feed(*numbers: int, title: str = "Paper", head: str = "") -> bytes:
    """A feed of such entries."""
    return rss(title, [article(number) for number in numbers]).replace(b"</title>", b"</title>" + head.encode(), 1)


def validated(body: bytes, etag: str = '"1"', **headers: str) -> Script:
    """A publisher that knows conditional requests."""

    def answer(request: Request) -> Answer:
        sent = {"ETag": etag, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if request.headers.get("if-none-match") == etag:
            return Answer(status=304, headers=sent)
        return Answer(body, headers=sent)

    return answer


def turns(*answers: Answer | Script) -> Script:
    """One answer after the other; the last one for ever."""
    left = list(answers)

    def answer(request: Request) -> Answer:
        found = left.pop(0) if len(left) > 1 else left[0]
        return found if isinstance(found, Answer) else found(request)

    return answer
