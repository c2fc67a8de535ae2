"""The shipped weights: complete, of the right sign, and each decision the sum of its parts."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest

from monitor.core import relevance
from monitor.core.relevance import calibration, measures
from monitor.core.relevance.features import read
from monitor.model import Article, Entry, Story

PROFILE = relevance.profile(Story("s", "Mine", Article("Mine collapses in Ostravar", "Twelve are missing in a mine.")))
FALLING = {"foreign_names", "foreign_actors", "foreign_numbers", "foreign_act", "unknown_terms", "age"}


def pair(entry: Entry) -> dict[str, float]:
    reading = read(entry)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    agreed = measures.agreement(PROFILE, reading, at)
    return measures.measure(PROFILE, reading, at, measures.terms(PROFILE, reading), agreed)


@pytest.mark.parametrize("model", calibration.shipped())
def test_what_speaks_against_never_speaks_for(model: calibration.Weights) -> None:
    assert all(model.weights.get(name, 0.0) <= 0 for name in FALLING)
    assert model.weights.get("title_met", 0.0) >= 0


def test_every_weighed_measure_exists_and_is_shown_in_one_group() -> None:
    text = "Rescuers dig for the twelve who are missing since the mine near Ostravar fell in, the governor says."
    for model, shown in zip(calibration.shipped(), ("", text, 5 * text), strict=True):
        entry = Entry(title="Mine", text=shown)
        assert model.weights.keys() <= pair(entry).keys()
        for name in model.weights:
            assert sum(name in names for names in calibration.GROUPS.values()) == 1, name


def test_contributions_add_up_to_the_decision() -> None:
    model, found = calibration.shipped().headline, pair(Entry(title="Mine in Ostravar: two found alive"))
    average = model.bias + sum(weight * model.means[name] for name, weight in model.weights.items())
    chance = calibration.chance(model, found)
    parts = sum(calibration.contributions(model, found).values())
    assert math.log(chance / (1 - chance)) == pytest.approx(average + parts)
