"""A report that was held back is read again when its story has learnt more, and told if it is of it after all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor import config
from monitor.app.build import offline
from monitor.model import Alert, Entry, Feed, Fetched, Source, Visit
from monitor.operations.replaying import VirtualClock
from monitor.pipeline import Pipeline

AT = datetime(2026, 6, 1, tzinfo=UTC)
PAPER, AGENCY = Source("paper", "The Paper", ""), Source("agency", "Agency", "")
STORY = """
[[story]]
id = "grid"
title = "Kickbacks at the grid operator"
seed_text = "Prosecutors charge five managers over kickbacks at grid operator Norvolt"
"""
EARLY = "Five managers suspended, says Wendelin Aasgard"
LATER = "Wendelin Aasgard charged over kickbacks at Norvolt"
HOUR = timedelta(hours=1)


def entry(number: int, title: str, at: datetime) -> Entry:
    return Entry(id=str(number), url=f"https://paper.example/{number}", title=title, published_at=at)


def lane(folder: Path, state: str = "", story: str = STORY) -> Pipeline:
    return offline(config.parse(story, folder / "config.toml", {}), state, VirtualClock(AT), baseline=False)


async def visit(pipeline: Pipeline, source: Source, entries: Sequence[Entry], at: datetime) -> list[Alert]:
    assert isinstance(pipeline.clock, VirtualClock)
    pipeline.clock.at = at
    pipeline.watchlist.sources[source.id] = source
    pipeline.store.sync_sources([source], at)
    status = pipeline.store.statuses([source.id])[source.id]
    fetched = Fetched(source.id, "", at, status=200, body=b" ")
    outcome = await pipeline.conclude(Visit(source, status, at), fetched, Feed(entries=tuple(entries)))
    return list(outcome.judgements.alerts)


async def test_what_was_held_back_is_told_once_its_name_is_known(tmp_path: Path) -> None:
    pipeline = lane(tmp_path)
    try:
        assert await visit(pipeline, PAPER, [entry(1, EARLY, AT)], AT) == []
        assert await visit(pipeline, AGENCY, [entry(2, LATER, AT + HOUR)], AT + HOUR) != []
        (made,) = [each for each in pipeline.store.decisions(follow_up=True) if each.title == EARLY]
    finally:
        pipeline.store.close()
    assert (made.source_id, made.at, made.score.certain) == ("paper", AT + HOUR, False)
    assert made.reasons[0].signal == "learnt"
    assert "held back at 0." in made.reasons[0].evidence


@pytest.mark.parametrize("title", [EARLY, "Choir sings in the old chapel"])
async def test_it_is_told_with_the_report_that_taught_the_story(tmp_path: Path, title: str) -> None:
    pipeline = lane(tmp_path)
    try:
        await visit(pipeline, PAPER, [entry(1, title, AT)], AT)
        alerts = await visit(pipeline, AGENCY, [entry(2, LATER, AT + HOUR)], AT + HOUR)
        stored = {alert.title for alert, _ in pipeline.store.alerts()}
    finally:
        pipeline.store.close()
    expected = [LATER, EARLY] if title == EARLY else [LATER]
    assert [alert.title for alert in alerts] == expected
    assert stored == set(expected)
    assert all(alert.article_source == "The Paper" for alert in alerts[1:])


async def test_it_is_the_same_whether_they_come_together_or_apart(tmp_path: Path) -> None:
    def what(pipeline: Pipeline) -> set[tuple[str, str | None, float]]:
        made = pipeline.store.decisions(follow_up=True)
        assert pipeline.store.counts()["decisions"] == 2, "held back and taken is one"
        pipeline.store.close()
        return {(each.title, each.verdict, each.score.value) for each in made}

    apart, together = lane(tmp_path), lane(tmp_path)
    for number, title in enumerate((EARLY, LATER)):
        await visit(apart, PAPER, [entry(number, title, AT + number * HOUR)], AT + number * HOUR)
    both = [entry(number, title, AT + number * HOUR) for number, title in enumerate((EARLY, LATER))]
    await visit(together, PAPER, both, AT + HOUR)
    assert what(apart) == what(together) != set()


async def test_after_a_week_it_stays_held_back(tmp_path: Path) -> None:
    pipeline = lane(tmp_path)
    try:
        await visit(pipeline, PAPER, [entry(1, EARLY, AT)], AT)
        late = AT + timedelta(days=7, hours=1)
        alerts = await visit(pipeline, AGENCY, [entry(2, LATER, late)], late)
    finally:
        pipeline.store.close()
    assert [alert.title for alert in alerts] == [LATER]


async def test_what_somebody_refused_stays_refused(tmp_path: Path) -> None:
    pipeline = lane(tmp_path)
    try:
        await visit(pipeline, PAPER, [early := entry(1, EARLY, AT)], AT)
        (key,) = [each.entry_key for each in pipeline.store.decisions() if each.title == EARLY]
        pipeline.watchlist.said["grid"].refused[key] = early
        alerts = await visit(pipeline, AGENCY, [entry(2, LATER, AT + HOUR)], AT + HOUR)
    finally:
        pipeline.store.close()
    assert [alert.title for alert in alerts] == [LATER]


async def test_what_was_there_before_the_watch_is_taken_quietly(tmp_path: Path) -> None:
    made = config.parse(STORY, tmp_path / "config.toml", {})
    pipeline = offline(made, "", VirtualClock(AT), baseline=True)
    try:
        await visit(pipeline, PAPER, [entry(1, EARLY, AT)], AT)
        await visit(pipeline, AGENCY, [entry(2, "Choir sings in the old chapel", AT)], AT)
        alerts = await visit(pipeline, AGENCY, [entry(3, LATER, AT + HOUR)], AT + HOUR)
        taken = {each.title for each in pipeline.store.decisions(follow_up=True)}
    finally:
        pipeline.store.close()
    assert [alert.title for alert in alerts] == [LATER]
    assert taken == {EARLY, LATER}
