"""A real PostgreSQL server on loopback for the tests of one session: its own folder, its own port, gone afterwards.

`TEST_PG_DSN` names a server to use instead. initdb refuses root, so that the server runs as another user then.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

USERS = ("postgres", "nobody")
WAIT_S = 60


def programs() -> Path | None:
    """The folder of initdb and pg_ctl; installed by the system's packages where it can be."""
    for attempt in range(2):
        known = [Path(found).resolve().parent for found in filter(None, [shutil.which("pg_ctl")])]
        known += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
        for folder in known:
            if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
                return folder
        if attempt or os.geteuid() or not shutil.which("apt-get"):
            return None
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        patient = ["-o", "DPkg::Lock::Timeout=300"]  # seconds: another test may be installing its own
        install = ["apt-get", "install", *patient, "--yes", "--no-install-recommends", "postgresql"]
        for words in (["apt-get", "update"], install):
            subprocess.run(words, env=environment, timeout=300, **quiet)  # type: ignore[call-overload]
    return None


@contextmanager
def server(host: str = "127.0.0.1", settings: str = "") -> Iterator[str]:
    """The address of a running server with these further options; the test is skipped where there can be none."""
    if given := os.environ.get("TEST_PG_DSN"):
        yield given
        return
    folder = programs()
    if folder is None:
        pytest.skip("no PostgreSQL server on this machine, and none could be installed")
    user = next(name for name in USERS if _exists(name)) if os.geteuid() == 0 else ""
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as place:
        data = Path(place) / "data"
        if user:
            shutil.chown(place, user)
        with socket.socket() as probe:
            probe.bind((host, 0))
            port = probe.getsockname()[1]
        options = f"-p {port} -c listen_addresses={host} -c unix_socket_directories={place} -c fsync=off {settings}"
        _run(user, folder / "initdb", "-D", data, "-A", "trust", "-U", "monitor", "--no-sync", "-E", "UTF8")
        with (data / "pg_hba.conf").open("a") as rules:
            rules.write("host all all samenet trust\n")
        _run(user, folder / "pg_ctl", "-D", data, "-w", "-t", WAIT_S, "-l", f"{place}/log", "-o", options, "start")
        try:
            yield f"postgresql://monitor@{host}:{port}/postgres"
        finally:
            _run(user, folder / "pg_ctl", "-D", data, "-m", "immediate", "stop")


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _run(user: str, *words: object) -> None:
    done = subprocess.run(
        list(map(str, words)), user=user or None, extra_groups=[] if user else None, cwd="/", stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=WAIT_S * 2, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{words[0]}: {done.stderr}"


@contextmanager
def database(address: str) -> Iterator[str]:
    """The address of an empty schema of its own."""
    name = f"t{uuid4().hex[:12]}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")  # type: ignore[call-overload]
    yield f"{address}?options=-csearch_path%3D{name}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {name} CASCADE")  # type: ignore[call-overload]


@contextmanager
def read_only(address: str) -> Iterator[None]:
    """Whatever begins on the whole server writes nothing, as on a standby."""
    with psycopg.connect(address, autocommit=True) as server:

        def set_to(state: str) -> None:
            server.execute(f"ALTER SYSTEM SET default_transaction_read_only = {state}")  # type: ignore[call-overload]
            server.execute("SELECT pg_reload_conf()")
            while True:  # a session hears of it when it begins, or a moment later
                with psycopg.connect(address) as other:
                    if other.execute("SHOW default_transaction_read_only").fetchall() == [(state,)]:
                        return

        server.execute("SET default_transaction_read_only = off")
        try:
            set_to("on")
            yield
        finally:
            set_to("off")
