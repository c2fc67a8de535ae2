"""The endpoint on a real socket against clients that are slow, endless or wrong."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn

from monitor.serve import Server, listen
from monitor.web import guard, header_limits, make
from monitor.web.header_limits import BoundedHeads
from tests.web.test_endpoint import opened

HOST = b"Host: 127.0.0.1\r\n"
POST = b"POST /sources/feed/pause HTTP/1.1\r\n" + HOST


@pytest.fixture
async def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr(header_limits, "HEAD_S", 0.5)
    monkeypatch.setattr(guard, "BODY_S", 0.5)
    made = await opened(tmp_path)
    listener = listen("127.0.0.1", 0, "")
    server = Server(uvicorn.Config(make(made.app), http=BoundedHeads, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.01)
    yield listener.getsockname()[1]
    server.should_exit = True
    await serving
    await made.client.aclose()
    await made.app.close()


async def answer(port: int, *pieces: bytes, pause_s: float = 0.0) -> bytes:
    """What comes back until the server closes, the pieces sent with a pause after each."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause_s)
        return await asyncio.wait_for(reader.read(), 5)
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize(
    "pieces",
    [
        (), (b"GET /livez HTTP/1.1\r\n" + HOST,),
        (b"GET /livez HTTP/1.1\r\n", *[b"X: a\r\n"] * 30),
        (b"GET /livez HTTP/1.1\r\n" + HOST + b"\r\n", b"GET /livez HTTP/1.1\r\n" + HOST),
    ],
    ids=["silence", "half a head", "a dripping head", "half a second head"],
)  # fmt: skip
async def test_a_head_is_awaited_for_a_while_only(port: int, pieces: tuple[bytes, ...]) -> None:
    began = time.monotonic()
    said = await answer(port, *pieces, pause_s=0.05)
    assert time.monotonic() - began < 3
    assert said.count(b"HTTP/1.1 200") == (1 if len(pieces) == 2 else 0)


@pytest.mark.parametrize("whole", [True, False])
async def test_a_head_over_16_kib_is_refused(port: int, whole: bool) -> None:
    head = b"GET /livez HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 20_000
    assert (await answer(port, head + (b"\r\n\r\n" if whole else b""))).startswith(b"HTTP/1.1 431 ")


async def test_a_head_within_it_and_a_second_request_pass(port: int) -> None:
    head = b"GET /livez HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 15_000 + b"\r\n\r\n"
    last = b"GET /livez HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    assert (await answer(port, head, last, pause_s=0.1)).count(b"HTTP/1.1 200 OK") == 2


async def test_a_body_that_grows_past_64_kib_is_refused_and_the_connection_ends(port: int) -> None:
    chunk = b"2000\r\n" + b"a" * 0x2000 + b"\r\n"
    said = await answer(port, POST + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 9, b"0\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 413 ")
    said = await answer(port, POST + b"Content-Length: 70000\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in said


@pytest.mark.parametrize("kind", ["of a known length", "in chunks"])
async def test_who_sends_all_before_it_reads_hears_that_it_was_too_much(port: int, kind: str) -> None:
    """As servers in front do: a connection that is closed on bytes that nobody read is a 502 to them."""
    body = b"a" * 300_000
    head = b"Content-Length: 300000\r\n\r\n"
    if kind == "in chunks":
        head, body = b"Transfer-Encoding: chunked\r\n\r\n", b"493e0\r\n" + body + b"\r\n0\r\n\r\n"
    for _ in range(10):
        assert (await answer(port, POST + head + body)).startswith(b"HTTP/1.1 413 ")


async def test_who_leaves_before_the_form_ends_leaves_no_traceback(port: int, caplog: pytest.LogCaptureFixture) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(POST + b"Expect: 100-continue\r\nContent-Length: 100\r\n\r\n")
    assert b"100 Continue" in await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    await asyncio.sleep(0.2)
    assert b"200 OK" in await answer(port, b"GET /livez HTTP/1.1\r\nConnection: close\r\n" + HOST + b"\r\n")
    assert [record for record in caplog.records if record.exc_info] == []


async def test_a_body_that_does_not_come_is_given_up(port: int) -> None:
    assert (await answer(port, POST + b"Content-Length: 100\r\n\r\ntoken=")).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("line", [b"POST *", b"POST foo", b"GET *", b"OPTIONS *", b"GET http://evil.example/"])
async def test_what_names_no_path_is_refused_without_a_fault(
    port: int, line: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    said = await answer(port, line + b" HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\nConnection: close\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 400 ")
    assert caplog.records == []


@pytest.mark.parametrize("head", [b"", b"GET /livez HTTP/1.1\r\n", POST + b"Content-Length: 9\r\n\r\n"])
async def test_half_requests_never_keep_us_from_answering(
    port: int, head: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(header_limits, "CONNECTIONS_MAX", 20)
    monkeypatch.setattr(header_limits, "HEAD_S", 60)
    monkeypatch.setattr(guard, "BODY_S", 60)
    async with contextlib.AsyncExitStack() as held:
        for _ in range(50):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            held.callback(writer.close)
            writer.write(head)
        asked = b"GET /livez HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
        assert (await answer(port, asked)).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("host", [
    b"[::1", b"evil.example", b"127.0.0.1@evil.example", b"127.0.0.1.evil.example", b"", b"evil.example@127.0.0.1",
    b"127.0.0.1/.evil.example", b"127.0.0.1#.evil.example", b"127.0.0.1?evil.example", b"127.0.0.1:evil",
])  # fmt: skip
async def test_a_host_that_is_not_ours_is_refused(port: int, host: bytes) -> None:
    said = await answer(port, b"GET / HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n")
    assert said[9:12] in (b"421", b"400")
    assert b"Watching" not in said
