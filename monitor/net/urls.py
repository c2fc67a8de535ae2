"""Addresses as browsers read them (WHATWG URL): parsed once, and the same object is judged, dialled and asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import ada_url

from monitor.core import urls
from monitor.net.errors import DoorError

URL_CHARACTERS_MAX = 8192  # characters: RFC 9110, 4.1 asks for 8000 at least
ADDRESSES_KEPT = 2048  # addresses that were read and are kept: a visit asks for its own three times; 1 MiB (set)
DEFAULT_PORTS = {"http": 80, "https": 443}
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes. `host` has no brackets; `request_target` is path and query; no fragment is kept."""

    scheme: str
    host: str
    port: int
    origin: str
    request_target: str
    userinfo: bool = False

    @property
    def url(self) -> str:
        """The normalised address."""
        return self.origin + self.request_target

    @property
    def authority(self) -> str:
        """What the Host header says."""
        return self.origin.partition("://")[2]


@lru_cache(maxsize=ADDRESSES_KEPT)
def parse(url: str, base: str = "") -> Target:
    """Read an address, relative to `base` where given.

    DoorError "blocked_scheme" for anything but http(s) on port 80, 443 or >= 1024, "bad_http" for what is no address,
    for control characters and for backslashes (browsers and servers disagree about them).
    """
    url = url.strip(" ")
    if len(url) > URL_CHARACTERS_MAX:
        raise DoorError("bad_http", f"address of {len(url)} characters")
    try:
        read = ada_url.URL(url, base) if base else ada_url.URL(url)
    except (ValueError, UnicodeError) as error:
        bare = not base and "." in url and ":" not in url.partition("/")[0]
        told = "; write https:// before it" if bare else ""
        raise DoorError("bad_http", f"no address: {url[:200]!r}{told}") from error
    scheme = read.protocol.rstrip(":")
    if scheme not in DEFAULT_PORTS:
        meant = urls.web(url)
        told = (
            f"; write {meant.partition('://')[0]}:// in its place"
            if meant != url
            else ": only http:// and https:// are"
        )
        raise DoorError("blocked_scheme", f"scheme {scheme[:40]!r} is never followed{told}")
    if is_tricky(url):
        raise DoorError("bad_http", f"control character or backslash in {url[:200]!r}")
    port = int(read.port) if read.port else DEFAULT_PORTS[scheme]
    if not port_allowed(port):
        raise DoorError("blocked_scheme", f"port {port} is never dialled: only 80, 443 and those from 1024 on")
    return Target(
        scheme=scheme,
        host=read.hostname.removeprefix("[").removesuffix("]"),
        port=port,
        origin=read.origin,
        request_target=read.pathname + read.search,
        userinfo=bool(read.username or read.password),
    )


def is_tricky(url: str) -> bool:
    """Has this address control characters or backslashes, which browsers and servers read differently?"""
    return _FORBIDDEN.search(url) is not None


def port_allowed(port: int) -> bool:
    """True for 80, 443 and 1024..65535: nobody can make us speak to a mail or shell port."""
    return port in (80, 443) or 1024 <= port <= 65535
