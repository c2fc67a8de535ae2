"""Watching a story from the page: what the preview shows is what is written."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import httpx
import pytest

from monitor import config
from monitor.web import make
from tests.loopback import Newsstand, rss
from tests.watched import TERMINAL, Watched

SAID = "<p>The ferry Sea Lark sank off the port of Vess on Friday with 300 people on board, officials said.</p>"
HEAD = "<meta property='og:site_name' content='Vess Courier'>"


@pytest.fixture
def site() -> Newsstand:
    made = Newsstand()
    linked = b"<link rel='alternate' type='application/rss+xml' href='/all.xml'>"
    entries = [
        {"id": "1", "title": "Sea Lark ferry: officials name 300 on board", "url": f"{made.url}/1", "at": "2026-11-01"}
    ]
    made.feeds = {
        "/2026/ferry.html": f"<html><head>{HEAD}</head><body><article><h1>Sea Lark sinks</h1>{SAID}</article>".encode(),
        "/": b"<html><head>" + linked + b"</head></html>", "/all.xml": rss("Vess Courier", entries),
    }  # fmt: skip
    return made


async def test_the_articles_own_outlet_is_shown_weighed_and_written(tmp_path: Path, site: Newsstand) -> None:
    stand = Newsstand()
    watched = Watched(tmp_path, stand, TERMINAL)
    path = watched.settings.path
    path.write_text(
        path.read_text().replace(f'"127.0.0.1:{stand.port}"', f'"127.0.0.1:{stand.port}", "127.0.0.1:{site.port}"')
    )
    watched.settings = config.load(path, {})
    await watched.restart()
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=make(watched.app)), base_url="http://127.0.0.1:8765")
    token = re.search(r'name="token" value="([^"]+)"', (await client.get("/add")).text)
    assert token
    page = await client.post("/stories", data={"token": token[1], "article": f"{site.url}/2026/ferry.html"})
    assert page.status_code == 200
    assert "1 of 1 can be read" in page.text
    assert "Vess Courier</b><small" in page.text
    assert "your article is from there" in page.text
    assert "officials name 300 on board" in page.text, "what its feed shows now is weighed"
    number = re.search(r'name="plan" value="([^"]+)"', page.text)
    assert number
    pressed = {"token": token[1], "plan": number[1]}
    saved, twice = await asyncio.gather(*(client.post("/stories", data=pressed) for _ in range(2)))
    assert (saved.status_code, twice.status_code) == (303, 303)
    assert saved.headers["location"] == twice.headers["location"], "a button that is pressed twice makes one story"
    assert path.read_text().count("Sea Lark sinks") == 2, "title and text of one story"
    again = await client.post("/stories", data={"token": token[1], "article": f"{site.url}/2026/ferry.html"})
    assert "You watch this article already:" in again.text
    assert site.url + "/all.xml" in path.read_text()
    story = next(table for table in watched.app.config.document.story if table.title == "Sea Lark sinks")
    assert list(story.sources) == [], "it names nobody, so it is watched in all that is read"
    await watched.app.close()
    stand.close()
    site.close()
