"""What a poll costs: N feeds of 30 entries on loopback, cold, unchanged (304) and with one new entry each.

    python -m bench.poll [N]

CPU is of this process and its parsing children, start-up left out; the server is a process of its own.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from multiprocessing.synchronize import Event
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor import config
from monitor.app.build import build
from monitor.data import read
from monitor.metrics import Metrics
from monitor.operations.polling import poll

ENTRIES = 30
BEGAN = datetime(2026, 6, 1, tzinfo=UTC)


def document(feed: int, shift: int) -> bytes:
    """A feed whose newest entry is number 29 + shift."""
    items = "".join(
        f"<item><guid>{feed}-{number}</guid><link>https://f{feed}.example/{number}</link>"
        f"<title>Feed {feed} entry {number}: council votes on road works</title>"
        f"<description>{'The council met and decided on the works. ' * 12}</description>"
        f"<pubDate>{format_datetime(BEGAN + timedelta(hours=number))}</pubDate></item>"
        for number in range(shift, shift + ENTRIES)
    )
    return f"<rss version='2.0'><channel><title>Feed {feed}</title>{items}</channel></rss>".encode()


def serve(port: int, moved: Event) -> None:
    """The feeds, with ETags."""

    async def feed(request: Request) -> Response:
        shift = int(moved.is_set())
        etag = f'"{request.path_params["feed"]}-{shift}"'
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers={"ETag": etag})
        return Response(document(request.path_params["feed"], shift), headers={"ETag": etag}, media_type="text/xml")

    uvicorn.run(
        Starlette(routes=[Route("/{feed:int}", feed)]), host="0.0.0.0", port=port, log_level="error", access_log=False
    )


def spent() -> float:
    """CPU seconds of this process and of children that ended."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def configured(port: int, feeds: int) -> str:
    """A configuration of so many of the feeds, each on a host of its own as far as there are, and one story."""
    sources = "".join(
        f'[[source]]\nid = "f{n}"\nurl = "http://127.0.0.{n % 250 + 2}:{port}/{n}"\n' for n in range(feeds)
    )
    return f"""[fetch]
allow_private = ["127.0.0.0/8:{port}"]
host_spacing = "0s"
{sources}
[[story]]
id = "story"
title = "Another story"
seed_text = '''{read("demo_story.txt")}'''
"""


async def measure(folder: Path, port: int, feeds: int, moved: Event) -> None:
    """Print one line a scenario."""
    settings = config.parse(configured(port, feeds), folder / "config.toml", {})
    for name in ("cold", "idle", "new"):
        if name == "new":
            moved.set()
        app = build(settings, None, Metrics(), exclusive=True)
        before, began = spent(), time.monotonic()
        figures = await poll(app.pipeline, app.sources, everything=True, limit_s=1800)
        wall = time.monotonic() - began
        await app.close()
        print(
            f"{name:5} {feeds} feeds: {spent() - before:6.2f} s CPU, {wall:6.2f} s wall, "
            f"{figures['entries_new']} new entries, {figures['failed']} failed"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the process {peak:.0f} MiB")


def main() -> None:
    """Serve, measure, stop."""
    feeds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    context = multiprocessing.get_context("spawn")
    moved = context.Event()
    port = 18080
    server = context.Process(target=serve, args=(port, moved), daemon=True)
    server.start()
    time.sleep(2)
    try:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(measure(Path(folder), port, feeds, moved))
    finally:
        server.terminate()


if __name__ == "__main__":
    main()
