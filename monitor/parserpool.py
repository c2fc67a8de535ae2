"""Untrusted bytes are parsed in child processes with time and memory limits; a child that dies is a failed parse."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from dataclasses import dataclass, field

from monitor.core.parsing import wire
from monitor.model import Feed, Fetched

LENGTH_BYTES = 8
ANSWER_BYTES_MAX = 512 * 1024**2
# A small document is parsed again and again in the same child; after this many a fresh one takes over.
PARSES_PER_CHILD_MAX = 5000


@dataclass(slots=True)
class _Child:
    process: asyncio.subprocess.Process
    parses: int = 0


@dataclass(slots=True)
class ParserPool:
    """`ports.Parser` over `workers` children, started when first needed and replaced when killed.

    `cpu_s` and `wall_s` bound one parse, `memory_bytes_max` the address space of a child. Dates are bounded by
    the instant of the visit, so that a recording parses the same on any day.
    """

    workers: int = 2
    cpu_s: int = 10
    wall_s: float = 20.0
    memory_bytes_max: int = 768 * 1024**2
    _idle: list[_Child] = field(default_factory=list)
    _gate: asyncio.Semaphore | None = None
    _closed: bool = False

    async def parse(self, fetched: Fetched) -> Feed:
        """The feed in a body; `Feed(error="parse")` where the child was killed, stalled or could not be started."""
        if self._gate is None:
            self._gate = asyncio.Semaphore(self.workers)
        async with self._gate:
            try:
                child = self._idle.pop() if self._idle else await self._start()
            except OSError as error:
                return Feed(error="parse", detail=f"no parser process: {error.strerror}")
            try:
                return await asyncio.wait_for(self._ask(child, fetched), self.wall_s)
            except TimeoutError:
                await self._end(child)
                return Feed(error="parse", detail=f"not parsed within {self.wall_s:g} s")
            except (OSError, EOFError, asyncio.IncompleteReadError, ValueError, TypeError, KeyError):
                await self._end(child)
                return Feed(error="parse", detail="the parser ran out of time or memory")
            except asyncio.CancelledError:
                await self._end(child)
                raise

    async def close(self) -> None:
        """Stop the children."""
        self._closed = True
        while self._idle:
            await self._end(self._idle.pop())

    async def _start(self) -> _Child:
        # The child gets no secrets: only what Python needs to start.
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LC_ALL", "PYTHONPATH")}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "monitor.parserchild", str(self.memory_bytes_max), str(self.cpu_s),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env=kept, limit=2**20,
        )  # fmt: skip
        return _Child(process)

    async def _ask(self, child: _Child, fetched: Fetched) -> Feed:
        stdin, stdout = child.process.stdin, child.process.stdout
        assert stdin and stdout
        header = {
            "size": len(fetched.body), "url": fetched.final_url or fetched.url,
            "content_type": fetched.content_type[:1000], "now": fetched.at.isoformat(),
        }  # fmt: skip
        stdin.write(json.dumps(header).encode() + b"\n" + fetched.body)
        await stdin.drain()
        size = int.from_bytes(await stdout.readexactly(LENGTH_BYTES), "big")
        if size > ANSWER_BYTES_MAX:
            raise EOFError
        feed = wire.decode(await stdout.readexactly(size))
        child.parses += 1
        if self._closed or child.parses >= PARSES_PER_CHILD_MAX:
            await self._end(child)
        else:
            self._idle.append(child)
        return feed

    @staticmethod
    async def _end(child: _Child) -> None:
        with contextlib.suppress(ProcessLookupError):
            child.process.kill()
        await child.process.wait()
