"""Cookies of one visit: what a redirect sets goes back to the host that set it, and is forgotten with the visit.

Some publishers set a cookie on a first redirect and redirect for ever whoever comes without. Nothing is kept between
visits, so that nobody is followed by it; attributes (RFC 6265) matter only where they limit: Secure, and Max-Age=0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from monitor.net import urls

# Per visit: browsers must keep 50 a domain and 4 KiB each (RFC 6265, 6.1); a redirect that needs more is none of ours.
COOKIES_MAX = 20
COOKIE_BYTES_MAX = 4096  # bytes of a cookie (RFC 6265, 6.1)
_PAIR = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}=[\x21-\x3a\x3c-\x7e\x80-\xff ]*+")


class Cookies:
    """What the hosts of one visit have set."""

    def __init__(self) -> None:
        """None yet."""
        self._kept: dict[tuple[str, str], tuple[str, bool]] = {}

    def take(self, target: urls.Target, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep what an answer sets; a cookie set again replaces the first."""
        for name, value in headers:
            if name.lower() == b"set-cookie" and len(value) <= COOKIE_BYTES_MAX:
                self._set(target, value.decode("latin-1"))

    def _set(self, target: urls.Target, text: str) -> None:
        pair, *attributes = (part.strip() for part in text.split(";"))
        words = {attribute.lower().replace(" ", "") for attribute in attributes}
        if not _PAIR.fullmatch(pair):
            return
        place = (target.host, pair.partition("=")[0])
        self._kept.pop(place, None)
        if "max-age=0" not in words and len(self._kept) < COOKIES_MAX:
            self._kept[place] = (pair, "secure" in words)

    def header(self, target: urls.Target) -> str:
        """The Cookie header for a request, "" where its host has set none."""
        return "; ".join(
            pair
            for (host, _), (pair, secure) in self._kept.items()
            if host == target.host and (target.scheme == "https" or not secure)
        )
