"""`python -m bench.start_up`: core seconds of short verbs, beside those of a bare Python and of what they stand on.

Over the demonstration's state, each the median of `ROUNDS`, children counted. Byte code is compiled first: without it
(`PYTHONDONTWRITEBYTECODE`) every start compiles what it imports. Fails where one is over its bar.
"""

from __future__ import annotations

import asyncio
import compileall
import http.server
import io
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
from contextlib import redirect_stdout
from pathlib import Path

import monitor
from monitor.cli import demo
from tests.loopback import Newsstand, free_port, rss

ROUNDS = 5
HELP_S_MAX, READING_S_MAX, IDLE_S_MAX = 0.12, 0.35, 0.6
FEEDS = 10
BARE = ("pass", "import sqlite3, json", "import sqlite3, json, typer, pydantic; pydantic.BaseModel")
READING = ("sources", "stories", "alerts", "suppressed", "timeline nk-workers", "search kim", "explain ENTRY")
DOCUMENT = rss("Feed", [{"id": f"e{n}", "title": f"Council votes on road {n}", "at": "2026-11-01T10:00:00Z"}
                        for n in range(30)])  # fmt: skip


class Unconditional(http.server.BaseHTTPRequestHandler):
    """A server that knows no validators and sends the same bytes again."""

    def do_GET(self) -> None:
        """The one document."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(DOCUMENT)))
        self.end_headers()
        self.wfile.write(DOCUMENT)

    def log_message(self, *_: object) -> None:
        """Nothing."""


def spent(*command: str) -> float:
    """Core seconds of a command with its children, the median."""
    seconds = []
    for _ in range(ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *command], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(seconds)


def line(name: str, seconds: float, most: float = 0.0) -> bool:
    """Print a row; whether it is over its bar."""
    over = bool(most) and seconds > most
    print(f"{name:52} {seconds:6.3f} s{f'  at most {most:.2f}' if most else ''}{'  TOO MUCH' if over else ''}")
    return over


def idle(folder: Path, port: int) -> tuple[str, ...]:
    """A pass over feeds in which nothing is new, after a first one that has read them."""
    sources = "".join(f'[[source]]\nid = "f{n}"\nurl = "http://127.0.0.{n + 2}:{port}/{n}.xml"\n' for n in range(FEEDS))
    folder.mkdir()
    (folder / "config.toml").write_text(
        f'[fetch]\nallow_private = ["127.0.0.0/8:{port}"]\nhost_spacing = "0s"\n{sources}[[story]]\nid = "bridge"\n'
        'title = "The bridge"\nseed_text = "The bridge at Vess fell into the river on Monday; ten people were hurt."\n'
    )
    command = ("-m", "monitor", "poll", "--all", "--config", str(folder / "config.toml"))
    for _ in range(2):
        subprocess.run([sys.executable, *command], check=True, capture_output=True)
    return command


def main() -> int:
    """Print every verb; 1 where one is over its bar."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for place in (Path(monitor.__file__).parent, Path(sys.prefix)):
        compileall.compile_dir(place, quiet=2)
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="bench-start-up-") as name:
        folder, beside = Path(name), ("--config", f"{name}/demo/config.toml")
        with redirect_stdout(io.StringIO()):
            asyncio.run(demo.play(1000, free_port(), stay=False, keep=folder / "demo"))
        alerts = subprocess.run([sys.executable, "-m", "monitor", "alerts", "--json", *beside], capture_output=True)
        entry = json.loads(alerts.stdout)[0]["entry"]
        for program in BARE:
            line(f"python -c {program!r}", spent("-c", program))
        wrong += line("monitor --help", spent("-m", "monitor", "--help"), HELP_S_MAX)
        for verb in READING:
            words = verb.replace("ENTRY", entry).split()
            wrong += line(f"monitor {verb}", spent("-m", "monitor", *words, *beside), READING_S_MAX)
        stand = Newsstand({f"/{n}.xml": DOCUMENT for n in range(FEEDS)}, host="0.0.0.0")
        wrong += line(f"monitor poll, {FEEDS} feeds: 304", spent(*idle(folder / "same", stand.port)), IDLE_S_MAX)
        assert {status for _, status in stand.requests[-FEEDS * ROUNDS :]} == {304}
        server = http.server.ThreadingHTTPServer(("0.0.0.0", 0), Unconditional)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        command = idle(folder / "bytes", server.server_address[1])
        wrong += line(f"monitor poll, {FEEDS} feeds: the same bytes", spent(*command), IDLE_S_MAX)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
