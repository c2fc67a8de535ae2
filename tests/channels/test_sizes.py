"""The largest and oddest alerts that anybody could cause: what is sent stays small, whole and one message."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import jsonschema
import pytest
import time_machine
from standardwebhooks.webhooks import Webhook

from monitor.channels import email
from monitor.core.delivery import messages
from monitor.model import ClaimDelta, Delivery, Reason, Report, SendRequest, TextChange
from tests.channels.test_attempts import ALERT, LINKS, NOW, SECRETS, answering, post, serving

MIB = 1 << 20
TEXTS = {
    "9 MiB of words": "The span stands in the rain. " * (9 * MIB // 29),
    "one word of 9 MiB": "x" * (9 * MIB),
    "lines of dots": ".\n..\r\n.\r.hidden\n" * 200_000,
    "letters of four bytes": "\U0001f309" * MIB,
    "quotes that JSON doubles": '"\\' * MIB,
    "controls and marks": "\x00\x07\u202e\u200b\u0301" * MIB,
    "equals signs": "=" * (2 * MIB),
    "encoded words": "=?utf-8?q?=0D=0ABcc:_all=40example.org?= " * 50_000,
}


def send_request(text: str) -> SendRequest:
    """An alert that says it everywhere, in lists as long as can be."""
    part = text[: MIB // 32]
    reports = tuple(Report(part, "https://post.example/" + "y" * 2000, part, part) for _ in range(60))
    alert = replace(
        ALERT, title=text[:MIB], story_title=part, summary=text, article_title=text[:MIB], entry_id=text[:9999],
        article_source=part, article_url="https://herald.example/" + "z" * 2000, origin=part,
        also_reported_by=reports, items=reports, still_carrying=reports, notes=(part,) * 9,
        deltas=tuple(ClaimDelta(part, part, part, part) for _ in range(9)),
        changes=tuple(TextChange("quote", part, part, part) for _ in range(9)),
        reasons=tuple(Reason("words", 1, 1, part) for _ in range(20)),
    )  # fmt: skip
    return SendRequest(Delivery("mone", alert.id, "desk", "desk@example.org", created_at=NOW, seq=1), alert, LINKS)


@pytest.mark.parametrize("name", TEXTS)
async def test_a_webhook_of_anything_is_within_20_kib(name: str) -> None:
    async with serving(answering(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")) as peer:
        for form in ("standard", "slack", "discord", "mattermost", "teams"):
            assert (await post(peer.port, form=form, send_request=send_request(TEXTS[name]))).outcome == "delivered"
    bodies = [request.partition(b"\r\n\r\n")[2] for request in peer.received]
    assert max(map(len, bodies)) <= 20 * 1024
    jsonschema.validate(json.loads(bodies[0]), messages.schema())


@pytest.mark.parametrize("name", TEXTS)
def test_a_mail_of_anything_is_one_message_within_256_kib(name: str) -> None:
    settings = email.Settings.model_validate({
        "id": "mail", "type": "email", "host": "127.0.0.1", "tls": "none", "from": "monitor@example.org",
        "to": ["desk@example.org"],
    })  # fmt: skip
    raw = email.as_sent(email.compose(send_request(TEXTS[name]), settings.sender))
    assert len(raw) <= 256 * 1024
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r\n.\r\n" not in raw
    head, _, body = raw.partition(b"\r\n\r\n")
    assert max(map(len, head.split(b"\r\n"))) <= 998
    assert max(len(line.removeprefix(b".")) for line in body.split(b"\r\n")) <= 78
    message = message_from_bytes(raw, policy=policy.default)
    assert len(str(message["Subject"])) <= 200
    assert message["To"] == "desk@example.org"
    assert not {"bcc", "x-evil"} & {header.lower() for header in message}
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip


async def test_every_attempt_has_its_own_time_under_one_id() -> None:
    seen: list[dict[str, Any]] = []
    async with serving(answering(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")) as peer:
        for hours in (0, 1):
            with time_machine.travel(NOW + timedelta(hours=hours)):
                await post(peer.port, secrets=SECRETS)
                head, _, body = peer.received[-1].partition(b"\r\n\r\n")
                headers = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:])
                for secret in SECRETS:
                    plain = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
                    Webhook(secret).verify(body.decode(), {name.lower(): value for name, value in plain.items()})
                seen.append(headers)
    assert [int(headers["webhook-timestamp"]) for headers in seen] == [
        int(NOW.timestamp()),
        int(NOW.timestamp()) + 3600,
    ]
    assert {headers["webhook-id"] for headers in seen} == {"mone"}
