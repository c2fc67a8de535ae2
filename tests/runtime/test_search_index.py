"""What a pass brought can be searched for once it is over, however much that was."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor import config
from monitor.app.build import build
from monitor.metrics import Metrics
from monitor.operations.polling import poll
from monitor.runtime import search_index
from tests.loopback import Newsstand, rss
from tests.publisher import AT


async def test_a_pass_leaves_nothing_for_the_next_to_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "INDEX_BATCH", 1)
    monkeypatch.setattr(search_index, "INDEX_BATCHES", 2)
    stand = Newsstand()
    stand.feeds["/feed"] = rss(
        "Paper", [{"id": str(n), "title": f"Council votes on road number {n}", "at": AT.isoformat()} for n in range(7)]
    )
    text = f"""
[fetch]
allow_private = ["127.0.0.1:{stand.port}"]
host_spacing = "0s"
[[source]]
id = "paper"
url = "http://127.0.0.1:{stand.port}/feed"
"""
    app = build(config.parse(text, tmp_path / "config.toml", {}), None, Metrics(), exclusive=True)
    try:
        figures = await poll(app.pipeline, app.sources)
        assert figures["entries_new"] == 7
        assert app.store.waiting() == 0
    finally:
        await app.close()
