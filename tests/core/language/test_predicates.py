"""Which verb of a headline makes what stands behind it its own."""

import time

import pytest

from monitor.core.language import predicates, statements


@pytest.mark.parametrize(
    ("headline", "behind", "governed"),
    [
        ("Minister enters prison to begin sentence", "to", True),
        ("Minister to begin sentence", "to", False),
        ("Watchdog clears bid for rival", "bid", True),
        ("Clear bid for rival", "bid", False),
        ("Envoy says yard plans to close", "plans", False),
        ("Envoy who praised yard plans to close", "plans", True),
        ("Diplomat uses Vess talks to signal shift", "to", True),
        ("New uses for yard to be found", "to", False),
        ("Envoy steps out of shadows to take credit", "to", True),
        ("Party used war to receive guests", "to", True),
        ("Man accused of theft to face trial", "to", False),
        ("Chief may move mills over stalled merger", "stalled", True),
        ("Merger may be stalled by row", "stalled", False),
        ("Miller joins union, yard to close", "to", False),
        ("Crew that left yard to return", "to", True),
        ("Chief said that yard is to close", "to", False),
        ("WHO to send doctors", "to", False),
    ],
)
def test_what_stands_behind_a_verb_is_its_own(headline: str, behind: str, governed: bool) -> None:
    assert predicates.governing(headline, headline.index(f" {behind}") + 1) is governed


def test_a_hostile_sentence_is_read_once() -> None:
    sentence = "Chief enters " + "plan x " * 4600
    began = time.process_time()
    assert statements.phase(sentence) is None
    assert time.process_time() - began < 10  # seconds; where each word was asked of the whole sentence it took 36
