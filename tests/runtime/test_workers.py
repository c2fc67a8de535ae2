"""Several workers on one state in PostgreSQL: every host visited by one of them, every development told once."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest

from monitor import __version__, config
from monitor.app.build import build
from monitor.errors import StoreError, StoreReadOnly, StoreTooNew
from monitor.metrics import Metrics
from monitor.model import Job, Outcome
from monitor.operations import reports
from monitor.operations.polling import poll
from monitor.pipeline.document import Document, Looked
from monitor.runtime.clocks import SystemClock
from monitor.runtime.daemon import taken, visits_due
from tests import postgres
from tests.loopback import Newsstand, free_port, rss
from tests.publisher import SEED, Answer, Clock, Publisher, article

OUTLETS = 6
QUARTER = timedelta(minutes=16)
EVERYTHING: Mapping[str, list[str]] = {"all": []}  # stories, and the sources that they choose


class Silent:
    """An observer that only remembers failures."""

    def __init__(self) -> None:
        self.failures: list[str] = []

    def failed(self, what: str, error: BaseException) -> None:
        self.failures.append(f"{what}: {error}")

    def __getattr__(self, name: str) -> object:
        return lambda *_: None


class Workers:
    """Some workers of one state, each with caches of its own, on one clock; their jobs are handed out by the test."""

    def __init__(
        self,
        folder: Path,
        urls: list[str],
        papers: list[Publisher],
        stories: Mapping[str, list[str]] = EVERYTHING,
        at: datetime = Clock.at,
        desk: str = "type = 'console'\nmode = 'digest'",
        seed: str = SEED,
        thresholds: Mapping[str, float] = {},
    ) -> None:
        self.clock, self.papers, self.silent = Clock(at), papers, Silent()
        tables = "".join(
            f'[[source]]\nid = "p{n}"\nurl = "{paper.url("/feed")}"\ninterval = "15m"\n'
            for n, paper in enumerate(papers)
        )
        watched = "".join(
            f"[[story]]\nid = '{name}'\ntitle = 'All'\nthreshold = {thresholds.get(name, 0)}\n"
            f"sources = {sources}\nseed_text = '''{seed}'''\n"
            for name, sources in stories.items()
        )
        text = (
            f'[fetch]\nallow_private = ["127.0.0.1"]\nhost_spacing = "0s"\n'
            f"follow_pages = false\n{tables}{watched}[[channel]]\nid = 'desk'\n{desk}\n"
        )
        self.apps = [
            build(
                config.parse(f'[service]\nstate = "{url}"\n{text}', folder / "config.toml", {}),
                self.silent, Metrics(), exclusive=True, clock=self.clock,
            )
            for url in urls
        ]  # fmt: skip
        self.jobs = [app.jobs() for app in self.apps]

    def publish(self, *numbers: int, **fields: str) -> None:
        """Let every paper carry these articles, in its own words for where they stand."""
        for n, paper in enumerate(self.papers):
            entries = [
                article(number, **{"id": f"{n}-{number}", "url": f"https://p{n}.example/{number}", **fields})
                for number in numbers
            ]
            paper.paths["/feed"] = Answer(rss(f"Paper {n}", entries))

    async def due(self, after: timedelta = timedelta()) -> list[Job]:
        """What is due so much later, as the worker whose turn it is to look finds it."""
        self.clock.at += after
        return [job for jobs in self.jobs for job in await jobs.due()]

    async def turn(self, after: timedelta = timedelta()) -> int:
        """Everything that is due so much later, shared out over the workers at the same time; how many hosts."""
        due = await self.due(after)
        shared = zip(due, itertools.cycle(self.jobs))
        await asyncio.gather(*(jobs.perform(job) for job, jobs in shared))
        for job in await self.due():
            if job.kind == "periodic":
                await self.jobs[0].perform(job)
        await self.jobs[0].perform(Job("upkeep"))
        return sum(job.kind == "visit" for job in due)

    def told(self) -> Counter[str]:
        """How often each kind of alert was told."""
        return Counter(alert.kind for alert, _ in self.apps[0].store.alerts(limit=1000))

    async def close(self) -> None:
        """Release everything."""
        for app in self.apps:
            await app.close()


@pytest.fixture
def papers() -> Iterator[list[Publisher]]:
    with ExitStack() as stack:
        yield [stack.enter_context(Publisher()) for _ in range(OUTLETS)]


@pytest.fixture
async def workers(tmp_path: Path, postgres_url: str, papers: list[Publisher]) -> AsyncIterator[Workers]:
    made = Workers(tmp_path, [postgres_url] * 3, papers)
    made.publish(1)
    yield made
    await made.close()


async def test_each_feed_is_visited_by_one_and_each_development_told_once(
    workers: Workers, papers: list[Publisher]
) -> None:
    assert await workers.turn() == OUTLETS
    for round_ in range(2, 8):
        workers.publish(*range(1, round_ + 1))
        assert await workers.turn(after=QUARTER) == OUTLETS
    assert [len(paper.asked("/feed")) for paper in papers] == [7] * OUTLETS
    assert workers.told() == {"story.baseline": 1, "story.development": 6}
    verdicts = Counter(made.verdict for made in workers.apps[0].store.decisions(limit=1000))
    assert verdicts == {"development": 7, "repeat": 7 * (OUTLETS - 1)}
    assert workers.silent.failures == []


async def test_workers_decide_what_one_process_on_sqlite_decides(
    tmp_path: Path, postgres_url: str, papers: list[Publisher]
) -> None:
    """The same answers at the same times, in three processes' caches or in one's: the same decisions, to the letter."""
    found = []
    for folder, urls in ("one", [str(tmp_path / "monitor.db")]), ("many", [postgres_url] * 3):
        (tmp_path / folder).mkdir()
        workers = await asyncio.to_thread(Workers, tmp_path / folder, urls, papers)
        workers.publish()
        for round_ in range(
            1, 15
        ):  # one paper at a time: who is first to tell a thing is a matter of milliseconds else
            n = round_ % OUTLETS
            entries = [article(number, id=f"{n}-{number}") for number in range(1, round_ + 1)]
            papers[n].paths["/feed"] = Answer(rss(f"Paper {n}", entries))
            if folder == "one":
                await poll(workers.apps[0].pipeline, workers.apps[0].sources)
            else:
                await workers.turn()
            workers.clock.at += QUARTER
        store = workers.apps[0].store
        made = sorted(store.decisions(limit=1000), key=lambda each: (each.at, each.entry_key))
        alerts = [alert for alert, _ in store.alerts(limit=1000) if alert.kind == "story.development"]
        found.append((made, sorted(alerts, key=lambda alert: alert.id)))
        await workers.close()
    one, many = found
    assert len(one[1]) >= 5
    assert len({made.verdict for made in one[0]}) >= 2
    assert one == many


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_servers_clock_set_back_by_a_day_stops_nobody(
    tmp_path: Path, postgres_url: str, papers: list[Publisher], restarted: bool
) -> None:
    """Nor does the worker that was looking, and is gone since: its turn would else last until that day comes again."""
    workers = await asyncio.to_thread(Workers, tmp_path, [postgres_url] * 2, papers)
    workers.publish(1)
    await workers.turn()
    lost = workers.jobs.pop(0)
    assert lost.daemon.pipeline.store.lease("look", lost.membership.id, workers.clock.at, timedelta(seconds=3))
    clock = workers.clock
    clock.at -= timedelta(days=1)
    if restarted:
        await workers.close()
        workers = await asyncio.to_thread(Workers, tmp_path, [postgres_url] * 2, papers, EVERYTHING, clock.at)
        workers.jobs.pop(0)
    workers.publish(1, 2)
    assert await workers.turn() == OUTLETS
    assert await workers.turn(timedelta(minutes=1)) == 0, "once"
    workers.publish(1, 2, 3)
    assert await workers.turn(QUARTER) == OUTLETS
    assert workers.told() == {"story.baseline": 1, "story.development": 2}
    assert workers.silent.failures == []
    await workers.close()


async def test_a_worker_adds_what_others_decided_to_what_it_knows(workers: Workers) -> None:
    """Nothing is read anew but that, and it then knows the same as one that reads all."""
    await workers.turn()
    for round_ in range(2, 6):
        workers.publish(*range(1, round_ + 1))
        await workers.turn(after=QUARTER)
    for app in workers.apps:
        watchlist, now = app.pipeline.watchlist, workers.clock.at
        watchlist.refresh(app.store, app.store.story_versions(["all"]))
        assert "all" in watchlist.memories, "what it knew is kept"
        known, fresh = (watchlist.memory(app.store, "all", now, fresh=anew) for anew in (False, True))
        assert set(known.members) == set(fresh.members)
        assert set(known.claims) == set(fresh.claims)
        assert (known.told, known.last_development_at) == (fresh.told, fresh.last_development_at)
        assert watchlist.lessons.entries == workers.apps[0].pipeline.watchlist.lessons.entries
    assert sum(app.pipeline.watchlist.behind != {} for app in workers.apps) >= 2, "others decided the last round"


async def test_what_concerns_stories_that_another_holds_is_decided_after_the_rest(
    tmp_path: Path, postgres_url: str, papers: list[Publisher]
) -> None:
    chosen = {name: [f"p{n}"] for n, name in enumerate("abcdef")}
    workers = await asyncio.to_thread(Workers, tmp_path, [postgres_url] * 2, papers, chosen)
    workers.publish(1)
    await workers.turn()
    workers.publish(1, 2)
    workers.clock.at += QUARTER
    (ours, theirs), documents = workers.apps, []
    for visit in sorted(visits_due(ours.pipeline, ours.sources), key=lambda visit: visit.source.id):
        fetched = await ours.pipeline.fetcher.fetch(visit)
        feed = await ours.pipeline.parser.parse(fetched, {}, "")
        documents.append(Document(visit, fetched, feed, {}, workers.clock.at))

    async def decided(least: int) -> set[str]:
        stories = set[str]()
        while len(stories) < least:
            alerts = await asyncio.to_thread(lambda: theirs.store.told())
            stories = {alert.story_id for alert, _ in alerts if alert.kind == "story.development"}
            await asyncio.sleep(0.01)
        return stories

    with theirs.store.deciding(["a"]):
        deciding = asyncio.create_task(asyncio.to_thread(ours.pipeline.conclude_all, documents[:3]))
        assert await decided(2) == {"b", "c"}
        assert not deciding.done()
        late = await asyncio.to_thread(theirs.pipeline.conclude_all, documents[3:], patient=False)
    outcomes = [*await deciding, *late]
    assert [outcome.status.source_id for outcome in outcomes] == [each.visit.source.id for each in documents]
    assert workers.told()["story.development"] == len(chosen)
    await workers.close()


async def test_what_is_held_for_one_document_serves_those_that_need_less(
    tmp_path: Path, postgres_url: str, papers: list[Publisher], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are one transaction; where others hold what only one of them needs, the rest does not wait for that."""
    chosen = {"a": ["p0", "p1", "p2"], "b": ["p0"], "c": ["p3"]}
    workers = await asyncio.to_thread(Workers, tmp_path, [postgres_url] * 2, papers[:4], chosen)
    (ours, theirs), recorded = workers.apps, list[set[str]]()
    record = ours.store.record

    def noted(outcomes: Sequence[Outcome]) -> None:
        recorded.append({outcome.status.source_id for outcome in outcomes})
        record(outcomes)

    workers.publish(1)
    await workers.turn()
    monkeypatch.setattr(ours.store, "record", noted)
    for held, expected in (([], [{"p0", "p1", "p2"}, {"p3"}]), (["b"], [{"p1", "p2"}, {"p3"}])):
        workers.publish(*range(1, 3 + len(held)))
        workers.clock.at += QUARTER
        recorded.clear()
        documents = []
        for visit in sorted(visits_due(ours.pipeline, ours.sources), key=lambda visit: visit.source.id):
            fetched = await ours.pipeline.fetcher.fetch(visit)
            feed = await ours.pipeline.parser.parse(fetched, {}, "")
            documents.append(Document(visit, fetched, feed, {}, workers.clock.at))
        with theirs.store.deciding(held):
            answers = await asyncio.to_thread(ours.pipeline.conclude_all, documents, patient=False)
        assert recorded == expected
        assert [isinstance(answer, Looked) for answer in answers] == [bool(held), False, False, False]
    await workers.close()


async def test_what_another_holds_comes_again_and_is_scored_by_what_was_decided_meanwhile(
    workers: Workers, papers: list[Publisher]
) -> None:
    workers.publish(1)
    await workers.turn()
    workers.publish(1, 2)
    workers.clock.at += QUARTER
    ours, theirs, _ = workers.apps
    ours.pipeline.watchlist.glance(ours.store, ["all"], workers.clock.at)  # the next is a second away
    first, second, *_ = visits_due(ours.pipeline, ours.sources)
    fetched = await ours.pipeline.fetcher.fetch(first)
    document = Document(first, fetched, await ours.pipeline.parser.parse(fetched, {}, ""), {}, workers.clock.at)
    with theirs.store.deciding(["all"]):
        (given_back,) = await asyncio.to_thread(ours.pipeline.conclude_all, [document], patient=False)
    assert isinstance(given_back, Looked)
    await theirs.pipeline.visit(second)
    (outcome,) = ours.pipeline.conclude_all([replace(document, looked=given_back, turns=1)], patient=False)
    assert {made.verdict for made in outcome.judgements.decisions} == {"repeat"}
    assert workers.told()["story.development"] == 1


async def test_a_visit_whose_story_another_holds_lets_others_pass(
    tmp_path: Path, postgres_url: str, papers: list[Publisher], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.pipeline.pipeline.TURNS_MAX", 10**6)
    chosen = {name: [f"p{n}"] for n, name in enumerate("abc")}
    workers = await asyncio.to_thread(Workers, tmp_path, [postgres_url] * 2, papers, chosen)
    workers.publish(1)
    await workers.turn()
    workers.publish(1, 2)
    workers.clock.at += QUARTER
    (ours, theirs) = workers.apps
    held, *free = sorted(visits_due(ours.pipeline, ours.sources), key=lambda visit: visit.source.id)[:3]
    with theirs.store.deciding(["a"]):
        visiting = asyncio.create_task(ours.pipeline.visit(held))
        await asyncio.gather(*map(ours.pipeline.visit, free))
        assert not visiting.done()
    await visiting
    assert workers.told()["story.development"] == 3
    await workers.close()


async def test_what_could_not_be_recorded_is_not_known(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker whose record failed decides about it again as if it had never heard of it, whoever decided meanwhile."""
    await workers.turn()
    workers.publish(1, 2)
    workers.clock.at += QUARTER
    unlucky, *others = workers.apps

    def fails(*_: object) -> None:
        raise StoreError("the session is gone")

    with monkeypatch.context() as broken:
        broken.setattr(unlucky.store, "record", fails)
        visits = visits_due(unlucky.pipeline, unlucky.sources)
        for visit in visits[:2]:
            with pytest.raises(StoreError):
                await unlucky.pipeline.visit(visit)
    await others[0].pipeline.visit(visits[2])
    store, watchlist = unlucky.store, unlucky.pipeline.watchlist
    assert watchlist.refresh(store, store.story_versions(["all"]))
    known, fresh = (watchlist.memory(store, "all", workers.clock.at, fresh=anew) for anew in (False, True))
    assert known.members == fresh.members
    assert await workers.turn() == OUTLETS - 1
    assert workers.told()["story.development"] == 1


async def test_a_job_that_comes_twice_does_nothing_twice(workers: Workers, papers: list[Publisher]) -> None:
    due = [job for job in await workers.due() if job.kind == "visit"]
    await asyncio.gather(*(jobs.perform(job) for job in due for jobs in workers.jobs))
    assert [len(paper.asked("/feed")) for paper in papers] == [1] * OUTLETS


async def test_what_a_lost_worker_had_begun_is_begun_again(workers: Workers, papers: list[Publisher]) -> None:
    assert await workers.turn() == OUTLETS
    workers.publish(1, 2)
    workers.clock.at += QUARTER
    lost = workers.apps[0]
    begun = taken(lost.pipeline, visits_due(lost.pipeline, lost.sources)[:2])  # and is killed before it makes them
    assert len(begun) == 2
    assert await workers.turn() == OUTLETS - 2
    assert await workers.turn(after=timedelta(seconds=80)) == 0
    assert await workers.turn(after=timedelta(seconds=20)) == 2
    assert [len(paper.asked("/feed")) for paper in papers] == [2] * OUTLETS
    assert workers.told()["story.development"] == 1


async def test_one_worker_at_a_time_looks_for_what_is_due(workers: Workers) -> None:
    first, second, third = workers.jobs
    assert await first.due()
    assert await second.due() == []
    workers.clock.at += timedelta(seconds=4)  # nobody has heard of the first one since
    assert await third.due()
    assert await first.due() == []
    await third.drain()
    assert await second.due(), "who leaves hands on at once"


async def test_an_older_worker_goes_on_beside_what_only_adds_and_stops_at_what_changes_the_state(
    workers: Workers, postgres_url: str
) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as newer:
        newer.execute("ALTER TABLE sources ADD COLUMN mood TEXT NOT NULL DEFAULT ''")
        newer.execute("INSERT INTO schema_steps VALUES ('+mood')")
        assert await workers.turn() == OUTLETS
        newer.execute("INSERT INTO schema_steps VALUES ('from the future')")
    workers.clock.at += QUARTER
    with pytest.raises(StoreTooNew, match="steps from the future, which"):
        await workers.jobs[0].due()


async def test_a_worker_says_its_version_and_what_it_is_about(workers: Workers) -> None:
    job = next(job for job in await workers.due() if job.kind == "visit")
    async with workers.apps[1].pipeline.deciding:  # the visit waits for its turn
        visiting = asyncio.create_task(workers.jobs[1].perform(job))
        while not workers.jobs[1].membership.doing:
            await asyncio.sleep(0)
        workers.clock.at += timedelta(seconds=6)
        await workers.due()
        rows = reports.workers(workers.apps[0].store, workers.clock.at - timedelta(seconds=30))
    await visiting
    shown = {row["id"]: (row["version"], row["running"], row["doing"]) for row in rows}
    jobs = [(__version__, 0, ""), (__version__, 1, "1 visit"), (__version__, 0, "")]
    assert shown == {each.membership.id: row for each, row in zip(workers.jobs, jobs, strict=True)}


async def test_a_machine_whose_clock_is_wrong_goes_by_the_servers(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda self: datetime.now(UTC) + timedelta(seconds=120))
    app = await asyncio.to_thread(build, workers.apps[0].config, workers.silent, Metrics(), exclusive=True)
    for clock in (app.pipeline.clock, app.jobs().membership.clock):
        before = app.store.now()
        app.jobs().membership.meet()
        assert before <= clock.now() <= app.store.now()
    await app.close()


class Relay:
    """A wire to the server that can be cut and mended."""

    def __init__(self, port: int) -> None:
        self._to, self.port = port, free_port()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self.ports: list[int] = []

    async def mend(self) -> None:
        """Carry connections."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)

    async def cut(self) -> None:
        """Drop what is open and refuse what comes."""
        assert self._server
        self._server.close()
        for writer in self._open:
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._to)
        self._open |= {writer, back}
        port = back.get_extra_info("sockname")[1]
        self.ports.append(port)
        try:
            await asyncio.gather(self._pour(reader, back, port), self._pour(there, writer, 0), return_exceptions=True)
        except asyncio.CancelledError:  # the test is over: who still waits for the server must not wait for ever
            for each in (writer, back):
                each.transport.abort()
            raise
        self.ports.remove(port)  # the machine gives it to the next who asks

    async def _pour(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
        # A server that ends a session with words unread resets it: an end too.
        with contextlib.suppress(ConnectionError):
            while block := await reader.read(65_536):
                await self.pass_on(block, writer, port)
        await self.hang_up(writer)

    async def pass_on(self, block: bytes, writer: asyncio.StreamWriter, port: int) -> None:
        """Carry a block; `port` is what the server knows this connection by, 0 for what the server says."""
        writer.write(block)
        await writer.drain()

    async def hang_up(self, writer: asyncio.StreamWriter) -> None:
        """Tell one side that the other has ended."""
        writer.close()


async def test_a_server_that_goes_away_stops_everything_until_it_is_back(
    tmp_path: Path, postgres_url: str, papers: list[Publisher]
) -> None:
    parts = urlsplit(postgres_url)
    relay = Relay(parts.port or 5432)
    await relay.mend()
    url = postgres_url.replace(f":{parts.port}/", f":{relay.port}/")
    workers = await asyncio.to_thread(Workers, tmp_path, [url], papers)
    workers.publish(1)
    daemon = workers.apps[0].daemon
    assert await workers.turn() == OUTLETS
    workers.publish(1, 2)
    await relay.cut()
    workers.clock.at += QUARTER
    for _ in range(3):
        assert await daemon.visits() == 0
    assert "127.0.0.1" in daemon.blocked
    assert [len(paper.asked("/feed")) for paper in papers] == [1] * OUTLETS
    await relay.mend()
    assert await daemon.visits() == OUTLETS
    await asyncio.gather(*daemon.busy.values())
    told = await asyncio.to_thread(workers.told)
    assert (daemon.blocked, told["story.development"]) == ("", 1)
    await workers.close()


async def test_a_visit_that_could_not_be_recorded_is_due_once_the_server_takes_it(
    workers: Workers, postgres_url: str
) -> None:
    """A server that took no writes for a while costs no lease; a feed that fails again is not asked over and over."""
    assert await workers.turn() == OUTLETS
    workers.publish(1, 2)
    workers.clock.at += QUARTER
    jobs, daemon = workers.jobs[0], workers.apps[0].daemon
    host = next(job for job in await jobs.due() if job.kind == "visit")
    for due_at_once in (True, False):
        begun = taken(daemon.pipeline, visits_due(daemon.pipeline, jobs.hosts()[host.key]))
        assert len(begun) == 1
        with postgres.read_only(postgres_url):
            await daemon.visit(begun[0], workers.clock.at)
            with pytest.raises(StoreReadOnly):
                await jobs.due()
        workers.clock.at += timedelta(seconds=1)
        assert (host in await jobs.due()) == due_at_once
    assert await workers.turn(after=timedelta(seconds=91)) == OUTLETS
    assert workers.told()["story.development"] == 1
    assert daemon.unrecorded == {}


async def test_only_visits_that_can_begin_are_taken(workers: Workers) -> None:
    daemon = workers.apps[0].daemon
    daemon.concurrency = 2
    for _ in range(OUTLETS // 2):
        assert await daemon.visits() == 2
        await asyncio.gather(*daemon.busy.values())
    assert await daemon.visits() == 0


def begun(probes: httpx.Client) -> bool:
    """Whether somebody listens there and is well."""
    with contextlib.suppress(httpx.TransportError):
        return probes.get("/livez").status_code == 200
    return False


def test_workers_are_processes_that_may_die(tmp_path: Path, postgres_url: str, papers: list[Publisher]) -> None:
    """Real ones: each feed is asked once, the first brief told once, whoever is killed; the others end as told."""
    stand = Newsstand()
    for n, paper in enumerate(papers):
        paper.paths["/feed"] = Answer(rss(f"Paper {n}", [article(1, id=f"{n}-1")]))
    sources = "".join(f'[[source]]\nid = "p{n}"\nurl = "{paper.url("/feed")}"\n' for n, paper in enumerate(papers))
    (tmp_path / "config.toml").write_text(
        f'[service]\nstate = "{postgres_url}"\n[fetch]\nallow_private = ["127.0.0.1"]\nhost_spacing = "0s"\n'
        f'[hooks]\nallow_private = ["127.0.0.1"]\n{sources}[[story]]\nid = "all"\ntitle = "All"\nthreshold = 0\n'
        f"seed_text = '''{SEED}'''\n[[channel]]\nid = 'desk'\ntype = 'webhook'\nurl = '{stand.url}/hook'\n"
    )
    command = [sys.executable, "-m", "monitor", "worker", "--config", str(tmp_path / "config.toml")]
    port = free_port()
    running = [
        subprocess.Popen([*command, *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for more in ([], [], ["--listen", f"127.0.0.1:{port}"])
    ]
    try:
        end = time.monotonic() + 60
        while not stand.hooks and time.monotonic() < end:
            time.sleep(0.1)
        # A worker has probes and figures, no pages, and takes a reload although it listens elsewhere. It may begin
        # last, and a signal ends who is not ready for it.
        probes = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10)
        while not begun(probes) and time.monotonic() < end:
            time.sleep(0.1)
        running[2].send_signal(signal.SIGHUP)
        answers = {path: probes.get(path) for path in ("/livez", "/readyz", "/metrics", "/", "/style.css")}
        assert [answer.status_code for answer in answers.values()] == [200, 200, 200, 404, 404]
        assert "monitor_config_ok 1.0" in answers["/metrics"].text
        running[0].send_signal(signal.SIGKILL)
        time.sleep(1)
        for process in running[1:]:
            process.send_signal(signal.SIGTERM)
        logs = [process.communicate(timeout=40)[1] for process in running]
    finally:
        for process in running:
            process.kill()
        stand.close()
    assert [process.returncode for process in running[1:]] == [0, 0], logs
    assert "configuration reloaded" in logs[2]
    assert [len(paper.asked("/feed")) for paper in papers] == [1] * OUTLETS
    assert [body["type"] for body in stand.bodies()] == ["story.baseline"]
    assert [line for log in logs for line in log.splitlines() if '"level": "error"' in line] == []


def test_a_worker_needs_a_state_that_can_be_shared(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[service]\nstate = "monitor.db"\n')
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "worker", "--config", str(tmp_path / "config.toml")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "workers share a state in PostgreSQL" in done.stderr
    assert not (tmp_path / "monitor.db").exists()
