"""What comes with an error is looked at: a challenge is called one, whatever its status, and a queue is no wall."""

from __future__ import annotations

import gzip

import pytest

from monitor.core import http_times
from monitor.core.decisions import poll_schedule
from monitor.net import responses
from tests.net.test_ways_out import NOW, feed_at, fetched, peer

WALL = "<html><title>Un instant…</title><script src='/cdn-cgi/challenge-platform/h/b/orchestrate/x'></script></html>"
PLAIN = "<html><head><title>Zugriff verweigert</title></head></html>"


def answer(status: str, page: str, *headers: str, packed: bool = False) -> bytes:
    body = gzip.compress(page.encode()) if packed else page.encode()
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html", f"Content-Length: {len(body)}", *headers]
    if packed:
        lines.append("Content-Encoding: gzip")
    return "\r\n".join([*lines, "", ""]).encode() + body


CASES = [
    (answer("403 Forbidden", WALL), "challenge", "HTTP 403, a challenge for browsers"),
    (answer("503 Service Unavailable", WALL, packed=True), "challenge", "(Cloudflare)"),
    (answer("429 Too Many", WALL), "challenge", "HTTP 429"),
    (answer("405 Not Allowed", "<div class='h-captcha'>"), "challenge", "(a captcha)"),
    (answer("202 Accepted", "", "x-amzn-waf-action: challenge"), "challenge", "HTTP 202"),
    (answer("202 Accepted", "<meta http-equiv='refresh' content='0;/.well-known/sgcaptcha/?r=%2F'>"), "challenge",
     "HTTP 202, a challenge for browsers"),
    (answer("202 Accepted", "<title>Queued</title>"), "not_a_feed", "HTTP 202 carries no document: Queued"),
    (answer("429 Too Many", WALL, "Retry-After: 60"), "rate_limited", "HTTP 429"),
    (answer("503 Busy", WALL, "Retry-After: 60.5"), "rate_limited", "HTTP 503"),
    (answer("403 Forbidden", PLAIN), "http_status", "HTTP 403: Zugriff verweigert"),
    (answer("500 Oops", "<title>500 Internal</title>"), "http_status", "HTTP 500"),
    (answer("403 Forbidden", WALL)[:-20], "challenge", "(Cloudflare)"),
    (answer("403 Forbidden", WALL, "Content-Encoding: br"), "challenge", "HTTP 403"),
    (answer("502 Bad", "x" * 300_000), "http_status", "HTTP 502"),
    (answer("404 Not Found", WALL), "http_status", "HTTP 404"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "error", "words"), CASES)
async def test_an_error_is_said_in_words(raw: bytes, error: str, words: str) -> None:
    async with peer(answer=raw) as paper:
        got = await fetched(feed_at(f"http://127.0.0.1:{paper.port}/"), None, ["127.0.0.1"])
    assert (got.error, got.body) == (error, b"")
    assert words in got.detail
    assert got.elapsed_s < http_times.WAIT_S_MAX


WAITS = {
    "3600.5": 3601, "3600.": 3600, "0.2": 1, "120": 120, "0": 0, "99999999": 86_400, "9" * 18: 86_400, "1.5.2": None,
    "-5": None, "1e3": None, "soon": None, "٣٠": None,
    "3600, 3600": 3600, "60, 120": 120, "3600,5": 3600, "3600s": 3600, "+90": 90, "90 seconds": 90, "": None, ",": None,
    "2026-06-01T12:02:00Z": 120, "2026-06-01T14:02:00+02:00": 120, "2026-06-01T12:02:00": None,
    "1," * 5000: 1, "Mon, 01 Jun 2026 12:02:00 +0000": 120, "Mon, 01 Jun 2026 12:02:00 GMT": 120, "5 minutes": None,
}  # fmt: skip


@pytest.mark.parametrize("value", WAITS)
def test_retry_after_is_read_as_it_is_meant(value: str) -> None:
    assert responses.retry_after_s({"retry-after": value}, NOW) == WAITS[value]


async def test_an_hour_and_a_fraction_is_waited_for() -> None:
    async with peer(answer=answer("429 Too Many", "", "Retry-After: 3600.5")) as paper:
        got = await fetched(feed_at(f"http://127.0.0.1:{paper.port}/"), None, ["127.0.0.1"])
    until = poll_schedule.retry_until(got, NOW)
    assert until is not None and (until - NOW).total_seconds() >= 3600.5
