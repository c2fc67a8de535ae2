"""A copy put in the place of a state: after a crash, beside a daemon, over nothing; and copies that are none."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from monitor import errors
from monitor.stores import SqlStore, copies, open_store, restore
from tests.stores.made import MINUTE, NOW, outcome, source

CRASH = """
import os, signal, sys
from datetime import timedelta
from monitor.stores import open_store
from tests.stores.made import NOW, outcome
store = open_store(sys.argv[1])
for number in range(100, 400):
    store.record([outcome(number, at=NOW + timedelta(hours=number))])
os.kill(os.getpid(), signal.SIGKILL)
"""


def opened(path: Path) -> SqlStore:
    store = open_store(str(path))
    store.sync_sources([source()], NOW)
    return store


def entries(path: Path) -> int:
    store = opened(path)
    try:
        assert store.check() == []
        return len(store.alerts(limit=10_000))
    finally:
        store.close()


@pytest.fixture
def crashed(tmp_path: Path) -> tuple[Path, Path]:
    """A state with three alerts, its backup, and the state after many more and kill -9."""
    state, copy = tmp_path / "monitor.db", tmp_path / "copy.db"
    store = opened(state)
    store.record([outcome(1, 2, 3)])
    store.backup(str(copy))
    store.close()
    done = subprocess.run([sys.executable, "-c", CRASH, str(state)], cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == -signal.SIGKILL
    assert Path(f"{state}-wal").stat().st_size > 0
    return state, copy


def test_after_a_crash_the_stale_wal_does_not_meet_the_copy(crashed: tuple[Path, Path]) -> None:
    state, copy = crashed
    kept = restore(str(state), str(copy), NOW)
    assert entries(state) == 3
    assert Path(f"{kept}-wal").exists()
    assert entries(Path(kept)) == 303, "nothing of the old state is lost either"
    assert entries(copy) == 3, "the copy can be restored again"
    assert state.stat().st_mode & 0o077 == 0
    again = restore(str(state), str(copy), NOW + MINUTE)
    assert again != kept


def test_laying_the_copy_over_it_by_hand_is_what_this_saves_from(crashed: tuple[Path, Path]) -> None:
    state, copy = crashed
    shutil.copy(copy, state)
    with pytest.raises(errors.StoreCorrupt) as refusal:
        entries(state)
    assert "monitor restore FILE" in str(refusal.value)
    assert "-wal and -shm" in str(refusal.value)
    restore(str(state), str(copy), NOW)
    assert entries(state) == 3


def test_beside_a_daemon_it_is_refused(crashed: tuple[Path, Path]) -> None:
    state, copy = crashed
    daemon = open_store(str(state), exclusive=True)
    with pytest.raises(errors.StoreBusy, match=str(os.getpid())):
        restore(str(state), str(copy), NOW)
    daemon.close()
    restore(str(state), str(copy), NOW)


def test_where_there_is_no_state_the_copy_becomes_one(crashed: tuple[Path, Path], tmp_path: Path) -> None:
    new = tmp_path / "new" / "monitor.db"
    new.parent.mkdir()
    Path(f"{new}-wal").write_bytes(b"left over")
    assert restore(str(new), str(crashed[1]), NOW) == ""
    assert entries(new) == 3


@pytest.mark.parametrize("what", ["text", "torn", "empty", "missing", "itself", "of another program"])
def test_a_copy_that_is_none_changes_nothing(crashed: tuple[Path, Path], tmp_path: Path, what: str) -> None:
    state, copy = crashed
    wrong = tmp_path / "wrong.db"
    if what == "text":
        wrong.write_text("not a database " * 1000)
    elif what == "torn":
        wrong.write_bytes(copy.read_bytes()[:-8192])
    elif what == "empty":
        wrong.write_bytes(b"")
    elif what == "itself":
        wrong = state
    elif what == "of another program":
        sqlite3.connect(wrong).execute("CREATE TABLE other (id TEXT)").connection.close()
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(errors.StoreError) as refusal:
        restore(str(state), str(wrong), NOW)
    assert str(wrong) in str(refusal.value)
    assert not any(word in str(refusal.value) for word in (".restored.", "put the newest backup", "as the state"))
    assert type(refusal.value) is (errors.StoreError if what in ("missing", "itself") else errors.CopyUnfit)
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.endswith(".lock")) == before
    assert entries(state) == 303


def test_a_copy_of_a_newer_monitor_is_named(crashed: tuple[Path, Path]) -> None:
    state, copy = crashed
    step = "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('monitor', 'of tomorrow', '')"
    with sqlite3.connect(copy) as connection:
        connection.execute(step)
    with pytest.raises(errors.StoreTooNew, match=f"{copy} has schema"):
        restore(str(state), str(copy), NOW)
    assert entries(state) == 303


def test_a_power_cut_between_two_steps_leaves_a_state(
    crashed: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    state, copy = crashed
    monkeypatch.setattr(copies, "_synced", lambda path: None)
    replace, done = Path.replace, []

    def cut(self: Path, target: Path | str) -> Path:
        done.append(target)
        if len(done) == len(SIDES_AND_STATE):
            raise KeyboardInterrupt
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", cut)
    with pytest.raises(KeyboardInterrupt):
        restore(str(state), str(copy), NOW)
    monkeypatch.undo()
    assert state.exists()
    restore(str(state), str(copy), NOW + MINUTE)
    assert entries(state) == 3


SIDES_AND_STATE = ("-wal", "-shm", "state")


def test_a_state_in_postgresql_is_restored_by_its_own_means(tmp_path: Path) -> None:
    with pytest.raises(errors.StoreError, match="pg_restore"):
        restore("postgresql://monitor@db.example/monitor", str(tmp_path / "copy.db"), NOW)
