"""Where a pass spends its CPU, by stage: N feeds of 30 entries on loopback, cold and with one new entry each.

    python -m bench.stages [N]

The process runs with clocks around the functions of `STAGES`, each charged without what the others inside it take.
What no stage claims is asking, reading answers, and pacing. The table is that of docs/performance.md.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from typing import Any

from bench import poll as farm
from monitor import config
from monitor.app.build import build
from monitor.metrics import Metrics
from monitor.operations.polling import poll

STAGES = (
    ("the first look at an entry", "monitor.core.relevance", "glance"),
    ("which stories it may concern", "monitor.core.relevance", "Matcher.candidates"),
    ("reading it on, where a story is near", "monitor.core.relevance", "read_on"),
    ("scores", "monitor.core.relevance", "score"),
    ("names of entries", "monitor.core.identity", "Document.__init__"),
    ("which stored entry it is", "monitor.core.identity", "Document.resolve"),
    ("looking entries up", "monitor.stores.sources", "Sources.known_entries"),
    ("compiling the stories", "monitor.pipeline.watchlist", "Lessons.relearn"),
    ("deciding", "monitor.core.decisions.visit", "decide"),
    ("JSON of what is kept", "monitor.stores.codec", "to_json"),
    ("compression", "monitor.stores.codec", "pack"),
    ("SQLite, writing", "monitor.stores.sqlite", "SqliteSession.change_many"),
    ("SQLite, reading", "monitor.stores.sqlite", "SqliteSession.rows"),
    ("rows of what is written", "monitor.stores.entries", "Visits.record"),
    ("everyday words, the rest of scoring", "monitor.pipeline.decider", "Decider._score"),
    ("commits, the rest of a turn", "monitor.pipeline.decider", "Decider.conclude_all"),
    ("the index of the search", "monitor.stores.search", "Search.index"),
    ("answers of the parsers", "monitor.core.codec", "from_json"),
)
PORT = 18081


class Clock:
    """CPU seconds by stage; a stage does not count what another inside it takes."""

    def __init__(self) -> None:
        """Nothing spent."""
        self.spent: Counter[str] = Counter()
        self._inside = threading.local()

    def around(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, watched."""

        def watched(*args: Any, **kwargs: Any) -> Any:
            outer, self._inside.seconds = getattr(self._inside, "seconds", 0.0), 0.0
            began = time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                whole = time.thread_time() - began
                self.spent[stage] += whole - self._inside.seconds
                self._inside.seconds = outer + whole

        return watched

    def watch(self) -> None:
        """Put the clock around every stage."""
        for stage, module, name in STAGES:
            holder: Any = import_module(module)
            *path, last = name.split(".")
            for part in path:
                holder = getattr(holder, part)
            setattr(holder, last, self.around(stage, getattr(holder, last)))


def used(who: int) -> float:
    """CPU seconds so far."""
    usage = getrusage(who)
    return usage.ru_utime + usage.ru_stime


async def measure(folder: Path, feeds: int, moved: Any) -> dict[str, dict[str, float]]:
    """CPU seconds by scenario and stage."""
    settings = config.parse(farm.configured(PORT, feeds), folder / "config.toml", {})
    table: dict[str, dict[str, float]] = {}
    clock = Clock()
    clock.watch()
    for scenario in ("cold", "new"):
        if scenario == "new":
            moved.set()
        clock.spent.clear()
        app = build(settings, None, Metrics(), exclusive=True)
        own, children = used(RUSAGE_SELF), used(RUSAGE_CHILDREN)
        await poll(app.pipeline, app.sources, everything=True, limit_s=1800)
        own, claimed = used(RUSAGE_SELF) - own, sum(clock.spent.values())
        await app.close()
        rest = {"asking, reading answers, pacing": own - claimed}
        table[scenario] = dict(clock.spent) | rest | {"parsers": used(RUSAGE_CHILDREN) - children}
    return table


def main() -> None:
    """Serve, measure, print the table."""
    feeds = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    before = used(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", "import monitor.cli, monitor.cli.serve, monitor.app.build"], check=True)
    start = used(RUSAGE_CHILDREN) - before
    context = multiprocessing.get_context("spawn")
    moved = context.Event()
    server = context.Process(target=farm.serve, args=(PORT, moved), daemon=True)
    server.start()
    time.sleep(2)
    try:
        with tempfile.TemporaryDirectory() as folder:
            table = asyncio.run(measure(Path(folder), feeds, moved))
    finally:
        server.terminate()
    print(f"{feeds} feeds, Python {platform.python_version()}\n\n| stage | cold | one new entry each |\n|---|---|---|")
    print(f"| imports | {start:.2f} | {start:.2f} |")
    for stage in sorted(table["cold"], key=lambda stage: -table["cold"][stage]):
        print(f"| {stage} | {table['cold'][stage]:.2f} | {table['new'].get(stage, 0.0):.2f} |")


if __name__ == "__main__":
    main()
