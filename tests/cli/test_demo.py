"""The demonstration shows what README promises, byte for byte, within a minute."""

from __future__ import annotations

import re

from monitor.cli import demo
from monitor.data import read
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
