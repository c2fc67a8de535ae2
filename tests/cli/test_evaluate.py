"""Recordings in both forms, what a replay leaves behind, and labels judged by figures worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.command import Answer, monitor
from tests.loopback import rss

CONFIG = """
[[source]]
id = "alpha"
name = "Alpha Daily"
url = "https://alpha.example/feed"
[[story]]
id = "ferry"
title = "The Aldermoor"
seed_text = '''Ferry Aldermoor sinks off Vess with 300 on board

30 October 2026

The ferry Aldermoor sank off the port of Vess on 30 October 2026. An inquiry into the sinking was opened.
'''
[[story]]
id = "nk"
title = "Soldiers"
seed_text = '''North Korea sends soldiers to Russia

3 February 2023

North Korea ordered its trading companies in Russia to pick soldiers and police for occupied Ukraine.
'''
[[channel]]
id = "desk"
type = "webhook"
url = "https://desk.example/hook"
secret_env = "NOWHERE_SET"
"""
LINES = [
    ("Alpha Daily", "a1", "2026-11-01T10:00:00Z", "Ferry Aldermoor sank because bow door failed, inquiry says"),
    ("Beta", "b1", "2026-11-01T11:00:00Z", "Bow door failed on ferry Aldermoor, inquiry finds"),
    ("Beta", "b2", "2026-11-02T11:00:00Z", "North Korean soldiers arrive in Russia's Kursk region"),
    ("alpha", "a2", "2026-11-03T12:00:00Z", "Captain of ferry Aldermoor arrested over sinking"),
]
LOGIN = b"<!doctype html><html><body><form><input type=password></form></body></html>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(CONFIG)
    rows = [
        {"source": s, "id": i, "at": at, "title": t, "text": "", "url": f"https://x.example/{i}", "lang": "en"}
        for s, i, at, t in LINES
    ]
    (tmp_path / "lines.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    first = [entry(1, LINES[0][3], "2026-11-01T10:00:00Z")]
    both = [entry(2, LINES[3][3], "2026-11-02T10:00:00Z"), *first]
    for name, body in (
        ("alpha/20261101T100000Z.xml", rss("Alpha", first)), ("alpha/20261101T110000Z.html", LOGIN),
        ("alpha/20261101T120000Z", b""), ("alpha/20261102T100000Z.xml", rss("Alpha", both)),
        ("alpha/20261103T100000Z.xml", rss("Alpha", first)), ("alpha/20261104T100000Z.json", rss("Alpha", both)),
        ("unheard/20261102T110000Z.rdf", rss("Unheard", [entry(3, "Football: all results", "2026-11-02T11:00:00Z")])),
    ):  # fmt: skip
        (tmp_path / "folder" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "folder" / name).write_bytes(body)
    return tmp_path


def entry(number: int, title: str, at: str) -> dict[str, str]:
    return {"id": f"id-{number}", "title": title, "url": f"https://x.example/{number}", "at": at}


def replayed(folder: Path, recording: str, run: str, *words: object) -> tuple[Answer, list[Any], list[Any]]:
    """The answer, the decisions and the alerts of a replay."""
    decisions, alerts = folder / f"{run}.decisions", folder / f"{run}.alerts"
    answer = monitor(
        "replay", folder / recording, "--config", folder / "config.toml", "--decisions", decisions, "--alerts", alerts,
        *words,
    )  # fmt: skip
    assert answer.code == 0, answer.err
    return answer, lines(decisions), lines(alerts)


def lines(file: Path) -> list[Any]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_entries_line_by_line_and_two_stories_at_once(folder: Path) -> None:
    answer, decisions, alerts = replayed(folder, "lines.jsonl", "one")
    summary = answer.document
    assert summary.pop("seconds") >= 0
    assert summary == {"visits": 4, "entries": 4, "follow_ups": 4, "developments": 3, "alerts": 3}
    assert [(row["entry"], row["story"]) for row in decisions] == [
        (name, story) for name in ("a1", "b1", "b2", "a2") for story in ("ferry", "nk")
    ]
    told = {row["entry"]: (row["source"], row["verdict"]) for row in decisions if row["follow_up"]}
    assert told == {
        "a1": ("alpha", "development"), "b1": ("Beta", "repeat"), "b2": ("Beta", "development"),
        "a2": ("alpha", "development"),
    }  # fmt: skip
    assert all(row["verdict"] is None for row in decisions if not row["follow_up"])
    schema = monitor("schema").document
    for body in alerts:
        jsonschema.validate(body, schema)
    assert [body["data"]["seq"] for body in alerts] == [1, 2, 3]


@pytest.mark.parametrize("recording", ["lines.jsonl", "folder"])
def test_two_runs_give_the_same_bytes(folder: Path, recording: str) -> None:
    for run in ("one", "two"):
        replayed(folder, recording, run)
    for kind in ("decisions", "alerts"):
        assert (folder / f"one.{kind}").read_bytes() == (folder / f"two.{kind}").read_bytes()


def test_what_a_publisher_served_that_day(folder: Path) -> None:
    answer, decisions, alerts = replayed(folder, "folder", "one", "--state", folder / "state.db")
    assert (answer.document["visits"], answer.document["entries"]) == (7, 3)
    assert [body["type"] for body in alerts].count("story.development") == 1
    assert sum(row["entry"] == "id-1" and row["story"] == "ferry" for row in decisions) == 1
    here = ("--config", folder / "config.toml", "--json")
    kept = {"MONITOR_SERVICE__STATE": str(folder / "state.db")}
    (source,) = monitor("sources", *here, **kept).document
    assert (source["id"], source["state"], source["entries"]) == ("alpha", "ok", 2)
    assert monitor("explain", "id-2", *here, **kept).document["verdict"] == "development"
    assert len(monitor("timeline", "ferry", *here, **kept).document) == 2
    assert [row["kind"] for row in monitor("alerts", "--story", "ferry", *here, **kept).document] == [
        "story.development", "story.baseline",
    ]  # fmt: skip


def test_a_span_of_a_recording(folder: Path) -> None:
    until, *_ = replayed(folder, "folder", "one", "--until", "2026-11-01T11:30:00Z", "--state", folder / "state.db")
    assert until.document["visits"] == 2
    (source,) = monitor(
        "sources", "--config", folder / "config.toml", "--json", MONITOR_SERVICE__STATE=str(folder / "state.db")
    ).document
    assert (source["state"], source["error"], source["entries"]) == ("failing", "challenge", 1)
    since, *_ = replayed(folder, "lines.jsonl", "two", "--since", "2026-11-02", "--until", "2026-11-02T23:59:59Z")
    assert since.document["entries"] == 1


WRONG = {
    "a broken line": ('{"source": "x"', "line 2 is no JSON"),
    "a line that is no object": ("[1]", "line 2: write an object"),
    "a line without a time": ('{"source": "x", "id": "1"}', "line 2: write an object"),
    "a line of an unknown day": ('{"source": "x", "at": "yesterday"}', "'yesterday' is no instant"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_line_is_named(folder: Path, name: str) -> None:
    line, words = WRONG[name]
    (folder / "wrong.jsonl").write_text((folder / "lines.jsonl").read_text().splitlines()[0] + "\n" + line + "\n")
    answer = monitor("replay", folder / "wrong.jsonl", "--config", folder / "config.toml")
    assert (answer.code, answer.out, answer.err.count("\n")) == (1, "", 1)
    assert words in answer.err
    assert "wrong.jsonl" in answer.err


def test_a_state_is_never_replayed_into(folder: Path) -> None:
    (folder / "state.db").write_text("")
    answer = monitor(
        "replay", folder / "lines.jsonl", "--config", folder / "config.toml", "--state", folder / "state.db"
    )  # fmt: skip
    assert (answer.code, "exists already" in answer.err) == (2, True)


def judged(folder: Path, labels: list[dict[str, Any]], decisions: list[dict[str, Any]]) -> Answer:
    for name, rows in (("labels", labels), ("decisions", decisions)):
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    return monitor("eval", folder / "labels", "--decisions", folder / "decisions", "--json")


def label(name: str, follow_up: bool, development: str | None = None) -> dict[str, Any]:
    return {"entry": name, "story": "s", "follow_up": follow_up, "development": development}


def made(name: str, at: str, follow_up: bool, verdict: str | None = None) -> dict[str, Any]:
    at = f"2026-11-01T{at}:00Z"
    return {"entry": name, "story": "s", "at": at, "follow_up": follow_up, "verdict": verdict}


def test_figures_worked_out_by_hand(tmp_path: Path) -> None:
    labels = [
        label("a", True, "one"), label("b", True, "one"), label("c", True, "one"), label("d", True, "two"),
        label("e", False), label("f", False), label("never seen", True, "three"),
    ]  # fmt: skip
    decisions = [
        made("a", "10:00", False), made("b", "10:10", True, "development"), made("c", "10:20", True, "development"),
        made("d", "11:00", True, "repeat"), made("e", "11:10", True, "development"), made("f", "11:20", False),
        made("unlabelled", "11:30", True, "development"),
    ]  # fmt: skip
    answer = judged(tmp_path, labels, decisions)
    # Accepted: b, c, d rightly, e wrongly; missed: a and the one never seen.
    assert answer.document == {
        "precision": 0.75, "recall": 0.6, "f1": 0.6667, "developments_found": 2, "developments_total": 3,
        "repeats_told": 1, "median_delay_s": 600.0, "entries": 7,
    }  # fmt: skip


def test_the_decision_that_accepted_counts_and_a_first_poll_tells_nothing_twice(tmp_path: Path) -> None:
    decisions = [
        made("a", "10:00", False), made("a", "10:05", True, "development"),
        made("b", "10:10", True, "development") | {"baseline": True},
    ]  # fmt: skip
    figures = judged(tmp_path, [label("a", True, "one"), label("b", True, "one")], decisions).document
    assert (figures["recall"], figures["repeats_told"], figures["median_delay_s"]) == (1.0, 0, 0.0)


def test_no_labels_and_no_decisions(tmp_path: Path) -> None:
    assert judged(tmp_path, [], []).document == {
        "precision": 0.0, "recall": 0.0, "f1": 0.0, "developments_found": 0, "developments_total": 0,
        "repeats_told": 0, "median_delay_s": None, "entries": 0,
    }  # fmt: skip
    figures = judged(tmp_path, [label("a", True, "one")], []).document
    assert (figures["recall"], figures["developments_total"]) == (0.0, 1)


def test_wrong_labels_are_named(tmp_path: Path) -> None:
    (tmp_path / "labels").write_text('{"entry": "a", "story": "s"}\n')
    (tmp_path / "decisions").write_text("")
    answer = monitor("eval", tmp_path / "labels", "--decisions", tmp_path / "decisions", "--json")
    assert (answer.code, answer.out) == (1, "")
    assert "line 1: 'follow_up' is missing" in answer.err
