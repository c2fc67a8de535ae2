"""What was held back can be said to be of the story: it stands in the timeline, teaches, and nobody is sent it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from monitor.app import App
from monitor.errors import NotFound, UsageError
from monitor.operations import control, exporting, reports
from tests.stores.made import NOW, sighting
from tests.web.test_api import client, opened


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    made = opened(tmp_path)
    yield made
    await made.close()


def titles(app: App) -> list[str]:
    return [row["title"] for row in reports.timeline(app.store, "bridge")]


async def test_a_miss_is_overruled_and_that_is_undone(app: App) -> None:
    key, before = sighting(3).key, titles(app)
    sent = app.store.delivery_counts()
    async with client(app) as browser:
        page = (await browser.get("/stories/bridge")).text
        assert "This was one" in page
        token = re.search(r'name="token" value="([^"]+)"', page)
        assert token
        form = {"token": token[1], "story": "bridge", "word": "yes"}
        assert (await browser.post(f"/entries/{key}/feedback", data={"word": "yes"})).status_code == 403
        answer = await browser.post(f"/entries/{key}/feedback", data=form)
        assert answer.status_code == 303
        assert titles(app) == [*before, "Report 3"]
        assert "You said: this was one" in (await browser.get("/stories/bridge")).text
        part = await browser.post(
            f"/entries/{key}/feedback", data=form | {"word": "undo"}, headers={"hx-request": "true"}
        )
        assert part.text.startswith('<div class="acts" id="o-')
        assert "This was one" in part.text
        assert titles(app) == before
        assert (await browser.post(f"/entries/{key}/feedback", data=form | {"word": "undo"})).status_code == 404
        assert (await browser.post("/entries/none/feedback", data=form)).status_code == 404
        assert (await browser.post(f"/entries/{key}/feedback", data=form | {"story": "other"})).status_code == 404
    assert app.store.delivery_counts() == sent


def test_it_teaches_and_is_a_label(app: App) -> None:
    row = control.overrule(app.store, "urn:3", "yes", "", NOW)
    assert (row["story"], row["key"]) == ("bridge", sighting(3).key)
    app.pipeline.watchlist.learn(app.store)
    assert [each["key"] for each in app.pipeline.watchlist.said["bridge"].taught] == [sighting(3).key]
    (label,) = exporting.labels(app.store, "bridge")
    assert '"follow_up": true' in label
    control.overrule(app.store, "urn:3", "undo", "bridge", NOW)
    assert app.store.feedback("bridge") == []


def test_what_cannot_be_is_said(app: App) -> None:
    with pytest.raises(NotFound):
        control.overrule(app.store, "urn:99", "yes", "", NOW)
    with pytest.raises(NotFound, match="nothing was said"):
        control.overrule(app.store, "urn:3", "undo", "", NOW)
    with pytest.raises(UsageError):
        control.overrule(app.store, "urn:3", "perhaps", "", NOW)
