"""ntfy, Telegram, Matrix and Teams: what each is asked, through the guarded door; secrets stay out of receipts."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from monitor import config
from monitor.app.build import open_channels
from monitor.app.settings import read_channels
from monitor.core.delivery import messages
from monitor.errors import ConfigError
from monitor.model import Receipt
from tests.channels.test_attempts import PARCEL, Behaviour, answering, serving
from tests.cli.command import monitor
from tests.loopback import Newsstand, rss

LINKS = {"dashboard": "https://m.example/alerts/a", "feedback": {"no": "https://m.example/feedback/n"}}
CHANNELS = {
    "ntfy": 'server = "{url}"\ntopic_env = "S"\ntopics = {{ nk = "of-the-story" }}\ntoken_env = "T"',
    "telegram": 'server = "{url}"\ntoken_env = "T"\nchat = "-100123"\nthreads = {{ nk = 7 }}',
    "matrix": 'server = "{url}"\ntoken_env = "T"\nroom = "!usual:m.example"\nrooms = {{ nk = "!story:m.example" }}',
    "teams": 'url_env = "U"\nurls_env = {{ nk = "V" }}',
}
SECRETS = {"S": "canary-topic", "T": "canary-token"}
OK = answering(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")


async def sent(kind: str, behave: Behaviour, story: str = "nk") -> tuple[Receipt, str, dict[str, Any], str]:
    """The receipt of one alert; request line and headers, document, and path."""
    async with serving(behave) as peer:
        url = f"http://127.0.0.1:{peer.port}"
        environ = SECRETS | {"U": f"{url}/canary-hook/usual", "V": f"{url}/canary-hook/story"}
        text = f"[hooks]\nallow_private = ['127.0.0.1:{peer.port}']\n[[channel]]\nid = 'c'\ntype = '{kind}'\n"
        loaded = config.parse(text + CHANNELS[kind].format(url=url), Path("config.toml"), environ)
        opened, _, door = open_channels(loaded)
        alert = replace(PARCEL.alert, story_id=story)
        receipt = await opened["c"].send(replace(PARCEL, alert=alert, links=LINKS))
        assert door is not None
        await door.aclose()
    head, _, body = peer.received[0].partition(b"\r\n\r\n")
    return receipt, head.decode(), json.loads(body), head.decode().split(" ")[1]


async def test_ntfy_is_pushed_to_the_topic_of_the_story() -> None:
    receipt, head, document, path = await sent("ntfy", OK)
    assert (receipt.outcome, path, document["topic"]) == ("delivered", "/", "of-the-story")
    assert document["click"] == LINKS["dashboard"] and document["actions"][0]["url"] == "https://m.example/feedback/n"
    assert "authorization: Bearer canary-token" in head
    assert (await sent("ntfy", OK, "other"))[2]["topic"] == "canary-topic"


async def test_telegram_is_sent_plain_text_into_the_topic_of_the_story() -> None:
    receipt, _, document, path = await sent("telegram", OK)
    assert (receipt.outcome, path) == ("delivered", "/botcanary-token/sendMessage")
    assert (document["chat_id"], document["message_thread_id"]) == ("-100123", 7)
    assert "parse_mode" not in document and document["link_preview_options"] == {"is_disabled": True}
    assert "message_thread_id" not in (await sent("telegram", OK, "other"))[2]


async def test_matrix_is_sent_under_an_id_that_makes_a_second_attempt_the_same() -> None:
    receipt, head, document, path = await sent("matrix", OK)
    assert receipt.outcome == "delivered"
    assert head.startswith("PUT ")
    room = "%21story%3Am.example"
    assert path == f"/_matrix/client/v3/rooms/{room}/send/m.room.message/{PARCEL.delivery.id}"
    assert document["m.mentions"] == {} and "formatted_body" not in document
    assert "%21usual%3Am.example" in (await sent("matrix", OK, "other"))[3]


async def test_teams_is_sent_a_card_to_the_workflow_of_the_story() -> None:
    receipt, _, document, path = await sent("teams", answering(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n"))
    assert (receipt.outcome, path) == ("delivered", "/canary-hook/story")
    assert document["attachments"][0]["content"]["type"] == "AdaptiveCard"
    assert (await sent("teams", OK, "other"))[3] == "/canary-hook/usual"


@pytest.mark.parametrize("kind", CHANNELS)
async def test_nobody_is_mentioned_and_no_secret_is_told(kind: str) -> None:
    refused = answering(b"HTTP/1.1 401 No\r\ncontent-length: 2\r\n\r\nno")
    receipt, _, document, _ = await sent(kind, refused)
    assert (receipt.outcome, receipt.status) == ("retry", 401)
    assert "canary" not in f"{receipt.detail} {receipt.request} {receipt.answer}"
    text = json.dumps(document, ensure_ascii=False)
    assert "@everyone" not in text and "<script>" not in text and "\u202e" not in text


WAITS = [
    (b'{"ok":false,"parameters":{"retry_after":35}}', 35), (b'{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":2500}', 3),
    (b'{"retry_after":0.4}', 1), (b"[]", None), (b'{"retry_after":"soon"}', None), (b"{" * 60, None),
]  # fmt: skip


@pytest.mark.parametrize(("body", "wait_s"), WAITS)
async def test_a_service_says_in_its_answer_when_to_come_back(body: bytes, wait_s: int | None) -> None:
    raw = b"HTTP/1.1 429 Slow down\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)
    assert (await sent("telegram", answering(raw)))[0].retry_after_s == wait_s


@pytest.mark.parametrize("kind", CHANNELS)
def test_a_secret_that_is_missing_is_named(kind: str) -> None:
    text = f"[[channel]]\nid = 'c'\ntype = '{kind}'\n{CHANNELS[kind].format(url='https://a.example')}\n"
    with pytest.raises(ConfigError, match=r"_env: the environment variable . is not set"):
        open_channels(config.parse(text, Path("config.toml"), {}))
    with pytest.raises(ConfigError):
        bare = f"[[channel]]\nid = 'c'\ntype = '{kind}'\nserver = 'ftp://a.example'\n"
        read_channels(config.parse(bare, Path("config.toml"), {}))


@pytest.mark.parametrize("letter", ["x", "ж", "朝", "😀", "@"])
def test_plain_text_fits_what_the_services_take(letter: str) -> None:
    alert = replace(PARCEL.alert, title=letter * 5000, summary=letter * 5000, notes=(letter * 5000,) * 50)
    text = messages.plain(alert, LINKS)
    assert len(text.encode()) <= 4096 and len(text.encode("utf-16-le")) <= 2 * 4096
    assert "https://m.example/feedback/n" in text


STAND = """
[service]
state = "s.db"
[http]
enabled = false
[fetch]
allow_private = ["127.0.0.1"]
host_spacing = "0s"
follow_pages = false
[hooks]
allow_private = ["127.0.0.1"]
[[source]]
id = "a"
url = "{url}/a.xml"
[[story]]
id = "port"
title = "Port strike"
threshold = 0.0
seed_text = "Port strike. Dockers at Port Alder have stopped work over pay."
[[channel]]
id = "chat"
type = "webhook"
format = "slack"
url = "{url}/chat"
"""
NEWS = (
    "Dockers stop work at Port Alder", "Council of Harrow votes on its budget", "Storm takes roofs in Mellow Bay",
    "Tram to the airport opens in Larch", "Bakers of Coldwater raise the price of bread", "Zoo of Iver welcomes a lynx",
    "Bridge at Fenby is shut for repairs",
)  # fmt: skip


@pytest.mark.parametrize(("more", "messages_sent"), [(2, 2), (6, 1)])
def test_a_run_that_brings_many_is_one_message(tmp_path: Path, more: int, messages_sent: int) -> None:
    stand = Newsstand()
    try:
        (tmp_path / "config.toml").write_text(STAND.format(url=stand.url))
        for count in (1, 1 + more):
            rows = [
                {"id": f"g{n}", "title": title, "at": "2026-06-01T12:00:00Z"} for n, title in enumerate(NEWS[:count])
            ]
            stand.feeds["/a.xml"] = rss("Ledger", rows)
            stand.hooks.clear()
            done = monitor("poll", "--all", "--json", "--config", tmp_path / "config.toml")
        assert done.document["alerts"] >= messages_sent, done.out + done.err
        assert len(stand.hooks) == messages_sent
        text = "".join(json.dumps(body) for body in stand.bodies())
        assert all(title in text for title in NEWS[1 : 1 + more]), "nothing is left out of it"
    finally:
        stand.close()


@pytest.mark.parametrize(
    ("kind", "asked"), [("telegram", "/botcanary-token/getMe"), ("matrix", "/_matrix/client/v3/account/whoami")]
)
async def test_check_asks_whether_the_token_is_known(kind: str, asked: str) -> None:
    said = b'{"ok":false,"error_code":401,"description":"Unauthorized"}'
    refusing = answering(b"HTTP/1.1 401 No\r\ncontent-length: %d\r\n\r\n%s" % (len(said), said))
    for behave, problem in ((OK, ""), (refusing, "answered 401: Unauthorized")):
        async with serving(behave) as peer:
            url = f"http://127.0.0.1:{peer.port}"
            text = f"[hooks]\nallow_private = ['127.0.0.1:{peer.port}']\n[[channel]]\nid = 'c'\ntype = '{kind}'\n"
            opened, _, door = open_channels(
                config.parse(text + CHANNELS[kind].format(url=url), Path("config.toml"), SECRETS)
            )
            assert await opened["c"].probe() == problem
            assert door is not None
            await door.aclose()
        assert [each.split(b" ")[:2] for each in peer.received if each] == [[b"GET", asked.encode()]]


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (b'{"message": "Invalid Webhook Token", "code": 50027}', "answered 404: Invalid Webhook Token"),
        (b"no_service\nat all", "answered 404: no_service"),
        (b"<html><title>404</title></html>", "answered 404"),
        (b'{"code": 7}', "answered 404"),
        (b'["x"]', "answered 404"),
        (b"\x1b[31mred", "answered 404: [31mred"),
    ],
)
async def test_a_refusal_is_told_in_the_services_own_words(answer: bytes, detail: str) -> None:
    behave = answering(b"HTTP/1.1 404 No\r\ncontent-length: %d\r\n\r\n%s" % (len(answer), answer))
    receipt, *_ = await sent("teams", behave)
    assert (receipt.outcome, receipt.detail) == ("retry", detail)
