"""What was worked out is found again, and bounded."""

from __future__ import annotations

import importlib
import pkgutil

import monitor.core
from monitor.core.remembered import Words, by_word, once
from tests.core.test_caches import WORDS_MAX


def test_a_word_is_worked_out_once_until_there_are_too_many() -> None:
    asked: list[str] = []

    @by_word(2)
    def length(word: str) -> int:
        asked.append(word)
        return len(word)

    assert [*map(length, ("a", "bb", "a", "bb"))] == [1, 2, 1, 2]
    assert asked == ["a", "bb"]
    assert (length("ccc"), length("ccc"), length("a")) == (3, 3, 1)
    assert asked == ["a", "bb", "ccc", "a"], "the third word makes room by forgetting both"


def test_what_is_kept_of_words_is_bounded() -> None:
    found = 0
    for module in pkgutil.walk_packages(monitor.core.__path__, "monitor.core."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(words := getattr(value, "__self__", None), Words):
                found += 1
                assert words.words_max <= WORDS_MAX
    assert found > 3


def test_a_property_is_worked_out_once_for_each_object() -> None:
    class Noun:
        asked = 0

        @once
        def value(self) -> int:
            """How often it was asked for."""
            Noun.asked += 1
            return Noun.asked

    one, other = Noun(), Noun()
    assert (one.value, one.value, other.value, one.value) == (1, 1, 2, 1)
    assert Noun.value.__doc__ == "How often it was asked for."
