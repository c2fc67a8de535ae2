"""What a process that has ended held of a shared state is taken back at once; what others hold stays theirs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from monitor.stores import open_store, processes
from tests.stores.made import LEASE, MINUTE, NOW, alert, claim, delivery

CLAIMING = """import sys
from monitor.stores import open_store, processes
from tests.stores.made import LEASE, NOW, claim
for url in sys.argv[1:]:
    assert len(claim(open_store(url), NOW, 1, LEASE, 2)) == 1
print(processes.ours(), flush=True)
sys.stdin.read()"""


@contextmanager
def other(*urls: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The word for another process, which leases a delivery of each of these states."""
    words = [sys.executable, "-c", CLAIMING, *urls]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip(), process
        finally:
            process.kill()


def test_a_process_has_ended_when_it_is_gone_and_not_before() -> None:
    with other() as (word, process):
        assert word and word != processes.ours()
        assert not processes.has_ended(word)
        process.kill()
        process.wait()
        assert processes.has_ended(word)
    assert not processes.has_ended(processes.ours())


def test_whose_number_another_process_has_now_has_ended() -> None:
    place, number, started = processes.ours().split("-")
    assert processes.has_ended(f"{place}-{number}-{int(started) - 1}")


def test_of_another_machine_nothing_is_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    place, _, rest = processes.ours().partition("-")
    assert not processes.has_ended(f"{'0' * len(place)}-{rest}")
    assert not processes.has_ended("0123456789abcdef"), "a token of an earlier version"
    assert not processes.has_ended("")
    monkeypatch.setattr(processes, "MACHINE", (str(tmp_path / "none"),))
    processes._place.cache_clear()
    assert processes.ours() == "", "a machine without a word of its own"
    assert not processes.has_ended(f"{place}-1-1")
    monkeypatch.undo()
    processes._place.cache_clear()


def test_what_a_sandbox_hides_is_running(monkeypatch: pytest.MonkeyPatch) -> None:
    """ProtectProc=invisible shows nothing of another user's process, and refuses the signal."""

    def refuse(number: int, signal: int) -> None:
        raise PermissionError

    place, *_ = processes.ours().split("-")
    monkeypatch.setattr(os, "kill", refuse)
    assert not processes.has_ended(f"{place}-1-1")


def test_a_lease_of_a_process_that_is_gone_is_taken_back_and_a_living_ones_is_not(postgres_url: str) -> None:
    store = open_store(postgres_url)
    for number in ("1", "2", "3"):
        store.add_alert(alert(number), [delivery(alert(number))])
    assert len(claim(store, NOW, 1, LEASE, 3)) == 1
    with other(postgres_url) as (_, process):
        store.expire_leases(NOW)
        assert len(claim(store, NOW, 9, LEASE, 3)) == 1, "two are leased"
        process.kill()
        process.wait()
        store.expire_leases(NOW)
    assert claim(store, NOW, 9, LEASE, 3) == [], "an attempt that was lost"
    ((lost, _),) = claim(store, NOW + MINUTE, 9, LEASE, 3)
    assert (lost.attempts, lost.unknown) == (1, 1), "it may have arrived"
    store.close()
