"""Who works on a state that many processes share, and what there is to do."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from monitor.model.nouns import dataclass

JobKind = Literal["visit", "recheck", "deliver", "periodic", "upkeep"]


class Job(NamedTuple):
    """A hint that something is due: all feeds or articles of a host, the outbox of a channel, a story, all else.

    It carries no data. What is to be done is read from the state when it is done, so a job may be lost or doubled.
    """

    kind: JobKind
    key: str = ""


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that works on the state: when it began, when it was heard of (server's time), its jobs under way.

    `doing`: how many of each kind.
    """

    id: str
    version: str
    since: datetime
    seen_at: datetime
    running: int = 0
    doing: str = ""
