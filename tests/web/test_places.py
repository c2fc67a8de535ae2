"""The endpoint behind proxies and probes: foreign hosts, a public path, the origin that people see, what listens."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.datastructures import Headers

from monitor import config
from monitor.errors import ConfigError
from monitor.serve import listen
from monitor.web.guard import Places, root_of, same_origin
from tests.web.test_endpoint import Endpoint, opened

TOKEN = 'token_env = "TOK"\n'
BEARER = {"authorization": "Bearer t0k"}


@contextlib.asynccontextmanager
async def served(folder: Path, http: str) -> AsyncIterator[Endpoint]:
    made = await opened(folder, http, {"TOK": "t0k"})
    try:
        yield made
    finally:
        await made.client.aclose()
        await made.app.close()


@pytest.mark.parametrize("host", ["10.244.0.5:8765", "[fd00::5]:8765", "monitor", "", "a b"])
async def test_a_probe_may_ask_whether_it_lives_by_any_name(tmp_path: Path, host: str) -> None:
    async with served(tmp_path, "") as made:
        assert (await made.client.get("/livez", headers={"host": host})).status_code == 200
        assert (await made.client.get("/readyz", headers={"host": host})).status_code == 421


async def test_who_shows_the_token_may_use_any_name(tmp_path: Path) -> None:
    async with served(tmp_path, TOKEN) as made:
        for path in ("/", "/metrics", "/readyz", "/feed/nk.atom"):
            foreign = {"host": "monitor-0.monitor.news.svc:8765"}
            assert (await made.client.get(path, headers=foreign)).status_code == 401, path
            assert (await made.client.get(path, headers=foreign | {"authorization": "Bearer no"})).status_code == 401
            assert (await made.client.get(path, headers=foreign | BEARER)).status_code == 200, path


async def test_named_hosts_and_networks_are_served_and_no_others(tmp_path: Path) -> None:
    http = 'hosts = ["monitor", "News.Lan", "10.0.0.0/8", "fd00::/16"]\n'
    async with served(tmp_path, http) as made:
        answers = {
            host: (await made.client.get("/readyz", headers={"host": host})).status_code
            for host in ("monitor:8765", "NEWS.lan", "news.lan.", "10.1.2.3:8765", "[fd00::9]", "11.1.2.3", "monitors")
        }
    assert [host for host, status in answers.items() if status == 421] == ["11.1.2.3", "monitors"]


@pytest.mark.parametrize("host", ["*", "http://x", "0.0.0.0/0", "::/0", "10.0.0.0/99", "a/b", ""])
def test_hosts_that_are_none_are_refused(host: str) -> None:
    with pytest.raises(ConfigError, match="hosts"):
        config.parse(f"[http]\nhosts = ['{host}']\n", Path("config.toml"), {})


@pytest.mark.parametrize("prefix", ["", "/desk/news"])
async def test_a_public_path_works_whole(tmp_path: Path, prefix: str) -> None:
    """Whether the proxy takes the path off (`proxy_pass http://monitor/;`) or passes it on."""
    async with served(tmp_path, 'public_url = "https://paper.example/desk/news/"\n') as made:
        public = {"host": "paper.example", "origin": "https://paper.example"}
        for page in ("/", "/stories/nk", "/alerts/aone"):
            text = (await made.client.get(prefix + page, headers=public)).text
            links = re.findall(r'(href|action)="(/[^"]*)"', text)
            assert links and all(link.startswith("/desk/news/") for _, link in links), links
            for link in {link for kind, link in links if kind == "href"}:
                assert (await made.client.get(link, headers=public)).status_code == 200, link
        form = {"token": made.form_token((await made.client.get(f"{prefix}/", headers=public)).text)}
        answer = await made.client.post(f"{prefix}/sources/feed/pause", data=form, headers=public)
        assert (answer.status_code, answer.headers["location"]) == (303, "/desk/news/sources")
        for back in ("/alerts/aone", "/desk/news/alerts/aone"):
            words = form | {"word": "important", "back": back}
            answer = await made.client.post(f"{prefix}/alerts/aone/feedback", data=words, headers=public)
            assert (answer.status_code, answer.headers["location"]) == (303, "/desk/news/alerts/aone")
        feed = (await made.client.get(f"{prefix}/feed/nk.atom", headers=public)).text
        assert 'href="https://paper.example/desk/news/alerts/aone"' in feed
        assert (await made.client.get("/desk/newsroom", headers=public)).status_code == 404


def test_a_public_path_that_is_a_page_of_ours_is_refused(tmp_path: Path) -> None:
    import asyncio

    with pytest.raises(ConfigError, match=r"public_url: the path begins as a page of ours.*/stories"):
        asyncio.run(opened(tmp_path, 'public_url = "https://paper.example/stories"'))
    for wrong in ("https://paper.example/?page=monitor", "https://paper.example/#monitor"):
        with pytest.raises(ConfigError, match="public_url"):
            config.parse(f"[http]\npublic_url = '{wrong}'\n", Path("config.toml"), {})


ORIGINS = [
    ("http://news.lan", "http://news.lan", "127.0.0.1:8765", True),
    ("http://news.lan", "http://NEWS.lan:80/monitor", "monitor:8765", True),
    ("https://news.lan", "https://news.lan:443", "x", True),
    ("http://127.0.0.1:8765", "", "127.0.0.1:8765", True),
    ("https://news.lan", "", "news.lan", True),
    ("https://evil.example", "https://news.lan", "127.0.0.1:8765", False),
    ("http://news.lan", "https://news.lan", "127.0.0.1:8765", False),
    ("http://news.lan:8080", "http://news.lan", "127.0.0.1:8765", False),
    ("null", "http://news.lan", "127.0.0.1:8765", False),
    ("null", "", "", False),
    ("file://", "", "127.0.0.1:8765", False),
]


@pytest.mark.parametrize(("origin", "public_url", "host", "accepted"), ORIGINS)
def test_the_origin_is_the_one_that_people_see(origin: str, public_url: str, host: str, accepted: bool) -> None:
    places = Places.read("127.0.0.1", (), public_url)
    assert same_origin(Headers({"origin": origin, "host": host}), places.origin) is accepted
    fetched = {"origin": origin, "host": host, "sec-fetch-site": "cross-site"}
    assert not same_origin(Headers(fetched), places.origin)


async def test_our_own_forms_say_where_they_come_from(tmp_path: Path) -> None:
    """A form of a page without referrers is posted with `Origin: null`, which nobody could tell from a stranger's."""
    async with served(tmp_path, "") as made:
        assert (await made.client.get("/")).headers["referrer-policy"] == "same-origin"


async def test_a_signed_link_needs_neither_token_nor_name(tmp_path: Path) -> None:
    from monitor.core.delivery import signed_links

    async with served(tmp_path, TOKEN) as made:
        link = f"/unsubscribe/{signed_links.sign(made.app.signing_key, 'unsubscribe', 'nk', 'desk', 'a@b.example')}"
        assert (await made.client.get(link, headers={"host": "monitor:8765"})).status_code == 200
        assert (await made.client.get(link[:-3], headers={"host": "monitor:8765"})).status_code == 401


@pytest.mark.parametrize("written", ["[::]:0", "*:0", ":0"])
def test_every_address_is_those_of_both_families(written: str) -> None:
    http = config.parse(f"[http]\nlisten = '{written}'\n{TOKEN}", Path("config.toml"), {}).document.http
    with listen(http.host, http.port, "here") as listener:
        port = listener.getsockname()[1]
        for address in ("127.0.0.1", "::1"):
            socket.create_connection((address, port), timeout=5).close()
    with pytest.raises(ConfigError, match="token"):
        config.parse(f"[http]\nlisten = '{written}'\n", Path("config.toml"), {})


def test_one_address_of_ipv6_is_no_other() -> None:
    with listen("::1", 0, "here") as listener, pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", listener.getsockname()[1]), timeout=5)


async def test_titles_of_the_feed_say_the_kind_once(tmp_path: Path) -> None:
    from dataclasses import replace

    async with served(tmp_path, "") as made:
        alert, _ = made.app.store.alerts(alert_id="aone")[0]
        standing = replace(alert, id="atwo", kind="story.baseline", title="Where this story stands: 3 developments")
        made.app.store.add_alert(standing, [])
        text = (await made.client.get("/feed/nk.atom")).text
    assert "<title>Where this story stands: 3 developments</title>" in text
    assert "<title>New development: " in text


@pytest.mark.parametrize(
    ("public_url", "root"),
    [("https://a.example/", ""), ("https://a.example/m/", "/m"), ("", ""), ("https://a/m%20n", "/m%20n")],
)
def test_the_public_path_has_no_slash_at_its_end(public_url: str, root: str) -> None:
    assert root_of(public_url) == root


async def test_figures_carry_the_types_that_their_names_promise(tmp_path: Path) -> None:
    async with served(tmp_path, "") as made:
        text = (await made.client.get("/metrics")).text
    assert not re.search(r"# TYPE \w+_total (?!counter)", text)
    assert re.search(r'monitor_build_info\{.*version="[\d.]+".*\} 1\.0', text)
    assert "process_resident_memory_bytes" in text and "monitor_alerts_kept" in text


async def test_every_page_has_the_forms_token(tmp_path: Path) -> None:
    """A script that pauses a source reads it off the first page, on a day without anything to react to as well."""
    async with served(tmp_path, "") as made:
        for page in ("/", "/sources", "/search", "/deliveries", "/stories/nk"):
            token = made.form_token((await made.client.get(page)).text)
            assert (await made.client.post("/sources/feed/resume", data={"token": token})).status_code == 303, page
