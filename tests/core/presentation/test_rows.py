"""A row of news says what changed, also where no figure moved."""

from __future__ import annotations

from dataclasses import replace

from monitor.core.presentation import rows
from monitor.model import TextChange
from tests.samples import told

FIX = replace(told()["story.correction"], deltas=(), notes=(), still_carrying=(), also_reported_by=(), origin="")


def test_a_correction_that_moved_no_figure_says_what_was_corrected() -> None:
    notice = TextChange("notice", "", "x", "Correction: the captain's name was misspelt.")
    assert rows.row(replace(FIX, changes=(notice,)), False).by == "Correction: the captain's name was misspelt."
    gone = replace(FIX, changes=(), notes=("The article is no longer at its address.",))
    assert rows.row(gone, False).by == "The article is no longer at its address."


def test_a_correction_that_moved_a_figure_shows_that() -> None:
    moved = rows.row(replace(FIX, changes=(TextChange("figure", "30", "50", ""),)), False)
    assert (moved.by, [(m.before, m.after) for m in moved.moves]) == ("", [("30", "50")])
