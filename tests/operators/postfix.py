"""A Postfix in a folder: its master as root, as it must be, its servers as its own user; it keeps what it is sent."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.operators.servers import NOBODY, WAIT_S, listens, program

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.desk.example
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = desk.example
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = inline:{{ {{ bounces@desk.example = bounces/ }} }}, static:inbox
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
smtpd_helo_required = yes
smtpd_helo_restrictions = reject_non_fqdn_helo_hostname
smtpd_relay_restrictions = reject_unauth_destination
maillog_file = {folder}/data/maillog
maillog_file_prefixes = {folder}
smtputf8_enable = no
relay_domains = elsewhere.example
transport_maps = inline:{{ {{ elsewhere.example = smtp:[127.0.0.1]:{next_port} }} }}
"""
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
"""


@dataclass(frozen=True)
class Postfix:
    """Where it listens, and where it keeps mail: in a file, and what comes back in a Maildir."""

    port: int
    inbox: Path
    log: Path
    bounces: Path

    def mail(self, after: str = "") -> str:
        """What has arrived, once something has, and these words in it."""
        end, text = time.monotonic() + WAIT_S, ""
        while not (text and after in text) and time.monotonic() < end:
            time.sleep(0.05)
            text = self.inbox.read_text("utf-8") if self.inbox.exists() else ""
        return text


@contextmanager
def serving(port: int, next_port: int = 9) -> Iterator[Postfix]:
    """A Postfix that refuses who does not name itself in full, and hands elsewhere.example on to the next host."""
    postfix = program("postfix", "postfix")
    if os.geteuid():
        pytest.skip("Postfix is started by root alone")
    with tempfile.TemporaryDirectory(prefix="postfix-", ignore_cleanup_errors=True) as made:
        place, who = Path(made), pwd.getpwnam(NOBODY)
        place.chmod(0o755)
        for name, owner in (("queue", "root"), ("conf", "root"), ("data", "postfix"), ("mail", NOBODY)):
            (place / name).mkdir()
            shutil.chown(place / name, owner)
        (place / "conf/main.cf").write_text(
            MAIN.format(folder=place, uid=who.pw_uid, gid=who.pw_gid, next_port=next_port)
        )
        (place / "conf/master.cf").write_text(MASTER.format(port=port))
        command = [postfix, "-c", str(place / "conf")]
        subprocess.run([*command, "start"], check=True, capture_output=True, timeout=60)
        try:
            assert listens(port), "Postfix does not listen"
            yield Postfix(port, place / "mail/inbox", place / "data/maillog", place / "mail/bounces")
        finally:
            subprocess.run([*command, "stop"], check=False, capture_output=True, timeout=60)
