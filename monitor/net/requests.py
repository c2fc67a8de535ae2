"""What is sent: the plan of one visit, and the request of one hop of it."""

from __future__ import annotations

import base64
import contextlib
from dataclasses import dataclass, field
from datetime import datetime

import httpcore

from monitor import __version__
from monitor.model import ErrorClass
from monitor.net import responses, urls
from monitor.net.content_encoding import OFFERED
from monitor.net.cookies import Cookies
from monitor.net.errors import DoorError

ACCEPT_FEED = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
ACCEPT_PAGE = "text/html, application/xhtml+xml, text/plain;q=0.5, */*;q=0.1"


@dataclass(frozen=True, slots=True)
class Plan:
    """One visit as it was asked for: address, bounds, what is sent along, and which way.

    `authorization` and `headers` go to one origin only, `own_origin`.
    """

    url: str
    at: datetime
    accept: str
    body_bytes_max: int
    source_id: str = ""
    etag: str = ""
    last_modified: str = ""
    authorization: str = field(default="", repr=False)
    own_origin: str = ""
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    user_agent: str = ""
    proxy: str = field(default="", repr=False)
    ca_file: str = ""
    robots: bool = False
    bad_address: ErrorClass = "bad_http"

    @property
    def conditional(self) -> bool:
        """Were validators sent, so that a 304 may come?"""
        return bool(self.etag or self.last_modified)


@dataclass(slots=True)
class Trail:
    """How far a visit has come: where it stands, the redirects behind it, its cookies, the time it has used."""

    target: urls.Target
    seen: set[tuple[str, str]] = field(default_factory=set)
    cookies: Cookies = field(default_factory=Cookies)
    status: int | None = None
    hops: int = 0
    permanent: bool = True
    in_body: bool = False
    spent_s: float = 0.0


def user_agent(contact: str) -> str:
    """`monitor/<version> (+<contact>)`, the contact reduced to what a header may carry."""
    plain = "".join(character for character in contact if "!" <= character <= "~" and character not in "()\\")
    return f"monitor/{__version__}" + (f" (+{plain})" if plain else "")


def basic_authorization(username: str, password: str) -> str:
    """The Authorization header of HTTP basic authentication (RFC 7617, UTF-8)."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode("utf-8", "surrogatepass")).decode("ascii")


def build(
    plan: Plan, target: urls.Target, agent: str, timeouts: dict[str, float | None], cookies: str = ""
) -> httpcore.Request:
    """The request of one hop. Validators go out byte for byte; credentials only to the origin they belong to."""
    own = list(plan.headers) if target.origin == plan.own_origin else []
    if cookies and (given := [value for name, value in own if name.lower() == "cookie"]):
        own = [(name, value) for name, value in own if name.lower() != "cookie"]
        cookies = "; ".join([*given, cookies])  # one header (RFC 6265, 5.4)
    headers = [
        (b"Host", target.authority.encode("ascii")),
        (b"User-Agent", (plan.user_agent or agent).encode("ascii")),
        (b"Accept-Encoding", OFFERED.encode("ascii")),
        *((name.encode("ascii"), value.encode("latin-1")) for name, value in own),
    ]
    if not any(name.lower() == "accept" for name, _ in own):
        headers.append((b"Accept", plan.accept.encode("ascii")))
    if etag := responses.validator(plan.etag):
        headers.append((b"If-None-Match", etag.encode("latin-1")))
    if last_modified := responses.validator(plan.last_modified):
        headers.append((b"If-Modified-Since", last_modified.encode("latin-1")))
    if cookies:
        headers.append((b"Cookie", cookies.encode("latin-1")))
    if plan.authorization and target.origin == plan.own_origin:
        headers.append((b"Authorization", plan.authorization.encode("ascii")))
    url = httpcore.URL(
        scheme=target.scheme.encode("ascii"), host=target.host.encode("ascii"),
        port=None if target.port == urls.DEFAULT_PORTS[target.scheme] else target.port,
        target=target.request_target.encode("ascii"),
    )  # fmt: skip
    return httpcore.Request(b"GET", url, headers=headers, extensions={"timeout": timeouts})


def next_target(trail: Trail, location: str, hops_max: int) -> urls.Target:
    """Where a redirect leads. DoorError: "redirect_limit", "blocked_scheme", "bad_http" (userinfo, odd characters)."""
    if not location:
        raise DoorError("redirect_limit", f"HTTP {trail.status} without a Location")
    if trail.hops >= hops_max:
        raise DoorError("redirect_limit", f"more than {hops_max} redirects")
    with contextlib.suppress(UnicodeDecodeError):  # not UTF-8: then the bytes stand for themselves
        location = location.encode("latin-1").decode("utf-8")
    target = urls.parse(location, trail.target.url)
    if (target.url, trail.cookies.header(target)) in trail.seen:
        raise DoorError("redirect_limit", f"redirects in a circle, back to {target.url[:200]}")
    return target
