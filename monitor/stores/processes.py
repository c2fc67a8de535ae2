"""Which process holds a lease: what one that has ended held is taken back at once by who begins on its machine."""

from __future__ import annotations

import hashlib
import os
import platform
from contextlib import suppress
from functools import cache
from pathlib import Path

MACHINE = ("/etc/machine-id", "/proc/sys/kernel/random/boot_id")  # one of them is enough: a sandbox may hide the other
NUMBERS = "/proc/self/ns/pid"  # processes whose numbers count in the same space see the same link
STARTED = 19  # place of the start (ticks since the machine's) among what follows the name in /proc/PID/stat (proc(5))


def ours() -> str:
    """A word for this process, unlike any other's: of its machine, its number, its start. "" where it has none."""
    place, started = _place(), _started(os.getpid())
    return f"{place}-{os.getpid()}-{started}" if place and started else ""


def has_ended(process: str) -> bool:
    """Whether a process is known to be there no more; what ran elsewhere, or cannot be told, counts as running.

    Of another user's process a sandbox may show nothing; that it is there is then said by the refusal of a signal.
    """
    place, _, rest = process.partition("-")
    number, _, started = rest.partition("-")
    if not started or place != _place():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return _started(int(number)) not in ("", started)


@cache
def _place() -> str:
    """A word for the machine and the space in which processes are numbered here; "" where neither can be told apart."""
    machine = [text for name in MACHINE if (text := _read(name).strip())]
    with suppress(OSError):
        numbers = str(Path(NUMBERS).readlink())
        if machine:
            return hashlib.sha256("\0".join((*machine, platform.node(), numbers)).encode()).hexdigest()[:16]
    return ""


def _started(number: int) -> str:
    fields = _read(f"/proc/{number}/stat").rpartition(")")[2].split()
    return fields[STARTED] if len(fields) > STARTED else ""


def _read(name: str) -> str:
    with suppress(OSError):
        return Path(name).read_text(encoding="utf-8", errors="replace")
    return ""
