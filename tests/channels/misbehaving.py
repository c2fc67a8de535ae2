"""Peers that misbehave on command, on real sockets: an SMTP host and a webhook receiver; and certificates for them.

Each connection (SMTP) or request (HTTP) takes the next script of the list; the last script serves all that follow.
"""

from __future__ import annotations

import asyncio
import datetime
import functools
import gzip
import ipaddress
import ssl
import struct
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import format_datetime
from pathlib import Path
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HANG_S = 30.0
JUMP_S = 3600.0
DAY = datetime.timedelta(days=1)
EHLO = "250-host.example\r\n250-SIZE 33554432\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME"
USUAL = {
    "greeting": "220 host.example ready", "ehlo": EHLO, "starttls": "220 go on", "auth": "235 welcome",
    "mail": "250 fine", "rcpt": "250 fine", "data": "354 go on", "dot": "250 kept", "quit": "221 bye", "rset": "250 ok",
}  # fmt: skip


@functools.cache
def contexts() -> dict[str, ssl.SSLContext]:
    """TLS contexts by name: "client" trusts our authority; "good", "expired", "stranger" and "other" serve."""
    folder = Path(tempfile.mkdtemp())
    authority_key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    authority = _certificate("Test authority", authority_key, None, authority_key, now - DAY, now + DAY, "")
    made = {"client": ssl.create_default_context(cadata=_pem(authority))}
    for name, address, until in (
        ("good", "127.0.0.1", now + DAY), ("expired", "127.0.0.1", now - DAY), ("other", "192.0.2.1", now + DAY),
        ("stranger", "127.0.0.1", now + DAY),
    ):  # fmt: skip
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = None if name == "stranger" else authority
        signer = key if name == "stranger" else authority_key
        leaf = _certificate(f"The {name}", key, issuer, signer, now - 2 * DAY, until, address)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (folder / name).write_bytes(_pem(leaf).encode() + private)
        made[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made[name].load_cert_chain(folder / name)
    return made


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


CA_USAGES = ("key_cert_sign", "crl_sign")
USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "encipher_only", "decipher_only", *CA_USAGES,
)  # fmt: skip


def _certificate(
    name: str, key: Any, issuer: x509.Certificate | None, signer: Any, since: datetime.datetime,
    until: datetime.datetime, address: str,
) -> x509.Certificate:  # fmt: skip
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(since).not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=not address, path_length=None), critical=True)
    )  # fmt: skip
    # Key identifiers and usage: Python 3.13 checks certificates by the letter of RFC 5280.
    usage = dict.fromkeys(USAGES, False) | dict.fromkeys(("digital_signature",) if address else CA_USAGES, True)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    builder = builder.add_extension(x509.KeyUsage(**usage), critical=True)
    builder = builder.add_extension(identifier, critical=False).add_extension(authority, critical=False)
    if address:
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(signer, hashes.SHA256())


class Ended(Exception):
    """The script ended the connection."""


async def outwait() -> None:
    """Let the loop's clock jump ahead by `JUMP_S`: whoever waits for an answer has waited too long.

    A limit of some hundredths of a second would do for the hang, and would fail where the machine stalls as long.
    """
    await asyncio.sleep(0.01)  # who asked sets its timer first
    loop = asyncio.get_running_loop()
    before = loop.time
    loop.time = lambda: before() + JUMP_S  # type: ignore[method-assign]


async def _act(action: str, writer: asyncio.StreamWriter) -> None:
    """Answer, or "hang", "outwait", "drop" (FIN), "reset" (RST), "flood"; "ANSWER|reset" answers first."""
    answer, _, then = action.rpartition("|") if "|" in action else (action, "", "")
    if answer in ("hang", "outwait", "drop", "reset", "flood", "drip"):
        answer, then = "", answer
    if answer:
        writer.write(answer.encode("latin-1") + b"\r\n")
        await writer.drain()
    if then == "outwait":
        await outwait()
    if then in ("hang", "outwait"):
        await asyncio.sleep(HANG_S)
        raise Ended
    if then == "drop":
        raise Ended
    if then == "reset":
        await asyncio.sleep(0.02)
        reset(writer)
        raise Ended
    if then == "flood":
        for _ in range(2000):
            writer.write(b"250-" + b"x" * 500 + b"\r\n")
            await writer.drain()
        raise Ended
    if then == "drip":
        await _drip(writer, b"")


def reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST instead of FIN."""
    writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@dataclass
class Server(ABC):
    """A listener on loopback that counts connections; `stop` ends what still hangs."""

    port: int = 0
    connections: int = 0
    open_now: int = 0
    open_most: int = 0
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    _server: asyncio.Server | None = None

    async def start(self, tls: ssl.SSLContext | None = None) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=tls, limit=1 << 25)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        self.connections += 1
        self.open_now += 1
        self.open_most = max(self.open_most, self.open_now)
        try:
            await self.serve(reader, writer)
        except (Ended, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass
        finally:
            self.open_now -= 1
            self._tasks.discard(task)
            writer.close()

    @abstractmethod
    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""

    async def stop(self) -> None:
        """Close; whatever hangs is ended."""
        if self._server:
            self._server.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@dataclass
class SmtpHost(Server):
    """A smart host. A script names what happens at a stage: see `USUAL` for the stages, `_act` for the actions.

    `by_recipient` are the answers to RCPT for an address, the last for all that follow. `dot_s` is how long the host
    thinks about a message; `starttls` the certificate offered after STARTTLS ("" offers none). A script's "inject" is
    sent in clear behind the answer to STARTTLS, as an attacker on the path would.
    """

    scripts: Sequence[Mapping[str, str]] = ({},)
    starttls: str = ""
    dot_s: float = 0.0
    by_recipient: Mapping[str, Sequence[str]] = field(default_factory=dict)
    messages: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    commands: list[tuple[str, bool]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One session."""
        script = self.scripts[min(self.connections, len(self.scripts)) - 1]
        usual = dict(USUAL)
        if self.starttls:
            usual["ehlo"] = EHLO.replace("250 8BITMIME", "250 STARTTLS")
        secure = writer.get_extra_info("ssl_object") is not None
        await _act(script.get("greeting", usual["greeting"]), writer)
        while line := await reader.readline():
            self.commands.append((line.decode("latin-1").strip(), secure))
            word = line.split()[0].decode("latin-1").lower() if line.split() else ""
            if word == "rcpt":
                self.recipients.append(line.decode().partition("<")[2].partition(">")[0])
            action = script.get(word, usual.get(word, "502 what?"))
            if word == "rcpt" and (answers := self.by_recipient.get(self.recipients[-1])):
                action = answers[min(self.recipients.count(self.recipients[-1]), len(answers)) - 1]
            if word == "starttls" and action.startswith("220"):
                secure = await self._upgrade(script, writer, action)
                usual["ehlo"] = EHLO
                continue
            await _act(action, writer)
            if word == "data" and action.startswith("354"):
                body = await reader.readuntil(b"\r\n.\r\n")
                self.messages.append(body[: -len(b".\r\n")])
                await asyncio.sleep(self.dot_s)
                await _act(script.get("dot", usual["dot"]), writer)
            if word == "quit":
                return

    async def _upgrade(self, script: Mapping[str, str], writer: asyncio.StreamWriter, action: str) -> bool:
        writer.write(action.encode() + b"\r\n" + script.get("inject", "").encode())
        await writer.drain()
        await writer.start_tls(contexts()[self.starttls], ssl_handshake_timeout=5)
        return True


Answer = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Hook(Server):
    """A webhook receiver; `scripts` are answers as raw bytes, or functions that write one."""

    scripts: Sequence[Answer] = (b"",)
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request; connections are not kept."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lines = head.split("\r\n")[1:-2]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.requests.append((headers, body))
        answer = self.scripts[min(len(self.requests), len(self.scripts)) - 1]
        if isinstance(answer, bytes):
            writer.write(answer)
            await writer.drain()
        else:
            await answer(writer)


def says(status: int, *headers: str, body: bytes = b"") -> bytes:
    """An answer with this status."""
    lines = [f"HTTP/1.1 {status} As you wish", f"content-length: {len(body)}", "connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def hangs(writer: asyncio.StreamWriter) -> None:
    """No answer at all."""
    await asyncio.sleep(HANG_S)


async def outwaits(writer: asyncio.StreamWriter) -> None:
    """No answer before whoever waits has given up."""
    await outwait()
    await hangs(writer)


async def too_late(writer: asyncio.StreamWriter) -> None:
    """200, after whoever waited has given up."""
    await outwait()
    await late(writer)


async def late(writer: asyncio.StreamWriter) -> None:
    """200, after .3 s."""
    await asyncio.sleep(0.3)
    writer.write(says(200))
    await writer.drain()


async def resets(writer: asyncio.StreamWriter) -> None:
    """RST instead of an answer."""
    reset(writer)


async def answers_then_resets(writer: asyncio.StreamWriter) -> None:
    """A whole 200, then RST."""
    writer.write(says(200))
    await writer.drain()
    await asyncio.sleep(0.05)
    reset(writer)


async def cuts(writer: asyncio.StreamWriter) -> None:
    """A body shorter than announced."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nshort")
    await writer.drain()


async def endless(writer: asyncio.StreamWriter) -> None:
    """A body that never ends, as fast as it goes."""
    writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    for _ in range(20_000):
        writer.write(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")
        await writer.drain()


async def endless_head(writer: asyncio.StreamWriter) -> None:
    """Headers that never end."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        writer.write(f"x-{number}: {'y' * 200}\r\n".encode())
        await writer.drain()


async def bomb(writer: asyncio.StreamWriter) -> None:
    """16 KiB that would unpack to 16 MiB."""
    writer.write(says(200, "content-encoding: gzip", body=gzip.compress(bytes(1 << 24))))
    await writer.drain()


async def drips_head(writer: asyncio.StreamWriter) -> None:
    """A header line that comes byte by byte and never ends."""
    await _drip(writer, b"HTTP/1.1 200 OK\r\nx: ")


async def drips_body(writer: asyncio.StreamWriter) -> None:
    """A body that comes byte by byte: each read is quick, the whole is not."""
    await _drip(writer, b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")


async def _drip(writer: asyncio.StreamWriter, head: bytes) -> None:
    """Byte by byte, beyond anybody's patience."""
    writer.write(head)
    for number in range(10_000):
        writer.write(b"2")
        await writer.drain()
        await (outwait() if number == 5 else asyncio.sleep(0.01))


def in_seconds(seconds: int) -> str:
    """An HTTP date so many seconds ahead, for Retry-After."""
    at = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)
    return format_datetime(at, usegmt=True)
