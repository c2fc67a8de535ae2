"""What was held back can be said to be of the story: it stands in the timeline, teaches, and nobody is sent it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.app.build import App
from monitor.errors import NotFound, UsageError
from monitor.model import Judgements
from monitor.operations import control, exporting, reports
from tests.stores.made import NOW, outcome, sighting
from tests.web.test_api import client, opened


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    made = opened(tmp_path)
    yield made
    await made.close()


def titles(app: App) -> list[str]:
    return [row["title"] for row in reports.timeline(app.store, "bridge")]


async def test_what_was_said_of_an_alert_is_undone_on_its_page(app: App) -> None:
    name = next(alert.id for alert, _ in app.store.alerts() if alert.entry_key)
    async with client(app) as browser:
        page = (await browser.get(f"/alerts/{name}")).text
        token = re.search(r'name="token" value="([^"]+)"', page)
        assert token and ">Undo<" not in page
        for word, said in (("no", True), ("undo", False)):
            await browser.post(f"/alerts/{name}/feedback", data={"token": token[1], "word": word})
            page = (await browser.get(f"/alerts/{name}")).text
            assert ("You said: this is not the story" in page, ">Undo<" in page) == (said, said)


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
    assert [entry for entry, _ in app.pipeline.watchlist.said["bridge"].taught] == [sighting(3).entry]
    (label,) = exporting.labels(app.store, "bridge")
    assert '"follow_up": true' in label
    control.overrule(app.store, "urn:3", "undo", "bridge", NOW)
    assert app.store.feedback("bridge") == []


async def test_a_fold_is_a_step_of_its_own_and_is_told_once(app: App) -> None:
    key, sent = sighting(2).key, sum(app.store.delivery_counts().values())
    async with client(app) as browser:
        page = (await browser.get("/stories/bridge")).text
        token = re.search(r'name="token" value="([^"]+)"', page)
        assert token
        form = {"token": token[1], "story": "bridge", "folded": "yes"}
        assert re.search(r'aria-label="This was new: Report 2, \w', page), "two reports may have one title"
        assert (await browser.post(f"/entries/{key}/feedback", data=form | {"word": "tell"})).status_code == 400
        assert (await browser.post(f"/entries/{key}/feedback", data=form | {"word": "new"})).status_code == 303
        assert sorted(titles(app)) == ["Report 1", "Report 2"]
        page = (await browser.get("/stories/bridge")).text
        assert "You said: this was new" in page
        assert 'data-n="2"' in page
        for _ in range(2):
            answer = await browser.post(
                f"/entries/{key}/feedback", data=form | {"word": "tell"}, headers={"hx-request": "true"}
            )
            assert "was sent" in answer.text
        made = [alert for alert, _ in app.store.alerts(story_id="bridge") if alert.entry_key == key]
        assert [(alert.kind, alert.notes) for alert in made] == [("story.development", (control.OVERRULED,))]
        assert "was sent" in (await browser.get("/stories/bridge")).text
        await browser.post(f"/entries/{key}/feedback", data=form | {"word": "undo"})
        assert titles(app) == ["Report 1"]
        assert len(app.store.alerts(story_id="bridge")) == 3, "what was sent stays on record"
    assert sum(app.store.delivery_counts().values()) == sent, "there is no channel, so nothing is sent"


async def test_a_miss_that_was_one_is_remembered_and_one_that_was_not_leaves_the_list(app: App) -> None:
    control.overrule(app.store, "urn:3", "yes", "", NOW)
    app.pipeline.watchlist.learn(app.store)
    members = app.pipeline.watchlist.memory(app.store, "bridge", NOW).members
    assert sighting(3).key in {member.entry_key for member in members}
    control.overrule(app.store, "urn:2", "no", "bridge", NOW)
    control.overrule(app.store, "urn:3", "no", "bridge", NOW)
    assert [row.word for row in app.store.feedback("bridge")] == ["no", "no"], "the last word stands, alone"
    assert titles(app) == ["Report 1"]
    assert all('"follow_up": false' in label for label in exporting.labels(app.store, "bridge"))


async def test_a_miss_that_shared_nothing_with_the_article_is_one_all_the_same(app: App) -> None:
    before = titles(app)
    app.store.record([replace(outcome(4), judgements=Judgements())])
    with pytest.raises(UsageError, match="none has weighed"):
        control.overrule(app.store, "urn:4", "yes", "", NOW)
    stories = app.pipeline.watchlist.stories
    with pytest.raises(UsageError, match="--story"):
        control.overrule(app.store, "urn:4", "no", "", NOW, stories)
    assert control.overrule(app.store, "urn:4", "yes", "", NOW, stories)["story"] == "bridge"
    assert titles(app) == [*before, "Report 4"]
    app.pipeline.watchlist.learn(app.store)
    assert [entry for entry, _ in app.pipeline.watchlist.said["bridge"].taught] == [sighting(4).entry]
    control.overrule(app.store, "urn:4", "undo", "", NOW)
    assert titles(app) == before


async def test_a_search_leads_to_where_a_miss_is_said_to_be_one(app: App) -> None:
    key = sighting(4).key
    app.store.record([replace(outcome(4), judgements=Judgements())])
    app.store.index(100)
    async with client(app) as browser:
        found = (await browser.get("/search?q=report")).text
        address = f"/entries/{key}/versions/1"
        assert f'href="{address}#is-one"' in found
        page = (await browser.get(address)).text
        token = re.search(r'name="token" value="([^"]+)"', page)
        assert token
        form = {"token": token[1], "story": "bridge", "word": "yes"}
        answer = await browser.post(f"/entries/{key}/feedback", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/stories/bridge#held")
        assert "You said: this was one" in (await browser.get(address)).text
    assert titles(app)[-1] == "Report 4"


def test_what_cannot_be_is_said(app: App) -> None:
    with pytest.raises(NotFound):
        control.overrule(app.store, "urn:99", "yes", "", NOW)
    with pytest.raises(NotFound, match="nothing was said"):
        control.overrule(app.store, "urn:3", "undo", "", NOW)
    with pytest.raises(UsageError):
        control.overrule(app.store, "urn:3", "perhaps", "", NOW)
    with pytest.raises(UsageError, match="not folded"):
        control.overrule(app.store, "urn:3", "new", "", NOW)
