"""Hostile documents through the real child processes: the child may die, the daemon does not."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.model import Fetched
from monitor.parserpool import ParserPool

NOW = datetime(2026, 11, 24, tzinfo=UTC)
GOOD = b"<rss version='2.0'><channel><title>t</title><item><guid>1</guid><title>one</title></item></channel></rss>"


def fetched(body: bytes, content_type: str = "application/rss+xml") -> Fetched:
    return Fetched("s", "https://example.org/feed", NOW, status=200, body=body, content_type=content_type)


def bomb(levels: int) -> bytes:
    declared = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "lol"}">' for i in range(levels))
    return (
        f"<!DOCTYPE r [{declared}]><rss version='2.0'><channel><title>&e{levels - 1};</title></channel></rss>".encode()
    )


@pytest.fixture
async def pool():
    made = ParserPool(workers=2, cpu_s=3, wall_s=8)
    yield made
    await made.close()


HOSTILE = {
    "billion laughs": bomb(10),
    "quadratic blowup": (
        b'<!DOCTYPE r [<!ENTITY a "' + b"x" * 100_000 + b'">]><rss version="2.0"><channel><title>'
        + b"&a;" * 20_000 + b"</title></channel></rss>"
    ),
    "external entity": (
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b"<rss version='2.0'><channel><title>&x;</title><item><title>&x;</title></item></channel></rss>"
    ),
    "100,000 attributes": (
        b"<rss version='2.0'><channel " + b" ".join(b"a%d='x'" % i for i in range(100_000)) + b"></channel></rss>"
    ),
    "deep nesting": b"<rss version='2.0'><channel>" + b"<a>" * 200_000 + b"</channel></rss>",
    "8 MiB token": b"<rss version='2.0'><channel><" + b"t" * (8 << 20) + b"></channel></rss>",
    "a path as body": b"/etc/passwd",
    "a file address as body": b"file:///etc/passwd",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_documents_cost_no_more_than_a_child(pool: ParserPool, name: str) -> None:
    began = time.monotonic()
    feed = await pool.parse(fetched(HOSTILE[name]))
    assert time.monotonic() - began < 12
    assert "root:" not in repr(feed)
    assert len(feed.title) <= 1000
    again = await pool.parse(fetched(GOOD))
    assert [entry.title for entry in again.entries] == ["one"]


async def test_a_healthy_feed_is_not_delayed_by_a_bad_one(pool: ParserPool) -> None:
    await asyncio.gather(pool.parse(fetched(GOOD)), pool.parse(fetched(GOOD)))
    slow = asyncio.create_task(pool.parse(fetched(HOSTILE["100,000 attributes"])))
    await asyncio.sleep(0.1)
    began = time.monotonic()
    feed = await pool.parse(fetched(GOOD))
    assert feed.error is None
    assert time.monotonic() - began < 1
    await slow


async def test_a_hundred_thousand_entries_are_cut_and_counted(pool: ParserPool) -> None:
    items = b"".join(b"<item><guid>%d</guid><title>entry %d</title></item>" % (i, i) for i in range(100_000))
    feed = await pool.parse(fetched(b"<rss version='2.0'><channel><title>t</title>" + items + b"</channel></rss>"))
    assert (feed.error, len(feed.entries), feed.entries_cut) == (None, 2000, 98_000)


async def test_a_killed_child_is_a_failed_parse_and_is_replaced(pool: ParserPool) -> None:
    await pool.parse(fetched(GOOD))
    asking = asyncio.create_task(pool.parse(fetched(HOSTILE["100,000 attributes"])))
    await asyncio.sleep(0.2)
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
            status = path.with_name("stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if b"monitor.parserchild" in words and int(status[1]) == os.getpid():
            os.kill(int(path.parent.name), signal.SIGKILL)
    assert (await asking).error == "parse"
    assert (await pool.parse(fetched(GOOD))).error is None


async def test_the_child_sees_no_secrets(pool: ParserPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_SECRET_CANARY", "swordfish")
    await pool.parse(fetched(GOOD))
    seen = b""
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if b"monitor.parserchild" in path.with_name("cmdline").read_bytes():
                seen += path.read_bytes()
        except OSError:
            continue
    assert b"swordfish" not in seen
