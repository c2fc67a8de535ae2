"""Where mail comes back to: what may be configured, and a mailbox that takes a token alone, over TLS."""

from __future__ import annotations

import asyncio
import base64
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from monitor.channels import email
from monitor.channels.email.returns import Returns
from monitor.errors import ChannelError
from monitor.net.race import connected
from tests.channels.misbehaving import contexts
from tests.channels.test_attempts import Behaviour, Peer, serving
from tests.channels.test_mail_hosts import TOKEN, printing, settings
from tests.core.delivery.test_bounces import OURS, POSTFIX, report

MAIL = report(POSTFIX).replace(b"\n", b"\r\n")
HEAD = b"Content-Type: multipart/report; report-type=delivery-status\r\n\r\n"
GREETING = b"* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR] hello\r\n"
REFUSAL = b"a1 NO [AUTHENTICATIONFAILED] " + TOKEN.encode() + b" is not it"


def imap(**script: bytes) -> Behaviour:
    """A mailbox with one report in it, which answers a command as scripted."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, peer: Peer) -> None:
        writer.write(script.get("greeting", GREETING))
        while line := await reader.readline():
            peer.received.append(line)
            tag, word = line.split()[0], b" ".join(line.split()[1:3]).upper()
            if word == b"AUTHENTICATE XOAUTH2":
                writer.write(b"+ \r\n")
                peer.received.append(base64.b64decode(await reader.readline()))
            elif word == b"UID SEARCH":
                writer.write(script.get("found", b"* SEARCH 7\r\n"))
            elif word == b"UID FETCH":
                body = MAIL if b"BODY.PEEK[]" in line else HEAD
                writer.write(b"* 1 FETCH (UID 7 BODY[] {%d}\r\n%s)\r\n" % (len(body), body))
            writer.write(script.get(word.decode(), b"%s OK done").replace(b"%s", tag).replace(b"a1", tag) + b"\r\n")

    return behave


async def looked(behave: Behaviour, where: str, **more: Any) -> tuple[list[Any], list[bytes]]:
    async with serving(behave, contexts()["good"]) as peer:
        channel = email.EmailChannel(settings(1, username="watch@desk.example", **more), "canary-password")
        dial = partial(connected, resolver=_here)
        channel.returns = Returns(where.format(port=peer.port), channel.login, contexts()["client"], dial)
        return await channel.returned(), peer.received


async def _here(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


async def test_a_mailbox_that_takes_a_token_alone_is_read_over_tls(tmp_path: Path) -> None:
    found, lines = await looked(imap(), "imaps://127.0.0.1:{port}/Returned%20mail", token_command=printing(tmp_path))
    assert [OURS in bounce.ids for bounce in found] == [True]
    assert f"user=watch@desk.example\x01auth=Bearer {TOKEN}\x01\x01".encode() in lines
    assert any(b'"Returned mail"' in line for line in lines)
    assert any(b"+FLAGS (\\Seen)" in line for line in lines), "a report is marked as read"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ({"AUTHENTICATE XOAUTH2": REFUSAL}, "AUTHENTICATIONFAILED"), ({"greeting": b"* BYE busy\r\n"}, "busy"),
        ({'SELECT "INBOX"': b"a1 NO no such folder"}, "no such folder"),
        ({"found": b"* SEARCH " + b"9" * 2_000_000}, ""),
    ],
)  # fmt: skip
async def test_a_mailbox_that_cannot_be_read_is_said_without_secrets(
    tmp_path: Path, script: dict[str, bytes], words: str
) -> None:
    with pytest.raises(ChannelError) as caught:
        await looked(imap(**script), "imaps://127.0.0.1:{port}", token_command=printing(tmp_path))
    assert words in str(caught.value)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    "where",
    ["imap://mail.desk.example", "pop3://a.example", "mail/", "imaps://", "imaps://u:p@a.example", "imaps://a?x"],
)
def test_where_it_cannot_arrive_is_refused(where: str) -> None:
    with pytest.raises(ValueError, match=r"Maildir|loopback"):
        settings(25, bounces=where)


def test_where_it_can_arrive_is_taken() -> None:
    for where in ("", "/var/mail/monitor", "imaps://imap.desk.example", "imap://127.0.0.1:143/INBOX"):
        assert settings(25, bounces=where).bounces == where
