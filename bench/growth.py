"""What grows with what, measured and drawn: writes docs/growth.svg.

    python -m bench.growth

Three curves, each over a number from one (ten) to ten thousand (a thousand), in steps of ten: an entry that concerns
none and the memory of the process by the stories watched, and a visit by the sources of a pass.
"""

from __future__ import annotations

import asyncio
import io
import multiprocessing
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from html import escape
from pathlib import Path

from bench import poll

OUT = Path(__file__).resolve().parents[1] / "docs" / "growth.svg"
PORT = 18082
WIDTH, HEIGHT, LEFT, TOP, GAP = 220, 150, 46, 34, 70  # of one plot, in pixels
Curve = tuple[str, Mapping[int, float]]


def by_stories() -> tuple[dict[int, float], dict[int, float]]:
    """Milliseconds an entry that concerns none, and MiB of the process, by number of stories; each in a process."""
    spent, memory = {}, {}
    for count in (1, 10, 100, 1000, 10_000):
        done = subprocess.run(
            [sys.executable, "-m", "bench.many_stories", str(count)], check=True, capture_output=True, text=True
        )
        figures = re.findall(r"([\d.]+) (?:ms|MiB)", done.stdout)
        spent[count], memory[count] = map(float, figures)
    return spent, memory


def by_sources() -> tuple[dict[int, float], dict[int, float]]:
    """Milliseconds of CPU a visit, unchanged and with one new entry, by number of sources; start-up left out."""
    idle, new = {}, {}
    context = multiprocessing.get_context("spawn")
    for port, count in enumerate((10, 100, 1000), start=PORT):
        moved, out = context.Event(), io.StringIO()
        server = context.Process(target=poll.serve, args=(port, moved), daemon=True)
        server.start()
        time.sleep(2)
        try:
            with tempfile.TemporaryDirectory() as folder, redirect_stdout(out):
                asyncio.run(poll.measure(Path(folder), port, count, moved))
        finally:
            server.terminate()
        figures = dict(re.findall(r"(\w+) +\d+ feeds: +([\d.]+) s CPU", out.getvalue()))
        idle[count], new[count] = (1000 * float(figures[name]) / count for name in ("idle", "new"))
    return idle, new


def plot(place: int, title: str, unit: str, curves: Sequence[Curve]) -> str:
    """One plot: every tenfold step of x as far apart, y from nought."""
    xs = sorted(curves[0][1])
    top = 1.25 * max(value for _, points in curves for value in points.values())
    left = LEFT + place * (WIDTH + GAP)

    def at(number: int, value: float) -> tuple[float, float]:
        x = left + WIDTH * xs.index(number) / (len(xs) - 1)
        return round(x, 1), round(TOP + HEIGHT * (1 - value / top), 1)

    parts = [f'<text x="{left}" y="{TOP - 16}" class="t">{escape(title)}</text>']
    parts += [f'<path d="M{left} {TOP}v{HEIGHT}h{WIDTH}" class="a"/>']
    parts += [f'<text x="{at(x, 0)[0]}" y="{TOP + HEIGHT + 16}" text-anchor="middle">{x:,}</text>' for x in xs]
    parts += [f'<text x="{left - 6}" y="{at(xs[0], 0)[1]}" text-anchor="end">0</text>']
    parts += [f'<text x="{left - 6}" y="{TOP + 4}" text-anchor="end">{top:.3g}</text>']
    parts += [f'<text x="{left - 6}" y="{TOP + 18}" text-anchor="end">{escape(unit)}</text>']
    for name, points in curves:
        places = [at(number, value) for number, value in sorted(points.items())]
        parts.append(f'<polyline points="{" ".join(f"{x},{y}" for x, y in places)}"/>')
        parts += [f'<circle cx="{x}" cy="{y}" r="2.5"/>' for x, y in places]
        x, y = places[-1]
        parts.append(f'<text x="{x}" y="{y - 8}" text-anchor="end">{escape(name)} {points[max(points)]:.3g}</text>')
    return "".join(parts)


def main() -> None:
    """Measure and draw."""
    spent, memory = by_stories()
    idle, new = by_sources()
    drawn = [
        plot(0, "An entry that concerns none, by stories", "ms", [("", spent)]),
        plot(1, "Memory of the process, by stories", "MiB", [("", memory)]),
        plot(2, "A visit, by sources of the pass", "ms", [("one new entry", new), ("unchanged", idle)]),
    ]
    width, height = LEFT + 3 * (WIDTH + GAP), TOP + HEIGHT + 30
    style = (
        "text{font:12px sans-serif}.t{font-weight:bold}.a,polyline{fill:none;stroke:#666}"
        "polyline{stroke:#05a;stroke-width:2}circle{fill:#05a}"
    )
    OUT.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}">'
        f'<style>{style}</style><rect width="100%" height="100%" fill="#fff"/>{"".join(drawn)}</svg>\n'
    )
    print(f"{OUT}: ms an entry {spent}, MiB {memory}, ms a visit {idle}, with one new entry {new}")


if __name__ == "__main__":
    main()
