"""ntfy (https://ntfy.sh, or a server of one's own): a push to phones, its topic of the story where one is named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import Field, field_validator

from monitor.channels import Chat, Tools, checked_server
from monitor.channels.webhook import Call, PostChannel
from monitor.core import urls
from monitor.core.delivery import messages
from monitor.model import SendRequest

PRIORITIES = {"low": 2, "normal": 3, "high": 5}


class Settings(Chat):
    """`type = "ntfy"`: who knows a topic's name reads it, so it may be a secret; `topics` by story id."""

    server: str = "https://ntfy.sh"
    """The server, where it is one of your own."""
    topic: str = ""
    """The topic; one of topic, topic_env and topic_file."""
    topic_env: str = ""
    """The variable with the topic's name, where it is a secret."""
    topic_file: str = ""
    """The file with it."""
    topics: dict[str, str] = Field(default={})
    """Other topics by story id."""
    token_env: str = ""
    """The variable with an access token, where the server asks for one."""
    token_file: str = ""
    """The file with it."""
    _address = field_validator("server")(checked_server)

    @property
    def apart(self) -> Iterable[str]:
        """Those with a topic of their own."""
        return self.topics


def open_channel(settings: Settings, tools: Tools) -> PostChannel:
    """A channel to the topic; ConfigError where a secret is missing."""
    topic = settings.topic or tools.needed(settings.topic_env, settings.topic_file, "topic", settings.id)
    token = tools.secret(settings.token_env, settings.token_file, "token")
    headers = {"authorization": f"Bearer {token}"} if token else {}

    def make(send_request: SendRequest) -> Call:
        alert, links = send_request.alert, send_request.links
        title, _, message = messages.plain(alert, {}).partition("\n")
        document: dict[str, Any] = {
            "topic": settings.topics.get(alert.story_id, topic), "title": title, "message": message,
            "priority": PRIORITIES[alert.severity],
        }  # fmt: skip
        if click := links.get("dashboard") or urls.fetchable(alert.article_url):
            document["click"] = str(click)
        feedback = links.get("feedback") or {}
        named = (("Important", feedback.get("important")), ("Not this story", feedback.get("no")))
        actions = [{"action": "view", "label": label, "url": str(url)} for label, url in named if url]
        return Call(settings.server, document | ({"actions": actions} if actions else {}), headers=headers)

    return PostChannel(settings.server, tools, make)
