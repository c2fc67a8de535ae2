"""Instants as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.core.presentation import moments

NOW = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
BERLIN, SEOUL = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(hours=2), "10:00"), (timedelta(hours=13), "Sat 23:00"), (timedelta(days=3), "Thu 12:00"),
        (timedelta(days=6), "23 Mar 2026"), (timedelta(days=400), "22 Feb 2025"), (timedelta(days=-2), "31 Mar 2026"),
    ],
)  # fmt: skip
def test_an_instant_is_as_short_as_it_is_clear(ago: timedelta, expected: str) -> None:
    assert moments.short(NOW - ago, NOW, UTC) == expected


def test_a_day_is_the_readers() -> None:
    late = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
    assert moments.short(late, NOW, UTC) == "Sat 23:30"
    assert moments.short(late, NOW, BERLIN) == "00:30"
    assert moments.today(datetime(2026, 3, 29, 22, tzinfo=UTC), SEOUL) == "Monday 30 March"
    # The clock was put forward that night.
    assert moments.full(datetime(2026, 3, 29, 1, 30, tzinfo=UTC), BERLIN) == "29 March 2026, 03:30"


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(hours=1), "today at 11:00"), (timedelta(hours=18), "yesterday at 18:00"),
        (timedelta(days=3), "on Thursday at 12:00"), (timedelta(days=40), "on 17 February 2026"),
    ],
)  # fmt: skip
def test_when(ago: timedelta, expected: str) -> None:
    assert moments.when(NOW - ago, NOW, UTC) == expected


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (timedelta(), "0 s"), (timedelta(seconds=-5), "0 s"), (timedelta(seconds=59), "59 s"),
        (timedelta(minutes=25), "25 min"), (timedelta(hours=6, minutes=30), "6 h 30 min"), (timedelta(hours=2), "2 h"),
        (timedelta(hours=47), "47 h"), (timedelta(days=51), "51 days"),
    ],
)  # fmt: skip
def test_lengths(span: timedelta, expected: str) -> None:
    assert moments.length(span) == expected


def test_ago_goes_both_ways() -> None:
    assert moments.ago(NOW - timedelta(minutes=2), NOW) == "2 min ago"
    assert moments.ago(NOW + timedelta(minutes=8), NOW) == "in 8 min"
    assert moments.ago(NOW, NOW) == "now"


def test_what_has_happened_is_never_to_come() -> None:
    """A visit by a clock that was set back since."""
    assert moments.past(NOW - timedelta(minutes=2), NOW) == "2 min ago"
    assert moments.past(NOW + timedelta(hours=3), NOW) == "just now"
