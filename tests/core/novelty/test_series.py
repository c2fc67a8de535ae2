"""What a headline says is one more of a series, and what comes on top."""

from __future__ import annotations

import pytest

from monitor.core.novelty import series, similarity
from monitor.core.novelty.similarity import Shape


def news(new: str, old: str) -> str:
    reason = similarity.difference(Shape(new, ""), [Shape(old, "")])
    return reason.signal if reason else ""


def test_places_have_the_words_beside_them() -> None:
    assert [place for place, _ in series.ranks("Fourth organ harvested in 4th raid")] == [4, 4]
    assert not list(series.ranks("Third quarter profit falls"))


@pytest.mark.parametrize(
    ("headline", "count"),
    [
        ("Georgia to send two more planes", 2), ("Police arrest another trader", 1), ("Another six hostages freed", 6),
        ("A further 12 homes flooded", 12),
    ],
)  # fmt: skip
def test_so_many_come_on_top(headline: str, count: float) -> None:
    assert [found for found, _ in series.further(headline)] == [count]


@pytest.mark.parametrize(
    "headline",
    [
        "Jobless claims fall to another record low", "Race halted after another keel breaks",
        "No more talks, says Lund",
        "U.S. to ship 20 million additional doses", "Another day of rain",
    ],
)  # fmt: skip
def test_what_is_no_thing_or_stands_behind_or_is_large_does_not(headline: str) -> None:
    assert not list(series.further(headline))


@pytest.mark.parametrize(
    ("new", "old", "signal"),
    [
        ("Bank shuts five more branches in Marlow", "Bank shuts branches in Marlow", "series"),
        ("Denby police arrest another trader", "Denby police arrest trader", "series"),
        ("Another trader held in Denby", "Denby police arrest another trader", ""),
        ("Two more traders charged in Denby", "Two new traders charged in Denby", ""),
        ("Two more Georgian planes go to Orva", "Georgia to send two more planes to Orva", ""),
        ("Two more held in Denby", "Police search houses in Denby", ""),
    ],
)
def test_one_more_of_what_was_told_is_news(new: str, old: str, signal: str) -> None:
    assert news(new, old) == signal
