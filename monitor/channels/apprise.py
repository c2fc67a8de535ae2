"""Any service that Apprise knows, by its URL. An optional extra: it brings its own clients, which are fenced in.

They connect by themselves, in a thread that reaches only what `[hooks] allow_private` lets us reach ourselves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from monitor.channels import Chat, Tools
from monitor.core.delivery import messages
from monitor.errors import ConfigError
from monitor.model import Receipt, SendRequest


class Settings(Chat):
    """`type = "apprise"`: the URL is a secret, for it carries the credentials."""

    url_env: str = ""
    """The variable with the service's Apprise URL."""
    url_file: str = ""
    """The file with it."""


def open_channel(settings: Settings, tools: Tools) -> AppriseChannel:
    """A channel to the service; ConfigError where the extra or the URL is missing."""
    try:
        import apprise
    except ImportError as error:
        raise ConfigError(f"channel {settings.id!r} needs the extra: pip install 'monitor[apprise]'") from error
    url = tools.secret(settings.url_env, settings.url_file, "url")
    service = apprise.Apprise()
    if not url or not service.add(url):
        raise ConfigError(f"channel {settings.id!r}: url_env or url_file names no URL that Apprise understands")
    return AppriseChannel(service, tools.fenced)


class AppriseChannel:
    """Sends in a thread: Apprise blocks."""

    def __init__(self, service: Any, fenced: Callable[[], AbstractContextManager[list[str]]] | None) -> None:
        """`service` is an `apprise.Apprise` with one URL; without a fence nothing is sent."""
        self._service = service
        self._fenced = fenced

    async def send(self, send_request: SendRequest) -> Receipt:
        """One attempt; Apprise says only whether it worked."""
        alert = send_request.alert
        body = messages.text(alert, {"dashboard": send_request.links.get("dashboard")})
        try:
            done, refused = await asyncio.to_thread(self._notify, messages.subject(alert), body)
        except Exception as error:
            return Receipt("retry", f"{type(error).__name__}: {error}"[:300])
        if done:
            return Receipt("delivered")
        return Receipt("retry", f"blocked_address: {refused[0]}" if refused else "the service did not take it")

    def _notify(self, title: str, body: str) -> tuple[bool, list[str]]:
        if self._fenced is None:
            raise RuntimeError("there is no fence")
        with self._fenced() as refused:
            return bool(self._service.notify(title=title, body=body)), refused

    async def probe(self) -> str:
        """Nothing can be tried without sending."""
        return ""

    async def close(self) -> None:
        """Nothing to release."""
