"""Dates as feeds write them, through the reader that uses them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.documents import feeds
from monitor.core.documents.feeds import dates

NOW = datetime(2026, 11, 24, tzinfo=UTC)
TEN_FIFTEEN = "2026-11-05T10:15:00+00:00"
DATES = [
    ("Thu, 05 Nov 2026 10:15:00 GMT", TEN_FIFTEEN),
    ("Thu, 05 Nov 2026 10:15:00 +0000", TEN_FIFTEEN),
    ("5 Nov 26 10:15 GMT", TEN_FIFTEEN),
    ("Thu, 05 Nov 2026 19:15:00 +0900", TEN_FIFTEEN),
    ("Thu, 05 Nov 2026 19:15:00 KST", TEN_FIFTEEN),
    ("Thu, 05 Nov 2026 12:15:00 CEST", TEN_FIFTEEN),
    ("Thu, 05 Nov 2026 05:15:00 EST", TEN_FIFTEEN),
    ("목, 05 Nov 2026 19:15:00 +0900", TEN_FIFTEEN),
    ("чт, 05 Nov 2026 13:15:00 +0300", TEN_FIFTEEN),
    ("Do., 05 Nov 2026 11:15:00 +0100", TEN_FIFTEEN),
    ("2026-11-05T10:15:00Z", TEN_FIFTEEN),
    ("2026-11-05T10:15Z", TEN_FIFTEEN),
    ("2026-11-05 10:15:00", TEN_FIFTEEN),
    ("2026-11-05T19:15:00+09:00", TEN_FIFTEEN),
    ("2026-11-05T19:15:00+0900", TEN_FIFTEEN),
    ("2026-11-05T10:15:00.1234567Z", TEN_FIFTEEN),
    ("2026-11-05", "2026-11-05T00:00:00+00:00"),
    ("Thu, 05 Nov 2026 10:15:60 GMT", "2026-11-05T10:15:59+00:00"),
    ("Thu, 26 Nov 2026 00:00:00 GMT", "2026-11-26T00:00:00+00:00"),
    ("Thu, 26 Nov 2026 00:00:01 GMT", None),
    ("Mon, 01 Jan 1990 00:00:00 GMT", "1990-01-01T00:00:00+00:00"),
    ("Sun, 31 Dec 1989 23:59:59 GMT", None),
    ("1793527200", None),
    ("1793527200000", None),
    ("20261105", None),
    ("05/11/2026 10:15", None),
    ("Thursday, November 5, 2026 - 10:15", TEN_FIFTEEN),
    ("0001-01-01T00:00:00Z", None),
    ("9999-12-31T23:59:59-12:00", None),
    ("10000-01-01T00:00:00Z", None),
    ("2026-13-45T99:99:99Z", None),
    ("Thu, 05 Nov 2026 10:15:00 +9999", None),
    ("yesterday", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_a_date_is_right_or_absent(text: str, expected: str | None) -> None:
    body = f"<rss version='2.0'><channel><item><title>x</title><pubDate>{text}</pubDate></item></channel></rss>"
    at = feeds.parse(body.encode(), now=NOW).entries[0].published_at
    assert (at.isoformat() if at else None) == expected


@pytest.mark.parametrize(("text", "expected"), [row for row in DATES if row[0] != "yesterday"])
def test_json_feeds_read_the_same_dates(text: str, expected: str | None) -> None:
    at = dates.read(text, NOW)
    assert (at.replace(microsecond=0).isoformat() if at else None) == expected


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40) | st.from_regex(r"\d{1,5}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", fullmatch=True))
def test_no_text_raises(text: str) -> None:
    at = dates.read(text, NOW)
    assert at is None or (at.year >= 1990 and at.tzinfo is UTC)
