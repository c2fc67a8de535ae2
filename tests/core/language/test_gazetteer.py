"""Who is named: never by a few letters that other words begin with."""

from __future__ import annotations

import pytest

from monitor.core.language import gazetteer
from monitor.core.text import fold


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("EU leaders meet", ["EU"]), ("EU-Gipfel in Brünn", ["EU"]), ("EU首脑会议", ["EU"]), ("对EU征税", ["EU"]),
        ("EU가 제재를 결정", ["EU"]), ("US軍が撤収", ["US"]),
        ("Eugene weighs tax", []), ("Euthanasia bill passes", []), ("UEFA fines club", []), ("Eu não sei", []),
        ("EUA anunciam tarifas", ["US"]), ("EE. UU. anuncia aranceles", ["US"]), ("Europe's farmers", ["EU"]),
    ],
)  # fmt: skip
def test_letters_name_whom_they_stand_for_alone(said: str, named: list[str]) -> None:
    assert sorted(gazetteer.actors().find(said, fold(said))) == named
