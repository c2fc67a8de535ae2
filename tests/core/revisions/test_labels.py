"""The open half of the labels made by hand: notices are known, furniture and other ways of writing alert nobody."""

from collections.abc import Mapping

from bench import labels

# Shares met, half a point under what was met when they were written. The weights of lines are fitted on these rows:
# to ask for every one of them would be to ask for more than lines of the same kinds can be held to.
NOTICES_LEAST, FURNITURE_LEAST, FIGURES_LEAST, VERSIONS_LEAST = 0.994, 0.995, 0.995, 0.995
ADDED_LEAST, BACKGROUND_LEAST = 0.895, 0.875


def share(counts: Mapping[str, int], right: str, wrong: str) -> float:
    return counts[right] / (counts[right] + counts[wrong])


def test_open_notices_are_known_and_furniture_left_alone() -> None:
    counts, _ = labels.notices("open")
    assert counts["notice right"] > 1500 and counts["furniture right"] > 1300
    assert share(counts, "notice right", "notice wrong") >= NOTICES_LEAST
    assert share(counts, "furniture right", "furniture wrong") >= FURNITURE_LEAST


def test_open_figures_are_told_or_left_alone() -> None:
    counts, _ = labels.figures("open")
    assert counts["told"] > 120 and counts["left alone"] > 150
    assert share(counts, "told", "missed") >= FIGURES_LEAST
    assert share(counts, "left alone", "false") >= FIGURES_LEAST


def test_open_pairs_of_versions_have_their_verdict() -> None:
    counts, missed = labels.versions("open")
    assert counts["revision", "revision"] > 20 and counts["touch", "touch"] > 15
    assert 1 - len(missed) / counts.total() >= VERSIONS_LEAST


def test_open_additions_are_told_where_they_are_news_and_left_alone_where_they_are_background() -> None:
    counts, _ = labels.additions("open")
    assert counts["told"] > 300 and counts["left alone"] > 200
    assert share(counts, "told", "missed") >= ADDED_LEAST
    assert share(counts, "left alone", "false") >= BACKGROUND_LEAST
