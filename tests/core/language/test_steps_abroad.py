"""Steps in the words of other languages."""

from __future__ import annotations

import pytest

from monitor.core.language import steps_abroad


@pytest.mark.parametrize(
    ("sentence", "steps"),
    [
        ("Rat von Altdorf sagt Fest ab", {"reversed"}),
        ("Wali kota bantah tutup dermaga", {"denied"}),
        ("Otwarcie nabrzeża odroczone", {"delayed"}),
        ("부두 공사 착수", {"under way"}),
        ("市、埠頭の計画を撤回", {"reversed", "planned"}),
        ("Regen in Altdorf", set()),
        ("The captain says the ferry will start", set()),
        ("Akan chief thanks the crew", set()),  # a people, and in Indonesian what is to come
    ],
)
def test_every_step_is_found_in_its_words(sentence: str, steps: set[str]) -> None:
    assert steps_abroad.find(sentence) == steps
    assert steps_abroad.has(sentence) is bool(steps)
