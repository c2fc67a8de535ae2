"""`make bench`: what polling, storing and replaying cost. The quality of decisions is `make quality`."""

from __future__ import annotations

import runpy
import sys

for module in ("bench.poll", "bench.recordings"):
    print(f"== {module}", flush=True)
    sys.argv = [module, "gesab-rnz"] if module == "bench.recordings" else [module]
    runpy.run_module(module, run_name="__main__")
