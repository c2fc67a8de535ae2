"""The engine of many workers on a real server: one at a time for each key, nothing lost, whoever is gone."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

import psycopg
import pytest

from monitor.engines import distributed
from monitor.engines.distributed import DistributedEngine, depths, prepare
from monitor.errors import StoreError
from monitor.model import Job
from tests import postgres


class Board:
    """Work that stays due until it was done: what the state is to real duties."""

    def __init__(self, keys: Iterable[str], rounds: int) -> None:
        self.left = dict.fromkeys(keys, rounds)
        self.running: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.failures: list[str] = []
        self.passing: list[str] = []
        self.hold = asyncio.Event()
        self.hold.set()

    @property
    def done(self) -> bool:
        """Whether nothing is due any more."""
        return not any(self.left.values())


class Hands:
    """One worker's duties over the board."""

    def __init__(self, board: Board) -> None:
        self.board, self.begun = board, Counter[str]()

    async def due(self) -> list[Job]:
        """Every key with something left."""
        return [Job("visit", key) for key, count in self.board.left.items() if count]

    async def perform(self, job: Job) -> None:
        """Take one from what is left of a key, in a while; nothing where nothing is left."""
        board = self.board
        if not board.left[job.key]:
            return
        self.begun[job.key] += 1
        board.running[job.key] += 1
        board.most[job.key] = max(board.most[job.key], board.running[job.key])
        await board.hold.wait()
        await asyncio.sleep(0.02)
        board.running[job.key] -= 1
        board.left[job.key] -= 1

    async def drain(self) -> None:
        """Nothing of ours outlives a job."""


async def until(true: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for it, and fail where it does not come true."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.02)


@asynccontextmanager
async def working(url: str, *hands: Hands) -> AsyncIterator[list[asyncio.Task[None]]]:
    """An engine for each; stopped at the end."""
    engines = [
        DistributedEngine(
            url,
            each,
            concurrency=4,
            pulse=lambda: None,
            failed=each.board.failures.append,
            passing=each.board.passing.append,
        )
        for each in hands
    ]
    tasks = [asyncio.create_task(engine.run()) for engine in engines]
    try:
        yield tasks
    finally:
        for engine in engines:
            engine.stop()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that looks, beats and gives up in tenths of the usual time."""
    for name, value in {
        "LOOK_EVERY_S": 0.1, "AGAIN_S": 0.1, "HEARTBEAT_S": 0.3, "STALLED_S": 1.0, "HINT_EVERY": 2,
    }.items():  # fmt: skip
        monkeypatch.setattr(distributed, name, value)


async def test_each_key_is_done_by_one_at_a_time_and_all_is_done(postgres_url: str) -> None:
    board = Board("abcdef", rounds=3)
    first, second = Hands(board), Hands(board)
    board.hold.clear()
    async with working(postgres_url, first, second):
        await until(lambda: bool(first.begun and second.begun))  # six keys are more than one takes at a time
        board.hold.set()
        await until(lambda: board.done)
        await until(
            lambda: depths(postgres_url) == []
        )  # a key hinted just before its end is taken once more, for nothing
    assert set(board.most.values()) == {1}
    assert board.failures == []


async def test_what_waits_under_a_key_keeps_no_other_from_being_hinted_at(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distributed, "HINTS_MAX", 3)
    prepare(postgres_url)
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)"
            " SELECT 'monitor', 'visit', 'visit ' || key, 'visit ' || key, jsonb_build_object('key', key)"
            " FROM unnest(ARRAY['b', 'd', 'e', 'f']) key"
        )
    board = Board("abcdefg", rounds=1)
    async with working(postgres_url, Hands(board)):
        await until(lambda: board.done)
    assert board.failures == []


async def test_two_that_hint_at_one_key_at_once_on_a_server_that_speaks_no_english(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Procrastinate looks for the key in the message of the server, and finds none there."""
    monkeypatch.setattr("procrastinate.sync_psycopg_connector.re.search", lambda *_: None)
    prepare(postgres_url)
    board = Board("ab", rounds=1)
    with psycopg.connect(postgres_url) as other, psycopg.connect(postgres_url, autocommit=True) as asking:
        other.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)"
            " VALUES ('monitor', 'visit', 'visit b', 'visit b', '{\"key\": \"b\"}')"
        )
        blocked = "SELECT 1 FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))"
        async with working(postgres_url, Hands(board)) as tasks:
            await until(lambda: bool(asking.execute(blocked, (other.info.backend_pid,)).fetchall()))
            other.commit()
            await until(lambda: board.done or tasks[0].done())
            assert not tasks[0].done()
    assert board.failures == board.passing == []


async def test_what_becomes_due_while_its_job_runs_is_done_after_it(postgres_url: str) -> None:
    board = Board("a", rounds=1)
    hands = Hands(board)
    board.hold.clear()
    async with working(postgres_url, hands):
        await until(lambda: board.running["a"] == 1)
        board.left["a"] = 2  # something new comes in meanwhile
        await until(lambda: any(each.state == "todo" for each in depths(postgres_url)))
        board.hold.set()
        await until(lambda: board.done)
    assert board.most["a"] == 1


async def test_the_jobs_of_a_worker_that_is_gone_are_done_by_another(postgres_url: str) -> None:
    """Also where a twin waits already beside the job that its worker never ended (procrastinate#1543)."""
    prepare(postgres_url)
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(
            "WITH gone AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"
            " RETURNING id) INSERT INTO procrastinate_jobs"
            " (queue_name, task_name, lock, queueing_lock, args, status, worker_id)"
            """ SELECT 'monitor', 'visit', 'visit a', 'visit a', '{"key": "a"}', status::procrastinate_job_status,"""
            " CASE status WHEN 'doing' THEN gone.id END FROM gone, unnest(ARRAY['doing', 'todo']) AS status"
        )
    board = Board("a", rounds=2)
    async with working(postgres_url, Hands(board)):
        await until(lambda: board.done)
    assert board.failures == []


async def test_a_server_that_ends_every_session_is_returned_to(
    postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """That mends itself, and is told so: with what the server said, and with no fault of anybody."""
    board = Board("abc", rounds=4)
    board.hold.clear()
    async with working(postgres_url, Hands(board)) as tasks:
        await until(lambda: board.running.total() == 3)
        with psycopg.connect(postgres_url, autocommit=True) as server:
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
        board.hold.set()
        await until(lambda: board.done)
        assert not tasks[0].done()
    gc.collect()  # a task that failed unheard says so when it is collected
    # By who asks first: the engine's look, or the jobs that it ends; the others are then given new sessions.
    assert any(": terminating connection" in each for each in board.passing)
    assert board.failures == []
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_server_that_takes_no_writes_is_asked_again_with_the_same_patience(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long it takes none: nothing waits longer for having waited, and the cause is told once."""
    board, asked = Board("abc", rounds=4), list[str]()

    def counted(url: str) -> None:
        asked.append(url)
        prepare(url)

    monkeypatch.setattr(distributed, "prepare", counted)
    async with working(postgres_url, Hands(board)):
        await until(lambda: any(count < 4 for count in board.left.values()))
        with postgres.read_only(postgres_url):
            before = len(asked)
            await until(lambda: len(asked) > before + 9)
            assert not board.done
        await until(lambda: board.done)
    (failure,) = board.failures
    assert "read-only" in failure


async def test_a_job_that_fails_is_said_and_stays_due(postgres_url: str) -> None:
    board = Board("a", rounds=1)
    hands = Hands(board)
    perform, failed = hands.perform, []

    async def fails_once(job: Job) -> None:
        if len(failed) < 2:
            failed.append(job)
            raise (ValueError("of no use") if len(failed) == 1 else StoreError("gone"))
        await perform(job)

    hands.perform = fails_once  # type: ignore[method-assign]
    async with working(postgres_url, hands):
        await until(lambda: board.done)
    assert board.failures == ["visit a: ValueError: of no use"]
    assert board.passing == ["visit a is due still: The state could not be read or written: gone"]


async def test_no_session_of_the_engine_outlives_its_machine(postgres_url: str) -> None:
    """Each asks the server to look after it and to end what it leaves undone; its schema still holds."""
    seen: list[dict[str, str]] = []
    hands = Hands(board := Board("a", rounds=1))
    engine = DistributedEngine(
        postgres_url, hands, concurrency=1, pulse=lambda: None, failed=board.failures.append, passing=print
    )
    await asyncio.to_thread(prepare, postgres_url)
    async with engine._app.open_async():
        for name in ("search_path", "tcp_keepalives_idle", "tcp_user_timeout", "idle_in_transaction_session_timeout"):
            seen.append(await engine._app.connector.execute_query_one_async(f"SHOW {name}"))
    path, *limits = [value for row in seen for value in row.values()]
    assert postgres_url.endswith(path)
    assert "0" not in limits


async def test_a_job_whose_end_was_never_heard_of_holds_up_nothing(postgres_url: str) -> None:
    """Its worker lives on and beats on, but the session that told of the end broke: the key is free again."""
    board = Board("a", rounds=2)
    board.hold.clear()
    async with working(postgres_url, Hands(board)):
        await until(lambda: board.running["a"] == 1)
        with psycopg.connect(postgres_url, autocommit=True) as server:
            server.execute(
                "CREATE FUNCTION lost() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'lost'; END$$;"
                "CREATE TRIGGER lost BEFORE DELETE ON procrastinate_jobs EXECUTE FUNCTION lost()"
            )
            board.hold.set()
            await until(lambda: board.left["a"] == 1)
            await asyncio.sleep(0.2)
            server.execute("DROP TRIGGER lost ON procrastinate_jobs")
        await until(lambda: board.done)
    assert board.most["a"] == 1
