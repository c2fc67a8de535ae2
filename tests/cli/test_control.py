"""`monitor visit` says why no visit comes: a full disk, a name that is no source's, nobody who would make it."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from monitor import stores
from monitor.cli import control
from monitor.errors import NotFound
from monitor.operations import control as operations


@pytest.fixture
def config(tmp_path: Path) -> Path:
    written = tmp_path / "config.toml"
    written.write_text('[service]\nstate = "m.db"\n[[source]]\nid = "a"\nurl = "https://a.example/feed"\n')
    stores.open_store(f"{tmp_path}/m.db").close()
    return written


def test_a_full_disk_is_named_at_once(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(stores, "is_held", lambda _: True)
    monkeypatch.setattr(operations, "room", lambda _: 0.0)
    monkeypatch.setattr(control, "ROOM_S", 0)
    with pytest.raises(typer.Exit):
        control.visit("a", config)
    assert "not visited: the disk is full" in capsys.readouterr().err


def test_a_wrong_name_is_said_also_where_no_daemon_runs(config: Path) -> None:
    with pytest.raises(NotFound):
        control.visit("nope", config)
