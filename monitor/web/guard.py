"""Who may speak to the endpoint: named hosts only (against DNS rebinding), the token where one is set, small bodies.

State changes are POST from our own pages: the browser's `Origin` or `Sec-Fetch-Site` must say so, and the form carries
a token that only our pages know. A signed link is its own credential.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.app import App
from monitor.core.delivery import signed_links

BODY_BYTES_MAX = 64 * 1024
BODY_S = 10.0
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'none'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
SIGNED = {"feedback", "unsubscribe"}


class Guard:
    """ASGI middleware in front of every route."""

    def __init__(self, inner: ASGIApp, app: App, token: str) -> None:
        """`app` names the hosts; `token` is asked for on every route but /livez, unless it is ""."""
        http = app.config.document.http
        self._inner = inner
        self._key = app.signing_key
        self._token = token
        names = {http.host, "localhost", "127.0.0.1", "::1", urlsplit(http.public_url).hostname or ""}
        self._hosts = names - {"", "0.0.0.0", "::"}  # noqa: S104 - a name to refuse, nothing is bound here

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on with a capped body and safe headers."""
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope["method"], scope["path"], headers)
        if refusal:
            status, text = refusal
            challenge = {"WWW-Authenticate": 'Basic realm="monitor"'} if status == 401 else {}
            await PlainTextResponse(text + "\n", status, headers=challenge)(scope, receive, _with_headers(send))
            return
        await self._inner(scope, _capped(receive), _with_headers(send))

    def _refusal(self, method: str, path: str, headers: Headers) -> tuple[int, str] | None:
        if not self._known_host(headers.get("host", "")):
            return 421, "This host name is not served here; set http.public_url to add one."
        if path == "/livez":
            return None
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > BODY_BYTES_MAX:
            return 413, "The body is over 64 KiB."
        if self._token and not self._authorised(headers) and not self._is_signed(path):
            return 401, "A token is needed: send it as a bearer token, or as the password."
        if method == "POST" and not self._is_signed(path) and not same_origin(headers):
            return 403, "State changes are made from this server's own pages."
        return None

    def _known_host(self, host: str) -> bool:
        try:
            return bool(host) and urlsplit(f"//{host}").hostname in self._hosts
        except ValueError:
            return False

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


def same_origin(headers: Headers) -> bool:
    """Does the browser say that the request comes from this origin (Fetch Metadata; RFC 6454 Origin)?"""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2] == headers.get("host")


def form_token(app: App) -> str:
    """What our own forms carry."""
    return signed_links.sign(app.signing_key, "form", "form")


async def form_of(request: Request) -> dict[str, str]:
    """The posted form as it is: for signed links, which are their own credential."""
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace")))


async def checked_form(request: Request) -> dict[str, str]:
    """The posted form, after its token was checked; an empty `token` key never passes."""
    form = await form_of(request)
    key = request.app.state.app.signing_key
    if signed_links.verify(key, "form", form.get("token", "")) is None:
        raise HTTPException(403, "The form is stale: go back, reload the page, and try again.")
    return form


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
            raise HTTPException(413, "The body is over 64 KiB.")
        return message

    return read


def _with_headers(send: Send) -> Send:
    async def write(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {name for name, _ in message["headers"]}
            if message["status"] in (408, 413):
                # What is left of the body will not be read.
                message["headers"] = [*message["headers"], (b"connection", b"close")]
            message["headers"] = [
                *message["headers"],
                *((n.lower().encode(), v.encode()) for n, v in HEADERS.items() if n.lower().encode() not in present),
            ]
        await send(message)

    return write
