"""The daemon as a process: liveness, readiness, signals, one holder, a disk that fills, a login page for a feed."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.loopback import Newsstand, free_port, rss

SEED = """North Korea sends soldiers to Russia

3 February 2023

North Korea ordered its trading companies in Russia to pick soldiers and police for occupied Ukraine. The soldiers
are to rebuild houses in Ukraine, North Korean workers told reporters in Russia. North Korea had promised 800 workers.
"""


def entry(number: int, title: str) -> dict[str, str]:
    return {"id": str(number), "title": title, "url": f"https://example.org/{number}", "at": "2026-11-01T10:00:00Z"}


@pytest.fixture
def stand() -> Iterator[Newsstand]:
    made = Newsstand()
    made.feeds["/feed.xml"] = rss("Feed", [entry(1, "North Korean soldiers arrive in Russia's Kursk region")])
    yield made
    made.close()


class Daemon:
    """`monitor run` on a configuration of its own."""

    def __init__(
        self, folder: Path, stand: Newsstand, more: str = "", limit: Callable[[], None] | None = None, **options: Any
    ) -> None:
        self.folder, self.port = folder, free_port()
        self.config = folder / "config.toml"
        self.config.write_text(f"""
[service]
log = "json"
[fetch]
allow_private = ["127.0.0.1:{stand.port}"]
host_spacing = "0s"
follow_pages = false
[http]
listen = "127.0.0.1:{self.port}"
[[source]]
id = "feed"
url = "{stand.url}/feed.xml"
[[story]]
id = "nk"
title = "Soldiers"
seed_text = '''{SEED}'''
{more}
""")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "monitor", "run", "--config", str(self.config)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=limit,
            env=os.environ | options.get("environ", {}),
        )  # fmt: skip

    def get(self, path: str, wanted: int = 200, seconds: float = 60) -> httpx.Response:
        """The answer once it has the wanted status."""
        end = time.monotonic() + seconds
        while True:
            try:
                answer = httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=10)
                if answer.status_code == wanted or time.monotonic() > end:
                    return answer
            except httpx.HTTPError:
                if time.monotonic() > end or self.process.poll() is not None:
                    raise
            time.sleep(0.1)

    def until(self, path: str, words: str, seconds: float = 60) -> str:
        """The body once it contains the words."""
        end = time.monotonic() + seconds
        while words not in (text := self.get(path).text):
            assert time.monotonic() < end, text
            time.sleep(0.1)
        return text

    def stop(self) -> tuple[int, str]:
        """SIGTERM; the exit code and what it logged."""
        self.process.send_signal(signal.SIGTERM)
        _, logged = self.process.communicate(timeout=35)
        return self.process.returncode, logged


@pytest.fixture
def daemon(tmp_path: Path, stand: Newsstand) -> Iterator[Daemon]:
    made = Daemon(tmp_path, stand)
    yield made
    made.process.kill()
    made.process.communicate()


def test_it_lives_reads_reports_and_stops(daemon: Daemon) -> None:
    assert daemon.get("/livez").text == "ok\n"
    assert daemon.get("/readyz").json()["ready"] is True
    assert 'monitor_visits_total{result="changed"} 1.0' in daemon.until("/metrics", 'result="changed"} 1.0')
    assert "Where this story stands: 1 development so far" in daemon.until("/", "Where this story stands")
    assert "arrive in Russia" in daemon.get("/stories/nk").text
    began = time.monotonic()
    code, logged = daemon.stop()
    assert (code, time.monotonic() - began < 10) == (0, True), logged
    assert '"event": "stopped"' in logged


def test_a_feed_that_hangs_does_not_keep_it_from_ending(tmp_path: Path, stand: Newsstand) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = f"127.0.0.1:{silent.getsockname()[1]}"
        environ = {"MONITOR_FETCH__ALLOW_PRIVATE": f"127.0.0.1:{stand.port}, {place}"}
        made = Daemon(tmp_path, stand, f'[[source]]\nid = "silent"\nurl = "http://{place}/"\n', environ=environ)
        try:
            made.until("/metrics", 'result="changed"')
            began = time.monotonic()
            code, logged = made.stop()
        finally:
            made.process.kill()
        assert (code, time.monotonic() - began < 12) == (0, True), logged


def test_a_second_daemon_is_refused(daemon: Daemon) -> None:
    daemon.get("/livez")
    second = subprocess.run(
        [sys.executable, "-m", "monitor", "poll", "--config", str(daemon.config)],
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert second.returncode != 0
    assert str(daemon.process.pid) in second.stderr
    assert second.stderr.count("\n") == 1, "one line, no traceback"


def test_a_wrong_reload_keeps_the_old_configuration(daemon: Daemon) -> None:
    daemon.get("/livez")
    right = daemon.config.read_text()
    daemon.config.write_text(right.replace("host_spacing", "host_spacings"))
    daemon.process.send_signal(signal.SIGHUP)
    assert "monitor_config_ok 0.0" in daemon.until("/metrics", "monitor_config_ok 0.0")
    assert daemon.get("/readyz").status_code == 200
    daemon.config.write_text(right + "\n[[source]]\nid = 'other'\nurl = 'https://other.example/feed'\n")
    daemon.process.send_signal(signal.SIGHUP)
    assert "monitor_config_ok 1.0" in daemon.until("/metrics", "monitor_config_ok 1.0")
    assert "other.example" in daemon.until("/sources", "/sources/other")


def test_a_paused_story_is_paused_when_the_verb_says_so(daemon: Daemon, stand: Newsstand) -> None:
    daemon.until("/", "Where this story stands:")
    assert verb(daemon, "pause", "nk", "--json") == {"story": "nk", "paused": True}
    stand.feeds["/feed.xml"] = rss("Feed", [entry(2, "North Korean workers leave Russia for occupied Ukraine")])
    assert verb(daemon, "visit", "feed", "--json")["entries_new"] == 1
    assert [row["kind"] for row in verb(daemon, "alerts", "--json")] == ["story.baseline"]
    daemon.config.write_text(
        daemon.config.read_text().replace('listen = "', 'public_url = "https://m.example"\nlisten = "')
    )
    refused = subprocess.run(
        [sys.executable, "-m", "monitor", "resume", "nk", "--config", str(daemon.config)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert refused.returncode == 1
    assert "the running daemon refuses the configuration: " in refused.stderr
    assert "[http] change only with a restart" in refused.stderr
    assert "[http] change only with a restart" in daemon.get("/settings").text, "the page says why"


def test_a_login_page_removes_nothing(daemon: Daemon, stand: Newsstand) -> None:
    daemon.until("/", "Where this story stands:")
    daemon.stop()
    stand.feeds["/feed.xml"] = b"<!doctype html><html><body><form><input type=password></form></body></html>"
    rows = verb(daemon, "poll", "--all", "--json")
    assert (rows["failed"], rows["entries_new"], rows["alerts"]) == (1, 0, 0)
    (source,) = verb(daemon, "sources", "--json")
    assert (source["state"], source["error"], source["entries"]) == ("failing", "challenge", 1)
    stand.feeds["/feed.xml"] = rss("Feed", [entry(1, "North Korean soldiers arrive in Russia's Kursk region")])
    assert verb(daemon, "poll", "--all", "--json")["entries_new"] == 0


def verb(daemon: Daemon, *words: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "monitor", *words, "--config", str(daemon.config)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_full_disk_is_said_and_survived(tmp_path: Path, stand: Newsstand) -> None:
    """Files may not grow past 400 KiB: writes fail as on a full disk; nothing is sent that was not recorded."""

    def small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (400 * 1024, resource.RLIM_INFINITY))

    stand.feeds["/feed.xml"] = rss("Feed", [entry(n, f"Entry {n} " + "word " * 150) for n in range(1500)])
    hook = f"[[channel]]\nid = 'desk'\ntype = 'webhook'\nurl = '{stand.url}/hook'\n"
    daemon = Daemon(tmp_path, stand, f"[hooks]\nallow_private = ['127.0.0.1:{stand.port}']\n{hook}", small_disk)
    try:
        answer = daemon.get("/readyz", wanted=503)
        assert answer.status_code == 503
        assert "disk" in answer.text.lower()
        assert daemon.get("/livez").status_code == 200
        assert stand.hooks == []
        # Room again: it goes on by itself.
        resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert daemon.get("/readyz", wanted=200).status_code == 200
        assert "monitor_entries_new_total 1500.0" in daemon.until("/metrics", "monitor_entries_new_total 1500.0", 30)
    finally:
        daemon.process.kill()
        daemon.process.communicate()


@pytest.mark.parametrize(
    ("file", "words"), [("empty.txt", "empty"), ("photo.jpg", "image"), ("missing.txt", "No such file")]
)
def test_an_article_that_is_none_gets_one_clear_line(tmp_path: Path, file: str, words: str) -> None:
    if file == "empty.txt":
        (tmp_path / file).write_text("")
    if file == "photo.jpg":
        (tmp_path / file).write_bytes(b"\xff\xd8\xff\xe0\0\0JFIF" * 100)
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "add", file, "--dry-run"],
        capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 1
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


CANARY = "CANARYcanaryCANARYcanaryCANARYcanary"


def test_no_secret_is_logged_or_served(tmp_path: Path, stand: Newsstand, monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets of a webhook, a source and the endpoint, while delivery fails and a reload goes wrong."""
    import base64

    stand.hook_status = 500
    signing = "whsec_" + base64.b64encode(CANARY.encode()).decode()
    for name, value in (("HOOK_SECRET", signing), ("PAGE_TOKEN", CANARY + "token"), ("FEED_PASSWORD", CANARY + "feed")):
        monkeypatch.setenv(name, value)
    hook = f"[[channel]]\nid = 'desk'\ntype = 'webhook'\nurl = '{stand.url}/hook'\nsecret_env = 'HOOK_SECRET'\n"
    feed = f"[[source]]\nid = 'closed'\nurl = '{stand.url}/feed.xml'\nusername = 'u'\npassword_env = 'FEED_PASSWORD'\n"
    allowed = f"[hooks]\nallow_private = ['127.0.0.1:{stand.port}']\n"
    monkeypatch.setenv("MONITOR_HTTP__TOKEN_ENV", "PAGE_TOKEN")
    daemon = Daemon(tmp_path, stand, allowed + feed + hook)
    bearer = {"Authorization": f"Bearer {CANARY}token"}
    try:
        assert daemon.get("/livez").status_code == 200
        address = f"http://127.0.0.1:{daemon.port}"
        for path in ("/", "/readyz", "/metrics", "/style.css", "/stories/nk", "/feed/nk.atom", "/alerts/x", "/none"):
            assert httpx.get(address + path).status_code == 401, path
        end = time.monotonic() + 60
        while not stand.hooks and time.monotonic() < end:
            time.sleep(0.1)
        assert stand.hooks, "the alert was tried"
        pages = [httpx.get(address + path, headers=bearer).text for path in ("/", "/metrics", "/stories/nk", "/readyz")]
        for name in (
            "monitor_poll_lag_seconds",
            "monitor_visits_total{result=",
            "monitor_outbox_pending ",
            "monitor_outbox_age_seconds ",
            "monitor_alerts_total{kind=",
            "monitor_source_failing ",
            "monitor_config_ok ",
        ):
            assert name in pages[1], name
        daemon.config.write_text(daemon.config.read_text().replace("'HOOK_SECRET'", "'HOOK_SECRT'"))
        daemon.process.send_signal(signal.SIGHUP)
        while "monitor_config_ok 0.0" not in pages[-1] and time.monotonic() < end + 10:
            pages.append(httpx.get(f"{address}/metrics", headers=bearer).text)
        assert "monitor_config_ok 0.0" in pages[-1]
        said = Path(f"/proc/{daemon.process.pid}/cmdline").read_text()
        code, logged = daemon.stop()
        assert (code, "HOOK_SECRT is not set" in logged) == (0, True), logged
        for text in (said, logged, *pages):
            assert CANARY not in text
            assert signing.removeprefix("whsec_") not in text
    finally:
        daemon.process.kill()
        daemon.process.communicate()


def test_a_source_is_visited_when_somebody_asks(tmp_path: Path, stand: Newsstand) -> None:
    """`monitor visit` asks the daemon and says what came of it; without a daemon, or for no such source, it says so."""
    stand.feeds["/feed.xml"] = rss("Feed", [])
    daemon = Daemon(tmp_path, stand)

    def visit(name: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "monitor", "visit", name, "--config", str(daemon.config)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    daemon.get("/readyz")
    asked = len(stand.requests)
    done = visit("feed")
    assert (done.returncode, done.stdout) == (0, "feed: ok, 0 new entries\n"), done
    assert len(stand.requests) > asked
    stand.feeds["/feed.xml"] = rss("Feed", [{"id": "e1", "title": "Quay closes", "at": "2026-01-01T10:00:00+00:00"}])
    assert visit("feed").stdout == "feed: ok, 1 new entry\n"
    del stand.feeds["/feed.xml"]
    done = visit("feed")
    assert done.returncode == 1
    assert "404" in done.stdout
    assert visit("none").returncode == 1
    daemon.stop()
    done = visit("feed")
    assert done.returncode == 1
    assert "no daemon runs" in done.stderr
