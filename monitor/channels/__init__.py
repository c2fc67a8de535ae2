"""Ways to reach people: one file each, found by the word in the configuration; its `Settings` is its schema.

A channel module has `Settings` (a `Common`, of chats a `Chat`) and `open_channel(settings, tools)`.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from monitor.core import did_you_mean, urls
from monitor.core.delivery import hours
from monitor.errors import ConfigError
from monitor.model import AlertKind, Destination

# Settings are checked by every verb; what sends is imported by those that send.
if TYPE_CHECKING:
    import httpx

# Alerts that a chat is sent one by one; set here: what a phone shows at a glance. More of one run are one message.
TOGETHER = 3
_CLOCK = re.compile(r"(?:[01]?\d|2[0-3]):[0-5]\d")


class Common(BaseModel):
    """What every channel can be told: who it is, its calm, and what it wants to hear."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    id: str
    """Its name in verbs and in stories: a-z, 0-9 and -, at most 64."""
    type: str
    """Which channel: the name of a file in `monitor/channels/`."""
    mode: Literal["now", "digest"] = "now"
    """`now`: each alert by itself; `digest`: many at once."""
    digest_at: str = "07:30"
    """When the daily digest goes out, in `timezone`."""
    digest_every: str = ""
    """Whole hours between digests, such as `6h`, in place of `digest_at`."""
    digest_empty: bool = True
    """Say so, once a day, where there was nothing."""
    timezone: str = "UTC"
    """Of its clocks and of the times in its alerts, such as `Europe/Berlin`."""
    quiet: str = ""
    """Hours in which alerts wait, such as `22:00-07:00`."""
    mute_until: str = ""
    """A date or time until which all is held."""
    kinds: tuple[str, ...] = ()
    """Only these kinds of alert, such as `correction` or `story.correction`; empty: all."""
    stories: tuple[str, ...] = ()
    """Only these stories; empty: all."""
    severity_min: Literal["low", "normal", "high"] = "low"
    """The least severity that is sent."""
    urgent: Literal["low", "normal", "high"] = "high"
    """The severity from which an alert passes digests and quiet hours."""
    operator: bool = True
    """Does it hear of sources in trouble?"""
    together: int = Field(default=0, ge=0, le=100)
    """More alerts than this that come at once go out as one message; 0: each by itself, up to 25."""

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f'{value!r} is no time zone; write one such as "Europe/Berlin"') from error
        return value

    @field_validator("digest_at")
    @classmethod
    def _at(cls, value: str) -> str:
        if not _CLOCK.fullmatch(value):
            raise ValueError('write a time such as "07:30"')
        return value

    @field_validator("quiet")
    @classmethod
    def _hours(cls, value: str) -> str:
        begin, _, end = value.partition("-")
        if value and not (_CLOCK.fullmatch(begin.strip()) and _CLOCK.fullmatch(end.strip())):
            raise ValueError('write hours such as "22:00-07:00"')
        return value

    _instant = field_validator("mute_until", mode="before")(hours.moment)

    @field_validator("kinds")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        kinds = get_args(AlertKind)
        for kind in value:
            if kind not in kinds and kind not in [known.partition(".")[2] for known in kinds]:
                raise ValueError(f"there is no kind {kind!r}{did_you_mean.nearest(kind, kinds)}")
        return value

    @field_validator("digest_every")
    @classmethod
    def _every(cls, value: str) -> str:
        if value and not re.fullmatch(r"(?:[1-9]|1\d|2[0-4])h", value):
            raise ValueError('write whole hours such as "6h"')
        return value

    @property
    def near(self) -> bool:
        """Is it read on this machine, so that links to an endpoint on loopback lead somewhere?"""
        return False

    @property
    def apart(self) -> Iterable[str]:
        """The stories that have a place of their own there."""
        return ()

    def destinations(self) -> tuple[Destination, ...]:
        """Whom it reaches, each with an outcome of its own."""
        return (self.destination(),)

    def destination(self, recipient: str = "") -> Destination:
        """The destination with this channel's calm and routes."""
        return Destination(
            channel_id=self.id, recipient=recipient, mode=self.mode, digest_at=self.digest_at,
            digest_every_h=int(self.digest_every.removesuffix("h")) if self.digest_every else None,
            digest_empty=self.digest_empty, timezone=self.timezone, quiet=self.quiet, kinds=self.kinds,
            mute_until=self.mute_until, together=self.together, apart=tuple(self.apart),
            stories=self.stories, severity_min=self.severity_min, urgent=self.urgent, operator=self.operator,
        )  # fmt: skip


class Chat(Common):
    """What a chat can be told besides."""

    together: int = Field(default=TOGETHER, ge=0, le=100)
    """More alerts than this that come at once go out as one message; 0: each by itself, up to 25."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What a channel is handed: the guarded client, how to read a secret, and how we present ourselves.

    `reach` connects to an address and hangs up, `connected` to a mail host and stays; `fenced` is a block in which
    foreign code reaches only what we may; `tls` is the process's one certificate store; `mailbox` the operator's mail
    address, where there is one.

    `secret(environment, file, name)` returns the secret named by `NAME_env` or `NAME_file`, "" where neither is set,
    and raises ConfigError naming the key where it is missing.
    """

    client: httpx.AsyncClient
    secret: Callable[[str, str, str], str]
    user_agent: str = "monitor"
    tls: ssl.SSLContext | None = None
    mailbox: str = ""
    reach: Callable[[str], Awaitable[None]] | None = None
    fenced: Callable[[], AbstractContextManager[list[str]]] | None = None
    connected: Callable[[str, int], Awaitable[socket.socket]] | None = None

    def needed(self, environment: str, file: str, name: str, channel_id: str) -> str:
        """A secret that the channel cannot do without. ConfigError naming its keys."""
        if not (value := self.secret(environment, file, name)):
            raise ConfigError(f"channel {channel_id!r}: write {name}_env or {name}_file")
        return value


def checked_server(value: str) -> str:
    """The address of a service without a slash at its end; ValueError where it is none."""
    if not urls.fetchable(value) or urlsplit(value).query:
        raise ValueError("write the service's address, such as https://chat.example")
    return value.rstrip("/")


def names() -> list[str]:
    """The words that `type` may be: the files beside this one."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def load(kind: str, where: str) -> ModuleType:
    """The module of a channel type; ConfigError with the nearest right word."""
    if kind not in names():
        hint = did_you_mean.nearest(kind, names()) or f"; write one of {', '.join(names())}"
        raise ConfigError(f"{where}: there is no channel type {kind!r}{hint}")
    return importlib.import_module(f"{__name__}.{kind}")


def read(table: Mapping[str, Any], where: Callable[[str], str]) -> tuple[Any, ModuleType]:
    """The checked settings of one `[[channel]]` and its module; ConfigError with the place that `where` gives a key."""
    module = load(str(table.get("type", "")), where("type"))
    try:
        return module.Settings.model_validate(dict(table)), module
    except ValidationError as error:
        first = error.errors()[0]
        known = [field.alias or name for name, field in module.Settings.model_fields.items()]
        place = where(str(first["loc"][0]) if first["loc"] else "")
        raise ConfigError(f"{place}: {did_you_mean.sentence(dict(first), known)}") from error


def read_all(tables: Sequence[Mapping[str, Any]], where: Callable[..., str]) -> list[tuple[Any, ModuleType]]:
    """Every configured channel's settings, checked, and its module; no secret is read yet."""

    def place(position: int) -> Callable[[str], str]:
        return lambda key: where("channel", position, *([key] if key else []))

    return [read(table, place(position)) for position, table in enumerate(tables)]
