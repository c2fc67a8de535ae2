"""Figures and short lists for pages, over every store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.model import Judgements, Receipt
from monitor.stores import SqlStore
from tests.stores.made import DAY, HOUR, LEASE, MINUTE, NOW, claim, decision, member, outcome, sighting, status


def test_stories_are_counted_by_what_their_reports_are(store: SqlStore) -> None:
    store.record([outcome(1, 2)])
    repeated = member(sighting(3), verdict="repeat", at=NOW + HOUR)
    store.record(
        [replace(outcome(), status=status(at=NOW + HOUR), judgements=Judgements(members=(("bridge", repeated),)))]
    )
    counts = store.story_counts()["bridge"]
    assert counts.verdicts == {"development": 2, "repeat": 1}
    assert counts.alerts == 2
    assert counts.moved_at == counts.told_at == NOW
    assert store.story_counts().get("other") is None


def test_near_misses_come_nearest_first_and_none_that_is_far(store: SqlStore) -> None:
    values = {1: 0.1, 2: 0.42, 3: 0.36, 4: 0.9, 5: 0.2}
    made = tuple(decision(sighting(number), value=value) for number, value in values.items())
    store.record(
        [replace(outcome(), judgements=Judgements(made), sightings=tuple(sighting(number) for number in values))]
    )
    assert [row.score.value for row in store.near_misses(["bridge"], 0.15)] == [0.42, 0.36]
    assert [row.score.value for row in store.near_misses(["bridge"], 0.15, limit=1)] == [0.42]
    assert store.near_misses(["bridge"], 0.15, since=NOW + MINUTE) == []
    assert store.near_misses(["other"], 0.15) == []
    assert store.weigh(10) == 0, "what is recorded now is weighed at once"


def test_what_was_held_back_is_found_until_it_is_taken(store: SqlStore) -> None:
    values = {1: 0.1, 2: 0.42, 3: 0.01, 4: 0.9}
    made = {number: decision(sighting(number), value=value) for number, value in values.items()}
    judged = Judgements(tuple(made.values()), members=(("bridge", member(sighting(4))),))
    store.record([replace(outcome(), judgements=judged, sightings=tuple(sighting(number) for number in values))])
    found = store.held_back("bridge", -0.45, NOW, 5)
    assert [(each.score.value, known.key) for each, known in found] == [
        (0.42, sighting(2).key), (0.1, sighting(1).key)
    ]  # fmt: skip
    assert store.held_back("bridge", -0.45, NOW, 1) == found[:1]
    assert store.held_back("bridge", -0.45, NOW + MINUTE, 5) == store.held_back("other", -0.45, NOW, 5) == []

    taken = decision(sighting(2), value=0.8)
    store.record([replace(outcome(at=NOW + HOUR), judgements=Judgements((taken,)))])
    assert [known.key for _, known in store.held_back("bridge", -0.45, NOW, 5)] == [sighting(1).key]
    assert taken in store.decisions(follow_up=True)


def test_a_story_is_watched_since_an_entry_first_came_near_it(store: SqlStore) -> None:
    assert store.first_decided_at("bridge") is None
    for number, value in ((1, 0.1), (2, 0.9), (3, 0.2)):
        made = replace(decision(sighting(number), value=value), at=NOW + number * HOUR)
        store.record([replace(outcome(number), judgements=Judgements((made,)))])
    assert store.first_decided_at("bridge") == NOW + HOUR
    assert store.first_decided_at("other") is None


def test_what_was_taken_is_not_held_back_again(store: SqlStore) -> None:
    for value in (0.8, 0.2, 0.9):
        store.record([replace(outcome(1), judgements=Judgements((decision(sighting(1), value=value),)))])
    assert [each.score.value for each in store.decisions()] == [0.8]


def test_a_day_counts_each_visit_once(store: SqlStore) -> None:
    visit = outcome(1, 2)
    failed = replace(outcome(at=NOW + HOUR), status=status(at=NOW + HOUR, state="failing", error="timeout"))
    store.record([visit])
    store.record([visit])
    store.record([failed, replace(outcome(3), status=status(at=NOW + 2 * HOUR))])
    assert store.days(NOW - DAY) == {"herald": {"2026-03-29": (3, 1, 3)}}
    assert store.days(NOW + DAY) == {}


def test_deliveries_are_counted_and_listed_by_state(store: SqlStore) -> None:
    store.record([outcome(1, 2, channels=("desk", "mail"))])
    assert store.delivery_counts() == {("desk", "pending"): 2, ("mail", "pending"): 2}
    assert store.arrived(["desk", "mail"]) == {}
    sent = [delivery for delivery, _ in claim(store, NOW, 4, LEASE, 2)]
    answers = [Receipt("delivered" if each.channel_id == "desk" else "refused", "no such address") for each in sent]
    store.settle_and_claim(list(zip(sent, answers, strict=True)), NOW + timedelta(seconds=3), 0, LEASE, 0)
    assert store.delivery_counts() == {("desk", "delivered"): 2, ("mail", "dead"): 2}
    assert store.delivery_counts(NOW - DAY)["mail", "dead"] == 2
    assert store.delivery_counts(NOW + DAY) == {}
    assert {row.channel_id for row, _ in store.deliveries(["dead", "retrying"])} == {"mail"}
    assert [alert.story_id for _, alert in store.deliveries(["dead"], limit=1)] == ["bridge"]
    assert store.deliveries(["dead"], before=NOW) == []
    recorded_at, arrived_at = store.arrived(["desk", "mail"])["desk"]
    assert (arrived_at - recorded_at).total_seconds() == 3
