"""A step that forty outlets tell: the first of them stand in the mail, and the rest are counted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.core.delivery.messages import mail
from monitor.model import Report
from tests import samples


def told(count: int) -> tuple[str, str]:
    """Text and HTML of an alert that so many others tell too."""
    reports = tuple(Report(f"Outlet {n}", f"https://o{n}.example/a", f"Headline {n}") for n in range(count))
    alert = replace(samples.told()["story.development"], also_reported_by=reports, still_carrying=())
    links = {"dashboard": "https://monitor.example/alerts/a"}
    return mail.text(alert, links), mail.html(alert, links)


@pytest.mark.parametrize(("count", "more"), [(10, ""), (11, "1 more"), (40, "30 more")])
def test_ten_stand_there_and_the_rest_are_counted(count: int, more: str) -> None:
    for part in told(count):
        assert "Headline 9" in part
        assert "Headline 10" not in part
        assert f"{more}, on the page of this alert." in part if more else "on the page of this alert" not in part


def test_a_storys_title_reads_in_its_own_direction() -> None:
    _, part = told(1)
    assert '<div class="soft" dir="auto"' in part
