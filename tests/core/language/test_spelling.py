"""A slip in a search leads to what was seen."""

from __future__ import annotations

import pytest

from monitor.core.language.spelling import suggest

SEEN = (
    "Earthquake strikes Turkey near Gaziantep", "Minister resigns over ferry disaster", "Überschwemmung in Köln",
    "Rettung der Bergleute", "Землетрясение в Турции",
)  # fmt: skip


@pytest.mark.parametrize(("text", "better"), [
    ("earthqake", "Earthquake"), ("Gaziantap", "Gaziantep"), ('"ferry disastre" minister', '"ferry disaster" minister'),
    ("uberschwemung", "Überschwemmung"), ("землетресение", "Землетрясение"), ("-Minster ferry", "-Minister ferry"),
    ("1204 cars", "1,204 cars"), ("12045", "12,045"),
])  # fmt: skip
def test_the_nearest_word_that_was_seen(text: str, better: str) -> None:
    assert suggest(text, SEEN) == better


@pytest.mark.parametrize("text", ["", "ferry", "FERRY", "zzzzzz", "2024", "1,204", "3.1415", "in", "koln", "北京"])
def test_nothing_where_all_was_seen_or_nothing_is_near(text: str) -> None:
    assert suggest(text, SEEN) == ""


def test_a_long_search_over_many_words_is_no_burden() -> None:
    many = [" ".join(f"word{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}" for n in range(17_000))]
    assert suggest("wrodabc " * 25, many)
