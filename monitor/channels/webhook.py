"""Webhooks by the Standard Webhooks specification 1.0: signed, one id for every attempt, redirects never followed.

2xx is success; 410 switches the channel off; anything else is tried again on the schedule, after Retry-After where the
endpoint names one. Chat services take the same alert in their own plain shape.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal

import httpx
from pydantic import field_validator, model_validator
from standardwebhooks.webhooks import Webhook

from monitor.channels import TOGETHER, Common, Tools
from monitor.core import http_times, urls
from monitor.core.delivery import messages
from monitor.core.delivery.messages.words import shown
from monitor.core.text import of_libraries
from monitor.errors import ConfigError
from monitor.model import Destination, Receipt, SendRequest

ANSWER_BYTES_MAX = 64 * 1024  # bytes read of an answer: nobody needs more to see what went wrong (set)
ANSWER_CHARS_KEPT = 300  # characters of it kept in the log of attempts (set)
TIMEOUT_S = 30.0  # seconds for an attempt in all: receivers are asked to answer within 15 to 30 (Standard Webhooks)
SECRET_BYTES_MIN = 24  # bytes of a signing secret: 24 to 64 (Standard Webhooks, signature scheme)
PREFIX = "whsec_"
# Private and public keys of the same standard, by which nothing is signed here (Standard Webhooks 1.0.0).
ASYMMETRIC = ("whsk_", "whpk_")
SECRET = re.compile(r"[A-Za-z0-9+/]+={0,2}")
URL_SAFE = str.maketrans("-_", "+/")


class Settings(Common):
    """`type = "webhook"`: an endpoint, its secrets (several while one is being rotated), and the shape it takes."""

    url: str = ""
    """Where to post to; one of url, url_env and url_file."""
    url_env: str = ""
    """The variable with the address, where the address is a secret."""
    url_file: str = ""
    """The file with the address."""
    secret_env: str | tuple[str, ...] = ""
    """The variable with the signing secret (`whsec_...`); several while rotating."""
    secret_file: str | tuple[str, ...] = ""
    """The file with it; several while rotating."""
    format: Literal["standard", "slack", "discord", "mattermost", "teams"] = "standard"
    """`standard`: the body of `monitor schema`; else the shape of a chat service."""

    @property
    def near(self) -> bool:
        """A program that reads the documented body may be; chats are read elsewhere."""
        return self.format == "standard"

    @field_validator("url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not urls.fetchable(value):
            raise ValueError("write an address that begins with http:// or https://")  # unquoted: it is a credential
        return value

    @model_validator(mode="after")
    def _one(self) -> Settings:
        if sum(map(bool, (self.url, self.url_env, self.url_file))) != 1:
            raise ValueError("write one of url, url_env and url_file: where to post to")
        return self

    def destinations(self) -> tuple[Destination, ...]:
        """The endpoint; a chat behind it is sent many alerts at once as one message, as the chats by name are."""
        chat = self.format in messages.SHAPES and "together" not in self.model_fields_set
        return (replace(self.destination(), together=TOGETHER) if chat else self.destination(),)


def open_channel(settings: Settings, tools: Tools) -> WebhookChannel:
    """A channel to the endpoint; ConfigError where a secret is missing or too short."""
    url = settings.url or secret_url(settings.url_env, settings.url_file, settings.id, tools)
    secrets = [tools.secret(name, "", "secret") for name in _several(settings.secret_env)]
    secrets += [tools.secret("", name, "secret") for name in _several(settings.secret_file)]
    settings = settings.model_copy(update={"url": url})
    return WebhookChannel(settings, [_signer(secret, settings.id) for secret in secrets], tools)


def secret_url(environment: str, file: str, channel_id: str, tools: Tools) -> str:
    """The address that `url_env` or `url_file` keeps: for many services it is the secret. It is never quoted."""
    url = tools.secret(environment, file, "url")
    if not urls.fetchable(url):
        key = "url_env" if environment else "url_file"
        raise ConfigError(f"channel {channel_id!r}: {key} {environment or file} holds no http or https address")
    return url


def _several(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) and value else tuple(value)


def _signer(secret: str, channel_id: str) -> Webhook:
    """The signer of a secret; base64url is read too, and anything else refused: the library would pass over it."""
    if secret.strip().startswith(ASYMMETRIC):
        raise ConfigError(f"channel {channel_id!r}: the secret is a key of a pair; give one that begins with {PREFIX}")
    key = secret.strip().removeprefix(PREFIX).translate(URL_SAFE)
    if not SECRET.fullmatch(key):
        begins = ' from "whsec_" on, without "v1,"' if key.startswith("v1") else ""
        raise ConfigError(f"channel {channel_id!r}: the secret is no whsec_ followed by base64; write it{begins} whole")
    bare = key.rstrip("=")
    try:
        signer = Webhook(PREFIX + bare + "=" * (-len(bare) % 4))
    except Exception as error:
        raise ConfigError(f"channel {channel_id!r}: the secret is no whsec_ followed by base64") from error
    if len(signer._whsecret) < SECRET_BYTES_MIN:
        raise ConfigError(f"channel {channel_id!r}: the secret has under {SECRET_BYTES_MIN} bytes")
    return signer


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a service."""

    url: str = field(repr=False)
    document: Mapping[str, Any]
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class PostChannel:
    """Sends one alert as one request through the guarded client it was handed; its secrets are kept out of receipts."""

    def __init__(
        self, server: str, tools: Tools, make: Callable[[SendRequest], Call], timeout_s: float = TIMEOUT_S,
        whoami: Call | None = None,
    ) -> None:  # fmt: skip
        """`make` says what to ask of `server` for an alert; `timeout_s` bounds the whole exchange.

        `whoami`: a question that the service answers to whom it knows and that sends nothing.
        """
        self._server, self._tools, self._make, self._timeout_s = server, tools, make, timeout_s
        self._whoami = whoami

    async def send(self, send_request: SendRequest) -> Receipt:
        call, began = self._make(send_request), time.monotonic()
        body = json.dumps(call.document, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {
            "content-type": "application/json; charset=utf-8", "user-agent": self._tools.user_agent,
            "accept-encoding": "identity", "idempotency-key": send_request.delivery.id, **call.headers,
            **self._signed(send_request.delivery.id, body),
        }  # fmt: skip
        receipt = await exchange(self._tools.client, call.method, call.url, body, headers, self._timeout_s)
        # The path of a hook's address may be its secret.
        request = f"{call.method} to {urls.host(self._server)}, {len(body)} bytes"
        return replace(receipt, elapsed_s=time.monotonic() - began, request=request)

    def _signed(self, delivery_id: str, body: bytes) -> Mapping[str, str]:
        return {}

    async def probe(self) -> str:
        """Connect, TLS included, and ask who we are where the service says so; what fails, or ""."""
        try:
            if self._tools.reach:
                await self._tools.reach(self._server)
        except httpx.HTTPError as error:
            return told(error)
        if self._whoami is None:
            return ""
        headers = {"user-agent": self._tools.user_agent, "accept-encoding": "identity", **self._whoami.headers}
        method, url = self._whoami.method, self._whoami.url
        receipt = await exchange(self._tools.client, method, url, b"", headers, self._timeout_s)
        return "" if receipt.outcome == "delivered" else receipt.detail

    async def close(self) -> None:
        """The client belongs to who handed it in."""


class WebhookChannel(PostChannel):
    """POSTs to an endpoint, in the documented shape or in that of a chat service."""

    def __init__(self, settings: Settings, signers: list[Webhook], tools: Tools, timeout_s: float = TIMEOUT_S) -> None:
        """`signers` sign with every current secret, newest first."""

        def make(send_request: SendRequest) -> Call:
            alert, links = send_request.alert, send_request.links
            if settings.format == "standard":
                return Call(settings.url, messages.webhook(alert, send_request.delivery.seq, links))
            return Call(settings.url, messages.SHAPES[settings.format](alert, links))

        super().__init__(settings.url, tools, make, timeout_s)
        self._signers = signers

    def _signed(self, delivery_id: str, body: bytes) -> Mapping[str, str]:
        at = datetime.now(UTC)
        headers = {"webhook-id": delivery_id, "webhook-timestamp": str(int(at.timestamp()))}
        if self._signers:
            signed = (signer.sign(delivery_id, at, body.decode()) for signer in self._signers)
            headers["webhook-signature"] = " ".join(signed)
        return headers


async def exchange(
    client: httpx.AsyncClient, method: str, url: str, body: bytes, headers: Mapping[str, str],
    timeout_s: float = TIMEOUT_S,
) -> Receipt:  # fmt: skip
    """One request and what its answer means. Before the request is out nothing can have arrived; after that it may."""
    try:
        request = client.build_request(method, url, content=body, headers=headers)
    except (httpx.InvalidURL, ValueError) as error:
        return Receipt("retry", told(error))
    try:
        # httpx bounds each read, not the exchange: a dripping answer would hold the endpoint for ever.
        async with asyncio.timeout(timeout_s):
            response = await client.send(request, stream=True)
            try:
                answer = await _read(response)
            finally:
                await response.aclose()
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.PoolTimeout) as error:
        return Receipt("retry", told(error))
    except (httpx.HTTPError, OSError, ValueError) as error:
        return Receipt("unknown", told(error))
    return _judged(response, answer)


async def _read(response: httpx.Response) -> bytes:
    """The beginning of the answer, raw: what is more, or encoded, is none of our business."""
    answer = b""
    async for chunk in response.aiter_raw():
        answer += chunk
        if len(answer) >= ANSWER_BYTES_MAX:
            break
    return answer[:ANSWER_BYTES_MAX]


def told(error: Exception) -> str:
    """What happened in the contract's words for a visit (connect, tls, blocked_address, ...), not in a library's."""
    word = str(getattr(error, "error", "")) or next((w for kind, w in FAILURES if isinstance(error, kind)), "failed")
    if isinstance(error, httpx.RemoteProtocolError) and "disconnected" in str(error):
        word = "reset"  # it hung up without an answer, which is no bad HTTP; as visits call it
    return f"{word}: {of_libraries(str(error))}"[:ANSWER_CHARS_KEPT].rstrip(": ")


SAID_CHARS_MAX = 120  # characters of a service's own words (set)
FAILURES = (
    (TimeoutError, "timeout"), (httpx.TimeoutException, "timeout"), (httpx.ConnectError, "connect"),
    (httpx.NetworkError, "reset"), (httpx.RemoteProtocolError, "bad_http"), (httpx.InvalidURL, "bad_http"),
)  # fmt: skip


def _judged(response: httpx.Response, answer: bytes) -> Receipt:
    status = response.status_code
    text = shown(answer[:2000].decode("utf-8", "replace"), ANSWER_CHARS_KEPT)
    if 200 <= status < 300:
        return Receipt("delivered", f"{status}", status, answer=text)
    detail = f"answered {status}"
    if 300 <= status < 400:
        detail += ", and redirects are not followed"
    elif said := _said(answer):
        detail += f": {said}"
    return Receipt(
        "refused" if status == 410 else "retry", detail, status, retry_after_s=_retry_after_s(response, answer),
        disable=status == 410, answer=text,
    )  # fmt: skip


def _said(answer: bytes) -> str:
    """What a service says of a refusal, in its own words: the sentence of its JSON, or its line of text; no page."""
    text = answer.decode("utf-8", "replace").strip()
    try:
        document = json.loads(text)
        found = (document.get(key) for key in ("description", "error", "message", "errcode"))
        text = next((value for value in found if isinstance(value, str) and value), "")
    except (ValueError, AttributeError, RecursionError):
        text = "" if text[:1] in ("<", "{", "[") else text.partition("\n")[0]
    return shown(text, SAID_CHARS_MAX)


def _retry_after_s(response: httpx.Response, answer: bytes) -> int | None:
    value = response.headers.get("retry-after", "")
    if not value.strip():
        return _in_body_s(answer) if response.status_code == 429 else None
    return http_times.retry_after_s(value, datetime.now(UTC), response.headers.get("date", ""))


def _in_body_s(answer: bytes) -> int | None:
    """What chat services say in their answer: Telegram and Discord in seconds, Matrix in milliseconds."""
    try:
        said = json.loads(answer)
        wait = said.get("parameters", said).get("retry_after", said.get("retry_after_ms", 0) / 1000)
        return math.ceil(wait) if 0 < wait < 10**9 else None
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
