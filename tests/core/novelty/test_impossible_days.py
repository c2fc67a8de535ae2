"""Days that no month has: said in headlines and typing errors, never an error of ours."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.core.novelty import claims

PUBLISHED = datetime(2026, 3, 3, tzinfo=UTC)


@pytest.mark.parametrize("day", [0, 30, 31, 32, 99])
@pytest.mark.parametrize("form", ["on {} February troops left", "February {}, 2024", "until {} June", "mid-{} April"])
def test_an_impossible_day_is_no_error(form: str, day: int) -> None:
    said = form.format(day)
    assert isinstance(claims.extract(said, PUBLISHED, title=said), tuple)
