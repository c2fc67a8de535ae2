"""Marks put round what a headline stated, or taken away."""

from __future__ import annotations

import pytest

from monitor.core import revisions


@pytest.mark.parametrize(
    ("bare", "marked", "words"),
    [
        ("Fire breaks out after attack near track", "Fire breaks out after 'attack' near track", "'attack'"),
        ("Landlord stabbed tenant in row over dog", "Landlord ‘stabbed tenant’ in row over dog", "‘stabbed tenant’"),
        ("Police failed missing girl", "Police 'failed' missing girl", "'failed'"),
        ("Tanker sunk by drone off Marlow", 'Tanker "sunk by drone" off Marlow', '"sunk by drone"'),
    ],
)
def test_an_act_between_marks_is_somebody_s_word(bare: str, marked: str, words: str) -> None:
    for old, new in ((bare, marked), (marked, bare)):
        told = revisions.compare(old, new)
        assert told.verdict == "revision"
        assert [(change.kind, words in (change.before, change.after)) for change in told.changes] == [
            ("attribution", True)
        ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Ministers ignored warnings, inquiry told", "Ministers 'ignored warnings', inquiry told"),
        ("Officer failed the girl - lawyer", "Officer 'failed' the girl - lawyer"),
        ("Storm 'worst in living memory' on coast", "Storm worst in living memory on coast"),
        ("Battle of the Bells to aid charity", "'Battle of the Bells' to aid charity"),
        ("The man who 'killed' the tram", "The man who killed the tram"),
        ("Who attacked the ferry?", "Who 'attacked' the ferry?"),
    ],
)
def test_other_marks_are_a_matter_of_taste(old: str, new: str) -> None:
    assert revisions.compare(old, new).verdict == "touch"
