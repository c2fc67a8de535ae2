"""A machine that is gone without a word, under a server's default settings: a real link, cut while it holds a story."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest

from bench.machines import NETWORK, machines
from monitor.model import Worker
from monitor.stores import open_store
from tests import postgres

OUT_S = 60.0  # what others may have to wait for it (set by issue 15)
# What the machine is about when it goes.
ABOUT = {
    "thinks": "time.sleep(600)",
    "speaks": "wire.send_query_params(b'SELECT 1', None); wire.send_flush_request(); wire.flush(); time.sleep(600)",
    "is answered": "store._database.rows('SELECT repeat(chr(120), 100000000), pg_sleep(2)')",
}
HOLDER = """
import sys, time
from monitor.stores import open_store
store = open_store(sys.argv[1])
with store.deciding(["bridge"]):
    wire = store._database._writing.session._connection.pgconn
    if "flush" in sys.argv[2]:
        wire.enter_pipeline_mode()
    print("holds", flush=True)
    exec(sys.argv[2])
"""


@pytest.mark.trial
@pytest.mark.parametrize("about", ABOUT)
def test_a_machine_that_is_gone_without_a_word_is_out_within_a_minute(about: str) -> None:
    if os.geteuid() or shutil.which("ip") is None:
        pytest.skip("only root can cut a link, with ip")
    with machines() as names, postgres.server(f"{NETWORK}.1") as admin, postgres.database(admin) as state:
        store = open_store(state)
        command = ["ip", "netns", "exec", names[0], sys.executable, "-c", HOLDER, state, ABOUT[about]]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
            try:
                assert holder.stdout and holder.stdout.readline() == "holds\n"
                time.sleep(1)  # it is about it now
                subprocess.run(["ip", "link", "set", names[0], "down"], check=True)
                began, free = time.monotonic(), threading.Event()
                others = threading.Thread(target=_decide, args=(state, free))
                others.start()
                while not free.wait(5):  # and meets the others meanwhile, as each worker does
                    store.attend(Worker("w", "1", store.now(), store.now()), store.now() - timedelta(seconds=30))
                assert time.monotonic() - began < OUT_S
                others.join()
            finally:
                holder.kill()
        store.close()


def _decide(state: str, free: threading.Event) -> None:
    """As another worker does, waiting for as long as it takes."""
    store = open_store(state)
    with store.deciding(["bridge"]):
        free.set()
    store.close()
