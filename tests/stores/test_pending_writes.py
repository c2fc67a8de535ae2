"""What a replay holds back, it decides by as if it were written: one visit at a time gives the same to the byte."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.cli import app
from monitor.model import Fetched, Judgements, Outcome, Sighting
from monitor.operations import replaying
from monitor.operations.pending_writes import PendingWrites
from monitor.stores import open_store
from tests.publisher import AT
from tests.stores.made import DAY, HOUR, NOW, decision, entry, sighting, source, status

STORY = """
[[story]]
id = "ferry"
title = "The ferry"
seed_text = '''Island ferry Brisa runs aground off Tarnholm

The ferry Brisa ran aground off Tarnholm on Monday with 84 passengers. Divers of the coast guard look for the cause.
'''
"""
HOURS = 60
TABLES = (
    "entries", "versions", "aliases", "decisions", "members", "claims", "alerts", "sources", "marks", "word_counts",
    "days", "gaps", "periodic", "settings",
)  # fmt: skip


def item(guid: str, title: str) -> str:
    return f"<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title></item>"


def document(hour: int) -> str:
    """An entry that comes and goes, one that is reworded, one that is given another guid, one that stays, the story."""
    entries = [
        item(f"road-{hour // 2}", f"Council votes on road number {hour // 2} of many"),
        item("storm", f"Storm warning for the northern coast, level {hour // 5}"),
        item("old" if hour < 3 else "new", "Museum of Tarnholm shows forty ships in bottles"),
        item("stays", "Notice: the library is open every day but Monday"),
        item(f"ferry-{hour // 20}", f"Ferry Brisa off Tarnholm: divers find {'a rock' if hour % 20 < 9 else 'a hole'}"),
    ]
    return f"<rss version='2.0'><channel><title>Paper</title>{''.join(entries)}</channel></rss>"


def visit(*seen: Sighting, developed: bool = False) -> Outcome:
    """A visit that finds these entries, each near a story; `developed`: an article that was one of its, in touch."""
    near = [decision(each, value=0.3, development="d1" if developed else "") for each in seen]
    at = seen[0].at
    return Outcome(
        status("herald", at), Fetched("herald", "", at, 200), sightings=seen, judgements=Judgements(tuple(near)),
        entries_new=sum(each.is_new for each in seen),
    )  # fmt: skip


def test_an_entry_is_known_as_it_will_be_written() -> None:
    written, held = open_store(":memory:"), PendingWrites(open_store(":memory:"))
    for store in (written, held):
        store.sync_sources([source()], NOW)
    names = [*sighting(1).aliases, "t:again"]

    def both(outcome: Outcome) -> Sighting:
        """Record it in both; the first entry as it is known now."""
        outcome = replace(outcome, status=replace(outcome.status, entries=written.statuses()["herald"].entries))
        for store in (written, held):
            store.record([outcome])
        known = written.known_entries("herald", names)
        assert held.known_entries("herald", reversed(names)) == known
        assert held.statuses(["herald"]) == written.statuses(["herald"])
        assert held.accepted([each.key for each in known]) == written.accepted([each.key for each in known])
        return replace(sighting(1), previous=known[0])

    seen = both(visit(sighting(1), sighting(2)))
    seen = both(visit(replace(seen, at=NOW + HOUR)))
    seen = both(visit(replace(seen, at=NOW + DAY)))
    seen = both(visit(replace(seen, at=NOW + DAY + HOUR, aliases=("t:again",))))
    seen = both(visit(replace(seen, at=NOW + 2 * DAY, entry=entry(1, "anew"), revision=2)))
    both(visit(replace(seen, at=NOW + 3 * DAY, entry=entry(1, "again"), revision=3), developed=True))


def left_behind(folder: Path, name: str) -> tuple[bytes, bytes, dict[str, list[tuple[object, ...]]]]:
    state, decisions, alerts = (folder / f"{name}.{kind}" for kind in ("sqlite", "decisions", "alerts"))
    words = ["replay", str(folder / "recording"), "--config", str(folder / "config.toml"), "--state", str(state)]
    done = CliRunner().invoke(app, [*words, "--decisions", str(decisions), "--alerts", str(alerts)])
    assert done.exit_code == 0, done.output
    with closing(sqlite3.connect(state)) as connection:
        rows = {table: sorted(connection.execute(f"SELECT * FROM {table}"), key=repr) for table in TABLES}
    return decisions.read_bytes(), alerts.read_bytes(), rows


def test_what_is_held_back_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "recording/paper").mkdir(parents=True)
    (tmp_path / "config.toml").write_text(STORY)
    for hour in range(HOURS):
        name = f"{AT + timedelta(hours=hour):%Y%m%dT%H%M%SZ}.xml"
        (tmp_path / "recording/paper" / name).write_text(document(hour))
    together = left_behind(tmp_path, "together")
    monkeypatch.setattr(replaying, "TOGETHER", 1)
    apart = left_behind(tmp_path, "apart")
    assert together == apart
    assert max(revision for _, revision, *_ in together[2]["versions"]) > 1
    assert together[2]["members"]
