"""The daemon among fifty publishers, most of them hostile or unlucky: does it answer, grow, or chatter?

    python -m bench.soak MINUTES

Serves fifty feeds on loopback, one of each way to misbehave, the rest with news every minute; asks /livez every second,
from a process of its own that no publisher keeps waiting, and makes the publishers yield to both, as theirs are other
machines. Meanwhile it reloads, locks the state, leaves requests half asked, and asks for no path. Prints the
slowest /livez, memory over time, what the log had to say, and which sources were read at the end.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import itertools
import json
import multiprocessing
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from monitor.errors import StoreError
from monitor.stores import open_store
from tests.loopback import free_port
from tests.net.hostile import WAYS, Asked, HostileOrigin, whole

FEEDS = 50
ASK_S = 1.0
PATIENCE_S = 30.0
LOCK_S = 5.0
PUBLISHERS_NICE = 10
SEED = """Dam breaks in the north

1 June 2026

A dam broke in the north of the country and flooded two villages, the governor said. Rescuers searched for 31 people.
"""
# Ways of the hostile origin that need no more than their path.
PATHS = (
    "/hang", "/slow-headers", "/drip", "/endless", "/headers?count=0", "/headers?count=1000", "/interim",
    "/bomb?members=1",
    "/coded?how=nested", "/coded?how=charset", "/coded?how=none", "/coded?how=file", "/coded?how=br", "/cut?how=length",
    "/reset", "/close", "/status/503", "/status/404", "/empty", "/redirect/302?to=file:///etc/passwd", "/chain/endless",
    "/chain/loop", "/etag?size=5000", "/garbage", "/gated",
)  # fmt: skip


def rss(*items: str) -> bytes:
    """A feed of these items."""
    return f"<rss version='2.0'><channel><title>Paper</title>{''.join(items)}</channel></rss>".encode()


def item(number: int, title: str, text: str = "", link: str = "") -> str:
    """One item of a feed."""
    link = link or f"https://paper.example/{number}"
    return (
        f"<item><guid>{number}</guid><title>{title}</title><link>{link}</link><description>{text}</description></item>"
    )


def _attributes() -> bytes:
    return b"<html><body><p " + b" ".join(b"a%d=1" % n for n in range(24_000)) + b">x</p></body></html>"


# Bodies by the turn of the visit: what changes is read anew.
MATTERS = ("Dam breaks in the north", "Minister resigns over charges", "Ferry strike halts crossings")
BODIES: dict[str, Callable[[int], bytes]] = {
    "lottery": lambda turn: rss(item(1, "Lottery results", f"{turn} " + "1," * 12_000)),
    "points": lambda turn: rss(item(1, "Results", f"{turn} " + "1.1." * 6_000)),
    "token": lambda turn: rss(item(1, "A" * 900, f"{turn} " + "A" * 20_000)),
    "dashes": lambda turn: rss(item(1, "Dam breaks", f"{turn} " + "- " * 10_000)),
    "brackets": lambda turn: rss(item(1, f"Correction {turn}", "corrected " + "[(" * 10_000)),
    "attributes": lambda turn: _attributes(),
    "halves": lambda turn: rss(item(turn, "Storm &#xD83C;&#xDF2A; hits"), item(0, "&#xD83C; alone")),
    "numbers": lambda turn: rss(item(turn, f"{'9' * 400} dead as dam breaks, {'9' * 5000} missing")),
    "userinfo": lambda turn: rss(item(turn, "Dam breaks", link=f"https://bbc.co.uk@evil.example/{turn}")),
    "reused": lambda turn: rss(f"<item><guid>top</guid><title>{MATTERS[turn % 3]}</title></item>"),
    "nesting": lambda turn: b"<rss version='2.0'><channel>" + b"<a>" * 100_000,
    "entities": lambda turn: b"<!DOCTYPE r [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]><rss><channel>&b;</channel></rss>",
    "long": lambda turn: rss(*(item(turn * 40 + n, f"Dam note {n}", "Rain fell. " * 1800) for n in range(40))),
    "flood": lambda turn: rss(*(item(turn * 900 + n, f"Note {turn * 900 + n} of the dam") for n in range(900))),
}  # fmt: skip


@dataclass
class Figures:
    """What was seen of the daemon."""

    livez_s: list[tuple[float, float]] = field(default_factory=list)
    failures: int = 0
    memory_kib: list[tuple[float, int]] = field(default_factory=list)


def news(name: str) -> Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]:
    """A publisher whose document changes with each visit."""
    turns = itertools.count(1)
    body = BODIES.get(name) or (
        lambda turn: rss(*(item(n, f"Dam report {n} of {name}") for n in range(turn, turn + 9)))
    )

    async def way(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(whole(body(next(turns))))

    return way


def configuration(folder: Path, origin: HostileOrigin, port: int) -> Path:
    """A configuration with all sources, one story, and the console for a channel."""
    paths = [*PATHS, *(f"/body/{name}" for name in BODIES)]
    paths += [f"/news/{number}" for number in range(FEEDS - len(paths))]
    for path in paths:
        if path.partition("?")[0].split("/")[1] in ("body", "news"):
            origin.serve(path, news(path.rpartition("/")[2]))
    sources = "".join(
        f'[[source]]\nid = "s{number}"\nurl = "http://127.1.0.{number + 1}:{origin.port}{path}"\n'
        for number, path in enumerate(paths)
    )
    text = f"""
[service]
log = "json"
[fetch]
allow_private = ["127.1.0.0/16:{origin.port}"]
host_spacing = "0s"
[http]
listen = "127.0.0.1:{port}"
[[story]]
id = "dam"
title = "Dam breaks"
threshold = 0.3
seed_text = '''{SEED}'''
{sources}"""
    (folder / "config.toml").write_text(text)
    return folder / "config.toml"


def sixths(measured: list[tuple[float, int]]) -> list[float]:
    """The median of each sixth of the run, in MiB: a reload holds two watches for a moment, which is no growth."""
    step = max(1, len(measured) // 6)
    return [median(kib for _, kib in measured[part * step : (part + 1) * step]) / 1024 for part in range(6)]


def memory_kib(pid: int) -> int:
    """Resident memory of the daemon itself; its children are bounded by themselves."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) if found else 0


def ask(port: int, pid: int, seconds: float) -> Figures:
    """/livez every second, on a connection of its own."""
    began, figures = time.monotonic(), Figures()
    while time.monotonic() - began < seconds:
        asked = time.monotonic()
        try:
            with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as line:
                line.settimeout(PATIENCE_S)
                line.sendall(b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                good = line.recv(64).startswith(b"HTTP/1.1 200")
        except OSError:
            good = False
        figures.livez_s.append((asked - began, time.monotonic() - asked))
        figures.failures += not good
        figures.memory_kib.append((time.monotonic() - began, memory_kib(pid)))
        time.sleep(max(0.0, ASK_S - (time.monotonic() - asked)))
    return figures


async def up(port: int) -> None:
    """Wait until the daemon answers."""
    async with httpx.AsyncClient() as client:
        while True:
            with contextlib.suppress(httpx.HTTPError):
                if (await client.get(f"http://127.0.0.1:{port}/livez", timeout=1)).is_success:
                    return
            await asyncio.sleep(0.5)


async def hurry(state: Path, end: float) -> None:
    """Make every source due each minute, whatever it did: five minutes are the least that can be configured."""
    store = open_store(str(state))
    names = [f"s{number}" for number in range(FEEDS)]
    while time.monotonic() < end - 60:
        await asyncio.sleep(60)
        with contextlib.suppress(StoreError):
            await asyncio.to_thread(store.hasten, names, datetime.now(UTC))
    store.close()


async def disturb(port: int, pid: int, state: Path, end: float) -> None:
    """Every half minute one thing that operators or strangers do."""
    acts: list[Callable[[], Awaitable[None]]] = [
        lambda: _signalled(pid), lambda: _locked(pid, state), lambda: _half_asked(port), lambda: _pathless(port),
    ]  # fmt: skip
    for act in itertools.cycle(acts):
        if time.monotonic() > end - 30:
            return
        await asyncio.sleep(25)
        with contextlib.suppress(OSError, sqlite3.Error):
            await act()


async def _signalled(pid: int) -> None:
    for _ in range(5):
        os.kill(pid, signal.SIGHUP)
        await asyncio.sleep(0.2)


async def _locked(pid: int, state: Path) -> None:
    with contextlib.closing(sqlite3.connect(state, isolation_level=None, timeout=20)) as other:
        await asyncio.to_thread(other.execute, "PRAGMA user_version")
        other.execute("BEGIN IMMEDIATE")
        await _signalled(pid)
        await asyncio.sleep(LOCK_S)
        other.execute("ROLLBACK")


async def _half_asked(port: int) -> None:
    async with contextlib.AsyncExitStack() as held:
        for number in range(250):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            held.callback(writer.close)
            writer.write((b"GET / HT", b"POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n")[number % 2])
        await asyncio.sleep(3)


async def _pathless(port: int) -> None:
    for line in (b"POST *", b"POST foo", b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX: "):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(line + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        await asyncio.wait_for(reader.read(100), 10)
        writer.close()


def spoken(log: Path) -> collections.Counter[str]:
    """Log lines by level, part and event."""
    counted: collections.Counter[str] = collections.Counter()
    for line in log.read_text("utf-8", "replace").splitlines():
        try:
            row: dict[str, Any] = json.loads(line)
        except ValueError:
            row = {"level": "?", "event": line[:60]}
        counted[f"{row.get('level')} {row.get('part') or row.get('logger') or ''}: {str(row.get('event'))[:60]}"] += 1
    return counted


def report(figures: Figures, log: Path, minutes: float) -> None:
    """The figures, in words."""
    times = sorted(took for _, took in figures.livez_s)
    print("slowest:", ", ".join(f"{took:.2f} s at {at / 60:.1f} min" for at, took in
                                sorted(figures.livez_s, key=itemgetter(1))[:-6:-1]))  # fmt: skip
    print(f"/livez: {len(times)} answers, {figures.failures} failures, worst {times[-1]:.3f} s, "
          f"99% within {times[int(len(times) * 0.99)]:.3f} s")  # fmt: skip
    print("memory:", ", ".join(f"{mib:.0f} MiB" for mib in sixths(figures.memory_kib)), "(median of each sixth)")
    counted = spoken(log)
    print(f"log: {sum(counted.values())} lines, {sum(counted.values()) / minutes:.0f} a minute")
    for line, times_said in counted.most_common(14):
        print(f"  {times_said:6d} {line}")


async def soak(minutes: float, folder: Path) -> None:
    """Run it all, and print what was seen."""
    port = free_port()
    async with HostileOrigin(host="0.0.0.0") as origin:
        path, log = configuration(folder, origin, port), folder / "log"
        with log.open("wb") as errors:
            words = [sys.executable, "-m", "monitor", "run", "--config", str(path)]
            daemon = subprocess.Popen(words, cwd=folder, stdout=errors, stderr=errors)  # noqa: ASYNC220
        try:
            await up(port)
            end = time.monotonic() + minutes * 60
            state = next(folder.rglob("*.db"))  # noqa: ASYNC240
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as beside:
                asking = beside.submit(ask, port, daemon.pid, minutes * 60)
                os.nice(PUBLISHERS_NICE)
                await asyncio.gather(disturb(port, daemon.pid, state, end), hurry(state, end))
                figures = await asyncio.wrap_future(asking)
            stopping = time.monotonic()
            daemon.terminate()
            code = await asyncio.to_thread(daemon.wait, 60)
            print(f"stopped with {code} in {time.monotonic() - stopping:.1f} s")
        finally:
            daemon.kill()
    report(figures, log, minutes)
    words = [sys.executable, "-m", "monitor", "sources", "--json", "--config", str(path)]
    rows = json.loads(subprocess.run(words, capture_output=True, check=True, cwd=folder).stdout)  # noqa: ASYNC221
    good = sum(row["error"] is None for row in rows)
    print(
        f"sources: {good} of {len(rows)} read; others:",
        dict(collections.Counter(r["error"] for r in rows if r["error"])),
    )


if __name__ == "__main__":
    assert {path.partition("?")[0].split("/")[1] for path in PATHS} <= {way.lstrip("/") for way in WAYS}
    with tempfile.TemporaryDirectory(prefix="soak-") as made:
        asyncio.run(soak(float(sys.argv[1]) if len(sys.argv) > 1 else 30.0, Path(made)))
