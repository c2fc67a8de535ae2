"""A fault of our own is named as ours: in the source's state, in what is told of it, and once in the log."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from monitor import config
from monitor.app.build import build
from monitor.core import identity
from monitor.core.decisions import alerts
from monitor.core.documents import feeds
from monitor.core.documents.feeds import rss_atom
from monitor.metrics import Metrics
from monitor.model import Source, SourceStatus, Visit
from tests.loopback import Newsstand, rss
from tests.publisher import AT


class Log:
    """An observer that hears of faults only."""

    def __init__(self) -> None:
        self.faults: list[tuple[str, BaseException]] = []

    def failed(self, what: str, error: BaseException) -> None:
        self.faults.append((what, error))


def breaks(*_: Any, **__: Any) -> Any:
    raise KeyError("a bug of ours")


async def test_a_bug_is_ours_and_is_logged_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand = Newsstand()
    stand.feeds["/feed"] = rss(
        "Paper", [{"id": "1", "title": "Dam breaks", "url": "https://p.example/1", "at": AT.isoformat()}]
    )
    text = f"""
[fetch]
allow_private = ["127.0.0.1:{stand.port}"]
host_spacing = "0s"
[[source]]
id = "paper"
url = "http://127.0.0.1:{stand.port}/feed"
"""
    log = Log()
    app = build(config.parse(text, tmp_path / "config.toml", {}), log, Metrics(), exclusive=False)

    async def visit() -> SourceStatus:
        status = app.store.statuses(["paper"])["paper"]
        return (await app.pipeline.visit(Visit(app.sources["paper"], status, AT, unconditional=True))).status

    try:
        with monkeypatch.context() as broken:
            broken.setattr(identity.Document, "resolve", breaks)
            for failures in (1, 2, 3):
                status = await visit()
                assert (status.error, status.failures) == ("internal", failures)
                assert "a bug of ours" in status.detail
        assert [what for what, _ in log.faults] == ["visit paper"]
        assert log.faults[0][1].__traceback__ is not None
        assert (await visit()).error is None
        monkeypatch.setattr(identity.Document, "resolve", breaks)
        stand.feeds["/feed"] += b" "
        await visit()
        assert len(log.faults) == 2, "after a good visit the same fault is news again"
    finally:
        await app.close()
        stand.close()


def test_people_are_told_whose_fault_it_is() -> None:
    source = Source("paper", "Paper", "https://p.example/feed")
    status = SourceStatus("paper", error="internal", failures=3, detail="KeyError: x", failing_since=AT)
    told = alerts.of_source(source, status, "trouble", AT)
    assert told.title == "Paper is not read: a fault of monitor's own"
    assert "Nothing is wrong with the source" in told.summary
    theirs = alerts.of_source(source, replace(status, error="parse"), "trouble", AT)
    assert theirs.title == "Paper cannot be read: what it answers cannot be read"


def test_a_fault_in_the_parser_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rss_atom, "parse", breaks)
    found = feeds.parse(b"<rss version='2.0'><channel><title>t</title></channel></rss>", now=AT)
    assert found.error == "internal"
    assert "KeyError" in found.detail
    assert "test_own_faults.py:" in found.detail
