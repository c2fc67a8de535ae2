"""A state moves from one database to another, whole, and there and back again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor import errors
from monitor.core import count_min
from monitor.model import Everyday, Worker
from monitor.operations import control
from monitor.stores import SqlStore, migrations, open_store
from tests.stores.made import DAY, LEASE, NOW, claim, outcome, source


def contents(store: SqlStore) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with store._database.read() as session:
        return {
            table: session.rows(f"SELECT * FROM {table} ORDER BY {', '.join(keys)}")
            for table, keys in migrations.TABLES.items()
        }


def test_a_state_moves_whole_and_back(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.stores.retention.PRUNE_BATCH", 7)
    old, new = open_store(str(tmp_path / "old.db")), open_store(postgres_url)
    back = open_store(str(tmp_path / "back.db"))
    old.sync_sources([source(), source("post")], NOW)
    old.record([outcome(*range(40), channels=("desk", "mail")), outcome(*range(5), name="post")])
    old.record([replace(outcome(), everyday=Everyday(120, count_min.of({"brackwat": 40})))])
    claim(old, NOW, 3, LEASE, 2)
    old.set_setting("signing-key", "ab")
    old.add_feedback(old.alerts()[0][0].id, "important", "", NOW)
    new.sync_sources([source("other")], NOW)  # as opening it with the configuration does
    assert control.move(old, new, NOW) == sum(map(len, contents(old).values()))
    assert control.move(new, back, NOW) > 100
    assert contents(old) == contents(new) == contents(back)
    assert new.everyday("herald") == old.everyday("herald") == Everyday(120, count_min.of({"brackwat": 40}))
    ours, theirs = (store.memory("bridge", NOW, 36_500 * DAY) for store in (old, new))
    assert ours == theirs
    assert [d.id for d, _ in claim(new, NOW + timedelta(hours=1), 9, LEASE, 4)]
    for store in (old, new, back):
        store.close()


def test_nothing_is_overwritten_and_nobody_is_in_the_way(postgres_url: str, tmp_path: Path) -> None:
    old, new = open_store(str(tmp_path / "old.db")), open_store(postgres_url)
    for store in (old, new):
        store.sync_sources([source()], NOW)
        store.record([outcome(1)])
    with pytest.raises(errors.StoreError, match="not empty"):
        control.move(old, new, NOW)
    new.attend(Worker("somebody", "1", NOW, NOW), NOW)
    with pytest.raises(errors.StoreBusy, match="somebody"):
        control.move(new, old, NOW)
    old.close()
    new.close()
