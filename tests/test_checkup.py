"""What `check` says before the first alert is lost: channels tried, links that lead nowhere, sources nobody reads."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.cli.command import Answer, monitor
from tests.loopback import Newsstand, free_port, rss

SEED = "seed_text = '''The bridge of Lidd\n\nThe bridge of Lidd fell into the river.'''\n"
MAIL = '[[channel]]\nid = "mail"\ntype = "email"\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\n'
MAIL += 'from = "monitor@example.org"\nto = ["a@example.org"]\n'
HTTPS = '[http]\npublic_url = "https://monitor.example.org"\n'


@pytest.fixture
def stand() -> Iterator[Newsstand]:
    made = Newsstand()
    made.feeds["/feed.xml"] = rss(
        "Feed", [{"id": "1", "title": "News", "url": "https://a.example/1", "at": "2026-11-01T10:00:00Z"}]
    )
    yield made
    made.close()


class Host:
    """A mail host that keeps what it is given, and knows one password."""

    def __init__(self) -> None:
        self.received: list[object] = []

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        self.received.append(envelope)
        return "250 OK"


@pytest.fixture
def host() -> Iterator[tuple[Host, int]]:
    def know(server: object, session: object, envelope: object, mechanism: str, data: object) -> AuthResult:
        return AuthResult(success=getattr(data, "password", b"") == b"right", handled=False)

    kept = Host()
    controller = Controller(
        kept, "127.0.0.1", free_port(), authenticator=know, auth_require_tls=False, auth_required=True
    )  # fmt: skip
    controller.start()
    yield kept, controller.port
    controller.stop()


def check(folder: Path, stand: Newsstand, more: str, **environ: str) -> Answer:
    path = folder / "config.toml"
    path.write_text(
        f'{more if more.startswith("[http]") else ""}[fetch]\nallow_private = ["127.0.0.1:{stand.port}"]\n'
        f'[[source]]\nid = "feed"\nurl = "{stand.url}/feed.xml"\n[[story]]\nid = "s"\ntitle = "S"\n{SEED}'
        f"{'' if more.startswith('[http]') else more}"
    )
    return monitor("check", "--config", path, **environ)


def test_a_mail_host_is_greeted_and_logged_in_to_and_sent_nothing(
    tmp_path: Path, stand: Newsstand, host: tuple[Host, int]
) -> None:
    kept, port = host
    more = HTTPS + MAIL.format(port=port) + 'username = "monitor"\npassword_env = "PW"\n'
    assert check(tmp_path, stand, more, PW="right").code == 0
    wrong = check(tmp_path, stand, more, PW="wrong")
    assert wrong.code == 1
    assert "Channel mail cannot be reached: the host refused the login: 535" in wrong.out
    assert "wrong" not in wrong.out.replace("wrong.", "")
    assert kept.received == []


def test_a_mail_host_that_is_not_there_is_named(tmp_path: Path, stand: Newsstand) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    answer = check(tmp_path, stand, HTTPS + MAIL.format(port=port))
    assert answer.code == 1
    assert "Channel mail cannot be reached" in answer.out


@pytest.mark.parametrize(
    ("public", "words"),
    [("", "http.public_url is empty"), ('[http]\npublic_url = "http://monitor.example.org"\n', "https")],
)
def test_links_in_mails_need_an_address_that_their_readers_reach(
    tmp_path: Path, stand: Newsstand, host: tuple[Host, int], public: str, words: str
) -> None:
    login = 'username = "monitor"\npassword_env = "PW"\n'
    answer = check(tmp_path, stand, public + MAIL.format(port=host[1]) + login, PW="right")
    assert answer.code == 1
    assert words in answer.out


def test_an_endpoint_is_connected_to_and_asked_nothing(tmp_path: Path, stand: Newsstand) -> None:
    hook = f'[[channel]]\nid = "desk"\ntype = "webhook"\nurl = "{stand.url}/hook"\n'
    blocked = check(tmp_path, stand, hook)
    assert blocked.code == 1
    assert f"127.0.0.1:{stand.port} is not public and not listed in [hooks] allow_private" in blocked.out
    allowed = check(tmp_path, stand, f'{hook}[hooks]\nallow_private = ["127.0.0.1"]\n')
    assert allowed.code == 0, allowed.out
    assert stand.hooks == []
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    gone = hook.replace(f":{stand.port}", f":{port}")
    assert (
        "Channel desk cannot be reached: connect"
        in check(tmp_path, stand, f'{gone}[hooks]\nallow_private = ["127.0.0.1"]\n').out
    )


@pytest.mark.parametrize("scheme", ["https"])
def test_a_certificate_that_is_none_is_named(tmp_path: Path, stand: Newsstand, scheme: str) -> None:
    hook = f'[[channel]]\nid = "desk"\ntype = "webhook"\nurl = "{scheme}://127.0.0.1:{stand.port}/hook"\n'
    answer = check(tmp_path, stand, f'{hook}[hooks]\nallow_private = ["127.0.0.1"]\n')
    assert (answer.code, "Channel desk cannot be reached: tls" in answer.out) == (1, True), answer.out


def test_a_source_that_no_story_reads_is_named_with_what_to_do(tmp_path: Path, stand: Newsstand) -> None:
    path = tmp_path / "config.toml"
    source = '[[source]]\nid = "{0}"\nurl = "{1}/feed.xml?{0}"\n'
    sources = source.format("read", stand.url) + source.format("lonely", stand.url)
    stand.feeds |= {f"/feed.xml?{name}": stand.feeds["/feed.xml"] for name in ("read", "lonely")}
    path.write_text(
        f'[fetch]\nallow_private = ["127.0.0.1"]\nhost_spacing = "0s"\n{sources}'
        f'[[story]]\nid = "s"\ntitle = "S"\nsources = ["read"]\n{SEED}[[channel]]\nid = "t"\ntype = "console"\n'
    )
    answer = monitor("check", "--config", path)
    assert answer.code == 1
    assert "no story reads the source lonely; add it to `sources` of s" in answer.out
    found = monitor("check", "--config", path, "--json").document
    assert [(p["problem"], p["subject"]) for p in found["problems"]] == [("source_unread", "lonely")]
    path.write_text(path.read_text().replace('sources = ["read"]\n', ""))
    assert monitor("check", "--config", path).code == 0


def test_a_feed_that_is_named_twice_is_visited_once_and_said(tmp_path: Path, stand: Newsstand) -> None:
    path = tmp_path / "config.toml"
    # Read as browsers read them, both are one address; the third asks as somebody else, and may be answered otherwise.
    path.write_text(
        f'[fetch]\nallow_private = ["127.0.0.1:{stand.port}"]\n'
        f'[[source]]\nid = "feed"\nurl = "{stand.url}/feed.xml"\n'
        f'[[source]]\nid = "twin"\nurl = "{stand.url.replace("http:", "HTTP:")}/./feed.xml"\n'
        f'[[source]]\nid = "reader"\nurl = "{stand.url}/feed.xml"\nusername = "ann"\n'
        f'[[story]]\nid = "s"\ntitle = "S"\nsources = ["twin", "feed"]\n{SEED}'
    )
    answer = monitor("check", "--config", path)
    assert answer.code == 1
    assert "twin is the same feed as feed and visited once, as feed" in answer.out
    assert monitor("doctor", "--config", path).out.count("the same feed") == 1
    stand.requests.clear()
    assert monitor("poll", "--all", "--config", path, "--json").document["visited"] == 2
    assert [path for path, _ in stand.requests].count("/feed.xml") == 2
    rows = {row["id"]: row for row in monitor("sources", "--config", path, "--json").document}
    assert (rows["twin"]["same_as"], rows["feed"]["same_as"], rows["reader"]["same_as"]) == ("feed", None, None)
    assert "read there" in rows["twin"]["detail"]
    assert rows["feed"]["entries"] == 1
    assert monitor("poll", "--all", "--config", path, "--json").code == 0


def test_a_page_in_a_feeds_place_is_told_how_it_is_read(tmp_path: Path, stand: Newsstand) -> None:
    stand.feeds["/feed.xml"] = b"<!doctype html><html><body><h1>The Courier</h1></body></html>"
    answer = check(tmp_path, stand, '[[channel]]\nid = "terminal"\ntype = "console"\n')
    assert answer.code == 1
    assert 'feed answers with a page, and is configured as a feed: write the address of its feed, or kind = "page"' in (
        answer.out
    )


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [("", "", True), ('channels = ["a"]\n', "", True), ('channels = ["a"]\n', 'channels = ["b"]\n', False)],
)
def test_two_stories_of_one_article_are_named_where_both_are_told_in_one_place(
    tmp_path: Path, stand: Newsstand, first: str, second: str, said: bool
) -> None:
    channels = "".join(f'[[channel]]\nid = "{name}"\ntype = "console"\n' for name in "ab")
    more = f'{first}[[story]]\nid = "t"\ntitle = "T"\n{SEED}{second}{channels}'
    answer = check(tmp_path, stand, more)
    assert ("t watches the same article as s: what happens is told twice" in answer.out) is said
    assert answer.code == int(said)
