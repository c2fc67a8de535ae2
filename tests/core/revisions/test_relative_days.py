"""Days told from the day of writing: what was put off, and what the calendar alone did."""

from __future__ import annotations

import pytest

from monitor.core import revisions


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("this week", "next week"), ("today", "tomorrow"), ("this year", "next year"), ("this month", "next year"),
        ("next week", "next month"), ("next month", "this month"), ("next year", "this year"),
        ("this autumn", "next autumn"), ("tonight", "next month"),
    ],
)  # fmt: skip
def test_what_is_put_off_or_moved_is_a_change_of_date(was: str, now: str) -> None:
    old, new = (f"Marlow mill to close\n\nThe owner said the old mill would close {when}." for when in (was, now))
    told = revisions.compare(old, new)
    assert [(change.kind, change.before, change.after) for change in told.changes] == [("date", was, now)]
    assert told.verdict == "revision"


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("tomorrow", "today"), ("next week", "this week"), ("today", "this week"), ("this week", "this month"),
        ("tomorrow", "next week"), ("next spring", "this autumn"),
    ],
)  # fmt: skip
def test_days_that_came_nearer_or_are_told_by_a_wider_one_are_none(was: str, now: str) -> None:
    old, new = (f"Marlow mill to close\n\nThe owner said the old mill would close {when}." for when in (was, now))
    assert revisions.compare(old, new).verdict == "touch"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Das Werk in Marlow schließt diese Woche.", "Das Werk in Marlow schließt nächste Woche."),
        ("La mina de Marlow cerrará este mes.", "La mina de Marlow cerrará el próximo mes."),
        ("Завод закроют на этой неделе, сказал мэр.", "Завод закроют на следующей неделе, сказал мэр."),
        ("工場は今週閉鎖されると市長が述べた。", "工場は来週閉鎖されると市長が述べた。"),
    ],
)
def test_other_languages_put_off_as_well(old: str, new: str) -> None:
    head = "Marlow 1931"
    assert revisions.compare(f"{head}\n\n{old}", f"{head}\n\n{new}").verdict == "revision"


def test_of_two_days_nobody_knows_which_was_moved() -> None:
    old = "Marlow mill\n\nThe mill closes this week and the pit next week, the owner said."
    new = "Marlow mill\n\nThe mill closes next week and the pit this week, the owner said."
    assert revisions.compare(old, new).verdict == "touch"
