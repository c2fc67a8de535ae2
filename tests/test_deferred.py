"""A module that two threads ask for at once is whole for both."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest

from monitor.deferred import Deferred

SLOW = """from tests.test_deferred import begun, go_on
begun.set()
go_on.wait(30)
answer = 42
"""
begun, go_on = threading.Event(), threading.Event()


def test_half_a_module_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "imported_slowly.py").write_text(SLOW)
    monkeypatch.syspath_prepend(tmp_path)
    slow = Deferred("imported_slowly")
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(lambda: slow.answer)
        assert begun.wait(30)
        second = threads.submit(lambda: slow.answer)
        wait([second], 0.2)  # it fails at once, or waits
        go_on.set()
        assert (first.result(), second.result()) == (42, 42)
    del sys.modules["imported_slowly"]
