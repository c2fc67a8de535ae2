"""What the pipeline expects of the outside: clocks, the door to the network, the parser, channels, engines."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from monitor.model import Bounce, Feed, Fetched, Page, Receipt, SendRequest, SourceKind, Visit


class Clock(Protocol):
    """Where time comes from; replay hands in a virtual one."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""


class Fetcher(Protocol):
    """The one guarded door to the outside."""

    async def fetch(self, visit: Visit) -> Fetched:
        """Visit a source's feed: conditional unless `visit.unconditional`. Never raises; failures are values."""

    async def page(self, url: str, at: datetime, earlier: Page | None = None) -> Page:
        """Read one article page: robots.txt honoured, paced per host, capped. Never raises.

        With the validators of an `earlier` reading the answer may be "unchanged".
        """

    async def close(self) -> None:
        """Release connections."""


class Parser(Protocol):
    """Turns untrusted bytes into a feed, out of process, within time and memory limits."""

    async def parse(
        self, fetched: Fetched, read_before: Collection[str] | None = None, kind: SourceKind = "feed"
    ) -> Feed:
        """Never raises: what kills or stalls the child is `Feed(error="parse")`.

        With `read_before` (marks of entries, see `Feed`) those entries are not read again. `kind` is the source's.
        """

    async def close(self) -> None:
        """Stop the children."""


class Channel(Protocol):
    """A way to reach people. One file in `channels/`; the word in the configuration is the file's name."""

    async def send(self, send_request: SendRequest) -> Receipt:
        """One attempt. Never raises; never retries by itself."""

    async def probe(self) -> str:
        """Go as far as one can without sending: connect, TLS, login. What fails, in a sentence; "" for nothing."""

    async def close(self) -> None:
        """Release connections."""


class Judge(Protocol):
    """A reader's own judge, which is asked in words and answers in words."""

    async def ask(self, rules: str, question: str) -> str:
        """Its answer within its time; JudgeError where that cannot be had."""


@runtime_checkable
class Returning(Protocol):
    """A channel whose messages may come back after they were taken: mail, where somebody says where that arrives."""

    async def returned(self) -> Sequence[Bounce]:
        """What came back and was not told before. ChannelError where that cannot be looked at."""


class Engine(Protocol):
    """Says when each duty is due, and who does it where there are many; one file an engine in `engines/`."""

    async def run(self) -> None:
        """Return after `stop`, when what was in flight has finished or its deadline has passed."""

    def stop(self) -> None:
        """Ask for the end; a second call ends at once."""
