"""The journeys of one who has watched nothing yet: every page says what there is not, and what to do next."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.web.browser.conftest import Open
from tests.web.browser.test_journeys import EVERY_WAY, WIDTHS

SAID = {
    "/?show=read": "Which story do you want to stay with?", "/?kind=corrections": "Which story",
    "/sources": "No source yet: watching a story brings the first.", "/deliveries": "No channel",
    "/search": "0 of 0 entries", "/search?q=ferry": "Nothing seen with “ferry”",
    "/stories/none": "There is no such story here", "/alerts/none": "There is no such alert here",
    "/entries/none/versions/1": "There is no such", "/sources/none": "There is no such source here",
    "/share/none": "This link is not one of ours", "/words": "Near miss", "/settings": "default",
}  # fmt: skip


@EVERY_WAY
def test_a_first_morning_leads_to_a_watch(page: Open, empty: str, width: int, scripts: bool) -> None:
    at = page(empty, width, scripts=scripts)
    at.goto("/")
    expect(at).to_have_title("Today · monitor")
    expect(at.locator("h2").first).to_have_text("Which story do you want to stay with?")
    assert at.locator(".row").count() == at.locator(".note.bad").count() == 0
    box = at.get_by_label("Link to an article, or its text")
    told = "The ferry Aldermoor sank off Vess on 30 October 2026, said its owner, Ana Orr. 40 sailors were aboard."
    box.fill(f"A ferry sank off Vess\n\n{told}")
    at.get_by_role("button", name="Read it").click()
    expect(at.locator("main")).to_contain_text("What it looks for")
    expect(at.locator(".chip", has_text="40 sailors")).to_be_visible()
    expect(at.locator(".chip", has_text="said by")).to_have_count(0)
    expect(at.locator("main")).to_contain_text("names no source that could be recognised")
    expect(at.get_by_role("button", name="Start watching").first).to_be_visible()


@EVERY_WAY
def test_what_there_is_not_is_said(page: Open, empty: str, width: int, scripts: bool) -> None:
    at = page(empty, width, scripts=scripts)
    for path, words in SAID.items():
        at.goto(path)
        expect(at.locator("body")).to_contain_text(words)
        assert at.locator("h1").count() == 1, path


@WIDTHS
def test_keys_lead_through_an_empty_house(page: Open, empty: str, width: int) -> None:
    at = page(empty, width)
    at.goto("/")
    for key in "jkom":
        at.keyboard.press(key)
    expect(at).to_have_url(f"{empty}/")
    for key, path in (("s", "/sources"), ("d", "/deliveries"), ("t", "/")):
        at.keyboard.press("g")
        at.keyboard.press(key)
        expect(at).to_have_url(empty + path)
    at.keyboard.press("/")
    expect(at).to_have_url(f"{empty}/search#q")
    expect(at.get_by_role("searchbox")).to_be_focused()
