"""The file of a state: where it may lie, which process holds it, and whose it is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from monitor import data, errors
from monitor.deferred import Deferred

if TYPE_CHECKING:
    import filelock
else:
    filelock = Deferred("filelock")


def refuse_network(path: str) -> None:
    """Refuse a state on a network file system, whose locks SQLite cannot trust; unknown systems pass."""
    kind = file_system(path)
    if kind in data.words("network_file_systems"):
        raise errors.StoreError(f"{path} is on a network file system ({kind}); SQLite needs a local disk")


def file_system(path: str, mounts: str = "/proc/self/mountinfo") -> str:
    """The kind of file system that holds a path, as the kernel names it; empty where it does not say."""
    try:
        lines = Path(mounts).read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        place = Path(path).absolute().resolve()
    except OSError:
        return ""
    best, kind = -1, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        point = before.split(" ")[4].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
        if place.is_relative_to(point) and len(point) >= best:
            best, kind = len(point), after.split(" ")[0]
    return kind


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
