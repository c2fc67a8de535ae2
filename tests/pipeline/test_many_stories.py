"""Stories that an entry does not come near are not judged; who writes down all decisions gets those as well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor import config
from monitor.app.build import offline
from monitor.model import Article, Entry, Feed, Fetched, Outcome, Source, SourceStatus, Story, Visit
from monitor.operations.replaying import VirtualClock

AT = datetime(2026, 6, 1, tzinfo=UTC)
SEEDS = (
    "Ferry Aldermoor sinks off Vess with 300 on board",
    "Minister resigns over the harbour contract of Ruritania",
    "Volcano wakes beneath the ice of Vatnafell, planes are warned",
    "Dam of Strelsau breaks and floods the valley of the Lidd",
)


async def outcome(folder: Path, title: str, consider_all: bool) -> Outcome:
    text = "".join(
        f'[[story]]\nid = "s{n}"\ntitle = "{seed[:20]}"\nseed_text = "{seed}"\n' for n, seed in enumerate(SEEDS)
    )
    lane = offline(config.parse(text, folder / "config.toml", {}), "", VirtualClock(AT), baseline=False)
    lane.settings = replace(lane.settings, consider_all=consider_all)
    lane.store.sync_sources([Source("paper", "Paper", "")], AT)
    entry = Entry(id="1", url="https://paper.example/1", title=title, published_at=AT)
    try:
        visit = Visit(Source("paper", "Paper", ""), SourceStatus("paper"), AT)
        return await lane.conclude(visit, Fetched("paper", "", AT, status=200, body=b" "), Feed(entries=(entry,)))
    finally:
        lane.store.close()


@pytest.mark.parametrize(("consider_all", "count"), [(False, 0), (True, len(SEEDS))])
async def test_an_entry_of_no_story_is_judged_for_none_but_where_all_are_written(
    tmp_path: Path, consider_all: bool, count: int
) -> None:
    found = await outcome(tmp_path, "Choir sings in the old chapel", consider_all)
    assert len(found.judgements.decisions) == count


async def test_an_entry_of_one_story_is_judged_the_same_either_way_and_all_begin(tmp_path: Path) -> None:
    title = "Dam of Strelsau breaks again and floods the valley of the Lidd"
    few, many = await outcome(tmp_path, title, False), await outcome(tmp_path, title, True)
    near = [made for made in many.judgements.decisions if made.score.value > 0]
    assert list(few.judgements.decisions) == near
    assert [made.story_id for made in near if made.development] == ["s3"]
    assert few.begun == many.begun == ("s0", "s1", "s2", "s3")


class Listed(frozenset[str]):
    """Sources of which nobody may look at each."""

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("ten thousand stories would each look at a hundred thousand sources")


def test_a_story_that_chose_its_sources_looks_at_no_others() -> None:
    seed = Article(title=SEEDS[0], text=SEEDS[0])
    listed = Listed(("paper", "radio", "wire"))
    assert list(Story("s", "S", seed, source_ids=("wire", "gone", "paper")).read_of(listed)) == ["wire", "paper"]
    assert Story("s", "S", seed).read_of(listed) is listed
