"""Twenty thousand sources in one process, a tenth of their hosts silent: memory, how late visits begin, and CPU.

    python -m bench.many_sources MINUTES [N]

Each source is a host of its own on loopback with six entries, which answers 304 once they are read; 33 minutes see
the first visit of all and the next. Half a minute is a line. Start it with `nice -n -6` where others are at work.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from email.utils import formatdate
from pathlib import Path
from urllib.request import urlopen

from bench.peers import resident_mib
from monitor.data import read
from tests.loopback import free_port

WORDS = sorted(set(re.findall(r"[a-z]{3,}", read("demo_story.txt"))))
SILENT_ONE_IN = 10
LINE_S = 30
BUCKET = re.compile(r'monitor_poll_lag_seconds_bucket\{le="([^"]+)"\} (\S+)')


def document(number: int) -> bytes:
    """Six entries, a quarter of an hour apart."""
    dice, now = random.Random(number), time.time()
    items = "".join(
        f"<item><guid>{number}-{place}</guid><title>{' '.join(dice.choices(WORDS, k=9))}</title>"
        f"<description>{' '.join(dice.choices(WORDS, k=25))}.</description>"
        f"<pubDate>{formatdate(now - 900 * place)}</pubDate></item>"
        for place in range(6)
    )
    return f"<rss version='2.0'><channel><title>Site {number}</title>{items}</channel></rss>".encode()


def serve(port: int) -> None:
    """Every host at once; it is known by the address that was asked."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        third, fourth = writer.get_extra_info("sockname")[0].split(".")[2:]
        number = int(third) * 250 + int(fourth) - 1
        if number % SILENT_ONE_IN == 3:
            await asyncio.sleep(600)
        elif b"none-match" in head.lower():
            writer.write(b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n")
        else:
            body = document(number)
            fields = f'Content-Type: text/xml\r\nETag: "1"\r\nContent-Length: {len(body)}\r\nConnection: close'
            writer.write(f"HTTP/1.1 200 OK\r\n{fields}\r\n\r\n".encode() + body)
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(answer, "0.0.0.0", port, backlog=2000)
        await server.serve_forever()

    asyncio.run(run())


def configured(folder: Path, port: int, endpoint: int, sources: int) -> Path:
    """A configuration of so many sources; short, for a file has 1 MiB at most."""
    urls = [f"http://127.1.{n // 250}.{n % 250 + 1}:{port}/" for n in range(sources)]
    listed = "".join(f'{{id="{n}",url="{url}"}},\n' for n, url in enumerate(urls))
    path = folder / "config.toml"
    path.write_text(f"""source = [
{listed}]
[service]
state = "{folder}/monitor.db"
[http]
listen = "127.0.0.1:{endpoint}"
[fetch]
allow_private = ["127.0.0.0/8:{port}"]
[[story]]
id = "story"
title = "Another story"
seed_text = '''{read("demo_story.txt")}'''
""")
    return path


def watch(pid: int, endpoint: int, minutes: float) -> None:
    """A line every half minute: visits, the bucket that 99 of 100 began within, CPU, memory of all processes."""
    before: dict[str, float] = {}
    for number in range(1, int(minutes * 60 / LINE_S) + 1):
        time.sleep(LINE_S)
        page = urlopen(f"http://127.0.0.1:{endpoint}/metrics", timeout=60).read().decode()
        seen = {most: float(count) for most, count in BUCKET.findall(page)}
        new = {most: count - before.get(most, 0.0) for most, count in seen.items()}
        late = next((most for most, count in new.items() if count and count >= 0.99 * new["+Inf"]), "-")
        used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        cpu_s = (int(used[11]) + int(used[12])) / 100
        print(f"{number * LINE_S} s: {new['+Inf']:.0f} visits, p99 of lag at most {late} s, CPU {cpu_s:.0f} s, "
              f"{resident_mib(pid):.0f} MiB", flush=True)  # fmt: skip
        before = seen


def main() -> None:
    """Serve, run the daemon, look."""
    minutes, sources = float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    port, endpoint = free_port(), free_port()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(port,), daemon=True)
    server.start()
    with tempfile.TemporaryDirectory() as folder:
        path = configured(Path(folder), port, endpoint, sources)
        command = [sys.executable, "-m", "monitor", "run", "--config", str(path)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as daemon:
            try:
                watch(daemon.pid, endpoint, minutes)
            finally:
                daemon.send_signal(signal.SIGTERM)
    server.terminate()


if __name__ == "__main__":
    main()
