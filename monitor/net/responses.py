"""What an answer's status and headers mean to us; values in, values out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.core import http_times
from monitor.deferred import Deferred
from monitor.model import ErrorClass

if TYPE_CHECKING:
    from monitor.core.documents import walls
else:
    walls = Deferred("monitor.core.documents.walls")

VALIDATOR_BYTES_MAX = 1024  # bytes of an ETag worth sending back (set)
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
LINK_CHARS_MAX = 2048  # characters kept of a Link header (set)
WANTS_A_BROWSER = ", a challenge for browsers: ask the publisher for access, or give the source headers of its own"
_SENDABLE = re.compile("[\t -~\x80-\U0010ffff]*+")
# Statuses whose page is worth no look: what they say is all there is to know.
PLAIN = frozenset({204, 205, 304, 404, 407, 410})


def read_headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by lower-case name, bytes kept one to one (latin-1); repeated ones joined by ", " (RFC 9110, 5.3).

    Of what must stand alone (validators, Location, Retry-After, Content-Type) the first one counts.
    """
    alone = {"etag", "last-modified", "location", "retry-after", "content-type", "date", "expires", "age"}
    headers: dict[str, str] = {}
    for name_bytes, value_bytes in raw:
        name, value = name_bytes.decode("latin-1").lower(), value_bytes.decode("latin-1")
        if name not in headers:
            headers[name] = value
        elif name not in alone:
            headers[name] += ", " + value
    return headers


def status_error(status: int, headers: Mapping[str, str], *, conditional: bool) -> tuple[ErrorClass | None, str]:
    """The class of error that a final status stands for, and its detail; None for 200, and for a 304 asked for."""
    detail = f"HTTP {status}"
    if status == 200 or (status == 304 and conditional):
        return None, ""
    if status == 304:
        return "bad_http", "HTTP 304 to a request that was not conditional"
    if headers.get("cf-mitigated") == "challenge" or headers.get("x-amzn-waf-action") in ("challenge", "captcha"):
        return "challenge", f"{detail}{WANTS_A_BROWSER}"
    if 200 <= status < 300:
        return "not_a_feed", f"{detail} carries no document"
    if status == 410:
        return "gone", detail
    if status == 429 or (status == 503 and "retry-after" in headers):
        return "rate_limited", detail
    if status == 407:
        return "http_status", f"{detail}: the proxy asks for a user name and password, or refuses them"
    return "http_status", detail


def with_page(error: ErrorClass, detail: str, status: int, page: str, *, asked_to_wait: bool) -> tuple[ErrorClass, str]:
    """What the page of an error adds: that a browser is wanted, or what it calls itself.

    Who says when to come back is believed, whatever the page: that is no wall but a queue.
    """
    if (who := walls.maker(page)) and not asked_to_wait:
        return "challenge", f"HTTP {status}{WANTS_A_BROWSER} ({who})"
    name = walls.title(page)
    return error, f"{detail}: {name}" if name and not name.startswith(str(status)) else detail


def validator(value: str) -> str:
    """An ETag or Last-Modified worth echoing: as it came, or empty where it is over 1 KiB or could not be sent."""
    try:
        return value if _SENDABLE.fullmatch(value) and len(value.encode("latin-1")) <= VALIDATOR_BYTES_MAX else ""
    except UnicodeEncodeError:
        return ""


def retry_after_s(headers: Mapping[str, str], at: datetime) -> int | None:
    """Seconds that the server asks us to stay away, within 0..24 h; None where it says nothing legible."""
    return http_times.retry_after_s(headers.get("retry-after", ""), at, headers.get("date", ""))


def max_age_s(headers: Mapping[str, str], at: datetime) -> int | None:
    """Seconds for which the answer stays fresh (RFC 9111, 4.2), within 0..24 h; None where the server does not say."""
    directives = [word.strip().lower() for word in headers.get("cache-control", "").split(",")]
    if "no-cache" in directives or "no-store" in directives:
        return None
    for directive in directives:
        name, _, value = directive.partition("=")
        value = value.strip('" ')
        if name.strip() == "max-age" and value.isascii() and value.isdigit():
            age = headers.get("age", "").strip()
            spent_s = int(age[:9]) if age.isascii() and age.isdigit() else 0
            return http_times.clamp(int(value[:12]) - spent_s)
    expires = http_times.read_date(headers.get("expires", ""))
    if expires is None:
        return None
    return http_times.clamp((expires - (http_times.read_date(headers.get("date", "")) or at)).total_seconds())
