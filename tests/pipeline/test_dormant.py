"""A watch that has looked for weeks and learnt nothing asks more of a headline alone than one that began today."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.command import monitor
from tests.pipeline.test_late_reports import AT, PAPER, STORY, entry, lane, visit

DATED = STORY.replace('Norvolt"', 'Norvolt\\nPublished: 2026-06-01\\n\\nThe managers of Norvolt deny it."')
NEAR = "Prosecutors charge Elmark director"
LATER = "Managers leave Norvolt"


@pytest.mark.parametrize(("days_before", "taken"), [(50, False), (20, True), (None, True)])
async def test_it_asks_the_state_since_when_it_looks(tmp_path: Path, days_before: int | None, taken: bool) -> None:
    pipeline, late = lane(tmp_path, story=DATED), AT + timedelta(days=60)
    try:
        if days_before is not None:
            at = late - timedelta(days=days_before)
            assert await visit(pipeline, PAPER, [entry(1, NEAR, at)], at) == []
        alerts = await visit(pipeline, PAPER, [entry(2, LATER, late)], late)
    finally:
        pipeline.store.close()
    assert [alert.title for alert in alerts] == [LATER] * taken


def test_a_replay_that_writes_together_looks_for_as_long(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(DATED)
    rows = [(NEAR, AT + timedelta(days=10)), (LATER, AT + timedelta(days=60))]
    recording = "".join(
        json.dumps({"source": "paper", "id": title, "at": at.isoformat(), "title": title, "text": ""}) + "\n"
        for title, at in rows
    )
    (tmp_path / "entries.jsonl").write_text(recording)
    made = tmp_path / "made.jsonl"
    asked = ("replay", tmp_path / "entries.jsonl", "--config", tmp_path / "config.toml", "--decisions", made)
    assert monitor(*asked).code == 0
    assert [json.loads(line)["follow_up"] for line in made.read_text().splitlines()] == [False, False]
