"""What is shipped for operators says what the program takes: the container, compose, Kubernetes, systemd."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from monitor import config
from monitor.metrics import Metrics
from monitor.stores import is_shared
from tests.data_at import ROOT

DEPLOY = ROOT / "deploy"
WORKERS = ("compose.workers.yaml", "kubernetes.workers.yaml")
FILES = ("Containerfile", "compose.yaml", "kubernetes.yaml", "monitor.service", "monitor-worker@.service", *WORKERS)


@pytest.mark.parametrize("name", FILES)
def test_every_variable_is_a_setting(name: str, tmp_path: Path) -> None:
    """A twin that the program does not know would keep the container from starting."""
    text = (DEPLOY / name).read_text("utf-8")
    found = dict(re.findall(r"(MONITOR_[A-Z]+__[A-Z_]+)(?:=|, value: |: )([^\s\\}]+)", text))
    assert found or name == "compose.yaml"
    loaded = config.parse("[http]\ntoken_env = 'T'\n", tmp_path / "config.toml", {**found, "T": "t"})
    assert loaded.document.http.enabled


def test_the_container_is_nobody_on_a_root_that_it_cannot_write() -> None:
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    assert re.search(r"^USER [1-9]\d{3,}:", text, re.M)
    assert "--require-hashes" in text and "/livez" in text
    for folder in re.findall(r"^COPY (?!--from)(.+)", text, re.M):
        assert all((ROOT / name).exists() for name in folder.split()[:-1]), folder
    for compose, cluster in (("compose.yaml", "kubernetes.yaml"), WORKERS):
        compose, cluster = ((DEPLOY / name).read_text("utf-8") for name in (compose, cluster))
        assert "read_only: true" in compose and "cap_drop: [ALL]" in compose
        assert "readOnlyRootFilesystem: true" in cluster and "runAsNonRoot: true" in cluster
        assert re.search(r"livenessProbe: \{ httpGet: \{ path: /livez", cluster)


@pytest.mark.parametrize("name", WORKERS)
def test_workers_share_a_state_and_are_taken_as_they_are_called(name: str, tmp_path: Path) -> None:
    parts = list(yaml.safe_load_all((DEPLOY / name).read_text("utf-8")))
    if "services" in parts[0]:
        worker = parts[0]["services"]["worker"]
        words, variables, lock = worker["command"], dict(worker["environment"]), worker["build"]["args"]["LOCK"]
        assert "psycopg-binary==" in (ROOT / lock).read_text("utf-8")
        assert worker["deploy"]["replicas"] > 1
    else:
        (worker,) = parts[0]["spec"]["template"]["spec"]["containers"]
        words, variables = worker["args"], {each["name"]: each.get("value", "") for each in worker["env"]}
        assert parts[0]["kind"] == "Deployment" and parts[0]["spec"]["replicas"] > 1
    assert words[:2] == ["worker", "--listen"]
    settings = {key: value for key, value in variables.items() if key.startswith("MONITOR_")}
    loaded = config.parse("[http]\ntoken_env = 'T'\n", tmp_path / "config.toml", settings | {"T": "t"})
    assert is_shared(loaded.state_url()) and "PGPASSWORD" in variables
    assert loaded.listening(words[2]).endpoint.port == 8765, "which the image's health check asks"


def test_the_lock_with_postgresql_is_the_other_and_what_that_needs() -> None:
    pins = {name: set(re.findall(r"^[\w.-]+==\S+", (ROOT / f"requirements{name}.lock").read_text("utf-8"), re.M))
            for name in ("", "-postgres", "-dev")}  # fmt: skip
    assert pins[""] < pins["-postgres"]
    assert {pin.partition("==")[0] for pin in pins["-postgres"] - pins[""]} >= {"psycopg", "procrastinate"}
    assert pins["-postgres"] - pins[""] <= pins["-dev"]


@pytest.mark.parametrize("name", ["monitor.service", "monitor-worker@.service"])
def test_the_unit_is_one_that_systemd_reads(name: str, tmp_path: Path) -> None:
    path = shutil.which("systemd-analyze")
    if path is None:
        pytest.skip("systemd-analyze is not on this machine")
    unit = (DEPLOY / name).read_text("utf-8")
    one = tmp_path / name.replace("@", "@9001")
    one.write_text(unit.replace("/opt/monitor/.venv/bin/monitor", "/bin/true"))
    done = subprocess.run(
        [path, "verify", "--man=no", str(one)], capture_output=True, text=True, timeout=60, check=False
    )
    wrong = [line for line in done.stderr.splitlines() if one.name in line]
    assert not wrong, wrong


def test_a_worker_of_systemd_is_shut_in_as_the_daemon_is() -> None:
    daemon, worker = ((DEPLOY / f"monitor{name}.service").read_text("utf-8") for name in ("", "-worker@"))
    settings = [set(re.findall(r"^\w+=.*", text, re.M)) for text in (daemon, worker)]
    other = {line.partition("=")[0] for line in settings[0] ^ settings[1]}
    assert other == {"Description", "ExecStart", "StateDirectory", "StateDirectoryMode", "WorkingDirectory"}
    assert re.search(r"monitor worker --config /etc/monitor/config.toml --listen 127.0.0.1:%i$", worker, re.M)


RULES = DEPLOY / "prometheus" / "rules.yml"
METRIC = re.compile(r"\b(?:monitor|process)_[a-z_]+\b")


def expressions() -> list[str]:
    """Every expression of the dashboard and of the rules."""
    board = json.loads((DEPLOY / "grafana" / "dashboard.json").read_text("utf-8"))
    found = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    found += [each["expr"] for each in board["annotations"]["list"]]
    return [*found, *re.findall(r"expr: (.+)", RULES.read_text("utf-8"))]


def test_every_metric_that_is_watched_is_there() -> None:
    text = Metrics().text().decode()
    known = set(re.findall(r"^# TYPE (\S+)", text, re.M)) | {
        line.split("{")[0].split(" ")[0] for line in text.splitlines()
    }
    asked = {name for expression in expressions() for name in METRIC.findall(expression)}
    assert len(asked) >= 14
    assert asked <= known, asked - known
    for outcome in re.findall(r'outcome="(\w+)"', " ".join(expressions())):
        assert f'outcome="{outcome}"' in text, "a counter that begins with its first event has no increase"


def test_no_panel_lies_on_another_and_each_has_its_number() -> None:
    board = json.loads((DEPLOY / "grafana" / "dashboard.json").read_text("utf-8"))
    cells: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        at = panel["gridPos"]
        mine = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not mine & cells, panel["title"]
        assert at["x"] + at["w"] <= 24
        cells |= mine
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


@pytest.fixture
def promtool() -> str:
    path = shutil.which("promtool")
    if path is None:
        pytest.skip("promtool is not on this machine")
    return path


def ran(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_prometheus_reads_every_expression(promtool: str, tmp_path: Path) -> None:
    assert "SUCCESS" in ran(promtool, "check", "rules", str(RULES))
    plain = [each.replace("$__rate_interval", "5m") for each in expressions()]
    rules = [{"record": f"panel:{number}", "expr": each} for number, each in enumerate(plain)]
    (tmp_path / "panels.yml").write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}))
    assert f"{len(plain)} rules found" in ran(promtool, "check", "rules", str(tmp_path / "panels.yml"))


def test_the_rules_fire_when_they_should_and_are_silent_on_a_good_day(promtool: str, tmp_path: Path) -> None:
    """promtool plays series of a minute each through the rules."""
    good = {
        "up{job='monitor', instance='a'}": "1x400", "monitor_visits_total{instance='a', result='changed'}": "0+5x400",
        "monitor_sources{instance='a', state='ok'}": "40x400", "monitor_source_failing{instance='a'}": "1x400",
        "monitor_outbox_age_seconds{instance='a'}": "20x400", "monitor_errors_total{instance='a'}": "0x400",
        "monitor_delivery_attempts_total{instance='a', outcome='refused'}": "0x400",
        "monitor_config_ok{instance='a'}": "1x400", "monitor_gaps_total{instance='a'}": "0x400",
        "monitor_poll_lag_seconds_bucket{instance='a', le='300'}": "0+5x400",
        "monitor_poll_lag_seconds_bucket{instance='a', le='900'}": "0+5x400",
        "monitor_poll_lag_seconds_bucket{instance='a', le='+Inf'}": "0+5x400",
    }  # fmt: skip
    bad = {
        "MonitorDown": {"up{job='monitor', instance='a'}": "0x400"},
        "MonitorReadsNothing": {"monitor_visits_total{instance='a', result='changed'}": "7x400"},
        "MonitorDoesNotDeliver": {"monitor_outbox_age_seconds{instance='a'}": "4000x400"},
        "MonitorDeliveriesRefused": {
            "monitor_delivery_attempts_total{instance='a', outcome='refused'}": "0x280 1+0x120"
        },
        "MonitorSourcesFail": {"monitor_source_failing{instance='a'}": "20x400"},
        "MonitorLate": {"monitor_poll_lag_seconds_bucket{instance='a', le='300'}": "0+1x400"},
        "MonitorErrors": {"monitor_errors_total{instance='a'}": "0x280 3+0x120"},
        "MonitorConfigurationIgnored": {"monitor_config_ok{instance='a'}": "0x400"},
        "MonitorGaps": {"monitor_gaps_total{instance='a'}": "0+1x400"},
    }
    severities = dict(re.findall(r"alert: (\w+).*?severity: (\w+)", RULES.read_text("utf-8"), re.S))
    assert set(bad) == set(severities)
    tests = []
    for fired, changed in ((None, {}), *bad.items()):
        series = [{"series": name, "values": values} for name, values in (good | changed).items()]
        checks = [{"eval_time": "300m", "alertname": name, "exp_alerts": []} for name in bad if name != fired]
        tests.append({"interval": "1m", "input_series": series, "alert_rule_test": checks})
        if fired:
            job = ", job='monitor'" if fired == "MonitorDown" else ""
            extra = ", outcome='refused'" if fired == "MonitorDeliveriesRefused" else ""
            state = f"alertname='{fired}', alertstate='firing'"
            name = f"ALERTS{{{state}, instance='a', severity='{severities[fired]}'{job}{extra}}}"
            tests[-1]["promql_expr_test"] = [
                {"expr": f"ALERTS{{{state}}}", "eval_time": "300m", "exp_samples": [{"labels": name, "value": 1}]}
            ]
    file = tmp_path / "test.yml"
    file.write_text(json.dumps({"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": tests}))
    assert "SUCCESS" in ran(promtool, "test", "rules", str(file))


@pytest.mark.parametrize("name", ["monitor.service", "monitor-worker@.service"])
def test_a_wrong_configuration_is_not_tried_again(name: str, tmp_path: Path) -> None:
    """Every five seconds for ever it filled the log, and hid the first message."""
    unit = (DEPLOY / name).read_text("utf-8")
    wrong = tmp_path / "config.toml"
    wrong.write_text("[service]\nstat = 'x'\n")
    verb = next(line for line in unit.splitlines() if line.startswith("ExecStart=")).split()[1]
    done = subprocess.run([sys.executable, "-m", "monitor", verb, "--config", str(wrong)], timeout=60, check=False)
    assert f"\nRestartPreventExitStatus={done.returncode}\n" in unit and done.returncode
