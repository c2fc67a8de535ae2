"""The lock that keeps a second daemon from a state file: who holds it, and whether anybody does."""

from __future__ import annotations

import os
from pathlib import Path

from filelock import FileLock, Timeout

from monitor import errors


def hold(path: str) -> FileLock:
    """The lock that keeps a second daemon from this state; the file names the holder."""
    Path(path).absolute().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(f"{path}.lock", mode=0o600, thread_local=False)  # given up by whichever thread closes the state
    try:
        lock.acquire(timeout=0)
    except Timeout:
        holder = Path(lock.lock_file).read_text(encoding="ascii", errors="replace").strip() or "unknown"
        raise errors.StoreBusy(f"{path} is held by process {holder}") from None
    except OSError as error:
        raise errors.StoreFull(f"{lock.lock_file}: {error.strerror}") from error
    Path(lock.lock_file).write_text(f"{os.getpid()}\n", encoding="ascii")
    owned_alike(lock.lock_file, path)
    return lock


def held(path: str) -> bool:
    """Does a process hold this state now?"""
    if not Path(f"{path}.lock").exists():
        return False
    lock = FileLock(f"{path}.lock", mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except OSError as error:
        raise errors.StoreFull(f"{lock.lock_file}: {error.strerror}") from error
    lock.release()
    return False


def owned_alike(made: str, path: str) -> None:
    """What root makes beside a state belongs to the state's owner, or to its folder's: a service opens it next."""
    if os.geteuid() == 0:
        model = Path(path) if Path(path).exists() else Path(path).absolute().parent
        os.chown(made, model.stat().st_uid, model.stat().st_gid)
