"""Every page in every scheme and width: axe finds nothing, nothing is wider than the window, nothing asks elsewhere."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from monitor.app.build import App
from tests.web.browser.conftest import Open

PATHS = (
    "/", "/add", "/sources", "/deliveries", "/search?q=korea", "/search?q=nothing-like-it", "/settings", "/words",
    "/nothing-here",
)  # fmt: skip
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


# Where the world's words stand on a page.
WORLDS = ", ".join(
    f"main {each}"
    for each in (
        "h2 a", "h3 a", "h3", ".name a", ".by", "q", "li small:not(.n)", ".crumb a", "td small", ".big p", ".big small",
        ".lead", "summary",
    )
)  # fmt: skip
# Which of some texts make the page wider than its window when they are one long word.
WIDENS = """chosen => [...document.querySelectorAll(chosen)]
    .filter(each => !each.children.length && each.checkVisibility()).slice(0, 40).filter(each => {
        const said = each.textContent;
        each.textContent = "W".repeat(1000);
        const over = document.documentElement.scrollWidth > innerWidth;
        each.textContent = said;
        return over;
    }).map(each => each.outerHTML.slice(0, 120))"""


def checked(at: Page, axe: str, path: str) -> list[str]:
    """What axe finds on a page with everything opened, and by how much it is too wide."""
    at.goto(path)
    return looked_at(at, axe, path)


def looked_at(at: Page, axe: str, path: str) -> list[str]:
    """The same of the page that is open."""
    at.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    at.wait_for_load_state()  # a page that has only just come has no element yet
    wide = at.evaluate("document.documentElement.scrollWidth - innerWidth")
    wrong = [f"{path} is {wide} px too wide"] if wide > 0 else []
    # Into a world of its own, where the policy of the page does not hold.
    at.evaluate(axe)
    found: Any = at.evaluate(f"axe.run(document, {{runOnly: {RULES}}})")
    for each in found["violations"]:
        wrong += [f"{path}: {each['id']}: {node['html'][:160]} {node['failureSummary']}" for node in each["nodes"][:3]]
    return wrong


def paths_of(app: App) -> list[str]:
    """Every page, with every story and an alert of each kind."""
    told = {alert.kind: alert.id for alert, _ in app.store.alerts(limit=10_000)}
    stories = [f"/stories/{story.id}" for story in app.pipeline.watchlist.stories]
    return [*PATHS, *stories, f"/sources/{next(iter(app.sources))}", *(f"/alerts/{name}" for name in told.values())]


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_axe_finds_nothing(page: Open, filled: tuple[App, str], axe: str, width: int, dark: bool) -> None:
    app, base = filled
    at = page(base, width, dark=dark)
    wrong = [wrong for path in paths_of(app) for wrong in checked(at, axe, path)]
    wrong += checked(at, axe, shared(at))
    at.goto("/stories/nk-workers")
    at.locator("#settings ~ details > summary").click()
    at.get_by_label("The line").fill("99")
    at.get_by_role("button", name="Show what that would have told").click()
    expect(at.locator("h1")).to_have_text("What that would have told")
    assert wrong + looked_at(at, axe, "a trial") == []


def shared(at: Page) -> str:
    """The address of a story's page that is to be read only."""
    at.goto("/stories/nk-workers")
    return at.locator("a", has_text="page to read only").get_attribute("href") or ""


@pytest.mark.parametrize(("width", "dark"), [(1280, True), (390, False)])
def test_axe_finds_nothing_on_an_empty_state(page: Open, empty: str, axe: str, width: int, dark: bool) -> None:
    at = page(empty, width, dark=dark)
    assert [wrong for path in PATHS for wrong in checked(at, axe, path)] == []
    at.goto("/")
    assert "Which story do you want to stay with?" in at.locator("main").inner_text()


def test_nothing_is_wider_than_its_window(page: Open, filled: tuple[App, str]) -> None:
    app, base = filled
    at = page(base)
    for path in paths_of(app):
        at.goto(path)
        for width in (320, 390, 768, 1024, 1280, 1920):
            at.set_viewport_size({"width": width, "height": 800})
            assert at.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (path, width)


def test_a_word_without_an_end_widens_nothing(page: Open, filled: tuple[App, str]) -> None:
    """A publisher may write a headline of one word of 1,000 letters; each text on a page becomes one, one by one."""
    app, base = filled
    at = page(base, 390)
    for path in paths_of(app):
        at.goto(path)
        at.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        wide = at.evaluate(WIDENS, WORLDS)
        assert wide == [], (path, wide)


def test_a_title_reads_in_its_own_direction(page: Open, filled: tuple[App, str]) -> None:
    """An Arabic title begins at the right, and its Latin end stands at the left."""
    app, base = filled
    at = page(base, 390)
    told = next(alert.id for alert, _ in app.store.alerts(limit=100) if alert.story_id)
    for path in ("/", f"/stories/{app.pipeline.watchlist.stories[0].id}", f"/alerts/{told}"):
        at.goto(path)
        found = at.evaluate(
            """() => [...document.querySelectorAll("main h1, main h3, main h2 > a, .nav .t")].map(
                each => getComputedStyle(each).unicodeBidi)"""
        )
        assert set(found) == {"plaintext"}, path


def test_the_policy_holds_in_the_browser(page: Open, filled: tuple[App, str]) -> None:
    """No script and no style of a page itself runs; no frame, and no form to elsewhere."""
    _, base = filled
    at = page(base)
    answer = at.goto("/")
    assert answer is not None
    assert "unsafe" not in answer.headers["content-security-policy"]
    blocked = at.evaluate(
        """async () => {
            const seen = [];
            addEventListener("securitypolicyviolation", event => seen.push(event.effectiveDirective));
            const script = document.createElement("script"); script.textContent = "window.ran = true";
            const style = document.createElement("style"); style.textContent = "body { color: red }";
            const image = new Image(); image.src = "https://elsewhere.example/x.png";
            document.body.append(script, style, image);
            const form = document.createElement("form"); form.action = "https://elsewhere.example/";
            document.body.append(form); form.submit();
            await new Promise(done => setTimeout(done, 300));
            return [window.ran ?? false, seen.sort()];
        }"""
    )
    assert blocked[0] is False
    assert {"form-action", "img-src", "script-src-elem", "style-src-elem"} <= set(blocked[1])
    page.wrong.clear()  # type: ignore[attr-defined]


def test_no_page_can_be_framed(page: Open, filled: tuple[App, str], empty: str) -> None:
    _, base = filled
    at = page(base)
    at.goto("/words")
    at.evaluate(
        "url => { const frame = document.createElement('iframe'); frame.src = url; document.body.append(frame); }", base
    )
    at.wait_for_timeout(500)
    assert all(frame.url in ("about:blank", "chrome-error://chromewebdata/") for frame in at.frames[1:])
    page.wrong.clear()  # type: ignore[attr-defined]
