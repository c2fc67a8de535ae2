"""When the upkeep of a story is due: taken by one, never lost, and found by what is due alone."""

from __future__ import annotations

import threading
from dataclasses import replace

from monitor.model import Backfill, Receipt, Worker
from monitor.stores import SqlStore, open_store
from monitor.stores.periodics import LEASE
from tests.stores import made
from tests.stores.made import DAY, HOUR, MINUTE, NOW, book, claim, outcome, status


def put_off(store: SqlStore, story_id: str) -> None:
    """Deal with what is due of a story until tomorrow."""
    taken_until = store.take_story(story_id, NOW)
    assert taken_until
    store.put_off_story(story_id, taken_until, NOW + DAY)


def test_a_story_is_taken_by_one_and_comes_back_where_that_one_is_lost(store: SqlStore) -> None:
    store.watch_stories(["flood", "bridge"])
    assert store.stories_due(NOW, 10) == ["bridge", "flood"]
    assert store.stories_due(NOW, 1) == ["bridge"]
    assert store.take_story("bridge", NOW) == NOW + LEASE
    assert store.take_story("bridge", NOW) is None
    assert store.stories_due(NOW, 10) == ["flood"]
    assert store.stories_due(NOW + LEASE, 10) == ["flood", "bridge"]
    store.watch_stories(["flood", "bridge", "harbour"])
    assert store.stories_due(NOW, 10) == ["flood", "harbour"], "who is watched already is not due again for that"


def test_what_becomes_due_meanwhile_is_not_lost(store: SqlStore) -> None:
    store.watch_stories(["bridge"])
    taken_until = store.take_story("bridge", NOW)
    assert taken_until
    store.record([replace(outcome(1), tried=("bridge",))])
    store.put_off_story("bridge", taken_until, NOW + DAY)
    assert store.stories_due(NOW, 10) == ["bridge"]


def test_what_happens_to_a_story_says_when_it_is_due(store: SqlStore) -> None:
    store.watch_stories(["bridge", "flood"])
    for story_id in ("bridge", "flood"):
        put_off(store, story_id)
    assert store.stories_due(NOW + HOUR, 10) == []
    store.record([outcome(1)])  # moves the bridge
    assert store.stories_due(NOW, 10) == ([] if store.shared else ["bridge"]), "what it knows must be read first"
    assert store.stories_due(NOW + MINUTE, 10) == ["bridge"]
    store.record_backfill(Backfill("flood", NOW, {"herald": 3}))
    assert store.stories_due(NOW, 1) == ["flood"]


def test_an_instant_that_no_clock_lawfully_wrote_is_due(store: SqlStore) -> None:
    store.watch_stories(["bridge"])
    taken_until = store.take_story("bridge", NOW)
    assert taken_until
    store.put_off_story("bridge", taken_until, NOW + 300 * DAY)
    assert store.stories_due(NOW, 10) == ["bridge"]
    assert store.take_story("bridge", NOW)


def test_a_place_is_told_by_one_at_a_time(postgres_url: str) -> None:
    ours, theirs = (open_store(postgres_url) for _ in range(2))
    seen: list[str] = []

    def tell() -> None:
        with theirs.telling("desk", "a@b.example"):
            seen.append(theirs.setting("digested"))

    with ours.telling("desk", "a@b.example"):
        waiting = threading.Thread(target=tell)
        waiting.start()
        with theirs.telling("desk", "c@d.example"):
            pass  # another place waits for nobody
        ours.set_setting("digested", "today")
        assert not seen
    waiting.join()
    assert seen == ["today"]
    for store in (ours, theirs):
        store.close()


def test_what_waits_for_a_time_that_the_clock_was_set_back_from_is_due_at_once(store: SqlStore) -> None:
    """A machine that ran five hours ahead: what it wrote would else wait for five hours."""
    ahead = NOW + 5 * HOUR
    store.watch_stories(["bridge"])
    store.record([outcome(1, at=ahead)])
    store.set_status(status(last_visit_at=ahead, next_at=ahead + 15 * MINUTE))
    ((sent, _),) = claim(store, ahead, 1, made.LEASE, 2)
    book(store, sent, Receipt("retry", "answered 429", 429, retry_after_s=3600), ahead)
    later = NOW + 20 * MINUTE
    assert (store.due(later, 10), claim(store, later, 10, made.LEASE, 2)) == ([], []), "it waits"
    assert store.set_back(later)
    assert [due.source_id for due in store.due(later, 10)] == ["herald"]
    assert store.stories_due(later, 10) == ["bridge"]
    ((again, _),) = claim(store, later, 10, made.LEASE, 2)
    assert (again.id, again.attempts) == (sent.id, 1)
    book(store, again, Receipt("retry", "answered 503", 503), later)
    assert claim(store, later, 10, made.LEASE, 2) == [], "from now on its schedule holds again"
    assert not store.set_back(later), "that was all"


def test_who_was_there_before_the_clock_was_set_back_holds_nothing_until_then(store: SqlStore) -> None:
    ahead, later = NOW + 5 * HOUR, NOW + MINUTE
    store.record([outcome(1, at=NOW)])
    assert store.lease("look", "gone", ahead, MINUTE)
    store.attend(Worker("gone", "1", ahead, ahead, 0, ""), ahead - MINUTE)
    store.set_status(status(last_visit_at=ahead, next_at=ahead))
    ((sent, _),) = claim(store, ahead, 1, made.LEASE, 2)
    assert store.lease("look", "here", later, MINUTE)
    assert not store.lease("look", "third", later, MINUTE)
    store.attend(Worker("here", "1", later, later, 0, ""), NOW)
    assert [each.id for each in store.workers(NOW)] == ["here"]
    assert store.set_back(later)
    assert claim(store, later, 1, made.LEASE, 2) == []
    book(store, sent, Receipt("delivered", "200", 200), later)
    assert store.alerts()[0][1][0].state == "delivered", "who is still there keeps what it was sending"


def test_a_clock_that_runs_right_makes_nothing_due(store: SqlStore) -> None:
    store.record([outcome(1)])
    store.set_status(status(last_visit_at=NOW, next_at=NOW + 15 * MINUTE))
    assert not store.set_back(NOW)
    assert not store.set_back(NOW - MINUTE)
    assert store.due(NOW, 10) == []
