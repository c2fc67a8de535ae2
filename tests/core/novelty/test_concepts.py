"""What words of a report stand for."""

from __future__ import annotations

from monitor.core.novelty import concepts


def test_other_words_for_the_same_are_one_concept() -> None:
    assert concepts.find("Pyongyang dispatches sappers").keys() & concepts.find("N. Korea sends soldiers").keys()
    assert concepts.of_word("quits") == concepts.of_word("resigns") != concepts.of_word("harbour")


def test_terms_keep_apart_what_concepts_put_together() -> None:
    assert concepts.terms("quits").keys().isdisjoint(concepts.terms("resigns"))


def test_a_fingerprint_is_of_copies_and_of_no_short_headline() -> None:
    copies = {concepts.fingerprint(title) for title in ("Ferry runs aground off Skye", "FERRY RUNS AGROUND OFF SKYE")}
    assert len(copies) == 1 and copies != {""}
    assert concepts.fingerprint("Ferry aground") == ""
