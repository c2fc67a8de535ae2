"""Telling words of notices: where they stand, in which language, and how they may be written on."""

from __future__ import annotations

import pytest

from monitor import data
from monitor.core.documents import notice_words


@pytest.mark.parametrize(
    ("sentence", "language", "name", "found"),
    [
        ("We had misspelled it", "en", "wrong", "misspell"),  # by its beginning
        ("In an earlier version of this article", "en", "self", "this article"),
        ("ΔΙΟΡΘΩΣΗ: το όνομα", "el", "label", "ΔΙΟΡΘΩΣΗ"),  # capitals have no accents
        ("Im Artikel stand: anders als\nwir", "de", "unlike", "anders als"),  # whatever blank is between
        ("בכתבה נפלה טעות", "he", "wrong", "טעות"),
        ("此前报道有误，现予更正。", "zh", "wrong", "有误"),  # in a script without blanks
        ("Toimitus pahoittelee", "fi", "readers", "Toimitus"),
    ],
)
def test_a_phrase_is_found_where_it_stands(sentence: str, language: str, name: str, found: str) -> None:
    reading = notice_words.read(sentence)[language]
    assert found in [sentence[begin:end] for begin, end in reading.spans[name]]


@pytest.mark.parametrize(
    ("sentence", "language", "name"),
    [
        ("A complicated lease with the city", "es", "reads"),  # "léase" only in capitals loses its accent
        ("The forwarders met", "en", "own"),  # no word inside another
        ("Mistaken? Unmistakable!", "en", "asks"),
    ],
)
def test_what_only_looks_like_a_phrase_is_none(sentence: str, language: str, name: str) -> None:
    reading = notice_words.read(sentence).get(language, notice_words.Reading(sentence))
    assert name not in reading.spans


def test_a_star_stands_only_at_an_end_of_a_phrase() -> None:
    """Amid one it would be looked for as a letter, and never be found."""
    phrases = [phrase for _, _, words in data.rows("notice_words.tsv") for phrase in words.split("|")]
    assert not [phrase for phrase in phrases if "*" in phrase.lstrip("*").removesuffix("*")]
