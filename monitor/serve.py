"""`monitor run`: the daemon under signals, with the operator's endpoint beside it, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import os
import signal
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import uvicorn

from monitor import config as configuration
from monitor import log
from monitor.app.build import App, build
from monitor.app.generation import laid_down, lay_down
from monitor.app.reload import adopt
from monitor.config import Config
from monitor.engines.local import LocalEngine
from monitor.errors import ConfigError, MonitorError, StoreError, StoreLost
from monitor.metrics import Metrics
from monitor.model import Alert, Delivery, Outcome, Receipt, Recheck
from monitor.ports import Engine, setting_names
from monitor.stores import shown
from monitor.web import make
from monitor.web.header_limits import BoundedHeads

# Bytes from which on a buffer is mapped by itself, and goes back when freed: glibc's own figure, which grows else.
BUFFER_BYTES_MIN = 128 * 1024
ARENAS_MAX = 2  # pools of small pieces, as many as cores that a small machine has (set)
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # <malloc.h>
FOLLOW_S = 5.0  # seconds between two looks whether another configuration is in force for all workers (set)
HEAR_S = 0.5  # seconds between two looks whether a verb changed the configuration's file (set: somebody waits for it)
TRIM_S = 60.0  # seconds between two times that freed memory is given back (set)
# Seconds for what is under way when all else has stopped. Set: with what went before within the 30 s of containers.
CLOSE_S = 15.0


@dataclass(slots=True)
class Reporter:
    """Turns what happened into log records and figures."""

    metrics: Metrics

    def visited(self, outcome: Outcome, lag_s: float) -> None:
        """One record a visit: what came back, and what it brought."""
        status = outcome.status
        if outcome.fetched.unasked:
            self.metrics.visits.labels("put_off").inc()
            log.get("visit").info("put off", source=status.source_id, detail=outcome.fetched.detail)
            return
        result = status.error or ("changed" if outcome.changed else "unchanged")
        self.metrics.visits.labels(result).inc()
        self.metrics.entries.inc(outcome.entries_new)
        self.metrics.gaps.inc(len(outcome.gaps))
        self._count(outcome.judgements.alerts)
        self.metrics.poll_lag.observe(max(lag_s, 0.0))
        if status.error == "blocked_address":
            self.metrics.blocked_addresses.inc()
        tell = log.get("visit").warning if status.error else log.get("visit").info
        particulars = {"detail": status.detail, "failures": status.failures} if status.error else {}
        tell(
            "not read" if status.error else "read", source=status.source_id, result=result,
            http=outcome.fetched.status, entries_new=outcome.entries_new,
            alerts=len(outcome.judgements.alerts), seconds=round(outcome.fetched.elapsed_s, 3),
            next_at=status.next_at.isoformat(timespec="seconds") if status.next_at else None, **particulars,
        )  # fmt: skip
        for gap in outcome.gaps:
            log.get("visit").warning("gap", source=gap.source_id, since=gap.since.isoformat(), detail=gap.detail)

    def reread(self, reread: Recheck) -> None:
        """One record a reading of a followed article."""
        self.metrics.readings.labels(reread.page.state).inc()
        self._count(reread.judgements.alerts)
        tell = log.get("article").info if reread.judgements.alerts or reread.version else log.get("article").debug
        next_at = reread.followed.next_at
        tell(
            reread.page.state, entry=reread.followed.entry_key, url=reread.followed.url,
            alerts=len(reread.judgements.alerts), revision=reread.version[0] if reread.version else None,
            next_at=next_at.isoformat(timespec="seconds") if next_at else None,
        )  # fmt: skip

    def delivered(self, delivery: Delivery, receipt: Receipt) -> None:
        """One record an attempt."""
        self.metrics.attempts.labels(receipt.outcome).inc()
        tell = log.get("delivery").info if receipt.outcome == "delivered" else log.get("delivery").warning
        tell(
            receipt.outcome, delivery=delivery.id, channel=delivery.channel_id, attempt=delivery.attempts + 1,
            status=receipt.status, detail=receipt.detail, seconds=round(receipt.elapsed_s, 3),
        )  # fmt: skip

    def told(self, alert: Alert) -> None:
        """One record an alert that no visit made: of a channel in trouble perhaps nobody else can be told."""
        self._count((alert,))
        tell = log.get("alert").warning if alert.kind == "source.trouble" else log.get("alert").info
        tell("told", alert=alert.id, kind=alert.kind, title=alert.title, about=alert.story_id or alert.source_id)

    def _count(self, alerts: Iterable[Alert]) -> None:
        for alert in alerts:
            self.metrics.alerts.labels(alert.kind).inc()

    def failed(self, what: str, error: BaseException) -> None:
        """Something that should not fail did: with its traceback, unless it is one of our own sentences.

        A session that ended is nobody's to mend: it is begun again, and whoever cannot begin one says so.
        """
        if isinstance(error, StoreLost):
            log.get("daemon").warning(what, error=str(error))
            return
        self.metrics.errors.inc()
        known = isinstance(error, MonitorError)
        log.get("daemon").error(what, error=str(error) or repr(error), exc_info=None if known else error)


class Server(uvicorn.Server):
    """uvicorn without its signal handlers: the daemon decides when the process ends."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


def notify(state: str) -> None:
    """Tell the service manager (sd_notify(3)): READY=1, WATCHDOG=1, STOPPING=1. Silent where there is none."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.connect("\0" + address[1:] if address.startswith("@") else address)
            sender.sendall(state.encode())


def listen(host: str, port: int, where: str) -> socket.socket:
    """A listening socket; ConfigError naming `where` it was configured, when the address is taken.

    "::" is every address of both families, as other servers take it; of IPv4 alone where the machine has no IPv6.
    """
    every = host == "::"
    both = every and socket.has_dualstack_ipv6()
    if every and not both:
        host = "0.0.0.0"  # noqa: S104 - the operator asked for every address, and a token is required for it
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=64, dualstack_ipv6=both)
    except OSError as error:
        raise ConfigError(f"{where}: cannot listen on {host} port {port} ({os.strerror(error.errno or 0)})") from error


async def serve(config: Config, *, probes_only: bool = False) -> int:
    """Run until SIGTERM or SIGINT; a second one ends at once. Returns the exit code.

    `probes_only`: as a worker runs, the endpoint has what machines ask for and no pages.
    """
    service = config.document.service
    log.configure(service.log, service.log_level)
    metrics = Metrics()
    app = build(config, Reporter(metrics), metrics, exclusive=True)
    app.leads = not probes_only
    _ = app.pipeline.watchlist.lessons  # a pass may never need them; a daemon's first entry should not wait for them
    settle()
    try:
        http = config.endpoint
        listener = listen(http.host, http.port, config.where("http", "listen")) if http.enabled else None
        try:
            await _run(app, listener, probes_only)
        finally:
            if listener:
                listener.close()
    finally:
        await close(app)
    return 0


async def close(app: App) -> None:
    """Release everything. A decision that goes on longer is left undone, as by a loss of power, and made again."""
    closing = asyncio.create_task(app.close())
    if not (await asyncio.wait([closing], timeout=CLOSE_S))[0]:
        log.get("daemon").warning("stopped within a decision, which will be made again")
        os._exit(0)
    await closing


def settle() -> None:
    """Make the process fit to run for months: what start-up made is out of the collector's way, buffers are given back.

    The collector stops all threads for as long as it looks; what start-up made is looked through in vain each time.
    glibc keeps what any thread ever freed, and learns to take ever larger buffers from there; other C libraries do not.
    """
    gc.collect()
    gc.freeze()
    with contextlib.suppress(AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_MMAP_THRESHOLD, BUFFER_BYTES_MIN)
        mallopt(M_ARENA_MAX, ARENAS_MAX)


async def give_back() -> None:
    """Every minute, let the C library return pages that it holds for nothing: a busy visit leaves tens of MiB."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    while trim:
        await asyncio.sleep(TRIM_S)
        await asyncio.to_thread(trim, 0)


async def _run(app: App, listener: socket.socket | None, probes_only: bool) -> None:
    with contextlib.suppress(StoreError):  # of a state that cannot be read others tell
        await agree(app)  # before anything is due
    engine = _engine(app)
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, engine.stop)
    loop.add_signal_handler(signal.SIGHUP, Reloads(app).ask)
    server = serving = None
    if listener:
        server = Server(uvicorn.Config(
            make(app, probes_only=probes_only), http=BoundedHeads, log_config=None, access_log=False, lifespan="off",
            timeout_keep_alive=10, proxy_headers=False, server_header=False,
        ))  # fmt: skip
        serving = asyncio.create_task(server.serve(sockets=[listener]))
    http = app.config.endpoint
    log.get("daemon").info(
        "started", sources=len(app.sources), stories=len(app.pipeline.watchlist.stories),
        channels=sorted(app.pipeline.channels), state=shown(app.config.state_url()),
        status_page=f"http://{http.listen}/" if listener and not probes_only else None,
    )  # fmt: skip
    notify("READY=1")
    aside = [
        asyncio.create_task(give_back(), name="give back"), asyncio.create_task(follow(app), name="follow"),
        asyncio.create_task(hear_of_changes(app), name="hear of changes"),
    ]  # fmt: skip
    await engine.run()
    for task in aside:
        task.cancel()
    notify("STOPPING=1")
    if server and serving:
        server.should_exit = True
        await asyncio.wait([serving], timeout=3)
    log.get("daemon").info("stopped")


@dataclass(slots=True)
class Reloads:
    """Reloads on request, one at a time; what is asked for while one is under way is answered by one more."""

    app: App
    asked: bool = False
    task: asyncio.Task[None] | None = None

    def ask(self) -> None:
        """Reload now, or after the one that is under way."""
        self.asked = True
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._run(), name="reload")

    async def _run(self) -> None:
        while self.asked:
            self.asked = False
            await reload(self.app)


def _engine(app: App) -> Engine:
    """What says when each duty is due: this process alone, or all the workers of a shared state together."""
    tell, pulse = log.get("engine"), partial(notify, "WATCHDOG=1")
    if not app.store.shared:
        return LocalEngine(app.daemon, pulse=pulse, failed=tell.error)
    from monitor.engines.distributed import DistributedEngine

    return DistributedEngine(
        app.config.state_url(), app.jobs(), concurrency=app.config.document.fetch.concurrency, pulse=pulse,
        failed=tell.error, passing=tell.warning,
    )  # fmt: skip


async def agree(app: App) -> str:
    """Of a state that many share: lay down what is in force here, or take over what was laid down; why that failed.

    StoreError where the state can be neither read nor written.
    """
    try:
        if app.leads:
            await asyncio.to_thread(lay_down, app.store, app.config)
        elif fresh := await asyncio.to_thread(laid_down, app.store, app.config):
            await adopt(app, fresh)
            log.get("daemon").info(
                "configuration taken over", sources=len(app.sources), stories=len(app.pipeline.watchlist.stories)
            )
    except StoreError:
        raise
    except MonitorError as error:
        return str(error)
    return ""


async def follow(app: App) -> None:
    """Have one configuration with all workers of a state: a leader lays its own down once, others look every while."""
    refusal = ""
    while app.store.shared:
        with contextlib.suppress(StoreError):  # of a state that cannot be read others tell
            before, refusal = refusal, await agree(app)
            if refusal not in ("", before):
                log.get("daemon").error("configuration not taken over", error=refusal)
            if app.leads and not refusal:
                return
        await asyncio.sleep(FOLLOW_S)


async def hear_of_changes(app: App) -> None:
    """Read the configuration again when a verb says that it changed its file, and say what became of it."""
    store, heard = app.store, None
    while app.leads:
        try:
            before, heard = heard, await asyncio.to_thread(store.setting, setting_names.CHANGED)
            if before not in (None, heard):
                refusal = await reload(app)
                await asyncio.to_thread(store.set_setting, setting_names.TAKEN_OVER, f"{heard} {refusal}")
        except StoreError:  # of a state that cannot be read others tell
            pass
        except Exception as error:
            log.get("daemon").error("configuration not read", error=repr(error), exc_info=error)
        await asyncio.sleep(HEAR_S)


async def reload(app: App) -> str:
    """Read the configuration again; a wrong one is told and ignored, the old one stays in force. Why it was ignored."""
    try:
        fresh = await asyncio.to_thread(configuration.load, app.config.path, app.config.environ)
        fresh = replace(fresh, own_endpoint=app.config.own_endpoint)
        theirs = None if app.leads else await asyncio.to_thread(laid_down, app.store, fresh)
        await adopt(app, theirs or fresh)
    except MonitorError as error:
        app.metrics.config_ok.set(0)
        app.refusal = str(error)
        log.get("daemon").error("configuration ignored", error=str(error))
        return str(error)
    app.metrics.config_ok.set(1)
    app.refusal = ""
    log.get("daemon").info(
        "configuration reloaded", sources=len(app.sources), stories=len(app.pipeline.watchlist.stories)
    )
    return ""
