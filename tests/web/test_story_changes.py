"""A story's settings from its page: tried on what was seen, then written; paused, taken up again, stopped."""

from __future__ import annotations

import asyncio
import re
import tomllib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from monitor.web import make
from tests.cli.command import monitor
from tests.loopback import Newsstand
from tests.watched import TERMINAL, Watched

STEP = "Inquiry into the sinking of the Aldermoor begins in Vess"
LOOSE = "Captain of a ferry arrested at airport"


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    stand = Newsstand()
    made = Watched(tmp_path, stand, TERMINAL)
    await made.published("A day without news")
    assert (await made.published(STEP))["verdict"] == "development"
    assert (await made.published(LOOSE))["verdict"] == "development"
    yield made
    await made.app.close()
    stand.close()


class Browser:
    """Posts forms as the page has them."""

    def __init__(self, watched: Watched) -> None:
        self.watched = watched
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=make(watched.app)), base_url="http://127.0.0.1:8765"
        )

    async def post(self, path: str, **form: str) -> httpx.Response:
        page = (await self.client.get("/stories/ferry")).text
        token = re.search(r'name="token" value="([^"]+)"', page)
        assert token
        return await self.client.post(path, data={"token": token[1], **form})

    def story(self) -> dict[str, Any]:
        """The story as the file has it."""
        found = tomllib.loads(self.watched.settings.path.read_text()).get("story", [])
        return dict(found[0]) if found else {}


async def test_settings_are_tried_before_they_are_saved(watched: Watched) -> None:
    browser = Browser(watched)
    before, sent = browser.story(), watched.app.store.delivery_counts()
    form = {"title": "The ferry", "line": "90", "source": "feed", "channel": "terminal"}
    page = await browser.post("/stories/ferry", **form)
    assert page.status_code == 200
    assert "0 more, 1 fewer" in page.text
    assert "Would not have been told" in page.text
    assert LOOSE in page.text
    assert STEP not in page.text, "told as before"
    assert 'value="90"' in page.text, "what was typed is kept"
    assert browser.story() == before, "nothing is written by looking"
    saved = await browser.post("/stories/ferry", **form, step="save")
    assert saved.status_code == 303
    assert "Saved, and in force." in (await browser.client.get(saved.headers["location"])).text
    assert (browser.story()["title"], browser.story()["threshold"]) == ("The ferry", 0.9)
    assert watched.app.pipeline.watchlist.stories[0].threshold == 0.9, "in force at once"
    page = await browser.post("/stories/ferry", **form | {"line": "20"})
    assert "1 more, 0 fewer" in page.text
    assert watched.app.store.delivery_counts() == sent, "a trial sends nothing"


async def test_what_changes_nothing_is_saved_at_once(watched: Watched) -> None:
    browser = Browser(watched)
    form = {"title": "The ferry", "line": "20", "never": "stocks, gains", "must": " ", "ignore": "Bow"}
    assert (await browser.post("/stories/ferry", **form)).status_code == 303
    story = browser.story()
    assert (story["never"], story["ignore"]) == (["stocks", "gains"], ["Bow"])
    assert not {"must", "sources", "channels"} & set(story), "what is empty, or all, is no setting"
    page = await browser.post("/stories/ferry", **form, step="try")
    assert "nothing would have been told differently" in page.text
    kept = watched.settings.path.read_text()
    assert (await browser.post("/stories/ferry", **form | {"source": "nope"}, step="save")).status_code == 400
    assert watched.settings.path.read_text() == kept


async def test_words_that_exclude_are_tried_too(watched: Watched) -> None:
    page = await Browser(watched).post("/stories/ferry", title="The ferry", line="20", never="aldermoor")
    assert "0 more, 1 fewer" in page.text
    assert STEP in page.text


async def test_a_story_is_paused_taken_up_again_and_stopped(watched: Watched) -> None:
    browser = Browser(watched)
    assert (await browser.post("/stories/ferry/pause")).status_code == 303
    assert browser.story()["paused"] is True
    assert "This story is paused" in (await browser.client.get("/stories/ferry")).text
    assert (await browser.post("/stories/ferry/resume")).status_code == 303
    assert "paused" not in browser.story()
    assert (await browser.post("/stories/ferry/erase")).status_code == 404
    assert (await browser.client.post("/stories/ferry/stop")).status_code == 403, "without the form's token"
    assert browser.story()
    assert (await browser.post("/stories/ferry/stop")).status_code == 303
    assert browser.story() == {}
    assert (await browser.client.get("/stories/ferry")).status_code == 404
    assert watched.app.store.decisions(story_id="ferry"), "what was seen is kept"


async def test_dates_that_lie_ahead_stand_on_the_story_and_on_today(watched: Watched) -> None:
    day = watched.app.pipeline.clock.now() + timedelta(days=40)
    written = f"{day.day} {day:%B %Y}"
    await watched.app.daemon.upkeep()
    await watched.published(f"Inquiry into the sinking of the Aldermoor must report by {written}")
    await watched.app.daemon.upkeep()
    client = Browser(watched).client
    for path in ("/", "/stories/ferry"):
        page = (await client.get(path)).text
        assert "Dates to watch" in page, path
        assert f'<time datetime="{day:%Y-%m-%d}">{written}</time>' in page, path


async def test_today_calls_a_story_as_it_is_called_now_and_leads_to_none_that_is_gone(watched: Watched) -> None:
    browser = Browser(watched)
    form = {"title": "The ferry", "line": "20", "source": "feed", "channel": "terminal"}
    assert (await browser.post("/stories/ferry", **form, step="save")).status_code == 303
    today = (await browser.client.get("/")).text
    assert '<h2><a href="/stories/ferry">The ferry</a></h2>' in today
    assert (await browser.post("/stories/ferry/stop")).status_code == 303
    today = (await browser.client.get("/")).text
    assert 'href="/stories/ferry"' not in today
    assert "watched no longer" in today


async def test_another_article_does_not_inherit_what_was_seen_of_a_story_that_was_stopped(
    watched: Watched, tmp_path: Path
) -> None:
    """It would be told what the old one's names find, and get no brief of its own."""
    assert (await Browser(watched).post("/stories/ferry/stop")).status_code == 303
    article = tmp_path / "article.txt"
    article.write_text(
        "Ferry\n\nThe fares of the ferry to Ostby rise by a fifth in January, the operator said on Monday."
    )
    asked = ("add", article, "--config", watched.settings.path, "--json")
    refused = await asyncio.to_thread(monitor, *asked, "--id", "ferry")
    assert (refused.code, "watched no longer" in refused.err) == (2, True), refused
    made = await asyncio.to_thread(monitor, *asked)
    assert made.code == 0, made
    assert made.document["written"]["story"] == "ferry-2"


@pytest.mark.parametrize("line", ["abc", "-5", "101", "50,5", "nan", "9" * 30])
async def test_a_line_that_cannot_be_is_said_and_changes_nothing(watched: Watched, line: str) -> None:
    """It became the default, and the page said "saved"."""
    browser = Browser(watched)
    before = browser.story()
    answer = await browser.post("/stories/ferry", title="Other", line=line, source="feed", step="save")
    assert answer.status_code == 400
    assert "The line is a whole number from 0 to 100" in answer.text
    assert browser.story() == before


async def test_a_title_of_any_length_is_taken_and_its_beginning_shown(watched: Watched) -> None:
    browser = Browser(watched)
    title = "The Aldermoor " * 50
    form = {"line": "20", "source": "feed", "channel": "terminal", "step": "save"}
    assert (await browser.post("/stories/ferry", title=title, **form)).status_code == 303
    shown = watched.app.pipeline.watchlist.stories[0].title
    assert (len(shown) <= 200, title.startswith(shown)) == (True, True)
    assert browser.story()["title"] == title.strip()
    assert (await browser.post("/stories/ferry", title=shown, **form | {"line": "30"})).status_code == 303
    assert browser.story()["title"] == title.strip(), "saving another setting does not cut it"
    assert browser.story()["threshold"] == 0.3
