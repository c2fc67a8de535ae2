"""Judge decisions against labels: precision, recall, repeats told, delay; and what feedback changes of them."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.core.language import rarity
from monitor.core.relevance import everyday
from monitor.core.times import from_text
from monitor.errors import RecordingError
from monitor.model import Decision, Entry, Score, Story
from monitor.pipeline import Watchlist
from monitor.ports import Store

DECISIONS_MAX = 20_000  # decisions weighed against labels (set)
TOLD = frozenset({"development"})


def evaluate(labels: Iterable[Mapping[str, Any]], decisions: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The figures of `monitor eval`, over the labelled (entry, story) pairs; an entry without a decision was missed.

    A development counts as found when one of its entries was accepted, and as told with each `development` verdict
    (but for those of a first poll, which are told together): the first tells it, every further one is a repeat told.
    Delay is from its first labelled entry to the first told.
    """
    made = _first(decisions)
    right = wrong = missed = entries = 0
    begun: dict[tuple[str, str], list[datetime]] = {}
    told: dict[tuple[str, str], list[datetime]] = {}
    found: set[tuple[str, str]] = set()
    for label in labels:
        decision = made.get(_pair(label), {})
        accepted, wanted = bool(decision.get("follow_up")), bool(label["follow_up"])
        entries += 1
        right += accepted and wanted
        wrong += accepted and not wanted
        missed += not accepted and wanted
        if wanted and label.get("development") is not None:
            development = (str(label["story"]), str(label["development"]))
            at = [from_text(str(text)) for text in (decision.get("at"), label.get("at")) if text][:1]
            begun.setdefault(development, []).extend(at)
            if accepted:
                found.add(development)
                if decision["verdict"] in TOLD and not decision.get("baseline"):
                    told.setdefault(development, []).extend(at)
    delays = [(min(instants) - min(begun[development])).total_seconds() for development, instants in told.items()]
    precision = right / (right + wrong) if right + wrong else 0.0
    recall = right / (right + missed) if right + missed else 0.0
    return {
        "precision": round(precision, 4), "recall": round(recall, 4),
        "f1": round(2 * precision * recall / (precision + recall), 4) if precision + recall else 0.0,
        "developments_found": len(found), "developments_total": len(begun),
        "repeats_told": sum(len(instants) - 1 for instants in told.values()),
        "median_delay_s": statistics.median(delays) if delays else None, "entries": entries,
    }  # fmt: skip


def taught(store: Store, stories: Sequence[Story]) -> list[dict[str, Any]]:
    """What feedback changes: stored entries that the watches, as taught by it, decide otherwise than without it."""
    plain, corrected = Watchlist(tuple(stories)), Watchlist(tuple(stories))
    plain.learn(store, heed=False)
    corrected.learn(store)
    changed = []
    for made in store.decisions(limit=DECISIONS_MAX):
        known = store.entry(made.entry_key) if made.story_id in corrected.said else None
        if known is None or made.revision != known.revision:
            continue
        at = min(known.entry.published_at or known.first_seen_at, known.first_seen_at)
        weights = everyday.weights(store.everyday(known.source_id))
        before, after = (_score(watchlist, made, known.entry, at, weights) for watchlist in (plain, corrected))
        refused = corrected.refuses(made.story_id, made.entry_key)
        follows = after.follow_up and not refused
        if before.follow_up != follows:
            changed.append({
                "entry": made.entry_id, "story": made.story_id, "title": made.title,
                "before": {"follow_up": before.follow_up, "score": before.value},
                "after": {"follow_up": follows, "score": after.value},
            })  # fmt: skip
    return changed


def _score(watchlist: Watchlist, made: Decision, entry: Entry, at: datetime, weights: rarity.Weigh) -> Score:
    matches = watchlist.matcher.score(entry, at, [made.story_id], weights)
    return matches[0].score if matches else Score(0.0, made.score.threshold, False)


def _pair(row: Mapping[str, Any]) -> tuple[str, str]:
    return str(row["entry"]), str(row["story"])


def _first(decisions: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """The decision that counts of each pair: the first that accepted it, else the first."""
    made: dict[tuple[str, str], Mapping[str, Any]] = {}
    for row in decisions:
        before = made.setdefault(_pair(row), row)
        if row["follow_up"] and not before["follow_up"]:
            made[_pair(row)] = row
    return made


def read_lines(file: Path, required: Iterable[str]) -> list[dict[str, Any]]:
    """JSON lines with the required keys; RecordingError names the file and line that cannot be read."""
    rows = []
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise RecordingError(f"{file} is not UTF-8 (byte {error.start})") from error
    except OSError as error:
        raise RecordingError(f"{file}: {error.strerror}") from error
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise RecordingError(f"{file} line {number} is no JSON: {error}") from error
        absent = [key for key in required if not isinstance(row, dict) or key not in row]
        if absent:
            raise RecordingError(f"{file} line {number}: {absent[0]!r} is missing")
        rows.append(row)
    return rows
