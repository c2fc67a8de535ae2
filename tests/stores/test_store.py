"""What every store promises (`ports.Store`), run over a file and over memory; and a file's own bad days."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from monitor import errors
from monitor.core import count_min, identity
from monitor.model import Entry, Everyday, Fetched, Judgements, Outcome, Receipt
from monitor.stores import SqlStore, codec, open_store, sql
from monitor.stores.sqlite import SqliteSession
from tests.stores.made import (
    DAY,
    HOUR,
    LEASE,
    MINUTE,
    NOW,
    alert,
    book,
    claim,
    decision,
    delivery,
    outcome,
    sighting,
    source,
    status,
)  # fmt: skip

ALL = 36_500 * DAY


def test_sources_are_due_until_told_otherwise(store: SqlStore) -> None:
    assert [s.source_id for s in store.due(NOW, 10)] == ["herald"]
    store.set_status(status(next_at=NOW + HOUR))
    assert store.due(NOW, 10) == []
    assert [s.source_id for s in store.due(NOW + HOUR, 10)] == ["herald"]
    for state in ("gone", "review"):
        store.set_status(status(next_at=NOW, state=state))
        assert store.due(NOW, 10) == []
    store.set_status(status(next_at=NOW, paused=True))
    assert store.due(NOW, 10) == []
    assert store.statuses(["herald"])["herald"].etag == 'W/"7"'


def test_an_outcome_is_whole_and_recorded_once(store: SqlStore) -> None:
    made = outcome(*range(30))
    for _ in range(2):
        store.record([made])
        assert store.statuses()["herald"].entries == 30
        assert store.statuses()["herald"].gaps == 1
        assert len(store.decisions(story_id="bridge", limit=100)) == 30
        assert len(store.alerts(limit=100)) == 30
        assert len(store.memory("bridge", NOW, ALL).members) == 30
    told, deliveries = store.alerts(alert_id=made.judgements.alerts[0].id)[0]
    assert replace(told, reasons=()) == replace(made.judgements.alerts[0], reasons=())
    assert sorted(row.seq for _, rows in store.alerts(limit=100) for row in rows) == list(range(1, 31))
    assert deliveries[0].state == "pending"


def test_held_are_those_whose_server_asked_for_longer(store: SqlStore) -> None:
    assert store.held(NOW) == []
    store.record([replace(outcome(), status=status(retry_until=NOW + HOUR))])
    store.record([replace(outcome(name="echo"), status=status("echo", retry_until=NOW + 2 * HOUR))])
    store.record([outcome(name="post")])
    assert sorted(each.source_id for each in store.held(NOW)) == ["echo", "herald"]
    assert [each.source_id for each in store.held(NOW + HOUR)] == ["echo"]
    assert store.held(NOW)[0] == store.statuses()[store.held(NOW)[0].source_id]
    store.record([outcome(at=NOW + MINUTE)])
    assert [each.source_id for each in store.held(NOW)] == ["echo"], "a good visit ends it"
    store.set_status(status("echo"))
    assert store.held(NOW) == []


def test_outcomes_recorded_together_leave_what_they_leave_one_by_one(store: SqlStore, tmp_path: Path) -> None:
    visits = [outcome(1, 2), outcome(at=NOW + HOUR), outcome(3, at=NOW + 2 * HOUR), outcome(4, name="echo")]
    one_by_one = open_store(str(tmp_path / "beside.db"))
    one_by_one.sync_sources([source()], NOW)
    for visit in (*visits, visits[2]):
        one_by_one.record([visit])
    store.record(visits)
    store.record([visits[2]])
    assert store.statuses() == one_by_one.statuses()
    assert store.statuses()["herald"].entries == 3
    assert store.statuses()["herald"].last_visit_at == NOW + 2 * HOUR
    assert store.days(NOW - DAY) == one_by_one.days(NOW - DAY)
    age = {"outbox_age_seconds": 0.0}
    assert {**store.counts(), **age} == {**one_by_one.counts(), **age}
    assert store.decisions() == one_by_one.decisions()
    one_by_one.close()


def test_a_block_that_writes_reads_what_it_has_written(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "monitor.db"))
    with store.deciding(()):
        store.sync_sources([source()], NOW)
        assert list(store.statuses()) == ["herald"]
        beside: list[int] = []
        reader = threading.Thread(target=lambda: beside.append(len(store.statuses())))
        reader.start()
        reader.join()
        assert beside == [0], "another thread sees only what is committed"
    assert list(store.statuses()) == ["herald"]
    store.close()


def test_an_entry_is_known_by_any_of_its_names(store: SqlStore) -> None:
    store.record([outcome(1, 2)])
    seen = sighting(1)
    for alias in seen.aliases:
        (known,) = store.known_entries("herald", [alias])
        assert (known.key, known.entry, known.revision) == (seen.key, seen.entry, 1)
    assert store.known_entries("post", seen.aliases) == []
    for name in (seen.key, seen.entry.id, seen.entry.url):
        found = store.entry(name)
        assert found is not None
        assert found.key == seen.key
    changed = replace(seen, entry=replace(seen.entry, title="Other"), revision=2, previous=found)
    store.record([replace(outcome(), sightings=(changed,), judgements=Judgements((decision(changed),)))])
    assert [revision for revision, _, _ in store.versions(seen.key)] == [1, 2]
    assert store.known_entries("herald", seen.aliases)[0].entry.title == "Other"


def test_a_delivery_is_leased_to_one_and_settled_by_its_holder(store: SqlStore) -> None:
    store.record([outcome(1)])
    ((mine, told),) = claim(store, NOW, 10, LEASE, 2)
    assert told.id == mine.alert_id
    assert claim(store, NOW, 10, LEASE, 2) == []
    store.renew([mine], NOW + MINUTE, LEASE)
    assert claim(store, NOW + LEASE, 10, LEASE, 2) == []
    late = NOW + MINUTE + LEASE
    assert claim(store, late, 10, LEASE, 2) == [], "a lease that ran out is an attempt"
    ((theirs, _),) = claim(store, late + MINUTE, 10, LEASE, 2)
    assert (theirs.id, theirs.attempts, theirs.unknown) == (mine.id, 1, 1), "it may have been sent"
    book(store, mine, Receipt("refused", "400", 400), NOW)
    book(store, theirs, Receipt("delivered", "200", 200), late + MINUTE)
    assert store.alerts()[0][1][0].state == "delivered"
    assert [row.outcome for row in store.attempts(mine.id)] == ["unknown", "delivered"]
    assert claim(store, NOW + DAY, 10, LEASE, 2) == []


@pytest.mark.parametrize(("handed", "unknown"), [(False, 0), (True, 1)])
def test_mail_counts_as_sent_from_the_moment_it_was_handed_over(
    store: SqlStore, handed: bool, unknown: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.stores.processes.has_ended", lambda process: True)
    told = alert("1")
    store.add_alert(told, [delivery(told, recipient="desk@example.org")])
    ((mine, _),) = claim(store, NOW, 10, LEASE, 2)
    if handed:
        assert store.hand_over(mine)
    store.expire_leases(NOW)
    assert claim(store, NOW, 10, LEASE, 2) == []
    assert not store.hand_over(mine), "who lost the lease must not send"
    ((again, _),) = claim(store, NOW + DAY, 10, LEASE, 2)
    assert (again.id, again.attempts, again.unknown, again.handed) == (mine.id, 1, unknown, False)


def test_all_leases_that_ran_out_are_booked_before_anything_is_claimed(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.stores.processes.has_ended", lambda process: True)
    store.record([outcome(*range(8))])
    assert len(claim(store, NOW, 10, LEASE, 6)) == 6
    store.expire_leases(NOW)
    assert [row.seq for row, _ in claim(store, NOW, 10, LEASE, 2)] == [7, 8], "the lost do not stand in the way"
    assert sorted(row.attempts for _, rows in store.alerts() for row in rows) == [0, 0, 1, 1, 1, 1, 1, 1]


def test_settling_and_claiming_share_a_transaction(store: SqlStore) -> None:
    store.record([outcome(*range(4))])
    first, second = (row for row, _ in claim(store, NOW, 10, LEASE, 2))
    third, fourth = store.settle_and_claim([(first, Receipt("delivered")), (second, None)], NOW, 10, LEASE, 2)
    assert (third[0].id, third[0].attempts) == (second.id, 0), "what was not sent comes first, as if never claimed"
    assert [row.seq for row, _ in (third, fourth)] == [2, 3]
    assert store.attempts(second.id) == []


def test_life_begins_anew_with_redelivery_and_with_a_channel_switched_on(store: SqlStore) -> None:
    """`since_at` is the first attempt from which retries are counted."""

    def since() -> list[object]:
        return [rows[0].since_at for _, rows in sorted(store.alerts(), key=lambda pair: pair[1][0].seq)]

    store.record([outcome(1, 2, 3)])
    (one, _), (two, _) = claim(store, NOW, 10, LEASE, 2)
    store.settle_and_claim([(one, Receipt("refused")), (two, Receipt("retry"))], NOW + HOUR, 0, LEASE, 2)
    assert since() == [NOW + HOUR, NOW + HOUR, None]
    store.redeliver(NOW + 9 * DAY, None, None, True)
    store.set_channel("desk", "", NOW + 10 * DAY)
    assert since() == [None, NOW + 10 * DAY, None]


def test_a_hanging_endpoint_starves_no_other(store: SqlStore) -> None:
    store.record([outcome(*range(20), channels=("slow", "desk"))])
    first = claim(store, NOW, 16, LEASE, 2)
    assert sorted({row.channel_id for row, _ in first}) == ["desk", "slow"]
    for row, _ in first:
        if row.channel_id == "desk":
            book(store, row, Receipt("delivered"), NOW)
    again = claim(store, NOW, 16, LEASE, 2)
    assert {row.channel_id for row, _ in again} == {"desk"}


def test_dead_letters_are_sent_again_under_their_ids(store: SqlStore) -> None:
    store.record([outcome(1)])
    ((row, _),) = claim(store, NOW, 1, LEASE, 2)
    book(store, row, Receipt("refused", "550 no such user"), NOW)
    assert store.alerts()[0][1][0].state == "dead"
    assert store.redeliver(NOW, None, None, True) == 1
    ((again, _),) = claim(store, NOW, 1, LEASE, 2)
    assert (again.id, again.attempts) == (row.id, 0)
    assert [attempt.outcome for attempt in store.attempts(row.id)] == ["refused"]


def test_a_mail_that_came_back_is_dead_after_all_and_told(store: SqlStore) -> None:
    store.record([outcome(1, 2)])
    rows = [row for row, _ in claim(store, NOW, 9, LEASE, 9)]
    back = Receipt("refused", "the mail came back: 550 no such user")
    assert store.come_back([rows[0].id], back, NOW) is None, "it is being sent"
    for row in rows:
        book(store, row, Receipt("delivered"), NOW)
    dead = store.come_back(["mnone", rows[0].id, rows[1].id], back, NOW)
    assert dead is not None
    assert (dead.id, dead.state, dead.error) == (rows[0].id, "dead", back.detail)
    assert store.come_back([rows[0].id], back, NOW) is None, "a second report says nothing new"
    assert [row.id for row, _ in store.dead_letters()] == [rows[0].id]
    assert [attempt.outcome for attempt in store.attempts(rows[0].id)] == ["delivered", "refused"]
    assert claim(store, NOW + HOUR, 9, LEASE, 9) == []
    assert store.redeliver(NOW, None, None, True) == 1


def test_a_digest_that_came_back_takes_its_parts_along(store: SqlStore) -> None:
    part, whole = alert("part"), alert("digest", kind="story.digest")
    held, sent = delivery(part, state="held", digest=True, next_at=NOW), delivery(whole, next_at=NOW)
    store.add_alert(part, [held])
    store.roll_up([held], whole, sent)
    ((row, _),) = claim(store, NOW, 1, LEASE, 2)
    book(store, row, Receipt("delivered"), NOW)
    store.come_back([row.id], Receipt("refused", "back"), NOW)
    assert {row.state for _, rows in store.alerts() for row in rows} == {"dead"}


def test_a_switched_off_channel_waits(store: SqlStore) -> None:
    store.record([outcome(1)])
    ((row, _),) = claim(store, NOW, 1, LEASE, 2)
    book(store, row, Receipt("refused", "gone", 410, disable=True), NOW)
    assert "desk" in store.disabled_channels()
    store.record([outcome(2)])
    assert claim(store, NOW, 10, LEASE, 2) == []
    store.set_channel("desk", "", NOW)
    assert len(claim(store, NOW, 10, LEASE, 2)) == 1


def test_held_deliveries_fold_into_a_digest_and_end_with_it(store: SqlStore) -> None:
    parts = [alert(str(number)) for number in range(3)]
    held = [delivery(part, state="held", digest=True, next_at=NOW + HOUR) for part in parts]
    for part, row in zip(parts, held, strict=True):
        store.add_alert(part, [row])
    assert store.due_digests(NOW) == []
    assert claim(store, NOW + HOUR, 10, LEASE, 2) == []
    ((channel, recipient, rows),) = store.due_digests(NOW + HOUR)
    assert (channel, recipient, len(rows)) == ("desk", "", 3)
    whole = alert("digest", kind="story.digest")
    store.roll_up([row for row, _ in rows], whole, delivery(whole, next_at=NOW + HOUR))
    assert store.due_digests(NOW + HOUR) == []
    ((sent, _),) = claim(store, NOW + HOUR, 10, LEASE, 2)
    book(store, sent, Receipt("delivered"), NOW + HOUR)
    assert {row.state for _, rows in store.alerts() for row in rows} == {"delivered"}


def test_feedback_and_settings_are_kept(store: SqlStore) -> None:
    store.record([outcome(1)])
    told = store.alerts()[0][0]
    store.add_feedback(told.id, "no", "", NOW)
    (row,) = store.feedback("bridge")
    assert row.entry is not None
    assert (row.word, row.entry.title) == ("no", "Report 1")
    store.set_setting("a", "1")
    store.set_setting("a", "2")
    assert (store.setting("a"), store.setting("b", "none")) == ("2", "none")


def test_pruning_forgets_what_was_not_accepted_and_not_who_an_entry_is(store: SqlStore) -> None:
    store.record([outcome(*range(10))])
    near_miss = decision(sighting(50), value=0.2, verdict=None, development="")
    store.record([replace(outcome(), judgements=Judgements((near_miss,)))])
    ((first, _), *_) = claim(store, NOW, 1, LEASE, 2)
    book(store, first, Receipt("delivered"), NOW)
    store.prune(NOW + 500 * DAY, 400)
    assert store.attempts(first.id) == []
    states = [row.state for _, rows in store.alerts(limit=100) for row in rows]
    assert states == ["pending"] * 9, "what has not ended stays"
    assert len(store.decisions(limit=100)) == 10, "a long story keeps its first chapters"
    assert {made.alert_id for made in store.decisions(limit=100)} == {told.id for told, _ in store.alerts(limit=100)}
    assert len(store.known_entries("herald", sighting(3).aliases)) == 1
    assert len(store.alerts(limit=100)) == 10


def test_every_version_and_decision_of_an_accepted_article_outlives_the_retention(store: SqlStore) -> None:
    store.record([outcome(1)])
    (known,) = store.known_entries("herald", sighting(1).aliases)
    moved_on = replace(sighting(1), entry=replace(known.entry, title="Another matter"), revision=2, previous=known)
    refused = decision(moved_on, value=0.1, verdict=None, development="")
    elsewhere = decision(moved_on, story="flood", value=0.2, verdict=None, development="")
    later = replace(outcome(), sightings=(moved_on,), judgements=Judgements((refused, elsewhere)))
    store.record([later])
    store.prune(NOW + 4000 * DAY, 400)
    assert [made.revision for made in store.decisions(story_id="bridge")] == [2, 1]
    assert store.decisions(story_id="flood") == []
    assert [revision for revision, _, _ in store.versions(known.key)] == [1, 2]


def test_only_one_daemon_holds_a_state(tmp_path: Path) -> None:
    path = str(tmp_path / "monitor.db")
    first = open_store(path, exclusive=True)
    with pytest.raises(errors.StoreBusy):
        open_store(path, exclusive=True)
    beside = open_store(path)
    beside.set_setting("a", "1")
    beside.close()
    first.close()
    open_store(path, exclusive=True).close()


def test_a_damaged_state_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    open_store(str(path)).close()
    body = bytearray(path.read_bytes())
    body[4096 : 4096 * 4] = b"\xaa" * (4096 * 3)
    path.write_bytes(bytes(body))
    with pytest.raises(errors.StoreCorrupt):
        open_store(str(path), exclusive=True)
    assert path.read_bytes() == bytes(body)


def test_text_is_no_state(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    path.write_text("not a database " * 1000)
    with pytest.raises(errors.StoreError):
        open_store(str(path))


def test_a_backup_is_whole_while_running(tmp_path: Path) -> None:
    made = open_store(str(tmp_path / "monitor.db"))
    made.record([outcome(*range(5))])
    made.backup(str(tmp_path / "copy.db"))
    made.close()
    copy = open_store(str(tmp_path / "copy.db"))
    assert copy.check() == []
    assert len(copy.alerts(limit=10)) == 5
    copy.close()


@pytest.mark.parametrize("message", ["disk I/O error", "database or disk is full"])
def test_a_write_that_fails_leaves_nothing_half_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, message: str
) -> None:
    """Fail the n-th statement of one record() for every n: all or nothing, and the next record succeeds."""
    made = open_store(str(tmp_path / "monitor.db"))
    made.sync_sources([source()], NOW)
    real = SqliteSession.change_many
    real_one = SqliteSession.change
    left = [0]

    def failing(function):  # type: ignore[no-untyped-def]
        def run(self, *arguments):  # type: ignore[no-untyped-def]
            left[0] -= 1
            if left[0] == 0:
                raise sqlite3.OperationalError(message)
            return function(self, *arguments)

        return run

    monkeypatch.setattr(SqliteSession, "change_many", failing(real))
    monkeypatch.setattr(SqliteSession, "change", failing(real_one))
    failed = 0
    for number in range(1, 200):
        left[0] = number
        try:
            made.record([outcome(*range(number * 10, number * 10 + 3))])
        except errors.StoreError:
            failed += 1
            left[0] = 10**9
            assert made.entry(f"urn:{number * 10}") is None
            assert all(not told.entry_id.startswith(f"urn:{number * 10}") for told, _ in made.alerts(limit=1000))
            made.record([outcome(*range(number * 10, number * 10 + 3))])
        else:
            break
    left[0] = 10**9
    assert failed >= 5
    assert made.statuses()["herald"].entries == (failed + 1) * 3
    assert made.check() == []
    made.close()


def test_readers_and_writers_do_not_lock_each_other_out(tmp_path: Path) -> None:
    path = str(tmp_path / "monitor.db")
    stores = [open_store(path) for _ in range(2)]
    problems: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for step in range(60):
                stores[number % 2].known_entries("herald", ["x"])
                stores[number % 2].set_setting(f"s{number}-{step}", "1")
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert all(stores[0].setting(f"s{n}-{s}") == "1" for n in range(4) for s in range(60))
    for one in stores:
        one.close()


CHILD = """
import sys
from tests.stores.made import outcome
from monitor.stores import open_store
store = open_store(sys.argv[1])
for number in range(int(sys.argv[2]), 10**6):
    store.record([outcome(number)])
    print(number, flush=True)
"""


def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    path, chance, acknowledged = str(tmp_path / "monitor.db"), random.Random(20261124), -1
    for _ in range(20):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, path, str(acknowledged + 1)], stdout=subprocess.PIPE, text=True,
            cwd=Path(__file__).resolve().parents[2],
        )  # fmt: skip
        assert child.stdout is not None
        first = child.stdout.readline()
        time.sleep(chance.random() * 0.15)
        child.send_signal(signal.SIGKILL)
        rest = child.stdout.read()
        child.wait()
        acknowledged = max([acknowledged, *(int(line) for line in (first + rest).split("\n")[:-1] if line)])
        store = open_store(path)
        assert store.check() == []
        alerts = store.alerts(limit=10**6)
        assert all(len(rows) == 1 for _, rows in alerts), "an alert never stands without its delivery"
        assert len(alerts) >= acknowledged + 1
        assert len(store.decisions(limit=10**6)) == len(alerts)
        store.close()
    assert acknowledged > 50


def test_what_moved_a_story_since_is_said_or_that_it_was_too_much(store: SqlStore) -> None:
    for number in (1, 2, 3):
        store.record([outcome(number, at=NOW + number * MINUTE)])
    keys = [sighting(number).key for number in (1, 2, 3)]
    assert store.moved_since({"bridge": 1, "unheard-of": 0}) == {"bridge": {keys[1], keys[2]}}
    assert store.moved_since({"bridge": 3}) == {"bridge": set()}
    known = store.memory("bridge", NOW, 40 * DAY, {keys[1], keys[2]})
    assert [member.entry_key for member in known.members] == keys[1:]
    assert (len(known.claims), known.last_development_at) == (2, NOW + 3 * MINUTE)
    assert [seen.key for _, seen, _ in store.examples(["bridge"], 9, None, {keys[2]})] == [keys[2]]
    assert store.examples(["bridge"], 9, None, frozenset()) == []
    for number in range(4, 200):
        store.record([outcome(number, at=NOW + number * MINUTE)])
    assert store.moved_since({"bridge": 1}) == {"bridge": None}
    assert store.moved_since({"bridge": 198}) == {"bridge": {sighting(199).key}}


def test_of_what_an_older_worker_recorded_nothing_is_guessed(store: SqlStore) -> None:
    store.record([outcome(1)])
    with store._database.write() as session:
        session.change("UPDATE stories SET version = version + 1")  # as it was done before there was a word of it
    assert store.moved_since({"bridge": 1}) == {"bridge": None}
    store.record([outcome(2, at=NOW + MINUTE)])
    assert store.moved_since({"bridge": 1}) == {"bridge": None}
    assert store.moved_since({"bridge": 2}) == {"bridge": {sighting(2).key}}


@pytest.mark.parametrize(("url", "kept"), [
    ("https://herald.example/all", Everyday(120, count_min.of({"brackwat": 40}))),
    ("https://elsewhere.example/feed", Everyday()),
])  # fmt: skip
def test_what_a_source_writes_anyway_is_kept_until_it_is_another_site(
    store: SqlStore, url: str, kept: Everyday
) -> None:
    assert store.everyday("herald") == Everyday()
    store.record([replace(outcome(1), everyday=Everyday(110, count_min.of({"brackwat": 33})))])
    store.record([replace(outcome(2), everyday=Everyday(120, count_min.of({"brackwat": 40}))), outcome(3)])
    store.sync_sources([replace(source(), url=url)], NOW)
    assert store.everyday("herald") == kept


def test_lists_of_values_come_in_few_lengths() -> None:
    """A server plans a statement for each."""
    lists = [sql.filled([f"key{n}" for n in range(length)]) for length in range(sql.CHUNK + 20)]
    assert {len(each) for each in lists if len(each) <= sql.CHUNK} == {0, 1, 4, 16, 64, 256, sql.CHUNK}
    assert [len(set(each)) for each in lists] == [*range(sql.CHUNK + 20)]


def test_what_a_story_knows_by_some_entries_is_asked_for_by_any_number_of_them(store: SqlStore) -> None:
    for number in range(1, 7):
        store.record([outcome(number, at=NOW + number * MINUTE)])
    keys = [sighting(number).key for number in range(1, 7)]
    for some in ([], keys[:1], keys[:5], keys):
        known = store.memory("bridge", NOW, 400 * DAY, some)
        assert {member.entry_key for member in known.members} == set(some)


def test_what_visits_note_is_kept_beside_the_counters_until_it_is_counted_in(store: SqlStore) -> None:
    store.record([replace(outcome(1), noted="aaaa.")])
    store.record([replace(outcome(1), noted="aaaa.")])  # the same again
    store.record([replace(outcome(2), noted="bbbb."), replace(outcome(3), noted="cccc.")])
    assert store.everyday("herald") == Everyday(noted="aaaa.bbbb.cccc.")
    known = Everyday(120, count_min.of({"brackwat": 40}))
    store.record([replace(outcome(4), noted="dddd."), replace(outcome(5), everyday=known)])
    assert store.everyday("herald") == known
    store.record([replace(outcome(6), noted="eeee.")])
    assert store.everyday("herald") == replace(known, noted="eeee.")


def test_what_a_version_before_kept_of_a_source_is_read_until_it_is_counted_anew(store: SqlStore) -> None:
    words = codec.pack("120\nbrackwat\n40")
    with store._database.write() as session:
        session.change("INSERT INTO everyday (source_id, body) VALUES (?, ?)", ("herald", words))
    store.record([replace(outcome(2), noted="aaaa.")])
    assert store.everyday("herald") == Everyday(120, count_min.of({"brackwat": 40}), "aaaa.")
    store.record([replace(outcome(1), everyday=Everyday(130, count_min.of({"brackwat": 41})))])
    assert store.everyday("herald") == Everyday(130, count_min.of({"brackwat": 41}))


def test_an_entry_is_found_by_whatever_it_is_called(store: SqlStore) -> None:
    twins = [Entry(id="7", url=f"https://herald.example/{n}", title=f"The bridge of {n}") for n in ("Samos", "Chios")]
    one = Entry(id="urn:9", url="https://herald.example/bridge", title="A bridge")
    seen = identity.Document([one, *twins]).resolve("herald", [], NOW)
    store.record([Outcome(status(), Fetched("herald", "", NOW, status=200), tuple(seen))])
    found = {
        name: entry and entry.entry.title
        for name in (
            "urn:9",
            one.url,
            f"{one.url}?utm_source=x",
            seen[0].key,
            "https://herald.example/Samos",
            "",
            "none",
        )
        for entry in [store.entry(name)]
    }
    assert list(found.values()) == ["A bridge"] * 4 + ["The bridge of Samos", None, None]
    shared = store.entry("7")
    assert shared is not None and shared.entry in twins, "what both are called is no name of either"
