"""Records: one a line, of one form, whoever wrote it; nothing from outside begins a new one."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import structlog

from monitor import log
from monitor.errors import StoreFull, StoreLost
from monitor.metrics import Metrics
from monitor.model import Fetched, Outcome, SourceStatus
from monitor.serve import Reporter


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    yield
    structlog.reset_defaults()
    logging.captureWarnings(False)
    logging.basicConfig(handlers=[logging.NullHandler()], force=True)
    for name in log._CHATTY:
        logging.getLogger(name).setLevel(logging.NOTSET)


def records(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def test_every_record_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("json", "info")
    log.get("visit").info("read", source="a", title="x\ny\x1b[31m\u2028z")
    logging.getLogger("some.library").warning("it\nbroke: %s", "here")
    logging.getLogger("some.library").info("chatter")
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        logging.getLogger("asyncio").exception("unexpected")
    made = [json.loads(line) for line in records(capsys)]
    assert [(row["event"], row["level"]) for row in made] == [
        ("read", "info"), ("it\\x0abroke: here", "warning"), ("unexpected", "error"),
    ]  # fmt: skip
    assert made[0]["title"] == "x\\x0ay\\x1b[31m\\u2028z"
    assert "ValueError" in made[2]["exception"]


def test_text_is_for_reading_along(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("text", "info")
    log.get("visit").info("read", source="a", http=None, alerts=0, detail="x\x1b[31m")
    (line,) = records(capsys)
    assert line.endswith("read         source=a detail=x\\x1b[31m")
    assert "None" not in line


def test_what_anybody_can_cause_at_will_does_not_fill_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("json", "info")
    for name in ("uvicorn.error", "apscheduler.scheduler"):
        for _ in range(100):
            logging.getLogger(name).warning("said again and again")
        logging.getLogger(name).error("a fault of %s", name)
    said = capsys.readouterr().err
    assert "again and again" not in said
    assert said.count("a fault of") == 2


def test_a_source_that_was_not_asked_is_neither_read_nor_unchanged(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("json", "info")
    reporter, status = Reporter(metrics := Metrics()), SourceStatus("paper", url="https://paper.example/")
    fetched = Fetched("paper", status.url, datetime(2026, 6, 1, tzinfo=UTC), error="rate_limited", detail="later")
    reporter.visited(Outcome(status, fetched), 0.0)
    (record,) = records(capsys)
    assert "put off" in record and '"read"' not in record
    assert metrics.visits.labels("put_off")._value.get() == 1
    assert metrics.visits.labels("unchanged")._value.get() == 0


def test_a_session_that_ended_is_nobodys_fault(capsys: pytest.CaptureFixture[str]) -> None:
    """It is begun again; who cannot begin one, or may not write, is told of as an error."""
    log.configure("json", "info")
    reporter = Reporter(metrics := Metrics())
    for error in (StoreLost("gone"), StoreFull("full"), ValueError("of no use")):
        reporter.failed("visit", error)
    assert [json.loads(line)["level"] for line in records(capsys)] == ["warning", "error", "error"]
    assert metrics.errors._value.get() == 2
