"""deploy/monitor.service, its settings tried for real as far as a machine without a running systemd allows."""

from __future__ import annotations

import configparser
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.command import process
from tests.data_at import ROOT
from tests.loopback import free_port

UNIT = ROOT / "deploy/monitor.service"
EXPOSURE_MAX = 2.0
# What systemd would do before it starts the program: a private mount namespace with everything read-only but the state,
# no privileges and none to be had, no memory that is both written and executed (PR_SET_MDWE), files for the owner only.
SANDBOX = """
import ctypes, os, sys
state, *command = sys.argv[1:]
os.umask(0o077)
libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(65, 1, 0, 0, 0) and ctypes.get_errno() != 22:
    sys.exit("no PR_SET_MDWE")
os.chdir(state)
os.execvp(command[0], command)
"""
NAMESPACE = 'mount --make-rprivate / && mount --bind "$1" "$1" && mount -o remount,bind,ro / && shift && exec "$@"'


class Unit(configparser.RawConfigParser):
    """The unit's settings; of a name given twice the last one is seen."""

    def optionxform(self, optionstr: str) -> str:
        return optionstr


@pytest.fixture
def unit() -> Unit:
    made = Unit(strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    made.read(UNIT)
    return made


def test_nothing_about_the_state_is_said_in_the_unit_alone(unit: Unit) -> None:
    """Else a shell that reads the same configuration looks at another state."""
    environment = unit["Service"]["Environment"].split()
    assert [each for each in environment if not each.startswith("MONITOR_SERVICE__LOG")] == []
    config = Path(unit["Service"]["ExecStart"].split("--config ")[1])
    assert config.parent == Path("/var/lib") / unit["Service"]["StateDirectory"], "the page may write there"
    assert config.parent == Path(unit["Service"]["WorkingDirectory"])


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze")
def test_systemd_finds_it_sound_and_little_exposed(tmp_path: Path) -> None:
    text = UNIT.read_text("utf-8").replace("/opt/monitor/.venv/bin/monitor", sys.executable)
    copy = tmp_path / "monitor.service"
    copy.write_text(text)
    found = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)
    assert [line for line in found.stderr.splitlines() if "monitor.service" in line] == []
    scored = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", copy],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    (line,) = [line for line in scored.stdout.splitlines() if "Overall exposure" in line]
    assert float(line.split("monitor.service: ")[1].split()[0]) <= EXPOSURE_MAX


@pytest.fixture
def state() -> Iterator[Path]:
    """A folder outside /tmp, as the state directory is."""
    if os.geteuid() or not all(map(shutil.which, ("unshare", "mount", "setpriv"))):
        pytest.skip("root, unshare, mount and setpriv are needed")
    folder = Path(tempfile.mkdtemp(prefix="monitor-unit-", dir="/var/lib"))
    yield folder
    shutil.rmtree(folder)


def sandboxed(state: Path, *words: str) -> list[str]:
    """The command under the unit's settings."""
    inner = ["setpriv", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", sys.executable, "-c", SANDBOX]
    return ["unshare", "--mount", "sh", "-c", NAMESPACE, "sh", str(state), *inner, str(state), *words]


def test_service_shell_and_page_reach_one_configuration_and_one_state(state: Path, tmp_path: Path) -> None:
    port, config = free_port(), state / "config.toml"
    config.write_text(f'[http]\nlisten = "127.0.0.1:{port}"\n')
    (state / "article.txt").write_text("The bridge of Lidd falls\n\nThe bridge of Lidd fell into the river.\n")
    trial = subprocess.run(sandboxed(state, "true"), capture_output=True, text=True, check=False)
    if trial.returncode:
        pytest.skip(f"this machine does not allow it: {trial.stderr.strip()}")
    address = str(state / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
        notified.bind(address)
        notified.settimeout(60)
        service = subprocess.Popen(
            sandboxed(state, sys.executable, "-m", "monitor", "run", "--config", str(config)),
            env=os.environ | {"NOTIFY_SOCKET": address, "MONITOR_SERVICE__LOG": "json"}, cwd=state,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert notified.recv(100) == b"READY=1"
            assert httpx.get(f"http://127.0.0.1:{port}/", timeout=20).status_code == 200
            wrote = subprocess.run(
                sandboxed(state, sys.executable, "-m", "monitor", "add", "article.txt", "--config", str(config)),
                capture_output=True, text=True, check=False, cwd=state,
            )  # fmt: skip
            assert wrote.returncode == 0, wrote.stderr
            elsewhere = subprocess.run(
                sandboxed(state, "touch", str(tmp_path / "written")), capture_output=True, check=False
            )  # fmt: skip
            assert elsewhere.returncode != 0, "the rest of the machine is read-only"
            shell = process("sources", "--config", config)
            assert shell.code == 0, shell.err
            assert "bridge" in process("stories", "--config", config).out
        finally:
            service.send_signal(signal.SIGTERM)
            _, logged = service.communicate(timeout=40)
        assert service.returncode == 0, logged
    assert {path.name for path in state.glob("state/*.db")} == {"monitor.db"}


def test_what_root_makes_beside_a_state_belongs_to_its_owner(state: Path) -> None:
    config = state / "config.toml"
    config.write_text("")
    for verb in (["poll"], ["backup", state / "copy.db"]):
        assert process(*verb, "--config", config).code == 0
    shutil.chown(state / "state", 65534, 65534)
    for path in (state / "state").iterdir():
        shutil.chown(path, 65534, 65534)
    (state / "state/monitor.db.lock").unlink()
    for verb in (["poll"], ["restore", state / "copy.db"], ["poll"]):
        answer = process(*verb, "--config", config)
        assert answer.code == 0, answer.err
    owners = {path.name: path.stat().st_uid for path in (state / "state").iterdir()}
    assert set(owners.values()) == {65534}, owners
