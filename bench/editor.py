"""What an editor expects of single headlines, run over the whole lane: `python -m bench.editor`.

Each case of ../shared/cases/editor.jsonl about relevance is a seed, perhaps earlier headlines, and one headline that is
or is not a follow-up. The very replay that users have decides; every kind, and all together, is shown as a share.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.quality_sets import SHARED, rows

CASES = SHARED / "cases/editor.jsonl"
REPLAY_S_MAX = 120


def decided(case: dict[str, Any]) -> dict[str, Any]:
    """The decision on the case's headline, after those before it."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "seed.txt").write_text(case["seed"], "utf-8")
        title = json.dumps(case["seed"].split("\n")[0])
        (place / "config.toml").write_text(f'[[story]]\nid = "story"\ntitle = {title}\nseed = "seed.txt"\n', "utf-8")
        recording = [
            {"source": row["source"], "id": f"e{number}", "url": f"https://{row['source']}.example/{number}", **row}
            for number, row in enumerate([*case.get("before", ()), case["entry"]])
        ]
        (place / "entries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in recording), "utf-8")
        subprocess.run(
            [
                sys.executable, "-m", "monitor", "replay", "entries.jsonl", "--config", "config.toml", "--decisions",
                "decisions.jsonl",
            ],
            cwd=place, check=True, capture_output=True, timeout=REPLAY_S_MAX,
        )  # fmt: skip
        made: dict[str, Any] = {}
        for line in (place / "decisions.jsonl").read_text("utf-8").splitlines():
            decision = json.loads(line)
            if decision["entry"] == f"e{len(recording) - 1}":
                made = decision
        return made


def judged(cases: Iterable[dict[str, Any]]) -> dict[str, list[bool]]:
    """Whether each case came out as expected, by kind; what did not is printed."""
    found: dict[str, list[bool]] = defaultdict(list)
    for case in cases:
        made = decided(case)
        right = made.get("follow_up", False) == (case["expected"] == "follow-up")
        found[case["kind"]].append(right)
        if not right:
            print(f"  expected {case['expected']}, score {made.get('score', 0):.2f}: {case['entry']['title']}")
    return found


def main() -> None:
    """Print what is wrong, then one line a kind and the sum."""
    found = judged(case for case in rows(CASES) if case["kind"].startswith("relevance"))
    for kind, results in sorted(found.items()):
        print(f"{kind}: {sum(results)} of {len(results)}")
    every = [one for results in found.values() for one in results]
    print(f"relevance: {sum(every)} of {len(every)}, {sum(every) / len(every):.0%}")


if __name__ == "__main__":
    main()
