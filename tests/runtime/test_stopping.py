"""A daemon that is told to stop stops, whatever it is about to decide; the state is whole afterwards."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from monitor.stores import open_store

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
