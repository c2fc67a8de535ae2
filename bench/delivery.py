"""Delivery against real peers: faults, kills, a long outbox, and how soon an alert is on its way.

python -m bench.delivery matrix             every fault of a mail host and of a webhook receiver
python -m bench.delivery kill [KILLS [N]]   kill -9 at random (seeded) while N alerts are delivered
python -m bench.delivery backlog [N]        N deliveries that wait, for three endpoints of which one hangs
python -m bench.delivery latency [SECONDS]  ten alerts a second through the daemon's engine
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.channels import killing, matrix


async def run_matrix() -> int:
    """Print one line a case; how many were not as promised."""
    wrong = 0
    print(f"{'case':46} {'outcome':>10} {'attempts':>8} {'copies':>6} {'lasted':>16}  as promised")
    for kind, cases, run in (("mail", matrix.MAIL, matrix.run_mail), ("webhook", matrix.HOOK, matrix.run_hook)):
        for case in cases:
            with tempfile.TemporaryDirectory() as folder:
                result = await run(case, Path(folder))
            outcome = result.state + (", off" if result.off else "")
            verdict = "; ".join(result.problems) or "yes"
            lasted = str(result.lasted).partition(".")[0]
            print(
                f"{kind + ': ' + case.name:46.46} {outcome:>10} {result.attempts:>8} {result.copies:>6} {lasted:>16}  "
                f"{verdict}", flush=True,
            )  # fmt: skip
            wrong += bool(result.problems)
    print(f"{len(matrix.MAIL) + len(matrix.HOOK)} cases, {wrong} not as promised")
    return wrong


def run_kill(kills: int = 1000, alerts: int = 10_000) -> int:
    """Print the toll; 1 where a promise was broken."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        toll = killing.reap(str(Path(folder) / "monitor.db"), alerts, kills, seed=20261125)
    print(
        f"{toll.alerts} alerts on 2 channels, {toll.kills} kill -9: {toll.lost} lost, {toll.foreign} under other ids, "
        f"{toll.duplicates} duplicates (promised: at most {toll.duplicates_max}), most copies of one: "
        f"{toll.copies_most}, states {dict(toll.states)}, state sound: {toll.sound}; {time.monotonic() - began:.0f} s"
    )
    return int(bool(toll.lost or toll.foreign or not toll.sound or toll.duplicates > toll.duplicates_max))


def main() -> int:
    """Run what the first word names."""
    word, *numbers = sys.argv[1:] or ["matrix"]
    counts = [int(number) for number in numbers]
    if word == "matrix":
        return asyncio.run(run_matrix())
    if word == "kill":
        return run_kill(*counts)
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main())
