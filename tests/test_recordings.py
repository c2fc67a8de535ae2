"""What real feeds served through time: every distinct entry decided once, nothing told twice, always the same."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from monitor import config
from monitor.app.build import build
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
        return {(made.entry_key, made.verdict) for made in stored if made.verdict in FIRST}
    finally:
        await live.close()
        stand.close()


def test_visits_committed_together_decide_what_they_decide_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entries that come again, are revised, and repeat each other within one group, over two sources."""
    recording = tmp_path / "lines.jsonl"
    titles = ("The old bridge at Orsk has fallen", "The old bridge at Orsk stands again", "Orsk mourns its bridge")
    with recording.open("w") as file:
        for number in range(40):
            at = datetime(2026, 5, 1, number // 2, tzinfo=UTC).isoformat()
            name = f"https://{'ab'[number % 2]}.example/{number % 7}"
            row = {"source": "ab"[number % 2], "at": at, "id": name, "url": name, "title": titles[number % 3]}
            file.write(json.dumps(row | {"text": f"{number} people were there.", "lang": "en"}) + "\n")
    states = []
    for together in (1, 7, 200):
        monkeypatch.setattr("monitor.operations.replaying.TOGETHER", together)
        state = tmp_path / f"{together}.db"
        _, rows, output = replay(recording, tmp_path, f"t{together}", "--state", str(state))
        assert len(rows) > 14, "entries are revised"
        with closing(sqlite3.connect(state)) as database:
            names = [row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
            # When a step of the schema was applied is the machine's time.
            kept = [name for name in sorted(names) if not name.startswith(("_sqlite_migrations", "sqlite_"))]
            states.append(
                (output, {name: sorted(map(repr, database.execute(f"SELECT * FROM {name}"))) for name in kept})
            )
    assert states[0] == states[1] == states[2]
