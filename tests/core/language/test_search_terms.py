"""What is typed, as phrases to find and to leave out."""

from __future__ import annotations

import pytest

from monitor.core.language import search_terms
from monitor.model import Phrase


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("Troops", [("troop",)], []), ('"more troops" -kursk', [("more", "troop")], [("kursk",)]),
        ("-kursk", [], []), ("  ", [], []), ("30,000", [("30,000",)], []), ("兵士", [("兵", "士")], []),
        ('"unclosed quote', [("unclos",), ("quot",)], []), ("--", [], []),
    ],
)  # fmt: skip
def test_queries(text: str, wanted: list[tuple[str, ...]], unwanted: list[tuple[str, ...]]) -> None:
    query = search_terms.query(text)
    assert [phrase.words for phrase in query.wanted] == wanted
    assert [phrase.words for phrase in query.unwanted] == unwanted


def test_a_star_means_the_beginning_of_a_word() -> None:
    assert search_terms.query("troo*").wanted == (Phrase(("troo",), begins=True),)


def test_long_queries_and_texts_are_cut() -> None:
    assert len(search_terms.query("a1 " * 500).wanted) == search_terms.PHRASES_MAX
    assert len(search_terms.indexed("word " * 10_000).split()) == search_terms.WORDS_MAX


def test_what_was_looked_for_is_marked_in_the_text() -> None:
    runs = search_terms.marked("Kim's troops march; no troop stays", search_terms.query("troops mar*"))
    assert "".join(run for _, run in runs) == "Kim's troops march; no troop stays"
    assert [run for hit, run in runs if hit] == ["troops", "march;", "troop"]
