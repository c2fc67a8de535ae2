"""What a store promises of followed articles: leased when due, kept in every version, forgotten with their entries."""

from __future__ import annotations

from dataclasses import replace

from monitor.core.decisions import recheck_schedule
from monitor.model import Judgements, Page, Recheck, WatchedArticle
from monitor.stores import SqlStore
from tests.stores.made import DAY, HOUR, LEASE, MINUTE, NOW, alert, delivery, outcome, sighting, status


def followed(number: int, **changes: object) -> WatchedArticle:
    seen = sighting(number)
    made = WatchedArticle(seen.key, "herald", seen.entry.url, NOW, NOW)
    return replace(made, **changes)  # type: ignore[arg-type]


def page(text: str) -> Page:
    return Page("https://herald.example/1", NOW, title="Report 1", text=text, etag='"7"')


def test_due_articles_are_leased_and_come_back(store: SqlStore) -> None:
    late = followed(2, next_at=NOW + HOUR)
    store.record([replace(outcome(1, 2), followed=(followed(1), late))])
    assert store.watched_count() == 2
    (leased,) = store.watched_due(NOW, 10, LEASE, ["herald"])
    assert leased == followed(1)
    assert store.watched_due(NOW, 10, LEASE, ["herald"]) == []
    assert [each.entry_key for each in store.watched_due(NOW + LEASE, 10, LEASE, ["herald"])] == [leased.entry_key]
    assert store.watched_due(NOW + 2 * HOUR, 10, LEASE, ["post"]) == [], "of these sources only"
    store.set_status(replace(status(), paused=True))
    assert store.watched_due(NOW + 2 * HOUR, 10, LEASE, ["herald"]) == [], "a paused source is left alone"


def test_a_reading_is_recorded_once_with_its_version_and_alert(store: SqlStore) -> None:
    known = followed(1, page=page("Two spans stand."))
    store.record([replace(outcome(1), followed=(known,))])
    text = page("Three spans stand.")
    told = alert("edit", entry_key=known.entry_key, kind="story.revision")
    reread = Recheck(
        replace(known, page=text, next_at=NOW + HOUR), text,
        version=(2, recheck_schedule.content(text, sighting(1).entry)),
        judgements=Judgements(alerts=(told,), deliveries=(delivery(told),)),
    )  # fmt: skip
    for _ in range(2):
        store.record_recheck(reread, NOW)
    assert [(revision, entry.text) for revision, _, entry in store.versions(known.entry_key)] == [
        (0, "Two spans stand."),
        (1, ""),
        (2, "Three spans stand."),
    ]
    entry = store.entry(known.entry_key)
    assert entry is not None
    assert (entry.revision, entry.entry) == (2, sighting(1).entry), "the feed's own text stays what feeds are held to"
    assert len([1 for each, _ in store.alerts() if each.id == told.id]) == 1
    assert store.memory("bridge", NOW, DAY).told[0].changes == told.changes


def test_a_change_of_the_feed_brings_the_next_reading_forward(store: SqlStore) -> None:
    store.record([replace(outcome(1), followed=(followed(1, page=page("Two."), next_at=NOW + DAY),))])
    moved = followed(1, url="https://herald.example/one", next_at=NOW + MINUTE)
    store.record([replace(outcome(at=NOW + MINUTE), sightings=(sighting(1),), followed=(moved,))])
    (due,) = store.watched_due(NOW + MINUTE, 10, LEASE, ["herald"])
    assert (due.url, due.page) == ("https://herald.example/one", page("Two."))


def test_the_end_and_the_retention_forget(store: SqlStore) -> None:
    store.record([replace(outcome(1, 2), followed=(followed(1), followed(2)))])
    store.record_recheck(Recheck(followed(1, next_at=None), page("Two.")), NOW)
    assert store.watched_count() == 1
    assert store.check() == []
