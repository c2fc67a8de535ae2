"""What a visit costs with several workers on one state: visits a second and CPU, each worker on a share of a core.

    python -m bench.workers [--feeds 500] [--stories 10] [--readers 20] [--visits 800] [--share .25] [--workers 0,1,2,4]
        [--still] [--entries 0] [--alone] [--statements]

0 workers: `monitor run` on SQLite, on the same share. Needs root and the cpu controller of cgroups (v1), PostgreSQL as
the tests start it, and loopback. Every visit brings one new entry, which is a follow-up of one story; every feed is a
host of its own and is due again as soon as it was visited, so that workers always have something to do
(each is handed out every five seconds at most: 200 feeds are 40 visits a second, for however many workers).
Several workers are measured beside one that does the same on a state of its own, and compared with it: where five
processes take turns on two cores, often two halves of one, a millisecond's work takes longer than where one has a cache
to itself. The one begins so much earlier that its stories know as much in the middle. What is left of every core is
taken by what yields to everything. `--alone`: nothing beside, and numbers of workers are measured one after the other.
With `--still` no visit brings anything. `--entries`: so many more are in the state already (PostgreSQL only).
`--statements` shows what the server was asked, by its own count (pg_stat_statements), which takes time of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import multiprocessing
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.data import read
from tests import postgres
from tests.loopback import free_port

ENTRIES = 15
AT_ONCE = 20  # visits that a worker has under way
STORIES_OF_FILE = 1000
PERIOD_US = 100_000
ASKED_S = 0.05  # how long an answer takes where it is looked whether two ask at once
LONG_S = 0.05  # what a lock that is nobody's in particular may last (issue 15)
STATEMENTS_MIN, SHOWN = 0.02, 150  # times a visit, and characters, of a statement that is shown
# Whoever waits for somebody, and every lock that is not of a row or of a table's everyday use.
LOCKS = """SELECT l.pid, l.locktype || ' ' || l.mode
    || CASE WHEN l.granted THEN '' ELSE ' waits: ' || left(a.query, 70) END
    FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE a.pid <> pg_backend_pid() AND a.application_name
    LIKE 'monitor%' AND NOT (l.granted AND (l.locktype IN ('virtualxid', 'transactionid', 'tuple')
    OR l.mode IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')))"""


# Takes what it is given of a core, in many small objects as a worker does.
BUSY = "import json\nwhile True: json.loads(json.dumps({str(n): [n] * 9 for n in range(2000)}))"
# Entries of long ago, as many as are bound, of all feeds; each concerned nobody.
OLD = [
    "INSERT INTO contents SELECT md5(n::text), decode(repeat(md5(n::text), 10), 'hex')"
    " FROM generate_series(1, %(many)s) n",
    "INSERT INTO entries SELECT 'old-' || n, 'f' || n %% %(feeds)s, 1, 'old-' || n, 'https://old.example/' || n,"
    " '2026-01-01', '2026-01-01', md5(n::text) FROM generate_series(1, %(many)s) n",
    "INSERT INTO aliases SELECT 'id:old-' || n, 'f' || n %% %(feeds)s, 'old-' || n FROM generate_series(1, %(many)s) n",
    "INSERT INTO versions SELECT 'old-' || n, 1, '2026-01-01', md5(n::text) FROM generate_series(1, %(many)s) n",
]


class Group:
    """A group of processes whose CPU is counted and may be limited."""

    def __init__(self, name: str) -> None:
        self._places = [Path(f"/sys/fs/cgroup/{kind}/monitor-bench-{name}") for kind in ("cpu", "cpuacct")]
        for place in self._places:
            place.mkdir(exist_ok=True)

    def limit(self, share: float) -> None:
        """Allow so much of a core."""
        (self._places[0] / "cpu.cfs_period_us").write_text(str(PERIOD_US))
        (self._places[0] / "cpu.cfs_quota_us").write_text(str(int(PERIOD_US * share)))

    def join(self) -> None:
        """Move this process there."""
        for place in self._places:
            (place / "tasks").write_text(str(os.getpid()))

    def spent(self) -> float:
        """CPU seconds so far."""
        return int((self._places[1] / "cpuacct.usage").read_text()) / 1e9

    @staticmethod
    def leave(pid: int = 0) -> None:
        """Move this process, or another, back."""
        for kind in ("cpu", "cpuacct"):
            Path(f"/sys/fs/cgroup/{kind}/tasks").write_text(str(pid or os.getpid()))


def town(number: int) -> str:
    """A name that no other story has."""
    syllables = ("bar", "del", "fin", "gor", "hul", "kem", "lon", "mar", "nov", "pes")
    return "".join(syllables[int(digit)] for digit in f"{number:05d}").title()


WORDS = [word for word in read("common_words.txt").split() if len(word) > 5 and word.isalpha()]


def words(number: int, many: int) -> str:
    """What a story is about: words that hardly any other has together."""
    dice = random.Random(number)
    return " ".join(dice.sample(WORDS, 8)[:many])


def serve(
    port: int, stories: int, readers: int, served: multiprocessing.sharedctypes.Synchronized[int],
    most: multiprocessing.sharedctypes.SynchronizedArray[int] | None = None, still: bool = False,
) -> None:  # fmt: skip
    """Feeds with one more entry each time they are asked (`still`: ever the same); `most` counts who asks at once."""
    at_once: Counter[int] = Counter()
    numbers: defaultdict[int, count[int]] = defaultdict(count)

    def story(name: int, number: int) -> int:
        """Each feed's entries go through the stories that read it, no two feeds in step: all are as hot."""
        return (name * readers + (name + number) % readers) % stories

    async def feed(request: Request) -> Response:
        name = request.path_params["feed"]
        newest = 0 if still else next(numbers[name])
        served.value += 1
        if most is not None:
            at_once[name] += 1
            most[name] = max(most[name], at_once[name])
            await asyncio.sleep(ASKED_S)
            at_once[name] -= 1
        items = "".join(
            f"<item><guid>{name}-{n}</guid><link>https://f{name}.example/{n}</link>"
            f"<title>{town(story(name, n))} {words(story(name, n), 4)} {words(-1 - name * 10**6 - n, 3)}</title>"
            f"<description>In {town(story(name, n))} {words(story(name, n), 8)}, it was said. "
            f"{words(-1 - n * 10**6 - name, 8)}.</description>"
            f"<pubDate>{format_datetime(datetime.now(UTC) - timedelta(minutes=newest - n))}</pubDate></item>"
            for n in range(max(0, newest - ENTRIES), newest + 1)
        )
        body = f"<rss version='2.0'><channel><title>Feed {name}</title>{items}</channel></rss>"
        return Response(body, media_type="text/xml")

    uvicorn.run(
        Starlette(routes=[Route("/{feed:int}", feed)]), host="0.0.0.0", port=port, log_level="error", access_log=False
    )


def address(network: str, number: int) -> str:
    """One of a network's addresses: the rest of four numbers."""
    rest = (number // 62500 + 1, number // 250 % 250, number % 250 + 2)
    return ".".join((network, *map(str, rest[network.count(".") :])))


def configuration(state: str, port: int, feeds: int, stories: int, readers: int, network: str = "127") -> str:
    """Each feed is read by `readers` stories; all are at addresses of their own in `network`."""
    read: defaultdict[int, list[str]] = defaultdict(list)
    for feed in range(feeds):
        for reader in range(min(readers, stories)):
            read[(feed * readers + reader) % stories].append(f"f{feed}")
    sources = "".join(
        f'[[source]]\nid = "f{n}"\nurl = "http://{address(network, n)}:{port}/{n}"\n' for n in range(feeds)
    )
    watched = "".join(
        f'[[story]]\nid = "s{n}"\ntitle = "{town(n)}"\nsources = {read[n]!r}\n'
        f'seed_text = """{town(n)} {words(n, 4)}\n\nIn {town(n)} {words(n, 8)}, its mayor said on Monday."""\n'
        for n in range(stories)
        if read[n]
    )
    return (
        f'[service]\nstate = "{state}"\n[fetch]\nallow_private = ["127.0.0.0/8"]\nhost_spacing = "0s"\n'
        f"follow_pages = false\nconcurrency = {AT_ONCE}\n[http]\nenabled = false\n{sources}{watched}"
        "[[channel]]\nid = 'desk'\ntype = 'console'\nmode = 'digest'\n"
    )


class Due:
    """Lets every feed be due again that was visited; a visit under way is a lease of less than two minutes."""

    def __init__(self, state: str) -> None:
        self._state, self._ended = state, threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.longest: defaultdict[str, float] = defaultdict(float)

    def __enter__(self) -> Due:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        shared = self._state.startswith("postgres")
        held: dict[tuple[int, str], float] = {}
        with connected(self._state) as database:
            if isinstance(database, psycopg.Connection) and "TEST_PG_DSN" not in os.environ:
                Group.leave(database.info.backend_pid)  # the server's part of what is asked here is no visit's work
            for turn in count():
                if self._ended.wait(0.02):
                    return
                if turn % 10 == 0:
                    later = (datetime.now(UTC) + timedelta(seconds=120)).isoformat()
                    due = "2000-01-01T00:00:00.000000+00:00"
                    visited = f"SELECT source_id FROM sources WHERE next_at > '{later}'"
                    visited += " FOR UPDATE SKIP LOCKED" if shared else ""  # who records several waits for nobody here
                    database.execute(f"UPDATE sources SET next_at = '{due}' WHERE source_id IN ({visited})")
                    if isinstance(database, sqlite3.Connection):
                        database.commit()
                if isinstance(database, psycopg.Connection):
                    now = time.monotonic()
                    seen = {(row[0], row[1]) for row in database.execute(LOCKS).fetchall()}
                    held = {lock: held.get(lock, now) for lock in seen}
                    for (_, name), since in held.items():
                        self.longest[name] = max(self.longest[name], now - since)


@contextlib.contextmanager
def running(folder: Path, text: str, workers: int, name: str) -> Iterator[list[Group]]:
    """Workers, each in a group of its own; not limited yet. Stories have files of their own: one has 1 MiB at most."""
    head, *stories = text.split("[[story]]")
    last, _, channels = stories.pop().partition("[[channel]]")
    stories.append(last)
    for at in range(0, len(stories), STORIES_OF_FILE):
        part = "".join(f"[[story]]{story}" for story in stories[at : at + STORIES_OF_FILE])
        (folder / f"stories-{at}.toml").write_text(part)
    head = head.replace("[service]", '[service]\ninclude = ["stories-*.toml"]', 1)
    (folder / "config.toml").write_text(f"{head}[[channel]]{channels}")
    groups = [Group(f"{name}worker-{n}") for n in range(max(workers, 1))]
    command = [sys.executable, "-m", "monitor", "worker" if workers else "run", "--config", str(folder / "config.toml")]
    quiet = subprocess.DEVNULL
    processes = [
        subprocess.Popen(command, preexec_fn=group.join, stdout=quiet, stderr=(folder / f"log-{n}").open("w"))
        for n, group in enumerate(groups)
    ]
    try:
        for n in range(len(processes)):
            while "started" not in (folder / f"log-{n}").read_text():
                time.sleep(0.1)
                assert processes[n].poll() is None, (folder / f"log-{n}").read_text()
        yield groups
    finally:
        for group in groups:
            group.limit(4)
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()


@contextlib.contextmanager
def busy() -> Iterator[None]:
    """What is left of every core is taken by what yields to all."""
    with contextlib.ExitStack() as stack:
        for _ in range(os.cpu_count() or 1):
            stack.enter_context(spinning())
        yield


@contextlib.contextmanager
def spinning() -> Iterator[None]:
    """A process that does nothing for as long as nobody else does anything."""

    def yielding() -> None:
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))

    with subprocess.Popen([sys.executable, "-c", BUSY], preexec_fn=yielding) as process:
        try:
            yield
        finally:
            process.kill()


def connected(state: str) -> contextlib.closing[Any]:
    """A session with a state, of either kind."""
    shared = state.startswith("postgres")
    return contextlib.closing(psycopg.connect(state, autocommit=True) if shared else sqlite3.connect(state, timeout=30))


def unsettled(state: str) -> int:
    """How many stories wait for their first brief."""
    statement = f"SELECT COUNT(*) FROM periodic WHERE due_at <= '{datetime.now(UTC).isoformat()}'"
    with connected(state) as database:
        return int(database.execute(statement).fetchone()[0])  # type: ignore[index]


def written(state: str) -> tuple[int, int]:
    """Bytes of the server's log and of the database so far; nothing of SQLite."""
    if not state.startswith("postgres"):
        return 0, 0
    with psycopg.connect(state) as server:
        query = "SELECT pg_current_wal_lsn() - '0/0', pg_database_size(current_database())"
        log, size = server.execute(query).fetchall()[0]
    return int(log), int(size)


def asked(address: str) -> list[tuple[int, float, int, str]]:
    """What the server was asked since the last time: how often, milliseconds and rows in all, the statement."""
    with psycopg.connect(address, autocommit=True) as server:
        server.execute("SET client_min_messages = warning")
        server.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        query = "SELECT calls, total_exec_time, rows, query FROM pg_stat_statements ORDER BY calls DESC"
        found = server.execute(query).fetchall()
        server.execute("SELECT pg_stat_statements_reset()")
    return [(calls, spent_ms, rows, " ".join(text.split())[:SHOWN]) for calls, spent_ms, rows, text in found]


@dataclass(slots=True)
class World:
    """A state, its publisher and the workers on it."""

    state: str
    address: str
    folder: Path
    served: multiprocessing.sharedctypes.Synchronized[int]
    groups: list[Group]
    server: Group

    def counts(self) -> tuple[float, int, float, float]:
        """Seconds so far, visits recorded, CPU seconds of the workers and of the server."""
        with connected(self.state) as database:
            visits = int(database.execute("SELECT SUM(visits) FROM days").fetchone()[0])  # type: ignore[index]
        return time.monotonic(), visits, sum(group.spent() for group in self.groups), self.server.spent()

    def until(self, visits: int) -> None:
        """Wait for so many more: what a story knows grows with each, and with it what a decision costs."""
        end = self.served.value + visits
        while self.served.value < end:
            time.sleep(0.05)


@dataclass(slots=True, frozen=True)
class Cost:
    """Visits a second; CPU milliseconds of workers and of the server a visit."""

    rate: float
    cpu_ms: float
    server_ms: float

    @classmethod
    def between(cls, before: tuple[float, int, float, float], after: tuple[float, int, float, float]) -> Cost:
        """What was spent between two counts."""
        seconds, visits, cpu_s, server_s = (now - then for now, then in zip(after, before, strict=True))
        many = max(visits, 1)
        return cls(visits / seconds, 1000 * cpu_s / many, 1000 * server_s / many)

    def __str__(self) -> str:
        return f"{self.rate:.1f} visits/s; CPU a visit {self.cpu_ms:.1f} ms, server {self.server_ms:.1f} ms"


def begun(stack: contextlib.ExitStack, given: argparse.Namespace, workers: int, name: str) -> World:
    """Workers on a state of their own, each on its share, once every feed has been read for the first time."""
    served, port = multiprocessing.Value("q", 0), free_port()
    told = (port, given.stories, given.readers, served, None, given.still)
    publisher = multiprocessing.Process(target=serve, args=told, daemon=True)
    publisher.start()
    stack.callback(publisher.kill)
    folder, server, address = Path(stack.enter_context(tempfile.TemporaryDirectory())), Group(f"{name}server"), ""
    state = str(folder / "monitor.db")
    if workers:
        server.join()
        counting = "-c shared_preload_libraries=pg_stat_statements" if given.statements else ""
        address = stack.enter_context(postgres.server(settings=counting))
        Group.leave()
        state = stack.enter_context(postgres.database(address))
    text = configuration(state, port, given.feeds, given.stories, given.readers)
    groups = stack.enter_context(running(folder, text, workers, name))
    while served.value < given.feeds:  # the first poll of each is the quiet one
        time.sleep(0.2)
    while unsettled(state):
        time.sleep(0.5)
    if given.entries:
        with psycopg.connect(state) as database:
            for statement in OLD:
                database.execute(statement, {"many": given.entries, "feeds": given.feeds})  # type: ignore[call-overload]
    for group in groups:
        group.limit(given.share)
    return World(state, address, folder, served, groups, server)


def measure(given: argparse.Namespace, workers: int, beside: bool) -> tuple[Cost, Cost | None]:
    """What a visit costs, and what it costs one worker that does the same beside."""
    early, many = given.visits // 4, max(workers, 1)
    with contextlib.ExitStack() as stack:
        world = begun(stack, given, workers, "")
        one = begun(stack, given, 1, "beside-") if beside else None
        if not given.alone:
            stack.enter_context(busy())
        if one:
            stack.enter_context(Due(one.state))
            one.until(round((early + given.visits / 2) * (1 - 1 / many)))
        due = stack.enter_context(Due(world.state))
        world.until(early + AT_ONCE * many)  # what is under way is not decided yet
        wrote = written(world.state)
        if given.statements and workers:
            asked(world.address)
        worlds = [each for each in (world, one) if each]
        before = [each.counts() for each in worlds]
        world.until(given.visits)
        costs = [Cost.between(then, each.counts()) for then, each in zip(before, worlds, strict=True)]
        show(given, world, workers, wrote, due)
    return costs[0], costs[1] if one else None


def show(given: argparse.Namespace, world: World, workers: int, wrote: tuple[int, int], due: Due) -> None:
    """Print what the server was asked and what was written a visit, faults, and locks that were held for long."""
    for calls, spent_ms, rows, statement in asked(world.address) if given.statements and workers else ():
        if calls / given.visits > STATEMENTS_MIN:
            each_ms, each_rows = spent_ms / given.visits, rows / given.visits
            print(f"{calls / given.visits:6.2f} x, {each_ms:5.2f} ms, {each_rows:5.1f} rows: {statement}")
    log, size = ((now - then) / given.visits / 1024 for now, then in zip(written(world.state), wrote, strict=True))
    print(f"\na visit: {log:.1f} KiB of log, {size:.1f} KiB more kept")
    faults = [line for path in world.folder.glob("log-*") for line in path.read_text().splitlines()]
    faults = [line[:200] for line in faults if '"level": "error"' in line]
    print(f"{workers} workers: {len(faults)} errors {faults[:2]}; locks over {LONG_S * 1000:.0f} ms:", flush=True)
    for name, longest in sorted(due.longest.items(), key=lambda each: -each[1])[:6]:
        if longest > LONG_S:
            print(f"  {longest * 1000:5.0f} ms {' '.join(name.split())}")


def main() -> None:
    """Print a line for each number of workers."""
    options = argparse.ArgumentParser()
    for name, kind, default in (
        ("feeds", int, 500), ("stories", int, 10), ("readers", int, 20), ("visits", int, 800),
        ("entries", int, 0), ("share", float, 0.25), ("workers", str, "0,1,2,4"),
    ):  # fmt: skip
        options.add_argument(f"--{name}", type=kind, default=default)
    options.add_argument("--still", action="store_true")
    options.add_argument("--alone", action="store_true")
    options.add_argument("--statements", action="store_true")
    given = options.parse_args()
    for workers in map(int, given.workers.split(",")):
        cost, one = measure(given, workers, beside=workers != 1 and not given.alone)
        print(f"{workers} workers: {cost}", flush=True)
        if one:
            ratios = f"{cost.rate / one.rate:.2f} x its visits, {cost.cpu_ms / one.cpu_ms:.2f} x its CPU"
            print(f"  one beside: {one}; {ratios}", flush=True)


if __name__ == "__main__":
    main()
