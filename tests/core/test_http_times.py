"""Times in the heads of answers, as servers and chat services write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.core import http_times

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120), (" 120 ", 120), ("0", 0), ("0.4", 1), ("1.5", 2), ("90000", 86_400), ("9" * 500, 86_400),
        ("-5", None), ("soon", None), ("", None), ("1,5", 5), ("Mon, 01 Jun 2026 12:02:00 GMT", 120),
        ("Mon, 01 Jun 2026 11:00:00 GMT", 0), ("Mon, 01 Jun 2099 11:00:00 GMT", 86_400), ("²", None),
    ],
)  # fmt: skip
def test_how_long_a_server_asks_to_be_left_alone(value: str, seconds: int | None) -> None:
    assert http_times.retry_after_s(value, AT) == seconds


def test_a_date_counts_from_the_servers_own_clock() -> None:
    until, own = "Tue, 02 Jun 2026 03:01:00 GMT", "Tue, 02 Jun 2026 03:00:00 GMT"
    assert http_times.retry_after_s(until, AT, own) == 60
    assert http_times.retry_after_s(until, AT, "yesterday") == 54_060


def test_what_is_no_date_is_none() -> None:
    for value in ("", "x" * 65, "32 Jun 2026", "Mon, 01 Jun 99999 11:00:00 GMT"):
        assert http_times.read_date(value) is None
    assert http_times.read_date("Mon, 01 Jun 2026 12:00:00") == AT
