"""Putting a copy in the place of a SQLite state: checked first, the old one kept, its -wal never replayed onto it.

A copy that is merely laid over a state after a crash meets the `-wal` of the old one, which SQLite replays onto it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from monitor.errors import CopyUnfit, StoreCorrupt, StoreError, StoreTooNew
from monitor.stores.sqlite import SqliteDatabase, translated, uri_of
from monitor.stores.state_file import hold, owned_alike

SIDES = ("-wal", "-shm")


def restore(path: str, copy: str, now: datetime) -> str:
    """Put `copy` in the place of the state at `path`; where the old one is kept, "" where there was none.

    StoreBusy beside a running daemon; CopyUnfit or StoreTooNew for a copy that is not sound, with nothing changed.
    """
    if not Path(copy).is_file():
        raise StoreError(f"{copy}: there is no such file")
    if Path(path).exists() and Path(path).samefile(copy):
        raise StoreError(f"{copy} is the state itself; name a copy that `monitor backup` made")
    lock = hold(path)
    draft = Path(path).with_name(f".{Path(path).name}.restored.{os.getpid()}")
    try:
        _drop(draft)
        _check(copy, draft)
        owned_alike(str(draft), path)
        _synced(draft)
        kept = _set_aside(Path(path), now)
        draft.replace(path)
        _synced(Path(path).absolute().parent)
        return kept
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}") from error
    finally:
        _drop(draft)
        lock.release()


def _check(copy: str, draft: Path) -> None:
    """Draw the copy, and see that it is sound, ours, and brought to this version's schema.

    What is wrong is said of the copy: what to do with a state that is damaged is no advice here.
    """
    try:
        _draw(copy, draft)
        SqliteDatabase(str(draft), check=True).close()
    except (StoreCorrupt, StoreTooNew) as error:
        cause = str(error.args[0]).replace(str(draft), copy)
        if isinstance(error, StoreTooNew):
            raise StoreTooNew(cause) from error
        raise CopyUnfit(cause.partition("; ")[0]) from error


def _draw(copy: str, draft: Path) -> None:
    """What the copy holds, its own -wal included where it has one, in one file that only its owner can read."""
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with (
        translated(copy),
        closing(sqlite3.connect(uri_of(copy, readonly=True), uri=True)) as source,
        closing(sqlite3.connect(draft)) as target,
    ):
        source.backup(target)


def _set_aside(path: Path, now: datetime) -> str:
    """Give the old state, with its -wal and -shm, another name; its own is never without a file meanwhile."""
    if not path.exists():
        for side in SIDES:
            Path(f"{path}{side}").unlink(missing_ok=True)
        return ""
    kept = path.with_name(f"{path.name}.before-{now:%Y%m%dT%H%M%SZ}")
    try:
        os.link(path, kept)
    except OSError:  # a file system without hard links
        shutil.copy2(path, kept)
    for side in SIDES:
        with suppress(FileNotFoundError):
            Path(f"{path}{side}").replace(f"{kept}{side}")
    return str(kept)


def _drop(draft: Path) -> None:
    for side in ("", *SIDES):
        Path(f"{draft}{side}").unlink(missing_ok=True)


def _synced(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
