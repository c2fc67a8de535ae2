"""Judge decisions against labels: precision, recall, repeats told, delay."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from monitor.core.times import from_text
from monitor.errors import RecordingError

TOLD = frozenset({"development"})


def evaluate(labels: Iterable[Mapping[str, Any]], decisions: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The figures of `monitor eval`, over the labelled (entry, story) pairs.

    A development counts as found when one of its entries was accepted, and as told with each `development` verdict:
    the first tells it, every further one is a repeat told. Delay is from its first labelled entry to the first told.
    """
    made: dict[tuple[str, str], Mapping[str, Any]] = {}
    for row in decisions:
        key = (str(row["entry"]), str(row["story"]))
        if key not in made or row["follow_up"]:
            made.setdefault(key, row)
    right = wrong = missed = entries = 0
    first_at: dict[tuple[str, str], str] = {}
    told: dict[tuple[str, str], list[str]] = {}
    found: set[tuple[str, str]] = set()
    for label in labels:
        decision = made.get((str(label["entry"]), str(label["story"])))
        accepted = bool(decision and decision["follow_up"])
        entries += 1
        right += accepted and bool(label["follow_up"])
        wrong += accepted and not label["follow_up"]
        missed += not accepted and bool(label["follow_up"])
        if label["follow_up"] and label.get("development") is not None:
            development = (str(label["story"]), str(label["development"]))
            at = str(decision["at"] if decision else label.get("at", ""))
            first_at[development] = min(first_at.get(development, at), at)
            if accepted:
                found.add(development)
            if accepted and decision and decision["verdict"] in TOLD:
                told.setdefault(development, []).append(at)
    delays = [
        (from_text(min(instants)) - from_text(first_at[development])).total_seconds()
        for development, instants in told.items()
    ]
    precision = right / (right + wrong) if right + wrong else 0.0
    recall = right / (right + missed) if right + missed else 0.0
    return {
        "precision": round(precision, 4), "recall": round(recall, 4),
        "f1": round(2 * precision * recall / (precision + recall), 4) if precision + recall else 0.0,
        "developments_found": len(found), "developments_total": len(first_at),
        "repeats_told": sum(len(instants) - 1 for instants in told.values()),
        "median_delay_s": statistics.median(delays) if delays else None, "entries": entries,
    }  # fmt: skip


def read_lines(file: Path, required: Iterable[str]) -> list[dict[str, Any]]:
    """JSON lines with the required keys; RecordingError names the file and line that cannot be read."""
    rows = []
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RecordingError(f"{file}: {error}") from error
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            absent = [key for key in required if key not in row]
        except (ValueError, TypeError) as error:
            raise RecordingError(f"{file} line {number}: {error}") from error
        if absent:
            raise RecordingError(f"{file} line {number}: {absent[0]!r} is missing")
        rows.append(row)
    return rows
