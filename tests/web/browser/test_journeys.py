"""What people come for, in a browser, on a phone and a desk, with scripts and without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from monitor.app.build import App
from monitor.core.presentation.plot import NARROW, WIDE
from tests.web.browser.conftest import Open

EVERY_WAY = pytest.mark.parametrize(("width", "scripts"), [(1280, True), (390, True), (1280, False), (390, False)])
WIDTHS = pytest.mark.parametrize("width", [1280, 390])


def number(text: str) -> int:
    """The number in a cell."""
    return int(re.sub(r"\D", "", text) or 0)


@EVERY_WAY
def test_a_morning(page: Open, filled: tuple[App, str], width: int, scripts: bool) -> None:
    app, base = filled
    unread = sum(app.store.unread_counts().values())
    assert unread >= 5
    at = page(base, width, scripts=scripts)
    at.goto("/")
    expect(at).to_have_title(f"Today ({unread}) · monitor")
    assert at.locator(".row.unread").count() == unread
    tags = at.locator("section.group").first.locator(".row .tag").all_inner_texts()
    assert tags == sorted(tags, key=lambda tag: tag != "Correction"), "corrections stand before all else"
    at.locator(".row.unread h3 a").first.click()
    for left in range(unread, 1, -1):
        expect(at.locator("nav[aria-label='New alerts']")).to_contain_text(f"of {left} new")
        at.get_by_role("button", name="Mark read").click()
    at.get_by_role("button", name="Mark read").click()
    expect(at).to_have_title("Today · monitor")
    assert at.locator(".row.unread").count() == 0
    expect(at.locator("main")).to_contain_text("Nothing new")


@EVERY_WAY
def test_a_silence_has_a_receipt_that_adds_up(
    page: Open, filled: tuple[App, str], width: int, scripts: bool
) -> None:  # fmt: skip
    _, base = filled
    at = page(base, width, scripts=scripts)
    at.goto("/")
    facts = at.locator("aside .facts a")
    counts = [number(text) for text in facts.all_inner_texts()]
    assert counts[0] == sum(counts[1:])
    links = [facts.nth(place).get_attribute("href") or "" for place in range(facts.count())]
    for link, count in zip(links, counts, strict=True):
        at.goto(link)
        assert number(at.locator("form p.soft").first.inner_text().split(" of ")[0]) == count
        assert at.locator(".row").count() == min(count, 25)


@EVERY_WAY
def test_only_these_are_marked(page: Open, filled: tuple[App, str], width: int, scripts: bool) -> None:
    app, base = filled
    unread = sum(app.store.unread_counts().values())
    at = page(base, width, scripts=scripts)
    at.goto("/")
    tab = at.locator(".tabs a", has_text=re.compile("Corrections|Articles changed")).first
    shown = number(tab.inner_text())
    assert 0 < shown < unread
    tab.click()
    expect(at.locator(".row.unread")).to_have_count(shown)
    at.get_by_role("button", name=re.compile("Mark (this one|these)")).click()
    expect(at.locator(".row.unread")).to_have_count(0)
    at.goto("/")
    assert at.locator(".row.unread").count() == unread - shown
    at.reload()
    assert at.locator(".row.unread").count() == unread - shown


@WIDTHS
def test_one_row_is_marked_without_a_reload(page: Open, filled: tuple[App, str], width: int) -> None:
    _, base = filled
    at = page(base, width)
    at.goto("/")
    at.evaluate("window.stayed = true")
    row = at.locator(".row.unread").first
    name = row.get_attribute("id")
    row.get_by_role("button").click()
    expect(at.locator(f"#{name}.read")).to_be_visible()
    assert at.evaluate("window.stayed") is True


@EVERY_WAY
def test_a_miss_is_said_to_be_one(page: Open, filled: tuple[App, str], width: int, scripts: bool) -> None:
    app, base = filled
    at = page(base, width, scripts=scripts)
    misses = at.locator("#held ~ .group .row")
    for story in app.pipeline.watchlist.stories:
        at.goto(f"/stories/{story.id}")
        if misses.count():
            break
    else:
        pytest.skip("no story of the recording has a near miss")
    steps = at.locator(".line > li .what").count()
    sent = app.store.delivery_counts()
    title = misses.first.locator("h3").inner_text()
    misses.first.get_by_role("button", name="This was one").click()
    expect(at.get_by_role("status").first).to_contain_text("You said: this was one")
    at.reload()
    assert at.locator(".line > li .what").count() == steps + 1
    expect(at.locator(".line")).to_contain_text(title)
    at.get_by_role("button", name="Undo").first.click()
    expect(misses.first.get_by_role("button", name="This was one")).to_be_visible()
    at.reload()
    assert at.locator(".line > li .what").count() == steps
    assert app.store.delivery_counts() == sent


@EVERY_WAY
def test_a_wrong_fold_is_a_step_of_its_own(page: Open, filled: tuple[App, str], width: int, scripts: bool) -> None:
    app, base = filled
    at = page(base, width, scripts=scripts)
    at.goto("/stories/nk-workers")
    steps = at.locator(".line > li .what:not(.fix)").count()
    before = {alert.id for alert, _ in app.store.alerts()}
    fold = at.locator("#held ~ ul details").first
    fold.locator("summary").click()
    copy, foldable = fold.locator("li").first, at.locator("button.yes", has_text="This was new")
    title, copies = copy.locator("a.src").inner_text(), foldable.count()
    copy.get_by_role("button", name=f"This was new: {title}").click()
    expect(at.get_by_role("status").first).to_contain_text("You said: this was new")
    at.reload()
    assert at.locator(".line > li .what:not(.fix)").count() == steps + 1
    card = at.locator(".line article", has_text="by your word")
    expect(card.locator("h3")).to_have_text(title)
    for _ in range(2):
        again = at.get_by_role("button", name=f"Tell it now: {title}")
        if again.count():
            again.click()
        expect(at.get_by_role("status").first).to_contain_text("was sent")
        at.reload()
    (alert_id,) = {alert.id for alert, _ in app.store.alerts()} - before
    card.locator("h3 a").click()
    expect(at.locator("main")).to_contain_text("a person said that it was one")
    at.goto("/stories/nk-workers")
    at.get_by_role("button", name=f"Undo: {title}").click()
    expect(foldable).to_have_count(copies)
    at.reload()
    assert at.locator(".line > li .what:not(.fix)").count() == steps
    with app.store._database.write() as session:  # type: ignore[attr-defined]
        sent = "SELECT id FROM deliveries WHERE alert_id = ?"
        session.change(f"DELETE FROM attempts WHERE delivery_id IN ({sent})", (alert_id,))
        session.change("DELETE FROM deliveries WHERE alert_id = ?", (alert_id,))
        session.change("DELETE FROM alerts WHERE id = ?", (alert_id,))


@EVERY_WAY
def test_trust_is_two_clicks_away(page: Open, filled: tuple[App, str], width: int, scripts: bool) -> None:
    app, base = filled
    changed = [alert for alert, _ in app.store.alerts(limit=1000) if alert.diff_html]
    told = next((alert for alert in changed if alert.kind == "story.correction"), changed[0])
    at = page(base, width, scripts=scripts)
    at.goto(f"/alerts/{told.id}")
    main = at.locator("main")
    how = (
        ("The publisher says", "Still carrying the old") if told.kind == "story.correction" else ("without a correct",)
    )
    for words in ("Word by word", "told from 50", *how):
        expect(main).to_contain_text(words)
    assert at.locator(".diff del").count() and at.locator(".diff ins").count()
    at.get_by_role("link", name="whole article").click()
    expect(at.locator(".diff del")).not_to_have_count(0)
    before = at.locator("nav[aria-label=Versions] a").first
    before.click()
    expect(at.locator("h2", has_text="The text")).to_be_visible()
    assert not at.locator(".diff del").count(), "the old version as it read"


@EVERY_WAY
def test_claims_are_the_same_in_plot_and_table(
    page: Open, filled: tuple[App, str], width: int, scripts: bool
) -> None:  # fmt: skip
    app, base = filled
    at = page(base, width, scripts=scripts)
    at.goto(f"/stories/{app.pipeline.watchlist.stories[-1].id}")
    plot = at.locator(f".plot svg.{'wide' if width > 640 else 'narrow'}")
    expect(plot).to_be_visible()
    assert at.locator(f".plot svg.{'narrow' if width > 640 else 'wide'}").is_hidden()
    at.locator("summary", has_text="The same as a table").click()
    rows = at.locator("#claims ~ details table tbody tr")
    values = {text.strip() for text in rows.locator("td:nth-child(2)").all_inner_texts()}
    for label in plot.locator("text.v").all_text_contents():
        assert any(label.rstrip("…") in value for value in values), (label, values)
    if plot.locator("text").count():
        scale = plot.bounding_box()["width"] / (WIDE if width > 640 else NARROW)  # type: ignore[index]
        assert 12 * scale >= 12, "no text under 12 px"


@EVERY_WAY
def test_a_search_is_a_link(page: Open, filled: tuple[App, str], width: int, scripts: bool) -> None:
    _, base = filled
    at = page(base, width, scripts=scripts)
    at.goto("/search")
    every = number(at.locator("form p.soft").first.inner_text().split(" of ")[0])
    at.get_by_role("searchbox").fill("korean")
    at.get_by_role("button", name="Search", exact=True).click()
    expect(at).to_have_url(re.compile("korean"))
    found = number(at.locator("form p.soft").first.inner_text().split(" of ")[0])
    assert 0 < found < every
    assert at.locator("mark").count()
    choice = at.locator("fieldset", has_text="Source").locator("label.pick").nth(1)
    count = number(choice.locator(".n").inner_text())
    choice.locator("input").check()
    at.get_by_role("button", name="Narrow down").click()
    expect(at).to_have_url(re.compile("source="))
    address = at.url
    assert number(at.locator("form p.soft").first.inner_text().split(" of ")[0]) == count
    again = page(base, width, scripts=scripts)
    again.goto(address)
    assert again.locator(".row h3").all_inner_texts() == at.locator(".row h3").all_inner_texts()
    at.goto("/search?q=nowhere-to-be-seen")
    expect(at.locator("main")).to_contain_text("Nothing seen with “nowhere-to-be-seen”")


@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (390, False)])
def test_a_miss_is_found_by_search(page: Open, filled: tuple[App, str], width: int, scripts: bool) -> None:
    _, base = filled
    at = page(base, width, scripts=scripts)
    at.goto("/search?decision=other")
    row = at.locator(".row", has=at.get_by_role("link", name="This was one")).first
    title = row.locator("h3").inner_text()
    row.get_by_role("link", name="This was one").click()
    if at.get_by_label("Of which story").count():
        at.get_by_label("Of which story").select_option("nk-workers")
    at.get_by_role("button", name="This was one").click()
    expect(at).to_have_url(re.compile("/stories/nk-workers#held"))
    expect(at.locator(".line")).to_contain_text(title)
    undo = at.get_by_role("button", name=f"Undo: {title}")
    undo.click()
    expect(undo).to_have_count(0)
    at.goto("/stories/nk-workers")
    expect(at.locator(".line")).not_to_contain_text(title)


def focused(at: Page) -> str:
    """The id of the row that has the focus, and a check that it can be seen."""
    style = at.evaluate(
        "(() => { const e = document.activeElement, s = getComputedStyle(e);"
        " return [e.id, s.outlineStyle, s.outlineWidth]; })()"
    )
    assert style[1] == "solid"
    assert float(style[2].removesuffix("px")) >= 3
    return str(style[0])


@WIDTHS
def test_the_morning_by_keys_alone(page: Open, filled: tuple[App, str], width: int) -> None:
    app, base = filled
    unread = sum(app.store.unread_counts().values())
    at = page(base, width)
    at.goto("/")
    at.keyboard.press("j")
    first = focused(at)
    at.keyboard.press("j")
    assert focused(at) != first
    at.keyboard.press("k")
    assert focused(at) == first
    at.keyboard.press("m")
    expect(at.locator(f"#{first}.read")).to_be_visible()
    at.keyboard.press("j")
    at.keyboard.press("o")
    expect(at).to_have_url(re.compile("/alerts/"))
    for key, path in (("t", "/"), ("s", "/sources"), ("d", "/deliveries"), ("t", "/")):
        at.keyboard.press("g")
        at.keyboard.press(key)
        expect(at).to_have_url(base + path)
    expect(at).to_have_title(f"Today ({unread - 1}) · monitor")
    at.keyboard.press("?")
    expect(at.get_by_role("dialog")).to_be_visible()
    at.keyboard.press("Escape")
    at.keyboard.press("/")
    expect(at).to_have_url(f"{base}/search#q")
    expect(at.get_by_role("searchbox")).to_be_focused()
    at.keyboard.type("jjj")
    expect(at.get_by_role("searchbox")).to_have_value("jjj")


def test_keys_can_be_switched_off_and_times_shown_at_home(page: Open, filled: tuple[App, str]) -> None:
    _, base = filled
    at = page(base)
    at.goto("/settings")
    at.get_by_label("Show times in").select_option("Asia/Seoul")
    at.get_by_role("checkbox", name=re.compile("Keys")).uncheck()
    at.get_by_role("button", name="Keep").click()
    expect(at.locator(".foot")).to_contain_text("Times in Asia/Seoul")
    at.goto("/")
    at.keyboard.press("j")
    assert at.evaluate("document.activeElement.tagName") == "BODY"
