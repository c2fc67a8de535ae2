"""Matrix: a message in a room, of the story where one is named; sent twice under one id it arrives once."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from pydantic import Field, field_validator

from monitor.channels import Chat, Tools, checked_server
from monitor.channels.webhook import Call, PostChannel
from monitor.core.delivery import messages
from monitor.model import SendRequest


class Settings(Chat):
    """`type = "matrix"`: the homeserver, the access token of an account, the room, and `rooms` by story id."""

    server: str
    """The homeserver, such as `https://matrix.example`."""
    room: str
    """The id of the room, such as `!abc:matrix.example`."""
    rooms: dict[str, str] = Field(default={})
    """Other rooms by story id."""
    token_env: str = ""
    """The variable with the account's access token."""
    token_file: str = ""
    """The file with it."""
    _address = field_validator("server")(checked_server)

    @property
    def apart(self) -> Iterable[str]:
        """Those with a room of their own."""
        return self.rooms


def open_channel(settings: Settings, tools: Tools) -> PostChannel:
    """A channel to the room; ConfigError where the token is missing."""
    headers = {"authorization": f"Bearer {tools.needed(settings.token_env, settings.token_file, 'token', settings.id)}"}

    def make(send_request: SendRequest) -> Call:
        alert = send_request.alert
        room = quote(settings.rooms.get(alert.story_id, settings.room), safe="")
        # The id of the transaction makes the homeserver take a second attempt as the same (client-server API, send).
        url = f"{settings.server}/_matrix/client/v3/rooms/{room}/send/m.room.message/{send_request.delivery.id}"
        kind = "m.notice" if alert.severity == "low" else "m.text"
        document = {"msgtype": kind, "body": messages.plain(alert, send_request.links), "m.mentions": {}}
        return Call(url, document, "PUT", headers)

    whoami = Call(f"{settings.server}/_matrix/client/v3/account/whoami", {}, "GET", headers)
    return PostChannel(settings.server, tools, make, whoami=whoami)
