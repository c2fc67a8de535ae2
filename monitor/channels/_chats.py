"""What the chat channels ask of their settings."""

from __future__ import annotations

from urllib.parse import urlsplit

from monitor.channels import Tools
from monitor.core import urls
from monitor.errors import ConfigError


def checked_server(value: str) -> str:
    """The address of a service without a slash at its end; ValueError where it is none."""
    if not urls.fetchable(value) or urlsplit(value).query:
        raise ValueError("write the service's address, such as https://chat.example")
    return value.rstrip("/")


def secret(tools: Tools, environment: str, file: str, name: str, channel_id: str) -> str:
    """A secret that the channel cannot do without. ConfigError naming its keys."""
    if not (value := tools.secret(environment, file, name)):
        raise ConfigError(f"channel {channel_id!r}: write {name}_env or {name}_file")
    return value
