"""What real feeds served through time: every distinct entry decided once, nothing told twice, always the same."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from monitor import config
from monitor.app import build
from monitor.cli import app
from monitor.core.documents import feeds
from monitor.metrics import Metrics
from monitor.operations.polling import poll
from tests.data_at import members, shared
from tests.loopback import Newsstand

STORY = """
[[story]]
id = "everything"
title = "Everything"
threshold = 0
seed_text = '''Everything that happens anywhere

A story that takes every entry of its sources as a follow-up of itself.
'''
"""
NOW = datetime(2026, 11, 24, tzinfo=UTC)
FIRST = ("development", "confirmation", "repeat")


def unpack(name: str, folder: Path, count: int) -> Path:
    """The first documents of a recording, as a folder with one source."""
    feed = folder / "feed"
    feed.mkdir(parents=True)
    documents = sorted(members(shared(f"data/recordings/{name}.tar.xz")))[:count]
    for path, body in documents:
        (feed / Path(path).name).write_bytes(body)
    return folder


def replay(recording: Path, work: Path, name: str, *more: str) -> tuple[dict[str, Any], list[dict[str, Any]], bytes]:
    """Summary, decisions, and the bytes of both outputs."""
    (work / "config.toml").write_text(STORY)
    decisions, alerts = work / f"{name}.decisions", work / f"{name}.alerts"
    words = ["replay", str(recording), "--config", str(work / "config.toml"), *more]
    done = CliRunner().invoke(app, [*words, "--decisions", str(decisions), "--alerts", str(alerts)])
    assert done.exit_code == 0, done.output
    rows = [json.loads(line) for line in decisions.read_text("utf-8").splitlines()]
    return json.loads(done.stdout.splitlines()[-1]), rows, decisions.read_bytes() + alerts.read_bytes()


@pytest.mark.parametrize(
    "name", ["gesab-rnz", "orx-ft-home", "gesab-bbc", "gesab-cnn", "gesab-nytimes", "jtw-wgrznews"]
)
def test_every_entry_is_decided_once(tmp_path: Path, name: str) -> None:
    """All documents are in `python -m bench.recordings`; here the first 50 of each feed."""
    recording = unpack(name, tmp_path / "recording", 50)
    documents = [path.read_bytes() for path in (recording / "feed").iterdir()]
    published = {entry.id or entry.url for body in documents for entry in feeds.parse(body, now=NOW).entries}
    summary, rows, output = replay(recording, tmp_path, "first")
    print(name, summary)
    firsts = Counter(row["key"] for row in rows if row["verdict"] in FIRST)
    assert set(firsts.values()) == {1}
    assert len(firsts) == summary["entries"] == summary["follow_ups"]
    assert summary["visits"] == 50
    # A publisher that gives an article a new guid makes one entry under two names; it never happens the other way.
    assert len(published) * 0.98 <= summary["entries"] <= len(published)
    assert replay(recording, tmp_path, "second")[2] == output, "a replay is the same byte for byte"


def test_broken_documents_lose_nothing(tmp_path: Path) -> None:
    """Between the documents of a recording: an error page, an empty body, a cut document, another kind of file."""
    whole = unpack("orx-ft-home", tmp_path / "whole", 30)
    mixed = unpack("orx-ft-home", tmp_path / "mixed", 30)
    documents = sorted((mixed / "feed").iterdir())
    broken = [b"<!doctype html><title>Sorry</title>", b"", documents[3].read_bytes()[:-2000], b"\x89PNG\r\n\x1a\n" * 50]
    for position, body in enumerate(broken):
        stamp = documents[5 * position + 4].name
        later = stamp.replace(stamp[13:16], f"{(int(stamp[13:15]) + 1) % 60:02d}Z")
        (mixed / "feed" / later).write_bytes(body)
    clean, faulty = replay(whole, tmp_path, "clean"), replay(mixed, tmp_path, "faulty")
    assert faulty[0]["visits"] == clean[0]["visits"] + 4
    assert {row["key"] for row in faulty[1]} == {row["key"] for row in clean[1]}
    assert all(count == 1 for count in Counter(r["key"] for r in faulty[1] if r["verdict"] in FIRST).values())


def test_polled_over_loopback_it_is_the_same(tmp_path: Path) -> None:
    """The same documents served by a real server and polled give the same entries, verdicts and developments."""
    recording = unpack("gesab-rnz", tmp_path / "recording", 25)
    _, rows, _ = replay(recording, tmp_path, "replayed")
    stand = Newsstand()
    settings = config.parse(
        f'[fetch]\nallow_private = ["127.0.0.1:{stand.port}"]\nhost_spacing = "0s"\nfollow_pages = false\n'
        f'[[source]]\nid = "feed"\nurl = "{stand.url}/feed.xml"\n{STORY}',
        tmp_path / "live.toml",
        {},
    )
    polled = asyncio.run(_poll_all(settings, stand, recording))
    assert polled == {(row["key"], row["verdict"]) for row in rows if row["verdict"] in FIRST}


async def _poll_all(settings: config.Config, stand: Newsstand, recording: Path) -> set[tuple[str, str | None]]:
    live = build(settings, None, Metrics(), exclusive=True)
    try:
        for document in sorted((recording / "feed").iterdir()):
            stand.feeds["/feed.xml"] = document.read_bytes()
            assert (await poll(live.pipeline, live.sources, everything=True))["failed"] == 0
        stored = live.store.decisions(limit=100_000)
        return {(made.entry_key, made.verdict) for made, _ in stored if made.verdict in FIRST}
    finally:
        await live.close()
        stand.close()
