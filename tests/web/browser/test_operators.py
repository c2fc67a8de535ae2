"""A running daemon and its pages: a new watch, a link that cannot be read, a source and a channel in trouble."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.loopback import Newsstand, free_port, rss
from tests.web.browser.conftest import Open
from tests.web.browser.test_every_page import looked_at

ARTICLE = """Ferry Aldermoor sinks off Vess with 300 on board

The ferry Aldermoor sank off the port of Vess on 30 October 2026. An inquiry into the sinking of the Aldermoor was
opened; the bow door of the ferry is said to have failed.

Sources used:
- Vess Observer: 'Ferry Aldermoor sinks'
"""
WAYS = pytest.mark.parametrize(("width", "scripts"), [(1280, True), (390, False)])


def entry(number: int, title: str) -> dict[str, str]:
    return {"id": f"e{number}", "title": title, "url": f"https://feed.example/{number}", "at": "2026-11-01T10:00:00Z"}


class House:
    """`monitor run` over a newsstand, with its pages."""

    def __init__(self, folder: Path, stand: Newsstand, more: str = "") -> None:
        self.stand, port = stand, free_port()
        self.base, self.config = f"http://127.0.0.1:{port}", folder / "config.toml"
        self.config.write_text(f"""
[service]
log_level = "error"
[fetch]
allow_private = ["127.0.0.1:{stand.port}"]
host_spacing = "0s"
follow_pages = false
[hooks]
allow_private = ["127.0.0.1:{stand.port}"]
[http]
listen = "127.0.0.1:{port}"
[[source]]
id = "feed"
name = "The Feed"
url = "{stand.url}/feed.xml"
[[channel]]
id = "desk"
type = "webhook"
url = "{stand.url}/hook"
secret_env = "DESK"
{more}
""")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "monitor", "run", "--config", str(self.config)],
            env=os.environ | {"DESK": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        self.until(lambda: httpx.get(f"{self.base}/livez").status_code == 200)

    def until(self, holds: object, seconds: float = 60) -> None:
        """Wait until it holds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if holds():  # type: ignore[operator]
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
        raise AssertionError("it never came true")


@pytest.fixture
def stand() -> Iterator[Newsstand]:
    made = Newsstand()
    made.feeds["/feed.xml"] = rss("Feed", [entry(0, "Stocks close higher on tech gains")])
    yield made
    made.close()


def house(folder: Path, stand: Newsstand, more: str = "") -> Iterator[House]:
    made = House(folder, stand, more)
    yield made
    made.process.terminate()
    made.process.wait(30)


@pytest.fixture
def bare(tmp_path: Path, stand: Newsstand) -> Iterator[House]:
    """It watches nothing yet."""
    yield from house(tmp_path, stand)


@pytest.fixture
def watching(tmp_path: Path, stand: Newsstand) -> Iterator[House]:
    """It watches a ferry."""
    seed = ARTICLE.partition("Sources used")[0]
    yield from house(tmp_path, stand, f"[[story]]\nid = 'ferry'\ntitle = 'The Aldermoor'\nseed_text = '''{seed}'''\n")


@WAYS
def test_a_new_watch(page: Open, bare: House, axe: str, width: int, scripts: bool) -> None:
    stand = bare.stand
    stand.feeds["/observer.xml"] = rss("Observer", [
        entry(7, "Ferry Aldermoor sank off Vess, inquiry opened"), entry(8, "Captain of a ferry arrested at airport"),
    ])  # fmt: skip
    at = page(bare.base, width, scripts=scripts)
    at.goto("/")
    at.get_by_label("Link to an article, or its text").fill(ARTICLE)
    at.get_by_role("button", name="Read it").click()
    expect(at.locator("main")).to_contain_text("Vess Observer")
    expect(at.locator("main")).to_contain_text("Not covered")
    assert "[[story]]" not in bare.config.read_text(), "nothing is saved before anybody says so"
    at.get_by_label("Feed of Vess Observer").fill(f"{stand.url}/observer.xml")
    at.get_by_role("button", name="Start watching").first.click()
    expect(at.locator("main")).to_contain_text("read: 2 entries")
    assert "[[story]]" not in bare.config.read_text()
    at.get_by_role("button", name="Do not look for ferry", exact=True).click()
    expect(at.locator("main")).to_contain_text("Left out")
    at.get_by_role("button", name="Look for ferry again", exact=True).click()
    expect(at.get_by_role("button", name="Do not look for ferry", exact=True)).to_be_visible()
    near = at.locator("article.row", has_text="Captain")
    near.get_by_role("button", name="This is one").click()
    expect(near).to_contain_text("You said: this is one.")
    expect(near.locator(".meta .n")).to_have_text("100")
    at.get_by_role("button", name="Do not look for inquiry").click()
    assert looked_at(at, axe, "a preview") == [] if scripts else True
    at.get_by_role("button", name="Start watching").last.click()
    expect(at.locator("h1")).to_contain_text("Ferry Aldermoor sinks off Vess")
    written = bare.config.read_text()
    assert f"{stand.url}/observer.xml" in written
    assert 'ignore = ["inquiry"]' in written
    assert 'like = ["Captain of a ferry arrested at airport"]' in written
    bare.until(lambda: stand.hooks)
    time.sleep(1)
    assert [body["type"] for body in stand.bodies()] == ["story.baseline"], "one brief, and nothing else"
    at.reload()
    expect(at.locator("#timeline ~ ol")).to_contain_text("Before you watched")


@WAYS
def test_a_link_that_cannot_be_read(page: Open, bare: House, width: int, scripts: bool) -> None:
    at = page(bare.base, width, scripts=scripts)
    at.goto("/add")
    address = f"{bare.stand.url}/no-such-article"
    box = at.get_by_label("Link to an article, or its text")
    box.fill(address)
    at.get_by_role("button", name="Read it").click()
    expect(at.get_by_role("alert")).to_contain_text("could not be read")
    expect(box).to_have_value(address)
    box.fill(ARTICLE)
    at.get_by_role("button", name="Read it again").click()
    expect(at.locator("main")).to_contain_text("What it looks for")


@WAYS
def test_an_operator_sees_and_mends(page: Open, watching: House, width: int, scripts: bool) -> None:
    stand = watching.stand
    at = page(watching.base, width, scripts=scripts)

    def visit() -> None:
        at.goto("/sources")
        at.get_by_role("button", name="Visit now: The Feed").click()
        expect(at.locator("h1")).to_contain_text("The Feed")

    stand.hook_status = 410
    title = "Inquiry into the sinking of the ferry Aldermoor: bow door failed, owner says"
    stand.feeds["/feed.xml"] = rss("Feed", [entry(1, title), entry(0, "Stocks close higher on tech gains")])
    visit()
    watching.until(lambda: "switched off" in httpx.get(f"{watching.base}/").text)
    del stand.feeds["/feed.xml"]
    for _ in range(3):
        visit()
        expect(at.locator(".note.bad")).to_contain_text("its server answers with an error")
    at.goto("/")
    trouble = at.locator("section.note.bad li")
    texts = " ".join(trouble.all_inner_texts())
    assert trouble.count() <= 3
    assert "The Feed" in texts
    assert "desk" in texts
    at.goto("/sources")
    expect(at.locator("#s-feed")).to_contain_text(re.compile("since .*3 tries"))
    stand.hook_status = 204
    at.goto("/deliveries")
    at.get_by_role("button", name="Switch on: desk").click()
    expect(at.get_by_role("button", name="Switch on: desk")).to_have_count(0)
    at.goto("/deliveries")
    again = at.get_by_role("button", name="Send all that was given up again")
    if again.count():
        again.click()
    watching.until(lambda: "Open <b>0</b>" in httpx.get(f"{watching.base}/deliveries").text)
    assert stand.hooks
    at.get_by_role("button", name="Send a test: desk").click()
    watching.until(lambda: any(body["type"] == "channel.test" for body in stand.bodies()))
