"""A verb that only reads what is kept imports nothing of what fetches, parses, decides, sends or draws."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.stores import open_store
from tests.stores.made import alert, outcome

# Of ours, what a reading verb may import; and what others wrote and takes long.
OURS = {
    "channels", "cli", "config", "core", "data", "deferred", "errors", "model", "operations", "ports", "runtime",
    "stores", "__main__",
}  # fmt: skip
NEVER = {
    "httpx", "httpcore", "lxml", "trafilatura", "feedparser", "numpy", "sqlite_utils", "jinja2", "starlette", "uvicorn",
    "apscheduler", "tomlkit", "aiosmtplib", "structlog", "prometheus_client", "rich", "protego", "ahocorasick",
    "psycopg", "procrastinate", "asyncio", "monitor.runtime.daemon", "monitor.runtime.maintenance",
    "monitor.core.relevance.scoring", "monitor.core.documents.seed", "monitor.core.revisions.versions",
    "monitor.operations.setup", "monitor.pipeline", "filelock", "rapidfuzz", "publicsuffixlist",
    "monitor.core.language.quantities", "monitor.core.language.proper_names", "monitor.core.language.gazetteer",
    "monitor.core.documents.feeds", "monitor.app.build",
}  # fmt: skip
PROGRAM = """
import json, sys
from monitor.cli import main
try:
    main()
except SystemExit as ended:
    code = ended.code
imported = sorted(name for name, module in sys.modules.items() if module is not None)
print(json.dumps([code, imported]), file=sys.stderr)
"""
TOLD = alert("1").id
CONFIG = """
[[source]]
id = "feed"
url = "https://feed.example/rss"
[[story]]
id = "bridge"
title = "The bridge"
seed_text = "The bridge at Vess fell"
[[channel]]
id = "desk"
type = "console"
"""


def imported(folder: Path, *words: str) -> set[str]:
    """Every module that a verb has imported when it ends well."""
    config = folder / "config.toml"
    config.write_text(CONFIG)
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words, "--config", str(config)], capture_output=True, text=True, check=True,
        timeout=60,
    )  # fmt: skip
    code, modules = json.loads(ran.stderr.splitlines()[-1])
    assert not code, ran.stderr
    return set(modules)


@pytest.mark.parametrize("words", [
    ("sources", "--json"), ("stories", "--json"), ("alerts", "--json"), ("suppressed", "--json"), ("search", "report"),
    ("timeline", "bridge"), ("explain", "urn:1"), ("alerts", TOLD),
])  # fmt: skip
def test_a_reading_verb_imports_nothing_that_acts(tmp_path: Path, words: tuple[str, ...]) -> None:
    store = open_store(str(tmp_path / "state" / "monitor.db"))
    made = outcome(1, 2)
    parties = zip(made.judgements.decisions, ("Ghent police", "the police of Ghent"), strict=True)
    told = tuple(replace(decision, origin=origin) for decision, origin in parties)
    store.record([replace(made, judgements=replace(made.judgements, decisions=told))])
    while store.index(100):
        pass
    store.close()
    modules = imported(tmp_path, *words)
    assert NEVER & modules == set()
    ours = {name.split(".")[1] for name in modules if name.startswith("monitor.")}
    assert ours <= OURS, ours - OURS


def test_help_imports_no_configuration_and_no_state(tmp_path: Path) -> None:
    modules = imported(tmp_path, "--help")
    assert (NEVER | {"pydantic", "sqlite3", "monitor.stores", "monitor.config", "monitor.core"}) & modules == set()


def test_a_pass_without_news_imports_nothing_that_reads_documents_or_writes_mails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_rest = CONFIG.replace('url = "https://feed.example/rss"', 'url = "https://feed.example/rss"\npaused = true')
    at_rest = at_rest.replace(
        "The bridge at Vess fell", "The bridge at Vess fell into the river on Monday, and ten people were hurt"
    )
    monkeypatch.setattr(f"{__name__}.CONFIG", at_rest)
    unused = {
        "lxml", "feedparser", "jinja2", "rich", "httpx._main", "trafilatura", "starlette", "uvicorn", "ahocorasick",
        "monitor.core.relevance", "monitor.core.novelty.claims", "monitor.core.revisions.detectors",
        "monitor.core.language.event_classes", "monitor.core.decisions.visit",
    }  # fmt: skip
    assert unused & imported(tmp_path, "poll") == set()
