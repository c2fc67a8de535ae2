"""What the chat channels share: one request an alert through the guarded client, its secrets kept out of receipts."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import httpx

from monitor.channels import Tools
from monitor.channels.webhook import exchange, told
from monitor.core import urls
from monitor.errors import ConfigError
from monitor.model import Receipt, SendRequest


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a service."""

    url: str = field(repr=False)
    document: Mapping[str, Any]
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class ChatChannel:
    """Sends one alert as one message."""

    def __init__(self, server: str, tools: Tools, make: Callable[[SendRequest], Call]) -> None:
        """`make` says what to ask of `server` for an alert."""
        self._server, self._tools, self._make = server, tools, make

    async def send(self, send_request: SendRequest) -> Receipt:
        call, began = self._make(send_request), time.monotonic()
        body = json.dumps(call.document, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {
            "content-type": "application/json; charset=utf-8", "user-agent": self._tools.user_agent,
            "accept-encoding": "identity", "idempotency-key": send_request.delivery.id, **call.headers,
        }  # fmt: skip
        receipt = await exchange(self._tools.client, call.method, call.url, body, headers)
        request = f"{call.method} to {urls.host(self._server)}, {len(body)} bytes"
        return replace(receipt, elapsed_s=time.monotonic() - began, request=request)

    async def probe(self) -> str:
        """Connect, TLS included, and hang up; what fails, or ""."""
        try:
            if self._tools.reach:
                await self._tools.reach(self._server)
        except httpx.HTTPError as error:
            return told(error)
        return ""

    async def close(self) -> None:
        """The client belongs to who handed it in."""


def checked_server(value: str) -> str:
    """The address of a service without a slash at its end; ValueError where it is none."""
    if not urls.fetchable(value) or urlsplit(value).query:
        raise ValueError("write the service's address, such as https://chat.example")
    return value.rstrip("/")


def secret(tools: Tools, environment: str, file: str, key: str, channel_id: str) -> str:
    """A secret that the channel cannot do without. ConfigError naming the key."""
    value = tools.secret(environment, file, f"{key}_env" if environment else f"{key}_file")
    if not value:
        raise ConfigError(f"channel {channel_id!r}: write {key}_env or {key}_file")
    return value
