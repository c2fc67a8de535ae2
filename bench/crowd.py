"""The daemon among N feeds of which a tenth misbehave: how late visits begin, and what it takes of the machine.

    python -m bench.crowd [N] [SECONDS]

Every feed has a loopback address of its own. All are due at the start, so the lag is that of the worst minute.
"""

from __future__ import annotations

import asyncio
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

import httpx

from bench.poll import document
from monitor.data import read
from tests.loopback import free_port
from tests.net.hostile import Asked, HostileOrigin, whole

BAD = (
    "/hang", "/drip", "/slow-headers", "/endless", "/bomb", "/reset", "/status/500", "/status/429", "/cut?how=length",
    "/deep",
)  # fmt: skip


def spent_by(root: int) -> tuple[float, int]:
    """MiB of resident memory of a process with its children, and the descriptors of the process itself."""
    kib = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue
        if f"\nPid:\t{root}\n" in text or f"\nPPid:\t{root}\n" in text:
            kib += int((re.search(r"VmRSS:\s+(\d+)", text) or ["", "0"])[1])
    return kib / 1024, len(list(Path(f"/proc/{root}/fd").iterdir()))


async def measure(feeds: int, seconds: float, folder: Path) -> None:
    """Run the daemon, look at it every second, and print what was seen."""
    async with HostileOrigin(host="0.0.0.0") as origin:
        deep = b"<rss version='2.0'><channel>" + b"<a>" * 100_000 + b"</channel></rss>"

        async def good(asked: Asked, writer: asyncio.StreamWriter) -> None:
            writer.write(whole(document(int(asked.path.split("/")[2]), 0), 'ETag: "1"'))

        async def nested(asked: Asked, writer: asyncio.StreamWriter) -> None:
            writer.write(whole(deep))

        origin.serve("/good", good)
        origin.serve("/deep", nested)
        paths = [f"/good/{n}" if n % 10 else BAD[n // 10 % len(BAD)] for n in range(feeds)]
        urls = [f"http://127.1.{n // 200}.{n % 200 + 1}:{origin.port}{path}" for n, path in enumerate(paths)]
        sources = "".join(f'[[source]]\nid = "f{n}"\nurl = "{url}"\n' for n, url in enumerate(urls))
        port = free_port()
        (folder / "config.toml").write_text(
            f"[fetch]\nallow_private = ['127.1.0.0/16:{origin.port}']\n[http]\nlisten = '127.0.0.1:{port}'\n{sources}"
            f"[[story]]\nid = 'story'\ntitle = 'Another story'\nseed_text = '''{read('demo_story.txt')}'''\n"
        )
        began = time.monotonic()
        with (folder / "log").open("w") as log:
            daemon = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "monitor", "run", "--config", str(folder / "config.toml"), stderr=log
            )
        memory, files, lives = [], [], []
        try:
            async with httpx.AsyncClient(timeout=5) as client:
                while time.monotonic() - began < seconds:
                    await asyncio.sleep(1)
                    resident, opened = spent_by(daemon.pid)
                    memory.append(resident)
                    files.append(opened)
                    asked_s = time.monotonic()
                    try:
                        await client.get(f"http://127.0.0.1:{port}/livez")
                        lives.append(time.monotonic() - asked_s)
                    except httpx.ConnectError:
                        continue
                lag = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
        finally:
            daemon.terminate()
            stopping = time.monotonic()
            await asyncio.wait_for(daemon.wait(), 40)
        first: dict[str, float] = {}
        for asked in origin.asked:
            first.setdefault(asked.headers["host"], asked.at_s - began)
        starts = sorted(first.values())
        print(
            f"{feeds} feeds, a tenth hostile: {len(first)} visited, 99 % begun within"
            f" {starts[int(len(starts) * 0.99) - 1]:.1f} s of the start, the last after {starts[-1]:.1f} s"
        )
        print(
            f"memory {max(memory):.0f} MiB with children at most, {statistics.median(memory):.0f} in the middle;"
            f" {max(files)} descriptors at most; /livez {max(lives):.2f} s at worst;"
            f" exit {daemon.returncode} in {time.monotonic() - stopping:.1f} s"
        )
        late = re.search(r'monitor_poll_lag_seconds_bucket\{le="60.0"\} (\S+)', lag)
        count = re.search(r"monitor_poll_lag_seconds_count (\S+)", lag)
        print(f"poll_lag within 60 s: {late[1] if late else '?'} of {count[1] if count else '?'}")


def main() -> None:
    """Measure."""
    feeds = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(feeds, float(sys.argv[2]) if len(sys.argv) > 2 else 75, Path(folder)))


if __name__ == "__main__":
    main()
