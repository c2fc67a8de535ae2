"""`python -m bench.looks FOLDER`: every mail and page as a picture, on a phone and a desk, light and dark.

The pages are of the desk replayed from real recordings where these are there (`bench.desk`), else of the demonstration.

For eyes; what a program can see is checked: no page is wider than its window. Skips, aloud, without Chromium.
"""

from __future__ import annotations

import asyncio
import io
import json
import sys
import tempfile
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn

from bench.browser import Browser, found
from monitor import config as configuration
from monitor import log
from monitor.app.build import App, build
from monitor.channels import email
from monitor.cli import demo
from monitor.core.delivery.links import Links
from monitor.core.times import from_text
from monitor.data import read
from monitor.metrics import Metrics
from monitor.model import Delivery, SendRequest
from monitor.operations.polling import poll
from monitor.operations.replaying import VirtualClock
from monitor.serve import Reporter, Server, listen
from monitor.web import make
from monitor.web.atom import SHARE, keyed_path
from tests import samples

WIDTHS = {"phone": 390, "desk": 1280}
SETTINGS = email.Settings.model_validate(
    {"id": "mail", "type": "email", "host": "127.0.0.1", "from": "monitor@example.org", "to": ["desk@example.org"]}
)


@dataclass
class Served:
    """A server in a thread of its own: the demo's feeds, or the endpoint."""

    server: Server

    @classmethod
    def start(cls, web: Any, listener: Any) -> Served:
        """Serve on a socket that listens already."""
        made = cls(Server(uvicorn.Config(web, log_config=None, access_log=False, lifespan="off")))
        threading.Thread(target=made.server.run, kwargs={"sockets": [listener]}, daemon=True).start()
        return made


def mails(folder: Path) -> Iterator[tuple[str, str]]:
    """The HTML part of a mail of each kind as a file: (name, address)."""
    for kind, alert in samples.told().items():
        delivery = Delivery("mone", alert.id, "mail", "desk@example.org", created_at=alert.at)
        links = Links("https://monitor.example", b"k" * 32)(delivery, alert)
        message = email.compose(SendRequest(delivery, alert, links), SETTINGS.sender)
        name = f"mail-{kind.partition('.')[2]}" if kind.startswith("story") else f"mail-{kind.replace('.', '-')}"
        html = message.get_body(("html",))
        text = message.get_body(("plain",))
        assert html is not None and text is not None
        (folder / f"{name}.html").write_text(html.get_content(), "utf-8")
        (folder / f"{name}.txt").write_text(text.get_content(), "utf-8")
        yield name, (folder / f"{name}.html").absolute().as_uri()


@contextmanager
def played() -> Iterator[tuple[App, str]]:
    """The demo, played to its end in a moment, with one source that fails; its endpoint is being served."""
    recording: dict[str, Any] = json.loads(read("demo.json"))
    feeds, clock = listen("127.0.0.1", 0, ""), VirtualClock(from_text(recording["steps"][0]["at"]))
    stand, address = demo.Newsstand(recording["outlets"]), f"http://127.0.0.1:{feeds.getsockname()[1]}"
    served = Served.start(demo.newsstand_app(stand), feeds)

    async def act(app: App) -> None:
        for step in recording["steps"]:
            clock.at = from_text(step["at"])
            stand.publish(step["entries"])
            await poll(app.pipeline, app.sources, everything=True)

    text = partial(demo.config_text, address, stand.outlets | {"coast": "Coast Radio"})
    try:
        with desk(text, clock, act) as shown:
            yield shown
    finally:
        served.server.should_exit = True


@contextmanager
def desk(
    text: Callable[[int], str], clock: VirtualClock, act: Callable[[App], Coroutine[Any, Any, None]]
) -> Iterator[tuple[App, str]]:
    """A watch configured by `text` of its endpoint's port, after what `act` does to it, and its endpoint, served."""
    page, metrics = listen("127.0.0.1", 0, ""), Metrics()
    port = page.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="looks-") as folder:
        config = configuration.parse(text(port), Path(folder) / "config.toml", {})
        app = build(config, Reporter(metrics), metrics, exclusive=True, clock=clock)

        async def played() -> None:
            await act(app)
            for used in (app.pipeline.parser.close(), app.pipeline.fetcher.close(), app.post.aclose()):  # type: ignore[union-attr]
                await used

        with redirect_stdout(io.StringIO()):
            asyncio.run(played())
        web = Served.start(make(app), page)
        try:
            yield app, f"http://127.0.0.1:{port}"
        finally:
            web.server.should_exit = True
            app.store.close()


def pages(app: App, base: str) -> Iterator[tuple[str, str]]:
    """The pages of the endpoint, with signed ones: (name, address)."""
    yield "page-today", f"{base}/"
    yield "page-today-read", f"{base}/?show=read"
    for story in app.pipeline.watchlist.stories:
        yield f"page-story-{story.id}", f"{base}/stories/{story.id}"
    told = {alert.kind: (alert, deliveries) for alert, deliveries in app.store.alerts(limit=10_000)}
    for kind, (alert, _) in told.items():
        yield f"page-alert-{kind.partition('.')[2]}", f"{base}/alerts/{alert.id}"
    failing = next(status.source_id for status in app.store.statuses().values() if status.failures)
    alert, (delivery, *_) = told["story.development"]
    links = Links(base, app.signing_key)(delivery, alert)
    paths = {
        "add": "add", "sources": "sources", "source": f"sources/{next(iter(app.sources))}",
        "source-failing": f"sources/{failing}", "deliveries": "deliveries", "search": "search?q=korean",
        "search-all": "search", "search-none": "search?q=koraen", "settings": "settings", "words": "words",
        "version": f"entries/{alert.entry_key}/versions/1",
        "shared": keyed_path(app, SHARE, alert.story_id).lstrip("/"),
    }  # fmt: skip
    for name, path in paths.items():
        yield f"page-{name}", f"{base}/{path}"
    for word, address in links["feedback"].items():
        yield f"page-feedback-{word}", address
    yield "page-unsubscribe", links["unsubscribe"]
    yield "page-missing", f"{base}/stories/none"


def main(folder: Path) -> int:
    """Draw everything; 1 where a page failed or is wider than its window."""
    program = found()
    if not program:
        print("SKIPPED: no Chromium on this machine, nothing was looked at.", file=sys.stderr)
        return 0
    log.configure("text", "critical")
    folder.mkdir(parents=True, exist_ok=True)
    wrong = []
    from bench import desk as recorded  # stands on this module

    with played() if recorded.missing() else recorded.replayed() as (app, base), Browser(program) as browser:
        for name, address in (*mails(folder), *pages(app, base)):
            for device, width in WIDTHS.items():
                for scheme in ("light", "dark"):
                    file = folder / f"{name}-{device}-{scheme}.png"
                    over = browser.picture(address, width, scheme == "dark", file)
                    wrong += [f"{file.name} is {over} pixels too wide"] if over > 0 else []
                    wrong += [f"{file.name} shows an error"] if browser.title().startswith("Something failed") else []
            print(f"{name}: {', '.join(WIDTHS)} in light and dark")
    print("\n".join(wrong) or "No page is wider than its window, and none failed.")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
