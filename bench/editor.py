"""What an editor expects of single headlines, run over the whole lane: `python -m bench.editor`.

Each case of ../shared/cases/editor.jsonl about relevance is a seed, perhaps earlier headlines, and one headline that is
or is not a follow-up. All are one replay, the very one that users have: a case is a story with sources of its own.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.quality_sets import SHARED, rows
from monitor.core import revisions

CASES = SHARED / "cases/editor.jsonl"
REPLAY_S_MAX = 300


def configuration(cases: Sequence[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """A configuration with a story a case, and their headlines, those before the judged one first, in time order."""
    tables, recording = [], []
    for number, case in enumerate(cases):
        headlines = [*case.get("before", ()), case["entry"]]
        sources = sorted({f"c{number}-{row['source']}" for row in headlines})
        for source in sources:
            tables.append(f'[[source]]\nid = "{source}"\nname = "{source}"\nurl = "https://{source}.example/feed"\n')
        title = json.dumps(case["seed"].split("\n")[0])
        tables.append(
            f'[[story]]\nid = "c{number}"\ntitle = {title}\nsources = {json.dumps(sources)}\n'
            f"seed_text = {json.dumps(case['seed'])}\n"
        )
        for place, row in enumerate(headlines):
            last = place == len(headlines) - 1
            source, name = f"c{number}-{row['source']}", f"c{number}-{'judged' if last else place}"
            recording.append(row | {"source": source, "id": name, "url": f"https://{source}.example/{name}"})
    return "".join(tables), sorted(recording, key=lambda row: row["at"])


def decided(cases: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The decision on each case's headline, by the name of the case."""
    config, recording = configuration(cases)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "config.toml").write_text(config, "utf-8")
        (place / "entries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in recording), "utf-8")
        command = [sys.executable, "-m", "monitor", "replay", "entries.jsonl", "--config", "config.toml"]
        subprocess.run(
            [*command, "--decisions", "made.jsonl"], cwd=place, check=True, stdout=subprocess.DEVNULL,
            timeout=REPLAY_S_MAX,
        )  # fmt: skip
        made = [json.loads(line) for line in (place / "made.jsonl").read_text("utf-8").splitlines()]
    return {row["story"]: row for row in made if row["entry"] == f"{row['story']}-judged"}


def revised() -> dict[str, list[bool]]:
    """Whether two versions of an article get the verdict that an editor gives, by kind; what is wrong is printed.

    What is expected begins with the verdict, and may name in quotes what must not be told as a fact of its own.
    """
    found = defaultdict[str, list[bool]](list)
    for case in rows(CASES):
        if not case["kind"].startswith(("revision/", "correction/")):
            continue
        told = revisions.compare(case["old"], case["new"])
        verdict = "touch" if told.verdict == "none" else told.verdict
        forbidden = re.findall(r"'([^']+)'", case["expected"].partition("must not list")[2])
        listed = {change.after for change in told.changes if change.kind not in ("headline", "text")}
        wanted, _, allowed = case["expected"].partition("(or revision with ")
        also = bool(allowed) and verdict == "revision" and all(fact in allowed for fact in listed)
        right = also or (verdict == re.split(r"\W", wanted)[0] and listed.isdisjoint(forbidden))
        found[case["kind"]].append(right)
        if not right:
            print(f"  expected {case['expected']}, {verdict} {sorted(listed)}: {case['old']} -> {case['new']}")
    return found


def show(name: str, found: Mapping[str, list[bool]]) -> None:
    """Print one line a kind and the sum."""
    for kind, results in sorted(found.items()):
        print(f"{kind}: {sum(results)} of {len(results)}")
    every = [one for results in found.values() for one in results]
    print(f"{name}: {sum(every)} of {len(every)}, {sum(every) / max(1, len(every)):.0%}")


def main() -> None:
    """Print what is wrong, then one line a kind and the sum."""
    cases: list[dict[str, Any]] = [case for case in rows(CASES) if case["kind"].startswith("relevance")]
    made, found = decided(cases), defaultdict(list)
    for number, case in enumerate(cases):
        decision = made.get(f"c{number}", {})
        right = decision.get("follow_up", False) == (case["expected"] == "follow-up")
        found[case["kind"]].append(right)
        if not right:
            print(f"  expected {case['expected']}, score {decision.get('score', 0):.2f}: {case['entry']['title']}")
    show("relevance", found)
    show("revisions", revised())


if __name__ == "__main__":
    main()
