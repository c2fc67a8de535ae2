"""A million feeds and ten thousand stories: the busiest hour simulated second by second, on costs that were measured.

    python -m bench.scale            prints the table of docs/many-stories.md
    python -m bench.scale --tick     measures what looking for what is due costs (PostgreSQL as the tests start it)

The costs in `scale.tsv` are of `bench.workers`, of this, and of py-spy on a worker of the former.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

COSTS = {
    name: float(value)
    for name, value, _ in (
        line.split("\t") for line in Path(__file__).with_suffix(".tsv").read_text("utf-8").splitlines()
    )
}
INTERVAL_S = 900  # the default
# Assumed: entries a feed brings a day, the busiest hour against the mean, entries that concern a story, days kept.
ENTRIES_A_DAY, PEAK, CONCERNING, KEPT_DAYS = 10, 2.0, 0.05, 400
BUSY = 0.7  # of a core that is planned for, so that a queue stays short
HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked for: how many feeds and stories, and by how many installations."""

    feeds: int
    stories: int
    parts: int = 1

    @property
    def visits(self) -> float:
        """A second, all day."""
        return self.feeds / INTERVAL_S

    @property
    def entries(self) -> float:
        """A second, in the busiest hour."""
        return self.feeds * ENTRIES_A_DAY * PEAK / 86_400

    @property
    def hottest(self) -> float:
        """Entries a second that concern the story most written of; the n-th most has an n-th of that."""
        return self.entries * CONCERNING / sum(1 / rank for rank in range(1, self.stories + 1))


def arrivals(rate: float, dice: random.Random) -> int:
    """How many come in a second: as twelve dice less six spread, which is the same in every Python."""
    return max(0, round(rate + (sum(dice.random() for _ in range(12)) - 6) * rate**0.5))


def longest_wait(rate: float, each_ms: float, dice: random.Random) -> float:
    """Seconds that the last in line waits at the worst of an hour, where one at a time takes so long."""
    waiting, worst = 0.0, 0.0
    for _ in range(HOUR_S):
        waiting = max(0.0, waiting + arrivals(rate, dice) * each_ms / 1000 - 1)
        worst = max(worst, waiting)
    return worst


def rows(load: Load) -> Iterator[tuple[str, str]]:
    """What it takes, and what is waited for; over a minute it does not keep up."""
    dice = random.Random(load.feeds)
    still = load.visits - load.entries
    cores = [
        (still * COSTS[f"still_{where}_ms"] + load.entries * COSTS[f"news_{where}_ms"]) / 1000
        for where in ("worker", "server")
    ]
    log = (still * COSTS["still_log_kib"] + load.entries * COSTS["news_log_kib"]) / 1024
    kept = load.feeds * ENTRIES_A_DAY * COSTS["news_kept_kib"] / 1024**2
    look = longest_wait(load.visits / load.parts, COSTS["hint_ms"], dice)
    story = longest_wait(load.hottest, COSTS["held_ms"], dice)
    yield "visits/s", f"{load.visits:,.0f}"
    yield "with news/s", f"{load.entries:,.0f}"
    yield "workers of a core", f"{-(-cores[0] // BUSY):,.0f}"
    yield "server cores", f"{-(-cores[1] // BUSY):,.0f}"
    yield "log MiB/s", f"{log:,.1f}"
    yield "GiB a day", f"{kept:,.1f}"
    yield f"TiB in {KEPT_DAYS} days", f"{kept * KEPT_DAYS / 1024:,.1f}"
    yield "a visit waits to be handed out", _wait(look)
    yield "the hottest story waits", _wait(story)


def _wait(seconds: float) -> str:
    return "**falls behind**" if seconds > 60 else f"{seconds:.1f} s"


LOADS = (Load(10_000, 1_000), Load(100_000, 10_000), Load(1_000_000, 10_000), Load(1_000_000, 10_000, parts=80))


def table() -> str:
    """The simulation as a table of Markdown."""
    columns = [dict(rows(load)) for load in LOADS]
    heads = [
        f"{load.feeds:,} feeds, {load.stories:,} stories" + f", {load.parts} parts" * (load.parts > 1) for load in LOADS
    ]
    lines = [f"| | {' | '.join(heads)} |", "|---" * (len(LOADS) + 1) + "|"]
    return "\n".join(lines + [f"| {name} | {' | '.join(each[name] for each in columns)} |" for name in columns[0]])


async def tick(address: str, feeds: int) -> None:
    """What a look costs that finds nothing due, and a hint."""
    from monitor import config
    from monitor.app.build import build
    from monitor.engines.distributed import DistributedEngine, prepare
    from monitor.metrics import Metrics
    from monitor.model import Job
    from monitor.stores.codec import instant
    from tests import postgres

    with postgres.database(address) as state, tempfile.TemporaryDirectory() as folder:
        sources = "".join(f'[[source]]\nid = "f{n}"\nurl = "https://f{n}.example/feed"\n' for n in range(feeds))
        settings = config.parse(f'[service]\nstate = "{state}"\n{sources}', Path(folder) / "config.toml", {})
        began = time.monotonic()
        app = build(settings, None, Metrics(), exclusive=True)
        started = time.monotonic() - began
        with app.store._database.write() as session:
            session.change("UPDATE sources SET next_at = ?", (instant(app.store.now() + timedelta(hours=1)),))
        jobs = app.jobs()
        await jobs.due()
        spent, began = time.process_time(), time.monotonic()
        for _ in range(20):
            await jobs.due()
        cpu, wall = (time.process_time() - spent) * 50, (time.monotonic() - began) * 50
        await asyncio.to_thread(prepare, state)
        engine = DistributedEngine(state, jobs, concurrency=1, pulse=lambda: None, failed=print, passing=print)
        async with engine._app.open_async():
            began = time.monotonic()
            await engine.hint([Job("visit", str(n)) for n in range(500)])
            hint = (time.monotonic() - began) * 2
        print(
            f"{feeds} sources: start {started:.1f} s, a look {cpu:.1f} ms of CPU, {wall:.1f} ms, a hint {hint:.3f} ms"
        )
        await app.close()


def main() -> None:
    """Print the table, or measure."""
    options = argparse.ArgumentParser()
    options.add_argument("--tick", action="store_true")
    if not options.parse_args().tick:
        print(table())
        return
    from tests import postgres

    with postgres.server() as address:
        for feeds in (1_000, 100_000):
            asyncio.run(tick(address, feeds))


if __name__ == "__main__":
    main()
