"""Words are counted in bounded space: never too low, and seldom too high."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core import count_min


@given(st.lists(st.text(min_size=1, max_size=12), max_size=400))
def test_a_count_is_never_too_low(words: list[str]) -> None:
    cells = count_min.load(b"")
    for word in words:
        count_min.add(cells, word)
    assert all(count_min.count(cells, word) >= times for word, times in Counter(words).items())


def test_counts_of_thousands_of_words_are_seldom_too_high() -> None:
    words = {f"word{number}": 1 + number % 5 for number in range(4000)}
    cells = count_min.load(count_min.of(words))
    off = [count_min.count(cells, word) - times for word, times in words.items()]
    assert sum(off) / len(off) < 1
    assert sum(each >= 5 for each in off) < 40


def test_counters_are_stored_low_byte_first_in_the_same_space_whatever_they_hold() -> None:
    stored = count_min.of({"town": 300})
    assert len(stored) == len(count_min.save(count_min.load(b""))) == 16_384
    assert bytes([300 % 256, 300 // 256]) in stored
    assert count_min.save(count_min.load(stored)) == stored


@pytest.mark.parametrize(("times", "counted"), [(1, 0), (7, 3), (100_000, count_min.COUNT_MAX // 2)])
def test_counts_are_halved_and_do_not_overflow(times: int, counted: int) -> None:
    cells = count_min.halved(count_min.load(count_min.of({"town": times})))
    assert count_min.count(cells, "town") == counted


@given(st.lists(st.text(min_size=1, max_size=12), max_size=60))
def test_what_was_noted_is_counted_as_if_it_had_been_at_once(words: list[str]) -> None:
    at_once, later = count_min.load(b""), count_min.load(b"")
    for word in words:
        count_min.add(at_once, word)
    noted = count_min.noted(words)
    assert len(noted) == 4 * len(words)
    count_min.add_noted(later, noted)
    assert later == at_once
