"""Which story reads which source: begun once, ended, begun again; and older states, which have no such table."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.model import Backfill, Backfilled, Judgements
from monitor.stores import SqlStore, open_store
from tests.stores.made import HOUR, NOW, decision, member, outcome, sighting, source


def test_a_first_poll_begins_the_reading_of_its_stories(store: SqlStore) -> None:
    made = replace(outcome(1, 2), begun=("bridge", "flood"))
    store.record([made])
    store.record([replace(made, begun=())])
    assert store.readings() == {("bridge", "herald"), ("flood", "herald")}
    assert store.backfilled("bridge") == [], "what a first poll brings is told by other means"
    store.end_readings([("flood", "herald")])
    assert store.readings() == {("bridge", "herald")}


def test_stored_entries_are_unjudged_until_a_decision_is_about_them(store: SqlStore) -> None:
    for number in range(10):
        at = NOW + number * HOUR
        seen = sighting(number, at)
        store.record([replace(outcome(), status=outcome(at=at).status, sightings=(seen,))])
    pages = []
    page = store.unjudged("flood", "herald", 4)
    while page:
        pages.append([known.entry.id for known in page])
        page = store.unjudged("flood", "herald", 4, page[-1])
    newest_first = [f"urn:{n}" for n in reversed(range(10))]
    assert pages == [newest_first[:4], newest_first[4:8], newest_first[8:]]
    accepted, refused = sighting(3), sighting(4)
    made = Backfill(
        "flood", NOW + HOUR, {"herald": 10}, sightings=(accepted, refused),
        judgements=Judgements(
            decisions=(decision(accepted, "flood"), decision(refused, "flood", 0.2)),
            members=(("flood", member(accepted)),),
        ),
    )  # fmt: skip
    for _ in range(2):
        store.record_backfill(made)
    left = [known.entry.id for known in store.unjudged("flood", "herald", 100)]
    assert left == [name for name in newest_first if name not in ("urn:3", "urn:4")]
    assert [known.entry.id for known in store.unjudged("bridge", "herald", 100)] == newest_first
    assert [m.entry_key for m in store.memory("flood", NOW, 100 * HOUR).members] == [accepted.key]


def test_a_backfill_is_untold_until_it_is_told(store: SqlStore) -> None:
    store.record_backfill(Backfill("flood", NOW, {"herald": 7, "post": 0}))
    assert store.backfilled("flood") == [Backfilled("herald", NOW, 7), Backfilled("post", NOW, 0)]
    store.tell_backfilled("flood", NOW - HOUR)
    assert store.backfilled("flood"), "one that came after the brief was made is told by the next"
    store.tell_backfilled("flood", NOW)
    assert store.backfilled("flood") == []
    assert store.readings() == {("flood", "herald"), ("flood", "post")}


@pytest.mark.parametrize("members_only", [False, True])
def test_an_older_state_knows_from_its_decisions_what_is_read(tmp_path: Path, members_only: bool) -> None:
    path = str(tmp_path / "monitor.db")
    store = open_store(path)
    store.sync_sources([source()], NOW)
    store.record([outcome(1)])
    store.close()
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE story_sources")
    connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'readings'")
    if members_only:
        connection.execute("DELETE FROM decisions")
    connection.commit()
    connection.close()
    store = open_store(path)
    assert store.readings() == {("bridge", "herald")}
    assert store.backfilled("flood") == []
    store.close()
