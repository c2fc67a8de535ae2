"""A story that begins to read a source that was read before: what is stored is its baseline, and its brief says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor import config
from monitor.app.build import App, build
from monitor.app.reload import adopt
from monitor.core.decisions import backfill
from monitor.metrics import Metrics
from monitor.model import Alert, Outcome, Visit
from monitor.operations import reports
from monitor.operations.polling import poll
from monitor.pipeline import backfill as reading
from monitor.runtime import maintenance
from tests.loopback import rss
from tests.publisher import AT, Answer, Clock, Publisher, article, validated

FERRY = """Ferry Aldermoor sinks off Vess with 300 on board

The ferry Aldermoor sank off the port of Vess. An inquiry into the sinking of the Aldermoor was opened; the bow door of
the ferry is said to have failed.
"""
DAM = """Staudamm am Orlbach droht zu brechen

Am Orlbach droht der Staudamm zu brechen. Die Behörden haben die Räumung von Orlbach angeordnet; der Betreiber des
Staudamms am Orlbach hatte Risse gemeldet.
"""
FERRY_NEWS = (
    "Ferry Aldermoor sank with its bow door open, survivors say",
    "Aldermoor inquiry: owners of the ferry knew of the bow door",
    "Divers reach the wreck of the Aldermoor off Vess",
)
DAM_NEWS = ("Staudamm am Orlbach: Risse seit Monaten bekannt", "Orlbach geräumt, der Staudamm hält noch")

FRESH = "Aldermoor ferry: 41 bodies recovered from the car deck, salvage begins on Tuesday"
EVERYDAY = (
    "Museum returns painting to heirs of collector", "Wheat harvest the smallest since records began",
    "New species of beetle found in city park", "Choir festival ends with a midnight concert",
    "Apprentices win prize for a wooden clock",
)  # fmt: skip


def told(number: int, title: str) -> dict[str, str]:
    return article(number, title=title, url=f"https://paper.example/told/{number}", id=f"told-{number}")


LATER_H = 24 * 6
NEW = told(91, FRESH) | {"at": (AT + timedelta(hours=LATER_H - 5)).isoformat()}
FERRY_ENTRIES = [told(n, title) for n, title in enumerate(FERRY_NEWS)]


class Desk:
    """The product over papers whose stories and their sources are changed by hand."""

    def __init__(self, folder: Path, paper: Publisher) -> None:
        self.clock, self.folder, self.paper = Clock(), folder, paper
        self.stories: dict[str, tuple[str, str]] = {
            "clocks": ("", "Tower clock of Lidd stops\n\nThe tower clock of Lidd has stopped, the parish said.")
        }
        self.publish("a", FERRY_ENTRIES)
        self.publish("b", [told(n + 50, title) for n, title in enumerate(DAM_NEWS)])
        self.app: App | None = None

    def publish(self, name: str, entries: Sequence[dict[str, str]]) -> None:
        everyday = [article(n, title=f"{EVERYDAY[n % 5]}, part {n}") for n in range(10)]
        body = rss(name, [*entries, *everyday])
        self.paper.paths[f"/{name}"] = validated(body, etag=f'"{len(entries)}"')

    def settings(self) -> Any:
        sources = "".join(
            f'[[source]]\nid = "{n}"\nname = "Paper {n}"\nurl = "{self.paper.url("/" + n)}"\n' for n in "ab"
        )
        stories = "".join(
            f"[[story]]\nid = '{name}'\ntitle = '{name}'\n{extra}\nseed_text = '''{seed}'''\n"
            for name, (extra, seed) in self.stories.items()
        )
        fetch = '[fetch]\nallow_private = ["127.0.0.0/8"]\nhost_spacing = "0s"\nfollow_pages = false\n'
        channel = '[[channel]]\nid = "desk"\ntype = "console"\n'
        return config.parse(f"{fetch}{sources}{stories}{channel}", self.folder / "config.toml", {})

    async def start(self) -> App:
        """As after a restart."""
        if self.app:
            await self.app.close()
        self.app = build(self.settings(), None, Metrics(), exclusive=True, clock=self.clock)
        return self.app

    async def poll(self, hours: float = 1) -> dict[str, Any]:
        app = self.app or await self.start()
        self.clock.at += timedelta(hours=hours)
        return await poll(app.pipeline, app.sources, everything=True)

    def alerts(self, story: str) -> list[Alert]:
        assert self.app
        return [alert for alert, _ in reversed(self.app.store.alerts(story_id=story))]

    def timeline(self, story: str) -> list[dict[str, Any]]:
        assert self.app
        return reports.timeline(self.app.store, story)

    def shown(self, story: str) -> set[str]:
        """Every title that the timeline has."""
        rows = self.timeline(story)
        return {row["title"] for row in rows} | {each["title"] for row in rows for each in row["reports"]}


@pytest.fixture
async def desk(tmp_path: Path, paper: Publisher) -> AsyncIterator[Desk]:
    made = Desk(tmp_path, paper)
    await made.poll()
    await made.poll()
    yield made
    if made.app:
        await made.app.close()


@pytest.mark.parametrize("reload", [True, False], ids=["reloaded", "restarted"])
@pytest.mark.parametrize(("story", "seed", "news"), [("ferry", FERRY, FERRY_NEWS), ("dam", DAM, DAM_NEWS)])
async def test_a_story_added_over_sources_that_were_read_is_told_what_is_stored(
    desk: Desk, story: str, seed: str, news: tuple[str, ...], reload: bool
) -> None:
    desk.stories[story] = ("threshold = 0.2", seed)
    if reload:
        assert desk.app
        await adopt(desk.app, desk.settings())
    else:
        await desk.start()
    await desk.poll()
    (brief,) = desk.alerts(story)
    assert brief.kind == "story.baseline"
    assert desk.shown(story) == set(news)
    assert len(brief.items) == len(desk.timeline(story)) > 0
    assert {item.title for item in brief.items} <= set(news)
    assert brief.notes[0] == "2 of 2 sources read."
    assert "Paper a, Paper b had been read before: 25 stored entries were read for this story." in brief.notes
    assert all(row["baseline"] and row["alert"] is None for row in desk.timeline(story))
    await desk.poll()
    await desk.start()
    await desk.poll()
    assert len(desk.alerts(story)) == 1, "told once, whatever is restarted"


async def test_what_comes_after_the_baseline_is_told_and_compared_with_it(desk: Desk) -> None:
    desk.stories["ferry"] = ("threshold = 0.2", FERRY)
    await desk.start()
    await desk.poll()
    rewritten = "Ferry Aldermoor sank with its bow door open, survivors say"
    again = article(90, title=rewritten, url="https://paper.example/again", id="again")
    desk.publish("a", [again, NEW, *FERRY_ENTRIES])
    await desk.poll(LATER_H)
    assert [(a.kind, a.title) for a in desk.alerts("ferry")[1:]] == [("story.development", FRESH)]


async def test_sources_that_are_widened_are_told_as_such(desk: Desk) -> None:
    desk.stories["ferry"] = ('threshold = 0.2\nsources = ["b"]', FERRY)
    await desk.start()
    await desk.poll()
    assert desk.alerts("ferry")[0].title == "Watching: nothing on this story in the feeds yet"
    desk.stories["ferry"] = ('threshold = 0.2\nsources = ["b", "a"]', FERRY)
    await desk.start()
    await desk.poll()
    late = desk.alerts("ferry")[1]
    assert late.kind == "story.baseline"
    assert len(late.items) == len(desk.timeline("ferry")) > 0
    assert late.notes == ("Paper a had been read before: 13 stored entries were read for this story.",)
    await desk.poll()
    assert len(desk.alerts("ferry")) == 2


async def test_what_came_while_a_story_was_paused_is_told_in_one_brief(desk: Desk) -> None:
    desk.stories["ferry"] = ("threshold = 0.2", FERRY)
    await desk.start()
    await desk.poll()
    desk.stories["ferry"] = ("threshold = 0.2\npaused = true", FERRY)
    await desk.start()
    desk.publish("a", [NEW])
    await desk.poll(LATER_H)
    assert len(desk.alerts("ferry")) == 1
    desk.stories["ferry"] = ("threshold = 0.2", FERRY)
    await desk.start()
    await desk.poll()
    assert [[item.title for item in alert.items] for alert in desk.alerts("ferry")[1:]] == [[FRESH]]


async def test_a_story_over_sources_never_read_is_as_before(tmp_path: Path, paper: Publisher) -> None:
    desk = Desk(tmp_path, paper)
    desk.stories["ferry"] = ("threshold = 0.2", FERRY)
    try:
        await desk.poll()
        assert [alert.notes for alert in desk.alerts("ferry")] == [("2 of 2 sources read.",)]
        assert desk.app
        assert not desk.app.pipeline.watchlist.unread
        await desk.start()
        assert not desk.app.pipeline.watchlist.unread, "what a first poll brought is not read again"
    finally:
        assert desk.app
        await desk.app.close()


async def test_an_empty_first_document_begins_the_reading_too(tmp_path: Path, paper: Publisher) -> None:
    desk = Desk(tmp_path, paper)
    desk.paper.paths["/a"] = desk.paper.paths["/b"] = Answer(rss("a", []))
    try:
        await desk.poll()
        await desk.start()
        assert desk.app
        assert not desk.app.pipeline.watchlist.unread
    finally:
        assert desk.app
        await desk.app.close()


async def test_what_arrives_while_the_stored_entries_are_read_is_not_lost(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.stories["ferry"] = ("threshold = 0.2", FERRY)
    await desk.start()
    desk.publish("a", [NEW, *FERRY_ENTRIES])
    score, visited = reading._score, []

    def interrupted(*arguments: Any) -> None:
        score(*arguments)
        if not visited:
            visited.append(asyncio.run(visit_beside(desk, "a")))

    monkeypatch.setattr(reading, "_score", interrupted)
    await desk.poll(LATER_H)
    assert [outcome.entries_new for outcome in visited] == [1]
    assert desk.shown("ferry") == {*FERRY_NEWS, FRESH}


async def visit_beside(desk: Desk, source_id: str) -> Outcome:
    """A visit whose entries nobody judges for the new story."""
    settings = desk.settings()
    document = settings.document.model_copy(update={"story": (), "channel": ()})
    app = build(replace(settings, document=document), None, Metrics(), exclusive=False, clock=desk.clock)
    try:
        status = app.store.statuses([source_id])[source_id]
        return await app.pipeline.visit(Visit(app.sources[source_id], status, desk.clock.at))
    finally:
        await app.close()


async def test_after_a_crash_before_the_brief_it_is_told_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.stories["ferry"] = ("threshold = 0.2", FERRY)
    app = await desk.start()
    await reading.backfill_all(app.pipeline)
    assert not desk.alerts("ferry")
    app = await desk.start()
    assert not app.pipeline.watchlist.unread
    maintenance.tend(app.pipeline, app.sources)
    (brief,) = desk.alerts("ferry")
    assert len(brief.items) == len(desk.timeline("ferry")) > 0


async def test_the_newest_stored_entries_are_read_and_no_more_than_the_limit(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGE", 4)
    monkeypatch.setattr(backfill, "share", lambda sources: 8)
    desk.stories["ferry"] = ("threshold = 0.2", FERRY)
    await desk.start()
    await desk.poll()
    (brief,) = desk.alerts("ferry")
    assert "16 stored entries were read" in brief.notes[1]


def test_a_story_of_very_many_sources_reads_less_of_each() -> None:
    assert backfill.share(1) == backfill.share(10) == backfill.PER_SOURCE_MAX
    assert backfill.share(200) == 100
    assert backfill.share(5000) == backfill.PER_SOURCE_MIN
