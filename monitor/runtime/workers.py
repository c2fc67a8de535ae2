"""The processes that hold one state, and this one's share of the work: hosts to visit, channels to deliver to.

Each says every few seconds that it is there. Who is silent for longer is taken for dead, and the others take over what
was its own: visits when their lease runs out, deliveries likewise. Clocks are expected to agree within seconds.
"""

from __future__ import annotations

import os
import platform
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.core import sharing
from monitor.core.urls import authority
from monitor.model import Source
from monitor.ports import Clock, Store

MEET_EVERY = timedelta(seconds=5)
SILENT_MAX = timedelta(seconds=30)


def _named() -> str:
    return f"{platform.node()}:{os.getpid()}:{secrets.token_hex(3)}"


@dataclass(slots=True)
class Crew:
    """Who else is there. Alone, as on SQLite, everything is mine."""

    store: Store
    clock: Clock
    me: str = field(default_factory=_named)
    workers: tuple[str, ...] = ()
    met_at: datetime | None = None

    def meet(self) -> None:
        """Say that this worker is there and hear who else is, every few seconds."""
        now = self.clock.now()
        if self.store.shared and not (self.met_at and self.met_at <= now < self.met_at + MEET_EVERY):
            self.workers, self.met_at = tuple(self.store.attend(self.me, now, SILENT_MAX)), now

    def leave(self) -> None:
        """Let the others take over at once."""
        if self.store.shared:
            self.store.leave(self.me)

    def share(self, sources: Mapping[str, Source]) -> dict[str, Source]:
        """The sources that are mine to visit, and whose articles are mine to read: all of a host, or none."""
        return {name: source for name, source in sources.items() if self.keeps(authority(source.url))}

    def keeps(self, name: str) -> bool:
        """Whether what bears that name, a host or a channel, is mine."""
        return sharing.is_mine(name, self.me, self.workers)
