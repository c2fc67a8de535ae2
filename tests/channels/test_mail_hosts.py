"""Mail hosts as operators meet them: what we call ourselves, how we log in, and whose fault a refusal is."""

from __future__ import annotations

import asyncio
import base64
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from monitor import config
from monitor.app.build import build
from monitor.app.settings import links
from monitor.channels import email
from monitor.channels.email import hello, login, mime
from monitor.metrics import Metrics
from monitor.model import Receipt
from monitor.net.race import connected
from tests.channels.misbehaving import SmtpHost, contexts
from tests.channels.test_attempts import PARCEL, Peer, mail, serving, smtp
from tests.loopback import free_port
from tests.net.test_ways_out import clogged

TOKEN = "ya29.a0AfH6-canary"


def settings(port: int, **more: Any) -> email.Settings:
    return email.Settings.model_validate({
        "id": "mail", "type": "email", "host": "127.0.0.1", "port": port, "tls": "none",
        "from": "monitor@example.org", "to": ["desk@example.org"], **more,
    })  # fmt: skip


@dataclass
class Relay:
    """A real SMTP server that takes OAuth tokens alone, or passwords by the methods it likes."""

    methods: tuple[str, ...]
    refused: tuple[str, ...] = ()
    asked: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, name: str, lines: list[str]) -> list[str]:
        self.names.append(name)
        session.host_name = name
        kept = [line for line in lines if not line.startswith("250-AUTH")][:-1]
        return [*kept, f"250-AUTH {' '.join(self.methods)}", "250 HELP"]

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(envelope.content)
        return "250 kept"

    async def _bearer(self, server: Any, args: list[str], wanted: bytes) -> Any:
        self.asked.append(args[0])
        if base64.b64decode(args[1]) == wanted:
            return AuthResult(success=True)
        await server.push("334 " + base64.b64encode(b'{"status":"400"}').decode())
        await server._reader.readline()
        await server.push(f"535 5.7.3 Authentication unsuccessful, {args[1]} is not it")
        return AuthResult(success=False, handled=True)

    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> Any:
        return await self._bearer(server, args, f"user=watch@desk.example\x01auth=Bearer {TOKEN}\x01\x01".encode())

    async def auth_OAUTHBEARER(self, server: Any, args: list[str]) -> Any:
        place = f"host=127.0.0.1\x01port={server.session.peer and self.port}"
        wanted = f"n,a=watch@desk.example,\x01{place}\x01auth=Bearer {TOKEN}\x01\x01".encode()
        return await self._bearer(server, args, wanted)

    port: int = 0

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.asked.append(mechanism)
        good = (data.login, data.password) == (b"watch", b"pass word")
        return AuthResult(success=good and mechanism not in self.refused, handled=False)


@asynccontextmanager
async def relay(*methods: str, refused: tuple[str, ...] = ()) -> AsyncIterator[Relay]:
    made = Relay(methods, refused, port=free_port())
    controller = Controller(
        made, hostname="127.0.0.1", port=made.port, auth_require_tls=False, authenticator=made.authenticate,
        auth_required=True,
    )  # fmt: skip
    controller.start()
    try:
        yield made
    finally:
        controller.stop()


async def sent(port: int, password: str = "pass word", **more: Any) -> Receipt:
    channel = email.EmailChannel(settings(port, **more), password)
    return await channel.send(PARCEL)


def printing(folder: Path, token: str = TOKEN, status: int = 0) -> list[str]:
    """A program that prints a token and counts how often it is asked."""
    program = folder / "token.py"
    program.write_text(
        f"import pathlib\nwith open({str(folder / 'asked')!r}, 'a') as f: f.write('x')\n"
        f"print({token!r})\nraise SystemExit({status})\n"
    )
    return [sys.executable, str(program)]


@pytest.mark.parametrize("method", ["XOAUTH2", "OAUTHBEARER"])
async def test_a_host_that_wants_tokens_gets_one(tmp_path: Path, method: str) -> None:
    async with relay(method) as host:
        channel = email.EmailChannel(
            settings(host.port, username="watch@desk.example", token_command=printing(tmp_path)), ""
        )
        assert [(await channel.send(PARCEL)).outcome for _ in range(2)] == ["delivered"] * 2
    assert (host.asked, len(host.mails)) == ([method] * 2, 2)
    assert (tmp_path / "asked").read_text() == "x", "a token is kept for a while"


async def test_a_token_that_is_refused_is_asked_for_again_and_never_shown(tmp_path: Path) -> None:
    async with relay("XOAUTH2") as host:
        command = printing(tmp_path, "stale-canary")
        channel = email.EmailChannel(settings(host.port, username="watch@desk.example", token_command=command), "")
        receipts = [await channel.send(PARCEL)]
        printing(tmp_path)
        receipts.append(await channel.send(PARCEL))
    assert [receipt.outcome for receipt in receipts] == ["retry", "delivered"]
    assert "535 5.7.3 Authentication unsuccessful" in receipts[0].detail
    assert "canary" not in receipts[0].detail and "c3RhbGUt" not in receipts[0].detail
    assert (tmp_path / "asked").read_text() == "xx"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["/none/such"], "token_command /none/such: No such file"),
        ([sys.executable, "-c", "raise SystemExit(3)"], "ended with 3"),
        ([sys.executable, "-c", "print('two words')"], "printed no token"),
        ([sys.executable, "-c", ""], "printed no token"),
    ],
)
async def test_a_token_that_cannot_be_had_is_no_refusal(command: list[str], words: str) -> None:
    async with relay("XOAUTH2") as host:
        channel = email.EmailChannel(settings(host.port, username="watch", token_command=command), "")
        receipts = [await channel.send(PARCEL) for _ in range(4)]
    assert {(receipt.outcome, receipt.disable) for receipt in receipts} == {("retry", False)}
    assert words in receipts[0].detail, receipts[0].detail


async def test_a_token_file_is_read_each_time(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("stale")
    file.chmod(0o600)
    async with relay("XOAUTH2") as host:
        text = (
            f"[[channel]]\nid = 'm'\ntype = 'email'\nhost = '127.0.0.1'\nport = {host.port}\ntls = 'none'\n"
            "from = 'a@b.example'\nto = ['c@d.example']\nusername = 'watch@desk.example'\ntoken_file = 'token'\n"
        )
        app = build(config.parse(text, tmp_path / "config.toml", {}), None, Metrics(), exclusive=False)
        try:
            channel = app.pipeline.channels["m"]
            first = await channel.send(PARCEL)
            file.write_text(TOKEN + "\n")
            assert [first.outcome, (await channel.send(PARCEL)).outcome] == ["retry", "delivered"]
        finally:
            await app.close()


OFFERS = [
    (("CRAM-MD5", "PLAIN", "LOGIN"), ("CRAM-MD5",), ["PLAIN"]),
    (("LOGIN", "CRAM-MD5"), (), ["LOGIN"]),
    (("PLAIN", "LOGIN"), ("PLAIN",), ["PLAIN", "LOGIN"]),
    (("DIGEST-MD5", "GSSAPI", "NTLM", "LOGIN", "XOAUTH2"), (), ["LOGIN"]),
]


@pytest.mark.parametrize(("offered", "refused", "asked"), OFFERS)
async def test_what_a_host_offers_and_cannot_do_is_passed_over(
    offered: tuple[str, ...], refused: tuple[str, ...], asked: list[str]
) -> None:
    async with relay(*offered, refused=refused) as host:
        receipt = await sent(host.port, username="watch")
    assert (receipt.outcome, host.asked, len(host.mails)) == ("delivered", asked, 1)


async def test_a_host_may_ask_again_for_what_stood_beside_the_command() -> None:
    """Some pass over it and ask for it by 334, as RFC 4954 has it for a command without one."""
    asked: list[bytes] = []

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, peer: Peer) -> None:
        word = b"AHdhdGNoAHBhc3Mgd29yZA=="
        writer.write(b"220 h\r\n")
        for answer in (b"250-h\r\n250 AUTH PLAIN", b"334 ", b"235 fine"):
            asked.append(await reader.readline())
            writer.write(answer + b"\r\n")
        assert asked[1:] == [b"AUTH PLAIN " + word + b"\r\n", word + b"\r\n"]
        for answer in (b"250 fine", b"250 fine", b"354 go"):
            await reader.readline()
            writer.write(answer + b"\r\n")
        while await reader.readline() != b".\r\n":
            pass
        writer.write(b"250 kept\r\n")
        await reader.read()

    async with serving(behave) as peer:
        receipt = await sent(peer.port, username="watch")
    assert receipt.outcome == "delivered", (receipt.detail, asked)


@pytest.mark.parametrize("ehlo", ["250-h\r\n250 AUTH LOGIN", "250-h\r\n250 AUTH=LOGIN", "250-h\r\n250 auth login"])
async def test_a_host_may_ask_for_each_word_or_be_content_with_less(ehlo: str) -> None:
    """Old ones take no word beside the command (draft-murchison-sasl-login); some need no more than the command."""
    async with serving(smtp(ehlo=ehlo, auth="235 fine")) as peer:
        assert (await mail(peer.port, username="ann")).outcome == "delivered"
    async with serving(smtp(ehlo=ehlo, auth="334 VXNlcm5hbWU6")) as peer:
        receipt = await mail(peer.port, username="ann")
    assert receipt.detail.startswith("the host refused the login"), receipt.detail


async def test_a_wrong_password_is_presented_three_times_however_many_ways_there_are() -> None:
    async with relay("PLAIN", "LOGIN") as host:
        channel = email.EmailChannel(settings(host.port, username="watch"), "canary-wrong")
        receipts = [await channel.send(PARCEL) for _ in range(3)]
    assert [receipt.disable for receipt in receipts] == [False, False, True]
    assert host.asked == ["PLAIN", "LOGIN", "PLAIN"]


@pytest.mark.parametrize(
    ("ehlo", "words"),
    [
        ("250-h\r\n250 AUTH XOAUTH2", "it offers XOAUTH2 (OAuth): set token_command or token_file"),
        ("250-h\r\n250 AUTH OAUTHBEARER XOAUTH2", "OAUTHBEARER, XOAUTH2 (OAuth)"),
        ("250-h\r\n250 AUTH GSSAPI NTLM", "no way to log in but GSSAPI, NTLM"),
        ("250 h", "no way to log in on this connection"),
    ],
)
async def test_what_a_host_offers_is_named(ehlo: str, words: str) -> None:
    async with serving(smtp(ehlo=ehlo)) as peer:
        receipt = await mail(peer.port, username="ann")
    assert receipt.outcome == "retry"
    assert words in receipt.detail, receipt.detail


async def test_the_hosts_own_words_are_kept_without_the_secret() -> None:
    echo = base64.b64encode(b"\0ann\0secret").decode()
    async with serving(smtp(auth=f"535 5.7.139 basic authentication is disabled ({echo} secret)")) as peer:
        receipt = await mail(peer.port, username="ann")
    assert "535 5.7.139 basic authentication is disabled" in receipt.detail
    assert "secret" not in receipt.detail and echo not in receipt.detail


NAMES = [
    ("", "web-7f", ("172.17.0.2", 4), "[172.17.0.2]"),
    ("", "localhost", ("::1", 4, 0, 0), "[IPv6:::1]"),
    ("", "localhost.localdomain", ("10.0.0.1", 4), "[10.0.0.1]"),
    ("", "a.desk.example", ("10.0.0.1", 4), "a.desk.example"),
    ("", "4f1b9c.0", ("10.0.0.1", 4), "[10.0.0.1]"),
    ("", "bad_name.example", ("fe80::1%eth0", 4, 0, 2), "[IPv6:fe80::1]"),
    ("mx.desk.example", "localhost", ("10.0.0.1", 4), "mx.desk.example"),
    ("", "", None, "[127.0.0.1]"),
    ("", "x", ("::ffff:10.1.1.1", 4, 0, 0), "[10.1.1.1]"),
]


@pytest.mark.parametrize(("configured", "machine", "address", "name"), NAMES)
def test_our_name_is_full_or_the_address(configured: str, machine: str, address: Any, name: str) -> None:
    assert hello.own_name(configured, machine, address) == name
    assert hello.is_name(name)


@pytest.mark.parametrize("wrong", ["localhost", "a b.example", "-a.example", "a..example", "[x]", "mail@desk.example"])
def test_a_hello_that_no_host_takes_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="full name"):
        settings(25, hello=wrong)


REFUSALS = {
    "504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname": "retry",
    "504 helo: need fqdn": "retry",
    "550 5.7.1 <web-7f>: Helo command rejected: Host not found": "retry",
    "554 5.7.1 EHLO name does not resolve": "retry",
    "501 5.5.4 Invalid domain name": "retry",
    "503 5.5.1 bad sequence": "retry",
    "530 5.7.0 Must issue a STARTTLS command first": "retry",
    "550 5.7.1 Authentication required": "retry",
    "550 5.7.1 Client was not authenticated": "retry",
    "554 5.7.1 Relaying denied. Please log in first": "retry",
    "451 4.7.1 Greylisted": "retry",
    "554 5.7.1 <desk@example.org>: Relay access denied": "refused",
    "550 5.7.26 Unauthenticated mail from example.org is not accepted (DMARC)": "refused",
    "550 5.1.1 no such user": "refused",
    "553 5.1.2 no such domain": "refused",
    "550 no such user": "refused",
    "552 5.2.2 mailbox full": "refused",
}


@pytest.mark.parametrize("answer", REFUSALS)
async def test_a_refusal_of_our_name_is_no_dead_recipient(answer: str) -> None:
    async with serving(smtp(rcpt=answer)) as peer:
        receipt = await mail(peer.port)
    assert receipt.outcome == REFUSALS[answer]
    assert answer.partition(" ")[2][:20] in receipt.detail


@pytest.mark.parametrize("answer", ["502 5.5.1 not implemented", "500 what?", "504 no", "550 EHLO unknown"])
async def test_a_host_that_does_not_know_ehlo_is_greeted_by_helo(answer: str) -> None:
    async with serving(smtp(ehlo=answer)) as peer:
        assert (await mail(peer.port)).outcome == "delivered"
    async with serving(smtp(ehlo="421 closing, your name is no name")) as peer:
        receipt = await mail(peer.port)
    assert receipt.outcome == "retry"
    assert "your name is no name" in receipt.detail


UNSUBSCRIBE = [
    ("https://m.example/unsubscribe/x", "<https://m.example/unsubscribe/x>", True),
    (
        "http://m.lan/unsubscribe/x",
        "<http://m.lan/unsubscribe/x>, <mailto:desk@x.example?subject=unsubscribe%20nk>",
        False,
    ),
    ("", "<mailto:desk@x.example?subject=unsubscribe%20nk>", False),
]


@pytest.mark.parametrize(("page", "header", "one_click"), UNSUBSCRIBE)
def test_one_click_is_promised_beside_https_alone(page: str, header: str, one_click: bool) -> None:
    alert = replace(PARCEL.alert, story_id="nk")
    request = replace(PARCEL, alert=alert, links={"unsubscribe": page} if page else {})
    message = mime.compose(request, "monitor@example.org", stop_at="desk@x.example")
    assert message["List-Unsubscribe"] == header
    assert (message["List-Unsubscribe-Post"] is not None) is one_click
    for name in ("List-Unsubscribe:",):
        raw = mime.as_sent(message)
        assert not re.search(rb"=\?", raw[raw.index(name.encode()) :].split(b"\r\n\r\n")[0])


REACH = [
    ("enabled = false", set()), ('enabled = false\npublic_url = "https://m.example"', set()),
    ("", {"hook", "term"}), ('listen = "[::1]:9000"', {"hook", "term"}),
    ('listen = "0.0.0.0:9000"\ntoken_env = "T"', {"hook", "term"}),
    ('listen = "10.1.1.1:9000"\ntoken_env = "T"', {"hook", "term", "mail", "chat"}),
    ('public_url = "https://m.example/x"', {"hook", "term", "mail", "chat"}),
]  # fmt: skip


@pytest.mark.parametrize(("http", "linked"), REACH)
def test_links_lead_somewhere_or_are_left_out(http: str, linked: set[str]) -> None:
    text = f"""[http]
{http}
[[channel]]
id = "term"
type = "console"
[[channel]]
id = "hook"
type = "webhook"
url = "https://h.example"
[[channel]]
id = "chat"
type = "webhook"
format = "slack"
url = "https://h.example"
[[channel]]
id = "mail"
type = "email"
host = "h.example"
from = "a@b.example"
to = ["c@d.example"]
"""
    made = links(config.parse(text, Path("config.toml"), {"T": "t"}), b"k" * 32)
    found = {
        name
        for name in ("term", "hook", "chat", "mail")
        if made(replace(PARCEL.delivery, channel_id=name), PARCEL.alert)
    }
    assert found == linked


def test_settings_of_the_login_are_checked() -> None:
    with pytest.raises(ValueError, match="write one of password_env"):
        settings(25, username="a", password_env="P", token_file="t")
    with pytest.raises(ValueError, match="a token needs username"):
        settings(25, token_command="az token")
    assert settings(25, username="a", token_command="az token --q 'a b'").token_command == ("az", "token", "--q", "a b")
    assert login.command_words("a 'b c'") == ("a", "b c")


@pytest.mark.parametrize("tls", ["none", "implicit"])
async def test_a_dead_first_address_of_a_mail_host_does_not_keep_its_mail(tls: str) -> None:
    """With the time of a greeting, and no more: an address that answers nothing would take all of it."""
    secured = contexts()
    async with serving(smtp(), secured["good"] if tls == "implicit" else None) as peer:
        held = clogged("127.0.0.9", peer.port)

        async def resolver(host: str, port: int) -> list[str]:
            return ["127.0.0.9", "::2", "127.0.0.1"]

        channel = email.EmailChannel(
            settings(peer.port, tls=tls), "", secured["client"], email.Limits(greeting_s=15),
            connected=partial(connected, resolver=resolver),
        )  # fmt: skip
        try:
            receipt = await channel.send(PARCEL)
        finally:
            for one in held:
                one.close()
    assert receipt.outcome == "delivered", receipt.detail


async def test_a_mail_host_without_a_name_or_a_listener_is_tried_again_and_said(tmp_path: Path) -> None:
    for host, words in (("mail.invalid", "gaierror"), ("127.0.0.1", "ConnectionRefused")):
        channel = email.EmailChannel(settings(free_port(), tls="implicit", host=host), "", connected=connected)
        receipt = await channel.send(PARCEL)
        assert (receipt.outcome, words in receipt.detail) == ("retry", True), receipt.detail


@pytest.mark.parametrize("script", [{"rcpt": "450 greylisted"}, {"mail": "550 not you"}, {"dot": "554 spam"}, {}])
async def test_a_host_that_answers_is_told_good_bye(script: dict[str, str]) -> None:
    """Also where it refused: who hangs up on a greylist looks like what greylists are for."""
    host = SmtpHost(scripts=(script,))
    await host.start()
    receipt = await email.EmailChannel(settings(host.port), "").send(PARCEL)
    assert receipt.status
    assert host.commands[-1][0] == "QUIT"
    await host.stop()
