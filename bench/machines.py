"""Four workers on four machines (network namespaces), one fault after the other: what is late, lost or told twice.

    python -m bench.machines [--feeds 200] [--stories 20] [--seconds 25] [--period 20] [--only NAME]

Needs root, `ip`, `faketime` and PostgreSQL as the tests start it. Every feed brings one new entry at a time and is due
again every `--period` seconds; `--seconds` is how long each fault lasts, and how long is waited after it. Ends with
what was seen.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg

from bench.workers import configuration, serve
from monitor.stores import open_store
from tests import postgres
from tests.loopback import free_port

WORKERS = 4
NETWORK, FEEDS = "10.91.0", "10.92"
# A worker that does not know the newest step of the schema, which only adds.
OLDER = """import monitor, monitor.stores.migrations as migrations
monitor.__version__, migrations.STEPS = "before", dict([*migrations.STEPS.items()][:-1])
from monitor.cli import main
main()"""
LATE_S, SILENT_S = 120.0, 60.0  # what issue 15 allows


def run(*words: object) -> None:
    """A command that must succeed."""
    subprocess.run(list(map(str, words)), check=True, capture_output=True)


@contextlib.contextmanager
def machines() -> Iterator[list[str]]:
    """Names of namespaces that reach this machine, and nothing else, over a link each."""
    names = [f"monitor{n}" for n in range(WORKERS)]
    try:
        run("ip", "link", "add", "monitor", "type", "bridge")
        run("ip", "addr", "add", f"{NETWORK}.1/24", "dev", "monitor")
        run("ip", "link", "set", "monitor", "up")
        run("ip", "route", "add", "local", f"{FEEDS}.0.0/16", "dev", "lo")
        for n, name in enumerate(names):
            run("ip", "netns", "add", name)
            run("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name)
            run("ip", "link", "set", name, "master", "monitor", "up")
            inside = ("ip", "-n", name)
            run(*inside, "addr", "add", f"{NETWORK}.{n + 10}/24", "dev", "eth0")
            run(*inside, "link", "set", "eth0", "up")
            run(*inside, "link", "set", "lo", "up")
            run(*inside, "route", "add", "default", "via", f"{NETWORK}.1")
        yield names
    finally:
        for name in names:  # a namespace lives on until its last process has ended; the link is not to wait for that
            subprocess.run(["ip", "link", "del", name], check=False, capture_output=True)
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)
        subprocess.run(["ip", "link", "del", "monitor"], check=False, capture_output=True)
        route = ["ip", "route", "del", "local", f"{FEEDS}.0.0/16", "dev", "lo"]
        subprocess.run(route, check=False, capture_output=True)


class Machine:
    """A worker on a machine of its own."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self._folder = name, folder
        self._log = (folder / f"{name}.log").open("a")
        self.start()

    def start(self, *before: str, program: Sequence[str] = ("-m", "monitor")) -> None:
        """Begin, or begin again as a supervisor would."""
        command = [*before, sys.executable, *program, "worker", "--config", str(self._folder / "config.toml")]
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", self.name, *command], stdout=self._log, stderr=self._log
        )

    def end(self) -> None:
        """As a supervisor ends it."""
        self.process.terminate()
        self.process.wait(60)

    def kill(self) -> None:
        """End it at once, with its children (one of which it is itself under another clock)."""
        subprocess.run(["pkill", "-KILL", "-P", str(self.process.pid)], check=False)
        self.process.kill()

    def link(self, state: str) -> None:
        """Cut the link, or mend it; neither side is told."""
        run("ip", "link", "set", self.name, state)

    def errors(self) -> Counter[str]:
        """What went wrong, as logged."""
        lines = (self._folder / f"{self.name}.log").read_text().splitlines()
        records = [json.loads(line) for line in lines if '"level": "error"' in line]
        return Counter(f"{record['event']} {record.get('error', '')}"[:160] for record in records)


class Schedule(threading.Thread):
    """Makes a share of the feeds due each second; remembers how late each was visited."""

    def __init__(self, state: str, feeds: int, period: int) -> None:
        super().__init__(daemon=True)
        self._state, self._feeds, self._period, self.ended = state, feeds, period, threading.Event()
        self.due: dict[str, float] = {}
        self.latest, self.paused = 0.0, False

    def run(self) -> None:
        """Until ended; through restarts of the server."""
        for turn in range(10**6):
            if self.ended.wait(1):
                return
            with contextlib.suppress(psycopg.Error), psycopg.connect(self._state, autocommit=True) as server:
                server.execute("SET default_transaction_read_only = off")
                self._look(server)
                names = [f"f{n}" for n in range(turn % self._period, self._feeds, self._period)]
                at = datetime.now(UTC).isoformat(timespec="microseconds")
                if self.paused:
                    continue
                again = server.execute(
                    "UPDATE sources SET next_at = %s WHERE source_id IN (SELECT source_id FROM sources"
                    " WHERE source_id = ANY(%s) AND next_at > %s FOR UPDATE SKIP LOCKED) RETURNING source_id",
                    (at, names, datetime.fromtimestamp(time.time() + 120, UTC).isoformat(timespec="microseconds")),
                ).fetchall()
                self.due |= {row[0]: time.time() for row in again}

    def _look(self, server: psycopg.Connection[Any]) -> None:
        visited = dict(server.execute("SELECT source_id, last_visit_at FROM sources").fetchall())
        for name, since in list(self.due.items()):
            at = datetime.fromisoformat(visited[name]).timestamp() if visited[name] else 0.0
            self.latest = max(self.latest, (at if at > since else time.time()) - since)
            if at > since:
                del self.due[name]


def faults(machines_: list[Machine], admin: str, folder: Path, seconds: float) -> dict[str, Callable[[], None]]:
    """What happens, by name; each is over when it returns."""
    one, two, three, four = machines_

    def killed() -> None:
        one.kill()
        time.sleep(seconds)
        one.start()

    def cut() -> None:
        two.link("down")
        time.sleep(seconds + 35)  # longer than the server waits for it
        two.link("up")

    def stopped() -> None:
        os.kill(three.process.pid, signal.SIGSTOP)
        time.sleep(seconds + 35)
        os.kill(three.process.pid, signal.SIGCONT)

    def restarted() -> None:
        with psycopg.connect(admin, autocommit=True) as server:
            data = server.execute("SHOW data_directory").fetchall()[0][0]
        words = [str(postgres.programs() / "pg_ctl"), "-D", data, "-m", "fast", "-w", "restart"]  # type: ignore[operator]
        owner = Path(data).owner()
        subprocess.run(words, user=owner, extra_groups=[], cwd="/", check=True, stdout=subprocess.DEVNULL)

    def read_only() -> None:
        with postgres.read_only(admin):
            time.sleep(seconds)

    def older() -> None:
        four.end()
        four.start(program=("-c", OLDER))
        time.sleep(seconds)

    def clock_off() -> None:
        four.end()
        four.start("faketime", "-f", "+120s")
        time.sleep(seconds)

    return {
        "kill -9": killed, "link cut": cut, "SIGSTOP": stopped, "server restarted": restarted,
        "server read-only": read_only, "older version beside": older, "clock 120 s ahead": clock_off,
    }  # fmt: skip


def verdict(state: str, served: int) -> None:
    """What the state says at the end."""
    store = open_store(state)
    with psycopg.connect(state) as server:
        query = "SELECT at FROM decisions WHERE follow_up = 1 ORDER BY at"
        ats = [datetime.fromisoformat(row[0]) for row in server.execute(query).fetchall()]
        entries = server.execute("SELECT COUNT(*), COUNT(DISTINCT (source_id, entry_id)) FROM entries").fetchall()[0]
        missing = server.execute(
            "SELECT SUM(newest + 1 - found) FROM (SELECT COUNT(*) AS found, MAX(split_part(entry_id, '-', 2)::int)"
            " AS newest FROM entries GROUP BY source_id) AS each"
        ).fetchall()[0][0]
        lost = server.execute(
            "SELECT COUNT(*) FROM alerts a WHERE kind = 'story.development' AND NOT EXISTS"
            " (SELECT 1 FROM deliveries d WHERE d.alert_id = a.id)"
        ).fetchall()[0][0]
    told: defaultdict[str, set[str]] = defaultdict(set)
    twice = 0
    for alert, _ in store.alerts(limit=100_000):
        if alert.kind == "story.development":
            twice += alert.entry_key in told[alert.story_id]
            told[alert.story_id].add(alert.entry_key)
    developed = {
        (made.story_id, made.entry_key) for made in store.decisions(limit=100_000)
        if made.verdict == "development" and made.alert_id
    }  # fmt: skip
    untold = len(developed - {(story, key) for story, keys in told.items() for key in keys})
    silent = max((later - one).total_seconds() for one, later in pairwise(ats))
    print(
        f"served {served}, entries {entries[0]} of which distinct {entries[1]}, missing {missing}, decisions {len(ats)}"
    )
    print(f"developments told {sum(map(len, told.values()))}, twice {twice}, decided and not told {untold}")
    print(f"alerts without a delivery {lost}; longest without any decision {silent:.0f} s (at most {SILENT_S:.0f})")
    store.close()


def main() -> None:
    """Print what each fault cost."""
    options = argparse.ArgumentParser()
    for name, kind, default in (("feeds", int, 200), ("stories", int, 20), ("seconds", float, 25), ("period", int, 20)):
        options.add_argument(f"--{name}", type=kind, default=default)
    options.add_argument("--only", default="", help="faults with this in their name")
    given = options.parse_args()
    served, port = multiprocessing.Value("q", 0), free_port()
    most = multiprocessing.Array("i", given.feeds * 2)
    publisher = multiprocessing.Process(target=serve, args=(port, given.stories, 20, served, most), daemon=True)
    publisher.start()
    with contextlib.ExitStack() as stack:
        names = stack.enter_context(machines())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        admin = stack.enter_context(postgres.server(f"{NETWORK}.1"))
        state = stack.enter_context(postgres.database(admin))
        text = configuration(state, port, given.feeds, given.stories, 20, FEEDS)
        (folder / "config.toml").write_text(text.replace("127.0.0.0/8", f"{FEEDS}.0.0/16"))
        workers = [Machine(name, folder) for name in names]
        stack.callback(lambda: [each.kill() for each in workers])
        while served.value < given.feeds:
            time.sleep(0.5)
        schedule = Schedule(state, given.feeds, given.period)
        schedule.start()
        time.sleep(given.seconds)
        for name, happen in faults(workers, admin, folder, given.seconds).items():
            if given.only not in name:
                continue
            schedule.latest, count = 0.0, served.value
            happen()
            time.sleep(given.seconds)
            print(f"{name}: {served.value - count} visits, latest {schedule.latest:.0f} s late", flush=True)
        end = time.monotonic() + LATE_S
        schedule.paused = True
        while schedule.due and time.monotonic() < end:
            time.sleep(1)
        schedule.ended.set()
        verdict(state, served.value)
        print(f"most at once at one host {max(most[: given.feeds])} (a worker that is cut off gives up by itself)")
        for worker in workers:
            print(worker.name, "running" if worker.process.poll() is None else "ended", dict(worker.errors()))
    publisher.kill()


if __name__ == "__main__":
    main()
