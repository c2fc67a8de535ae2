"""Phrases by which two headlines say the same."""

from __future__ import annotations

import pytest

from monitor.core.revisions import paraphrases


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Boxer Arana hangs up gloves", "Boxer Arana retires", {"retires"}),
        ("Ex-guard admits theft", "Former guard pleads guilty to theft", {"pleads", "guilty", "theft"}),
        ("Storm leaves thousands without power", "Storm cuts power to thousands", {"cuts", "power"}),
        ("Boxer Arana to retire", "Boxer Arana hangs up gloves", set()),
        ("Boxer Arana will not retire", "Boxer Arana hangs up gloves", set()),
        ("Boxer Arana wins on points", "Boxer Arana hangs up gloves", set()),
    ],
)
def test_what_the_old_headline_says_in_other_words_is_said_again(old: str, new: str, words: set[str]) -> None:
    assert words <= paraphrases.repeated(old, new)
    assert bool(words) == bool(paraphrases.repeated(old, new))
