"""A daemon that is told to stop stops, whatever it is about to decide; the state is whole afterwards."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

from monitor.runtime.dispatcher import STOPPED
from monitor.stores import open_store
from tests.publisher import Answer, Publisher, Request, Watch, feed

PROGRAM = """
import asyncio, sys, threading
from pathlib import Path
from monitor import config, serve
from monitor.app.build import build
from monitor.metrics import Metrics

async def stop():
    app = build(config.parse("", Path(sys.argv[1]), {}), None, Metrics(), exclusive=True)
    began = threading.Event()

    def decide():
        with app.store.deciding(["dam"]):
            app.store.set_setting("half", "done")
            began.set()
            threading.Event().wait()

    asyncio.get_running_loop().run_in_executor(None, decide)
    await asyncio.to_thread(began.wait)
    serve.CLOSE_S = 0.2
    await serve.close(app)

asyncio.run(stop())
"""


def test_a_decision_without_end_is_left_undone(tmp_path: Path) -> None:
    words = [sys.executable, "-c", PROGRAM, str(tmp_path / "config.toml")]
    ran = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr
    store = open_store(str(tmp_path / "state" / "monitor.db"), exclusive=True)
    assert store.setting("half") == ""
    store.close()


def test_a_pass_that_is_told_to_end_records_what_it_was_sending(tmp_path: Path, paper: Publisher) -> None:
    """As Ctrl-C does: without it the delivery would stand as begun until its lease ran out."""
    asked, answering = threading.Event(), threading.Event()

    def hook(_: Request) -> Answer:
        asked.set()
        answering.wait(60)
        return Answer()

    paper.paths |= {"/a": Answer(feed(1)), "/hook": hook}
    watch = Watch(tmp_path, {"a": paper.url("/a")})
    text = watch.config_text().replace(
        'type = "console"\nmode = "digest"', f'type = "webhook"\nurl = "{paper.url("/hook")}"'
    )
    (tmp_path / "config.toml").write_text(f'{text}[hooks]\nallow_private = ["127.0.0.0/8"]\n')
    with subprocess.Popen(
        [sys.executable, "-m", "monitor", "poll"], cwd=tmp_path, stdout=subprocess.DEVNULL
    ) as running:
        assert asked.wait(60)
        running.terminate()
        assert running.wait(60) == 128 + signal.SIGTERM
    answering.set()
    store = open_store(str(tmp_path / "state" / "monitor.db"))
    (delivery,) = store.alerts()[0][1]
    assert (delivery.state, delivery.attempts, delivery.error) == ("retrying", 1, STOPPED.detail)
    store.close()
