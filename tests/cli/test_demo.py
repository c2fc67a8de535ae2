"""The demonstration shows what README promises, byte for byte, within a minute."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from starlette.testclient import TestClient

from monitor import config
from monitor.app.build import build
from monitor.cli import demo
from monitor.data import read
from monitor.metrics import Metrics
from monitor.operations.polling import poll
from monitor.web import make
from tests.cli.command import monitor
from tests.data_at import ROOT


def test_readme_quotes_the_demonstration() -> None:
    answer = monitor("demo", "--speed", 1000, "--port", 0)
    assert answer.code == 0, answer.err
    page = re.search(r"Status page: (http://127\.0\.0\.1:\d+/)", answer.out)
    assert page
    said = answer.out.replace(page[1], "http://127.0.0.1:8765/")
    readme = (ROOT / "README.md").read_text("utf-8")
    quoted = readme.partition("```\n=== ")[2].partition("```")[0]
    assert quoted.strip()
    assert "=== " + quoted in said
    for heading in ("WHERE THIS STORY STANDS", "NEW DEVELOPMENT", "CORRECTION", "What changed", "nothing told"):
        assert heading in said, heading


def test_it_is_over_within_a_minute() -> None:
    steps = read("demo.json").count('"say"')
    assert steps * demo.PAUSE_S < 55


def test_its_steps_as_a_document() -> None:
    answer = monitor("demo", "--speed", 1000, "--port", 0, "--json")
    steps = answer.document
    assert steps[0]["say"].startswith("first poll")
    assert {"at", "say", "published", "entries_new", "matched", "alerts"} <= set(steps[0])
    assert [step["alerts"] for step in steps[:4]] == [1, 1, 0, 1]


def test_what_is_kept_can_be_looked_at_afterwards(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    answer = monitor("demo", "--speed", 1000, "--port", 0, "--keep", folder)
    assert answer.code == 0, answer.err
    path = folder / "config.toml"
    assert f"monitor run --config {path}" in answer.out
    told = monitor("alerts", "--config", path, "--json").document
    assert len(told) == answer.out.count("The alert with its evidence")
    assert len(monitor("timeline", "nk-workers", "--config", path, "--json").document) > 2
    assert {row["state"] for row in monitor("sources", "--config", path, "--json").document} == {"ok"}
    again = monitor("demo", "--port", 0, "--keep", folder)
    assert (again.code, "is not empty" in again.err) == (2, True)


def test_its_page_is_served_again_and_nothing_is_visited(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    monitor("demo", "--speed", 1000, "--port", 0, "--keep", folder)
    loaded = config.load(folder / "config.toml", {})
    app = build(loaded, None, Metrics(), exclusive=True)
    try:
        assert asyncio.run(poll(app.pipeline, app.sources, everything=True))["visited"] == 0
        web = TestClient(make(app), base_url="http://127.0.0.1")
        assert web.get("/").status_code == web.get("/stories/nk-workers").status_code == 200
    finally:
        asyncio.run(app.close())
