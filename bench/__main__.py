"""`make bench`: what polling, storing, replaying and delivering cost. The quality of decisions is `make quality`."""

from __future__ import annotations

import runpy
import sys

for module, *arguments in (
    ("bench.start_up",), ("bench.poll",), ("bench.recordings", "gesab-rnz"), ("bench.delivery", "latency"),
    ("bench.delivery", "backlog", "6000"), ("bench.many_stories",), ("bench.peers",),
):  # fmt: skip
    print(f"== {' '.join((module, *arguments))}", flush=True)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__")
