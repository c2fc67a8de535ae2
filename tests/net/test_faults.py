"""Every way in which an origin misbehaves, and the class of error it ends as. The origin is a real socket."""

from __future__ import annotations

import asyncio
import os
import resource
import time

import pytest

from tests.net.conftest import HASTY, MakeFetcher, visit
from tests.net.hostile import FEED, HostileOrigin, Tarpit, head, says, whole

CASES = [
    ("/hang", "timeout"),
    ("/hang?head=1", "timeout"),
    ("/slow-headers", "timeout"),
    ("/drip", "timeout"),
    ("/endless", "too_large"),
    ("/endless?chunked=1", "too_large"),
    ("/length", "too_large"),
    ("/length?bytes=99999999999999999999", "too_large"),
    ("/length?bytes=999999999999999999999", "bad_http"),
    ("/headers?count=0&size=0", "bad_http"),
    ("/headers?count=201", "bad_http"),
    ("/headers?count=150&size=1000", "bad_http"),
    ("/headers?count=100000", "bad_http"),
    ("/interim?count=11", "bad_http"),
    ("/interim", "bad_http"),
    ("/bomb?coding=gzip", "too_large"),
    ("/bomb?coding=deflate", "too_large"),
    ("/bomb?members=1", "decode"),
    ("/coded?how=nested", "decode"),
    ("/coded?how=twice", "decode"),
    ("/coded?how=broken", "decode"),
    ("/coded?how=cut", "decode"),
    ("/coded?how=crc", "decode"),
    ("/coded?how=lie", "decode"),
    ("/coded?how=stray", "decode"),
    ("/coded?how=br", "decode"),
    ("/coded?how=zstd", "decode"),
    ("/coded?how=compress", "decode"),
    ("/cut?how=length", "truncated"),
    ("/cut?how=chunked", "truncated"),
    ("/cut?how=badchunk", "truncated"),
    ("/cut?how=reset", "reset"),
    ("/reset", "reset"),
    ("/close", "reset"),
    ("/garbage", "bad_http"),
    ("/empty", "not_a_feed"),
    ("/empty?coding=gzip", "not_a_feed"),
    ("/status/204", "not_a_feed"),
    ("/status/206", "not_a_feed"),
    ("/status/202", "not_a_feed"),
    ("/status/304", "bad_http"),
    ("/status/300", "http_status"),
    ("/status/400", "http_status"),
    ("/status/401", "http_status"),
    ("/status/403", "http_status"),
    ("/status/403?header=cf-mitigated:%20challenge", "challenge"),
    ("/status/404", "http_status"),
    ("/status/410", "gone"),
    ("/status/429", "rate_limited"),
    ("/status/500", "http_status"),
    ("/status/503", "http_status"),
    ("/status/503?header=Retry-After:%20120", "rate_limited"),
    ("/status/599", "http_status"),
]


@pytest.mark.parametrize(("path", "error"), CASES)
async def test_misbehaviour_has_a_class(path: str, error: str, origin: HostileOrigin, make: MakeFetcher) -> None:
    limits = HASTY if error == "timeout" else {}
    fetched = await make(origin.permit, **limits).fetch(visit(origin.url(path), etag="", unconditional=True))
    assert fetched.error == error, fetched
    assert fetched.detail
    assert "bytearray" not in fetched.detail and "b'" not in fetched.detail
    assert (fetched.body, fetched.etag, fetched.last_modified, fetched.moved_to) == (b"", "", "", "")
    assert fetched.elapsed_s < 10
    assert len(origin.asked) == 1
    for _ in range(100):
        if origin.open_now == 0:
            break
        await asyncio.sleep(0.02)
    assert origin.open_now == 0, "the connection was left open"


GOOD = ["gzip", "x-gzip", "deflate", "raw", "members", "padded", "identity", "charset", "none", "both", "file"]


@pytest.mark.parametrize("how", GOOD)
async def test_honest_encodings_are_undone(how: str, origin: HostileOrigin, make: MakeFetcher) -> None:
    fetched = await make(origin.permit).fetch(visit(origin.url(f"/coded?how={how}")))
    assert (fetched.error, fetched.body) == (None, FEED)


async def test_what_a_proxy_rewrote_is_the_document(origin: HostileOrigin, make: MakeFetcher) -> None:
    fetched = await make(origin.permit).fetch(visit(origin.url("/status/203")))
    assert (fetched.error, fetched.status, fetched.body) == (None, 200, b"<html>an error page</html>")


@pytest.mark.parametrize("path", ["/interim?count=10", "/headers?count=200", "/headers?count=60&size=1000"])
async def test_what_is_within_the_limits_passes(path: str, origin: HostileOrigin, make: MakeFetcher) -> None:
    fetched = await make(origin.permit).fetch(visit(origin.url(path)))
    assert fetched.error is None, fetched


async def test_the_wall_clock_beats_a_drip_that_is_never_idle(origin: HostileOrigin, make: MakeFetcher) -> None:
    fetcher = make(origin.permit, timeout_s=0.6, idle_s=30)
    begun = time.monotonic()
    results = await asyncio.gather(*(fetcher.fetch(visit(origin.url(p))) for p in ("/drip", "/slow-headers")))
    assert [one.error for one in results] == ["timeout", "timeout"]
    assert 0.5 < time.monotonic() - begun < 10


async def test_silence_ends_at_the_idle_limit(origin: HostileOrigin, make: MakeFetcher) -> None:
    begun = time.monotonic()
    fetched = await make(origin.permit, timeout_s=30, idle_s=0.3).fetch(visit(origin.url("/hang")))
    assert (fetched.error, time.monotonic() - begun < 10) == ("timeout", True)


async def test_the_wall_clock_counts_all_hops(origin: HostileOrigin, make: MakeFetcher) -> None:
    async def slowly(asked: object, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        number = len(origin.asked)
        writer.write(head("302 Found", f"Location: /slowly/{number}", "Content-Length: 0"))

    origin.serve("/slowly", slowly)
    fetched = await make(origin.permit, timeout_s=0.7, idle_s=5).fetch(visit(origin.url("/slowly/0")))
    assert fetched.error == "timeout"
    assert len(origin.asked) <= 4


async def test_a_tarpit_ends_at_the_connect_limit(make: MakeFetcher) -> None:
    with Tarpit() as pit:
        begun = time.monotonic()
        fetched = await make(f"127.0.0.1:{pit.port}", connect_s=0.5).fetch(visit(f"http://127.0.0.1:{pit.port}/"))
        assert (fetched.error, time.monotonic() - begun < 10) == ("timeout", True)


async def test_a_length_too_large_is_refused_on_the_header(origin: HostileOrigin, make: MakeFetcher) -> None:
    begun = time.monotonic()
    fetched = await make(origin.permit, timeout_s=30, idle_s=30).fetch(visit(origin.url("/length")))
    assert (fetched.error, time.monotonic() - begun < 10) == ("too_large", True)


async def test_a_refused_port_is_a_connect_error(make: MakeFetcher) -> None:
    async with HostileOrigin() as origin:
        url, permit = origin.url(), origin.permit
    fetched = await make(permit).fetch(visit(url))
    assert (fetched.error, fetched.status) == ("connect", None)


async def test_a_body_of_exactly_the_limit_passes(origin: HostileOrigin, make: MakeFetcher) -> None:
    origin.serve("/exact", says(whole(b"x" * 5000)))
    assert len((await make(origin.permit, body_bytes_max=5000).fetch(visit(origin.url("/exact")))).body) == 5000
    assert (await make(origin.permit, body_bytes_max=4999).fetch(visit(origin.url("/exact")))).error == "too_large"


async def test_bombs_cost_little_memory_and_time(origin: HostileOrigin, make: MakeFetcher) -> None:
    fetcher = make(origin.permit, timeout_s=20, idle_s=10)
    before = resource.getrusage(resource.RUSAGE_SELF)
    for coding in ("gzip", "deflate"):
        assert (await fetcher.fetch(visit(origin.url(f"/bomb?coding={coding}")))).error == "too_large"
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert (after.ru_maxrss - before.ru_maxrss) / 1024 < 96
    assert after.ru_utime - before.ru_utime < 2


async def test_a_bad_origin_delays_no_other(origin: HostileOrigin, make: MakeFetcher) -> None:
    fetcher = make(origin.permit, "127.0.0.1", timeout_s=30, idle_s=30)
    async with HostileOrigin() as good:
        bad = [asyncio.create_task(fetcher.fetch(visit(origin.url(path)))) for path in ("/hang", "/drip", "/endless")]
        await asyncio.sleep(0.05)
        begun = time.monotonic()
        assert (await fetcher.fetch(visit(good.url()))).error is None
        assert time.monotonic() - begun < 10
        for task in bad:
            task.cancel()
        await asyncio.gather(*bad, return_exceptions=True)


def open_files() -> int:
    """Descriptors of this process."""
    return len(os.listdir("/proc/self/fd"))


async def test_no_descriptor_is_left_behind(origin: HostileOrigin, make: MakeFetcher) -> None:
    fetcher = make(origin.permit, timeout_s=0.3, idle_s=0.2)
    await fetcher.fetch(visit(origin.url()))
    await asyncio.sleep(0.05)
    before = open_files()
    quick = [path for path, _ in CASES if not path.startswith("/bomb")]
    await asyncio.gather(*(fetcher.fetch(visit(origin.url(path))) for path in quick))
    tasks = [asyncio.create_task(fetcher.fetch(visit(origin.url("/drip")))) for _ in range(4)]
    await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    assert all(isinstance(one, BaseException) for one in await asyncio.gather(*tasks, return_exceptions=True))
    for _ in range(50):
        if open_files() <= before:
            break
        await asyncio.sleep(0.02)
    assert open_files() <= before


@pytest.mark.parametrize(("connect_s", "error"), [(0.0, "connect"), (3.0, None)])
async def test_a_visit_waits_for_descriptors_as_long_as_for_a_connection(
    connect_s: float, error: str | None, origin: HostileOrigin, make: MakeFetcher
) -> None:
    fetcher = make(origin.permit, connect_s=connect_s, timeout_s=5)
    await make(origin.permit).fetch(visit(origin.url()))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    held = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (open_files() + 8, hard))
    try:
        while True:
            try:
                held.append(os.open("/dev/null", os.O_RDONLY))
            except OSError:
                break
        waiting = asyncio.create_task(fetcher.fetch(visit(origin.url())))
        await asyncio.sleep(0.1)
        assert waiting.done() is (error is not None)
    finally:
        for one in held:
            os.close(one)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert (await waiting).error == error
