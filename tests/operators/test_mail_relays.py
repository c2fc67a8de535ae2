"""A stranger's configuration delivers through real relays: names that are checked, OAuth alone, a useless CRAM-MD5."""

from __future__ import annotations

import smtplib
import sys
from pathlib import Path

import pytest

from tests.channels.test_mail_hosts import TOKEN, relay
from tests.cli.command import Answer, monitor
from tests.loopback import free_port
from tests.operators import postfix

CONFIG = """
[service]
state = "s.db"
[http]
enabled = false
[[channel]]
id = "mail"
type = "email"
host = "127.0.0.1"
port = {port}
tls = "none"
from = "monitor@desk.example"
to = ["ann@desk.example"]
"""


def tell(folder: Path, port: int, more: str = "", **environ: str) -> Answer:
    (folder / "config.toml").write_text(CONFIG.format(port=port) + more)
    return monitor("test-alert", "mail", "--config", folder / "config.toml", **environ)


def test_a_postfix_that_wants_full_names_takes_our_mail(tmp_path: Path) -> None:
    with postfix.serving(free_port()) as host:
        with smtplib.SMTP("127.0.0.1", host.port, local_hostname="localhost", timeout=20) as stranger:
            stranger.ehlo()
            stranger.mail("a@b.example")
            code, answer = stranger.rcpt("ann@desk.example")
        assert (code, b"need fully-qualified hostname" in answer) == (504, True), "this host is not the one we mean"
        done = tell(tmp_path, host.port)
        assert done.code == 0, done.out + done.err
        mail = host.mail()
        assert "To: ann@desk.example" in mail
        assert "List-ID" in mail or "Auto-Submitted: auto-generated" in mail
        assert host.log.read_text().count("need fully-qualified hostname") == 1, "the stranger was refused, we were not"


async def test_a_relay_that_wants_a_token_gets_it_from_a_command(tmp_path: Path) -> None:
    import asyncio

    command = [sys.executable, "-c", f"print('{TOKEN}')"]
    async with relay("XOAUTH2") as host:
        done = await asyncio.to_thread(
            tell, tmp_path, host.port, f"username = 'watch@desk.example'\ntoken_command = {command!r}\n"
        )
    assert (done.code, host.asked, len(host.mails)) == (0, ["XOAUTH2"], 1), done.out + done.err


@pytest.mark.parametrize(
    ("offered", "refused", "code", "words"),
    [
        (("CRAM-MD5", "PLAIN"), ("CRAM-MD5",), 0, "delivered"),
        # Nothing but what it cannot do: it is said, and nobody is told that the recipient is dead.
        (("CRAM-MD5",), ("CRAM-MD5",), 1, "the host refused the login: 5"),
    ],
)
async def test_a_relay_that_cannot_do_what_it_offers(
    tmp_path: Path, offered: tuple[str, ...], refused: tuple[str, ...], code: int, words: str
) -> None:
    import asyncio

    async with relay(*offered, refused=refused) as host:
        more = "username = 'watch'\npassword_env = 'PW'\n"
        done = await asyncio.to_thread(lambda: tell(tmp_path, host.port, more, PW="pass word"))
    assert (done.code, len(host.mails)) == (code, 1 - code), done.out + done.err
    assert words in done.out + done.err
