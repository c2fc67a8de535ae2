"""The day of an article from its date line, in the languages of the world."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.core.documents import seed
from monitor.core.documents.seed import article_date


@pytest.mark.parametrize(
    "line",
    [
        "20 نوفمبر 2026", "الجمعة 20 نوفمبر 2026", "20 listopadu 2026",
        "Ngày 20 tháng 11 năm 2026", "20. marraskuuta 2026",
        "20 नवंबर 2026", "20 พฤศจิกายน 2569", "2026. november 20.", "20 Kasım 2026",
        "20 Νοεμβρίου 2026", "2026年11月20日",
        "२० नवंबर २०२६", "٢٠ نوفمبر ٢٠٢٦", "۲۹ آبان ۱۴۰۵", "令和8年11月20日", "中華民國115年11月20日",
    ],
)  # fmt: skip
def test_a_date_line_is_read_in_any_language_that_feeds_are_dated_in(line: str) -> None:
    rest, at = article_date.leading_date([line, "Text of the article."])
    assert (rest, at) == (["Text of the article."], datetime(2026, 11, 20, tzinfo=UTC))


@pytest.mark.parametrize(
    "line",
    [
        "20 hurt in 2026",
        "Chapter 2026",
        "In 2026 20 men",
        "2026",
        "G20 2026",
        "20 رجلا في 2026",
        "Room 1404, 3rd floor",
        "30 Esfand 1402",
    ],
)
def test_a_short_line_with_two_numbers_is_no_date(line: str) -> None:
    assert article_date.date_line(line) is None


@pytest.mark.parametrize(
    "line", ["Actualizado a las 18:15 del 20 de noviembre de 2026", "Posted on 11/20/2026 1:15 PM EST"]
)
def test_an_hour_may_stand_before_the_day_and_an_american_one_says_which_number_is_the_month(line: str) -> None:
    found = article_date.date_line(line)
    assert found is not None and found == datetime(2026, 11, 20, 18, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "title"),
    [
        ("Tuesday, 7 August 2012", "Fire at Marrow mill kills two"),
        ("Updated: 27/08/2012 15:41", "Fire at Marrow mill kills two"),
        ("The fire of 7 August 2012", "The fire of 7 August 2012"),
    ],
)
def test_a_day_above_the_headline_is_no_headline(first: str, title: str) -> None:
    article = seed.read(f"{first}\nFire at Marrow mill kills two\n\nTwo people died in the mill there.\n")
    assert article.title == title
    assert first not in article.text


def test_an_instant_keeps_the_day_of_who_wrote_it() -> None:
    at = article_date.named_day("Published 2026-03-02T23:30:00-05:00")
    assert at == datetime(2026, 3, 3, 4, 30, tzinfo=UTC)
    assert at.day == 2, "it is Monday where the article says Monday"
