"""Logging in to a mail host: the methods it offers, in the order in which they are likely to work.

PLAIN and LOGIN come first: the connection is secured, or loopback, and hosts advertise CRAM-MD5 that keep no password
it could be computed from (as smtplib has it: "some servers advertise authentication methods they don't really
support"). Microsoft 365 and Gmail take a token in place of a password: XOAUTH2, or OAUTHBEARER (RFC 7628).
"""

from __future__ import annotations

import asyncio
import base64
import shlex
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import aiosmtplib

PASSWORD_METHODS = ("plain", "login", "cram-md5")
TOKEN_METHODS = ("xoauth2", "oauthbearer")
# Seconds that a token is used before the command is asked for another. Set here: tokens last an hour or so (Microsoft:
# 60 to 90 minutes), the command may cost a request, and one that was refused is dropped at once.
TOKEN_KEPT_S = 300.0
# Seconds that the command may take. Set here: it is a request to a login service, or a read of a cache.
COMMAND_S = 30.0
# Bytes of the command's output that are read. Set here: tokens have 1 to 4 KiB.
OUTPUT_BYTES_MAX = 64 * 1024
UNKNOWN = (500, 501, 502, 503, 504)  # replies to a command that the host does not know or take (RFC 5321, 4.2.4)


class NoWayIn(aiosmtplib.SMTPException):
    """The host offers nothing that this channel could log in with, or the token could not be had."""


@dataclass(slots=True)
class Login:
    """Who logs in, and with what: a password, or a token that is asked for when it is needed."""

    username: str
    password: str = field(default="", repr=False)
    port: int = 0
    token: Callable[[], Awaitable[str]] | None = None
    _spoken: tuple[str, ...] = field(default=(), repr=False)

    def without_secrets(self, words: str, *more: str) -> str:
        """A host's own words, but for a secret that it echoes, as it stands or as it went over the line."""
        plain = f"\0{self.username}\0{self.password}"
        coded = [base64.b64encode(text.encode()).decode() for text in (self.password, plain)] if self.password else []
        for secret in sorted({self.password, *coded, *self._spoken, *more} - {""}, key=len, reverse=True):
            words = words.replace(secret, "…").replace(secret.rstrip("="), "…")
        return words

    def methods(self, offered: Sequence[str]) -> list[str]:
        """The methods to try, best first. NoWayIn where the host offers none of them: what it offers, what to do."""
        usable = [name for name in (TOKEN_METHODS if self.token else PASSWORD_METHODS) if name in offered]
        if usable:
            return usable[:1] if self.token else usable
        names = ", ".join(sorted({name.upper() for name in offered}))
        if not names:
            raise NoWayIn(
                "the host offers no way to log in on this connection; leave username out, or change tls or port"
            )
        if not self.token and set(offered) & set(TOKEN_METHODS):
            raise NoWayIn(
                f"the host takes no password, it offers {names} (OAuth): set token_command or token_file, or send "
                "through a relay that takes a password"
            )
        wanted = "password" if self.token else "token"
        raise NoWayIn(f"the host offers no way to log in but {names}; it may take a {wanted}")

    async def present(self, smtp: aiosmtplib.SMTP, method: str, timeout_s: float) -> None:
        """One method. SMTPAuthenticationError where the host refuses."""
        if self.token is None:
            if method == "cram-md5":
                await smtp.auth_crammd5(self.username, self.password, timeout=timeout_s)
            else:
                await self._by_turns(smtp, method, timeout_s)
            return
        token = await self.token()
        words = initial_response(method, self.username, token, str(smtp.hostname), self.port)
        self._spoken = (token, words.decode())
        answer = await smtp.execute_command(b"AUTH", method.upper().encode(), words, timeout=timeout_s)
        if answer.code == aiosmtplib.SMTPStatus.auth_continue:  # its error as JSON; an empty line asks for the verdict
            answer = await smtp.execute_command(b"" if method == "xoauth2" else b"AQ==", timeout=timeout_s)
        if answer.code != aiosmtplib.SMTPStatus.auth_successful:
            raise aiosmtplib.SMTPAuthenticationError(answer.code, answer.message)

    async def _by_turns(self, smtp: aiosmtplib.SMTP, method: str, timeout_s: float) -> None:
        """PLAIN or LOGIN, each word when it is asked for: old hosts take none beside the command, or pass it over."""
        plain = base64.b64encode(f"\0{self.username}\0{self.password}".encode())
        words = [base64.b64encode(word.encode()) for word in (self.username, self.password)]
        first, words = ((b"PLAIN", plain), [plain]) if method == "plain" else ((b"LOGIN",), words)
        answer = await smtp.execute_command(b"AUTH", *first, timeout=timeout_s)
        for word in words:
            if answer.code == aiosmtplib.SMTPStatus.auth_continue:
                answer = await smtp.execute_command(word, timeout=timeout_s)
        if answer.code != aiosmtplib.SMTPStatus.auth_successful:
            raise aiosmtplib.SMTPAuthenticationError(answer.code, answer.message)


def initial_response(method: str, username: str, token: str, host: str, port: int) -> bytes:
    """The first and only words of XOAUTH2 (Google's and Microsoft's protocol) and of OAUTHBEARER (RFC 7628, 3.1)."""
    if method == "oauthbearer":
        words = f"n,a={username},\x01host={host}\x01port={port}\x01auth=Bearer {token}\x01\x01"
    else:
        words = f"user={username}\x01auth=Bearer {token}\x01\x01"
    return base64.b64encode(words.encode())


@dataclass(slots=True)
class TokenCommand:
    """A program that prints an access token: run without a shell, its answer kept for a while."""

    words: tuple[str, ...]
    _token: str = field(default="", repr=False)
    _until_s: float = 0.0

    async def __call__(self) -> str:
        """The token. NoWayIn where the program fails, hangs, or prints none."""
        if self._token and time.monotonic() < self._until_s:
            return self._token
        self._token, self._until_s = await self._run(), time.monotonic() + TOKEN_KEPT_S
        return self._token

    def forget(self) -> None:
        """It was refused: ask for another."""
        self._token = ""

    async def _run(self) -> str:
        name = self.words[0]
        try:
            process = await asyncio.create_subprocess_exec(
                *self.words, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
        except OSError as error:
            raise NoWayIn(f"token_command {name}: {error.strerror}") from error
        assert process.stdout is not None
        try:
            async with asyncio.timeout(COMMAND_S):
                printed = await process.stdout.read(OUTPUT_BYTES_MAX)
                status = await process.wait()
        except TimeoutError as error:
            raise NoWayIn(f"token_command {name} took over {COMMAND_S:.0f} seconds") from error
        finally:
            if process.returncode is None:
                process.kill()
        token = printed.decode("utf-8", "replace").strip()
        if status:
            raise NoWayIn(f"token_command {name} ended with {status}")
        return one_token(token, f"token_command {name} printed")


def one_token(text: str, where: str) -> str:
    """The token, checked: one word of visible ASCII, as RFC 6750 has it. NoWayIn beginning with `where`."""
    if not text or not all("!" <= character <= "~" for character in text):
        raise NoWayIn(f"{where} no token: one word of plain characters is one")
    return text


def command_words(text: str) -> tuple[str, ...]:
    """The words of a command as a shell would split them; ValueError where a quote is open."""
    return tuple(shlex.split(text))
