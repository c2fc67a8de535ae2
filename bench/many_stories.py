"""What an entry costs that concerns none of N stories, and what memory a story takes.

    python -m bench.many_stories [N ...]

Each story is a headline and a sentence of its own invented places; the entries are of councils and road works.
"""

from __future__ import annotations

import asyncio
import random
import resource
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from bench.poll import BEGAN
from monitor import config
from monitor.app.build import offline
from monitor.model import Entry, Feed, Fetched, Source, SourceStatus, Visit
from monitor.operations.replaying import VirtualClock

ENTRIES = 300
SYLLABLES = ("ka", "lo", "mi", "ne", "ru", "sa", "ti", "vo", "be", "da", "fi", "go", "hu", "ja", "ke", "li", "mo", "nu")


def configure(folder: Path, count: int) -> str:
    """A configuration with `count` stories, their articles in files beside it."""
    rng = random.Random(1)
    lines = []
    for number in range(count):
        dam, town, mayor = ("".join(rng.choices(SYLLABLES, k=3)).capitalize() for _ in range(3))
        (folder / f"{number}.txt").write_text(
            f"{dam} dam breaks above {town}\n\nThe dam at {dam} broke on Monday and flooded {town}, and "
            f"{rng.randint(10, 900)} people left their homes, mayor {mayor} said."
        )
        lines.append(f'[[story]]\nid = "s{number}"\ntitle = "{dam} dam"\nseed = "{number}.txt"\n')
    return "".join(lines)


async def measure(count: int) -> tuple[float, float]:
    """Milliseconds of CPU an entry, once stories are compiled, and MiB of the process."""
    with tempfile.TemporaryDirectory() as folder:
        text = configure(Path(folder), count)
        clock = VirtualClock(BEGAN)
        lane = offline(config.parse(text, Path(folder) / "config.toml", {}), "", clock, baseline=False)
        source, status = Source("paper", "Paper", ""), SourceStatus("paper")
        lane.store.sync_sources([source], BEGAN)
        began = 0.0
        for number in range(ENTRIES + 1):
            clock.at = BEGAN + timedelta(minutes=number)
            entry = Entry(
                id=f"e{number}", url=f"https://paper.example/{number}", published_at=clock.at,
                title=f"Council of town {number} votes on road works and budget {number * 7}",
                text="The council met and decided on the works. Drivers will wait, a spokeswoman said on Tuesday.",
            )  # fmt: skip
            fetched = Fetched("paper", "", clock.at, status=200, body=b" ")
            outcome = await lane.conclude(Visit(source, status, clock.at), fetched, Feed(entries=(entry,)))
            status = outcome.status
            if not number:  # with the first one stories are compiled
                began = time.process_time()
        spent = time.process_time() - began
        lane.store.close()
    return spent / ENTRIES * 1000, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """One line a number of stories, the smallest first: the peak memory only grows."""
    for count in sorted(map(int, sys.argv[1:])) or (1, 1000, 10_000):
        spent, mib = asyncio.run(measure(count))
        print(f"{count:6} stories: {spent:.2f} ms an entry that concerns none, {mib:.0f} MiB", flush=True)


if __name__ == "__main__":
    main()
