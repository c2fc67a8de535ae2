"""What was read, over every store."""

from __future__ import annotations

from dataclasses import replace

from monitor.model import Judgements
from monitor.stores import SqlStore
from tests.stores.made import DAY, HOUR, MINUTE, NOW, alert, decision, outcome, sighting


def test_what_is_told_is_unread_until_somebody_marks_it(store: SqlStore) -> None:
    store.record([outcome(1, 2), outcome(3, at=NOW + HOUR)])
    assert store.looked_at(NOW) is None
    assert store.unread_counts() == {("bridge", "story.development"): 3}
    newest = store.told(unread=True)[0][0]
    store.mark_read([newest.id], NOW + 2 * HOUR)
    store.mark_read([newest.id], NOW + 2 * HOUR)
    assert newest.id not in [told.id for told, _ in store.told(unread=True)]
    assert [flag for _, flag in store.told()] == [False, True, True]
    assert [told.id for told, _ in store.told(unread=False)] == [newest.id]
    store.mark_unread(newest.id)
    assert len(store.told(unread=True)) == 3


def test_marking_some_leaves_the_others_and_what_comes_later_unread(store: SqlStore) -> None:
    store.record([outcome(1, 2)])
    correction = alert("fix", NOW + MINUTE, kind="story.correction")
    store.add_alert(correction, ())
    shown = store.told(unread=True, kinds=["story.correction"])
    assert [told.id for told, _ in shown] == [correction.id]
    store.mark_read([correction.id], NOW + HOUR)
    assert store.unread_counts() == {("bridge", "story.development"): 2}
    store.mark_read([told.id for told, _ in store.told(unread=True)], NOW + HOUR)
    assert store.unread_counts() == {}
    store.add_alert(alert("later", NOW + DAY), ())
    assert store.unread_counts() == {("bridge", "story.development"): 1}
    store.add_alert(replace(alert("old", NOW + MINUTE), story_id=""), ())
    assert len(store.told(unread=True)) == 1, "told in the past, as a replay does, after all was read"


def test_digests_and_tests_are_never_unread(store: SqlStore) -> None:
    store.add_alert(alert("sum", kind="story.digest"), ())
    store.add_alert(alert("test", kind="channel.test", story=""), ())
    assert store.unread_counts() == {}


def test_one_sitting_is_one_look(store: SqlStore) -> None:
    store.record([outcome(1, 2, 3, 4)])
    names = [told.id for told, _ in store.told()]
    store.mark_read(names[:1], NOW)
    assert store.looked_at(NOW + DAY) == NOW
    store.mark_read(names[1:2], NOW + DAY)
    store.mark_read(names[2:3], NOW + DAY + 10 * MINUTE)
    assert store.looked_at(NOW + DAY + 20 * MINUTE) == NOW
    assert store.looked_at(NOW + 2 * DAY) == NOW + DAY + 10 * MINUTE


def test_pages_of_what_was_told_go_on_where_the_last_one_ended(store: SqlStore) -> None:
    for number in range(5):
        store.add_alert(alert(str(number), NOW + number * MINUTE), ())
    first = store.told(limit=2)
    second = store.told(before=first[-1][0].at, limit=2)
    assert [told.title for told, _ in (*first, *second)] == ["The 4", "The 3", "The 2", "The 1"]


def test_what_accepted_an_entry_is_told_from_what_came_near_it(store: SqlStore) -> None:
    first, later = decision(sighting(1)), decision(sighting(1, NOW + HOUR, revision=2), verdict="touch")
    others = decision(sighting(1), "dam", 0.3), decision(sighting(2), value=0.3), decision(sighting(3))
    store.record([replace(outcome(), judgements=Judgements(decisions=(first, later, *others)))])
    assert store.accepted([sighting(1).key, sighting(2).key]) == [later, first]
    assert store.accepted([]) == []


def test_small_values_are_read_by_the_thousand(store: SqlStore) -> None:
    store.set_setting("one", "1")
    store.set_setting("two", "2")
    assert store.settings(["two", "none", *(f"n{number}" for number in range(3000))]) == {"two": "2"}
    assert store.settings([]) == {}
