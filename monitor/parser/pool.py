"""Untrusted bytes are parsed in child processes with time and memory limits; a child that dies is a failed parse.

But not one that cannot start, gets no processor, or is ended once by the kernel for want of memory: that is this
machine's trouble, told as `Starved` and never booked against a publisher.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
import signal
import sys
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.core import codec
from monitor.errors import ArticleError, Starved
from monitor.model import Article, Feed, Fetched, Page, SourceKind
from monitor.parser import CPU_BYTES, LAST, LENGTH_BYTES, READY

if TYPE_CHECKING:
    from monitor.core.documents.autodiscovery import Way

ANSWER_BYTES_MAX = 64 * 1024**2  # bytes of an answer: six times the largest document (set)
# A small document is parsed again and again in the same child; after this many a fresh one takes over.
PARSES_PER_CHILD_MAX = 5000
# Seconds until a child must be ready. Set here: half a second of imports, on a machine that is slow or full.
START_S = 30.0
# Seconds of processor time that must be waiting before another child is started for it, ten times what a start costs,
# and seconds that one waits for a child at work: small documents take two milliseconds each (measured).
WORTH_A_START_S = 3.0
BUSY_S = 1.0  # seconds, see above
PACE_OF = 5  # parses that the pace is taken from, more or less (set)
# Kills that one document may cause without reaching a limit of ours: the second counts as the document's doing, so that
# nobody keeps the daemon from its work with one that a small machine cannot hold.
KILLS_MAX = 2


@dataclass(slots=True)
class _Child:
    process: asyncio.subprocess.Process
    parses: int = 0
    cpu_s: float = 0.0
    gone: bool = False


@dataclass(slots=True)
class ParserPool:
    """`ports.Parser` over `workers` children, started when first needed and replaced when killed.

    `cpu_s` and `wall_s` bound one parse, `memory_bytes_max` the address space of a child. Dates are bounded by
    the instant of the visit, so that a recording parses the same on any day.
    """

    workers: int = 2
    cpu_s: int = 10
    wall_s: float = 20.0
    memory_bytes_max: int = 256 * 1024**2
    _idle: list[_Child] = field(default_factory=list)
    _gate: asyncio.Semaphore | None = None
    _freed: asyncio.Event = field(default_factory=asyncio.Event)
    _asked: int = 0
    _alive: int = 0
    _starting: int = 0
    _pace_s: float = 0.0
    _closed: bool = False

    async def parse(
        self, fetched: Fetched, read_before: Collection[str] | None = None, kind: SourceKind = "feed"
    ) -> Feed:
        """The feed in a body; `Feed(error="parse")` where the document is too much. Starved where the machine is."""
        url = fetched.final_url or fetched.url
        header = _header("feed", fetched.body, url, fetched.content_type, fetched.at, read_before, source=kind)
        try:
            return codec.from_json(Feed, await self._run(header, fetched.body))
        except (_Failed, ValueError, TypeError, KeyError) as error:
            return Feed(error="parse", detail=str(error)[:200])

    async def page(self, body: bytes, url: str, content_type: str) -> Page:
        """The article on a page; state "failed" where the page is too much. Starved where the machine is."""
        now = datetime.now(UTC)
        try:
            return codec.from_json(Page, await self._run(_header("page", body, url, content_type, now), body))
        except (_Failed, ValueError, TypeError, KeyError):
            return Page(url, now, state="failed", error="parse")

    async def article(self, body: bytes, url: str, content_type: str) -> Article:
        """The article that a story begins with; ArticleError where it is none, or more than a child can read."""
        try:
            answer = await self._run(_header("article", body, url, content_type, datetime.now(UTC)), body)
            said = json.loads(answer)
            if said.get("error") is None:
                return codec.from_json(Article, answer)
        except (_Failed, ValueError, TypeError, KeyError) as error:
            raise ArticleError(f"it cannot be read: {error}") from error
        raise ArticleError(str(said.get("detail") or said["error"]))

    async def declared(self, fetched: Fetched) -> list[tuple[str, Way]]:
        """The feeds that a page declares or links to, best first; none where the child was killed or stalled."""
        url, link = fetched.final_url or fetched.url, fetched.link
        try:
            answer = await self._run(
                _header("declared", fetched.body, url, fetched.content_type, fetched.at, link=link), fetched.body
            )
            return [(str(feed), way) for feed, way in json.loads(answer)]
        except (_Failed, ValueError, TypeError):
            return []

    async def _run(self, header: bytes, body: bytes) -> bytes:
        """One request to one child, started or reused. _Failed where the document is too much; Starved."""
        if self._gate is None:
            self._gate = asyncio.Semaphore(self.workers)
        self._asked += 1
        try:
            async with self._gate:
                for kill in range(1, KILLS_MAX + 1):
                    child = await self._child()
                    try:
                        return await self._once(child, header + body)
                    except _Killed as error:
                        if kill == KILLS_MAX:
                            raise _Failed(f"the system ended the parser {KILLS_MAX} times; is memory short?") from error
                    finally:
                        self._freed.set()
        finally:
            self._asked -= 1
        raise AssertionError("unreachable")

    async def _child(self) -> _Child:
        """A child that waits for work, one that is about to, or, where what waits is worth its start, a new one."""
        while True:
            if child := await self._waiting():
                return child
            if not self._alive or self._asked * self._pace_s > WORTH_A_START_S:
                return await self._start()
            self._freed.clear()
            try:
                async with asyncio.timeout(BUSY_S):
                    await self._freed.wait()
            except TimeoutError:
                if not self._starting:
                    return await self._waiting() or await self._start()

    async def _once(self, child: _Child, request: bytes) -> bytes:
        used_s = child.cpu_s
        try:
            async with asyncio.timeout(self.wall_s):
                answer = await self._ask(child, request)
            if child.parses > 1:  # with the first one a child reads its tables
                self._pace_s += (child.cpu_s - used_s - self._pace_s) / PACE_OF
            return answer
        except TimeoutError as error:
            used_s = _cpu_s(child.process.pid) - used_s
            await self._end(child)
            if used_s < self.cpu_s / 2:
                raise Starved(f"a parser had {used_s:.1f} s of processor time in {self.wall_s:g} s") from error
            raise _Failed(f"not parsed within {self.wall_s:g} s") from error
        except (OSError, EOFError, asyncio.IncompleteReadError) as error:
            status = await self._ended(child)
            if status == -signal.SIGKILL:
                raise _Killed from error
            raise _Failed("the parser ran out of time or memory") from error
        except asyncio.CancelledError:
            await self._end(child)
            raise

    async def close(self) -> None:
        self._closed = True
        while self._idle:
            await self._end(self._idle.pop())

    async def _waiting(self) -> _Child | None:
        """A child that waits for work; one that was killed meanwhile (the kernel, out of memory) is passed over."""
        while self._idle:
            child = self._idle.pop()
            if child.process.returncode is None and child.process.stdout and not child.process.stdout.at_eof():
                return child
            await self._end(child)
        return None

    async def _start(self) -> _Child:
        # The child gets no secrets: only what Python needs to start.
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LC_ALL", "PYTHONPATH")}
        self._alive += 1
        self._starting += 1
        try:
            return await self._started(kept)
        except OSError as error:
            self._alive -= 1
            raise Starved(f"no parser process can be started ({error.strerror})") from error
        finally:
            self._starting -= 1

    async def _started(self, environ: dict[str, str]) -> _Child:
        process = await asyncio.create_subprocess_exec(
            # -P: nothing is imported from the folder that the daemon happens to stand in.
            sys.executable, "-P", "-m", "monitor.parser.child", str(self.memory_bytes_max), str(self.cpu_s),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env=environ, limit=2**20,
        )  # fmt: skip
        child = _Child(process)
        assert process.stdout
        try:
            ready = await asyncio.wait_for(process.stdout.readexactly(len(READY)), START_S)
        except (TimeoutError, asyncio.IncompleteReadError) as error:
            status = await self._ended(child)
            raise Starved(f"a parser process does not start (exit {status})") from error
        except asyncio.CancelledError:
            await self._end(child)
            raise
        assert ready == READY
        return child

    async def _ask(self, child: _Child, request: bytes) -> bytes:
        stdin, stdout = child.process.stdin, child.process.stdout
        assert stdin and stdout
        stdin.write(request)
        await stdin.drain()
        head = await stdout.readexactly(LENGTH_BYTES + CPU_BYTES)
        size, child.cpu_s = (
            int.from_bytes(head[:LENGTH_BYTES], "big"),
            int.from_bytes(head[LENGTH_BYTES:], "big") / 1000,
        )
        last, size = size >= LAST, size % LAST
        if size > ANSWER_BYTES_MAX:
            raise EOFError
        answer = await stdout.readexactly(size)
        child.parses += 1
        if last or self._closed or child.parses >= PARSES_PER_CHILD_MAX:
            await self._end(child)
        else:
            self._idle.append(child)
        return answer

    async def _ended(self, child: _Child) -> int | None:
        """How a child ended that is gone, or about to be; looked for before it is killed, which loses its status."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(child.process.wait(), 1)
        status = child.process.returncode
        await self._end(child)
        return status

    async def _end(self, child: _Child) -> None:
        self._alive -= not child.gone
        child.gone = True
        with contextlib.suppress(ProcessLookupError):
            child.process.kill()
        # To the end of its pipes: a transport that outlives its loop complains when it is collected.
        await child.process.communicate()


class _Failed(Exception):
    """A child gave no answer."""


class _Killed(Exception):
    """A child was ended by somebody else."""


def _cpu_s(pid: int) -> float:
    """Seconds of processor time that a process has used (proc(5), stat: utime and stime); more than enough if unknown.

    One that ends at this moment, by its limit, is gone: it has not waited for a processor.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return math.inf
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _header(
    kind: str, body: bytes, url: str, content_type: str, now: datetime, read_before: Collection[str] | None = None,
    source: SourceKind = "feed", link: str = "",
) -> bytes:  # fmt: skip
    asked = {
        "kind": kind, "size": len(body), "url": url[:8192], "content_type": content_type[:1000], "now": now.isoformat(),
        "read_before": None if read_before is None else list(read_before), "source": source, "link": link,
    }  # fmt: skip
    return json.dumps(asked).encode() + b"\n"
