"""Redirects are walked by hand: every hop judged, nothing spoken to that may not be, nothing carried across."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import replace
from urllib.parse import quote

import pytest

from tests.net.conftest import HASTY, MakeFetcher, visit
from tests.net.hostile import FEED, Asked, Canary, HostileOrigin, head


def to(location: str, code: int = 302) -> str:
    return f"/redirect/{code}?to={quote(location, safe='', encoding='latin-1')}"


FORBIDDEN = [
    ("file:///etc/passwd", "blocked_scheme"),
    ("FILE:///etc/passwd", "blocked_scheme"),
    ("gopher://127.0.0.1:{port}/_x", "blocked_scheme"),
    ("ftp://127.0.0.1:{port}/", "blocked_scheme"),
    ("data:text/xml,<rss/>", "blocked_scheme"),
    ("javascript:alert(1)", "blocked_scheme"),
    ("unix:/run/x.sock", "blocked_scheme"),
    ("ws://127.0.0.1:{port}/", "blocked_scheme"),
    ("http://example.org:22/", "blocked_scheme"),
    ("http://example.org:0/", "blocked_scheme"),
    ("http://example.org:1023/", "blocked_scheme"),
    ("http://127.0.0.1:{port}/", "blocked_address"),
    ("//127.0.0.1:{port}/", "blocked_address"),
    ("http://127.0.0.2:{port}/", "blocked_address"),
    ("http://0177.0.0.02:{port}/", "blocked_address"),
    ("http://127.2:{port}/", "blocked_address"),
    ("http://2130706434:{port}/", "blocked_address"),
    ("http://0x7f000002:{port}/", "blocked_address"),
    ("http://%31%32%37.0.0.2:{port}/", "blocked_address"),
    ("http://\u2460\u2461\u2466.0.0.1:{port}/", "blocked_address"),
    ("http://127\u30020\u30020\u30022:{port}/", "blocked_address"),
    ("http://127.0.0.2.:{port}/", "blocked_address"),
    ("http://[::1]:{port}/", "blocked_address"),
    ("http://[::ffff:127.0.0.2]:{port}/", "blocked_address"),
    ("http://[64:ff9b::7f00:2]:{port}/", "blocked_address"),
    ("http://[2002:7f00:2::]:{port}/", "blocked_address"),
    ("http://0.0.0.0:{port}/", "blocked_address"),
    ("http://0:{port}/", "blocked_address"),
    ("http://localhost:{port}/", "blocked_address"),
    ("http://localhost.:{port}/", "blocked_address"),
    ("http://169.254.169.254/latest/meta-data/", "blocked_address"),
    ("http://10.0.0.1/", "blocked_address"),
    ("http://100.64.0.1/", "blocked_address"),
    ("http://user@169.254.169.254/", "blocked_address"),
    ("http://example.org:80@127.0.0.2:{port}/", "blocked_address"),
    ("http://user:secret@{good}/feed", "bad_http"),
    ("http://{good}@/", "bad_http"),
    ("http://{good}\\@127.0.0.2:{port}/", "bad_http"),
    ("\\\\127.0.0.2:{port}\\x", "bad_http"),
    ("/a\tb", "bad_http"),
    ("http://[fe80::1%25eth0]:{port}/", "bad_http"),
    ("http://", "bad_http"),
    ("http://a b/", "bad_http"),
    ("http://[::1/", "bad_http"),
    ("", "redirect_limit"),
]


@pytest.mark.parametrize(("location", "error"), FORBIDDEN)
async def test_forbidden_targets_are_never_spoken_to(
    location: str, error: str, origin: HostileOrigin, make: MakeFetcher
) -> None:
    async with (
        Canary("127.0.0.1") as first,
        Canary("127.0.0.2", first.port) as second,
        Canary("::1", first.port) as six,
    ):
        location = location.replace("{port}", str(first.port)).replace("{good}", origin.permit)
        wire = location.encode().decode("latin-1")
        fetched = await make(origin.permit).fetch(visit(origin.url(to(wire))))
        direct = await make(origin.permit).get(location, body_max=1000, accept="*/*", at=fetched.at)
    assert (fetched.error, fetched.body, fetched.moved_to) == (error, b"", "")
    assert (first.connections, second.connections, six.connections) == (0, 0, 0)
    assert len(origin.asked) == 1
    if error in ("blocked_address", "blocked_scheme") and not location.startswith("//"):
        assert direct.error == error


async def test_the_neighbours_of_a_permitted_port_stay_shut(origin: HostileOrigin, make: MakeFetcher) -> None:
    fetcher = make(origin.permit)
    assert (await fetcher.fetch(visit(origin.url()))).error is None
    for host in ("127.0.0.2", "[::1]", "localhost"):
        assert (await fetcher.fetch(visit(f"http://{host}:{origin.port}/feed"))).error in ("blocked_address", None)
    neighbour = await fetcher.fetch(visit(f"http://127.0.0.1:{origin.port + 1}/feed"))
    assert neighbour.error == "blocked_address"
    assert f"127.0.0.1:{origin.port + 1}" in neighbour.detail


@pytest.mark.parametrize(
    ("path", "error", "requests"),
    [("/chain/10", None, 11), ("/chain/11", "redirect_limit", 11), ("/chain/loop", "redirect_limit", 2),
     ("/chain/endless", "redirect_limit", 11), ("/redirect/302", "redirect_limit", 1),
     ("/redirect/302?to=%2Fredirect%2F302%3Fto%3D", "redirect_limit", 2)],
)  # fmt: skip
async def test_hops_are_counted(
    path: str, error: str | None, requests: int, origin: HostileOrigin, make: MakeFetcher
) -> None:
    fetched = await make(origin.permit).fetch(visit(origin.url(path)))
    assert (fetched.error, len(origin.asked)) == (error, requests)


@pytest.mark.parametrize(
    ("codes", "moved"),
    [((301,), True), ((308,), True), ((301, 308), True), ((302,), False), ((303,), False), ((307,), False),
     ((301, 302), False), ((302, 301), False)],
)  # fmt: skip
async def test_only_a_permanent_chain_moves(
    codes: tuple[int, ...], moved: bool, origin: HostileOrigin, make: MakeFetcher
) -> None:
    path = "/feed#part"
    for code in reversed(codes):
        path = to(path, code)
    fetched = await make(origin.permit).fetch(visit(origin.url(path)))
    assert fetched.moved_to == (origin.url() if moved else "")
    assert (fetched.final_url, fetched.body, fetched.etag) == (origin.url(), FEED, '"v1"')


async def test_a_permanent_redirect_that_fails_moves_nothing(origin: HostileOrigin, make: MakeFetcher) -> None:
    for target in ("/status/404", "/hang", "http://127.0.0.2/"):
        assert (await make(origin.permit, **HASTY).fetch(visit(origin.url(to(target, 301))))).moved_to == ""


async def test_a_304_at_the_end_of_a_permanent_chain_moves(origin: HostileOrigin, make: MakeFetcher) -> None:
    fetched = await make(origin.permit).fetch(visit(origin.url(to("/feed", 301)), etag='"v1"'))
    assert (fetched.not_modified, fetched.moved_to) == (True, origin.url())


@pytest.mark.parametrize(
    ("query", "error", "requests"),
    [("", None, 3), ("?attributes=;%20Path=/;%20HttpOnly", None, 3), ("?sets=other=2", "redirect_limit", 4),
     ("?attributes=;%20Max-Age=0", "redirect_limit", 2), ("?attributes=;%20Secure", "redirect_limit", 2),
     ("?sets=seen=1%01", "redirect_limit", 2)],
)  # fmt: skip
async def test_a_cookie_opens_its_gate_within_one_visit(
    query: str, error: str | None, requests: int, origin: HostileOrigin, make: MakeFetcher
) -> None:
    fetched = await make(origin.permit).fetch(visit(origin.url(f"/gated{query}")))
    assert (fetched.error, len(origin.asked)) == (error, requests)


async def test_cookies_are_forgotten_with_their_visit(origin: HostileOrigin, make: MakeFetcher) -> None:
    fetcher = make(origin.permit)
    for _ in range(2):
        assert (await fetcher.fetch(visit(origin.url("/gated")))).body == FEED
    assert ["cookie" in asked.headers for asked in origin.asked] == [False, False, True] * 2


async def test_cookies_stay_with_their_host(origin: HostileOrigin, make: MakeFetcher) -> None:
    async with HostileOrigin(host="127.0.0.2") as other:

        async def leads_away(asked: Asked, writer: asyncio.StreamWriter) -> None:
            cookie = "Set-Cookie: seen=1; Domain=127.0.0.2"
            writer.write(head("302 Found", f"Location: {other.url()}", cookie, "Content-Length: 0"))

        origin.serve("/away", leads_away)
        fetched = await make(origin.permit, other.permit).fetch(visit(origin.url("/away")))
        assert fetched.body == FEED
        assert [asked.headers.get("cookie") for asked in other.asked] == [None]


async def test_credentials_stay_at_home(origin: HostileOrigin, make: MakeFetcher) -> None:
    async with HostileOrigin() as other:
        away = visit(origin.url(to(other.url(to(origin.url("/feed"))))), username="ann", password="pä:ss")
        assert (await make(origin.permit, other.permit).fetch(away)).error is None
    expected = "Basic " + base64.b64encode("ann:pä:ss".encode()).decode()
    assert [asked.headers.get("authorization") for asked in origin.asked] == [expected, expected]
    assert "authorization" not in other.asked[0].headers
    assert "cookie" not in other.asked[0].headers


async def test_credentials_do_not_follow_a_moved_source(origin: HostileOrigin, make: MakeFetcher) -> None:
    async with HostileOrigin() as other:
        asked = visit(origin.url(), username="ann", password="x")
        moved = replace(asked, status=replace(asked.status, url=other.url()))
        assert (await make(origin.permit, other.permit).fetch(moved)).final_url == other.url()
    assert "authorization" not in other.asked[0].headers
    assert origin.asked == []


async def test_a_user_in_the_configured_address_is_a_configuration_error(
    origin: HostileOrigin, make: MakeFetcher
) -> None:
    fetched = await make(origin.permit).fetch(visit(f"http://ann:x@{origin.permit}/feed"))
    assert (fetched.error, origin.asked) == ("bad_config", [])
    assert (await make().fetch(visit("no address"))).error == "bad_config"
    assert (await make().fetch(visit(""))).error == "bad_config"


async def test_refresh_is_not_a_redirect(origin: HostileOrigin, make: MakeFetcher) -> None:
    url = origin.url("/status/200?header=Refresh:%200;url=/feed|Link:%20%3Chttp://hub.example/%3E;%20rel=hub")
    fetched = await make(origin.permit).fetch(visit(url))
    assert (fetched.final_url, len(origin.asked)) == (url, 1)
    assert "hub.example" in fetched.link


async def test_a_path_goes_out_as_browsers_send_it(origin: HostileOrigin, make: MakeFetcher) -> None:
    await make(origin.permit).fetch(visit(origin.url("/feed/../feed/ü?q=a b&r=%7C|'\"#x")))
    assert origin.asked[0].target == "/feed/%C3%BC?q=a%20b&r=%7C|%27%22"
    assert origin.asked[0].headers["host"] == origin.permit
