"""Tending costs what is due, not what is watched."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor import config
from monitor.app.build import build
from monitor.metrics import Metrics
from monitor.runtime import maintenance

SEED = "A dam broke in the north of the country on Monday and flooded two villages, the governor said on Tuesday."


async def asked_of_the_store(folder: Path, stories: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often a round asks the store, once everything was dealt with."""
    text = "".join(f'[[source]]\nid = "s{n}"\nurl = "https://s{n}.example/feed"\n' for n in range(12))
    for n in range(stories):
        text += f"[[story]]\nid = \"t{n}\"\ntitle = \"Dam {n}\"\nseed_text = '''Dam {n} breaks\n\n{SEED}'''\n"
    app = build(config.parse(text, folder / f"{stories}.toml", {}), None, Metrics(), exclusive=False)
    now = datetime.now(UTC)
    for status in app.store.statuses(app.sources).values():
        app.store.set_status(replace(status, baseline_at=now - timedelta(hours=2), last_ok_at=now))
    while maintenance.tend(app.pipeline, app.sources):
        pass
    asked = 0
    with monkeypatch.context() as counting:
        for name in ("setting", "statuses", "decisions", "memory"):
            original = getattr(type(app.store), name)

            def counted(*given: Any, original: Any = original, **named: Any) -> Any:
                nonlocal asked
                asked += 1
                return original(*given, **named)

            counting.setattr(type(app.store), name, counted)
        assert maintenance.tend(app.pipeline, app.sources) == []
    await app.close()
    return asked


async def test_a_round_with_nothing_due_asks_no_more_for_more_stories(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = await asked_of_the_store(tmp_path / "few", 2, monkeypatch)
    many = await asked_of_the_store(tmp_path / "many", 30, monkeypatch)
    assert few == many
