"""Telegram, by a bot of one's own: plain text, a topic of the group for each story where one is named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import Field, field_validator

from monitor.channels import Chat, Tools, checked_server
from monitor.channels.webhook import Call, PostChannel
from monitor.core.delivery import messages
from monitor.model import SendRequest


class Settings(Chat):
    """`type = "telegram"`: the bot's token, the chat (a number or "@channel"), and `threads`: topics by story id."""

    token_env: str = ""
    """The variable with the bot's token."""
    token_file: str = ""
    """The file with it."""
    chat: str | int = Field(union_mode="left_to_right")
    """The chat: its number, or `@channel`."""
    threads: dict[str, int] = Field(default={})
    """Topics of the group by story id."""
    server: str = "https://api.telegram.org"
    """A Bot API server of your own."""
    _address = field_validator("server")(checked_server)

    @property
    def apart(self) -> Iterable[str]:
        """Those with a topic of the group."""
        return self.threads


def open_channel(settings: Settings, tools: Tools) -> PostChannel:
    """A channel to the chat; ConfigError where the token is missing."""
    token = tools.needed(settings.token_env, settings.token_file, "token", settings.id)

    def make(send_request: SendRequest) -> Call:
        alert = send_request.alert
        document: dict[str, Any] = {
            "chat_id": settings.chat, "text": messages.plain(alert, send_request.links),
            "link_preview_options": {"is_disabled": True}, "disable_notification": alert.severity == "low",
        }  # fmt: skip
        if thread := settings.threads.get(alert.story_id):
            document["message_thread_id"] = thread
        return Call(f"{settings.server}/bot{token}/sendMessage", document)

    return PostChannel(settings.server, tools, make, whoami=Call(f"{settings.server}/bot{token}/getMe", {}, "GET"))
