"""What several workers that decide about the same stories ask of each other, and what they do not wait for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.model import Visit
from monitor.pipeline.document import Document, Looked
from monitor.pipeline.watchlist import GLANCE
from monitor.runtime.daemon import visits_due
from tests.publisher import Publisher
from tests.runtime.test_workers import QUARTER, Workers

FERRY = "Ferry Halcyon sinks off Brackwater with 300 on board"
DIVERS = "Divers reach ferry Halcyon off Brackwater, captain among the dead"


@pytest.fixture
async def two(tmp_path: Path, postgres_url: str) -> AsyncIterator[Workers]:
    """Two workers, three papers, one story of a ferry."""
    with ExitStack() as stack:
        papers = [stack.enter_context(Publisher()) for _ in range(3)]
        made = await asyncio.to_thread(
            Workers, tmp_path, [postgres_url] * 2, papers, seed=FERRY, thresholds={"all": 0.5}
        )
        made.publish(1)
        yield made
        await made.close()


def due(workers: Workers) -> Iterator[Visit]:
    """What the first of them would visit now, source by source."""
    app = workers.apps[0]
    yield from sorted(visits_due(app.pipeline, app.sources), key=lambda visit: visit.source.id)


async def document(workers: Workers, visit: Visit) -> Document:
    """What a visit brings, not yet looked at."""
    pipeline = workers.apps[0].pipeline
    fetched = await pipeline.fetcher.fetch(visit)
    return Document(visit, fetched, await pipeline.parser.parse(fetched, {}, ""), {}, workers.clock.at)


async def test_a_story_that_an_entry_only_comes_near_is_not_waited_for(tmp_path: Path, postgres_url: str) -> None:
    """It remembers nothing of that entry; what is held back is recorded whoever holds the story."""
    with ExitStack() as stack:
        papers = [stack.enter_context(Publisher())]
        chosen = {"never": ["p0"], "always": ["p0"]}
        workers = await asyncio.to_thread(
            Workers, tmp_path, [postgres_url] * 2, papers, chosen, seed=FERRY, thresholds={"never": 1.0}
        )
        workers.publish(1)
        await workers.turn()
        workers.publish(2, title=FERRY)
        workers.clock.at += QUARTER
        (ours, theirs) = workers.apps
        (visit,) = due(workers)
        brought = await document(workers, visit)
        with theirs.store.deciding(["never"]):
            (outcome,) = await asyncio.to_thread(ours.pipeline.conclude_all, [brought], patient=False)
        assert not isinstance(outcome, Looked | None)
        assert {made.story_id: made.score.follow_up for made in outcome.judgements.decisions} == {
            "never": False, "always": True,
        }  # fmt: skip
        await workers.close()


async def test_who_holds_a_story_learns_from_others_when_it_looks_at_it_next(two: Workers) -> None:
    await two.turn()
    two.publish(2, title=DIVERS)
    two.clock.at += QUARTER
    ours, theirs = (app.pipeline for app in two.apps)
    first, second, third = due(two)
    ours.watchlist.glance(ours.store, ["all"], two.clock.at)
    learnt = ours.watchlist.lessons.entries["all"].copy()
    outcome = await theirs.visit(first)
    (key,) = (made.entry_key for made in outcome.judgements.decisions)
    await ours.visit(second)
    assert key in {member.entry_key for member in ours.watchlist.memories["all"].members}, "it is known at once"
    assert key not in ours.watchlist.lessons.entries["all"]
    assert len(ours.watchlist.lessons.entries["all"] - learnt) == 1, "but for its own"
    two.clock.at += GLANCE
    await ours.visit(third)
    assert key in ours.watchlist.lessons.entries["all"]
    assert ours.watchlist.untaught == {}


async def test_what_comes_again_is_scored_anew_only_after_a_while(
    two: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    await two.turn()
    two.publish(2, title=DIVERS)
    two.clock.at += QUARTER
    ours, theirs = two.apps
    brought = await document(two, next(due(two)))
    scored, matcher = [], ours.pipeline.watchlist.matcher
    score = matcher.score
    monkeypatch.setattr(matcher, "score", lambda *given: scored.append(given) or score(*given))
    for waits, times in ((timedelta(), 1), (GLANCE / 2, 1), (GLANCE / 2, 2), (timedelta(), 2)):
        two.clock.at += waits
        with theirs.store.deciding(["all"]):
            (looked,) = await asyncio.to_thread(ours.pipeline.conclude_all, [brought], patient=False)
        assert isinstance(looked, Looked)
        assert len(scored) == times
        brought = replace(brought, looked=looked, turns=brought.turns + 1)


async def test_hosts_whose_turn_comes_together_are_asked_about_together(
    two: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    (jobs, _), store = two.jobs, two.apps[0].store
    taken, take = [], store.take
    monkeypatch.setattr(store, "take", lambda names, *given: taken.append(set(names)) or take(names, *given))
    visits = [job for job in await two.due() if job.kind == "visit"]
    await asyncio.gather(*map(jobs.perform, visits))
    assert taken == [{"p0", "p1", "p2"}]
    assert [len(paper.asked("/feed")) for paper in two.papers] == [1, 1, 1]


def test_who_holds_one_of_several_choices_is_told_what_moved_it(postgres_url: str) -> None:
    """And does not ask again for what it was found that others hold."""
    from monitor.stores import open_store

    ours, theirs = (open_store(postgres_url) for _ in range(2))
    with ours.deciding(["bridge", "dam"]):
        pass
    busy = set[str]()
    with theirs.deciding(["bridge"]):
        with ours.deciding_one([{"bridge"}, {"dam"}], {"dam": 0}, busy) as found:
            assert found == (1, {"dam": 0}, {})
        assert busy == {"bridge"}
    with ours.deciding_one([{"bridge"}, {"dam"}], {"dam": 7}, busy) as found:
        assert found == (1, {"dam": 0}, {"dam": None}), "it is of another version than is known"
    with ours.deciding_one([{"bridge"}], {}, busy) as found:
        assert found is None, "it is free by now, and asked for in the next turn"
    for store in (ours, theirs):
        store.close()
