"""Hostile documents through the real child processes: the child may die, the daemon does not."""

from __future__ import annotations

import asyncio
import math
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.errors import ArticleError, Starved
from monitor.model import Fetched
from monitor.parser.pool import ParserPool, _cpu_s

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
    made = ParserPool(workers=2, cpu_s=1, wall_s=6)
    yield made
    await made.close()


@pytest.fixture
async def patient():
    """One that lets a bad document have three seconds and more."""
    made = ParserPool(workers=2, cpu_s=20, wall_s=30)
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


STUCK = """
import sys
from monitor.core import churn, identity
from monitor.parser import child
def fold(text):
    while "lottery" in text:
        pass
    return text
churn.fold = fold
child.limit(int(sys.argv[1]))
child.serve(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[2]))
"""


async def test_an_entry_that_decisions_would_choke_on_fails_its_document_only(
    monkeypatch: pytest.MonkeyPatch, pool: ParserPool
) -> None:
    started = asyncio.create_subprocess_exec

    async def stuck(program: str, *words: str, **settings: object) -> asyncio.subprocess.Process:
        return await started(program, "-c", STUCK, *words[3:], **settings)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", stuck)
    feed = "<rss version='2.0'><channel><item><guid>1</guid><title>one</title><description>{}</description></item>"
    good, bad = await asyncio.gather(
        pool.parse(fetched(feed.format("rain " * 400).encode())),
        pool.parse(fetched(feed.format("lottery 1, " * 200).encode())),
    )
    assert (good.error, len(good.entries)) == (None, 1)
    assert bad.error == "parse"
    assert bad.detail in ("the parser ran out of time or memory", "not parsed within 6 s")


ATTRIBUTES = b"<html><body><p " + b" ".join(b"a%d=1" % i for i in range(60_000)) + b">An article of some words.</p>"


async def test_html_from_outside_costs_no_more_than_a_child(pool: ParserPool) -> None:
    """lxml takes time with the square of the attributes of one element (minutes for these)."""
    assert await pool.declared(fetched(ATTRIBUTES)) == []
    with pytest.raises(ArticleError, match=r"ran out of time|not parsed within"):
        await pool.article(ATTRIBUTES, "https://a.example/", "text/html")
    page = b"<html><head><link rel=alternate type='application/rss+xml' href='/feed'></head><body><p>A page.</p>"
    assert await pool.declared(fetched(page)) == [("https://example.org/feed", "autodiscovery")]


def children() -> list[Path]:
    """Process folders of the parsers that this test run has started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
            status = path.with_name("stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if b"monitor.parser.child" in words and int(status[1]) == os.getpid():
            found.append(path.parent)
    return found


def kill_children() -> None:
    for path in children():
        os.kill(int(path.name), signal.SIGKILL)


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_documents_cost_no_more_than_a_child(pool: ParserPool, name: str) -> None:
    began = time.monotonic()
    feed = await pool.parse(fetched(HOSTILE[name]))
    assert time.monotonic() - began < 60
    assert "root:" not in repr(feed)
    assert len(feed.title) <= 1000
    again = await pool.parse(fetched(GOOD))
    assert [entry.title for entry in again.entries] == ["one"]


async def test_a_healthy_feed_does_not_wait_for_the_end_of_a_bad_one(patient: ParserPool) -> None:
    await patient.parse(fetched(GOOD))
    slow = asyncio.create_task(patient.parse(fetched(HOSTILE["deep nesting"])))
    await asyncio.sleep(0.1)
    feed = await patient.parse(fetched(GOOD))
    assert feed.error is None
    assert not slow.done()
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)


async def test_a_hundred_thousand_entries_are_cut_and_counted(pool: ParserPool) -> None:
    items = b"".join(b"<item><guid>%d</guid><title>entry %d</title></item>" % (i, i) for i in range(100_000))
    feed = await pool.parse(fetched(b"<rss version='2.0'><channel><title>t</title>" + items + b"</channel></rss>"))
    assert (feed.error, len(feed.entries), feed.entries_cut) == (None, 2000, 98_000)


async def test_a_killed_child_is_a_failed_parse_and_is_replaced(pool: ParserPool) -> None:
    await pool.parse(fetched(GOOD))
    asking = asyncio.create_task(pool.parse(fetched(HOSTILE["deep nesting"])))
    await asyncio.sleep(0.2)
    kill_children()
    assert (await asking).error == "parse"
    assert (await pool.parse(fetched(GOOD))).error is None


async def test_a_child_killed_while_it_waits_costs_no_feed(pool: ParserPool) -> None:
    await asyncio.gather(pool.parse(fetched(GOOD)), pool.parse(fetched(GOOD)))
    assert children()
    kill_children()
    await asyncio.sleep(0.2)
    assert (await pool.parse(fetched(GOOD))).error is None


async def test_out_of_memory_is_a_failed_parse_and_the_next_feed_has_a_fresh_child() -> None:
    pool = ParserPool(workers=1, cpu_s=5, memory_bytes_max=64 * 1024**2)
    try:
        assert (await pool.parse(fetched(GOOD))).error is None
        before = children()
        entry = "<item><title>\U0001f600</title><description>" + "word é " * 3000 + "</description></item>"
        large = f"<rss version='2.0'><channel>{entry * 400}</channel></rss>".encode()
        assert (await pool.parse(fetched(large))).error == "parse"
        assert (await pool.parse(fetched(GOOD))).error is None
        assert children() and children() != before
    finally:
        await pool.close()


async def test_ten_mebibytes_of_feed_fit_the_default_limits() -> None:
    pool = ParserPool(workers=1)
    try:
        entry = "<item><title>\U0001f600 한국</title><description>" + "word é 한국 " * 1550 + "</description></item>"
        body = f"<rss version='2.0'><channel>{entry * 420}</channel></rss>".encode()
        assert len(body) > 9 << 20
        feed = await pool.parse(fetched(body))
        assert (feed.error, len(feed.entries)) == (None, 420)
    finally:
        await pool.close()


async def test_children_have_limits_and_die_before_the_daemon(pool: ParserPool) -> None:
    await pool.parse(fetched(GOOD))
    child = children()[0]
    limits = child.joinpath("limits").read_text()
    assert re.search(rf"Max address space\s+{256 * 1024**2}\s", limits)
    assert re.search(r"Max core file size\s+0\s", limits)
    assert re.search(r"Max cpu time\s+\d+\s", limits)
    assert child.joinpath("oom_score_adj").read_text().strip() == "900"


@pytest.mark.parametrize("place", ["entity", "dtd", "parameter", "include", "stylesheet"])
async def test_nothing_that_a_document_names_is_fetched(pool: ParserPool, place: str) -> None:
    asked = 0

    async def ask(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        writer.close()

    server = await asyncio.start_server(ask, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/canary"
    prolog = {
        "entity": f'<!DOCTYPE r [<!ENTITY x SYSTEM "{url}">]>',
        "dtd": f'<!DOCTYPE rss SYSTEM "{url}">',
        "parameter": f'<!DOCTYPE r [<!ENTITY % p SYSTEM "{url}"> %p;]>',
        "include": "",
        "stylesheet": f'<?xml-stylesheet type="text/xsl" href="{url}"?>',
    }[place]
    item = f'<item><title>&x; one</title><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{url}"/></item>'
    async with server:
        feed = await pool.parse(fetched(f"{prolog}<rss version='2.0'><channel>{item}</channel></rss>".encode()))
    assert asked == 0
    assert "root:" not in repr(feed)


async def test_workers_are_shared_in_the_order_of_asking(pool: ParserPool) -> None:
    feeds = [
        f"<rss version='2.0'><channel><title>feed {number}</title></channel></rss>".encode() for number in range(40)
    ]
    parsed = await asyncio.gather(*(pool.parse(fetched(feed)) for feed in feeds))
    assert [feed.title for feed in parsed] == [f"feed {number}" for number in range(40)]
    assert 1 <= len(children()) <= 2  # small ones are not worth a second start, unless the machine is slow


async def test_the_child_sees_no_secrets(pool: ParserPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_SECRET_CANARY", "swordfish")
    await pool.parse(fetched(GOOD))
    seen = b"".join(child.joinpath("environ").read_bytes() for child in children())
    assert b"PATH=" in seen
    assert b"swordfish" not in seen


async def test_a_parser_that_cannot_start_is_our_trouble(monkeypatch: pytest.MonkeyPatch, pool: ParserPool) -> None:
    monkeypatch.setattr(sys, "executable", "/none/such/python")
    with pytest.raises(Starved, match=r"no parser process can be started \(No such file"):
        await pool.parse(fetched(GOOD))
    monkeypatch.setattr(sys, "executable", "/bin/false")
    for ask in (lambda: pool.parse(fetched(GOOD)), lambda: pool.page(b"<p>x", "https://a.example/", "text/html")):
        with pytest.raises(Starved, match=r"does not start \(exit 1\)"):
            await ask()
    monkeypatch.undo()
    assert (await pool.parse(fetched(GOOD))).error is None


IDLE = """
import sys, time
from monitor.parser import child
child.read = lambda asked, body: time.sleep(60) or b""
child.limit(int(sys.argv[1]))
child.serve(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[2]))
"""
KILLED = """
import os, signal, sys, pathlib
from monitor.parser import child
mark = pathlib.Path(sys.argv[3])
read = child.read
def kill(asked, body):
    if b"always" in body or not mark.exists():
        mark.mkdir(exist_ok=True)
        os.kill(os.getpid(), signal.SIGKILL)
    return read(asked, body)
child.read = kill
child.limit(int(sys.argv[1]))
child.serve(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[2]))
"""


def running(program: str, *more: str) -> Callable[..., Awaitable[asyncio.subprocess.Process]]:
    started = asyncio.create_subprocess_exec

    async def start(python: str, *words: str, **settings: object) -> asyncio.subprocess.Process:
        return await started(python, "-c", program, *words[3:], *more, **settings)

    return start


async def test_a_parser_that_gets_no_processor_is_our_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asyncio, "create_subprocess_exec", running(IDLE))
    starved = ParserPool(workers=1, wall_s=1.0)
    try:
        with pytest.raises(Starved, match=r"a parser had 0\.\d s of processor time in 1 s"):
            await starved.parse(fetched(GOOD))
    finally:
        await starved.close()


async def test_a_parser_that_the_system_ends_is_tried_again_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, pool: ParserPool
) -> None:
    monkeypatch.setattr(asyncio, "create_subprocess_exec", running(KILLED, str(tmp_path / "mark")))
    assert (await pool.parse(fetched(GOOD))).error is None
    always = await pool.parse(fetched(GOOD + b"<!-- always -->"))
    assert (always.error, always.detail) == ("parse", "the system ended the parser 2 times; is memory short?")


def test_a_process_that_is_gone_has_not_waited_for_a_processor() -> None:
    """One that its limit ends at the very moment when its time is up is to be counted as too much, not as starved."""
    assert _cpu_s(os.getpid()) > 0
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    assert _cpu_s(ended.pid) == math.inf
