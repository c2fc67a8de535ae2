"""Procrastinate's jobs, taken and ended several at a time: a statement for each is a way to the server and back."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable

from procrastinate import jobs
from procrastinate.connector import BaseConnector
from procrastinate.manager import JobManager

# What its own function takes, in the same order, but not one by one: of those that wait, one key is there once (its
# queueing lock), so that none of several that are taken together holds up another.
TAKE = """WITH free AS (
    SELECT id FROM procrastinate_jobs AS job
    WHERE status = 'todo' AND queue_name = ANY(%(queues)s::varchar[])
    AND (scheduled_at IS NULL OR scheduled_at <= now())
    AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs AS begun WHERE begun.lock = job.lock AND begun.status = 'doing')
    ORDER BY priority DESC, id LIMIT %(room)s FOR UPDATE OF job SKIP LOCKED)
    UPDATE procrastinate_jobs AS job SET status = 'doing', worker_id = %(worker_id)s FROM free WHERE job.id = free.id
    RETURNING job.id, job.status, job.task_name, job.priority, job.lock, job.queueing_lock, job.args,
    job.scheduled_at, job.queue_name, job.attempts, job.worker_id"""
END = "DELETE FROM procrastinate_jobs WHERE id = ANY(%(ids)s::bigint[])"


class JobBatches(JobManager):
    """The manager of one life of a worker, which keeps no job that has ended, however it did."""

    def __init__(
        self, connector: BaseConnector, concurrency: int, lost: Callable[[str], None] = lambda what: None
    ) -> None:
        """`concurrency`: jobs of this worker at once; no more are taken than can begin at once.

        `lost` is told of ends that the server could not be told: the jobs are swept away.
        """
        super().__init__(connector)
        self._concurrency, self._lost = concurrency, lost
        self._taken: deque[jobs.Job] = deque()
        self._under_way: set[int | None] = set()  # what was taken and has not ended
        self._ending: list[tuple[int | None, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> jobs.Job | None:
        """The next job; those that there is room for beside it are taken with it, for who asks next."""
        if not self._taken:
            room = max(1, self._concurrency - len(self._under_way))
            rows = await self.connector.execute_query_all_async(
                TAKE, queues=list(queues or ()), worker_id=worker_id, room=room
            )
            found = sorted(map(jobs.Job.from_row, rows), key=lambda job: (-job.priority, job.id or 0))
            self._under_way.update(job.id for job in found)
            self._taken.extend(found)
        return self._taken.popleft() if self._taken else None

    async def unregister_worker(self, worker_id: int) -> None:
        """Leave; what was taken and not begun holds up no other worker: what it was to do is due still."""
        if self._taken:
            await self.connector.execute_query_async(END, ids=[job.id for job in self._taken])
            self._taken.clear()
        await super().unregister_worker(worker_id)

    async def finish_job(self, job: jobs.Job, status: jobs.Status, delete_job: bool) -> None:
        """End a job, with those that end at the same time; one that is gone already has ended."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._ending.append((job.id, done))
        if self._task is None:
            self._task = asyncio.create_task(self._end())
        await done

    async def _end(self) -> None:
        while self._ending:
            ending, self._ending = self._ending, []
            try:
                await self.connector.execute_query_async(END, ids=[job_id for job_id, _ in ending])
            except Exception as error:  # raised for each, it would be told as a fault of each
                self._lost(f"{len(ending)} ended jobs will be swept away: {error.__cause__ or error}")
            finally:
                self._under_way.difference_update(job_id for job_id, _ in ending)
            for _, done in ending:
                if not done.done():
                    done.set_result(None)
        self._task = None
