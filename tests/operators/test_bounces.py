"""A recipient dies after the relay took the mail: the report comes back, and the operator hears of it."""

from __future__ import annotations

import asyncio
import grp
import os
import pwd
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.channels.test_mail_hosts import relay
from tests.cli.command import monitor
from tests.core.delivery.test_bounces import POSTFIX, report
from tests.loopback import free_port
from tests.operators import postfix
from tests.operators.servers import NOBODY, WAIT_S, folder, program, running

CONFIG = """
[service]
state = "s.db"
log_level = "error"
[http]
enabled = false
[[channel]]
id = "mail"
type = "email"
host = "127.0.0.1"
port = {port}
tls = "none"
{more}
from = "monitor@desk.example"
to = ["gone@elsewhere.example", "ann@desk.example"]
return_path = "bounces@desk.example"
bounces = "{bounces}"
"""
DOVECOT = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
first_valid_uid = 1
mail_location = maildir:{folder}/mail
passdb {{
  driver = passwd-file
  args = {folder}/passwords
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


class NextHost:
    """The host that the relay hands on to: it knows nobody."""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        return f"550 5.1.1 <{address}>: no such mailbox here"


@contextmanager
def dovecot() -> Iterator[tuple[str, Path]]:
    """An IMAP server over a Maildir: the address of its mailbox, and the folder."""
    path, port = program("dovecot", "dovecot-imapd"), free_port()
    if os.geteuid():
        pytest.skip("Dovecot is started by root alone")
    group = grp.getgrgid(pwd.getpwnam(NOBODY).pw_gid).gr_name
    with folder("dovecot-") as place:
        for name in ("mail", "mail/new", "mail/cur", "mail/tmp"):
            (place / name).mkdir()
            shutil.chown(place / name, NOBODY)
        (place / "passwords").write_text("watch:{PLAIN}pass word\n")
        (place / "conf").write_text(DOVECOT.format(folder=place, port=port, user=NOBODY, group=group))
        with running([path, "-F", "-c", str(place / "conf")], port, as_root=True):
            yield f"imap://127.0.0.1:{port}/INBOX", place / "mail"


def arrived(maildir: Path) -> bool:
    end = time.monotonic() + WAIT_S
    while not (there := maildir.is_dir() and any((maildir / "new").iterdir())) and time.monotonic() < end:
        time.sleep(0.05)
    return there


def errors(file: Path, **environ: str) -> list[str]:
    """The errors of what is dead."""
    told = monitor("alerts", "--json", "--config", file, **environ).document
    return [row["error"] for alert in told for row in alert["deliveries"] if row["state"] == "dead"]


def alerts_of_a_pass(file: Path, **environ: str) -> int:
    return int(monitor("poll", "--json", "--config", file, **environ).document["alerts"])


def test_a_report_in_a_maildir_is_told_to_who_is_left(tmp_path: Path) -> None:
    """The relay takes the mail, the next host does not; Postfix's own report says so."""
    file, next_port = tmp_path / "config.toml", free_port()
    next_host = Controller(NextHost(), hostname="127.0.0.1", port=next_port)
    next_host.start()
    try:
        with postfix.serving(free_port(), next_port) as host:
            file.write_text(CONFIG.format(port=host.port, more="", bounces=tmp_path / "none"))
            assert "bounces: FileNotFoundError" in monitor("check", "--config", file).out
            file.write_text(CONFIG.format(port=host.port, more="", bounces=host.bounces))
            assert monitor("test-alert", "mail", "--config", file).code == 0, "both are taken"
            assert arrived(host.bounces)
            assert "bounces" not in monitor("check", "--config", file).out
            assert alerts_of_a_pass(file) == 1
            assert errors(file)[0].startswith("the mail came back: 550 5.1.1 <gone@elsewhere.example>: no such mailbox")
            assert alerts_of_a_pass(file) == 0, "it is told once"
            assert "could not deliver 1 alert: the mail came back: 550 5.1.1" in host.mail(
                after="Channel mail"
            ).replace("=\n", "")
            assert list((host.bounces / "new").iterdir()) == []
            (kept,) = (host.bounces / "cur").iterdir()
            assert kept.name.endswith(":2,S"), "what was read is kept, marked as seen"
    finally:
        next_host.stop()


async def test_a_report_in_a_mailbox_at_a_provider_is_told_too(tmp_path: Path) -> None:
    """By IMAP, with the login that sends; what is no report stays unread."""
    file, environ, mail = tmp_path / "config.toml", {"PW": "pass word"}, tmp_path / "mail"
    more = "username = 'watch'\npassword_env = 'PW'"
    async with relay("PLAIN") as host:
        with dovecot() as (mailbox, mail):
            file.write_text(CONFIG.format(port=host.port, more=more, bounces=mailbox))
            sent = await asyncio.to_thread(monitor, "test-alert", "mail", "--config", file, **environ)
            assert (sent.code, len(host.mails)) == (0, 2), sent.out + sent.err
            head = host.mails[0].partition(b"\r\n\r\n")[0].decode()
            reports = {"1.report": report(POSTFIX, head), "2.person": b"From: bob@desk.example\n\nHello\n"}
            for name, raw in reports.items():
                (mail / "new" / name).write_bytes(raw)
                shutil.chown(mail / "new" / name, NOBODY)
            assert await asyncio.to_thread(alerts_of_a_pass, file, **environ) == 1
            assert errors(file, **environ)[0].startswith("the mail came back: 550 5.1.1 <ann@desk.example>")
            assert await asyncio.to_thread(alerts_of_a_pass, file, **environ) == 0
            names = sorted(each.name for each in (mail / "cur").iterdir())
            assert ["S" in name.partition(":2,")[2] for name in names] == [True, False], names
            environ["PW"] = "wrong"
            checked = await asyncio.to_thread(monitor, "check", "--config", file, **environ)
            assert "wrong" not in checked.out + checked.err
