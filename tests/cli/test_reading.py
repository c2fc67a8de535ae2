"""Verbs that ask leave everything as it is: the state of a running daemon, and a folder where there is none."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from monitor import config
from monitor.app.build import build
from monitor.cli import reports
from monitor.metrics import Metrics
from monitor.model import Alert, Delivery, Receipt
from monitor.stores import open_store
from tests.cli.command import monitor
from tests.loopback import Newsstand, rss

ASKING = [
    ["sources"], ["stories"], ["timeline", "s"], ["alerts"], ["suppressed"], ["doctor"], ["export", "opml"],
    ["export", "jsonl"], ["export", "labels"], ["export", "bundle", "s"], ["explain", "1"], ["workers"],
    ["search", "bridge"],
]  # fmt: skip
SEED = "The bridge of Lidd\n\nThe bridge of Lidd fell into the river; the bridge had been closed before."


@pytest.fixture
def stand() -> Iterator[Newsstand]:
    made = Newsstand()
    entry = {"id": "1", "title": "Bridge of Lidd falls", "url": "https://a.example/1", "at": "2026-11-01T10:00:00Z"}
    made.feeds["/feed.xml"] = rss("Feed", [entry])
    yield made
    made.close()


def written(folder: Path, stand: Newsstand) -> Path:
    path = folder / "config.toml"
    path.write_text(
        f'[fetch]\nallow_private = ["127.0.0.1"]\nfollow_pages = false\n[[source]]\nid = "feed"\n'
        f'url = "{stand.url}/feed.xml"\n[[story]]\nid = "s"\ntitle = "S"\nthreshold = 0.2\n'
        f"seed_text = '''{SEED}'''\n"
    )
    return path


def fingerprint(folder: Path) -> dict[str, str]:
    """Every file but SQLite's index of its -wal, which readers share with writers."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith("-shm")
    }


@pytest.mark.parametrize("words", ASKING, ids=" ".join)
def test_a_running_daemon_is_left_as_it_is_whatever_the_configuration_says_now(
    tmp_path: Path, stand: Newsstand, words: list[str]
) -> None:
    path = written(tmp_path, stand)
    assert monitor("poll", "--config", path).code == 0
    app = build(config.load(path, {}), None, Metrics(), exclusive=True)
    try:
        edited = path.read_text().replace("/feed.xml", "/other.xml")
        path.write_text(f'{edited}[[source]]\nid = "new"\nurl = "{stand.url}/new.xml"\n')
        statuses, before = app.store.statuses(), fingerprint(tmp_path)
        answer = monitor(*words, "--config", path)
        assert answer.code in (0, 1), answer.err
        assert fingerprint(tmp_path) == before
        assert app.store.statuses() == statuses
    finally:
        app.store.close()


@pytest.mark.parametrize("words", ASKING, ids=" ".join)
def test_where_there_is_no_state_none_is_made(tmp_path: Path, stand: Newsstand, words: list[str]) -> None:
    path = written(tmp_path, stand)
    answer = monitor(*words, "--config", path)
    assert "Traceback" not in answer.err
    assert [each.name for each in tmp_path.iterdir()] == ["config.toml"]


@pytest.mark.parametrize("words", ASKING, ids=" ".join)
def test_a_wrong_channel_is_refused_with_its_line(tmp_path: Path, stand: Newsstand, words: list[str]) -> None:
    path = written(tmp_path, stand)
    assert monitor("poll", "--config", path).code == 0
    path.write_text(f'{path.read_text()}[[channel]]\nid = "desk"\ntype = "console"\nstyle = "loud"\n')
    answer = monitor(*words, "--config", path)
    assert (answer.code, answer.out) == (2, "")
    assert f"config.toml line {len(path.read_text().splitlines())}, [[channel]] 1: style" in answer.err


def test_a_source_not_met_with_yet_is_new(tmp_path: Path, stand: Newsstand) -> None:
    path = written(tmp_path, stand)
    (row,) = monitor("sources", "--config", path, "--json").document
    assert (row["id"], row["state"], row["next_at"], row["last_ok_at"]) == ("feed", "new", None, None)
    assert "1970" not in monitor("sources", "--config", path).out


def test_there_is_nothing_to_back_up_before_the_first_poll(tmp_path: Path, stand: Newsstand) -> None:
    answer = monitor("backup", tmp_path / "copy.db", "--config", written(tmp_path, stand))
    assert answer.code == 1
    assert "There is no state there yet" in answer.err


def test_a_replay_leaves_no_instant_before_the_recording(tmp_path: Path, stand: Newsstand) -> None:
    path = written(tmp_path, stand)
    path.write_text(f'{path.read_text()}[[source]]\nid = "unseen"\nurl = "https://unseen.example/feed"\n')
    recording = tmp_path / "recording" / "feed"
    recording.mkdir(parents=True)
    (recording / "20261101T101500Z.xml").write_bytes(stand.feeds["/feed.xml"])
    state = tmp_path / "state" / "monitor.db"
    assert monitor("replay", recording.parent, "--config", path, "--state", state).code == 0
    rows = {row["id"]: row for row in monitor("sources", "--config", path, "--json").document}
    assert rows["feed"]["last_ok_at"].startswith("2026-11-01")
    assert rows["unseen"]["next_at"] is None
    store = open_store(str(state), readonly=True)
    store.close()


def test_doctor_names_the_channels(tmp_path: Path, stand: Newsstand) -> None:
    path = written(tmp_path, stand)
    assert "channels enabled: none is configured" in monitor("doctor", "--config", path).out
    path.write_text(f'{path.read_text()}[[channel]]\nid = "terminal"\ntype = "console"\n')
    assert "channels enabled: terminal" in monitor("doctor", "--config", path).out


def test_doctor_tells_sources_that_answer_from_those_not_visited_yet(tmp_path: Path, stand: Newsstand) -> None:
    path = written(tmp_path, stand)
    assert "sources answer: 0, and 1 not visited yet" in monitor("doctor", "--config", path).out
    assert monitor("poll", "--config", path).code == 0
    assert "ok   sources answer: 1\n" in monitor("doctor", "--config", path).out


def test_an_entry_is_listed_for_the_stories_that_took_it(tmp_path: Path, stand: Newsstand) -> None:
    path = written(tmp_path, stand)
    other = "[[story]]\nid = '{0}'\ntitle = '{0}'\nthreshold = 1.0\n"
    other += "seed_text = 'The {0} of Lidd falls ill on the bridge of Lidd at noon.'\n"
    path.write_text(path.read_text() + other.format("mayor") + other.format("abbot"))
    assert monitor("poll", "--config", path).code == 0
    every = monitor("search", "bridge", "--config", path, "--json").document
    assert [row["story"] for row in every if row["verdict"]] == ["s"] != [row["story"] for row in every]
    shown = monitor("search", "bridge", "--config", path).out
    assert shown.count("Bridge of Lidd falls") == 1
    assert " s " in shown


def test_what_was_held_back_is_listed_by_story(tmp_path: Path, stand: Newsstand) -> None:
    path = written(tmp_path, stand)
    near = "The bridge of Lidd fell into the river; the bridge had been closed before, its keeper said."
    path.write_text(f"{path.read_text()}[[story]]\nid = 'keeper'\ntitle = 'K'\nthreshold = 1.0\nseed_text = '{near}'\n")
    assert monitor("poll", "--config", path).code == 0
    shown = monitor("suppressed", "--config", path).out
    assert re.search(r"  keeper +\d\.\d\d +another story ", shown), shown


def test_what_shares_nothing_with_a_story_is_no_row_of_what_was_held_back() -> None:
    taken = {"baseline": False, "verdict": "repeat", "score": 0.0}
    near, far = ({"baseline": False, "verdict": None, "score": score} for score in (0.005, 0.004))
    assert [row["shown"] for row in reports._held_back([taken, near, far])] == ["repeat", "another story"]


def test_what_verbs_answer_reads_as_speech(tmp_path: Path, stand: Newsstand) -> None:
    path = written(tmp_path, stand)
    path.write_text(f'{path.read_text()}[[channel]]\nid = "terminal"\ntype = "console"\nstyle = "line"\n')
    assert monitor("poll", "--config", path).code == 0
    assert monitor("pause", "feed", "--config", path).out == "feed is paused.\n"
    assert monitor("resume", "feed", "--config", path).out == "feed is visited again.\n"
    assert monitor("resume", "s", "--config", path).out == "s is watched again.\n"
    assert "no source or story has the id 'nope'" in monitor("pause", "nope", "--config", path).err
    assert monitor("redeliver", "--dead", "--config", path).out == "There is nothing to send again.\n"
    told = monitor("alerts", "--config", path, "--json").document[0]["id"]
    last = monitor("alerts", told, "--config", path).out.splitlines()[-1]
    assert re.fullmatch(r" {6}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  delivered in \d\.\d\d s", last), last
    article = tmp_path / "article.txt"
    article.write_text("No feed at all.")
    assert monitor("parse", article).err == f"monitor: {article} is no feed: not_a_feed: neither XML nor JSON\n"


def test_a_full_disk_can_be_asked_about(tmp_path: Path, stand: Newsstand, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without room for the index of a write-ahead log: nothing is made, and what is there is read."""
    path = written(tmp_path, stand)
    assert monitor("poll", "--config", path).code == 0
    state = tmp_path / "state"
    before = sorted(state.iterdir())
    monkeypatch.setattr(shutil, "disk_usage", lambda where: SimpleNamespace(total=10**6, used=10**6, free=0))
    answers = {verb: monitor(verb, "--config", path) for verb in ("sources", "alerts", "doctor")}
    assert [answer.code for answer in answers.values()] == [0, 0, 1]
    assert "NOT  disk has 100 MiB free: 0 MiB" in answers["doctor"].out
    assert sorted(state.iterdir()) == before


def test_what_stands_in_the_log_is_read_on_a_full_disk(
    tmp_path: Path, stand: Newsstand, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, stand)
    assert monitor("poll", "--config", path).code == 0
    store = open_store(str(tmp_path / "state" / "monitor.db"))
    store.set_setting("left", "in the log")
    monkeypatch.setattr(shutil, "disk_usage", lambda where: SimpleNamespace(total=10**6, used=10**6, free=0))
    asking = open_store(str(tmp_path / "state" / "monitor.db"), readonly=True)
    assert asking.setting("left") == "in the log"
    asking.close()
    store.close()


def test_alerts_say_what_a_delivery_waits_for(tmp_path: Path, stand: Newsstand) -> None:
    """Of a channel that is off, or whose server asked for patience, "next at once" is not true."""
    path, now = written(tmp_path, stand), datetime.now(UTC)
    assert monitor("poll", "--config", path).code == 0
    store = open_store(str(tmp_path / "state" / "monitor.db"))
    for number, channel in enumerate(("off", "slow", "slow")):
        alert = Alert(id=f"a{number}", kind="story.development", at=now, title="Dam breaks")
        store.add_alert(alert, [Delivery(f"d{number}", alert.id, channel, "", created_at=now, next_at=now)])
        if channel == "slow":
            sent = store.settle_and_claim([], now, 16, timedelta(minutes=2), 2, lambda name: name == "slow")
            patience = Receipt("retry", "answered 429", 429, retry_after_s=7200)
            store.settle_and_claim([(made, patience) for made, _ in sent], now, 0, timedelta(minutes=2), 2)
    store.set_channel("off", "answered 410", now)
    store.close()
    said = monitor("alerts", "--config", path).out
    asked = (now + timedelta(hours=2)).strftime("%Y-%m-%d %H:%M")
    assert "off: pending, until `monitor resume off` switches it on" in said
    assert f"slow: pending, next at {asked} UTC, as its server asked" in said


@pytest.mark.parametrize(("days", "code"), [(3, 1), (8, 0)])
def test_doctor_names_what_was_given_up_for_a_week(tmp_path: Path, stand: Newsstand, days: int, code: int) -> None:
    path, at = written(tmp_path, stand), datetime.now(UTC) - timedelta(days=days)
    assert monitor("poll", "--config", path).code == 0
    store = open_store(str(tmp_path / "state" / "monitor.db"))
    alert = Alert(id="a1", kind="story.development", at=at, title="Dam breaks")
    store.add_alert(alert, [Delivery("d1", "a1", "mail", "ann@example.org", created_at=at, next_at=at)])
    sent = store.settle_and_claim([], at, 16, timedelta(minutes=2), 2)
    store.settle_and_claim([(made, Receipt("refused", "550 no", 550)) for made, _ in sent], at, 0, timedelta(0), 0)
    store.close()
    assert "nothing given up this week: -" in monitor("doctor", "--config", path).out, "of no channel that there is"
    with path.open("a") as config:
        config.write(f'[[channel]]\nid = "mail"\ntype = "webhook"\nurl = "{stand.url}/hook"\n')
    answer = monitor("doctor", "--config", path)
    assert answer.code == code, answer.out
    assert ("1 message for mail; `monitor alerts` says why" in answer.out) == (code == 1)


def test_doctor_names_a_state_that_cannot_be_written(
    tmp_path: Path, stand: Newsstand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that was mounted read-only after a fault: all that is there is read, and nothing is polled."""
    path = written(tmp_path, stand)
    assert monitor("poll", "--config", path).code == 0
    assert "ok   state can be written: -" in monitor("doctor", "--config", path).out
    monkeypatch.setattr(os, "access", lambda where, mode: mode != os.W_OK)
    answer = monitor("doctor", "--config", path)
    assert answer.code == 1
    assert f"{tmp_path / 'state'} cannot be written by this user" in answer.out
