"""`monitor demo`: a shipped recording, served over loopback HTTP and polled by the real pipeline on a fast clock.

Everything but the calendar is real: the server, the visits with their validators, the state in a temporary folder, the
outbox, the console channel and the status page.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import jinja2
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor import config as configuration
from monitor import log
from monitor.app.build import build
from monitor.core.times import from_text
from monitor.data import read
from monitor.errors import UsageError
from monitor.metrics import Metrics
from monitor.operations.polling import poll
from monitor.operations.replaying import VirtualClock
from monitor.serve import Reporter, Server, listen
from monitor.web import make

PAUSE_S = 4.0  # seconds between two steps that a person follows (set)


@dataclass(slots=True)
class Newsstand:
    """The three outlets' feeds as they stand now; a step publishes or changes entries."""

    outlets: dict[str, str]
    entries: dict[str, dict[str, tuple[str, str, str]]] = field(default_factory=dict)

    def publish(self, rows: list[list[str]]) -> None:
        """Put entries (outlet, id, published, title, text) into their feeds, or new text under an old id."""
        for outlet, name, published, title, text in rows:
            self.entries.setdefault(outlet, {})[name] = (published, title, text)

    def rss(self, outlet: str) -> bytes:
        """An outlet's feed, RSS 2.0, newest first. Its articles lie nowhere (RFC 2606): the outlets are invented."""
        name, entries = self.outlets[outlet], reversed(self.entries.get(outlet, {}).items())
        site = f"https://{name.lower().replace(' ', '-')}.example"
        return drawn("demo_feed.xml", name=name, site=site, entries=entries).encode()


def drawn(template: str, **values: Any) -> str:
    """A shipped template, filled."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(read), autoescape=jinja2.select_autoescape(), trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["mail_date"] = lambda text: format_datetime(datetime.fromisoformat(text))
    return environment.get_template(template).render(values)


def newsstand_app(stand: Newsstand) -> Starlette:
    """The feeds over HTTP, with ETags."""

    async def feed(request: Request) -> Response:
        if request.path_params["outlet"] not in stand.outlets:
            return Response(status_code=404)
        body = stand.rss(request.path_params["outlet"])
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers={"ETag": etag})
        return Response(body, media_type="application/rss+xml", headers={"ETag": etag})

    return Starlette(routes=[Route("/{outlet}/feed.xml", feed)])


def config_text(address: str, outlets: dict[str, str], port: int, *, over: bool = False) -> str:
    """The shipped story on the demo's feeds; once it is `over` nothing is visited, for nothing is served any more."""
    story = read("demo_story.txt")
    return drawn("demo.toml", address=address, outlets=outlets, port=port, over=over, story=story)


@contextmanager
def place(keep: Path | None) -> Iterator[Path]:
    """Where the demo's state lies: a folder that goes with it, or one that stays. UsageError where that is in use."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="monitor-demo-") as folder:
            yield Path(folder)
        return
    try:
        keep.mkdir(parents=True, exist_ok=True)
        if any(keep.iterdir()):
            raise UsageError(f"{keep} is not empty; name a new folder")
    except OSError as error:
        raise UsageError(f"{keep}: {error.strerror}") from error
    yield keep.resolve()


async def play(speed: float, port: int, *, stay: bool, keep: Path | None = None) -> list[dict[str, Any]]:
    """Play the recording and return what came of each step; with `stay` the status page then stays until Ctrl-C.

    With `keep` the state stays in that folder, and a configuration with which `monitor run` shows it again.
    """
    log.configure("text", "error")
    recording: dict[str, Any] = json.loads(read("demo.json"))
    page, feeds = listen("127.0.0.1", port, "--port"), listen("127.0.0.1", 0, "")
    address = f"http://127.0.0.1:{feeds.getsockname()[1]}"
    stand = Newsstand(recording["outlets"])
    with place(keep) as folder:
        port = page.getsockname()[1]
        config = configuration.parse(config_text(address, stand.outlets, port), folder / "config.toml", {})
        if keep:
            kept = config_text(address, stand.outlets, port, over=True)
            config.path.write_text(
                f"# The demonstration as it was played; `monitor run` shows its page.\n{kept}", "utf-8"
            )
        metrics, clock = Metrics(), VirtualClock(from_text(recording["steps"][0]["at"]))
        app = build(config, Reporter(metrics), metrics, exclusive=True, clock=clock)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(app.close)
            await stack.enter_async_context(served({page: make(app), feeds: newsstand_app(stand)}))
            print(f"Status page: http://127.0.0.1:{port}/\n")
            made = []
            for step in recording["steps"]:
                clock.at = from_text(step["at"])
                stand.publish(step["entries"])
                print(f"-- {step['at'][:16].replace('T', ' ')}  {step['say']} ({len(step['entries'])} published)")
                figures = await poll(app.pipeline, app.sources, everything=True, concurrency=1)
                made.append({"at": step["at"], "say": step["say"], "published": len(step["entries"]), **figures})
                new, told = figures["entries_new"], figures["alerts"]
                print(f"   {new} new, {figures['matched']} on the story, {told or 'nothing'} told\n")
                await asyncio.sleep(PAUSE_S / speed)
            if keep:
                print(f"All of it is kept in {folder}; later, too: monitor run --config {config.path}")
            if stay:
                print(f"That was it. The status page stays at http://127.0.0.1:{port}/ until you press Ctrl-C.")
                await asyncio.Event().wait()
            return made


@asynccontextmanager
async def served(sites: Mapping[Any, Starlette]) -> AsyncIterator[None]:
    """Each site at its listening socket (what `listen` gives) meanwhile."""
    servers = [Server(uvicorn.Config(web, log_config=None, access_log=False, lifespan="off")) for web in sites.values()]
    serving = [
        asyncio.create_task(server.serve(sockets=[listener])) for server, listener in zip(servers, sites, strict=True)
    ]
    try:
        yield
    finally:
        for server in servers:
            server.should_exit = True
        await asyncio.wait(serving, timeout=3)
