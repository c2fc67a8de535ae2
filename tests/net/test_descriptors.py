"""With few descriptors connections are capped, that is said once, and the feed that answers is read."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from tests.net.hostile import Asked, HostileOrigin, whole

HANGING = 200
# A shell's limit would need a shell: the process lowers its own before it begins.
LIMITED = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)); runpy.run_module('monitor', run_name='__main__')"  # noqa: E501 - one line for `python -c`


FEED = b"<rss version='2.0'><channel><item><guid>1</guid><title>Dam breaks</title></item></channel></rss>"


async def answers(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(whole(FEED))


async def test_two_hundred_hanging_feeds_and_sixty_four_descriptors(tmp_path: Path) -> None:
    async with HostileOrigin(host="0.0.0.0") as origin:
        origin.serve("/good", answers)
        feeds = [(f"s{n}", f"127.2.0.{n + 1}", "/hang") for n in range(HANGING)] + [("good", "127.2.1.1", "/good")]
        sources = "".join(
            f'[[source]]\nid = "{name}"\nurl = "http://{host}:{origin.port}{path}"\n' for name, host, path in feeds
        )
        (tmp_path / "config.toml").write_text(
            f'[fetch]\nallow_private = ["127.2.0.0/16:{origin.port}"]\ntimeout = "1s"\nidle_timeout = "1s"\n{sources}'
        )
        daemon = await asyncio.create_subprocess_exec(
            sys.executable, "-c", LIMITED, "poll", "--all", "--json", cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, errors = await asyncio.wait_for(daemon.communicate(), 120)
        assert daemon.returncode == 0, errors.decode()[-2000:]
        figures = json.loads(out)
        assert (figures["visited"], figures["failed"]) == (HANGING + 1, HANGING)
        assert figures["entries_new"] > 0, "the feed that answers is read"
        assert errors.decode().count("64 descriptors: 24 visits at once, not 200") == 1, errors.decode()[-2000:]
