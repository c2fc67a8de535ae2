"""kill -9 while delivering: nothing is lost, little is said twice, and always under the same ids."""

from __future__ import annotations

from pathlib import Path

from tests.channels import killing


def test_killed_thirty_times_everything_arrives_under_its_own_id(tmp_path: Path) -> None:
    toll = killing.reap(str(tmp_path / "monitor.db"), alerts=250, kills=30, seed=20261125)
    assert toll.kills >= 20, "most lives ended in the middle of their work"
    assert (toll.lost, toll.foreign, toll.sound) == (0, 0, True)
    assert toll.duplicates <= toll.duplicates_max
    assert toll.copies_most["mail"] <= 3
    assert set(toll.states) == {"delivered"}
