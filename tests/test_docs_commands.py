"""Every command that the documentation names, fenced or in a sentence, is run: on a watch with news, over loopback."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests import postgres
from tests.cli.command import monitor
from tests.data_at import ROOT
from tests.loopback import Mailbox, Newsstand, free_port, rss
from tests.test_docs import FENCE, PAGES, SPAN
from tests.test_docs_run import Desk
from tests.watched import TERMINAL, entry

COMMAND = re.compile(r"(?:^|[ /])monitor (-{0,2}[a-z][^|;&]*(?:\|[^ |;&][^|;&]*)*)")
REDIRECTED = re.compile(r"\s(?:\d?>|#).*")
# What a verb takes where a sentence names it alone.
NEEDED = {
    "add": "ARTICLE",
    "explain": "ENTRY",
    "backup": "FILE",
    "restore": "FILE",
    "diff": "OLD NEW",
    "search": "TEXT",
}
# What stands for the one or the other, and what is run for it.
SYNOPSES = {
    "pause SOURCE|STORY": ("pause SOURCE", "pause STORY"),
    "resume SOURCE|STORY|CHANNEL": ("resume SOURCE", "resume STORY", "resume CHANNEL"),
    "export opml|jsonl|labels|bundle [STORY]": ("export opml", "export jsonl", "export labels", "export bundle STORY"),
    "explain [ENTRY]": ("explain ENTRY", "explain --story STORY"),
    "redeliver [ALERT]": ("redeliver ALERT", "redeliver --dead"),
    "alerts [ALERT]": ("alerts", "alerts ALERT"),
    "eval [LABELS]": ("eval", "eval LABELS"),
    "migrate --to": ("migrate --to FILE",),
    "--config FILE VERB": ("--config FILE sources",),
    "feedback ALERT|ENTRY WORD [ID]": (
        "feedback ALERT no", "feedback ALERT same-as OTHER", "feedback ALERT important", "feedback ENTRY yes",
        "feedback REPEAT new", "feedback REPEAT undo",
    ),
}  # fmt: skip
PLACES = {
    "STORY": "ferry", "SOURCE": "feed", "CHANNEL": "desk", "ID": "desk", "TEXT": "ferry", "WORD": "no",
    "ARTICLE": "article.txt", "OLD": "old.txt", "NEW": "new.txt", "LABELS": "labels.jsonl", "RECORDING": "recording",
}  # fmt: skip
FILES = {
    "import": "feeds.opml", "parse": "feed.xml", "backup": "copy.db", "restore": "kept.db", "migrate": "moved.db",
    "replay": "decisions.jsonl", "--config": "config.toml",
}  # fmt: skip
# What stays until it is ended, or acts on one that does: run by tests of their own.
STAYING = {"run", "worker", "mcp", "demo", "visit", "--install-completion"}
OF_OUTLETS = "https://post.example/feed/"


def named() -> dict[str, set[str]]:
    """By verb, what the pages name of it."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in PAGES:
        text = path.read_text("utf-8")
        lines = [line for _, block in FENCE.findall(text) for line in block.splitlines()]
        spans = [span for span in SPAN.findall(FENCE.sub("", text)) if span.startswith("monitor ")]
        for code in (*(line for line in lines if not line.lstrip().startswith(("#", '"'))), *spans):
            for words in COMMAND.findall(code):
                words = REDIRECTED.sub("", words).strip()
                found[words.split()[0]].add(words)
    return found


NAMED = named()


class Stage:
    """A watch with two alerts, a repeat, a miss and what else commands are given; each is run on a copy of it."""

    def __init__(self, folder: Path) -> None:
        self.stand, self.mailbox, self.folder = Newsstand(), Mailbox(), folder / "desk"
        self.folder.mkdir()
        self.port = free_port()
        channels = f"""{TERMINAL}
[http]
listen = "127.0.0.1:{self.port}"
public_url = "https://desk.example"
[hooks]
allow_private = ["127.0.0.1:{self.stand.port}"]
[service]
contact = "mailto:desk@example.org"
[[channel]]
id = "desk"
type = "webhook"
url = "{self.stand.url}/hook"
[[channel]]
id = "mail"
type = "email"
host = "127.0.0.1"
port = {self.mailbox.port}
tls = "none"
from = "monitor@example.org"
to = ["desk@example.org"]
"""
        self.desk = Desk(self.folder, self.stand, channels)
        self._files()

    def _files(self) -> None:
        feed = rss("Harbor Post", [entry(1, "Inquiry into the sinking of the Aldermoor")])
        self.stand.feeds["/post.xml"] = feed
        (self.folder / "feed.xml").write_bytes(feed)
        recording = self.folder / "recording" / "feed"
        recording.mkdir(parents=True)
        (recording / "20261101T100000Z.xml").write_bytes(feed)
        (self.folder / "article.txt").write_text(
            "Bridge at Melk falls\n\n3 May 2026\n\nThe bridge fell into the river.\n"
        )
        (self.folder / "old.txt").write_text("Two people were hurt at Melk.\n")
        (self.folder / "new.txt").write_text("Three people were hurt at Melk.\n")
        outline = f'<outline type="rss" text="Post" xmlUrl="{self.stand.url}/post.xml"/>'
        (self.folder / "feeds.opml").write_text(f'<opml version="2.0"><body>{outline}</body></opml>')
        self.run(["feedback", self.desk.alert, "no"], self.folder)
        labels = self.run(["export", "labels"], self.folder)
        (self.folder / "labels.jsonl").write_text(labels)
        self.run(["backup", "kept.db"], self.folder)

    def filled(self, words: list[str], database: str) -> list[str]:
        """A command with what its placeholders stand for."""
        places = PLACES | {
            "ALERT": self.desk.alert, "OTHER": self.desk.other, "ENTRY": self.desk.miss, "REPEAT": self.desk.repeat,
            "FILE": FILES.get(words[0], "FILE"),
        }  # fmt: skip
        if words[0] == "feedback" and "new" in words:
            places["ENTRY"] = self.desk.repeat
        made = [places.get(word, word).replace(OF_OUTLETS, f"{self.stand.url}/post.xml") for word in words]
        made = ["melk" if words[0] == "add" and word == "ferry" else word for word in made]  # that one is watched
        made = [FILES[words[0]] if word.startswith("/backup/") else word for word in made]
        return [database if word.startswith("postgresql://") else word for word in made]

    def run(self, words: list[str], folder: Path) -> str:
        """Run it there as a reader would; what it printed."""
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            patch.setenv("HOME", str(folder))
            answer = monitor(*words)
        assert answer.code == 0, (words, answer)
        return answer.out


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = Stage(tmp_path_factory.mktemp("stage"))
    yield made
    made.stand.close()
    made.mailbox.close()


@pytest.fixture
def here(stage: Stage, tmp_path: Path) -> Path:
    """A copy of the watch."""
    return Path(shutil.copytree(stage.folder, tmp_path / "desk"))


def test_commands_are_found_and_no_synopsis_is_left_over() -> None:
    assert sum(map(len, NAMED.values())) > 80
    assert not [form for form in SYNOPSES if form not in NAMED[form.split()[0]]]


@pytest.mark.parametrize("verb", sorted(set(NAMED) - STAYING))
def test_it_runs_as_written(stage: Stage, tmp_path: Path, request: pytest.FixtureRequest, verb: str) -> None:
    forms = [each for text in sorted(NAMED[verb]) for each in SYNOPSES.get(text, (text,))]
    for number, form in enumerate(forms):
        words = shlex.split(form)
        words += NEEDED.get(verb, "").split() if len(words) == 1 else []
        folder = Path(shutil.copytree(stage.folder, tmp_path / str(number)))
        if words[-1] == "undo":
            stage.run(stage.filled([*words[:-1], "no"], ""), folder)  # there must be something to take back
        if "postgresql://" in form:
            with postgres.database(request.getfixturevalue("postgres_server")) as empty:
                stage.run(stage.filled(words, empty), folder)
        else:
            stage.run(stage.filled(words, ""), folder)


class Staying:
    """A command that stays until it is ended, with what it prints."""

    def __init__(self, folder: Path, *words: str, **environ: str) -> None:
        self.printed = folder / f"{words[0]}.log"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "monitor", *words], cwd=folder, stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | environ, stdout=self.printed.open("w"),
        )  # fmt: skip

    def until(self, ready: Callable[[], bool]) -> Staying:
        """Wait for it to be ready."""
        end = time.monotonic() + 60
        while True:
            try:
                if ready():
                    return self
            except httpx.HTTPError:
                pass
            assert self.process.poll() is None, self.printed.read_text()
            assert time.monotonic() < end, self.printed.read_text()
            time.sleep(0.1)

    def end(self, by: signal.Signals, code: int) -> None:
        """As its keeper ends it."""
        self.process.send_signal(by)
        assert self.process.wait(30) == code, self.printed.read_text()


def live(port: int) -> bool:
    return httpx.get(f"http://127.0.0.1:{port}/livez").status_code == 200


def test_the_daemon_runs_and_visits_when_asked(stage: Stage, here: Path) -> None:
    assert NAMED["run"] == {"run"}
    daemon = Staying(here, "run").until(lambda: live(stage.port))
    for form in NAMED["visit"]:
        assert "feed" in stage.run(stage.filled(form.split(), ""), here)
    daemon.end(signal.SIGTERM, 0)


def test_a_worker_shares_a_state_in_postgresql(stage: Stage, here: Path, postgres_url: str) -> None:
    assert NAMED["worker"] == {"worker", "worker --listen ADDRESS:PORT"}
    shared, port = {"MONITOR_SERVICE__STATE": postgres_url}, free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(*next(iter(shared.items())))
        stage.run(["migrate"], here)
        worker = Staying(here, "worker", "--listen", f"127.0.0.1:{port}", **shared).until(lambda: live(port))
        worker.until(lambda: bool(json.loads(stage.run(["workers", "--json"], here))["workers"]))
        worker.end(signal.SIGTERM, 0)


def test_an_assistant_is_answered(here: Path) -> None:
    asked = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "a", "version": "1"}}}  # fmt: skip
    for form in NAMED["mcp"]:
        words = ["config.toml" if word == "/srv/monitor/config.toml" else word for word in form.split()]
        done = subprocess.run(
            [sys.executable, "-m", "monitor", *words], cwd=here, env=os.environ | {"PYTHONPATH": str(ROOT)}, text=True,
            input=json.dumps(asked) + "\n", capture_output=True, timeout=60, check=True,
        )  # fmt: skip
        assert json.loads(done.stdout.splitlines()[0])["result"]["serverInfo"]


def test_the_demonstration_plays_to_its_end(tmp_path: Path) -> None:
    assert NAMED["demo"] == {"demo"}
    playing = Staying(tmp_path, "demo", "--speed", "1000", "--port", "0")
    assert playing.process.wait(60) == 0
    assert playing.printed.read_text().count("CORRECTION") == 1


def test_completion_is_installed(tmp_path: Path) -> None:
    assert NAMED["--install-completion"] == {"--install-completion", "--install-completion bash"}
    program = tmp_path / "monitor"  # it is completed by the name that it was called by
    program.write_text("from monitor.cli import main\n\nmain()\n")
    words = [sys.executable, str(program), "--install-completion", "bash"]
    environ = os.environ | {"HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    subprocess.run(words, env=environ, check=True, capture_output=True, timeout=60)
    assert "_MONITOR_COMPLETE" in "".join(path.read_text() for path in tmp_path.rglob("*.sh"))
