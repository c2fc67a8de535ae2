"""Mail to one smart host: implicit TLS or required STARTTLS, one recipient a delivery, threads by story.

What the host says decides: 4xx is tried again, 5xx is final for this recipient, and a connection that dies after the
final dot leaves the outcome unknown (RFC 5321 section 4.5.3.2.6; its timeouts are those below).
"""

from __future__ import annotations

import hashlib
import ssl
import time
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, formataddr, parseaddr
from typing import Literal

import aiosmtplib
from pydantic import Field, field_validator, model_validator

from monitor.channels import Common, Tools
from monitor.core import messages
from monitor.core.messages.words import shown
from monitor.model import Destination, Parcel, Receipt

GREETING_TIMEOUT_S = 60.0
COMMAND_TIMEOUT_S = 120.0
DATA_TIMEOUT_S = 600.0
AUTH_FAILURES_MAX = 3
PART_CHARS_MAX = 120_000
LOOPBACK = ("127.0.0.1", "::1", "localhost")


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

    def __init__(self, settings: Settings, password: str, context: ssl.SSLContext | None = None) -> None:
        """`context` verifies the host's certificate; tests hand in one that knows their authority."""
        self._settings = settings
        self._password = password
        self._context = context or ssl.create_default_context()
        self._auth_failures = 0

    async def send(self, parcel: Parcel) -> Receipt:
        """One attempt."""
        began = time.monotonic()
        message = compose(self._settings, parcel)
        smtp = aiosmtplib.SMTP(
            hostname=self._settings.host, port=self._settings.port, timeout=GREETING_TIMEOUT_S,
            use_tls=self._settings.tls == "implicit", start_tls=False, tls_context=self._context,
        )  # fmt: skip
        try:
            receipt = await self._deliver(smtp, message, parcel.delivery.recipient)
        finally:
            smtp.close()
        return Receipt(
            receipt.outcome, receipt.detail, receipt.status, disable=receipt.disable,
            elapsed_s=time.monotonic() - began,
        )  # fmt: skip

    async def _deliver(self, smtp: aiosmtplib.SMTP, message: EmailMessage, recipient: str) -> Receipt:
        try:
            await smtp.connect()
            if self._settings.tls == "starttls":
                await smtp.starttls(tls_context=self._context, timeout=COMMAND_TIMEOUT_S)
            if self._settings.username:
                await smtp.login(self._settings.username, self._password, timeout=COMMAND_TIMEOUT_S)
                self._auth_failures = 0
            await smtp.mail(parseaddr(self._settings.sender)[1], timeout=COMMAND_TIMEOUT_S)
            await smtp.rcpt(recipient, timeout=COMMAND_TIMEOUT_S)
        except aiosmtplib.SMTPAuthenticationError as error:
            return self._unauthorised(error)
        except aiosmtplib.SMTPResponseException as error:
            return _answered(error)
        except (TimeoutError, aiosmtplib.SMTPException, OSError, ValueError) as error:
            return Receipt("retry", _told(error))
        try:
            code, answer = await smtp.data(message.as_bytes(policy=SMTP_POLICY), timeout=DATA_TIMEOUT_S)
        except aiosmtplib.SMTPResponseException as error:
            return _answered(error)
        except (TimeoutError, aiosmtplib.SMTPException, OSError) as error:
            return Receipt("unknown", f"no answer after the message: {_told(error)}")
        return Receipt("delivered", shown(f"{code} {answer}", 200), code)

    def _unauthorised(self, error: aiosmtplib.SMTPAuthenticationError) -> Receipt:
        self._auth_failures += 1
        told = shown(f"the host refused the login: {error.code}", 200)
        if error.code < 500:
            return Receipt("retry", told, error.code)
        return Receipt("retry", told, error.code, disable=self._auth_failures >= AUTH_FAILURES_MAX)

    async def close(self) -> None:
        """Each message had its own connection."""


def _told(error: BaseException) -> str:
    return shown(f"{type(error).__name__}: {error}", 300).rstrip(": ")


def _answered(error: aiosmtplib.SMTPResponseException) -> Receipt:
    """4yz may pass, 5yz will not (RFC 5321 section 4.2.1)."""
    told = shown(f"{error.code} {error.message}", 300)
    return Receipt("refused" if 500 <= error.code < 600 else "retry", told, error.code)


def _message_id(name: str, settings: Settings) -> str:
    return f"<{name}@{parseaddr(settings.sender)[1].rpartition('@')[2]}>"


def compose(settings: Settings, parcel: Parcel) -> EmailMessage:
    """The message of one delivery: the same bytes for every attempt."""
    alert, delivery = parcel.alert, parcel.delivery
    message = EmailMessage()
    message["From"] = formataddr(parseaddr(settings.sender)) if parseaddr(settings.sender)[0] else settings.sender
    message["To"] = delivery.recipient
    message["Subject"] = messages.subject(alert)
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
    if stop := parcel.links.get("unsubscribe"):
        message["List-Unsubscribe"] = f"<{stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Monitor-Verdict"] = alert.verdict or alert.kind
    message["X-Monitor-Alert"] = alert.id
    message.set_content(messages.text(alert, parcel.links)[:PART_CHARS_MAX], cte="quoted-printable")
    message.add_alternative(messages.html(alert, parcel.links)[:PART_CHARS_MAX], subtype="html", cte="quoted-printable")
    # The boundary is derived, not drawn, so that every attempt sends the same bytes.
    message.set_boundary(f"=_{delivery.id}")
    return message
