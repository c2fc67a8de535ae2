"""The open half of the labels made by hand: notices are known, furniture and other ways of writing alert nobody."""

from bench import labels


def test_every_open_notice_is_known_and_furniture_left_alone() -> None:
    counts, missed = labels.notices("open")
    assert missed == []
    assert counts["notice right"] > 150 and counts["furniture right"] > 110


def test_every_open_figure_is_told_or_left_alone() -> None:
    counts, missed = labels.figures("open")
    assert missed == []
    assert counts["told"] > 20 and counts["left alone"] > 20


def test_every_open_pair_of_versions_has_its_verdict() -> None:
    counts, missed = labels.versions("open")
    assert missed == []
    assert counts["revision", "revision"] > 20 and counts["touch", "touch"] > 15
