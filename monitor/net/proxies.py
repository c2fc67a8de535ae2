"""A proxy as the only way out: HTTP (CONNECT, or forwarding for plain http) and SOCKS5, which resolve names themselves.

What can be judged here still is: schemes, ports, literal addresses and the names of loopback. Where other names lead is
for the proxy to judge. Its own address is permitted by being configured.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpcore

from monitor.core.proxy import Proxy
from monitor.deferred import Deferred
from monitor.net.errors import DoorError

if TYPE_CHECKING:
    import socksio
else:
    socksio = Deferred("socksio")

# Bytes of a SOCKS5 reply's address by its type (RFC 1928, section 6): IPv4, IPv6; a name says its own length.
_ADDRESS_BYTES = {1: 4, 4: 16}


def pool(proxy: Proxy, context: Any, backend: httpcore.AsyncNetworkBackend) -> httpcore.AsyncHTTPProxy:
    """httpcore's maker of connections through an HTTP proxy."""
    host = f"[{proxy.host}]" if ":" in proxy.host else quote(proxy.host)
    return httpcore.AsyncHTTPProxy(
        f"{proxy.scheme}://{host}:{proxy.port}", proxy_auth=proxy.credentials, ssl_context=context,
        proxy_ssl_context=context if proxy.scheme == "https" else None, network_backend=backend,
    )  # fmt: skip


async def open_socks(
    stream: httpcore.AsyncNetworkStream, proxy: Proxy, host: str, port: int, timeout_s: float | None
) -> None:
    """Ask a SOCKS5 proxy to connect to `host`, a name or an address (RFC 1928, RFC 1929). DoorError "connect"."""
    talk = socksio.socks5.SOCKS5Connection()
    wanted = socksio.socks5.SOCKS5AuthMethod.NO_AUTH_REQUIRED
    if proxy.username:
        wanted = socksio.socks5.SOCKS5AuthMethod.USERNAME_PASSWORD

    async def ask(request: Any) -> None:
        talk.send(request)
        await stream.write(talk.data_to_send(), timeout_s)

    try:
        async with asyncio.timeout(timeout_s):
            await ask(socksio.socks5.SOCKS5AuthMethodsRequest([wanted]))
            method = talk.receive_data(await _exactly(stream, 2, timeout_s))
            if method.method != wanted:  # type: ignore[union-attr]
                raise DoorError("connect", f"the proxy {proxy} does not take this login")
            if proxy.username:
                words = (proxy.username.encode(), proxy.password.encode())
                await ask(socksio.socks5.SOCKS5UsernamePasswordRequest(*words))
                if not talk.receive_data(await _exactly(stream, 2, timeout_s)).success:  # type: ignore[union-attr]
                    raise DoorError("connect", f"the proxy {proxy} refused the login")
            command = socksio.socks5.SOCKS5Command.CONNECT
            await ask(socksio.socks5.SOCKS5CommandRequest.from_address(command, (host, port)))
            reply = talk.receive_data(await _reply(stream, timeout_s))
    except TimeoutError as error:
        raise DoorError("timeout", f"the proxy {proxy} did not answer in time") from error
    except socksio.ProtocolError as error:
        raise DoorError("connect", f"the proxy {proxy} does not speak SOCKS5") from error
    if reply.reply_code != socksio.socks5.SOCKS5ReplyCode.SUCCEEDED:  # type: ignore[union-attr]
        why = reply.reply_code.name.lower().replace("_", " ")  # type: ignore[union-attr]
        raise DoorError("connect", f"the proxy {proxy} could not connect to {host}:{port}: {why}")


async def _reply(stream: httpcore.AsyncNetworkStream, timeout_s: float | None) -> bytes:
    head = await _exactly(stream, 5, timeout_s)
    size = _ADDRESS_BYTES.get(head[3], head[4] + 1)
    return head + await _exactly(stream, size + 1, timeout_s)


async def _exactly(stream: httpcore.AsyncNetworkStream, count: int, timeout_s: float | None) -> bytes:
    """So many bytes, however they come. DoorError "reset" where the proxy closes before."""
    read_bytes = b""
    while len(read_bytes) < count:
        chunk = await stream.read(count - len(read_bytes), timeout_s)
        if not chunk:
            raise DoorError("reset", "the proxy closed the connection")
        read_bytes += chunk
    return read_bytes


def is_loopback_name(host: str) -> bool:
    """Is it a name of the machine that resolves it (RFC 6761, 6.3)?"""
    return host.rstrip(".").lower().rpartition(".")[2] in ("localhost", "localdomain")
