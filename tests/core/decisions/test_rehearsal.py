"""Decisions are rehearsed where they can be killed: every long entry, by every routine that reads entries."""

from __future__ import annotations

import pytest

from monitor.core.decisions import rehearsal
from monitor.model import Entry

LONG = "The ministry said on May 5 that 31 people were killed. " * 40


@pytest.mark.parametrize(
    "routine", ["churn.fold", "features.read_whole", "claims.extract", "origins.find", "statements.phase"]
)
def test_a_long_entry_is_read_by_everything_that_reads_entries(monkeypatch: pytest.MonkeyPatch, routine: str) -> None:
    asked: list[object] = []
    monkeypatch.setattr(
        f"monitor.core.decisions.rehearsal.{routine}", lambda *given, **named: asked.append(given) or ""
    )
    rehearsal.read(Entry(title="Dam breaks", text=LONG))
    assert asked
