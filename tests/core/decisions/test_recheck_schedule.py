"""When followed articles are read again, and what a reading means."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from monitor.core.decisions import recheck_schedule
from monitor.model import Page, PageState, WatchedArticle

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEXT = (
    "The council of Marwick approved a bridge over the Tarn on Monday evening. It will cost 40 million euros and carry "
    "trams. Engineers expect to begin in May. The mayor, Ada Brandt, called it overdue. Opponents want a vote of the "
    "citizens."
)
OTHER = "Rain fell on the orchards of Veldt all week. Farmers hope for a warm April, and bakers for cheaper flour."


def page(text: str = TEXT, state: PageState = "ok", at: datetime = NOW) -> Page:
    return Page("https://herald.example/1", at, state=state, title="Marwick approves a bridge", text=text)


def followed(**changes: object) -> WatchedArticle:
    made = WatchedArticle("e1", "herald", "https://herald.example/1", NOW, NOW, page=page())
    return replace(made, **changes)  # type: ignore[arg-type]


def test_the_timetable_thins_out_and_ends() -> None:
    at, readings = NOW, 0
    while pause := recheck_schedule.wait(NOW, at):
        at, readings = at + pause, readings + 1
    assert at - NOW >= timedelta(days=30)
    assert 100 <= readings <= 110
    assert recheck_schedule.wait(NOW, NOW) == timedelta(minutes=15)
    assert recheck_schedule.wait(NOW, NOW, crowd=400) == timedelta(hours=1), "a crowd shares the budget"


def test_a_change_needs_a_second_look() -> None:
    edited = page(TEXT.replace("40 million", "55 million"))
    first = recheck_schedule.read(followed(), edited, NOW)
    assert (first.change, first.kept) == (None, None)
    assert first.followed.next_at == NOW + recheck_schedule.SECOND_LOOK
    early = recheck_schedule.read(first.followed, edited, NOW + timedelta(minutes=2))
    assert early.change is None
    second = recheck_schedule.read(
        first.followed, replace(edited, state="unchanged", text=""), NOW + timedelta(minutes=10)
    )
    assert second.change is not None
    change = second.change.changes[0]
    assert (change.kind, change.before, change.after) == ("figure", "40 million euros", "55 million euros")
    assert second.followed.page is not None
    assert "55 million" in second.followed.page.text


def test_a_change_that_is_gone_at_the_second_look_was_none() -> None:
    first = recheck_schedule.read(followed(), page(TEXT.replace("40 million", "55 million")), NOW)
    back = recheck_schedule.read(first.followed, page(), NOW + timedelta(minutes=11))
    assert (back.change, back.followed.unsure, back.followed.doubts) == (None, None, 0)


def test_small_steps_add_up_against_what_was_last_told() -> None:
    steps = followed()
    for word in ("begin in early May", "begin in early May, if it stays dry"):
        steps = recheck_schedule.read(steps, page(TEXT.replace("begin in May", word)), NOW).followed
        assert steps.page is not None
        assert steps.page.text == TEXT


@given(some.lists(some.sampled_from([
    page(state="paywall", text=""), page(state="consent", text=""), page(state="challenge", text=""),
    page(state="empty", text=""), page(state="forbidden", text=""), page(state="failed", text=""),
    page(TEXT[:60]), page(OTHER * 3), page(), page(state="unchanged", text=""),
]), max_size=20), some.integers(1, 600))  # fmt: skip
def test_walls_stubs_and_strangers_never_change_an_article(pages: list[Page], minutes: int) -> None:
    state, at = followed(), NOW
    for seen in pages:
        at += timedelta(minutes=minutes)
        reading = recheck_schedule.read(state, replace(seen, at=at), at)
        assert reading.change is None
        state = reading.followed
        assert state.page is not None
        assert state.page.text == TEXT
        if state.next_at is None:
            break
        assert at < state.next_at <= at + timedelta(hours=27)


def test_a_missing_page_is_a_withdrawal_when_it_is_missing_twice() -> None:
    first = recheck_schedule.read(followed(), page(state="gone", text=""), NOW)
    assert first.change is None
    found = recheck_schedule.read(first.followed, page(), NOW + timedelta(minutes=12))
    assert (found.change, found.followed.unsure) == (None, None)
    gone = recheck_schedule.read(first.followed, page(state="gone", text=""), NOW + timedelta(minutes=12))
    assert gone.change is not None
    assert (gone.change.verdict, gone.followed.next_at) == ("correction", None)


def test_what_never_could_be_read_is_given_up() -> None:
    state: WatchedArticle = followed(page=None)
    for _ in range(recheck_schedule.FAILURES_MAX):
        assert state.next_at is not None
        state = recheck_schedule.read(state, page(state="gone", text=""), NOW).followed
    assert state.next_at is None
