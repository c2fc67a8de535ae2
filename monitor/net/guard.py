"""The guard: a name is resolved, every address it has is judged, and the judged address is the one that is dialled.

There is one way to open a connection, `GuardedBackend.connect_tcp`; it judges at each hop and each reconnect, before a
packet leaves. So neither a parser's reading of an address nor a second answer of the name server can lead elsewhere.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from typing import Any, cast

import httpcore

from monitor.core import proxy as proxy_address
from monitor.core.proxy import DIRECT, Proxy
from monitor.net import addresses, proxies, race, streams, tls, urls
from monitor.net.errors import DoorError
from monitor.net.resolver import Resolver, SystemResolver

RECORDS_MAX = 16  # addresses of a name that are tried (set)


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
        self._check_literal(target.host, target.port)

    def check_proxied(self, host: str, port: int) -> None:
        """What can be judged of what a proxy will dial: DoorError for ports, literal addresses, names of loopback.

        The host is read as browsers read it: a proxy may take 0177.0.0.1 for an address.
        """
        host = urls.parse(f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/").host
        self._check_literal(host, port)
        if proxies.is_loopback_name(host):
            self.require(ipaddress.ip_address("127.0.0.1"), host, port)

    def _check_literal(self, host: str, port: int) -> None:
        literal = addresses.read_literal(host)
        if literal is not None:
            self.require(literal, host, port, zone="%" in host)

    async def resolve_proxy(self, host: str, port: int) -> list[str]:
        """The addresses of a configured proxy, which is permitted by being configured. DoorError: "dns", "connect"."""
        if addresses.read_literal(host) is not None:
            return [host]
        return list(dict.fromkeys(await self._look_up(host, port)))[:RECORDS_MAX]

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
        # RFC 6761, 6.3: "localhost.", "a.localhost" are loopback whether or not a resolver knows it: none is asked.
        local = host.rstrip(".").rpartition(".")[2] == "localhost"
        try:
            records = await self._resolver("localhost" if local else host, port)
        except socket.gaierror as error:
            if local:
                return ["127.0.0.1"]
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
    """Opens connections for httpcore: judges, dials exactly what was judged, and bounds the head of each answer.

    With a `proxy` it dials that alone; a SOCKS proxy is asked for the rest of the way, an HTTP proxy by httpcore.
    """

    def __init__(self, guard: Guard, proxy: Proxy | None = None) -> None:
        """Dial what `guard` permits, or `proxy`."""
        self._guard = guard
        self._proxy = proxy

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Look up, judge, dial. `timeout` (seconds) covers look-up and all attempts; nobody asks for more."""
        clock = asyncio.get_running_loop().time
        deadline = None if timeout is None else clock() + timeout

        def left_s() -> float | None:
            return None if deadline is None else max(deadline - clock(), 0.001)

        async def dial(address: str) -> httpcore.AsyncNetworkStream:
            return await streams.connect(address, dialled[1], left_s())

        dialled = (self._proxy.host, self._proxy.port) if self._proxy else (host, port)
        try:
            async with asyncio.timeout_at(deadline):
                resolve = self._guard.resolve_proxy if self._proxy else self._guard.resolve
                found = await resolve(*dialled)
        except TimeoutError as error:
            raise DoorError("dns", f"{dialled[0]} was not resolved in time") from error
        try:
            stream = await race.first_connected(found, dial, lambda late: late.aclose())
            if self._proxy and self._proxy.is_socks:
                await self._ask_socks(stream, host, port, left_s())
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            if self._proxy is None:
                raise
            raise DoorError("connect", f"the proxy {self._proxy} cannot be reached: {error or 'no answer'}") from error
        return stream

    async def _ask_socks(
        self, stream: httpcore.AsyncNetworkStream, host: str, port: int, timeout_s: float | None
    ) -> None:
        assert self._proxy is not None
        try:
            await proxies.open_socks(stream, self._proxy, host, port, timeout_s)
        except BaseException:
            await stream.aclose()
            raise


class Connections(httpcore.AsyncConnectionPool):
    """A pool that keeps nothing: each request has a connection of its own, closed with its answer.

    Feeds live on as many hosts as there are feeds, so a kept connection would never be used again; and httpcore's pool
    looks at all of its connections for each request. How many are open at once is for the caller to bound.
    """

    def __init__(self, guard: Guard, proxy: Proxy | None = None, context: ssl.SSLContext | None = None) -> None:
        """Dial what `guard` permits, by way of `proxy` where there is one."""
        self._context = context or tls.context()
        self._guard, self._way_out = guard, proxy
        self._backend = GuardedBackend(guard, proxy)
        super().__init__(network_backend=self._backend, ssl_context=self._context, http2=False)
        tunnels = proxy is not None and not proxy.is_socks
        self._tunnels = proxies.pool(proxy, self._context, self._backend) if proxy and tunnels else None

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Dial, send, and return the answer, its body still to be read."""
        if request.url.scheme not in (b"http", b"https"):
            raise DoorError("blocked_scheme", f"scheme {request.url.scheme.decode('ascii')[:40]!r} is never dialled")
        origin = request.url.origin
        if self._way_out:
            self._guard.check_proxied(origin.host.decode("ascii").strip("[]"), origin.port)
        connection: httpcore.AsyncConnectionInterface
        if self._tunnels:
            connection = self._tunnels.create_connection(origin)
        else:
            connection = await self._connect(origin, request.extensions.get("timeout", {}).get("connect"))
        try:
            response = await connection.handle_async_request(request)
        except httpcore.ProxyError as error:
            await connection.aclose()
            raise DoorError("connect", f"the proxy {self._way_out} refused: {error}") from error
        except BaseException:
            await connection.aclose()
            raise
        body = cast(AsyncIterable[bytes], response.stream)
        return httpcore.Response(
            response.status, headers=response.headers, content=_Body(body, connection), extensions=response.extensions
        )

    async def _connect(self, origin: httpcore.Origin, timeout_s: float | None) -> httpcore.AsyncConnectionInterface:
        """A connection of its own, encrypted for https; httpcore's class would lock it, and ask of what kind it is."""
        host = origin.host.decode("ascii")
        stream = await self._backend.connect_tcp(host, origin.port, timeout_s)
        if origin.scheme == b"https":
            self._context.set_alpn_protocols(["http/1.1"])
            stream = await stream.start_tls(self._context, host, timeout_s)
        return httpcore.AsyncHTTP11Connection(origin, stream)


class _Body:
    """The body of an answer; closing it closes its connection."""

    def __init__(self, body: AsyncIterable[bytes], connection: httpcore.AsyncConnectionInterface) -> None:
        self._body = body
        self._connection = connection

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._body.__aiter__()

    async def aclose(self) -> None:
        await self._connection.aclose()


class Ways:
    """The ways out of one process: the usual one, and those that single sources have of their own."""

    def __init__(self, guard: Guard, proxy: Proxy | None = None, ca_file: str = "") -> None:
        """`proxy` and `ca_file` are of the usual one."""
        self._guard, self._proxy, self._ca_file = guard, proxy, ca_file
        self._pools: dict[tuple[str, str], Connections] = {}

    def connections(self, proxy: str = "", ca_file: str = "") -> Connections:
        """The connections of a source that says so; "" is the usual, "direct" goes past the usual proxy."""
        found = self._pools.get((proxy, ca_file))
        if found is None:
            way = self._proxy if not proxy else None if proxy == DIRECT else proxy_address.read(proxy)
            context = tls.context("web", ca_file or self._ca_file)
            found = self._pools[proxy, ca_file] = Connections(self._guard, way, context)
        return found

    async def close(self) -> None:
        for pool in self._pools.values():
            await pool.aclose()
