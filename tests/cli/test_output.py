"""Tables on a terminal: cut to its width, what other verbs are given last of all."""

from __future__ import annotations

import os
import shutil
import sys

import pytest

from monitor.cli import output

ROW = {"at": "2026-11-29T09:14:00Z", "alert": "axzd6xxcqn7mfz7vg", "title": "Dam: offices searched by prosecutors"}


@pytest.mark.parametrize(("room", "title"), [(80, ROW["title"]), (50, "Dam: offices…"), (45, "Dam: of…")])
def test_a_title_is_cut_before_an_id(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], room: int, title: str
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(shutil, "get_terminal_size", lambda: os.terminal_size((room, 24)))
    output.table([ROW], {"AT": "at", "ALERT": "alert", "TITLE": "title"}, "nothing")
    _, row = capsys.readouterr().out.splitlines()
    assert row == f"2026-11-29 09:14  axzd6xxcqn7mfz7vg  {title}"
