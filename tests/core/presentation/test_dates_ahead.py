"""Dates that lie ahead: the nearest first, one a day, none that has passed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.core.novelty import claims
from monitor.core.presentation import dates_ahead

NOW = datetime(2026, 11, 28, tzinfo=UTC)
TEXT = (
    "The court will rule on 12 December 2026, the judge said. The ferry sank on 30 October 2026. The inquiry must"
    " report by 5 December 2026. The owner wants no emissions by 2050."
)


def test_what_is_still_to_come() -> None:
    made = claims.extract(TEXT, NOW, title="Ferry", source="Herald")
    found = dates_ahead.ahead(made, NOW)
    assert [each.day for each in found] == ["2026-12-05", "2026-12-12"]
    assert (found[1].written, found[1].who) == ("12 December 2026", "Herald")
    assert found[1].quote.startswith("The court will rule")


def test_of_two_reports_of_a_day_the_newer_speaks() -> None:
    older = claims.extract("The court will rule on 12 December 2026.", NOW, title="", source="Herald")
    newer = claims.extract("The court will hear him on 12 December 2026.", NOW, title="", source="Post")
    assert [each.who for each in dates_ahead.ahead([*older, *newer], NOW)] == ["Post"]


def test_what_is_kept_is_read_without_what_has_passed() -> None:
    found = dates_ahead.ahead(claims.extract(TEXT, NOW, title="Ferry", source="Herald"), NOW)
    text = dates_ahead.kept(found)
    assert dates_ahead.read(text, NOW) == found
    assert [each.day for each in dates_ahead.read(text, NOW + timedelta(days=10))] == ["2026-12-12"]
    assert dates_ahead.kept([]) == ""
    assert dates_ahead.read("", NOW) == []
