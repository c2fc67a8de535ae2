"""A pass over many feeds beside a peer's, in one run: CPU, memory, and the ratio of the two.

    python -m bench.peers [--feeds 300 1000] [--runs 3] [--peers reader] [--work FOLDER]

The farm, its scenarios and the peers' settings are those of ../shared/bench; nginx serves, each feed is a host of its
own. CPU is user and system time with children, start-up inside, byte code compiled; three stories are watched. Memory
is the resident sum of all processes of a contestant, looked at every 20 ms. Medians.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

from monitor.data import read

SHARED = Path(__file__).resolve().parents[1] / "../shared/bench"
SCENARIOS = {
    "idle": "nothing changed (304)", "novalid": "the same bytes, no validators", "new": "one new entry each",
    "cold": "cold",
}  # fmt: skip
LOOK_S = 0.02  # seconds between two looks at a contestant's memory
PORT = 8900
STORIES = (
    read("demo_story.txt"),
    "Minister resigns over harbour contract\n\nThe minister of transport of Ruritania resigned on Monday over a "
    "contract for the harbour of Strelsau worth 40 million crowns.",
    "Volcano wakes beneath the ice of Vatnafell\n\nScientists on Vatnafell recorded 120 earthquakes on Sunday and "
    "raised the alert for aviation to orange.",
)


def configure(folder: Path, urls: list[str]) -> None:
    """Our configuration: the feeds, three stories, a state in the same folder."""
    lines = [f'[service]\nstate = "{folder}/monitor.db"\n[http]\nenabled = false\n[fetch]']
    lines += [f'allow_private = ["127.0.0.0/8:{PORT}"]\nhost_spacing = "0s"\npoll_limit = "30m"']
    lines += [f'[[source]]\nid = "f{number}"\nurl = "{url}"' for number, url in enumerate(urls)]
    for number, text in enumerate(STORIES):
        title = text.splitlines()[0][:80]
        lines.append(f"[[story]]\nid = \"s{number}\"\ntitle = \"{title}\"\nseed_text = '''{text}'''")
    (folder / "config.toml").write_text("\n".join(lines) + "\n")


def resident_mib(root: int) -> float:
    """MiB of resident memory of a process and all that it has begun."""
    parents: dict[int, tuple[int, int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = (int(fields[1]), int(fields[21]))
    family, pages = {root}, 0
    for pid in sorted(parents):  # a parent's number is nearly always the smaller
        if pid == root or parents[pid][0] in family:
            family.add(pid)
            pages += parents[pid][1]
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def spend(command: str, log: Path) -> tuple[float, float, float]:
    """Seconds of CPU and of wall time, and MiB at most, of a command that must succeed."""
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    peak, began = [0.0], time.monotonic()
    with log.open("ab") as out:
        child = subprocess.Popen(["bash", "-c", command], stdout=out, stderr=out, env=environ)
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(LOOK_S):
            peak[0] = max(peak[0], resident_mib(child.pid))

    thread = threading.Thread(target=look)
    thread.start()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    ended.set()
    thread.join()
    if status:
        sys.exit(f"exit {child.returncode}: {command}\n" + log.read_text()[-2000:])
    return usage.ru_utime + usage.ru_stime, time.monotonic() - began, peak[0]


class Contestant:
    """One that polls: its commands, with the places in them filled in."""

    def __init__(self, name: str, spec: dict[str, Any], work: Path) -> None:
        """`spec` is a table of contestants.toml; ours has none."""
        self.name, self._spec, self._work = name, spec, work

    def _command(self, key: str) -> str:
        text = str(self._spec.get(key, "true"))
        places = {
            "env": self._work / "env" / self.name, "state": self._work / "state", "urls": self._work / "urls",
            "bench": SHARED, "workers": self._spec.get("workers", ""),
        }  # fmt: skip
        for name, value in places.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    def install(self) -> None:
        """Its own environment, once."""
        if not (self._work / "env" / self.name).exists():
            (self._work / "env" / self.name).mkdir(parents=True)
            spend(self._command("install"), self._work / "log")

    def begin(self, urls: list[str]) -> None:
        """An empty state, told of the feeds."""
        shutil.rmtree(self._work / "state", ignore_errors=True)
        (self._work / "state").mkdir()
        (self._work / "urls").write_text("\n".join(urls) + "\n")
        if self.name == "monitor":
            configure(self._work / "state", urls)
        spend(self._command("setup"), self._work / "log")

    def poll(self) -> tuple[float, float, float]:
        """One pass over all feeds."""
        return spend(self._command("run"), self._work / "log")


def measure(work: Path, names: list[str], sizes: list[int], runs: int) -> None:
    """Print one table a size."""
    sys.path.insert(0, str(SHARED))
    import feedfarm

    specs = tomllib.loads((SHARED / "contestants.toml").read_text())
    specs["monitor"] = {"run": f"{sys.executable} -m monitor poll --all --json --config {{state}}/config.toml"}
    contestants = [Contestant(name, specs[name], work) for name in ("monitor", *names)]
    for contestant in contestants:
        contestant.install()
    feedfarm.generate(work / "farm", max(sizes))
    for size in sizes:
        farm = feedfarm.Farm(work / "farm", size, work / "nginx", PORT)
        seen: dict[tuple[str, str], list[tuple[float, float, float]]] = defaultdict(list)
        try:
            for _ in range(runs):
                for contestant in contestants:
                    farm.scenario("cold")
                    contestant.begin(farm.urls())
                    seen["cold", contestant.name].append(contestant.poll())
                    contestant.poll()  # some keep validators from the second pass on
                    for scenario in ("idle", "novalid", "new"):
                        farm.scenario(scenario)
                        seen[scenario, contestant.name].append(contestant.poll())
        finally:
            farm.stop()
        table(size, runs, names, seen)


def table(
    size: int, runs: int, names: list[str], seen: dict[tuple[str, str], list[tuple[float, float, float]]]
) -> None:
    """The medians as Markdown: CPU s / peak MiB, and ours to the first peer's."""
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    print(f"\n{size} feeds, medians of {runs}, CPU s / wall s / peak MiB ({machine})\n")
    print(f"| | monitor | {' | '.join(names)} | CPU of monitor : {names[0]} |\n" + "|---" * (len(names) + 3) + "|")
    for scenario, meaning in SCENARIOS.items():
        cells = [
            [statistics.median(run[n] for run in seen[scenario, name]) for n in range(3)]
            for name in ("monitor", *names)
        ]
        shown = " | ".join(f"{cpu:.2f} / {wall:.2f} / {mib:.0f}" for cpu, wall, mib in cells)
        print(f"| {meaning} | {shown} | {cells[0][0] / cells[1][0]:.2f} |", flush=True)


def main() -> None:
    """Measure in a folder of its own, which is kept where it is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, nargs="+", default=[300, 1000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peers", nargs="+", default=["reader"])
    parser.add_argument("--work", type=Path)
    options = parser.parse_args()
    if not SHARED.exists():
        sys.exit(f"{SHARED} is not there: it holds the farm and the peers' settings")
    with tempfile.TemporaryDirectory() as folder:
        work = (options.work or Path(folder)).resolve()
        work.mkdir(parents=True, exist_ok=True)
        measure(work, options.peers, options.feeds, options.runs)


if __name__ == "__main__":
    main()
