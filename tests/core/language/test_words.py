"""One name has one stem, whichever way an outlet spells it."""

from __future__ import annotations

import pytest

from monitor.core.language.words import terms


@pytest.mark.parametrize(("one", "other"), [
    ("Zelenskyy", "Zelensky"), ("Zelenskiy's", "Zelenskyy"), ("Kiev", "Kyiv"), ("Andriy", "Andrii"),
    ("Koretskyi", "Koretsky"), ("Rangoon", "Yangon"), ("Muhammad", "Mohamed"), ("Hizbullah", "Hezbollah"),
    ("Valeriy Zhorskiy", "Valerii Zhorsky"),
])  # fmt: skip
def test_spellings_of_one_name_are_one_word(one: str, other: str) -> None:
    assert terms(one) == terms(other) != []


@pytest.mark.parametrize(("one", "other"), [
    ("Kyiv", "Kharkiv"), ("Andriy", "Andre"), ("radii", "radio"), ("pa", "Pennsylvania"), ("Hussein", "Hassan"),
    ("coronavirus", "Covid"),
])  # fmt: skip
def test_other_names_and_words_stay_apart(one: str, other: str) -> None:
    assert terms(one) != terms(other)
