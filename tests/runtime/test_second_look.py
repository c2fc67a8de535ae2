"""The reader's own judge: its opinion is shown beside near misses and sorts them; the same is told without it."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from monitor.app.build import App
from monitor.core.delivery import messages
from monitor.core.presentation import opinions
from monitor.errors import ConfigError, JudgeError
from monitor.model import Article, Destination, Story
from monitor.net.judge import CommandJudge
from monitor.operations.replaying import VirtualClock
from monitor.serve import Reporter
from tests.stores.made import HOUR, NOW, alert, delivery, sighting
from tests.web.test_api import client, opened


@dataclass
class Model:
    """An endpoint that answers as OpenAI's does, with what a test wants it to say."""

    says: str = '{"points": 80, "why": "It names the bridge. See https://evil.example/x"}'
    status: int = 200
    slow_s: float = 0.0
    asked: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                model.asked.append(body | {"authorization": self.headers.get("Authorization")})
                time.sleep(model.slow_s)
                answer = json.dumps({"choices": [{"message": {"content": model.says}}]}).encode()
                self.send_response(model.status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])


@pytest.fixture
def model() -> Iterator[Model]:
    made = Model()
    yield made
    made.server.shutdown()
    made.server.server_close()


def watch(folder: Path, model: Model, allowed: str = "") -> App:
    http = f"""enabled = true
[hooks]
allow_private = ["{allowed or f"127.0.0.1:{model.port}"}"]
[judge]
url = "http://127.0.0.1:{model.port}/v1/chat/completions"
model = "small"
token_env = "JUDGE"
timeout = "1s"
"""
    app = opened(folder, http, {"JUDGE": "key"})
    app.pipeline.clock = VirtualClock(NOW + HOUR)
    return app


@pytest.fixture
async def app(tmp_path: Path, model: Model) -> AsyncIterator[App]:
    made = watch(tmp_path, model)
    yield made
    await made.close()


async def asked(app: App) -> int:
    assert app.daemon.second_look
    return await app.daemon.second_look.near_misses(app.pipeline)


async def test_an_opinion_is_asked_for_once_kept_and_shown_and_decides_nothing(app: App, model: Model) -> None:
    before = (app.store.decisions(), app.store.delivery_counts(), app.store.memory("bridge", NOW, HOUR))
    assert (await asked(app), await asked(app)) == (1, 0)
    (question,) = model.asked
    assert (question["model"], question["authorization"]) == ("small", "Bearer key")
    text = question["messages"][1]["content"]
    assert "The bridge at Vess loses three spans" in text
    assert "Report 3" in text
    async with client(app) as browser:
        page = (await browser.get("/stories/bridge")).text
    assert "small thinks: <b>80 of 100</b>, It names the bridge. See" in page
    assert "evil" not in page
    assert (app.store.decisions(), app.store.delivery_counts(), app.store.memory("bridge", NOW, HOUR)) == before


@pytest.mark.parametrize("says", ["I would say yes.", '{"points": 900}', '{"points": "x"}', "[1]", "{" * 5000, ""])
async def test_an_answer_that_cannot_be_read_is_none_and_is_not_asked_for_again(
    app: App, model: Model, says: str
) -> None:  # fmt: skip
    model.says = says
    assert (await asked(app), await asked(app)) == (1, 0)
    async with client(app) as browser:
        assert "thinks" not in (await browser.get("/stories/bridge")).text


@pytest.mark.parametrize("change", [{"status": 500}, {"slow_s": 3.0}, {"says": "x" * 100_000}])
async def test_a_judge_that_fails_is_left_alone_for_a_while(app: App, model: Model, change: dict[str, Any]) -> None:
    for name, value in change.items():
        setattr(model, name, value)
    assert (await asked(app), await asked(app)) == (0, 0)
    assert len(model.asked) == 1
    assert app.store.setting("opinions:bridge") == ""
    for name, value in vars(Model).items():
        if name in change:
            setattr(model, name, value)
    app.pipeline.clock = VirtualClock(NOW + 2 * HOUR)
    assert await asked(app) == 1


async def test_it_is_reached_through_the_guarded_door_only(tmp_path: Path, model: Model) -> None:
    app = watch(tmp_path, model, allowed="127.0.0.1:1024")
    assert await asked(app) == 0
    assert app.daemon.second_look
    assert "allow_private" in app.daemon.second_look.problem
    assert model.asked == []
    await app.close()


PROGRAM = """
import json, os, sys, time
asked = json.load(sys.stdin)
assert set(os.environ) <= {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LC_CTYPE"}, os.environ
open("asked.json", "w").write(json.dumps(asked))
"""
POINTS = 'print(json.dumps({"points": 80, "why": "It names the bridge. See https://evil.example/x"}))'


async def commanded(folder: Path, says: str) -> tuple[App, int]:
    """A watch whose judge is a program, and how many near misses it was asked about."""
    (folder / "judge.py").write_text(PROGRAM + says)
    text = f"""enabled = true
[judge]
command = ["{sys.executable}", "judge.py"]
model = "mine"
timeout = "5s"
"""
    app = opened(folder, text)
    app.pipeline.clock = VirtualClock(NOW + HOUR)
    return app, await asked(app)


async def test_a_program_is_asked_and_decides_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SECRET", "of the daemon")
    app, count = await commanded(tmp_path, POINTS)
    assert (count, await asked(app)) == (1, 0)
    question = json.loads((tmp_path / "asked.json").read_text())
    assert (question["model"], "Report 3" in question["question"]) == ("mine", True)
    async with client(app) as browser:
        page = (await browser.get("/stories/bridge")).text
    assert "mine thinks: <b>80 of 100</b>, It names the bridge. See" in page
    assert "evil" not in page
    assert [made.verdict for made in app.store.decisions()].count(None) == 1, "the near miss is one still"
    await app.close()


@pytest.mark.parametrize(("says", "problem"), [
    ("sys.exit(3)", "ended with 3"), ("print('yes, I think so')", "no JSON"), ("print([1])", "no JSON object"),
    ("print('x' * 100_000)", "too long"), ("raise SystemExit(print('{') or 0)", "no JSON"),
])  # fmt: skip
async def test_a_program_that_fails_is_left_alone(tmp_path: Path, says: str, problem: str) -> None:
    app, count = await commanded(tmp_path, says)
    assert count == 0
    assert app.daemon.second_look
    assert problem in app.daemon.second_look.problem
    assert app.store.setting("opinions:bridge") == ""
    await app.close()


async def test_a_program_that_hangs_is_ended_with_what_it_started(tmp_path: Path) -> None:
    file = tmp_path / "judge.sh"
    file.write_text("#!/bin/sh\nsleep 600 &\necho $! > child\nwait\n")
    file.chmod(0o700)
    judge = CommandJudge(("./judge.sh",), tmp_path, "", 3)
    with pytest.raises(JudgeError, match="no answer within 3 s"):
        await judge.ask("rules", "question")
    child = Path(f"/proc/{(tmp_path / 'child').read_text().strip()}/stat")
    for _ in range(100):  # init, or whoever stands for it, buries it
        if not child.exists() or child.read_text().split()[2] == "Z":
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it lives on")


async def test_a_program_that_is_not_there_or_only_writes(tmp_path: Path) -> None:
    with pytest.raises(JudgeError, match="cannot be run"):
        await CommandJudge(("./none",), tmp_path, "", 3).ask("rules", "question")
    words = ("/bin/sh", "-c", """printf '{"answer": "Two spans were found sound."}'""")
    assert await CommandJudge(words, tmp_path, "", 30).ask("r", "q" * 200_000) == "Two spans were found sound."


async def test_one_judge_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="one of url and command"):
        opened(tmp_path, 'enabled = true\n[judge]\nurl = "http://127.0.0.1/v1"\ncommand = ["x"]\n')


async def test_without_a_url_there_is_none(tmp_path: Path) -> None:
    app = opened(tmp_path)
    assert app.daemon.second_look is None
    await app.close()


@pytest.mark.parametrize("answers", [True, False])
async def test_a_digest_begins_with_its_sentence_or_goes_out_without(app: App, model: Model, answers: bool) -> None:
    model.says, model.status = '"Two spans were found sound."\nwww.evil.example', 200 if answers else 503
    app.pipeline.watchlist.destinations = (Destination("desk", mode="digest"),)
    for name in ("8", "9"):
        made = alert(name)
        app.store.add_alert(made, [delivery(made, state="held", digest=True, next_at=NOW - HOUR)])
    assert app.daemon.second_look
    app.daemon.observer = Reporter(app.metrics)
    async with app.daemon.second_look.asking:  # near misses are another question
        await app.daemon.upkeep()
    (digest,) = [made for made, _ in app.store.alerts() if made.kind == "story.digest"]
    assert {item.alert for item in digest.items} >= {alert("8").id, alert("9").id}
    sentence = "In one sentence, by small: Two spans were found sound."
    assert (sentence in messages.text(digest, {})) is answers
    assert "evil" not in messages.text(digest, {})
    assert "The 8" in model.asked[0]["messages"][1]["content"]


def test_what_is_kept_is_bounded_and_sorts() -> None:
    many = {f"k{number}": opinions.Opinion(number % 101, "because", "small") for number in range(300)}
    text = opinions.kept(many)
    assert list(opinions.from_kept(text)) == [f"k{number}" for number in range(200, 300)]
    unsure, sure, against = None, opinions.Opinion(80, "", "s"), opinions.Opinion(10, "", "s")
    assert sorted([against, unsure, sure], key=opinions.rank) == [sure, unsure, against]
    assert len(opinions.sentence("word " * 500)) <= opinions.SENTENCE_CHARS_MAX
    assert sighting(3).entry.title in opinions.near_miss(_story(), sighting(3).entry)


def _story() -> Story:
    return Story("bridge", "The bridge", Article("The bridge falls", "Three spans fell. " * 500))
