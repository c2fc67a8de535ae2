"""Who may speak to the endpoint: named hosts only (against DNS rebinding), the token where one is set, small bodies.

State changes are POST from our own pages: the browser's `Origin` or `Sec-Fetch-Site` must say so, and the form carries
a token that only our pages know. A signed link is its own credential. Who shows the token or a signed link is no page
that rebinds a name, and may use any host; /livez says nothing and changes nothing, and needs none.

Under a `public_url` with a path, requests are understood with that path and without it: a proxy may pass either on.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import hmac
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import ada_url
from starlette.datastructures import Headers, ImmutableMultiDict, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.app.build import App
from monitor.core.delivery import signed_links

BODY_BYTES_MAX = 64 * 1024  # bytes of a form: a pasted article (set)
BODY_S = 10.0  # seconds to send it (set)
# What is read, and forgotten, of a body that is refused: a connection that is closed on bytes that nobody read tells
# its other end nothing else, and a server in front says 502 (set: what a person may paste).
FORGOTTEN_BYTES_MAX = 1024 * 1024
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    # Under "no-referrer" browsers send `Origin: null` with our own forms (Fetch standard, "append a request `Origin`
    # header"), and over plain http nothing else tells them from a stranger's.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
SIGNED = {"feedback", "unsubscribe", "follow", "share"}
Form = ImmutableMultiDict[str, str]  # the last of a name, as `get` gives it; `getlist` gives all


class Guard:
    """ASGI middleware in front of every route."""

    def __init__(self, inner: ASGIApp, app: App, token: str) -> None:
        """`app` names the hosts; `token` is asked for on every route but /livez, unless it is ""."""
        http = app.config.endpoint
        self._inner = inner
        self._key = app.signing_key
        self._token = token
        self._places = Places.read(http.host, http.hosts, http.public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on with a capped body and safe headers."""
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        scope = {**scope, "path": self._places.inner_path(scope["path"])}
        send = _under(self._places.root, send)
        refusal = self._refusal(scope["method"], scope["path"], headers)
        if refusal:
            status, text = refusal
            challenge = {"WWW-Authenticate": 'Basic realm="monitor"'} if status == 401 else {}
            if "expect" not in headers:  # who asks first sends nothing more
                await _forget(receive, asyncio.get_running_loop().time() + BODY_S)
            await PlainTextResponse(text + "\n", status, headers=challenge)(scope, receive, _with_headers(send))
            return
        await self._inner(scope, _capped(receive), _with_headers(send))

    def _refusal(self, method: str, path: str, headers: Headers) -> tuple[int, str] | None:
        if path == "/livez":
            return None
        if not path.startswith("/"):
            return 400, "This request names no path of this server."
        signed, authorised = self._is_signed(path), bool(self._token) and self._authorised(headers)
        if not (signed or self._token or self._places.serves(headers.get("host", ""))):
            return 421, "This host name is not served here; name it in http.hosts or http.public_url."
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > BODY_BYTES_MAX:
            return 413, "The body is over 64 KiB."
        if self._token and not authorised and not signed:
            return 401, "A token is needed: send it as a bearer token, or as the password."
        if method == "POST" and not signed and not same_origin(headers, self._places.origin):
            return 403, "State changes are made from this server's own pages."
        return None

    def _authorised(self, headers: Headers) -> bool:
        scheme, _, value = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            try:
                value = base64.b64decode(value, validate=True).decode().partition(":")[2]
            except (binascii.Error, UnicodeDecodeError):
                return False
        elif scheme.lower() != "bearer":
            return False
        return hmac.compare_digest(value.encode(), self._token.encode())

    def _is_signed(self, path: str) -> bool:
        _, purpose, *rest = path.split("/")
        if purpose not in SIGNED or len(rest) != 1:
            return False
        return signed_links.verify(self._key, purpose, rest[0]) is not None


@dataclass(frozen=True, slots=True)
class Places:
    """Where this server is reached: hosts and networks by which it may be asked, its public origin and path."""

    hosts: frozenset[str]
    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
    origin: str
    root: str

    @classmethod
    def read(cls, listen: str, hosts: Iterable[str], public_url: str) -> Places:
        """`listen`, `hosts` and `public_url` as the configuration has them; `root` is "" or "/path"."""
        names = {listen, "localhost", "127.0.0.1", "::1", urlsplit(public_url).hostname or ""}
        networks = []
        for entry in hosts:
            with contextlib.suppress(ValueError):
                networks.append(ipaddress.ip_network(entry))
                continue
            names.add(entry.rstrip(".").lower())
        names -= {"", "0.0.0.0", "::"}  # noqa: S104 - names to refuse, nothing is bound here
        return cls(frozenset(names), tuple(networks), origin_of(public_url), root_of(public_url))

    def serves(self, host: str) -> bool:
        """May this server be asked under the `host` of a request's head?"""
        try:
            place = urlsplit(f"//{host}")
            name = (place.hostname or "").rstrip(".")
            if "@" in host or place.netloc != host or place.port == 0:  # no name and port alone (RFC 9110, 7.2)
                return False
        except ValueError:
            return False
        if name in self.hosts:
            return True
        with contextlib.suppress(ValueError):
            address = ipaddress.ip_address(name)
            return any(address in network for network in self.networks)
        return False

    def inner_path(self, path: str) -> str:
        """The path as the routes know it, whether the proxy in front took the public path off or not."""
        if self.root and (path == self.root or path.startswith(self.root + "/")):
            return path[len(self.root) :] or "/"
        return path


def root_of(public_url: str) -> str:
    """The path under which the pages are reached, "" or "/path" without a slash at its end."""
    return urlsplit(public_url).path.rstrip("/")


def origin_of(url: str) -> str:
    """The origin of an address as browsers write it (RFC 6454, 6.2): no default port, lower case; "" for none."""
    try:
        parts = ada_url.URL(url)
    except ValueError:
        return ""
    return str(parts.origin) if parts.protocol in ("http:", "https:") else ""


def same_origin(headers: Headers, public_origin: str = "") -> bool:
    """Does the browser say that the request comes from this origin (Fetch Metadata; RFC 6454 Origin)?

    The operator names the origin that people see by `public_url`: a proxy in front may send any `Host`.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None:
        return True
    host = headers.get("host", "")
    return origin_of(origin) in {public_origin, origin_of(f"http://{host}"), origin_of(f"https://{host}")} - {""}


def form_token(app: App) -> str:
    """What our own forms carry."""
    return signed_links.sign(app.signing_key, "form", "form")


def app_of(request: Request) -> App:
    """What a request is answered from."""
    app: App = request.app.state.app
    return app


async def form_of(request: Request) -> Form:
    """The posted form as it is: for signed links, which are their own credential."""
    try:
        body = await request.body()
    except ClientDisconnect as error:
        raise HTTPException(400, "The form did not come to its end.") from error
    return ImmutableMultiDict(parse_qsl(body.decode("utf-8", "replace")))


async def posted(request: Request) -> tuple[App, Form]:
    """The posted form, after its token was checked; an empty `token` key never passes."""
    app, form = app_of(request), await form_of(request)
    if signed_links.verify(app.signing_key, "form", form.get("token", "")) is None:
        raise HTTPException(403, "The form is stale: go back, reload the page, and try again.")
    return app, form


def _capped(receive: Receive) -> Receive:
    """The body of a request within its size and time; after its end, whatever comes."""
    seen = 0
    ended = False
    deadline = asyncio.get_running_loop().time() + BODY_S

    async def read() -> Message:
        nonlocal seen, ended
        if ended:
            return await receive()
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError as error:
            raise HTTPException(408, "The body did not come within 10 seconds.") from error
        seen += len(message.get("body", b""))
        ended = not message.get("more_body", False)
        if seen > BODY_BYTES_MAX:
            if not ended:
                await _forget(receive, deadline)
            raise HTTPException(413, "The body is over 64 KiB.")
        return message

    return read


async def _forget(receive: Receive, deadline: float) -> None:
    """Read what comes of a body, to its end, but no more than is worth it."""
    seen = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout_at(deadline):
            while seen < FORGOTTEN_BYTES_MAX:
                message = await receive()
                seen += len(message.get("body", b""))
                if not message.get("more_body", False):
                    return


def _under(root: str, send: Send) -> Send:
    """Redirects of the routes begin with "/": sent out under the public path, whatever the proxy does with them."""
    if not root:
        return send

    async def write(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            place = headers.get("location", "")
            if place.startswith("/") and place != root and not place.startswith((f"{root}/", f"{root}#", f"{root}?")):
                headers["location"] = root + place
        await send(message)

    return write


def _with_headers(send: Send) -> Send:
    async def write(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if message["status"] in (408, 413):
                headers["connection"] = "close"  # what is left of the body will not be read
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return write
