"""Alerts as text blocks on standard output: for the first run, and for pipes."""

from __future__ import annotations

import sys
from typing import Literal

from monitor.channels import Common, Tools
from monitor.core.delivery import messages
from monitor.model import Receipt, SendRequest


class Settings(Common):
    """`type = "console"`."""

    style: Literal["block", "line"] = "block"
    """`block`: the whole alert; `line`: one line."""

    @property
    def near(self) -> bool:
        """The terminal is."""
        return True


def open_channel(settings: Settings, tools: Tools) -> ConsoleChannel:
    """A channel to standard output."""
    return ConsoleChannel(settings.style)


class ConsoleChannel:
    """Prints; a closed pipe is a failed attempt, tried again on the schedule."""

    def __init__(self, style: Literal["block", "line"] = "block") -> None:
        """`style` "line" prints one line an alert."""
        self._style = style

    async def send(self, send_request: SendRequest) -> Receipt:
        """Print one alert."""
        alert = send_request.alert
        if self._style == "line":
            printed = f"{alert.at:%Y-%m-%d %H:%M} {messages.line(alert)}"
        else:
            body = messages.text(alert, {"dashboard": send_request.links.get("dashboard")})
            rule = f"=== {alert.at:%Y-%m-%d %H:%M} UTC "
            printed = "\n".join([rule.ljust(78, "="), body.rstrip(), ""])
        try:
            print(_escaped(printed), flush=True)
        except (OSError, ValueError) as error:
            return Receipt("retry", f"standard output: {error}")
        return Receipt("delivered")

    async def probe(self) -> str:
        """Whoever runs the command sees it."""
        return ""

    async def close(self) -> None:
        """Nothing to release."""


def _escaped(text: str) -> str:
    """Nothing from outside drives the terminal: only printable characters and our own line ends."""
    made = "".join(c if c.isprintable() or c == "\n" else "" for c in text)
    encoding = sys.stdout.encoding or "utf-8"
    return made.encode(encoding, "replace").decode(encoding)
