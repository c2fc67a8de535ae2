"""This process among those that hold one state: it says that it is there, and keeps the server's time."""

from __future__ import annotations

import os
import platform
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.model import Worker
from monitor.ports import Clock, Store

# How often a worker says that it is there, and after what silence it is taken for gone (set: six times that).
MEET_EVERY = timedelta(seconds=5)
SILENT_MAX = timedelta(seconds=30)  # see above


@dataclass(slots=True)
class Membership:
    """One worker's place among the others. `agree` sets its clock by the server's; `doing` counts its jobs."""

    store: Store
    clock: Clock
    version: str
    agree: Callable[[datetime], None] = lambda at: None
    doing: Counter[str] = field(default_factory=Counter)
    id: str = field(default_factory=lambda: f"{platform.node()}:{os.getpid()}:{secrets.token_hex(3)}")
    since: datetime | None = None
    met_at: datetime | None = None

    def meet(self) -> None:
        """Say that this worker is there, every few seconds. Refused (StoreTooNew) where the state is of a newer one."""
        now = self.clock.now()
        if self.met_at and self.met_at <= now < self.met_at + MEET_EVERY:
            return
        self.store.refuse_newer()
        now = self.store.now()
        self.agree(now)
        self.since = self.since or now
        doing = {kind: count for kind, count in sorted(self.doing.items()) if count}
        jobs = ", ".join(f"{count} {kind}" for kind, count in doing.items())
        self.store.attend(Worker(self.id, self.version, self.since, now, sum(doing.values()), jobs), now - SILENT_MAX)
        self.store.expire_leases(now)
        self.met_at = now

    def leave(self) -> None:
        """Be forgotten at once."""
        self.store.leave(self.id)
