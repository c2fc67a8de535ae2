"""Real servers on loopback, each in a folder of its own, gone afterwards; installed where they are missing."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

WAIT_S = 20
NOBODY = "nobody"


def program(name: str, package: str) -> str:
    """The path of a program; the test is skipped, and says why, where it neither is nor can be installed."""
    for attempt in range(2):
        if found := shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin"):
            return found
        if attempt or os.geteuid() or not shutil.which("apt-get"):
            break
        with FileLock(Path(tempfile.gettempdir()) / "monitor-tests-install.lock"):
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
            environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
            patient = ["-o", "DPkg::Lock::Timeout=300"]  # seconds: another test may be installing its own
            for words in (["update"], ["install", *patient, "--yes", "--no-install-recommends", package]):
                subprocess.run(["apt-get", *words], env=environment, timeout=300, **quiet)  # type: ignore[call-overload]
    pytest.skip(f"{name} is not on this machine, and the package {package} could not be installed")


@contextmanager
def folder(prefix: str) -> Iterator[Path]:
    """A folder that a server without rights can read and write."""
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)
        if os.geteuid() == 0:
            shutil.chown(made, NOBODY)
        yield Path(made)


@contextmanager
def running(words: Sequence[str], port: int, *, as_root: bool = False) -> Iterator[None]:
    """A server without rights, or one that takes them off itself, until it listens and until the test is done."""
    user = pwd.getpwnam(NOBODY).pw_uid if os.geteuid() == 0 and not as_root else None
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, user=user)
    try:
        if not listens(port, process):
            process.kill()
            raise AssertionError(f"{words[0]} does not listen: {process.communicate()[0][-800:]}")
        yield
    finally:
        process.terminate()
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def listens(port: int, process: subprocess.Popen[str] | None = None) -> bool:
    """Does something answer there in time?"""
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end and (process is None or process.poll() is None):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.05)
    return False
