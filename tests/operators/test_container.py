"""The container's instructions, carried out where no engine is: unprivileged, on a root that cannot be written."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.data_at import ROOT
from tests.operators.servers import program

DEPLOY = ROOT / "deploy"
SCRIPT = Path(__file__).with_name("container.sh")
CONFIG = """
[service]
contact = "mailto:desk@desk.example"
[http]
token_file = "/run/secrets/monitor_token"
"""


def instructions() -> tuple[dict[str, str], list[str]]:
    """The variables and the health check of the image."""
    text = (DEPLOY / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    (block,) = re.findall(r"^ENV (.*)$", text, re.M)
    (check,) = re.findall(r"^HEALTHCHECK .*?CMD (\[.*\])$", text, re.M)
    return dict(re.findall(r"(\w+)=(\S+)", block)), json.loads(check)


def behind_a_closed_door(path: Path) -> Path | None:
    """The folder above it that only its owner may enter, such as root's home."""
    shut = [folder for folder in path.parents if not folder.stat().st_mode & 0o001]
    return shut[-1] if shut else None


def test_it_runs_healthy_as_nobody_on_a_root_that_it_cannot_write(tmp_path: Path) -> None:
    for name in ("unshare", "setpriv"):
        if os.geteuid() or shutil.which(name) is None:
            pytest.skip(f"only root can make namespaces, with {name}")
    if ROOT.is_relative_to("/tmp"):
        pytest.skip("this checkout lies in /tmp, where a container has a folder of its own")
    if subprocess.run(["unshare", "--mount", "--net", "true"], capture_output=True, timeout=20, check=False).returncode:
        pytest.skip("this machine lets nobody make namespaces")
    variables, check = instructions()
    assert check[:2] == ["python", "-c"]
    variables["PATH"] = variables["PATH"].replace("$PATH", "/usr/local/bin:/usr/bin:/bin")
    readable = {(behind_a_closed_door(path), path) for path in (Path(sys.base_prefix).resolve(), ROOT)}
    files = {
        "config.toml": CONFIG, "token": "a-token-of-the-test\n", "health.py": check[2],
        "environment": "".join(f"{name}={value}\n" for name, value in variables.items()),
        "readable": "".join(f"{shut} {path}\n" for shut, path in readable if shut),
    }  # fmt: skip
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        ["unshare", "--mount", "--net", "--propagation", "private", "sh", str(SCRIPT), str(tmp_path), sys.prefix],
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "healthy as 10001, files: monitor.db" in done.stdout
    assert "ended well" in done.stdout


@pytest.mark.parametrize(("name", "part"), [("compose", "127.0.0.1:8765:8765"), ("compose.workers", "replicas: 3")])
def test_compose_reads_its_file(name: str, part: str, tmp_path: Path) -> None:
    compose = program("docker-compose", "docker-compose")
    shutil.copytree(DEPLOY, tmp_path / "deploy")
    done = subprocess.run(
        [compose, "-f", str(tmp_path / f"deploy/{name}.yaml"), "config"],
        env=os.environ | {"PGPASSWORD": "a password"}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "read_only: true" in done.stdout and part in done.stdout
