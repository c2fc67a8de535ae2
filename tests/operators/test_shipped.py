"""What is shipped for operators says what the program takes: the container, compose, Kubernetes, systemd."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from monitor import config
from tests.data_at import ROOT

DEPLOY = ROOT / "deploy"
FILES = ("Containerfile", "compose.yaml", "kubernetes.yaml", "monitor.service")


@pytest.mark.parametrize("name", FILES)
def test_every_variable_is_a_setting(name: str, tmp_path: Path) -> None:
    """A twin that the program does not know would keep the container from starting."""
    text = (DEPLOY / name).read_text("utf-8")
    found = dict(re.findall(r"(MONITOR_[A-Z]+__[A-Z_]+)(?:=|, value: )([^\s\\}]+)", text))
    assert found or name == "compose.yaml"
    loaded = config.parse("[http]\ntoken_env = 'T'\n", tmp_path / "config.toml", {**found, "T": "t"})
    assert loaded.document.http.enabled


def test_the_container_is_nobody_on_a_root_that_it_cannot_write() -> None:
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    assert re.search(r"^USER [1-9]\d{3,}:", text, re.M)
    assert "--require-hashes" in text and "/livez" in text
    for folder in re.findall(r"^COPY (?!--from)(.+)", text, re.M):
        assert all((ROOT / name).exists() for name in folder.split()[:-1]), folder
    compose, cluster = ((DEPLOY / name).read_text("utf-8") for name in ("compose.yaml", "kubernetes.yaml"))
    assert "read_only: true" in compose and "cap_drop: [ALL]" in compose
    assert "readOnlyRootFilesystem: true" in cluster and "runAsNonRoot: true" in cluster
    assert re.search(r"livenessProbe: \{ httpGet: \{ path: /livez", cluster)


def test_the_unit_is_one_that_systemd_reads(tmp_path: Path) -> None:
    path = shutil.which("systemd-analyze")
    if path is None:
        pytest.skip("systemd-analyze is not on this machine")
    unit = (DEPLOY / "monitor.service").read_text("utf-8")
    (tmp_path / "monitor.service").write_text(unit.replace("/opt/monitor/.venv/bin/monitor", "/bin/true"))
    done = subprocess.run(
        [path, "verify", "--man=no", str(tmp_path / "monitor.service")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    wrong = [line for line in done.stderr.splitlines() if "monitor.service" in line]
    assert not wrong, wrong
