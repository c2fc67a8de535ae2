"""What the first verb of an English sentence says of when."""

from __future__ import annotations

import pytest

from monitor.core.language import main_verb


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Police said the road was closed.", "said"),
        ("The captain quit on Monday.", "past"),
        ("The court has now forbidden the sale.", "perfect"),
        ("The firm has eleven lifts.", "has"),
        ("A car had stopped there in May.", "pluperfect"),
        ("The river is the longest of the district.", "is"),
        ("Oil is used for heating.", "is done"),
        ("Experts are looking into it.", "is doing"),
        ("She is to leave in June.", "is to"),
        ("It was mild and dry.", "was"),
        ("Two men were taken away.", "was done"),
        ("The trial will go on.", "will"),
        ("Riders may lose their licence.", "may"),
        ("Bats carry many viruses.", "none"),
        ("The Danish-designed hall is much loved.", "is done"),
        ("The state-owned bank has 300 branches.", "has"),
        ("The mayor was re-elected.", "was done"),
    ],
)
def test_the_first_verb_is_read(sentence: str, kind: str) -> None:
    assert main_verb.kind(sentence) == kind


def test_relative_clauses_and_quotations_are_passed_over() -> None:
    assert main_verb.kind("Two men who had fled must be brought back.") == "will"
    assert main_verb.kind("“We had no choice,” the minister said.") == "said"
    assert main_verb.kind("The accused is at large.") == "is"


def test_a_participle_is_no_verb_that_was_done_by_itself() -> None:
    assert main_verb.has_done("Shown are two of the dead.")
    assert not main_verb.has_done("Trains run every hour.")
