"""An accepted article is read again: edits, corrections and withdrawals are told once, walls and clocks never."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor import config
from monitor.app.build import App, build
from monitor.core.times import from_text
from monitor.data import read
from monitor.metrics import Metrics
from monitor.model import Alert
from monitor.operations.polling import poll
from monitor.operations.replaying import VirtualClock
from tests.loopback import Newsstand, rss

HEADLINE = "North Korea picks 300 soldiers for building work in occupied Ukraine"
BODY = (
    "North Korea has picked a first group of 300 soldiers who will repair roads in the parts of Ukraine that Russia "
    "holds, a source in Pyongyang said on Monday.",
    "The soldiers are between 19 and 27 years old and most of them are married, the source said.",
    "Trading companies of the North Korean army in Russia drew up the lists in January, on orders of the government.",
    "The group is expected to leave for Donetsk in March, and a second one may follow in the summer.",
    "Officials in Moscow did not answer questions about the agreement on Monday evening.",
    "Kim Jong Un has promised Vladimir Putin full support, without saying what it would consist of.",
)
CAPTCHA = "<html><head><title>Just a moment...</title></head><body><p>Verify you are human.</p></body></html>"


def page(*paragraphs: str, headline: str = HEADLINE, extra: str = "") -> bytes:
    text = "".join(f"<p>{part}</p>" for part in paragraphs)
    article = f"<article><h1>{headline}</h1>{text}</article>"
    return f"<!doctype html><head><title>{headline}</title></head><body>{article}{extra}</body></html>".encode()


@pytest.fixture
def stand() -> Iterator[Newsstand]:
    made = Newsstand()
    yield made
    made.close()


class Desk:
    """A watch on one feed, on a clock that is set; told alerts are collected."""

    def __init__(self, folder: Path, stand: Newsstand) -> None:
        """Read the first, quiet poll, then the entry that is followed from then on."""
        self.stand, self.clock, self.folder = stand, VirtualClock(from_text("2026-11-02T09:00:00Z")), folder
        self.app = self.start()
        self.seen: set[str] = set()

    def start(self) -> App:
        settings = config.parse(
            f"""[fetch]
allow_private = ["127.0.0.1:{self.stand.port}"]
host_spacing = "0s"
[[source]]
id = "feed"
url = "{self.stand.url}/feed.xml"
[[story]]
id = "nk"
title = "Soldiers"
seed_text = '''{read("demo_story.txt")}'''
""",
            self.folder / "config.toml",
            {},
        )
        return build(settings, None, Metrics(), exclusive=True, clock=self.clock)

    def publish(self, title: str | None = None, text: str = "A source said so on Monday.") -> None:
        entries = [{"id": "0", "title": "The harbour festival opens", "url": f"{self.stand.url}/0.html", "text": "Fun.",
                    "at": "2026-11-02T08:00:00Z"}]  # fmt: skip
        if title:
            entries.append({"id": "1", "title": title, "url": f"{self.stand.url}/1.html", "text": text,
                            "at": "2026-11-02T09:00:00Z"})  # fmt: skip
        self.stand.feeds["/feed.xml"] = rss("Feed", entries)

    async def after(self, minutes: float) -> list[Alert]:
        """Let time pass, poll, and give back what was told since the last time."""
        self.clock.at += timedelta(minutes=minutes)
        await poll(self.app.pipeline, self.app.sources, everything=True)
        told = [alert for alert, _ in self.app.store.alerts() if alert.id not in self.seen]
        self.seen |= {alert.id for alert in told}
        return told[::-1]

    async def begin(self) -> None:
        self.publish()
        await self.after(0)
        self.stand.feeds["/1.html"] = page(*BODY)
        self.publish(HEADLINE)
        assert [alert.kind for alert in await self.after(5)] == ["story.development"]

    async def again(self, minutes: float) -> list[str]:
        return [alert.kind for alert in await self.after(minutes)]


def test_a_silent_edit_is_told_once_when_it_was_seen_twice(tmp_path: Path, stand: Newsstand) -> None:
    async def act() -> None:
        desk = Desk(tmp_path, stand)
        await desk.begin()
        assert await desk.again(20) == []
        stand.feeds["/1.html"] = page(BODY[0].replace("300", "500"), *BODY[1:])
        assert await desk.again(20) == [], "seen once is not certain"
        await desk.app.close()
        desk.app = desk.start()  # a restart forgets nothing
        (told,) = await desk.after(11)
        assert told.kind == "story.revision"
        assert told.notes == ("Changed without a correction note.",)
        assert any(("300" in change.before and "500" in change.after) for change in told.changes), told.changes
        assert told.revision == 2
        assert await desk.again(20) == []
        # The headline in the feed catches up: the same change, told already.
        desk.publish(HEADLINE.replace("300", "500"))
        assert await desk.again(20) == []
        assert await desk.again(60) == []
        revisions = [revision for revision, _, _ in desk.app.store.versions(told.entry_key)]
        assert revisions == [0, 1, 2, 3], "the page as first read, and every version since"
        await desk.app.close()

    asyncio.run(act())


def test_a_change_of_the_feed_brings_the_page_at_once_and_one_alert(tmp_path: Path, stand: Newsstand) -> None:
    async def act() -> None:
        desk = Desk(tmp_path, stand)
        await desk.begin()
        await desk.again(300)
        stand.feeds["/1.html"] = page(BODY[0].replace("300", "500"), *BODY[1:], headline=HEADLINE.replace("300", "500"))
        desk.publish(HEADLINE.replace("300", "500"))
        before = [path for path, _ in stand.requests].count("/1.html")
        assert await desk.again(1) == ["story.revision"]
        assert [path for path, _ in stand.requests].count("/1.html") == before + 1
        assert await desk.again(11) == []
        assert await desk.again(60) == []
        await desk.app.close()

    asyncio.run(act())


def test_walls_clocks_and_half_pages_are_no_change(tmp_path: Path, stand: Newsstand) -> None:
    async def act() -> None:
        desk = Desk(tmp_path, stand)
        await desk.begin()
        for body in (
            CAPTCHA.encode(),
            page(BODY[0]),
            page(*BODY, extra="<p>Last updated 3 hours ago</p><p>1,204 views</p>"),
            page("The council of Springfield has voted on a new roof for its swimming pool after years of debate.",
                 "Tickets will cost more from April on, the mayor told reporters in the rain on Thursday morning.",
                 "Swimmers protested with rubber ducks and demanded a slide longer than the one in Shelbyville."),
            page(*BODY),
        ):  # fmt: skip
            stand.feeds["/1.html"] = body
            assert await desk.again(45) == []
            assert await desk.again(45) == []
        await desk.app.close()

    asyncio.run(act())


def test_corrections_and_withdrawals_are_told(tmp_path: Path, stand: Newsstand) -> None:
    note = "Correction: An earlier version of this article misstated the number of soldiers. It is 250, not 300."

    async def act() -> None:
        desk = Desk(tmp_path, stand)
        await desk.begin()
        stand.feeds["/1.html"] = page(BODY[0].replace("300", "250"), *BODY[1:], note)
        assert await desk.again(20) == []
        (told,) = await desk.after(11)
        assert (told.kind, told.severity) == ("story.correction", "high")
        assert {"notice", "figure"} <= {change.kind for change in told.changes}
        del stand.feeds["/1.html"]
        assert await desk.again(20) == []
        (gone,) = await desk.after(11)
        assert gone.kind == "story.correction"
        assert gone.changes[0].after == "The article is no longer at its address."
        requests = len(stand.requests)
        assert await desk.again(600) == []
        assert [path for path, _ in stand.requests[requests:]] == ["/feed.xml"], "it is not followed any more"
        await desk.app.close()

    asyncio.run(act())


def test_a_live_blog_gets_two_alerts_a_day_and_one_summary(tmp_path: Path, stand: Newsstand) -> None:
    async def act() -> None:
        desk = Desk(tmp_path, stand)
        await desk.begin()
        kinds = []
        for number in range(1, 7):
            desk.publish(HEADLINE.replace("300", str(300 + 50 * number)))
            kinds += await desk.again(60)
        assert kinds == ["story.revision", "story.revision"]
        (summary,) = await desk.after(12 * 60)
        assert summary.kind == "story.digest"
        assert len(summary.items) == 4
        assert "600" in summary.items[-1].title
        assert await desk.again(60) == []
        await desk.app.close()

    asyncio.run(act())


def test_readings_follow_the_timetable_and_are_conditional(tmp_path: Path, stand: Newsstand) -> None:
    async def act() -> None:
        desk = Desk(tmp_path, stand)
        await desk.begin()
        for _ in range(12 * 24):
            assert await desk.again(5) == []
        readings = [status for path, status in stand.requests if path == "/1.html"]
        assert 25 <= len(readings) <= 45
        assert readings[1:] == [304] * (len(readings) - 1)
        await desk.app.close()

    asyncio.run(act())
