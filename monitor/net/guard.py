"""The guard: a name is resolved, every address it has is judged, and the judged address is the one that is dialled.

There is one way to open a connection, `GuardedBackend.connect_tcp`; it judges at each hop and each reconnect, before a
packet leaves. So neither a parser's reading of an address nor a second answer of the name server can lead elsewhere.
"""

from __future__ import annotations

import asyncio
import functools
import socket
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Sequence
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, cast

import anyio
import httpcore
import httpx

from monitor.net import addresses, urls
from monitor.net.errors import DoorError, translate
from monitor.net.header_limits import HeadLimit
from monitor.net.resolver import SystemResolver

RECORDS_MAX = 16
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]


class Guard:
    """Decides which addresses may be dialled. `allow` is an `allow_private` list; empty refuses all that is not public.

    A name is refused as soon as one of its records is forbidden, so a permit for 127.0.0.1 alone does not open a
    "localhost" that is ::1 as well; list the name then. `resolver(host, port)` returns addresses as text.
    """

    def __init__(
        self, allow: Sequence[str] = (), *, resolver: Resolver | None = None, setting: str = "allow_private"
    ) -> None:
        """ConfigError naming the entry that cannot be read; `setting` is what refusals call the list."""
        self._setting = setting
        self._permits = tuple(addresses.read_permit(entry) for entry in allow)
        self._resolver = resolver or SystemResolver()

    def permits(self, address: addresses.Address, host: str, port: int) -> bool:
        """May this address, reached as `host`, be dialled on `port`?"""
        name = host.rstrip(".").lower()
        return all(
            (addresses.is_public(face) and not addresses.is_metadata(face))
            or any(permit.covers(face, name, port) for permit in self._permits)
            for face in addresses.faces(address)
        )

    def check(self, target: urls.Target) -> None:
        """DoorError "blocked_address" for a forbidden literal address, before anything is looked up or dialled."""
        literal = addresses.read_literal(target.host)
        if literal is not None:
            self.require(literal, target.host, target.port)

    async def resolve(self, host: str, port: int) -> list[str]:
        """The addresses to dial for `host`, all judged. DoorError: "blocked_address", "blocked_scheme", "dns"."""
        if not urls.port_allowed(port):
            raise DoorError("blocked_scheme", f"port {port} is never dialled")
        if addresses.read_literal(host) is not None:
            records: Sequence[str] = [host]
        else:
            records = await self._look_up(host, port)
        judged: dict[str, None] = {}
        for record in records:
            address = addresses.read_literal(record)
            if address is None:
                raise DoorError("dns", f"{host} resolves to {record!r}, which is no address")
            self.require(address, host, port, zone="%" in record)
            judged[str(getattr(address, "ipv4_mapped", None) or address)] = None
        return list(judged)[:RECORDS_MAX]

    async def _look_up(self, host: str, port: int) -> Sequence[str]:
        try:
            records = await self._resolver(host, port)
        except socket.gaierror as error:
            if host.rstrip(".").rpartition(".")[2] == "localhost":
                return ["127.0.0.1"]  # RFC 6761, 6.3: these names are loopback, whether the resolver knows it or not
            raise DoorError(
                "connect" if error.errno == socket.EAI_SYSTEM else "dns", f"{host}: {error.strerror}"
            ) from error
        except OSError as error:
            raise DoorError("connect", f"{host}: {error}") from error
        except (UnicodeError, ValueError) as error:
            raise DoorError("dns", f"{host[:100]!r} is no host name") from error
        if not records:
            raise DoorError("dns", f"{host} has no address")
        return records

    def require(self, address: addresses.Address, host: str, port: int, *, zone: bool = False) -> None:
        """DoorError "blocked_address" unless this address, reached as `host`, may be dialled on `port`."""
        if zone or not self.permits(address, host, port):
            shown = f"{address}:{port}" if address.version == 4 else f"[{address}]:{port}"
            named = "" if str(address) == host else f" (of {host})"
            raise DoorError("blocked_address", f"{shown}{named} is not public and not listed in {self._setting}")


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections for httpcore: judges, dials exactly what was judged, and bounds the head of each answer."""

    def __init__(self, guard: Guard) -> None:
        """Dial what `guard` permits."""
        self._guard = guard
        self._dialler = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Look up, judge, dial. `timeout` (seconds) covers look-up and all attempts, shared among the addresses."""
        clock = asyncio.get_running_loop().time
        deadline = None if timeout is None else clock() + timeout
        try:
            async with asyncio.timeout_at(deadline):
                found = await self._guard.resolve(host, port)
        except TimeoutError as error:
            raise DoorError("dns", f"{host} was not resolved in time") from error
        for place, address in enumerate(found):
            last = place == len(found) - 1
            share = None if deadline is None else max((deadline - clock()) / (len(found) - place), 0.001)
            try:
                return HeadLimit(await self._dialler.connect_tcp(address, port, share, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if last:
                    raise
        raise DoorError("dns", f"{host} has no address")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refused: nothing outside lives in our file system."""
        raise DoorError("blocked_scheme", "local sockets are never dialled")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class Connections(httpcore.AsyncConnectionPool):
    """A pool that keeps nothing: each request has a connection of its own, closed with its answer.

    Feeds live on as many hosts as there are feeds, so a kept connection would never be used again; and httpcore's pool
    looks at all of its connections for each request. How many are open at once is for the caller to bound.
    """

    def __init__(self, guard: Guard) -> None:
        """Dial what `guard` permits."""
        super().__init__(network_backend=GuardedBackend(guard), ssl_context=tls_context(), http2=False)
        self._backend = GuardedBackend(guard)

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Dial, send, and return the answer, its body still to be read."""
        connection = httpcore.AsyncHTTPConnection(
            request.url.origin, ssl_context=tls_context(), http2=False, network_backend=self._backend
        )
        try:
            response = await connection.handle_async_request(request)
        except BaseException:
            with anyio.CancelScope(shield=True):
                await connection.aclose()
            raise
        body = cast(AsyncIterable[bytes], response.stream)
        return httpcore.Response(
            response.status, headers=response.headers, content=_Body(body, connection), extensions=response.extensions
        )


class _Body:
    """The body of an answer; closing it closes its connection."""

    def __init__(self, body: AsyncIterable[bytes], connection: httpcore.AsyncHTTPConnection) -> None:
        self._body = body
        self._connection = connection

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._body.__aiter__()

    async def aclose(self) -> None:
        with anyio.CancelScope(shield=True):
            await self._connection.aclose()


class GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's transport over connections that all come from `GuardedBackend`. HTTP/1.1 only, no proxies.

    The parent's constructor is left out on purpose: it would build a pool that dials anything. Were `_pool` ever
    renamed, requests fail instead of going out unguarded.
    """

    def __init__(self, guard: Guard) -> None:
        """Dial what `guard` permits."""
        self._pool = Connections(guard)


def client(guard: Guard, *, timeout_s: float = 30.0, connect_s: float = 10.0) -> httpx.AsyncClient:
    """A client for posting to `guard`ed addresses: follows no redirect, keeps no cookie, heeds no proxy variables.

    `timeout_s` bounds each read and write, not the whole exchange: wrap that in `asyncio.timeout`. Refusals are
    `DoorError`, a kind of `httpx.ConnectError`. Ask for no encoding and read the answer raw and bounded.
    """
    return httpx.AsyncClient(
        transport=GuardedTransport(guard),
        timeout=httpx.Timeout(timeout_s, connect=connect_s, pool=None),
        headers={"accept-encoding": "identity"},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
        trust_env=False,
    )


async def reach(guard: Guard, url: str, timeout_s: float = 10.0) -> None:
    """Connect to where an http or https address leads, TLS included, and hang up; nothing is asked for.

    Raises what a request would: DoorError, or another kind of `httpx.ConnectError`.
    """
    place = httpx.URL(url)
    secure = place.scheme == "https"
    try:
        async with asyncio.timeout(timeout_s):
            stream = await GuardedBackend(guard).connect_tcp(
                place.host, place.port or (443 if secure else 80), timeout_s
            )
            try:
                if secure:
                    stream = await stream.start_tls(tls_context(), place.host, timeout_s)
            finally:
                await stream.aclose()
    except DoorError:
        raise
    except TimeoutError as error:
        raise DoorError("timeout", f"no answer within {timeout_s:g} s") from error
    except (httpcore.NetworkError, httpcore.TimeoutException, ssl.SSLError) as error:
        failure = httpx.ConnectError(str(error) or type(error).__name__)
        failure.__cause__ = error
        raise DoorError(*translate(failure, in_body=False)) from error


@functools.cache
def tls_context() -> ssl.SSLContext:
    """The process's one TLS context (20 ms each): certifi's roots, or those of SSL_CERT_FILE or SSL_CERT_DIR."""
    return httpx.create_ssl_context()
