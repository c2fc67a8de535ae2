"""kill -9 while delivering: nothing is lost, little is said twice, and always under the same ids."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.channels import killing


@pytest.mark.parametrize(("database", "alerts", "kills"), [("sqlite", 250, 30), ("postgres", 120, 12)])
def test_killed_over_and_over_everything_arrives_under_its_own_id(
    database: str, alerts: int, kills: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    state = request.getfixturevalue("postgres_url") if database == "postgres" else str(tmp_path / "monitor.db")
    toll = killing.reap(state, alerts, kills, seed=20261125)
    assert toll.kills >= kills * 2 / 3, "most lives ended in the middle of their work"
    assert (toll.lost, toll.foreign, toll.sound) == (0, 0, True)
    assert toll.duplicates <= toll.duplicates_max
    assert toll.copies_most["mail"] <= 3
    assert set(toll.states) == {"delivered"}
