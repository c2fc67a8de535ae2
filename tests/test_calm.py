"""Calm loses nothing: whatever comes when, every destination is told all that it wants, once, and when it may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.delivery import routing
from monitor.model import (
    Alert,
    Article,
    Delivery,
    Destination,
    Gap,
    Outcome,
    Receipt,
    Source,
    SourceStatus,
    Story,
)
from monitor.operations.replaying import VirtualClock
from monitor.pipeline import Pipeline, Watchlist
from monitor.runtime import maintenance
from monitor.stores import open_store
from tests.stores.made import book, claim, outcome

BEGIN = datetime(2026, 3, 28, 6, tzinfo=UTC)  # the day before Europe sets its clocks forward
HOUR = timedelta(hours=1)
STORIES = tuple(Story(name, f"Story {name}", Article(f"About {name}", f"Something about {name}.")) for name in "ab")
PLACES = (
    Destination("all"),
    Destination("night", "a@example.org", quiet="22:00-07:00", timezone="Europe/Berlin"),
    Destination("daily", "b@example.org", mode="digest", digest_at="02:30", timezone="Europe/Berlin"),
    Destination("often", "c@example.org", mode="digest", digest_every_h=6, quiet="20:00-04:00", timezone="Asia/Seoul"),
    Destination("picky", kinds=("correction", "story.revision"), stories=("a",), severity_min="normal"),
    Destination("phone", together=3, apart=("b",)),
    Destination("calm", "d@example.org", mode="digest", digest_every_h=1, urgent="normal"),
)  # fmt: skip


@dataclass
class Desk:
    """The calm of a daemon on a clock of its own, and who was told what when."""

    places: Sequence[Destination] = PLACES
    told: list[tuple[datetime, Delivery, Alert]] = field(default_factory=list)
    made: list[Alert] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = VirtualClock(BEGIN)
        self.store = open_store(":memory:", exclusive=False)
        self.store.sync_sources([Source("herald", "The Herald", "https://herald.example/feed")], BEGIN)
        self.pipeline = Pipeline(
            store=self.store, fetcher=None, parser=None, clock=self.clock,
            watchlist=Watchlist(STORIES, tuple(self.places)),
        )  # type: ignore[arg-type]  # fmt: skip
        for story in STORIES:
            self.store.set_setting(f"baseline:{story.id}", "2020-01-01T00:00:00+00:00")
        self.look()

    def come(self, alerts: Sequence[Alert]) -> None:
        """Alerts of one visit, recorded and routed as a decision does it."""
        self.made += alerts
        for alert in routing.cap(alerts):
            self.store.add_alert(alert, routing.deliveries(alert, self.places, (), self.clock.at))

    def look(self) -> None:
        """One tick of upkeep, and everything due delivered."""
        sources = {"herald": Source("herald", "The Herald", "https://herald.example/feed")}
        maintenance.tend(self.pipeline, sources)
        while claimed := claim(self.store, self.clock.at, 50, timedelta(minutes=2), 50):
            for delivery, alert in claimed:
                book(self.store, delivery, Receipt("delivered"), self.clock.at)
                self.told.append((self.clock.at, delivery, alert))

    def wait(self, hours: float) -> None:
        """Let time pass, looking every half hour."""
        until = self.clock.at + timedelta(hours=hours)
        while self.clock.at < until:
            self.clock.at = min(until, self.clock.at + HOUR / 2)
            self.look()

    def at(self, channel_id: str) -> list[tuple[datetime, Alert]]:
        """What one channel was told, and when."""
        return [(at, alert) for at, delivery, alert in self.told if delivery.channel_id == channel_id]


def alert(number: int, kind: str = "story.development", severity: str = "normal", story: str = "a") -> Alert:
    return Alert(
        id=f"a{number}", kind=kind, at=BEGIN, title=f"Title {number}", severity=severity, story_id=story,
        story_title=f"Story {story}", article_source="The Herald", article_url=f"https://herald.example/{number}",
        entry_key=f"e{number}",
    )  # type: ignore[arg-type]  # fmt: skip


KINDS = ("story.development", "story.confirmation", "story.revision", "story.correction", "story.overdue")
BURSTS = st.lists(
    st.tuples(
        st.integers(0, 30), st.sampled_from([1, 2, 3, 40]), st.sampled_from(KINDS),
        st.sampled_from(["low", "normal", "high"]), st.sampled_from("ab"),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@settings(max_examples=25)
@given(BURSTS)
def test_nothing_is_discarded_and_nothing_is_told_twice(bursts: list[tuple[int, int, str, str, str]]) -> None:
    desk, number = Desk(), 0
    for hours, count, kind, severity, story in bursts:
        desk.wait(hours)
        desk.come([alert(number + n, kind, severity, story) for n in range(count)])
        number += count
        desk.look()
    desk.wait(50)
    for place in PLACES:
        heard = Counter(
            name
            for _, told in desk.at(place.channel_id)
            for name in ([item.alert for item in told.items] if told.kind == "story.digest" else [told.id])
        )
        wanted = [each.id for each in desk.made if routing.wants(place, each)]
        assert [(name, heard[name]) for name in wanted if heard[name] != 1] == [], place.channel_id
        for at, told in desk.at(place.channel_id):
            urgent = routing.RANK[told.severity] >= routing.RANK[place.urgent]
            assert urgent or routing.quiet_until(place, at) is None, (place.channel_id, at, told.id)
    held = [row for _, rows in desk.store.alerts(limit=10_000) for row in rows if row.state != "delivered"]
    assert held == []
    zone = ZoneInfo("Europe/Berlin")
    days = [at.astimezone(zone).date() for at, told in desk.at("daily") if told.kind == "story.digest"]
    calm = [alert for alert in desk.made if alert.severity != "high"]
    if len(calm) < 400:
        assert len(set(days)) == len(days), "one digest a day, also when a day has 23 hours"


def test_what_the_night_held_comes_in_order_in_the_morning() -> None:
    desk = Desk()
    desk.wait(16)  # 23:00 in Berlin
    for number in range(5):
        desk.come([alert(number)])
        desk.wait(0.5)
    desk.come([alert(9, "story.correction", "high")])
    desk.look()
    assert [told.id for _, told in desk.at("night")] == ["a9"], "what is urgent passes through"
    desk.wait(12)
    at, *_ = {at for at, told in desk.at("night") if told.id != "a9"}
    assert [told.id for _, told in desk.at("night")][1:] == [f"a{n}" for n in range(5)]
    assert at == datetime(2026, 3, 29, 5, tzinfo=UTC), "7:00 in Berlin, which is on summer time since 2:00"


def test_a_night_with_very_many_is_one_digest() -> None:
    desk = Desk()
    desk.wait(17)
    for number in range(routing.SINGLES_MAX + 1):
        desk.come([alert(number)])
    desk.wait(12)
    ((_, told),) = desk.at("night")
    assert [item.alert for item in told.items] == [f"a{n}" for n in range(routing.SINGLES_MAX + 1)]


def test_a_day_without_alerts_is_said_once_a_day() -> None:
    desk = Desk([*PLACES, Destination("mute", mode="digest", digest_empty=False), Destination("now")])
    desk.wait(24 * 4)
    told = desk.at("daily")
    assert [at for at, _ in told] == [
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC), datetime(2026, 3, 30, 0, 30, tzinfo=UTC),
        datetime(2026, 3, 31, 0, 30, tzinfo=UTC), datetime(2026, 4, 1, 0, 30, tzinfo=UTC),
    ]  # fmt: skip
    assert all(each.title.startswith("Nothing new since ") and each.notes for _, each in told)
    assert len(desk.at("often")) == len(desk.at("calm")) == 4, "also where digests could come every hour"
    assert desk.at("mute") == desk.at("now") == []
    desk.pipeline.watchlist.muted = {("*", "daily", "b@example.org")}
    desk.wait(48)
    assert len(desk.at("daily")) == 4, "who stopped every story is not told that there was nothing"


def test_a_digest_begins_with_what_matters_and_ends_with_coverage() -> None:
    desk = Desk()
    gap = Gap("herald", BEGIN, BEGIN + HOUR, "all 9 entries were new")
    status = SourceStatus("herald", "ok", url="https://herald.example/feed", last_ok_at=BEGIN, next_at=BEGIN)
    made: Outcome = replace(outcome(), status=status, gaps=(gap,))
    desk.store.record([made])
    desk.come([alert(1), alert(2, "story.overdue", "low", "b"), alert(3, "story.correction"), alert(4)])
    desk.wait(24)
    (_, told), *_ = desk.at("daily")
    assert [item.alert for item in told.items] == ["a3", "a1", "a4", "a2"]
    assert told.title == "1 correction, 2 developments, 1 missed deadline"
    assert told.notes[0] == "1 source polled: The Herald."
    assert any("gaps" in note and "The Herald" in note for note in told.notes)
    desk.wait(24)
    assert not any("may have been missed" in note for note in desk.at("daily")[1][1].notes), "a gap is told once"


def test_a_burst_in_a_digest_is_told_by_its_parts() -> None:
    desk = Desk()
    desk.come([alert(n) for n in range(100)])
    desk.wait(24)
    (_, told), *_ = desk.at("daily")
    assert {item.alert for item in told.items} == {f"a{n}" for n in range(100)}


@pytest.mark.parametrize(("kinds", "wanted"), [(("development",), True), (("digest",), True), (("correction",), False)])
def test_a_burst_reaches_who_wants_its_kind(kinds: tuple[str, ...], wanted: bool) -> None:
    place = Destination("desk", kinds=kinds)
    digest = routing.cap([alert(n) for n in range(30)])[-1]
    assert (digest.kind, routing.wants(place, digest)) == ("story.digest", wanted)


def test_a_chat_is_sent_one_message_for_many_of_one_run_and_a_story_with_a_topic_its_own() -> None:
    desk = Desk((Destination("phone", together=3, apart=("b",)), Destination("desk")))
    desk.come([alert(number) for number in range(3)])
    desk.look()
    assert [told.kind for _, told in desk.at("phone")] == ["story.development"] * 3, "three are told one by one"
    assert [told.id for _, told in desk.at("phone")] == ["a0", "a1", "a2"]
    desk.come([alert(number) for number in range(10, 13)])
    desk.come([alert(20, story="b"), alert(14)])
    desk.come([alert(30, "story.correction", "high")])
    desk.look()
    fresh = [told for _, told in desk.at("phone")][3:]
    assert {told.id for told in fresh if told.kind != "story.digest"} == {"a30", "a20"}, (
        "what is urgent is no part of it"
    )
    (whole,) = (told for told in fresh if told.kind == "story.digest")
    assert ([item.alert for item in whole.items], whole.story_id) == (["a10", "a11", "a12", "a14"], "a")
    assert whole.notes == (), "what was covered is said by digests that have an hour"
    desk.come([alert(number, story="b") for number in range(40, 44)] + [alert(number) for number in range(50, 54)])
    desk.look()
    assert sorted(told.story_id for _, told in desk.at("phone")[-2:]) == ["a", "b"]
    assert len([told for _, told in desk.at("desk") if told.kind == "story.digest"]) == 0, "others are told each"


def test_a_muted_story_is_held_and_told_when_the_mute_ends() -> None:
    place = Destination("desk", timezone="Europe/Berlin")
    until = datetime(2026, 3, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    for named, wanted in (("2026-03-30", until), ("2026-03-30T08:00", until.replace(hour=8)), ("2026-03-01", None)):
        (made,) = routing.deliveries(alert(1), [place], (), BEGIN, named)
        assert (made.state, made.next_at) == (("held", wanted) if wanted else ("pending", BEGIN))
    (urgent,) = routing.deliveries(alert(1, severity="high"), [place], (), BEGIN, "2026-03-30")
    assert urgent.state == "pending", "what is urgent passes a mute as it passes quiet hours"
    longer = replace(place, mute_until="2026-04-02")
    assert routing.quiet_until(longer, BEGIN, "2026-03-30") == datetime(2026, 4, 2, tzinfo=ZoneInfo("Europe/Berlin"))
    daily = replace(place, mode="digest", digest_at="07:30")
    assert routing.digest_at(daily, BEGIN, "2026-03-30") == until
