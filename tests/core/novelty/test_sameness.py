"""The learnt weights point where a person would: likeness speaks for the same, age and other news against."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.novelty import developments, sameness
from monitor.model import StoryReport

AT = datetime(2025, 5, 1, 8, tzinfo=UTC)


def rated(before: str, after: str, hours: float, outlet: str = "post") -> float:
    """How surely a report tells the only development of a story again."""
    member = StoryReport("e0", "wire", "wire", "d0", "development", AT, before, "", "", "")
    seed = developments.of_seed(None)
    known = developments.of_story([member], seed)
    new = developments.report(after, "", outlet, AT + timedelta(hours=hours))
    found = developments.candidates(new, after, known, developments.weights(seed, known), AT)
    return max((sameness.probability(one.measures) for one in found), default=0.0)


BEFORE = "Quarry owner detained over dam break in Lisna"


def test_the_nearer_in_words_and_time_the_surer() -> None:
    near, loose = "Owner of quarry detained after Lisna dam break", "Lisna mourns its dead with candles on the dam"
    assert rated(BEFORE, near, 2) > 0.9 > 0.8 > rated(BEFORE, loose, 2)
    assert rated(BEFORE, loose, 40) < 0.1
    assert rated(BEFORE, near, 2) > rated(BEFORE, near, 60)


def test_two_articles_of_one_outlet_are_likelier_two_matters() -> None:
    after = "Quarry firm under Lisna dam loses licence"
    assert rated(BEFORE, after, 3, outlet="wire") < rated(BEFORE, after, 3)


def test_other_weights_may_be_asked() -> None:
    assert sameness.probability({"alike": 1.0}, {sameness.BIAS: 0.0, "alike": 100.0}) == pytest.approx(1.0)
    assert sameness.probability({"alike": 0.0}, {sameness.BIAS: 0.0, "alike": 100.0}) == 0.5


def test_every_weight_has_its_measure() -> None:
    member = StoryReport("e0", "wire", "wire", "d0", "development", AT, BEFORE, "", "", "")
    seed = developments.of_seed(None)
    known = developments.of_story([member], seed)
    new = developments.report(BEFORE, "", "post", AT)
    (found,) = developments.candidates(new, BEFORE, known, developments.weights(seed, known), AT)
    assert set(sameness.weights()) == {sameness.BIAS, *found.measures}
