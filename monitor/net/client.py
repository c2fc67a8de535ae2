"""The guarded door for who posts: httpx's client over connections that are all judged, and its errors."""

from __future__ import annotations

import asyncio
import ssl
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpcore
import httpx

from monitor.core.proxy import Proxy
from monitor.model import ErrorClass
from monitor.net import tls
from monitor.net.errors import DoorError, translate
from monitor.net.guard import Connections, Guard, GuardedBackend

TIMEOUT = httpx.Timeout(30.0, connect=10.0, pool=None)  # seconds (set: receivers are asked to answer within 30)


class Refused(httpx.ConnectError):
    """What `DoorError` is among httpx's errors: an ordinary failure to connect, and the contract's word for why."""

    def __init__(self, error: ErrorClass, detail: str) -> None:
        """`error` is the class of the contract, `detail` what an operator reads."""
        super().__init__(detail)
        self.error: ErrorClass = error


class GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's transport over connections that all come from `GuardedBackend`. HTTP/1.1 only.

    The parent's constructor is left out on purpose: it would build a pool that dials anything. Were `_pool` ever
    renamed, requests fail instead of going out unguarded.
    """

    def __init__(self, guard: Guard, proxy: Proxy | None = None, context: ssl.SSLContext | None = None) -> None:
        """Dial what `guard` permits, by way of `proxy` where there is one."""
        self._pool = Connections(guard, proxy, context)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send; Refused where the door stayed shut, else what httpx raises."""
        try:
            return await super().handle_async_request(request)
        except httpx.HTTPError as error:
            if isinstance(error.__cause__, DoorError):
                raise Refused(error.__cause__.error, str(error)) from error.__cause__
            raise


def client(guard: Guard, *, proxy: Proxy | None = None, context: ssl.SSLContext | None = None) -> httpx.AsyncClient:
    """A client for posting to `guard`ed addresses: follows no redirect, keeps no cookie, heeds no proxy variables.

    `TIMEOUT` bounds each read and write, not the whole exchange: wrap that in `asyncio.timeout`. Refusals are
    `Refused`, a kind of `httpx.ConnectError`. Ask for no encoding and read the answer raw and bounded.
    """
    return httpx.AsyncClient(
        transport=GuardedTransport(guard, proxy, context),
        timeout=TIMEOUT,
        headers={"accept-encoding": "identity"},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
        trust_env=False,
    )


async def reach(
    guard: Guard, url: str, timeout_s: float = 10.0, *, proxy: Proxy | None, context: ssl.SSLContext | None
) -> None:
    """Connect to where an http or https address leads, TLS included, and hang up; nothing is asked for.

    Behind an HTTP proxy it is the proxy that is connected to: where it leads on is known by asking alone.

    Refused, as a request would be.
    """
    place = httpx.URL(url)
    secure = place.scheme == "https"
    port = place.port or (443 if secure else 80)
    try:
        if proxy:
            guard.check_proxied(place.host, port)
        async with asyncio.timeout(timeout_s):
            stream = await GuardedBackend(guard, proxy).connect_tcp(place.host, port, timeout_s)
            try:
                if secure and (proxy is None or proxy.is_socks):
                    stream = await stream.start_tls(context or tls.context(), place.host, timeout_s)
            finally:
                await stream.aclose()
    except TimeoutError as error:
        raise Refused("timeout", f"no answer within {timeout_s:g} s") from error
    except (httpcore.NetworkError, httpcore.TimeoutException, ssl.SSLError) as error:
        raise Refused(*translate(error, in_body=False)) from error
