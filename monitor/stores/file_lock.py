"""The lock that keeps a second daemon from a state file: who holds it, and whether anybody does."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from monitor import errors
from monitor.deferred import Deferred

if TYPE_CHECKING:
    import filelock
else:
    filelock = Deferred("filelock")


def hold(path: str) -> filelock.FileLock:
    """The lock that keeps a second daemon from this state; the file names the holder."""
    Path(path).absolute().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (lock := _acquired(path)) is None:
        holder = Path(f"{path}.lock").read_text(encoding="ascii", errors="replace").strip() or "unknown"
        raise errors.StoreBusy(f"{path} is held by process {holder}")
    Path(lock.lock_file).write_text(f"{os.getpid()}\n", encoding="ascii")
    owned_alike(lock.lock_file, path)
    return lock


def held(path: str) -> bool:
    """Does a process hold this state now?"""
    if not Path(f"{path}.lock").exists():
        return False
    if lock := _acquired(path):
        lock.release()
    return lock is None


def _acquired(path: str) -> filelock.FileLock | None:
    """The lock of a state, given up by whichever thread closes it; None where somebody has it."""
    lock = filelock.FileLock(f"{path}.lock", mode=0o600, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        return None
    except OSError as error:
        raise errors.StoreFull(f"{lock.lock_file}: {error.strerror}") from error
    return lock


def owned_alike(made: str, path: str) -> None:
    """What root makes beside a state belongs to the state's owner, or to its folder's: a service opens it next."""
    if os.geteuid() == 0:
        model = Path(path) if Path(path).exists() else Path(path).absolute().parent
        os.chown(made, model.stat().st_uid, model.stat().st_gid)
