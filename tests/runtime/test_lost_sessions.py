"""The server ends the session of a worker that lives on, at any point of its work: nothing is told twice or lost."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from monitor.model import Job
from tests.publisher import Publisher
from tests.runtime.test_workers import QUARTER, Relay, Workers

POINTS = 100
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
# What a visit that brings an entry says to the server, and a few more: the session then lives to its end.
WORDS_MAX = 16
# How often it is asked whether a session is gone: one that outlives that is no reason to stand still.
ASKED_MAX = 1_000
# Ended is the session that says the word, before or after it is heard, or whatever else its worker holds.
WHICH = ("before", "after", "others")
END = "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity WHERE client_port = ANY(%s)"
ALIVE = "SELECT pid FROM pg_stat_activity WHERE pid = ANY(%s)"
WAITING = "SELECT 1 FROM pg_locks WHERE NOT granted"


class Executioner(Relay):
    """A wire on which the server ends sessions at the n-th word from now.

    Who was on it learns of that only after something else was done, or waits for what is held on another session.
    """

    def __init__(self, port: int, administrator: str) -> None:
        super().__init__(port)
        self.left, self.which, self.ended = 0, "", Counter[str]()
        self.meanwhile: Callable[[], Coroutine[Any, Any, None]]
        self.doing: asyncio.Task[None] | None = None
        self._going = asyncio.Event()
        self._going.set()
        self._administrator = psycopg.connect(administrator, autocommit=True)

    async def pass_on(self, block: bytes, writer: asyncio.StreamWriter, port: int) -> None:
        """Carry a block; where it is the one that a session is to end at, only after that."""
        self.left -= bool(port)
        if port and not self.left:
            await self._end(block, writer, port)
        else:
            await self._going.wait()
            await super().pass_on(block, writer, port)

    async def _end(self, block: bytes, writer: asyncio.StreamWriter, port: int) -> None:
        self._going.clear()
        self.ended["COMMIT" if b"COMMIT" in block else "BEGIN" if b"BEGIN" in block else "statement"] += 1
        if self.which == "after":  # heard, and perhaps committed; the answer comes late
            writer.write(block)
        ports = [each for each in self.ports if each != port] if self.which == "others" else [port]
        try:
            ended = await asyncio.to_thread(self._asked, END, ports)
            for _ in range(ASKED_MAX):
                if not await asyncio.to_thread(self._asked, ALIVE, ended):
                    break
                await asyncio.sleep(0.005)
            self.doing = asyncio.create_task(self.meanwhile())
            while not (self.doing.done() or bool(await asyncio.to_thread(self._asked, WAITING))):
                await asyncio.sleep(0.01)
        finally:  # also where whoever spoke is gone meanwhile and this is cancelled: the others go on
            self._going.set()
        if self.which == "others":
            writer.write(block)
        elif not ended:
            writer.transport.abort()

    async def hang_up(self, writer: asyncio.StreamWriter) -> None:
        """Tell one side that the other has ended."""
        await self._going.wait()
        await super().hang_up(writer)

    def _asked(self, statement: str, *values: list[int]) -> list[int]:
        return [row[0] for row in self._administrator.execute(statement, values)]


def headline(dice: random.Random) -> str:
    """Words that no other headline has: whether two of them tell the same is not the question here."""
    words = ["".join(dice.choice(SYLLABLES) for _ in range(3)) for _ in range(6)]
    return " ".join(words).capitalize()


@pytest.fixture
def two_papers() -> Iterator[list[Publisher]]:
    with Publisher() as one, Publisher() as other:
        yield [one, other]


async def test_a_session_that_ends_at_any_point_tells_nothing_twice(
    tmp_path: Path, postgres_url: str, two_papers: list[Publisher]
) -> None:
    """Two papers carry each article; when the worker of one loses its session, that of the other decides at once."""
    parts = urlsplit(postgres_url)
    wire = Executioner(parts.port or 5432, postgres_url)
    await wire.mend()
    cut = postgres_url.replace(f":{parts.port}/", f":{wire.port}/")
    workers = await asyncio.to_thread(Workers, tmp_path, [cut, postgres_url], two_papers)
    unlucky, lucky = workers.jobs
    one, other = (Job("visit", urlsplit(paper.url("/")).netloc) for paper in two_papers)
    workers.publish(0)
    await workers.turn()
    wire.meanwhile = lambda: lucky.perform(other)
    dice = random.Random(15)
    for number in range(1, POINTS + 1):
        workers.clock.at += QUARTER
        workers.publish(number, title=headline(dice), at=workers.clock.at.isoformat())
        wire.left, wire.which, wire.doing = dice.randrange(1, WORDS_MAX), dice.choice(WHICH), None
        await asyncio.gather(unlucky.perform(one), return_exceptions=True)
        await (wire.doing or lucky.perform(other))
        workers.clock.at += timedelta(seconds=100)  # what was taken and not recorded is due again
        await lucky.perform(one)
        await lucky.perform(other)
    alerts = [alert for alert, _ in await asyncio.to_thread(lambda: workers.apps[1].store.alerts(limit=1000))]
    told = Counter(alert.title for alert in alerts if alert.kind == "story.development")
    assert sum(wire.ended.values()) > POINTS * 0.8, "the points lie within what is done"
    assert set(wire.ended) == {"BEGIN", "COMMIT", "statement"}
    assert (len(told), set(told.values())) == (POINTS, {1})
    await workers.close()
    await wire.cut()
    wire._administrator.close()
