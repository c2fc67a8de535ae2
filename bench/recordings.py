"""Replays every recorded feed twice and counts: distinct entries in the documents, decided once each, told once each.

Then what their publishers changed afterwards: touches, which alert nobody, and revisions, each naming what changed.

    python -m bench.recordings [NAME ...]

A document's entries are told apart by guid (else address); `keys` is what identity makes of them. The differences are
entries whose publisher changed the guid (fewer keys), see `bench/identity.py`. The story takes every entry.
"""

from __future__ import annotations

import json
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from monitor.cli import app
from monitor.core.documents import feeds

RECORDINGS = Path(__file__).resolve().parents[2] / "shared" / "data" / "recordings"
CONFIG = """
[[story]]
id = "everything"
title = "Everything"
threshold = 0
seed_text = '''Everything that happens anywhere

A story that takes every entry of its sources as a follow-up of itself.
'''
"""
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def replay(folder: Path, work: Path, name: str) -> tuple[dict[str, float], bytes, bytes]:
    """The summary of one replay, and its two outputs."""
    decisions, alerts = work / f"{name}.decisions", work / f"{name}.alerts"
    arguments = ["replay", str(folder), "--config", str(work / "config.toml")]
    done = CliRunner().invoke(app, [*arguments, "--decisions", str(decisions), "--alerts", str(alerts)])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout.splitlines()[-1]), decisions.read_bytes(), alerts.read_bytes()


def measure(archive: Path, work: Path) -> dict[str, object]:
    """One row of the table."""
    with tarfile.open(archive) as tar:
        tar.extractall(work, filter="data")
    folder = work / "recording"
    folder.mkdir()
    next(path for path in work.iterdir() if path.is_dir() and path != folder).rename(folder / "feed")
    (work / "config.toml").write_text(CONFIG)
    names, broken = set(), Counter[str]()
    for document in sorted((folder / "feed").iterdir()):
        feed = feeds.parse(document.read_bytes(), now=NOW)
        broken[feed.error or "ok"] += 1
        names |= {entry.id or entry.url for entry in feed.entries}
    began = time.monotonic()
    summary, decisions, alerts = replay(folder, work, "first")
    spent = time.monotonic() - began
    again = replay(folder, work, "second")
    rows = [json.loads(line) for line in decisions.decode().splitlines()]
    firsts = Counter(row["key"] for row in rows if row["verdict"] in ("development", "confirmation", "repeat"))
    bodies = [body for body in map(json.loads, alerts.decode().splitlines()) if body["data"]["article"]]
    told = Counter(map(_version, (body["data"]["article"] for body in bodies if body["type"] != "story.digest")))
    touches = [(row["key"], row["revision"]) for row in rows if row["verdict"] == "touch"]
    changed = [body["data"] for body in bodies if body["type"] in ("story.revision", "story.correction")]
    return {
        "recording": archive.name.removesuffix(".tar.xz"), "visits": summary["visits"], "broken": dict(broken),
        "names": len(names), "keys": summary["entries"], "decided twice": sum(n > 1 for n in firsts.values()),
        "told twice": sum(n > 1 for n in told.values()), "touches": len(touches),
        "touches told": sum(touch in told for touch in touches), "revisions told": len(changed),
        "naming nothing": sum(not body["claims_changed"] for body in changed),
        "same bytes again": again[1:] == (decisions, alerts), "ms a visit": round(1000 * spent / summary["visits"], 1),
    }  # fmt: skip


def _version(article: Mapping[str, Any]) -> tuple[str, int]:
    return article["id"], article["revision"]


def main() -> None:
    """Print one row a recording."""
    wanted = sys.argv[1:]
    if not RECORDINGS.exists():
        print("no recorded feeds at ../shared/data/recordings")
        return
    for archive in sorted(RECORDINGS.glob("*.tar.xz")):
        if not wanted or any(word in archive.name for word in wanted):
            with tempfile.TemporaryDirectory() as work:
                print(json.dumps(measure(archive, Path(work))), flush=True)


if __name__ == "__main__":
    main()
