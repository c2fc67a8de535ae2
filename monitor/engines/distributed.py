"""The engine of many workers: Procrastinate on the PostgreSQL server that holds the state says who does what.

A job's key is its lock (one at a time) and its queueing lock (one waiting), so a hint is never lost while another runs.
Its traps, each a test in `tests/engines`: no retry in the future on a lock, which would hold up all others of its key
(procrastinate#1599): what is to be done later is a column of the state. A job whose worker is gone is dropped, not put
back beside its twin (#1543): the state says that it is due still. A worker that ends because the server went away is
started again here (#1446), with patience.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import procrastinate
import psycopg
import psycopg_pool
from procrastinate import JobContext, exceptions, jobs, schema

from monitor.engines.job_batches import JobBatches
from monitor.errors import StoreError, StoreTooNew
from monitor.model import Job

# Seconds between two looks for what is due, between two for jobs (a word to all workers of each job would cost each of
# them a look), and until a worker that failed begins again (set).
LOOK_EVERY_S = 1.0
AGAIN_S = 2.0  # seconds, see above
# Seconds that jobs under way have once the duties were drained; what is given up is due still (set).
DRAIN_S = 5.0
# Heartbeats every 5 s; a worker silent for 20 s is gone, and its jobs are dropped (set: a lost machine is out within a
# minute).
HEARTBEAT_S, STALLED_S, SWEEP_EVERY = 5.0, 20.0, 5
HINTS_MAX = 500  # hints in one statement: some 100 KiB (set)
# Looks until something that is due still is hinted at again (set: half of what a lost hint may cost, 10 s).
HINT_EVERY = 5
# A server that is gone without a word is noticed within half a minute, and it notices us; nothing that the engine asks
# takes longer, nor keeps a row while it does nothing (set: a lost machine is out within a minute).
CONNECTING: dict[str, Any] = {
    "connect_timeout": 10, "application_name": "monitor engine", "keepalives_idle": 10, "keepalives_interval": 5,
    "keepalives_count": 4, "tcp_user_timeout": 30_000, "target_session_attrs": "read-write",
}  # fmt: skip
SESSION = """SET statement_timeout = '20s'; SET idle_in_transaction_session_timeout = '20s';
    SET tcp_keepalives_idle = 10;
    SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 4; SET tcp_user_timeout = '30s'"""
QUEUE = "monitor"
SCHEMA = "SELECT pg_advisory_xact_lock(hashtext('monitor engine'), hashtext(current_schema()))"
# In the order in which they became due. Procrastinate's own function fails where one of the keys waits already, and
# finds out which by the words of the server's message, which need not be English.
HINT = """INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args)
    SELECT %(queue)s, kind, priority, kind || ' ' || key, kind || ' ' || key, jsonb_build_object('key', key)
    FROM unnest(%(kinds)s::text[], %(keys)s::text[], %(priorities)s::int[]) WITH ORDINALITY
    AS due (kind, key, priority, place) ORDER BY place ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING"""
DEPTH = """SELECT j.task_name, j.status::text, COUNT(*), EXTRACT(EPOCH FROM now() - MIN(e.at))
    FROM procrastinate_jobs j LEFT JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'
    GROUP BY 1, 2 ORDER BY 1, 2"""


class Duties(Protocol):
    """What the engine shares out: `monitor.runtime.jobs.Jobs`."""

    async def due(self) -> Iterable[Job]:
        """What is due now; asked by each worker about once a second."""

    async def perform(self, job: Job) -> None:
        """Do one job."""

    async def drain(self) -> None:
        """Finish what is under way."""


@dataclass(frozen=True, slots=True)
class Depth:
    """How many jobs of a kind wait or are under way, and for how long the oldest has (seconds)."""

    kind: str
    state: str
    count: int
    oldest_s: float


class DistributedEngine:
    """Runs the duties together with every other worker on the same server, until `stop`."""

    def __init__(
        self, url: str, duties: Duties, *, concurrency: int, pulse: Callable[[], None], failed: Callable[[str], None],
        passing: Callable[[str], None],
    ) -> None:  # fmt: skip
        """`concurrency`: jobs of this worker at once. `pulse` is called while the loop makes progress.

        `failed` is told what somebody may have to mend, `passing` what mends itself.
        """
        self._duties = duties
        self._concurrency = concurrency
        self._pulse = pulse
        self._failed, self._passing = failed, passing
        self._url = url
        self._stopping = asyncio.Event()
        self._now = asyncio.Event()
        # Each of its questions is one statement: BEGIN and COMMIT would be two ways to the server more.
        connector = procrastinate.PsycopgConnector(
            conninfo=url, min_size=1, max_size=4, kwargs=CONNECTING | {"autocommit": True}, configure=_limit,
            pool_factory=_unchecked,
        )  # fmt: skip
        self._app = procrastinate.App(connector=connector)
        for kind in _KINDS:
            self._app.task(name=kind, queue=QUEUE, pass_context=True)(self._performer(kind))
        self._running: set[int | None] = set()
        self._unfinished: set[int | None] = set()
        self._worker_id: int | None = None
        logger = logging.getLogger("procrastinate")
        logger.handlers, logger.propagate = [_Told(passing)], False
        logger.setLevel(logging.WARNING)

    async def run(self) -> None:
        """Run until stopped, then finish what is under way. StoreTooNew where a newer monitor has changed the state."""
        prepared, cause = False, ""
        while not self._stopping.is_set():
            begun = False
            try:
                # Asked each time: a pool that is refused (a standby) waits twice as long before it asks again.
                await asyncio.to_thread(prepare, self._url)
                prepared, begun, cause = True, True, ""
                async with self._app.open_async():
                    await self._work()
            except StoreTooNew:
                raise
            except (exceptions.ProcrastinateException, StoreError, psycopg.Error, OSError) as error:
                if not prepared:
                    raise
                before, cause = cause, _cause(error)
                if begun:
                    self._passing(f"the engine begins again: {cause}")
                elif cause != before:
                    self._failed(f"the engine waits for the server: {cause}")
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), AGAIN_S)

    def stop(self) -> None:
        if self._stopping.is_set():
            self._now.set()
        self._stopping.set()

    async def _work(self) -> None:
        """One life of a worker: it looks for what is due, is given jobs, and ends when stopped or when either fails."""
        self._app.job_manager = JobBatches(self._app.connector, self._concurrency, self._passing)
        worker = asyncio.create_task(self._app.run_worker_async(
            queues=[QUEUE], concurrency=self._concurrency, delete_jobs="always", install_signal_handlers=False,
            fetch_job_polling_interval=LOOK_EVERY_S, listen_notify=False, update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=STALLED_S, shutdown_graceful_timeout=DRAIN_S,
        ))  # fmt: skip
        looking, stopping = asyncio.create_task(self._look()), asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait([worker, looking, stopping], return_when=asyncio.FIRST_COMPLETED)
            if self._stopping.is_set():
                hurried = asyncio.create_task(self._now.wait())
                drained = asyncio.create_task(self._duties.drain())
                await asyncio.wait([drained, hurried], return_when=asyncio.FIRST_COMPLETED)
                hurried.cancel()
        finally:
            for task in (looking, stopping, worker):
                task.cancel()
            ended = await asyncio.gather(looking, stopping, worker, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception) and not self._stopping.is_set():
                raise error

    async def _look(self) -> None:
        looks, hinted = 0, dict[Job, int]()
        while True:
            self._pulse()
            hinted = {job: at for job, at in hinted.items() if looks - at < HINT_EVERY}
            fresh = [job for job in await self._duties.due() if job not in hinted]  # one under way is due still
            await self.hint(fresh)
            hinted |= dict.fromkeys(fresh, looks)
            looks += 1
            if looks % SWEEP_EVERY == 0:
                await self._sweep()
            await asyncio.sleep(LOOK_EVERY_S)

    async def hint(self, due: Sequence[Job]) -> None:
        """Hint at what is due, many in one statement; one hint that waits under a key is enough."""
        for first in range(0, len(due), HINTS_MAX):
            some = due[first : first + HINTS_MAX]
            await self._app.connector.execute_query_async(
                HINT, queue=QUEUE, kinds=[job.kind for job in some], keys=[job.key for job in some],
                priorities=[_KINDS[job.kind] for job in some],
            )  # fmt: skip

    async def _sweep(self) -> None:
        """Drop the jobs of workers that are gone: what they were to do is due still, and is hinted at again.

        So are those of ours whose end the server never heard of, since the session that told it broke.
        """
        manager = self._app.job_manager
        dropped = [*await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_S)]
        if self._worker_id is not None:
            ours = await manager.list_jobs_async(status=jobs.Status.DOING.value, worker_id=self._worker_id)
            ended = {job.id: job for job in ours if job.id not in self._running}
            dropped += [job for job_id, job in ended.items() if job_id in self._unfinished]
            self._unfinished = set(ended)
        for job in dropped:
            with contextlib.suppress(exceptions.ConnectorException):  # another was faster
                await manager.finish_job(job, status=jobs.Status.FAILED, delete_job=True)

    def _performer(self, kind: str) -> Callable[..., Awaitable[None]]:
        async def perform(context: JobContext, key: str) -> None:
            job = context.job
            self._worker_id = job.worker_id
            self._running.add(job.id)
            try:
                await self._duties.perform(Job(kind, key))  # type: ignore[arg-type]
            except StoreError as error:  # what is due stays due; the engine keeps no failed jobs
                self._passing(f"{kind} {key} is due still: {error}")
            except Exception as error:
                self._failed(f"{kind} {key}: {type(error).__name__}: {error}")
            finally:
                self._running.discard(job.id)

        return perform


class _Told(logging.Handler):
    """What Procrastinate could not do on a session that ended, which this engine does again in another life."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        what = record.getMessage().partition("\n")[0]
        self._tell(f"{what}: {_cause(error)}" if error else what)


def _cause(error: BaseException) -> str:
    """What the server or the system said, in a line: Procrastinate wraps it in a sentence that says nothing."""
    return str(error.__cause__ or error).strip().partition("\n")[0]


# What is sent first: deliveries before visits, both before what can wait.
_KINDS = {"deliver": 2, "visit": 1, "recheck": 0, "periodic": 0, "upkeep": 0}


def _unchecked(**given: Any) -> psycopg_pool.AsyncConnectionPool:
    """A pool that asks no session whether it lives before each use: one that does not ends this life of the engine."""
    return psycopg_pool.AsyncConnectionPool(**given | {"check": None})


async def _limit(connection: psycopg.AsyncConnection[Any]) -> None:
    await connection.execute(SESSION)


def prepare(url: str) -> None:
    """Make the engine's tables where there are none; whoever else begins now waits."""
    try:
        with psycopg.connect(url, **CONNECTING) as connection:
            connection.execute(SCHEMA)
            found: Any = connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone()
            if found[0] is None:
                connection.execute(schema.SchemaManager.get_schema())
    except psycopg.Error as error:
        raise StoreError(f"the engine's tables could not be made: {str(error).strip().splitlines()[0]}") from error


def depths(url: str) -> list[Depth]:
    """How much waits and is under way, by kind; nothing where no worker ever ran."""
    with psycopg.connect(url, connect_timeout=10) as connection:
        found: Any = connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone()
        rows = connection.execute(DEPTH).fetchall() if found[0] else []
    return [Depth(kind, state, count, float(oldest or 0.0)) for kind, state, count, oldest in rows]
