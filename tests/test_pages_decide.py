"""Where a headline alone leaves the score near the threshold, the article's page is read once and decides."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor import config
from monitor.app.build import build
from monitor.data import read
from monitor.metrics import Metrics
from monitor.operations.polling import poll
from tests.loopback import Newsstand, rss

HEADLINE = "North Korea welcomes home its engineers' army unit"
PAGE = f"""<!doctype html><html><head><title>{HEADLINE}</title></head><body><article><h1>{HEADLINE}</h1>
<p>North Korea welcomed home a unit of army engineers that had cleared mines in Russia's Kursk region, it said.</p>
<p>The soldiers had been sent to Russia in August on the orders of Kim Jong Un, who praised them in Pyongyang.
Nine of the North Korean soldiers died in Russia, he said, and their families received medals at the ceremony.</p>
<p>Russia had asked North Korea for sappers and construction troops after Ukraine's forces were driven out of Kursk.</p>
</article></body></html>"""


@pytest.fixture
def stand() -> Iterator[Newsstand]:
    made = Newsstand()
    yield made
    made.close()


def publish(stand: Newsstand, *titles: str) -> None:
    entries = [
        {"id": title, "title": title, "url": f"{stand.url}/{number}.html", "at": "2026-11-01T10:00:00Z"}
        for number, title in enumerate(titles)
    ]
    stand.feeds["/feed.xml"] = rss("Feed", entries)


async def decided(folder: Path, stand: Newsstand, follow_pages: bool) -> list[str | None]:
    settings = config.parse(
        f"""[fetch]
allow_private = ["127.0.0.1:{stand.port}"]
host_spacing = "0s"
follow_pages = {str(follow_pages).lower()}
[[source]]
id = "feed"
url = "{stand.url}/feed.xml"
[[story]]
id = "nk"
title = "Soldiers"
seed_text = '''{read("demo_story.txt")}'''
""",
        folder / "config.toml",
        {},
    )
    app = build(settings, None, Metrics(), exclusive=True)
    try:
        publish(stand, "The harbour festival opens")
        await poll(app.pipeline, app.sources, everything=True)
        publish(stand, "The harbour festival opens", HEADLINE)
        await poll(app.pipeline, app.sources, everything=True)
        await poll(app.pipeline, app.sources, everything=True)
        return [made.verdict for made in app.store.decisions(entry=HEADLINE)]
    finally:
        await app.close()


def test_the_page_decides_and_is_read_once(tmp_path: Path, stand: Newsstand) -> None:
    stand.feeds["/1.html"] = PAGE.encode()
    assert asyncio.run(decided(tmp_path, stand, follow_pages=True)) == ["development"]
    assert [path for path, _ in stand.requests].count("/1.html") == 1
    assert [path for path, _ in stand.requests].count("/robots.txt") == 1
    assert "/0.html" not in [path for path, _ in stand.requests], "only what is near the threshold is read"


def test_without_pages_the_headline_decides(tmp_path: Path, stand: Newsstand) -> None:
    stand.feeds["/1.html"] = PAGE.encode()
    assert asyncio.run(decided(tmp_path, stand, follow_pages=False)) == [None]
    assert "/1.html" not in [path for path, _ in stand.requests]


def test_robots_txt_is_honoured(tmp_path: Path, stand: Newsstand) -> None:
    stand.feeds["/1.html"] = PAGE.encode()
    stand.feeds["/robots.txt"] = b"User-agent: *\nDisallow: /\n"
    assert asyncio.run(decided(tmp_path, stand, follow_pages=True)) == [None]
    assert "/1.html" not in [path for path, _ in stand.requests]
