"""Where mails that come back arrive: a Maildir on this machine, or a mailbox at a provider, by IMAP.

The two that operators have: a mail server of their own delivers into folders, a provider gives a mailbox, with the
login that sends too. Only reports are touched, and those are marked as read, never removed.
"""

from __future__ import annotations

import asyncio
import base64
import imaplib
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from monitor.channels.email.login import Login, NoWayIn, initial_response
from monitor.core.delivery import bounces
from monitor.model import Bounce

LOOKED_AT_MAX = 200  # unread mails that are looked at in one turn, the newest (set)
LOOK_S = 20.0  # seconds that a mailbox may take for one answer (set: a provider that is slow is asked again later)
SEEN_MAX = 10_000  # mails that are no reports and are not opened again; past it all are looked at once more (set)
PORTS = {"imaps": 993, "imap": 143}
LOOPBACK = ("127.0.0.1", "::1", "localhost")
_UID = re.compile(rb"UID (\d{1,20})")
# What a report's head says, of the fields that are asked for first.
_REPORT = re.compile(
    rb"multipart/report|delivery-status|x-failed-recipients|^from:[^\n]*(?:mailer-daemon|postmaster)", re.I | re.M
)
_FIELDS = "(UID BODY.PEEK[HEADER.FIELDS (CONTENT-TYPE X-FAILED-RECIPIENTS FROM)])"

Connected = Callable[[str, int], Awaitable[socket.socket]]


class Handed(imaplib.IMAP4):
    """An IMAP dialogue over a connection that was made for it."""

    def __init__(self, made: socket.socket) -> None:
        """Read the greeting."""
        self._handed = made
        super().__init__()

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return self._handed


@dataclass(slots=True)
class Returns:
    """One place where mails come back, `where` the operator says: a folder's path, or `imaps://HOST[:PORT][/FOLDER]`."""

    where: str
    login: Login
    context: ssl.SSLContext
    connected: Connected
    _seen: set[str] = field(default_factory=set)

    async def look(self, *, dry: bool = False) -> list[Bounce]:
        """Reports that were not read before; `dry` only tries. OSError or NoWayIn where it cannot be looked at."""
        if len(self._seen) > SEEN_MAX:
            self._seen.clear()
        if not is_mailbox(self.where):
            return await asyncio.to_thread(lambda: list(self._in_folder(Path(self.where), dry)))
        place = urlsplit(self.where)
        host, port = str(place.hostname), place.port or PORTS[place.scheme]
        token = await self.login.token() if self.login.token else ""
        try:
            async with asyncio.timeout(LOOK_S):
                made = await self.connected(host, port)
            made.settimeout(LOOK_S)
            folder = unquote(place.path[1:]) or "INBOX"
            return await asyncio.to_thread(self._in_mailbox, made, host, place.scheme, folder, token, dry)
        except imaplib.IMAP4.error as error:
            raise NoWayIn(f"{host}: {self.login.without_secrets(str(error), token)[:300]}") from error

    def _in_folder(self, folder: Path, dry: bool) -> Iterator[Bounce]:
        """Of a Maildir: what is new; a report that was read moves to `cur`, marked as seen (maildir(5))."""
        for file in sorted((folder / "new").iterdir())[-LOOKED_AT_MAX:]:
            if dry or file.name in self._seen:
                continue
            with file.open("rb") as stream:
                bounce = bounces.read(stream.read(bounces.BYTES_MAX))
            self._seen.add(file.name)
            if bounce is not None:
                file.rename(folder / "cur" / f"{file.name.partition(':')[0]}:2,S")
                yield bounce

    def _in_mailbox(
        self, made: socket.socket, host: str, scheme: str, folder: str, token: str, dry: bool
    ) -> list[Bounce]:
        with made:
            if scheme == "imaps":
                made = self.context.wrap_socket(made, server_hostname=host)
            with Handed(made) as box:
                if token:
                    words = initial_response("xoauth2", self.login.username, token, host, 0)
                    box.authenticate("XOAUTH2", lambda _: base64.b64decode(words))
                else:
                    box.login(self.login.username, self.login.password)
                quoted = folder.replace("\\", "\\\\").replace('"', '\\"')
                _check(box.select(f'"{quoted}"'))
                return [] if dry else list(self._unread(box))

    def _unread(self, box: imaplib.IMAP4) -> Iterator[Bounce]:
        """Heads first: a mailbox that people use is not read, but for what its head calls a report."""
        (listed,) = _check(box.uid("SEARCH", "UNSEEN"))
        fresh = [name for name in (listed or b"").decode().split() if name not in self._seen][-LOOKED_AT_MAX:]
        if not fresh:
            return
        for row in _check(box.uid("FETCH", ",".join(fresh), _FIELDS)):
            found = _UID.search(row[0]) if isinstance(row, tuple) else None
            if found and _REPORT.search(row[1]):
                name = found[1].decode()
                parts = _check(box.uid("FETCH", name, f"(BODY.PEEK[]<0.{bounces.BYTES_MAX}>)"))
                bounce = next((bounces.read(part[1]) for part in parts if isinstance(part, tuple)), None)
                if bounce is not None:
                    _check(box.uid("STORE", name, "+FLAGS", "(\\Seen)"))
                    yield bounce
        self._seen.update(fresh)


def _check(answer: tuple[str, list]) -> list:  # type: ignore[type-arg]
    """The rows of an answer. IMAP4.error, with the server's words, where it is a refusal."""
    if answer[0] != "OK":
        raise imaplib.IMAP4.error(
            b" ".join(row for row in answer[1] if isinstance(row, bytes)).decode("utf-8", "replace")
        )
    return answer[1]


def is_mailbox(where: str) -> bool:
    """Is it a mailbox at a provider, not a folder?"""
    return urlsplit(where).scheme in PORTS


def checked(where: str) -> str:
    """The place as it is configured. ValueError where it cannot be one."""
    if where.startswith("/") or not where:
        return where
    place = urlsplit(where)
    if place.scheme not in PORTS or not place.hostname or place.username or place.query:
        raise ValueError('write the full path of a Maildir, or a mailbox such as "imaps://imap.example.org/INBOX"')
    if place.scheme == "imap" and place.hostname not in LOOPBACK:
        raise ValueError("imap:// is for loopback only; write imaps://")
    return where
