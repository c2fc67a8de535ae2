"""Microsoft Teams by a workflow ("Send webhook alerts to a channel"): an Adaptive Card, to a secret address."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from monitor.channels import Chat, Tools
from monitor.channels.webhook import Call, PostChannel, secret_url
from monitor.core.delivery import messages
from monitor.errors import ConfigError
from monitor.model import SendRequest


class Settings(Chat):
    """`type = "teams"`: the workflow's address, and `urls` of other workflows by story id, as names of variables."""

    url_env: str = ""
    """The variable with the workflow's address."""
    url_file: str = ""
    """The file with it."""
    urls_env: dict[str, str] = Field(default={})
    """Variables with the addresses of other workflows, by story id."""

    @property
    def apart(self) -> Iterable[str]:
        """Those with a workflow of their own."""
        return self.urls_env


def open_channel(settings: Settings, tools: Tools) -> PostChannel:
    """A channel to the workflow; ConfigError where its address is missing."""
    if not (settings.url_env or settings.url_file):
        raise ConfigError(f"channel {settings.id!r}: write url_env or url_file")
    usual = secret_url(settings.url_env, settings.url_file, settings.id, tools)
    own = {story: secret_url(name, "", settings.id, tools) for story, name in settings.urls_env.items()}

    def make(send_request: SendRequest) -> Call:
        alert = send_request.alert
        return Call(own.get(alert.story_id, usual), messages.SHAPES["teams"](alert, send_request.links))

    return PostChannel(usual, tools, make)
