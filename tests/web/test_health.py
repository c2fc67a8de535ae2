"""Every page over every kind of alert, whatever is watched; and /readyz knows when one cannot be drawn."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import httpx
import pytest

from monitor import config
from monitor.app.build import App, build
from monitor.core.delivery.links import Links
from monitor.metrics import Metrics
from monitor.model import Alert, Delivery, Report
from monitor.model.words import AlertKind
from monitor.web import alert_page, drawing, health, make

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
STORY = """
[[story]]
id = "s{n}"
title = "Story {n}"
seed_text = '''Ferry {n} sinks off Vess

Ferry {n} sank off the port of Vess with 300 people on board, the coast guard said.
'''
"""


def owned(kind: str) -> list[dict[str, str]]:
    """Whom an alert of this kind may be about: a watched story, one watched no longer, a source, a channel, nothing."""
    watched = {"story_id": "s1", "story_title": "Story 1", "entry_key": "e1", "entry_id": "urn:e1"}
    gone = {"story_id": "gone", "story_title": "A story no longer watched"}
    if kind == "story.digest":
        return [watched, gone, {}]
    if kind.startswith("story."):
        return [watched, gone]
    return [{}] if kind == "channel.test" else [{"source_id": "feed"}, {"source_id": "channel:desk"}]


ALERTS = [
    Alert(
        id=f"a{number}x{place}", kind=kind, at=NOW, title=f"{kind} {place}", severity="high",
        items=(Report("The Herald", "https://herald.example/1", "A part", published_at=NOW),) if place % 2 else (),
        notes=("A note.",), **owner,
    )
    for number, kind in enumerate(get_args(AlertKind))
    for place, owner in enumerate(owned(kind))
]  # fmt: skip


def opened(folder: Path, stories: int) -> App:
    text = '[[source]]\nid = "feed"\nurl = "https://feed.example/rss"\n'
    text += "".join(STORY.format(n=n + 1) for n in range(stories))
    return build(config.parse(text, folder / "config.toml", {}), None, Metrics(), exclusive=False)


@pytest.fixture(params=[0, 1, 2])
async def app(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[App]:
    made = opened(tmp_path, request.param)
    yield made
    await made.close()


def client(app: App) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=make(app), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765")


def addresses(app: App, alerts: list[Alert]) -> list[str]:
    """Every page that can be asked for with GET."""
    stories = [story.id for story in app.pipeline.watchlist.stories]
    found = ["/", "/?show=read", "/add", "/sources", "/sources/feed", "/deliveries", "/search", "/settings", "/words"]
    found += [*(f"/stories/{story}" for story in stories), *(f"/feed/{story}.atom" for story in stories)]
    links = Links("", app.signing_key)
    for alert in alerts:
        delivery = Delivery(f"m{alert.id}", alert.id, "desk", "", created_at=NOW, next_at=NOW)
        made = links(delivery, alert)
        found += [f"/alerts/{alert.id}", *made.get("feedback", {}).values()]
        found += [made["unsubscribe"]] if "unsubscribe" in made else []
    return found


@pytest.mark.parametrize(
    "alert", ALERTS, ids=lambda alert: f"{alert.kind}-{alert.story_id or alert.source_id or 'none'}"
)
async def test_every_page_is_drawn_over_an_alert_of_every_kind(app: App, alert: Alert) -> None:
    app.store.add_alert(alert, [Delivery(f"m{alert.id}", alert.id, "desk", "", created_at=NOW, next_at=NOW)])
    async with client(app) as browser:
        answers = {path: (await browser.get(path)).status_code for path in addresses(app, [alert])}
        assert set(answers.values()) == {200}, answers
        assert (await browser.get("/readyz")).json() == {"ready": True, "causes": []}


async def test_every_page_is_drawn_over_all_of_them_at_once(app: App) -> None:
    for alert in ALERTS:
        bare = replace(alert, id=f"b{alert.id}")
        app.store.add_alert(alert, [Delivery(f"m{alert.id}", alert.id, "desk", "", created_at=NOW, next_at=NOW)])
        app.store.add_alert(bare, [])
    async with client(app) as browser:
        for path in addresses(app, ALERTS):
            assert (await browser.get(path)).status_code == 200, path


async def test_readyz_sees_by_itself_that_a_page_cannot_be_drawn(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """A template that is broken, as one was; nobody has looked at a page yet."""
    broken = drawing.templates().from_string("{{ not_given }}")
    get = drawing.templates().get_template

    class Torn:
        def get_template(self, name: str) -> object:
            return broken if name == "today.html" else get(name)

    with monkeypatch.context() as torn:
        torn.setattr(drawing, "templates", lambda: Torn())
        async with client(app) as browser:
            answer = await browser.get("/readyz")
            assert answer.status_code == 503
            assert "the page / cannot be drawn" in answer.json()["causes"][0]
            assert (await browser.get("/")).status_code == 500
            torn.undo()
            assert (await browser.get("/")).status_code == 200
            assert (await browser.get("/readyz")).status_code == 200


async def test_readyz_does_not_draw_at_every_probe(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    monkeypatch.setattr(drawing, "draw", lambda request, name, values: drawn.append(name) or "")
    async with client(app) as browser:
        for _ in range(5):
            await browser.get("/readyz")
    assert len(drawn) == len(set(drawn)) <= 10, "each page once"


async def test_one_odd_page_does_not_keep_the_service_away_for_ever(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    app.store.add_alert(ALERTS[0], [])
    make_page = alert_page.words.changed
    async with client(app) as browser:
        with monkeypatch.context() as torn:
            torn.setattr(alert_page.words, "changed", lambda alert: 1 / 0)
            assert (await browser.get(f"/alerts/{ALERTS[0].id}")).status_code == 500
            assert (await browser.get("/readyz")).status_code == 503
        assert alert_page.words.changed is make_page
        monkeypatch.setattr(health, "REMEMBERED", health.REMEMBERED * 0)
        assert (await browser.get("/readyz")).status_code == 200
