"""Countries, and what lies in them."""

from __future__ import annotations

import pytest

from monitor.core import revisions
from monitor.core.language import countries


@pytest.mark.parametrize(
    ("name", "other", "held"),
    [
        ("Uganda", "Entebbe", True), ("England", "Grimsby", True), ("French", "Chamonix", True),
        ("Germany", "Munich", True), ("Nigeria", "Ghana", False), ("Tanzania", "Kenya", False),
        ("Paris", "Chamonix", False), ("Entebbe", "Uganda", False), ("Italy", "Munich", False),
    ],
)  # fmt: skip
def test_a_country_holds_its_places_and_no_other_country(name: str, other: str, held: bool) -> None:
    assert countries.holds(name, other) is held


def test_a_place_in_a_country_for_the_country_is_no_change_and_another_country_is() -> None:
    old = "Harvest begins early\n\nGrowers from Kebili to Tozeur hired pickers two weeks ahead."
    new = "Harvest begins early\n\nIn all of southern Tunisia growers hired pickers two weeks ahead."
    assert revisions.compare(old, new).verdict == "touch"
    assert revisions.compare("Nun freed by captors in Ghana", "Nun freed by captors in Nigeria").verdict == "revision"
