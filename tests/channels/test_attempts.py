"""One attempt of each channel against real servers that misbehave: its receipt, and what the other side was sent."""

from __future__ import annotations

import asyncio
import base64
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from typing import Any

import jsonschema
import pytest
from standardwebhooks.webhooks import Webhook

from monitor.channels import Tools, email, webhook
from monitor.core.delivery import messages
from monitor.model import Alert, ClaimDelta, Delivery, Reason, Receipt, Report, SendRequest
from monitor.net.client import client
from monitor.net.guard import Guard
from tests.channels.misbehaving import HANG_S, outwait

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SECRETS = ["whsec_" + base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2)]
HOSTILE = "Kim\r\nBcc: all@example.org =?utf-8?q?=0D=0AX-Evil:_1?= <script>x</script> \u202eevil @everyone \x1b[31m"
ALERT = Alert(
    id="aone", kind="story.development", at=NOW, title=HOSTILE, story_id="nk", story_title="Soldiers\r\nX: y",
    entry_key="e1", entry_id="urn:1", verdict="development", summary=HOSTILE * 20, article_title=HOSTILE,
    article_url="javascript:alert(1)", article_source=HOSTILE, published_at=NOW, first_seen_at=NOW, origin=HOSTILE,
    also_reported_by=tuple(Report(HOSTILE, "https://b\u00fccher.example/", HOSTILE * 9) for _ in range(80)),
    deltas=(ClaimDelta("troops", "30,000", "50,000", HOSTILE),), reasons=(Reason("words", 1, 1, HOSTILE),),
)  # fmt: skip
DELIVERY = Delivery("mone", "aone", "desk", "desk@example.org", created_at=NOW, seq=7, previous_id="mzero")
LINKS = {"dashboard": "https://m.example/alerts/aone", "unsubscribe": "https://m.example/unsubscribe/x",
         "feedback": {"no": "https://m.example/feedback/n", "important": "https://m.example/feedback/i"}}  # fmt: skip
PARCEL = SendRequest(DELIVERY, ALERT, LINKS)


@dataclass
class Peer:
    """A server that reads and then does as it is told."""

    port: int = 0
    received: list[bytes] = field(default_factory=list)


Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter, Peer], Awaitable[None]]


@asynccontextmanager
async def serving(behaviour: Behaviour, context: ssl.SSLContext | None = None) -> AsyncIterator[Peer]:
    peer = Peer()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await behaviour(reader, writer, peer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # whoever asked is gone, or the loop ends: Python 3.11 makes a traceback of a handler cut off there
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=context)
    peer.port = server.sockets[0].getsockname()[1]
    try:
        yield peer
    finally:
        server.close()


def answering(answer: bytes, then: str = "close") -> Behaviour:
    """An endpoint that reads one request and sends this."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, peer: Peer) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        lengths = (int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length"))
        length = next(lengths, 0)
        peer.received.append(head + await reader.readexactly(length))
        writer.write(answer)
        await writer.drain()
        if then == "reset":
            writer.transport.abort()
        elif then == "hang":
            await outwait()
            await asyncio.sleep(HANG_S)
        elif then == "flood":
            for _ in range(10_000):
                writer.write(b"x" * 65_536)
                await writer.drain()

    return behave


async def post(
    port: int, secrets: list[str] = SECRETS, form: str = "standard", send_request: SendRequest = PARCEL
) -> Receipt:
    settings = webhook.Settings(
        id="desk", type="webhook", url=f"http://127.0.0.1:{port}/hook", format=form,
        secret_env=tuple(f"S{n}" for n in range(len(secrets))),
    )  # type: ignore[arg-type]  # fmt: skip
    async with client(Guard([f"127.0.0.1:{port}"])) as door:
        tools = Tools(door, lambda *_: "", "monitor/test")
        signers = [Webhook(secret) for secret in secrets]
        return await webhook.WebhookChannel(settings, signers, tools).send(send_request)


WEBHOOKS: dict[str, tuple[bytes, str, str, dict[str, Any]]] = {
    "200": (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", "close", "delivered", {"status": 200}),
    "204": (b"HTTP/1.1 204 No Content\r\n\r\n", "close", "delivered", {}),
    "500": (b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n", "close", "retry", {"status": 500}),
    "400": (b"HTTP/1.1 400 Bad\r\ncontent-length: 0\r\n\r\n", "close", "retry", {}),
    "410": (b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n", "close", "refused", {"disable": True}),
    "429": (b"HTTP/1.1 429 X\r\nretry-after: 120\r\ncontent-length: 0\r\n\r\n", "close", "retry",
            {"retry_after_s": 120}),
    "503 with a wrong Retry-After": (b"HTTP/1.1 503 X\r\nretry-after: soon\r\ncontent-length: 0\r\n\r\n", "close",
                                     "retry", {"retry_after_s": None}),
    "a redirect to metadata": (b"HTTP/1.1 302 X\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n",
                               "close", "retry", {"status": 302}),
    "no answer, reset": (b"", "reset", "unknown", {}),
    "no answer, closed": (b"", "close", "unknown", {}),
    "garbage": (b"\x00\x01\x02 what\r\n\r\n", "close", "unknown", {}),
    "hang": (b"", "hang", "unknown", {}),
    "a dripping answer": (b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n.", "hang", "unknown", {}),
    "an endless answer": (b"HTTP/1.1 200 OK\r\n\r\n", "flood", "delivered", {}),
    "a bomb nobody asked for": (b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\n\x1f\x8b..",
                                "close", "delivered", {}),
}  # fmt: skip


@pytest.mark.parametrize("name", WEBHOOKS)
async def test_a_webhook_makes_of_every_answer_a_receipt(name: str) -> None:
    answer, then, outcome, more = WEBHOOKS[name]
    async with serving(answering(answer, then)) as peer:
        receipt = await post(peer.port)
        assert receipt.outcome == outcome, receipt
        assert {key: getattr(receipt, key) for key in more} == more
        assert "bytearray" not in receipt.detail, receipt
        assert len(peer.received) == 1, "a redirect is not followed, nothing is repeated"


async def test_nobody_there_and_forbidden_addresses_are_tried_again() -> None:
    async with serving(answering(b"")) as gone:
        pass
    assert (await post(gone.port)).outcome == "retry"
    async with client(Guard()) as door, serving(answering(b"")) as peer:
        settings = webhook.Settings(id="desk", type="webhook", url=f"http://127.0.0.1:{peer.port}/")
        receipt = await webhook.open_channel(settings, Tools(door, lambda *_: "")).send(PARCEL)
        assert (receipt.outcome, peer.received) == ("retry", [])


async def test_a_webhook_is_signed_by_every_secret_and_fits() -> None:
    async with serving(answering(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")) as peer:
        for _ in range(2):
            await post(peer.port)
    ids = set()
    for request in peer.received:
        head, _, body = request.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
        headers = {name.lower(): value for name, value in headers.items()}
        for secret in SECRETS:
            Webhook(secret).verify(body.decode(), headers)
        ids.add((headers["webhook-id"], headers["idempotency-key"]))
        assert len(body) <= 20 * 1024
        document = json.loads(body)
        jsonschema.validate(document, messages.schema())
        assert document["data"]["seq"] == 7
        assert "\x1b" not in body.decode()
        assert document["data"]["article"]["url"] is None
    assert ids == {("mone", "mone")}


@pytest.mark.parametrize("form", ["slack", "discord", "mattermost", "teams"])
async def test_chat_shapes_are_plain_and_mention_nobody(form: str) -> None:
    async with serving(answering(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")) as peer:
        assert (await post(peer.port, form=form)).outcome == "delivered"
    body = peer.received[0].partition(b"\r\n\r\n")[2].decode()
    assert json.loads(body)
    assert "@everyone" not in body
    assert "<script>" not in body


def smtp(**script: str) -> Behaviour:
    """A host that answers each command as scripted: "550 no", "hang" or "drop"; 250 otherwise."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, peer: Peer) -> None:
        async def say(word: str, usual: str) -> bool:
            line = script.get(word, usual)
            if line == "hang":
                await outwait()
                await asyncio.sleep(HANG_S)
            if line == "drop":
                writer.transport.abort()
                return False
            writer.write(line.encode() + b"\r\n")
            await writer.drain()
            return True

        await say("greeting", "220 ready")
        while line := await reader.readline():
            word = line.split()[0].decode().lower()
            if word == "data":
                if not await say("data", "354 go on") or not script.get("data", "354").startswith("354"):
                    continue
                body = b""
                while not body.endswith(b"\r\n.\r\n"):
                    body += await reader.readexactly(1)
                peer.received.append(body[:-3])
                await say("dot", "250 kept")
            else:
                usual = {"ehlo": "250-here\r\n250 AUTH PLAIN LOGIN", "auth": "235 fine", "quit": "221 bye"}
                await say(word, usual.get(word, "250 fine"))

    return behave


async def mail(port: int, tls: str = "none", username: str = "") -> Receipt:
    settings = email.Settings.model_validate({
        "id": "mail", "type": "email", "host": "127.0.0.1", "port": port, "tls": tls, "username": username,
        "from": "Monitor <monitor@example.org>", "to": ["desk@example.org"],
    })  # fmt: skip
    return await email.EmailChannel(settings, "secret").send(PARCEL)


MAILS: dict[str, tuple[dict[str, str], str]] = {
    "taken": ({}, "delivered"), "taken unseen": ({"rcpt": "252 cannot verify, will try"}, "delivered"),
    "greylisted": ({"rcpt": "450 later"}, "retry"),
    "busy": ({"greeting": "421 busy"}, "retry"),
    "no such user": ({"rcpt": "550 no such user"}, "refused"), "sender refused": ({"mail": "550 not you"}, "refused"),
    "over quota": ({"rcpt": "452 full"}, "retry"), "data refused": ({"data": "554 no"}, "refused"),
    "spam": ({"dot": "554 spam"}, "refused"), "not now after the dot": ({"dot": "451 later"}, "retry"),
    "drop after the dot": ({"dot": "drop"}, "unknown"), "hang after the dot": ({"dot": "hang"}, "unknown"),
    "drop at rcpt": ({"rcpt": "drop"}, "retry"), "hang at greeting": ({"greeting": "hang"}, "retry"),
    "hang at rcpt": ({"rcpt": "hang"}, "retry"),
}  # fmt: skip


@pytest.mark.parametrize("name", MAILS)
async def test_mail_makes_of_every_answer_a_receipt(name: str) -> None:
    script, outcome = MAILS[name]
    async with serving(smtp(**script)) as peer:
        assert (await mail(peer.port)).outcome == outcome


async def test_nothing_is_said_in_clear_where_tls_is_required() -> None:
    async with serving(smtp(starttls="454 not available")) as peer:
        receipt = await mail(peer.port, tls="starttls", username="ann")
        assert receipt.outcome == "retry"
        assert peer.received == []
    async with serving(smtp()) as peer:
        receipt = await mail(peer.port, tls="implicit")
        assert (receipt.outcome, peer.received) == ("retry", [])


async def test_a_refused_login_is_tried_three_times_then_switches_off() -> None:
    async with serving(smtp(auth="535 no")) as peer:
        settings = email.Settings.model_validate({
            "id": "mail", "type": "email", "host": "127.0.0.1", "port": peer.port, "tls": "none", "username": "ann",
            "from": "monitor@example.org", "to": ["desk@example.org"],
        })  # fmt: skip
        channel = email.EmailChannel(settings, "wrong")
        disabled = [(await channel.send(PARCEL)).disable for _ in range(3)]
    assert disabled == [False, False, True]


async def test_a_mail_is_one_message_with_the_headers_it_should_have() -> None:
    async with serving(smtp()) as peer:
        await mail(peer.port)
        await mail(peer.port)
    assert peer.received[0] == peer.received[1], "every attempt sends the same bytes"
    raw = peer.received[0]
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    message = message_from_bytes(raw)
    assert [value for name, value in message.items() if name.lower() in ("bcc", "x-evil", "x")] == []
    assert message["To"] == "desk@example.org"
    assert message["Message-ID"] == "<mone@example.org>"
    assert message["References"].split()[-1] == message["In-Reply-To"] == "<mzero@example.org>"
    assert message["List-Unsubscribe"] == "<https://m.example/unsubscribe/x>"
    parts = {
        part.get_content_type(): part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()
    }
    page = parts["text/html"].decode()
    assert not any(word in page for word in ("<script", "<img", "javascript:", "\u202e", "http://"))
    assert "50,000" in parts["text/plain"].decode()
    assert "\x1b" not in parts["text/plain"].decode()
