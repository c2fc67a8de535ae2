"""What publishers do to their feeds between two visits: nothing old is told, nothing new is missed."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import timedelta

import pytest

from monitor.web import source_pages
from tests.cli.command import monitor
from tests.loopback import rss
from tests.publisher import AT, Answer, Publisher, Watch, article, feed, turns

HOUR = timedelta(hours=1)
TOLD = ("story.development", "story.confirmation", "story.revision", "story.correction")
FIRST = [article(number) for number in range(1, 7)]


HABITS: dict[str, Callable[[int], list[dict[str, str]]]] = {
    "two versions take turns": lambda turn: FIRST[:4] if turn % 2 else FIRST[min(turn, 1) :],
    "entries vanish and return": lambda turn: FIRST if turn % 3 == 0 else FIRST[: 2 + turn],
    "an empty feed in between": lambda turn: FIRST if turn % 2 else [],
    "another guid each time": lambda turn: [one | {"id": f"{turn}-{n}"} for n, one in enumerate(FIRST)],
    "one guid for all": lambda turn: [one | {"id": "paper"} for one in FIRST[turn % 2 :]],
    "no guid": lambda turn: [one | {"id": ""} for one in FIRST],
    "tracking parameters": lambda turn: [
        one | {"url": one["url"] + f"?utm_source=rss&at_medium={turn}"} for one in FIRST
    ],
    "another order": lambda turn: FIRST[turn:] + FIRST[:turn],
    "NFC and NFD": lambda turn: [
        one | {"title": unicodedata.normalize(("NFC", "NFD")[turn % 2], one["title"] + " é")} for one in FIRST
    ],
    "new dates": lambda turn: [one | {"at": (AT + timedelta(hours=turn)).isoformat()} for one in FIRST],
    "links in place of the text": lambda turn: [
        one | {"text": f"• LIVE: {7 * turn} killed in storm" if turn % 2 else "Read on."} for one in FIRST
    ],
    "links and bars in place of the text": lambda turn: [
        one | {"text": f"Tracking {turn} cases | Podcast | Catch up | Life after" if turn % 2 else "Read on."}
        for one in FIRST
    ],
    "counters in the text": lambda turn: [one | {"text": f"Read on. {turn} comments"} for one in FIRST],
}


@pytest.mark.parametrize("habit", HABITS)
async def test_habits_of_publishers_make_nothing_new(watch: Watch, paper: Publisher, habit: str) -> None:
    served = HABITS[habit]
    start = served(0) or FIRST
    for turn, entries in enumerate([start, *(served(turn) for turn in range(1, 6))]):
        paper.paths["/a"] = Answer(rss("Paper" if turn % 2 else "Paper | Latest", entries))
        figures = await watch.poll(HOUR * (turn > 0), everything=True)
        assert figures["failed"] == 0
        assert turn == 0 or figures["entries_new"] == max(0, len(FIRST) - len(start)) * (turn == 1), (habit, turn)
    assert watch.alerts(*TOLD) == []
    assert (watch.row("a")["state"], watch.row("a")["gaps"]) == ("ok", 0)


async def test_a_guid_and_an_address_used_again_are_a_new_entry(watch: Watch, paper: Publisher) -> None:
    weeks = AT + timedelta(days=4)
    again = article(1) | {"title": "Bakers' guild elects its first chairwoman in a century", "at": weeks.isoformat()}
    paper.paths["/a"] = turns(Answer(rss("Paper", FIRST)), Answer(rss("Paper", [again, *FIRST[1:]])))
    await watch.poll()
    assert (await watch.poll(timedelta(days=4)))["entries_new"] == 1
    assert watch.row("a")["entries"] == 7


async def test_a_changed_feed_tells_what_is_new_although_the_rest_is_not_read_again(
    watch: Watch, paper: Publisher
) -> None:
    paper.paths["/a"] = turns(*(Answer(feed(*range(9 - turn, 15 - turn), head=f"<x>{turn}</x>")) for turn in range(6)))
    await watch.poll()
    for turn in range(1, 6):
        figures = await watch.poll(HOUR, everything=True)
        assert (figures["entries_new"], figures["changed"]) == (1, 1), turn
    assert watch.row("a")["entries"] == 11
    assert watch.alerts("story.development")


@pytest.mark.parametrize(
    ("later", "review"),
    [
        (feed(*range(20, 30), title="Casino bonus offers"), True),
        (feed(*range(20, 30), title="Paper", head="<link>https://other.example/</link>"), True),
        (feed(*range(20, 30), title="Paper", head="<language>ru</language>"), True),
        (feed(*range(20, 30), title="Paper - Monday"), False),
        (feed(*range(1, 4), *range(20, 30), title="Casino bonus offers"), False),
        (feed(20, 21, title="Casino bonus offers"), False),
    ],
)
async def test_a_feed_that_becomes_another_is_held(watch: Watch, paper: Publisher, later: bytes, review: bool) -> None:
    head = "<link>https://paper.example/</link><language>en</language>"
    paper.paths["/a"] = turns(Answer(feed(*range(1, 10), title="Paper", head=head)), Answer(later))
    await watch.poll()
    for _ in range(3):
        await watch.poll(26 * HOUR, everything=True)
    assert (watch.row("a")["state"] == "review") is review
    assert len(paper.requests) == (2 if review else 4)
    if review:
        assert (watch.alerts(*TOLD), len(watch.alerts("source.trouble"))) == ([], 1)
        assert watch.row("a")["entries"] == 9
        assert watch.app
        (watch.folder / "config.toml").write_text(watch.config_text())
        assert "a: the feed now calls itself" in monitor("sources", "--config", watch.folder / "config.toml").out
        (line,) = source_pages.lines(watch.app, watch.clock.at)
        assert line.words.startswith("the feed now calls itself"), "it needs somebody, who is told why"


@pytest.mark.parametrize(
    ("numbers", "gaps"),
    [([-2870, -30, 5, 6], 0), ([-2870, -30, 8], 0), ([-2870, -30], 1)],
    ids=["an entry in common", "reaches back to the last visit", "nothing in common and all younger"],
)
async def test_a_gap_is_told_where_entries_could_be_lost(
    watch: Watch, paper: Publisher, numbers: list[int], gaps: int
) -> None:
    """Negative numbers lie so many minutes after the first visit."""
    paper.paths["/a"] = turns(Answer(feed(5, 6, 7)), Answer(feed(*numbers)))
    await watch.poll()
    await watch.poll(timedelta(hours=48))
    assert watch.row("a")["gaps"] == gaps
    await watch.poll(timedelta(hours=48))
    assert watch.row("a")["gaps"] == gaps
