"""Delivery against real peers: faults, kills, a long outbox, and how soon an alert is on its way.

python -m bench.delivery matrix             every fault of a mail host and of a webhook receiver
python -m bench.delivery kill [KILLS [N]]   kill -9 at random (seeded) while N alerts are delivered
python -m bench.delivery backlog [N]        N deliveries that wait, for three endpoints of which one hangs
python -m bench.delivery latency [SECONDS]  ten alerts a second through the daemon's engine
"""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor import log
from monitor.channels import Tools, webhook
from monitor.engines.local import LocalEngine
from monitor.metrics import Metrics
from monitor.model import Delivery, Receipt, SendRequest
from monitor.net.guard import Guard, client
from monitor.pipeline import Pipeline, Watchlist
from monitor.runtime.clocks import SystemClock
from monitor.runtime.daemon import Daemon
from monitor.runtime.dispatcher import Dispatcher
from monitor.serve import Reporter
from monitor.stores import open_store
from tests.channels import killing, matrix
from tests.channels.matrix import ALERT

ENDPOINT_S = 0.005


async def run_matrix() -> int:
    """Print one line a case; how many were not as promised."""
    wrong = 0
    print(f"{'case':46} {'outcome':>10} {'attempts':>8} {'copies':>6} {'lasted':>16}  as promised")
    for kind, cases, run in (("mail", matrix.MAIL, matrix.run_mail), ("webhook", matrix.HOOK, matrix.run_hook)):
        for case in cases:
            with tempfile.TemporaryDirectory() as folder:
                result = await run(case, Path(folder))
            outcome = result.state + (", off" if result.off else "")
            verdict = "; ".join(result.problems) or "yes"
            lasted = str(result.lasted).partition(".")[0]
            print(
                f"{kind + ': ' + case.name:46.46} {outcome:>10} {result.attempts:>8} {result.copies:>6} {lasted:>16}  "
                f"{verdict}", flush=True,
            )  # fmt: skip
            wrong += bool(result.problems)
    print(f"{len(matrix.MAIL) + len(matrix.HOOK)} cases, {wrong} not as promised")
    return wrong


def run_kill(kills: int = 1000, alerts: int = 10_000) -> int:
    """Print the toll; 1 where a promise was broken."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        toll = killing.reap(str(Path(folder) / "monitor.db"), alerts, kills, seed=20261125, progress=_say_hundreds)
    print(
        f"{toll.alerts} alerts on 2 channels, {toll.kills} kill -9: {toll.lost} lost, {toll.foreign} under other ids, "
        f"{toll.duplicates} duplicates (promised: at most {toll.duplicates_max}), most copies of one: "
        f"{toll.copies_most}, states {dict(toll.states)}, state sound: {toll.sound}; {time.monotonic() - began:.0f} s"
    )
    return int(bool(toll.lost or toll.foreign or not toll.sound or toll.duplicates > toll.duplicates_max))


def _say_hundreds(killed: int) -> None:
    if killed % 100 == 0:
        print(f"{killed} kills", file=sys.stderr, flush=True)


def serve(port: int) -> None:
    """Endpoints that keep connections: /hook answers after 5 ms, /hang never does."""

    async def hook(request: Request) -> Response:
        await request.body()
        await asyncio.sleep(ENDPOINT_S)
        return Response(status_code=204)

    async def hang(request: Request) -> Response:
        await asyncio.sleep(3600)
        return Response()

    routes = [Route("/hook", hook, methods=["POST"]), Route("/hang", hang, methods=["POST"])]
    uvicorn.run(Starlette(routes=routes), host="127.0.0.1", port=port, log_level="error", access_log=False)


@contextmanager
def endpoints() -> Iterator[int]:
    """The endpoints in a process of their own; their port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(port,), daemon=True)
    server.start()
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            break
        time.sleep(0.1)
    try:
        yield port
    finally:
        server.kill()


@asynccontextmanager
async def lane_to(path: str, port: int, **paths: str) -> AsyncIterator[Pipeline]:
    """A lane with one webhook channel for each path."""
    store = open_store(path)
    async with client(Guard([f"127.0.0.1:{port}"])) as door:
        tools = Tools(door, lambda *_: "")
        channels: dict[str, Any] = {
            name: webhook.open_channel(
                webhook.Settings(id=name, type="webhook", url=f"http://127.0.0.1:{port}/{place}"), tools
            )
            for name, place in paths.items()
        }
        yield Pipeline(
            store=store, fetcher=None, parser=None, clock=SystemClock(), watchlist=Watchlist(()), channels=channels,  # type: ignore[arg-type]
        )  # fmt: skip
    store.close()


def rss_mib() -> float:
    """Resident memory of this process now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


async def run_backlog(count: int = 100_000) -> int:
    """Print, every few seconds, what each endpoint got and how much memory that takes."""
    with tempfile.TemporaryDirectory() as folder, endpoints() as port:
        path = str(Path(folder) / "monitor.db")
        began = time.monotonic()
        killing.fill(path, count // 3, ("one", "two", "hangs"))
        print(f"{count // 3 * 3} deliveries recorded in {time.monotonic() - began:.1f} s")
        async with lane_to(path, port, one="hook", two="hook", hangs="hang") as pipeline:
            done: Counter[str] = Counter()
            dispatcher = Dispatcher(
                pipeline, lambda delivery, receipt: done.update([f"{delivery.channel_id} {receipt.outcome}"])
            )
            wanted, began, cpu_before_s, first = count // 3 * 2, time.monotonic(), time.process_time(), 0.0
            carrying = asyncio.create_task(dispatcher.deliver())
            while (drained := done["one delivered"] + done["two delivered"]) < wanted and not carrying.done():
                await asyncio.sleep(5)
                first = first or rss_mib()
                took = time.monotonic() - began
                print(f"{took:5.0f} s {dict(done)} RSS {rss_mib():.0f} MiB", flush=True)
            took, cpu_s = time.monotonic() - began, time.process_time() - cpu_before_s
            carrying.cancel()
            await asyncio.gather(carrying, return_exceptions=True)
        print(
            f"{drained} drained at {drained / took:.0f}/s ({drained / took / 2:.0f}/s an endpoint that takes "
            f"{ENDPOINT_S * 1000:.0f} ms), one endpoint hanging; {cpu_s / drained * 1000:.1f} ms CPU each; "
            f"RSS {first:.0f} -> {rss_mib():.0f} MiB"
        )
    return int(drained < wanted)


async def run_latency(seconds: int = 30) -> int:
    """Ten alerts a second: from the commit of an alert to the beginning of its first attempt."""
    with tempfile.TemporaryDirectory() as folder, endpoints() as port:
        async with lane_to(str(Path(folder) / "monitor.db"), port, one="hook") as pipeline:
            recorded: dict[str, float] = {}
            waits: list[float] = []
            send = pipeline.channels["one"].send

            async def timed(send_request: SendRequest) -> Receipt:
                waits.append(time.monotonic() - recorded[send_request.delivery.id])
                return await send(send_request)

            pipeline.channels["one"].send = timed  # type: ignore[method-assign]
            log.configure("json", "warning")
            daemon = Daemon(pipeline, {}, Reporter(Metrics()))
            engine = LocalEngine(daemon, pulse=lambda: None, failed=print)
            running = asyncio.create_task(engine.run())
            for number in range(seconds * 10):
                alert = replace(ALERT, id=f"a{number}")
                row = Delivery(f"m{number}", alert.id, "one", "", created_at=pipeline.clock.now())
                await asyncio.to_thread(pipeline.store.add_alert, alert, [row])
                recorded[row.id] = time.monotonic()
                if number % 2:  # a visit that brought an alert wakes the courier; others wait for its tick
                    daemon.wake()
                await asyncio.sleep(0.1)
            engine.stop()
            await running
    waits.sort()
    p50, p99 = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
    print(f"{len(waits)} alerts, ten a second: p50 {p50:.3f} s, p99 {p99:.3f} s, most {waits[-1]:.3f} s")
    return int(p50 > 1 or p99 > 5)


def main() -> int:
    """Run what the first word names."""
    word, *numbers = sys.argv[1:] or ["matrix"]
    counts = [int(number) for number in numbers]
    if word == "matrix":
        return asyncio.run(run_matrix())
    if word == "kill":
        return run_kill(*counts)
    if word == "backlog":
        return asyncio.run(run_backlog(*counts))
    if word == "latency":
        return asyncio.run(run_latency(*counts))
    print(__doc__)
    return 2


if __name__ == "__main__" and (code := main()):
    sys.exit(code)
