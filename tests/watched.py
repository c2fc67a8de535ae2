"""A watch on one feed over loopback, its state in a file, reopened at will; for tests of what happens after alerts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from monitor import config
from monitor.app.build import App, build
from monitor.metrics import Metrics
from monitor.operations import control, reports
from monitor.operations.polling import poll
from tests.loopback import Newsstand, rss

PAST = "Stocks close higher on tech gains"
SEED = """Ferry Aldermoor sinks off Vess with 300 on board

The ferry Aldermoor sank off the port of Vess on 30 October 2026. An inquiry into the sinking of the Aldermoor was
opened; the bow door of the ferry is said to have failed.
"""
TERMINAL = '[[channel]]\nid = "terminal"\ntype = "console"\nstyle = "line"\n'


class Watched:
    """What a test does to a watch."""

    def __init__(self, folder: Path, stand: Newsstand, channels: str) -> None:
        self.stand, self.entries = stand, [entry(0, PAST)]
        file = folder / "config.toml"
        file.write_text(
            f"""[fetch]
allow_private = ["127.0.0.1:{stand.port}"]
host_spacing = "0s"
follow_pages = false
[[source]]
id = "feed"
url = "{stand.url}/feed.xml"
[[story]]
id = "ferry"
title = "The Aldermoor"
threshold = 0.2
seed_text = '''{SEED}'''
{channels}
"""
        )
        self.settings = config.load(file, {})
        self.app: App = build(self.settings, None, Metrics(), exclusive=True)

    async def restart(self) -> None:
        """End, and begin again on the same state."""
        await self.app.close()
        self.app = build(self.settings, None, Metrics(), exclusive=True)

    async def published(self, title: str) -> dict[str, Any]:
        """Publish one entry, poll, and return what was decided of it."""
        self.entries = [entry(len(self.entries), title), *self.entries]
        return await self._served()

    async def reworded(self, title: str) -> dict[str, Any]:
        """Give the newest entry another title, poll, and return what was decided of it."""
        self.entries[0]["title"] = title
        return await self._served()

    async def _served(self) -> dict[str, Any]:
        self.stand.feeds["/feed.xml"] = rss("Feed", self.entries)
        await poll(self.app.pipeline, self.app.sources, everything=True)
        watched = self.app.pipeline.watchlist
        name = f"e{len(self.entries) - 1}"
        (made,) = reports.explain(self.app.store, watched.stories, name, lambda: watched)
        return made

    async def say(self, alert: str, word: str, argument: str = "") -> None:
        """As another process would: the daemon hears of it at its next upkeep."""
        control.feedback(self.app.store, alert, word, argument, self.app.pipeline.clock.now())
        await self.app.daemon.upkeep()


def entry(number: int, title: str) -> dict[str, str]:
    """One of the feed's entries; two days lie between each and the next."""
    return {
        "id": f"e{number}",
        "title": title,
        "at": f"2026-11-{2 * number + 1:02}T10:00:00Z",
        "url": f"https://feed.example/{number}",
    }


def run(folder: Path, act: Callable[[Watched], Awaitable[None]], channels: str = TERMINAL) -> None:
    """Watch a feed that was read once, let `act` go on, and close."""
    stand = Newsstand()
    stand.feeds["/feed.xml"] = rss("Feed", [entry(0, PAST)])

    async def go() -> None:
        watched = Watched(folder, stand, channels)
        try:
            await poll(watched.app.pipeline, watched.app.sources, everything=True)
            await act(watched)
        finally:
            await watched.app.close()

    try:
        asyncio.run(go())
    finally:
        stand.close()
