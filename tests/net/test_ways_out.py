"""Ways out: proxies, what a source sends of its own, certificates, and several addresses of which some are dead."""

from __future__ import annotations

import asyncio
import base64
import re
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpcore
import httpx
import pytest

from monitor import config
from monitor.app.build import parts
from monitor.core import proxy as proxy_address
from monitor.core.proxy import Proxy
from monitor.errors import ConfigError
from monitor.model import Fetched, Page, Source, SourceStatus, Visit
from monitor.net import race, tls
from monitor.net.client import Refused, client
from monitor.net.fetch import FetchSettings, HttpFetcher
from monitor.net.guard import Guard, Ways
from tests.channels.misbehaving import contexts

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
FEED = b"<rss version='2.0'><channel><title>t</title></channel></rss>"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s" % (len(FEED), FEED)


async def unread(body: bytes, url: str, content_type: str) -> Page:
    return Page(url=url, at=NOW, state="ok")


@dataclass
class Peer:
    """A server that keeps the heads it is sent; a proxy, where it knows what names lead to."""

    leads: dict[str, int] = field(default_factory=dict)
    answer: bytes = OK
    heads: list[str] = field(default_factory=list)
    port: int = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.heads.append(head)
            if not head.startswith("CONNECT "):
                writer.write(self.answer)
                await writer.drain()
                return
            place = head.split(" ")[1]
            if place not in self.leads:
                writer.write(b"HTTP/1.1 502 Cannot resolve\r\nContent-Length: 0\r\n\r\n")
                return
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            inner_reader, inner = await asyncio.open_connection("127.0.0.1", self.leads[place])
            await asyncio.gather(pump(reader, inner), pump(inner_reader, writer), return_exceptions=True)


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(65536):
        writer.write(chunk)
        await writer.drain()
    writer.close()


@asynccontextmanager
async def peer(context: ssl.SSLContext | None = None, **more: Any) -> AsyncIterator[Peer]:
    made = Peer(**more)
    server = await asyncio.start_server(made.talk, "127.0.0.1", 0, ssl=context)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()


async def fetched(source: Source, proxy: Proxy | None = None, allow: Sequence[str] = (), **limits: float) -> Fetched:
    guard = Guard(allow)
    fetcher = HttpFetcher(
        guard, FetchSettings(spacing_s=0, timeout_s=10, **limits), unread, ways=Ways(guard, proxy), sources=[source]
    )
    try:
        return await fetcher.fetch(Visit(source, SourceStatus(source.id), NOW))
    finally:
        await fetcher.close()


def feed_at(url: str, **more: Any) -> Source:
    return Source("a", "A", url, **more)


async def test_a_plain_feed_is_asked_of_the_proxy_by_its_name() -> None:
    async with peer() as way:
        answer = await fetched(
            feed_at("http://feeds.invalid/rss?a=%7Eb"), Proxy("http", "127.0.0.1", way.port, "u", "p:w")
        )
    assert (answer.error, answer.body) == (None, FEED)
    (head,) = way.heads
    assert head.startswith("GET http://feeds.invalid/rss?a=%7Eb HTTP/1.1\r\nHost: feeds.invalid\r\n") or (
        head.startswith("GET http://feeds.invalid/rss?a=%7Eb HTTP/1.1\r\n") and "Host: feeds.invalid\r\n" in head
    )
    assert f"Proxy-Authorization: Basic {base64.b64encode(b'u:p:w').decode()}" in head


async def test_a_secured_feed_goes_through_a_tunnel_and_keeps_its_secrets(tmp_path: Path) -> None:
    """The proxy sees host and port, and nothing that is meant for the feed; the feed nothing meant for the proxy."""
    (authority,) = contexts()["client"].get_ca_certs(binary_form=True)
    (tmp_path / "ca.pem").write_text(ssl.DER_cert_to_PEM_cert(authority))
    async with peer(contexts()["good"]) as feed:
        place = f"127.0.0.1:{feed.port}"
        async with peer(leads={place: feed.port}) as way:
            source = feed_at(
                f"https://{place}/rss", username="ann", password="feed-secret", ca_file=str(tmp_path / "ca.pem"),
                headers=(("Cookie", "session=feed-cookie"),), user_agent="Reader/1",
            )  # fmt: skip
            answer = await fetched(source, Proxy("http", "127.0.0.1", way.port, "u", "way-secret"), ["127.0.0.1"])
    assert (answer.error, answer.body) == (None, FEED), answer.detail
    assert way.heads[0].startswith(f"CONNECT {place} HTTP/1.1\r\n")
    assert "feed-" not in way.heads[0] and "authorization: basic" not in way.heads[0].lower().replace("proxy-auth", "")
    assert feed.heads[0].startswith("GET /rss HTTP/1.1\r\n")
    assert "Cookie: session=feed-cookie" in feed.heads[0] and "User-Agent: Reader/1" in feed.heads[0]
    assert "proxy-authorization" not in feed.heads[0].lower()


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://169.254.169.254/latest/meta-data", "blocked_address"), ("http://10.0.0.1/", "blocked_address"),
        ("http://0177.0.0.1/", "blocked_address"), ("http://0x7f.1/", "blocked_address"),
        ("http://[::1]/", "blocked_address"),
        ("http://localhost/", "blocked_address"), ("https://a.localhost./", "blocked_address"),
        ("http://feeds.invalid:25/", "blocked_scheme"), ("ftp://feeds.invalid/", "blocked_scheme"),
    ],
)  # fmt: skip
async def test_what_can_be_judged_is_judged_before_the_proxy_is_asked(url: str, error: str) -> None:
    async with peer() as way:
        proxy = Proxy("http", "127.0.0.1", way.port)
        assert (await fetched(feed_at(url), proxy)).error == error
        assert way.heads == []
        location = f"HTTP/1.1 302 Found\r\nLocation: {url}\r\nContent-Length: 0\r\n\r\n"
        way.answer = location.encode()
        assert (await fetched(feed_at("http://feeds.invalid/rss"), proxy)).error == error
        assert len(way.heads) == 1
        async with client(Guard(), proxy=proxy) as door:
            with pytest.raises((httpx.TransportError, httpx.InvalidURL)):
                await door.post(url, content=b"x")
        assert len(way.heads) == 1


async def test_what_a_proxy_answers_is_said_in_words() -> None:
    async with peer() as way:
        proxy = Proxy("http", "127.0.0.1", way.port, "u", "canary")
        answer = await fetched(feed_at("https://feeds.invalid/rss"), proxy)
        assert answer.error == "connect"
        assert re.fullmatch(rf"the proxy http://127.0.0.1:{way.port} refused: 502 Cannot resolve", answer.detail)
        way.answer = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
        answer = await fetched(feed_at("http://feeds.invalid/rss"), proxy)
        assert (answer.error, answer.status) == ("http_status", 407)
        assert "the proxy" in answer.detail
    answer = await fetched(feed_at("http://feeds.invalid/rss"), proxy)
    assert answer.error == "connect"
    assert answer.detail.startswith(f"the proxy http://127.0.0.1:{way.port} cannot be reached")
    assert "canary" not in answer.detail


async def test_a_source_may_have_a_way_of_its_own() -> None:
    async with peer() as usual, peer() as own, peer() as feed:
        proxy = Proxy("http", "127.0.0.1", usual.port)
        assert (await fetched(feed_at("http://a.invalid/", proxy=f"http://127.0.0.1:{own.port}"), proxy)).error is None
        source = feed_at(f"http://127.0.0.1:{feed.port}/", proxy="direct")
        assert (await fetched(source, proxy, ["127.0.0.1"])).error is None
    assert [len(each.heads) for each in (usual, own, feed)] == [0, 1, 1]


async def test_pages_of_a_sources_origin_are_asked_for_as_the_source_is() -> None:
    async with peer() as paper, peer() as other:
        source = feed_at(f"http://127.0.0.1:{paper.port}/rss", headers=(("Cookie", "canary"),), user_agent="Reader/1")
        guard = Guard(["127.0.0.1"])
        fetcher = HttpFetcher(guard, FetchSettings(spacing_s=0), unread, sources=[source])
        for port in (paper.port, other.port):
            await fetcher.get(f"http://127.0.0.1:{port}/page", body_max=9999, accept="text/html", at=NOW)
        paper.answer = (
            f"HTTP/1.1 302 x\r\nLocation: http://127.0.0.1:{other.port}/\r\nContent-Length: 0\r\n\r\n".encode()
        )
        await fetcher.fetch(Visit(source, SourceStatus("a"), NOW))
        await fetcher.close()
    assert ["Cookie: canary" in head for head in (*paper.heads, *other.heads)] == [True, True, False, False]
    assert ["User-Agent: Reader/1" in head for head in (*paper.heads, *other.heads)] == [True, True, False, True]


PROXIES = [
    ("http://proxy.example:3128", Proxy("http", "proxy.example", 3128)),
    ("socks5h://127.0.0.1", Proxy("socks5h", "127.0.0.1", 1080)),
    ("https://u%40x:p%3Aw@[::1]:8443/", Proxy("https", "::1", 8443, "u@x", "p:w")),
]


@pytest.mark.parametrize(("text", "made"), PROXIES)
def test_proxies_are_read_as_they_are_written(text: str, made: Proxy) -> None:
    assert proxy_address.read(text) == made
    assert "p:w" not in f"{made} {made!r}"


@pytest.mark.parametrize(
    "text", ["", "proxy:3128", "ftp://proxy", "http://", "http://a/b", "socks4://a", "http://a:99999"]
)
def test_what_is_no_proxy_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="proxy"):
        proxy_address.read(text)


def test_a_proxys_password_is_a_secret(tmp_path: Path) -> None:
    for section in ("[fetch]", "[hooks]", "[[source]]\nid = 'a'\nurl = 'https://a.example'"):
        with pytest.raises(ConfigError, match="proxy_env or proxy_file") as caught:
            config.parse(f"{section}\nproxy = 'http://u:CANARY@p.example'\n", tmp_path / "config.toml", {})
        assert "CANARY" not in str(caught.value)
    text = "[fetch]\nproxy_env = 'P'\n"
    parts(config.parse(text, tmp_path / "config.toml", {"P": "http://u:CANARY@p.example:3128"}))
    with pytest.raises(ConfigError, match=r"proxy_env: write an address") as caught:
        parts(config.parse(text, tmp_path / "config.toml", {"P": "CANARY"}))
    assert "CANARY" not in str(caught.value)


HEADERS = {
    "Host = 'x'": "no header that a source can set", "User-Agent = 'x'": "write user_agent",
    "'a b' = 'x'": "no header", "X = \"a\\nb\"": "one line",
    "X = { env = 'NONE' }": "NONE is not set", "X = { env = 'LINES' }": "one line",
    "X = { env = 'A', file = 'b' }": "write a text",
    "X = { envv = 'A' }": "write a text", "X = 1": "text", "Range = 'bytes=0-'": "no header",
}  # fmt: skip


@pytest.mark.parametrize("written", HEADERS)
def test_headers_that_cannot_be_sent_are_refused(tmp_path: Path, written: str) -> None:
    words = HEADERS[written]
    text = f"[[source]]\nid = 'a'\nurl = 'https://a.example'\nheaders = {{ {written} }}\n"
    with pytest.raises(ConfigError, match=words):
        parts(config.parse(text, tmp_path / "config.toml", {"LINES": "a\r\nb"}))


VARIABLES = [
    ({"SSL_CERT_FILE": "none.pem"}, r"environment variable SSL_CERT_FILE: .*none\.pem cannot be read \(No such file"),
    ({"SSL_CERT_FILE": "empty.pem"}, r"SSL_CERT_FILE: .*empty\.pem holds no certificate"),
    ({"SSL_CERT_FILE": "."}, r"SSL_CERT_FILE: "),
    ({"SSL_CERT_DIR": "nowhere"}, r"SSL_CERT_DIR: .*nowhere is no folder of hashed certificates"),
    ({"SSL_CERT_DIR": "."}, r"SSL_CERT_DIR: "),
]


@pytest.mark.parametrize(("variables", "words"), VARIABLES)
def test_certificates_that_are_not_there_are_named(tmp_path: Path, variables: dict[str, str], words: str) -> None:
    (tmp_path / "empty.pem").write_text("")
    environ = {name: str(tmp_path / value) for name, value in variables.items()}
    with pytest.raises(ConfigError, match=words):
        parts(config.parse("", tmp_path / "config.toml", environ))


def test_a_companys_certificates_are_named_by_line(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("")
    for text in (
        "[service]\nca_file = 'empty.pem'\n",
        "[[source]]\nid = 'a'\nurl = 'https://a.example'\nca_file = 'none.pem'\n",
    ):
        with pytest.raises(
            ConfigError, match=r"line \d.*ca_file: .*(empty|none)\.pem (holds no certificate|cannot be read)"
        ):
            parts(config.parse(text, tmp_path / "config.toml", {}))


def test_the_companys_certificates_stand_beside_the_systems(tmp_path: Path) -> None:
    (authority,) = contexts()["client"].get_ca_certs(binary_form=True)
    (tmp_path / "ca.pem").write_text(ssl.DER_cert_to_PEM_cert(authority))
    for use in ("web", "mail"):
        made = tls.context(use, str(tmp_path / "ca.pem"), environ={})
        assert authority in made.get_ca_certs(binary_form=True)
        assert made.verify_mode is ssl.CERT_REQUIRED and made.check_hostname
    assert tls.context("web", environ={}) is not tls.context("mail", environ={})


def clogged(address: str, port: int) -> list[socket.socket]:
    """A listener that lets nobody in any more: who connects hears nothing, as from a machine that is off."""
    listener = socket.socket()
    listener.bind((address, port))
    listener.listen(0)
    held = [listener]
    for _ in range(3):
        one = socket.socket()
        one.setblocking(False)
        one.connect_ex((address, port))
        held.append(one)
    return held


async def test_a_dead_first_address_costs_little(monkeypatch: pytest.MonkeyPatch) -> None:
    async with peer() as feed:
        held = clogged("127.0.0.9", feed.port)

        async def resolver(host: str, port: int) -> list[str]:
            return ["127.0.0.9", "127.0.0.9", "127.0.0.1"]

        try:
            guard = Guard(["127.0.0.0/8"], resolver=resolver)
            async with client(guard) as door:
                began = asyncio.get_running_loop().time()
                answer = await door.get(f"http://paper.example:{feed.port}/")
                took_s = asyncio.get_running_loop().time() - began
        finally:
            for one in held:
                one.close()
    assert answer.status_code == 200
    assert took_s < 3, "a connection may take 10 seconds: the dead address must not have its share of them"


async def test_one_address_that_is_forbidden_forbids_the_race() -> None:
    async def resolver(host: str, port: int) -> list[str]:
        return ["127.0.0.1", "10.0.0.1"]

    async with peer() as feed, client(Guard(["127.0.0.1"], resolver=resolver)) as door:
        with pytest.raises(Refused, match=r"10\.0\.0\.1"):
            await door.get(f"http://paper.example:{feed.port}/")
        assert feed.heads == []


def test_families_take_turns() -> None:
    assert race.interleaved(["::1", "::2", "127.0.0.1", "::3"]) == ["::1", "127.0.0.1", "::2", "::3"]
    assert race.interleaved(["127.0.0.1", "127.0.0.2", "::1"]) == ["127.0.0.1", "::1", "127.0.0.2"]


async def test_the_race_gives_up_what_it_does_not_need() -> None:
    closed: list[str] = []

    class Stream(httpcore.AsyncNetworkStream):
        def __init__(self, name: str) -> None:
            self.name = name

        async def aclose(self) -> None:
            closed.append(self.name)

    async def dial(address: str) -> Stream:
        if address == "fails":
            raise httpcore.ConnectError("refused")
        await asyncio.sleep(5 if address == "hangs" else 0)
        return Stream(address)

    won = await race.first_connected(["fails", "hangs", "stands"], dial, Stream.aclose)
    assert won.name == "stands"
    assert closed == []
    with pytest.raises(httpcore.ConnectError, match="refused"):
        await race.first_connected(["fails", "fails"], dial, Stream.aclose)
