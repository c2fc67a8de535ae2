"""What a visit costs with several workers on one state: visits a second and CPU, each worker on a share of a core.

    python -m bench.workers [--feeds 500] [--stories 10] [--readers 20] [--visits 250] [--share .25] [--workers 0,1,2,4]
        [--still] [--entries 0] [--alone] [--statements]

0 workers: `monitor run` on SQLite, on the same share. Needs root and the cpu controller of cgroups (v1), PostgreSQL as
the tests start it, and loopback. Every visit brings one new entry, which is a follow-up of one story; every feed is a
host of its own and is due again as soon as it was visited, so that workers always have something to do
(each is handed out every five seconds at most: 200 feeds are 40 visits a second, for however many workers).
While fewer workers are measured than the most, something else takes the share of the others, and what is left of every
core is taken by what yields to everything: two busy cores, often two halves of one, make every millisecond of processor
time longer, whoever is busy (`--alone`: nothing does).
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
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from pathlib import Path

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
        f"follow_pages = false\nconcurrency = 20\n[http]\nenabled = false\n{sources}{watched}"
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
        with contextlib.closing(
            psycopg.connect(self._state, autocommit=True) if shared else sqlite3.connect(self._state, timeout=30)
        ) as database:
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
def running(folder: Path, text: str, workers: int) -> Iterator[list[Group]]:
    """Workers, each in a group of its own; not limited yet. Stories have files of their own: one has 1 MiB at most."""
    head, *stories = text.split("[[story]]")
    last, _, channels = stories.pop().partition("[[channel]]")
    stories.append(last)
    for at in range(0, len(stories), STORIES_OF_FILE):
        part = "".join(f"[[story]]{story}" for story in stories[at : at + STORIES_OF_FILE])
        (folder / f"stories-{at}.toml").write_text(part)
    head = head.replace("[service]", '[service]\ninclude = ["stories-*.toml"]', 1)
    (folder / "config.toml").write_text(f"{head}[[channel]]{channels}")
    groups = [Group(f"worker-{n}") for n in range(max(workers, 1))]
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
def busy(share: float) -> Iterator[None]:
    """Something else takes so much of a core, and what is left of every core is taken by what yields to all."""
    with contextlib.ExitStack() as stack:
        for _ in range(os.cpu_count() or 1):
            stack.enter_context(spinning(lambda: os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))))
        if share > 0:
            group = Group("busy")
            group.limit(share)
            stack.enter_context(spinning(group.join))
        yield


@contextlib.contextmanager
def spinning(begin: Callable[[], None]) -> Iterator[None]:
    """A process that does nothing for as long as it may."""
    with subprocess.Popen([sys.executable, "-c", BUSY], preexec_fn=begin) as process:
        try:
            yield
        finally:
            process.kill()


def unsettled(state: str) -> int:
    """How many stories wait for their first brief."""
    statement = f"SELECT COUNT(*) FROM periodic WHERE due_at <= '{datetime.now(UTC).isoformat()}'"
    shared = state.startswith("postgres")
    with contextlib.closing(psycopg.connect(state) if shared else sqlite3.connect(state, timeout=30)) as database:
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


def until(served: multiprocessing.sharedctypes.Synchronized[int], visits: int) -> None:
    """Wait for so many more: what a story knows grows with each, and with it what a decision costs."""
    end = served.value + visits
    while served.value < end:
        time.sleep(0.05)


def measure(given: argparse.Namespace, workers: int) -> tuple[float, float, float]:
    """Visits a second; CPU milliseconds of workers and of the server a visit."""
    served = multiprocessing.Value("q", 0)
    port = free_port()
    publisher = multiprocessing.Process(
        target=serve, args=(port, given.stories, given.readers, served, None, given.still), daemon=True
    )
    publisher.start()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = Group("server")
        if workers:
            server.join()
            counting = "-c shared_preload_libraries=pg_stat_statements" if given.statements else ""
            address = stack.enter_context(postgres.server(settings=counting))
            Group.leave()
            state = stack.enter_context(postgres.database(address))
        else:
            state = str(folder / "monitor.db")
        text = configuration(state, port, given.feeds, given.stories, given.readers)
        groups = stack.enter_context(running(folder, text, workers))
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
        rest = 0 if given.alone else max(map(int, given.workers.split(","))) - max(workers, 1)
        with contextlib.nullcontext() if given.alone else busy(rest * given.share), Due(state) as due:
            until(served, given.visits // 4)
            wrote = written(state)
            if given.statements and workers:
                asked(address)
            began, count_, before = time.monotonic(), served.value, [group.spent() for group in (*groups, server)]
            until(served, given.visits)
            visits, seconds = served.value - count_, time.monotonic() - began
            *spent, of_server = [g.spent() - b for g, b in zip((*groups, server), before, strict=True)]
        for calls, spent_ms, rows, statement in asked(address) if given.statements and workers else ():
            if calls / visits > STATEMENTS_MIN:
                print(f"{calls / visits:6.2f} x, {spent_ms / visits:5.2f} ms, {rows / visits:5.1f} rows: {statement}")
        log, size = (now - then for now, then in zip(written(state), wrote, strict=True))
        print(
            f"\na visit: {log / max(visits, 1) / 1024:.1f} KiB of log, {size / max(visits, 1) / 1024:.1f} KiB more kept"
        )
        faults = [line for n in range(len(groups)) for line in (folder / f"log-{n}").read_text().splitlines()]
        faults = [line[:200] for line in faults if '"level": "error"' in line]
        print(f"{workers} workers: {len(faults)} errors {faults[:2]}; locks over {LONG_S * 1000:.0f} ms:", flush=True)
        for name, longest in sorted(due.longest.items(), key=lambda each: -each[1])[:6]:
            if longest > LONG_S:
                print(f"  {longest * 1000:5.0f} ms {' '.join(name.split())}")
    publisher.kill()
    return visits / seconds, 1000 * sum(spent) / max(visits, 1), 1000 * of_server / max(visits, 1)


def main() -> None:
    """Print a line for each number of workers."""
    options = argparse.ArgumentParser()
    for name, kind, default in (
        ("feeds", int, 500), ("stories", int, 10), ("readers", int, 20), ("visits", int, 250),
        ("entries", int, 0), ("share", float, 0.25), ("workers", str, "0,1,2,4"),
    ):  # fmt: skip
        options.add_argument(f"--{name}", type=kind, default=default)
    options.add_argument("--still", action="store_true")
    options.add_argument("--alone", action="store_true")
    options.add_argument("--statements", action="store_true")
    given = options.parse_args()
    one = None
    for workers in map(int, given.workers.split(",")):
        rate, cpu, of_server = measure(given, workers)
        one = one or (rate if workers == 1 else None)
        ratio = f", {rate / one:.2f} x one" if one else ""
        print(
            f"{workers} workers: {rate:.1f} visits/s{ratio}; CPU a visit {cpu:.1f} ms, server {of_server:.1f} ms",
            flush=True,
        )


if __name__ == "__main__":
    main()
