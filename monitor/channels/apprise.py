"""Any service that Apprise knows, by its URL. An optional extra: it brings its own client, outside our guarded door."""

from __future__ import annotations

import asyncio
from typing import Any

from monitor.channels import Common, Tools
from monitor.core.delivery import messages
from monitor.errors import ConfigError
from monitor.model import Destination, Receipt, SendRequest


class Settings(Common):
    """`type = "apprise"`: the URL is a secret, for it carries the credentials."""

    url_env: str = ""
    url_file: str = ""


def destinations(settings: Settings) -> tuple[Destination, ...]:
    """The service."""
    return (settings.destination(),)


def open_channel(settings: Settings, tools: Tools) -> AppriseChannel:
    """A channel to the service; ConfigError where the extra or the URL is missing."""
    try:
        import apprise
    except ImportError as error:
        raise ConfigError(f"channel {settings.id!r} needs the extra: pip install 'monitor[apprise]'") from error
    url = tools.secret(settings.url_env, settings.url_file, "url_env" if settings.url_env else "url_file")
    service = apprise.Apprise()
    if not url or not service.add(url):
        raise ConfigError(f"channel {settings.id!r}: url_env or url_file names no URL that Apprise understands")
    return AppriseChannel(service)


class AppriseChannel:
    """Sends in a thread: Apprise blocks."""

    def __init__(self, service: Any) -> None:
        """`service` is an `apprise.Apprise` with one URL."""
        self._service = service

    async def send(self, send_request: SendRequest) -> Receipt:
        """One attempt; Apprise says only whether it worked."""
        alert = send_request.alert
        body = messages.text(alert, {"dashboard": send_request.links.get("dashboard")})
        try:
            done = await asyncio.to_thread(self._service.notify, title=messages.subject(alert), body=body)
        except Exception as error:
            return Receipt("retry", f"{type(error).__name__}: {error}"[:300])
        return Receipt("delivered") if done else Receipt("retry", "the service did not take it")

    async def close(self) -> None:
        """Nothing to release."""
