"""Mail to one smart host: implicit TLS or required STARTTLS, one recipient a delivery, threads by story.

What the host says decides: 4xx is tried again, 5xx is final for this recipient, and a connection that dies after the
final dot leaves the outcome unknown (RFC 5321 section 4.5.3.2.6; its timeouts are those below).
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from email.utils import getaddresses, parseaddr
from functools import cache
from typing import Literal

import aiosmtplib
from pydantic import Field, field_validator, model_validator

from monitor.channels import Common, Tools
from monitor.channels.email import hello, returns
from monitor.channels.email.login import UNKNOWN, Login, NoWayIn, TokenCommand, command_words, one_token
from monitor.channels.email.mime import as_sent, compose
from monitor.core.delivery.messages.words import shown
from monitor.errors import ChannelError
from monitor.model import Bounce, Delivery, Destination, Receipt, SendRequest

REFUSALS_MAX = 3  # refused logins until the channel is switched off; set here: under any host's lockout
BARRED_S = 10.0  # seconds after that in which what is under way asks no more; set here: a turn of the dispatcher
AUTH_REFUSED = "the host refused the login"
ONE_ADDRESS = re.compile(r"[!-+\--:=?-\[\]-~]+@[!-+\--:=?A-\[\]-~]+")  # printable ASCII but for , ; < > and \
LOOPBACK = ("127.0.0.1", "::1", "localhost")
# Characters of the host's own words that are kept; set here: a reply line of RFC 5321 has at most 512.
WORDS_CHARS_MAX = 200


@dataclass(frozen=True, slots=True)
class Limits:
    """How long the host may take, in seconds: to greet, for a command, and for its answer to the final dot."""

    greeting_s: float = 60.0
    command_s: float = 120.0
    data_s: float = 600.0
    quit_s: float = 5.0


class Settings(Common):
    """`type = "email"`: the smart host, how to log in, and who gets mail."""

    host: str
    """The mail host that takes our mail (smart host)."""
    port: int = Field(default=465, ge=1, le=65535)
    """465 for `implicit`, 587 for `starttls`."""
    tls: Literal["implicit", "starttls", "none"] = "implicit"
    """`none` on loopback only."""
    username: str = ""
    """For the login; empty: no login."""
    password_env: str = ""
    """The variable with the password."""
    password_file: str = ""
    """The file with it."""
    token_command: tuple[str, ...] = ()
    """A program that prints an OAuth access token (Microsoft 365, Gmail)."""
    token_file: str = ""
    """A file that another program keeps an access token in."""
    hello: str = ""
    """Our name to the host; else the machine's full name, or its address."""
    unsubscribe: str = ""
    """A mail address that takes unsubscriptions, where there is no https page; else the contact's."""
    sender: str = Field(alias="from")
    """Whom mails come from."""
    return_path: str = ""
    """The address that hosts send back to what they cannot deliver; else `from`."""
    bounces: str = ""
    """Where that arrives: the full path of a Maildir, or `imaps://HOST/FOLDER`, by the login that sends."""
    to: tuple[str, ...] = Field(min_length=1, max_length=200)
    """Recipients, one address an item, each with its own outcome."""
    subject: Literal["headline", "story"] = "headline"
    """`headline`, or `story`: the same for all of a story, which Gmail needs to thread."""

    @field_validator("hello")
    @classmethod
    def _name(cls, value: str) -> str:
        if value and not hello.is_name(value):
            raise ValueError('write a full name such as "monitor.example.org", or an address such as "[192.0.2.1]"')
        return value

    @field_validator("token_command", mode="before")
    @classmethod
    def _command(cls, value: object) -> object:
        return command_words(value) if isinstance(value, str) else value

    _place = field_validator("bounces")(returns.checked)

    @field_validator("sender", "to", "unsubscribe", "return_path")
    @classmethod
    def _addresses(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for address in (value,) if isinstance(value, str) else value:
            if not address and value == "":
                continue
            if len(getaddresses([address.replace(";", ",")])) > 1:
                raise ValueError(f"{address!r} is more than one address; write one address an item of the list")
            name, plain = parseaddr(address)
            if (
                not address.strip().endswith((plain, f"<{plain}>"))
                or plain.count("@") != 1
                or not ONE_ADDRESS.fullmatch(plain)
                or "\n" in name
                or "@" in name
            ):
                raise ValueError(f"{address!r} is no mail address")
        return value

    @model_validator(mode="after")
    def _plain_only_here(self) -> Settings:
        if self.tls == "none" and self.host not in LOOPBACK:
            raise ValueError('tls = "none" is for loopback only; write "implicit" or "starttls"')
        if sum(map(bool, (self.password_env, self.password_file, self.token_command, self.token_file))) > 1:
            raise ValueError("write one of password_env, password_file, token_command and token_file")
        if (self.token_command or self.token_file) and not self.username:
            raise ValueError("a token needs username: the address of the mailbox")
        return self

    def destinations(self) -> tuple[Destination, ...]:
        """Every recipient."""
        return tuple(self.destination(parseaddr(address)[1]) for address in self.to)


def open_channel(settings: Settings, tools: Tools) -> EmailChannel:
    """A channel to the smart host; ConfigError where the password is missing."""
    password = tools.secret(settings.password_env, settings.password_file, "password")
    stop_at = settings.unsubscribe or tools.mailbox or settings.sender
    channel = EmailChannel(settings, password, tools.tls, stop_at=stop_at, connected=tools.connected)
    if settings.bounces and tools.connected and tools.tls:
        channel.returns = returns.Returns(settings.bounces, channel.login, tools.tls, tools.connected)
    if settings.token_file:
        tools.secret("", settings.token_file, "token")  # it may come later than we do, but not with open doors

        async def token() -> str:
            found = await asyncio.to_thread(tools.secret, "", settings.token_file, "token")
            return one_token(found, "token_file has")

        channel.login.token = token
    return channel


@cache
def _machine() -> str:
    """The machine's name as it stands: looking it up in the DNS may take a minute, and says no more."""
    return socket.gethostname()


class EmailChannel:
    """Sends one message a connection."""

    def __init__(
        self, settings: Settings, password: str, context: ssl.SSLContext | None = None, limits: Limits | None = None,
        stop_at: str = "", connected: Callable[[str, int], Awaitable[socket.socket]] | None = None,
    ) -> None:  # fmt: skip
        """`context` verifies the host's certificate; `stop_at` takes mails that unsubscribe; `connected` dials."""
        self._settings = settings
        self._connected = connected
        self._stop_at = stop_at
        self._context = context or ssl.create_default_context()
        self._limits = limits or Limits()
        self._command = TokenCommand(settings.token_command) if settings.token_command else None
        self.login = Login(settings.username, password, settings.port, self._command)
        self._refusals = 0
        self._presented = 0
        self._refusal: aiosmtplib.SMTPAuthenticationError | None = None
        self._barred_until_s = 0.0
        self._trusted = False
        self._asking = asyncio.Lock()
        self.returns: returns.Returns | None = None

    async def send(self, send_request: SendRequest) -> Receipt:
        began = time.monotonic()
        of_story, stop_at = self._settings.subject == "story", parseaddr(self._stop_at)[1]
        message = as_sent(compose(send_request, self._settings.sender, of_story=of_story, stop_at=stop_at))
        smtp = self._smtp()
        try:
            receipt = await self._deliver(smtp, message, send_request)
            if receipt.status and smtp.is_connected:  # who answers is told good-bye (RFC 5321, 4.1.1.10)
                with contextlib.suppress(*FAILURES):
                    await smtp.quit(timeout=self._limits.quit_s)
        finally:
            smtp.close()
        request = (
            f"{len(message)} bytes to {send_request.delivery.recipient} by {self._settings.host}:{self._settings.port}"
        )
        return replace(receipt, elapsed_s=time.monotonic() - began, request=request)

    async def _deliver(self, smtp: aiosmtplib.SMTP, message: bytes, send_request: SendRequest) -> Receipt:
        command_s, delivery = self._limits.command_s, send_request.delivery
        try:
            await self._open(smtp)
        except aiosmtplib.SMTPAuthenticationError as error:
            return self._unauthorised(error, delivery)
        except FAILURES as error:  # whatever the host says before it knows the recipient is not about the recipient
            return Receipt("retry", _told(error), getattr(error, "code", None))
        try:
            await smtp.mail(parseaddr(self._settings.return_path or self._settings.sender)[1], timeout=command_s)
            await _name(smtp, delivery.recipient, command_s)
            ready = await smtp.execute_command(b"DATA", timeout=command_s)
            if ready.code != aiosmtplib.SMTPStatus.start_input or smtp.protocol is None:
                raise aiosmtplib.SMTPDataError(ready.code, ready.message)
            smtp.protocol.write(message)
        except aiosmtplib.SMTPResponseException as error:
            return _answered(error.code, error.message)
        except FAILURES as error:
            return Receipt("retry", _told(error))
        # Only from the final dot on may a copy have been taken without our knowing.
        if not await send_request.hand_over():
            return Receipt("retry", "another sender has taken over")
        try:
            answer = await smtp.execute_command(b".", timeout=self._limits.data_s)
        except FAILURES as error:
            return Receipt("unknown", f"no answer after the message: {_told(error)}")
        if 200 <= answer.code < 300:
            return Receipt("delivered", shown(f"{answer.code} {answer.message}", 200), answer.code)
        return _answered(answer.code, answer.message)

    async def _open(self, smtp: aiosmtplib.SMTP) -> None:
        """Connect, secure the connection, log in: in this order, and never a later step without the earlier one."""
        await self._connect(smtp)
        command_s = self._limits.command_s
        smtp.local_hostname = hello.own_name(self._settings.hello, _machine(), smtp.get_transport_info("sockname"))
        await _greet(smtp, command_s)
        if self._settings.tls == "starttls":
            try:
                await smtp.starttls(tls_context=self._context, timeout=command_s)
            except FAILURES as error:
                raise aiosmtplib.SMTPException(
                    f"tls: the host does not secure the connection: {_told(error)}"
                ) from error
            await _greet(smtp, command_s)
        if self._settings.username:
            await self._log_in(smtp)

    async def _connect(self, smtp: aiosmtplib.SMTP) -> None:
        """Whichever address of the host answers first, within the time that its greeting has too."""
        if self._connected is None:
            await smtp.connect(port=self._settings.port)
            return
        async with asyncio.timeout(self._limits.greeting_s):
            made = await self._connected(self._settings.host, self._settings.port)
        await smtp.connect(sock=made)

    async def _log_in(self, smtp: aiosmtplib.SMTP) -> None:
        """Until the host has taken the password, one asks for all: who waited takes a refusal as its own."""
        if self._trusted:
            return await self._ask(smtp)
        known = self._refusal
        async with self._asking:
            if self._refusal and (self._refusal is not known or time.monotonic() < self._barred_until_s):
                raise self._refusal
            return await self._ask(smtp)

    async def _ask(self, smtp: aiosmtplib.SMTP) -> None:
        """One round: the methods that the host offers, until it takes one; it counts as one refusal.

        A secret is presented at most three times in all until the channel is switched off, however many methods.
        """
        methods = self.login.methods(smtp.server_auth_methods)
        for place, method in enumerate(methods):
            if self._presented >= REFUSALS_MAX and self._refusal:
                break
            try:
                await self.login.present(smtp, method, self._limits.command_s)
            except aiosmtplib.SMTPAuthenticationError as error:
                last = place == len(methods) - 1
                self._note(error)
                if error.code < 500 or not (smtp.is_connected and not last):
                    break
            else:
                self._trusted, self._refusal, self._refusals, self._presented = True, None, 0, 0
                return
        assert self._refusal is not None
        self._refusals += self._refusal.code >= 500
        raise self._refusal

    def _note(self, error: aiosmtplib.SMTPAuthenticationError) -> None:
        """Keep the first refusal of a round that says why; a method that the host does not know says nothing."""
        self._trusted, self._refusal = False, error
        self._presented += error.code >= 500 and error.code not in UNKNOWN
        if self._command:
            self._command.forget()

    def _unauthorised(self, error: aiosmtplib.SMTPAuthenticationError, delivery: Delivery) -> Receipt:
        """Three refusals switch the channel off; the delivery remembers them where a new process asks each time."""
        words = self.login.without_secrets(error.message)
        told = shown(f"{AUTH_REFUSED}: {error.code} {words}", WORDS_CHARS_MAX)
        if error.code < 500:
            return Receipt("retry", told, error.code)
        before = delivery.attempts if delivery.error.startswith(AUTH_REFUSED) else 0
        self._refusals = max(self._refusals, before + 1)
        final = self._refusals >= REFUSALS_MAX
        if final:  # what is on its way asks no more; who switches the channel on again has three more
            self._refusals, self._presented, self._barred_until_s = 0, 0, time.monotonic() + BARRED_S
        return Receipt("retry", told, error.code, disable=final)

    async def probe(self) -> str:
        """Connect, secure the connection, log in, hang up; what fails, or ""."""
        smtp = self._smtp()
        try:
            await self._open(smtp)
            with contextlib.suppress(*FAILURES):
                await smtp.quit(timeout=self._limits.quit_s)
        except aiosmtplib.SMTPAuthenticationError as error:
            return shown(f"{AUTH_REFUSED}: {error.code} {self.login.without_secrets(error.message)}", WORDS_CHARS_MAX)
        except FAILURES as error:
            return _told(error)
        finally:
            smtp.close()
        try:
            await self.returned(dry=True)
        except ChannelError as error:
            return str(error)
        return ""

    async def returned(self, *, dry: bool = False) -> list[Bounce]:
        """Mails that came back; `dry` only tries whether that can be seen."""
        try:
            return await self.returns.look(dry=dry) if self.returns else []
        except FAILURES as error:
            raise ChannelError(f"{self._settings.id}, bounces: {_told(error)}") from error

    def _smtp(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._settings.host, timeout=self._limits.greeting_s,
            use_tls=self._settings.tls == "implicit", start_tls=False, tls_context=self._context,
            local_hostname=hello.own_name(self._settings.hello, _machine(), None),
        )  # fmt: skip

    async def close(self) -> None:
        """Each message had its own connection."""


FAILURES = (TimeoutError, aiosmtplib.SMTPException, OSError, ValueError)


async def _greet(smtp: aiosmtplib.SMTP, command_s: float) -> None:
    """EHLO; HELO where the host does not know it (RFC 5321, 3.2: "a client SHOULD")."""
    try:
        await smtp.ehlo(timeout=command_s)
    except aiosmtplib.SMTPHeloError as error:
        if error.code not in hello.EHLO_UNKNOWN or not smtp.is_connected:
            raise
        await smtp.helo(timeout=command_s)


async def _name(smtp: aiosmtplib.SMTP, recipient: str, command_s: float) -> None:
    """RCPT; any 2yz takes the recipient (RFC 5321, 4.2.1), also "252 cannot verify, will try"."""
    try:
        await smtp.rcpt(recipient, timeout=command_s)
    except aiosmtplib.SMTPRecipientRefused as error:
        if not 200 <= error.code < 300:
            raise


def _told(error: BaseException) -> str:
    named = "" if isinstance(error, NoWayIn) else f"{type(error).__name__}: "
    return shown(f"{named}{error}", 300).rstrip(": ")


def _answered(code: int, message: str) -> Receipt:
    """4yz may pass, 5yz will not (RFC 5321 section 4.2.1), but for what is about us: our name, our turn."""
    final = 500 <= code < 600 and not hello.is_about_us(code, message)
    return Receipt("refused" if final else "retry", shown(f"{code} {message}", 300), code)
