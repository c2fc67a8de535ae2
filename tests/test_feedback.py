"""What people say of alerts changes what the watch does next: over HTTP feeds, links, restarts."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from monitor.errors import NotFound, UsageError
from monitor.operations import control, evaluation, exporting, reports
from monitor.operations.polling import poll
from monitor.web import make
from tests.loopback import rss
from tests.watched import Watched, run

FIRST = "Divers reach the wreck of the ferry Aldermoor off Vess"
SAME = "Aldermoor: cameras film sunken ferry's hull on the sea bed near Vess"
THIRD = "Cameras film the hull of the sunken ferry Aldermoor on the sea bed near Vess"
OTHER = "Council of Vess names a new ferry terminal after its late mayor, Aldermoor crew sings"
LIKE = "Vess council names new ferry terminal after late mayor as Aldermoor crew sings"


def test_no_holds_its_like_back(tmp_path: Path) -> None:
    async def act(watched: Watched) -> None:
        made = await watched.published(OTHER)
        assert made["alert"]
        await watched.say(made["alert"], "no")
        like = await watched.published(LIKE)
        assert not like["follow_up"]
        assert any(reason["signal"] == "feedback" for reason in like["reasons"])
        (label,) = map(json.loads, exporting.labels(watched.app.store, None))
        assert label == {"entry": "e1", "story": "ferry", "follow_up": False, "development": None, "word": "no"}
        assert reports.timeline(watched.app.store, "ferry") == []
        changed = evaluation.taught(watched.app.store, watched.app.pipeline.watchlist.stories)
        assert [(row["entry"], row["before"]["follow_up"], row["after"]["follow_up"]) for row in changed] == [
            ("e2", True, False), ("e1", True, False),
        ]  # fmt: skip
        await watched.restart()
        assert not (await watched.published(LIKE + " again"))["follow_up"]
        await watched.say(made["alert"], "important")  # the last word counts
        assert (await watched.published(LIKE + " once more"))["follow_up"]

    run(tmp_path, act)


def test_undo_takes_a_no_back(tmp_path: Path) -> None:
    async def act(watched: Watched) -> None:
        made = await watched.published(OTHER)
        store, now = watched.app.store, watched.app.pipeline.clock.now()
        with pytest.raises(NotFound, match="undone"):
            control.feedback(store, made["alert"], "undo", "", now)
        await watched.say(made["alert"], "no")
        await watched.say(made["alert"], "undo")
        assert store.feedback() == []
        assert [row["alert"] for row in reports.timeline(store, "ferry")] == [made["alert"]]
        assert (await watched.published(LIKE))["follow_up"]

    run(tmp_path, act)


def test_without_the_no_its_like_is_told(tmp_path: Path) -> None:
    """The test above can fail."""

    async def act(watched: Watched) -> None:
        await watched.published(OTHER)
        assert (await watched.published(LIKE))["follow_up"]

    run(tmp_path, act)


@pytest.mark.parametrize("by", ["alert", "development"])
def test_same_as_folds_the_next_copy_into_the_right_development(tmp_path: Path, by: str) -> None:
    async def act(watched: Watched) -> None:
        first = await watched.published(FIRST)
        same = await watched.published(SAME)
        assert first["verdict"] == same["verdict"] == "development"
        assert first["development"] != same["development"]
        await watched.say(same["alert"], "same-as", first[by])
        third = await watched.published(THIRD)
        assert (third["verdict"], third["development"]) == ("repeat", first["development"])
        assert third["folded_into"] == first["alert"]
        await watched.restart()
        fourth = await watched.published(THIRD + " again")
        assert (fourth["verdict"], fourth["development"]) == ("repeat", first["development"])
        (told,) = reports.timeline(watched.app.store, "ferry")
        assert (told["development"], len(told["reports"])) == (first["development"], 3)
        (label,) = map(json.loads, exporting.labels(watched.app.store, "ferry"))
        assert (label["follow_up"], label["development"]) == (True, first["development"])
        figures = evaluation.evaluate([label], map(json.loads, exporting.decisions(watched.app.store, None)))
        assert figures["entries"] == 1

    run(tmp_path, act)


def test_important_makes_what_follows_urgent(tmp_path: Path) -> None:
    async def act(watched: Watched) -> None:
        first = await watched.published("Aldermoor inquiry will hear 30 sailors, says Vess harbour office")
        await watched.say(first["alert"], "important")
        watched.entries[0] = {
            **watched.entries[0], "title": "Aldermoor inquiry will hear 50 sailors, says Vess harbour office",
        }  # fmt: skip
        watched.stand.feeds["/feed.xml"] = rss("Feed", watched.entries)
        await poll(watched.app.pipeline, watched.app.sources, everything=True)
        (alert, _), *_ = watched.app.store.alerts(story_id="ferry", limit=1)
        assert (alert.kind, alert.severity) == ("story.revision", "high")

    run(tmp_path, act)


def test_feedback_that_means_nothing_is_refused(tmp_path: Path) -> None:
    async def act(watched: Watched) -> None:
        made = await watched.published(FIRST)
        store, now = watched.app.store, watched.app.pipeline.clock.now()
        for word, argument, error in (
            ("same-as", "", UsageError), ("same-as", "dnone", NotFound), ("same-as", made["alert"], UsageError),
            ("never", "", UsageError), ("no", "x", UsageError),
        ):  # fmt: skip
            with pytest.raises(error):
                control.feedback(store, made["alert"], word, argument, now)
        with pytest.raises(NotFound):
            control.feedback(store, "anone", "no", "", now)
        baseline = next(alert for alert, _ in store.alerts() if alert.kind == "story.baseline")
        with pytest.raises(UsageError):
            control.feedback(store, baseline.id, "same-as", made["alert"], now)
        assert store.feedback() == []

    run(tmp_path, act)


def test_the_reader_picks_which_one_it_repeats(tmp_path: Path) -> None:
    """The signed link of a mail: a page with the earlier alerts, without a login, and a button that acts."""

    async def act(watched: Watched) -> None:
        first, same = await watched.published(FIRST), await watched.published(SAME)
        (alert, (delivery,)), *_ = watched.app.store.alerts(alert_id=same["alert"])
        path = watched.app.pipeline.links(delivery, alert)["feedback"]["same_as"].partition("8765")[2]
        transport = httpx.ASGITransport(app=make(watched.app))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765") as client:
            page = (await client.get(path)).text
            assert FIRST in page
            assert f'value="{first["alert"]}"' in page
            assert f'value="{same["alert"]}"' not in page
            assert (await client.post(path, data={"argument": "anone"})).status_code == 404
            assert (await client.post(path)).status_code == 400
            assert watched.app.store.feedback() == []
            assert (await client.post(path, data={"argument": first["alert"]})).status_code == 200
        third = await watched.published(THIRD)
        assert (third["verdict"], third["development"]) == ("repeat", first["development"])

    run(tmp_path, act)
