"""Dates against the day of publication."""

from datetime import UTC, datetime

import pytest

from monitor.core.language import dates

PUBLISHED = datetime(2023, 2, 3, 12, tzinfo=UTC)  # a Friday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("in early November 2022", "2022-11-01", "2022-11-10"),
        ("on 20 January", "2023-01-20", "2023-01-20"),
        ("on Dec. 28", "2022-12-28", "2022-12-28"),
        ("until the end of January", "2023-01-21", "2023-01-31"),
        ("in mid-February or March", "2023-02-11", "2023-03-31"),
        ("June 14-22", "2023-06-14", "2023-06-22"),
        ("June 14 to June 22", "2023-06-14", "2023-06-22"),
        ("3 June to 9 June 2022", "2022-06-03", "2022-06-09"),
        ("in the third quarter of 2022", "2022-07-01", "2022-09-30"),
        ("in Q1 2022", "2022-01-01", "2022-03-31"),
        ("on Christmas Eve", "2022-12-24", "2022-12-24"),
        ("on 2023-02-28", "2023-02-28", "2023-02-28"),
        ("last Monday", "2023-01-30", "2023-01-30"),
        ("will leave on Monday", "2023-02-06", "2023-02-06"),
        ("yesterday", "2023-02-02", "2023-02-02"),
        ("next month", "2023-03-01", "2023-03-31"),
        ("في عام ٢٠٢٢ قررت", "2022-01-01", "2022-12-31"),
        ("by the end of the year", "2023-12-31", "2023-12-31"),
        ("Wednesday 1 February", "2023-02-01", "2023-02-01"),
    ],
)
def test_resolves(text: str, first: str, last: str) -> None:
    (found,) = dates.find(text, PUBLISHED)
    assert (str(found.first), str(found.last)) == (first, last)


@pytest.mark.parametrize("text", ["they may march on", "Mar-a-Lago", "on 31 February", "2023-02-31"])
def test_what_is_no_date_has_no_day(text: str) -> None:
    assert all(found.first is None for found in dates.find(text, PUBLISHED))


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("on 20 January", "on January 20, 2023", True),
        ("yesterday", "on Thursday", True),
        ("on Wednesday", "on Thursday", False),
        ("5pm", "17:00", True),
        ("noon", "12:00", True),
        ("10am", "12:03 p.m.", False),
        ("in May", "in June", False),
        ("3/6/2025", "3 June 2025", True),
        ("3/6/2025", "6 March 2025", True),
        ("3/6/2025", "3 July 2025", False),
        ("the first quarter of 2026", "Q1 2026", True),
        ("the first quarter of 2026", "Q3 2026", False),
    ],
)
def test_equal_when_equal(one: str, other: str, equal: bool) -> None:
    (left,), (right,) = dates.find(one, PUBLISHED), dates.find(other, PUBLISHED)
    assert dates.same(left, right) is equal


def test_without_a_publication_date_words_still_compare() -> None:
    (left,), (right,), (other,) = dates.find("on 5 May"), dates.find("on May 5"), dates.find("on 6 May")
    assert left.first is None
    assert dates.same(left, right)
    assert not dates.same(left, other)


def test_months_are_known_in_any_language() -> None:
    assert dates.is_month("november") and dates.is_month("janvier") and not dates.is_month("harbour")
