"""What an editor expects of single headlines, run over the whole lane: `python -m bench.editor`.

A case about relevance, novelty or phases is a seed, perhaps earlier headlines, and one headline; one about revisions
two versions. All are one replay, the very one that users have: a case is a story with sources of its own. Beside
../shared/cases/editor.jsonl two sets of the same kinds were invented by somebody who had not read the code
(tests/stories/editor/README.md): what is wrong in the open one is printed, of the kept one only sums are.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.quality_sets import ROOT, SHARED, rows
from monitor.core import revisions

SETS = {
    "shared": SHARED / "cases/editor.jsonl", "open": ROOT / "tests/stories/editor/open.jsonl",
    "kept": ROOT / "tests/stories/editor/kept.jsonl",
}  # fmt: skip
Found = dict[str, list[bool]]
REPLAY_S_MAX = 300


def configuration(cases: Sequence[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """A configuration with a story a case, and their headlines, those before the judged one first, in time order."""
    tables, recording = [], []
    for number, case in enumerate(cases):
        before = case.get("before") or case.get("old") or []
        headlines = [*(before if isinstance(before, list) else [before]), _judged(case)]
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


def _judged(case: Mapping[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = case.get("entry") or case["new"]
    return entry


def right(case: Mapping[str, Any], decision: Mapping[str, Any]) -> bool:
    """Whether the decision is what the case expects: a follow-up or not, what it is, its phase."""
    group, expected = case["kind"].split("/")[0], case["expected"]
    if group == "relevance":
        return bool(decision.get("follow_up", False)) == (expected == "follow-up")
    if group == "phase":
        return (decision.get("phase") or "none") == expected
    if group == "origin":
        return decision.get("verdict") == expected
    told = decision.get("verdict") in ("development", "confirmation")
    denied = "phase denied" not in expected or decision.get("phase") == "denied"
    return told == expected.startswith("development") and denied and bool(decision.get("follow_up"))


def single(cases: Sequence[dict[str, Any]]) -> Found:
    """What is right of each kind of cases about single headlines, and whose word they are; what is wrong is printed."""
    chosen = [case for case in cases if case["kind"].startswith(("relevance", "novelty", "phase", "origin"))]
    made, found = decided(chosen), defaultdict[str, list[bool]](list)
    for number, case in enumerate(chosen):
        decision, owner = made.get(f"c{number}", {}), case.get("origin") or ""
        results = {case["kind"]: right(case, decision)}
        if owner and decision:
            results["word/origin"] = owner.casefold() in str(decision.get("origin")).casefold()
        for kind, result in results.items():
            found[kind].append(result)
        if not all(results.values()):
            got = " ".join(str(decision.get(name)) for name in ("score", "verdict", "phase", "origin"))
            print(f"  expected {case['expected']} {owner}, got {got}: {_judged(case)['title']}")
    return found


def revised(cases: Sequence[dict[str, Any]]) -> Found:
    """Whether two versions of an article get the verdict that an editor gives, by kind; what is wrong is printed.

    What is expected begins with the verdict, and may name in quotes what must not be told as a fact of its own.
    """
    found = defaultdict[str, list[bool]](list)
    for case in cases:
        if not case["kind"].startswith(("revision/", "correction/")):
            continue
        told = revisions.compare(case["old"], case["new"])
        verdict = "touch" if told.verdict == "none" else told.verdict
        forbidden = re.findall(r"'([^']+)'", case["expected"].partition("must not list")[2])
        listed = {change.after for change in told.changes if change.kind not in ("headline", "text")}
        wanted, _, allowed = case["expected"].partition("(or revision with ")
        also = bool(allowed) and verdict == "revision" and all(fact in allowed for fact in listed)
        ok = also or (verdict == re.split(r"\W", wanted)[0] and listed.isdisjoint(forbidden))
        found[case["kind"]].append(ok)
        if not ok:
            print(f"  expected {case['expected']}, {verdict} {sorted(listed)}: {case['old']} -> {case['new']}")
    return found


def show(found: Found) -> None:
    """Print one line a kind and one a group of kinds."""
    groups = defaultdict[str, list[bool]](list)
    for kind, results in sorted(found.items()):
        print(f"{kind}: {sum(results)} of {len(results)}")
        groups[kind.split("/")[0]] += results
    for group, results in groups.items():
        print(f"{group}: {sum(results)} of {len(results)}, {sum(results) / len(results):.0%}")


def main() -> None:
    """Of each set print what is wrong, then one line a kind and the sums; of the kept one the sums only."""
    for name, path in SETS.items():
        if not path.exists():
            print(f"{path.name} of {name} is not there: skipped")
            continue
        cases = rows(path)
        print(f"{name}:")
        with contextlib.redirect_stdout(io.StringIO()) if name == "kept" else contextlib.nullcontext():
            found = {**single(cases), **revised(cases)}
        show(found)


if __name__ == "__main__":
    main()
