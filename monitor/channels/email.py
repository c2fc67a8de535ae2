"""Mail to one smart host: implicit TLS or required STARTTLS, one recipient a delivery, threads by story.

What the host says decides: 4xx is tried again, 5xx is final for this recipient, and a connection that dies after the
final dot leaves the outcome unknown (RFC 5321 section 4.5.3.2.6; its timeouts are those below).
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
import ssl
import time
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, formataddr, parseaddr
from typing import Literal

import aiosmtplib
from pydantic import Field, field_validator, model_validator

from monitor.channels import Common, Tools
from monitor.core.delivery import messages
from monitor.core.delivery.messages.words import shown
from monitor.model import Delivery, Destination, Receipt, SendRequest

REFUSALS_MAX = 3
BARRED_S = 10.0
AUTH_REFUSED = "the host refused the login"
AUTH_UNKNOWN = (500, 501, 502, 503, 504)
LOGIN_FIRST = 530
MESSAGE_BYTES_MAX = 256 * 1024
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long the host may take, in seconds: to greet, for a command, and for its answer to the final dot."""

    greeting_s: float = 60.0
    command_s: float = 120.0
    data_s: float = 600.0
    quit_s: float = 5.0


class AsWritten(EmailPolicy):
    """Headers of ids and addresses one to a line and never as encoded words, which their readers do not decode.

    The standard library encodes any word longer than a line: a one-click address would be no address any more.
    """

    _plain = frozenset(("message-id", "references", "in-reply-to", "list-id", "list-unsubscribe", "x-monitor-story"))

    def fold(self, name: str, value: str) -> str:
        """One header as text."""
        if name.lower() not in self._plain:
            return str(super().fold(name, value))
        return f"{name}:{self.linesep.join(f' {word}' for word in str(value).split())}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        """One header as bytes."""
        return self.fold(name, value).encode("ascii", "surrogateescape")


SMTP_POLICY = AsWritten(linesep="\r\n")


class Settings(Common):
    """`type = "email"`: the smart host, how to log in, and who gets mail."""

    host: str
    port: int = Field(default=465, ge=1, le=65535)
    tls: Literal["implicit", "starttls", "none"] = "implicit"
    username: str = ""
    password_env: str = ""
    password_file: str = ""
    sender: str = Field(alias="from")
    to: tuple[str, ...] = Field(min_length=1, max_length=200)
    subject: Literal["headline", "story"] = "headline"

    @field_validator("sender", "to")
    @classmethod
    def _addresses(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for address in (value,) if isinstance(value, str) else value:
            name, plain = parseaddr(address)
            if "@" not in plain or any(c in plain for c in "\r\n \t,;<>") or not plain.isascii() or "\n" in name:
                raise ValueError(f"{address!r} is no mail address")
        return value

    @model_validator(mode="after")
    def _plain_only_here(self) -> Settings:
        if self.tls == "none" and self.host not in LOOPBACK:
            raise ValueError('tls = "none" is for loopback only; write "implicit" or "starttls"')
        return self


def destinations(settings: Settings) -> tuple[Destination, ...]:
    """One per recipient: each has its own outcome."""
    return tuple(settings.destination(parseaddr(address)[1]) for address in settings.to)


def open_channel(settings: Settings, tools: Tools) -> EmailChannel:
    """A channel to the smart host; ConfigError where the password is missing."""
    if settings.password_env:
        password = tools.secret(settings.password_env, "", "password_env")
    else:
        password = tools.secret("", settings.password_file, "password_file")
    return EmailChannel(settings, password)


class EmailChannel:
    """Sends one message a connection."""

    def __init__(
        self, settings: Settings, password: str, context: ssl.SSLContext | None = None, limits: Limits | None = None
    ) -> None:
        """`context` verifies the host's certificate; tests hand in one that knows their authority."""
        self._settings = settings
        self._password = password
        self._context = context or ssl.create_default_context()
        self._limits = limits or Limits()
        self._refusals = 0
        self._refusal: aiosmtplib.SMTPAuthenticationError | None = None
        self._barred_until_s = 0.0
        self._trusted = False
        self._asking = asyncio.Lock()

    async def send(self, send_request: SendRequest) -> Receipt:
        """One attempt."""
        began = time.monotonic()
        message = as_sent(compose(self._settings, send_request))
        smtp = aiosmtplib.SMTP(
            hostname=self._settings.host, port=self._settings.port, timeout=self._limits.greeting_s,
            use_tls=self._settings.tls == "implicit", start_tls=False, tls_context=self._context,
        )  # fmt: skip
        try:
            receipt = await self._deliver(smtp, message, send_request)
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
            await smtp.mail(parseaddr(self._settings.sender)[1], timeout=command_s)
            await smtp.rcpt(delivery.recipient, timeout=command_s)
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
            with contextlib.suppress(*FAILURES):
                await smtp.quit(timeout=self._limits.quit_s)
            return Receipt("delivered", shown(f"{answer.code} {answer.message}", 200), answer.code)
        return _answered(answer.code, answer.message)

    async def _open(self, smtp: aiosmtplib.SMTP) -> None:
        """Connect, secure the connection, log in: in this order, and never a later step without the earlier one."""
        await smtp.connect()
        command_s = self._limits.command_s
        if self._settings.tls == "starttls":
            try:
                await smtp.starttls(tls_context=self._context, timeout=command_s)
            except FAILURES as error:
                raise aiosmtplib.SMTPException(
                    f"tls: the host does not secure the connection: {_told(error)}"
                ) from error
        await smtp.ehlo(timeout=command_s)
        if self._settings.username:
            await self._log_in(smtp)

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
        """One method, so that a wrong password counts once; the next only where the host does not know it."""
        methods = {"cram-md5": smtp.auth_crammd5, "plain": smtp.auth_plain, "login": smtp.auth_login}
        offered = [methods[name] for name in smtp.supported_auth_methods if name in methods]
        if not offered:
            raise aiosmtplib.SMTPException("the host offers no way to log in")
        for place, method in enumerate(offered):
            try:
                await method(self._settings.username, self._password, timeout=self._limits.command_s)
            except aiosmtplib.SMTPAuthenticationError as error:
                if error.code not in AUTH_UNKNOWN or place == len(offered) - 1:
                    self._trusted, self._refusal = False, error
                    self._refusals += error.code >= 500
                    raise
            else:
                self._trusted, self._refusal, self._refusals = True, None, 0
                return

    def _unauthorised(self, error: aiosmtplib.SMTPAuthenticationError, delivery: Delivery) -> Receipt:
        """Three refusals switch the channel off; the delivery remembers them where a new process asks each time."""
        told = shown(f"{AUTH_REFUSED}: {error.code}", 200)
        if error.code < 500:
            return Receipt("retry", told, error.code)
        before = delivery.attempts if delivery.error.startswith(AUTH_REFUSED) else 0
        self._refusals = max(self._refusals, before + 1)
        final = self._refusals >= REFUSALS_MAX
        if final:  # what is on its way asks no more; who switches the channel on again has three more
            self._refusals, self._barred_until_s = 0, time.monotonic() + BARRED_S
        return Receipt("retry", told, error.code, disable=final)

    async def close(self) -> None:
        """Each message had its own connection."""


FAILURES = (TimeoutError, aiosmtplib.SMTPException, OSError, ValueError)


def _told(error: BaseException) -> str:
    return shown(f"{type(error).__name__}: {error}", 300).rstrip(": ")


def _answered(code: int, message: str) -> Receipt:
    """4yz may pass, 5yz will not (RFC 5321 section 4.2.1), but for "log in first", which is about us."""
    final = 500 <= code < 600 and code != LOGIN_FIRST
    return Receipt("refused" if final else "retry", shown(f"{code} {message}", 300), code)


def _message_id(name: str, settings: Settings) -> str:
    return f"<{name}@{parseaddr(settings.sender)[1].rpartition('@')[2]}>"


def compose(settings: Settings, send_request: SendRequest) -> EmailMessage:
    """The message of one delivery: the same bytes for every attempt.

    A story is one thread: every message refers to the story's root, an id that no message has, and to the one before
    it. Programs that thread by References (RFC 5256, RFC 5322 section 3.6.4: Thunderbird, Apple Mail, mutt, K-9) put
    messages with a common missing ancestor together, or chain them by the one before. Gmail asks for references to
    the same id as well, but also for equal subjects: for its readers there is `subject = "story"`.
    """
    alert, delivery = send_request.alert, send_request.delivery
    message = EmailMessage()
    message["From"] = formataddr(parseaddr(settings.sender)) if parseaddr(settings.sender)[0] else settings.sender
    message["To"] = delivery.recipient
    message["Subject"] = messages.subject(alert, of_story=settings.subject == "story")
    message["Date"] = format_datetime(alert.at)
    message["Message-ID"] = _message_id(delivery.id, settings)
    if alert.story_id:
        root = hashlib.sha256(f"{alert.story_id}\n{delivery.recipient}".encode()).hexdigest()[:20]
        known = [_message_id(f"story-{root}", settings)]
        if delivery.previous_id:
            known.append(_message_id(delivery.previous_id, settings))
        message["References"] = " ".join(known)
        message["In-Reply-To"] = known[-1]
        domain = parseaddr(settings.sender)[1].rpartition("@")[2]
        message["List-ID"] = f"<{alert.story_id}.monitor.{domain}>"
        message["X-Monitor-Story"] = alert.story_id
    if stop := send_request.links.get("unsubscribe"):
        message["List-Unsubscribe"] = f"<{stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Monitor-Verdict"] = alert.verdict or alert.kind
    message["X-Monitor-Alert"] = alert.id
    bare = replace(alert, summary="", notes=(), items=(), also_reported_by=(), still_carrying=())
    for told, most in ((alert, 60), (alert, 20), (alert, 5), (alert, 1), (bare, 1)):
        message.clear_content()
        message.set_content(messages.text(told, send_request.links, most), cte="quoted-printable")
        message.add_alternative(messages.html(told, send_request.links, most), subtype="html", cte="quoted-printable")
        if len(as_sent(message)) <= MESSAGE_BYTES_MAX:
            break
    # The boundary is derived, not drawn, so that every attempt sends the same bytes.
    message.set_boundary(f"=_{delivery.id}")
    return message


def as_sent(message: EmailMessage) -> bytes:
    """The bytes between DATA and the final dot: CRLF only, and leading dots doubled (RFC 5321 section 4.5.2)."""
    raw = re.sub(rb"\r\n|\r|\n", b"\r\n", message.as_bytes(policy=SMTP_POLICY))
    return re.sub(rb"(?m)^\.", b"..", raw if raw.endswith(b"\r\n") else raw + b"\r\n")
