"""Pure decisions on sources: when to come back, when trouble is told, what a permanent redirect changes."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.decisions import poll_schedule, source_status
from monitor.core.decisions import visit as outcomes
from monitor.model import Entry, ErrorClass, Feed, Fetched, KnownEntry, Sighting, Source, SourceStatus, Visit

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SOURCE = Source("dailynk", "Daily NK", "https://example.org/feed")


def visit(status: SourceStatus, at: datetime = NOW) -> Visit:
    return Visit(SOURCE, status, at)


def fail(status: SourceStatus, error: ErrorClass, at: datetime, **more: object) -> source_status.Standing:
    fetched = Fetched(SOURCE.id, SOURCE.url, at, error=error, **more)  # type: ignore[arg-type]
    return source_status.after(visit(status, at), fetched, None, (), 900, at)


def succeed(status: SourceStatus, at: datetime, **more: object) -> source_status.Standing:
    fetched = Fetched(SOURCE.id, SOURCE.url, at, status=200, body=b"<rss/>", etag='"e"', **more)  # type: ignore[arg-type]
    return source_status.after(visit(status, at), fetched, Feed(title="t"), (), 900, at)


def test_failures_back_off_to_a_day_and_keep_what_is_known() -> None:
    status = succeed(SourceStatus(SOURCE.id), NOW).status
    at, waits = NOW, []
    for _ in range(10):
        at = status.next_at or at
        status = fail(status, "timeout", at).status
        waits.append((status.next_at or at) - at)
    assert all(later >= earlier * 0.9 for earlier, later in itertools.pairwise(waits))
    assert waits[-1] <= timedelta(hours=26)
    assert (status.etag, status.state, status.failures) == ('"e"', "failing", 10)


@pytest.mark.parametrize(("error", "told_after"), [("not_a_feed", 3), ("challenge", 3), ("parse", 3)])
def test_an_error_page_is_told_once_after_three(error: ErrorClass, told_after: int) -> None:
    status, notices = SourceStatus(SOURCE.id), []
    for hour in range(8):
        stood = fail(status, error, NOW + timedelta(minutes=20 * hour))
        status = stood.status
        notices.append(stood.notice)
    assert notices.index("trouble") == told_after - 1
    assert notices.count("trouble") == 1
    assert succeed(status, NOW + timedelta(hours=9)).notice == "recovered"


def test_a_server_that_is_down_gets_a_day() -> None:
    status, first_at = SourceStatus(SOURCE.id), NOW
    told_at = None
    for hour in range(40):
        stood = fail(status, "http_status", first_at + timedelta(hours=hour))
        status = stood.status
        if stood.notice == "trouble":
            told_at = told_at or hour
    assert told_at == 24


def test_gone_is_believed_the_second_time() -> None:
    first = fail(SourceStatus(SOURCE.id), "gone", NOW)
    assert (first.status.state, first.notice) == ("failing", "")
    second = fail(first.status, "gone", NOW + timedelta(hours=1))
    assert (second.status.state, second.notice) == ("gone", "trouble")
    assert second.status.next_at is None, "nobody goes there any more"


def test_retry_after_is_obeyed_within_a_day() -> None:
    stood = fail(SourceStatus(SOURCE.id), "rate_limited", NOW, retry_after_s=7200)
    assert stood.status.retry_until == NOW + timedelta(hours=2)
    assert stood.status.next_at is not None
    assert stood.status.next_at >= NOW + timedelta(hours=2)
    absurd = fail(SourceStatus(SOURCE.id), "rate_limited", NOW, retry_after_s=10**9)
    assert absurd.status.retry_until == NOW + timedelta(days=1)


def test_one_refusal_speaks_for_a_feed_two_for_its_host() -> None:
    until = NOW + timedelta(hours=1)
    told = SourceStatus("a", url="http://example.org/a", retry_until=until)
    other = SourceStatus("c", url="http://example.org:8080/", retry_until=until)
    assert poll_schedule.held_hosts([told, other, SourceStatus("b", url="https://example.org/b")], NOW) == {}
    both = [told, other, SourceStatus("b", url="https://example.org/b", retry_until=NOW + timedelta(minutes=5))]
    assert poll_schedule.held_hosts(both, NOW) == {"example.org": until}
    assert poll_schedule.held_hosts(both, NOW - timedelta(days=30)) == {}, "the clock was set back"


def test_a_permanent_redirect_is_believed_after_three_over_a_day() -> None:
    status = SourceStatus(SOURCE.id)
    for hour in (0, 1, 2):
        status = succeed(status, NOW + timedelta(hours=hour), moved_to="https://new.example/feed").status
    assert (status.url, status.state) == ("", "ok")
    status = succeed(status, NOW + timedelta(hours=25), moved_to="https://new.example/feed").status
    assert (status.url, status.state) == ("https://new.example/feed", "moved")


def sighting(number: int, known: bool) -> Sighting:
    entry = Entry(id=str(number), title=f"entry {number}")
    previous = KnownEntry(str(number), SOURCE.id, entry, 1, NOW, NOW) if known else None
    return Sighting(str(number), entry, NOW, 1, (), previous)


def test_a_feed_that_became_another_is_held_for_review() -> None:
    status = replace(succeed(SourceStatus(SOURCE.id), NOW).status, feed_title="Daily NK", feed_language="en")
    feed = Feed(title="Casino bonuses", language="en")
    fetched = Fetched(SOURCE.id, SOURCE.url, NOW, status=200, body=b"x")
    fresh = [sighting(number, False) for number in range(20)]
    stood = source_status.after(visit(status), fetched, feed, fresh, 900, NOW)
    assert (stood.status.state, stood.notice) == ("review", "review")
    renamed = source_status.after(visit(status), fetched, feed, [sighting(n, n < 10) for n in range(20)], 900, NOW)
    assert renamed.status.state == "ok", "a new name alone is no other feed"


def test_the_interval_follows_the_feed_within_floor_and_ceiling() -> None:
    def dated(minutes: float, count: int = 30) -> list[Entry]:
        return [Entry(published_at=NOW - timedelta(minutes=minutes * n)) for n in range(count)]

    assert poll_schedule.rhythm_s(dated(1), 900, NOW, None) == 300
    assert poll_schedule.rhythm_s(dated(10), 900, NOW, None) == 600
    assert poll_schedule.rhythm_s(dated(600), 900, NOW, None) == 900
    silent = [Entry(published_at=NOW - timedelta(days=20))]
    assert 10_000 < poll_schedule.rhythm_s(silent, 900, NOW, None) <= 86_400
    assert poll_schedule.rhythm_s([], 900, NOW, None) == 900


@pytest.mark.parametrize("wish", [1, 59, 10**12])
def test_absurd_wishes_are_clamped(wish: int) -> None:
    assert 300 <= poll_schedule.after_success(SOURCE, 900, 900, (wish, wish), True) <= 86_400


def test_a_gap_is_where_all_is_new_and_newer() -> None:
    before = replace(succeed(SourceStatus(SOURCE.id), NOW).status, entries=3, newest_at=NOW - timedelta(days=3))

    def gaps(*days: int | None) -> list[str]:
        seen = [
            Sighting(f"k{day}", Entry(title=f"Day {day}", published_at=day and NOW - timedelta(days=day)), NOW, 1, ())
            for day in days
        ]
        fetched = Fetched(SOURCE.id, SOURCE.url, NOW, status=200, body=b"<rss/>")
        outcome, _ = outcomes.decide(visit(before), fetched, Feed(title="t"), seen, outcomes.Context(NOW, 900))
        assert outcome.status.newest_at == max(NOW - timedelta(days=d) for d in (3, *filter(None, days)))
        return [gap.detail for gap in outcome.gaps]

    assert gaps(1, 2) == ["all 2 entries were new"]
    assert gaps(1, 4) == [], "it reaches back to what was known"
    assert gaps(None) == ["the only entry was new"], "without dates nobody can tell"


def test_a_shorter_document_is_believed_the_third_time() -> None:
    """A server that broke off sends the rest the next time; a publisher who writes it so is read as far as it goes."""
    short = Feed(title="t", ends_early=True)
    status = SourceStatus(SOURCE.id)
    for failures in (0, 1):
        found = source_status.believed(replace(status, failures=failures), short)
        assert (found.error, found.entries) == ("truncated", ())
    assert source_status.believed(replace(status, failures=2), short) is short
    whole = Feed(title="t")
    assert source_status.believed(status, whole) is whole


def test_a_document_that_is_no_feed_is_the_sources_failure() -> None:
    before = succeed(SourceStatus(SOURCE.id), NOW).status
    fetched = Fetched(SOURCE.id, SOURCE.url, NOW, status=200, body=b"<html>", etag='"new"')
    feed = Feed(error="not_a_feed", detail="an HTML page")
    status = source_status.after(visit(before), fetched, feed, (), 900, NOW).status
    assert (status.state, status.error, status.detail, status.failures) == ("failing", "not_a_feed", "an HTML page", 1)
    assert status.etag == '"e"', "validators of what could not be read are not kept"


def test_a_host_that_asked_others_to_stay_away_says_nothing_of_this_source() -> None:
    before = succeed(SourceStatus(SOURCE.id), NOW).status
    unasked = Fetched(SOURCE.id, SOURCE.url, NOW, error="rate_limited", retry_after_s=7200)
    stood = source_status.after(visit(before), unasked, None, (), 900, NOW)
    assert (stood.status.state, stood.status.failures, stood.notice) == ("ok", 0, "")
    assert stood.status.next_at == stood.status.retry_until == NOW + timedelta(hours=2)


def test_another_address_is_another_feed_only_on_another_site() -> None:
    """What the old address taught of its document goes; entries, and on one site the baseline, stay known."""
    learnt = replace(succeed(SourceStatus(SOURCE.id, url=SOURCE.url), NOW).status, retry_until=NOW + timedelta(hours=3))
    moved = source_status.readdressed(learnt, replace(SOURCE, url="https://example.org/all.xml"), NOW)
    assert (moved.url, moved.state, moved.etag, moved.body_hash) == ("https://example.org/all.xml", "ok", "", "")
    assert (moved.baseline_at, moved.retry_until) == (learnt.baseline_at, learnt.retry_until), "the same server"
    other = source_status.readdressed(learnt, replace(SOURCE, url="https://other.example/feed"), NOW)
    assert (other.state, other.baseline_at, other.retry_until, other.next_at) == ("new", None, None, NOW)


def test_an_address_that_a_redirect_led_to_is_left_when_nobody_answers_there() -> None:
    away = replace(
        succeed(SourceStatus(SOURCE.id), NOW).status, url="https://moved.example/feed", state="moved", failures=1
    )
    second = fail(away, "connect", NOW).status
    assert second.url == "https://moved.example/feed"
    third = fail(second, "connect", NOW).status
    assert (third.url, third.etag, third.body_hash) == (SOURCE.url, "", "")


def test_what_is_left_out_is_said_until_it_is_read_whole() -> None:
    fetched = Fetched(SOURCE.id, SOURCE.url, NOW, status=200, body=b"<rss/>")
    long = Feed(title="t", entries=(Entry(id="a"),), entries_cut=4)
    status = source_status.after(visit(SourceStatus(SOURCE.id)), fetched, long, (), 900, NOW).status
    assert status.detail == "only the newest 1 of 5 entries are read"
    same = source_status.after(visit(status), replace(fetched, status=304, body=b""), None, (), 900, NOW).status
    assert same.detail == status.detail, "an unchanged document has the same shortcoming"
    assert succeed(status, NOW).status.detail == ""


def test_an_index_of_documents_is_read_whole_each_time() -> None:
    fetched = Fetched(SOURCE.id, SOURCE.url, NOW, status=200, body=b"<sitemapindex/>", etag='"i"', last_modified="x")
    index = Feed(title="t", more=("https://example.org/news.xml",))
    status = source_status.after(visit(SourceStatus(SOURCE.id)), fetched, index, (), 900, NOW).status
    assert (status.etag, status.last_modified, status.body_hash) == ("", "", "")


def week(entries_an_hour: dict[int, int], weekend: float = 1.0) -> tuple[float, ...]:
    working = [5.0 * entries_an_hour.get(hour, 0) for hour in range(24)]
    return (*working, *(count / 5 * 2 * weekend for count in working))


def visits_of_a_week(hours: tuple[float, ...]) -> list[datetime]:
    visits = [NOW]
    while visits[-1] < NOW + timedelta(days=7):
        visits.append(
            visits[-1] + timedelta(seconds=poll_schedule.at_this_hour_s(hours, 600, 900, visits[-1]))
        )  # fmt: skip
    return visits


@pytest.mark.parametrize("hours", [week(dict.fromkeys(range(24), 3)), (), (0.2,) * 48])
def test_where_no_hour_is_better_than_another_the_rhythm_stays(hours: tuple[float, ...]) -> None:
    assert poll_schedule.at_this_hour_s(hours, 600, 900, NOW) in (599, 600)


@pytest.mark.parametrize("weekend", [1.0, 0.2])
def test_visits_move_to_the_hours_in_which_entries_come_and_stay_as_many(weekend: float) -> None:
    visits = visits_of_a_week(week({hour: 6 if 8 <= hour < 20 else 1 for hour in range(24)}, weekend))
    day = sum(8 <= at.hour < 20 for at in visits) / len(visits)
    assert 0.65 < day < 0.85, "half of all hours"
    assert 0.9 < len(visits) / (7 * 24 * 6) < 1.1, "not more requests, nor fewer, than every ten minutes"
    assert max(later - earlier for earlier, later in itertools.pairwise(visits)) <= timedelta(minutes=40)


def test_a_feed_that_has_been_silent_long_is_not_hurried() -> None:
    assert poll_schedule.at_this_hour_s(week({12: 50}), 5000, 900, NOW) == 5000


def test_the_hours_are_learnt_from_what_came_since_the_last_visit_and_fade() -> None:
    status = succeed(SourceStatus(SOURCE.id), NOW).status
    assert status.hours == (), "what was there before the first visit came at unknown hours"

    def come(status: SourceStatus, at: datetime, published_at: datetime | None) -> SourceStatus:
        fetched = Fetched(SOURCE.id, SOURCE.url, at, status=200, body=b"<rss/>")
        entry = Entry(id=str(at), title=f"entry {at}", published_at=published_at)
        new = [Sighting(str(at), entry, at, 1, ())]
        return source_status.after(visit(status, at), fetched, Feed(title="t"), new, 900, at).status

    at = NOW + timedelta(hours=3)
    status = come(status, at, NOW + timedelta(hours=1))
    assert [hour for hour, count in enumerate(status.hours) if count] == [13]
    dated_by_day = come(status, at + timedelta(hours=1), NOW.replace(hour=0))
    assert dated_by_day.hours[16] > 0.9, "it cannot have come before the visit that did not show it"
    weekend = come(status, datetime(2026, 6, 28, 9, 30, tzinfo=UTC), None)
    assert weekend.hours[24 + 9] == 1
    assert 0.45 < weekend.hours[13] < 0.55


def test_hours_leave_ttl_and_the_sources_own_interval_alone() -> None:
    busy = replace(succeed(SourceStatus(SOURCE.id), NOW).status, hours=week({12: 50}))
    assert (succeed(busy, NOW).status.next_at or NOW) - NOW < timedelta(minutes=8)
    fetched = Fetched(SOURCE.id, SOURCE.url, NOW, status=200, body=b"<rss/>", etag='"e"')
    slow = source_status.after(visit(busy), fetched, Feed(title="t", ttl_s=3600), (), 900, NOW).status
    assert (slow.next_at or NOW) - NOW >= timedelta(hours=1)
    own = Visit(replace(SOURCE, interval_s=1800), busy, NOW)
    fixed = source_status.after(own, fetched, Feed(title="t"), (), 900, NOW).status
    assert (fixed.next_at or NOW) - NOW >= timedelta(minutes=30)


def test_a_feed_is_not_visited_in_hours_that_it_skips_but_once_a_day() -> None:
    fetched = Fetched(SOURCE.id, SOURCE.url, NOW, status=200, body=b"<rss/>", etag='"e"')

    def next_at(skipped: tuple[int, ...], source: Source = SOURCE, at: datetime = NOW) -> datetime:
        feed, before = Feed(title="t", skipped=skipped), Visit(source, SourceStatus(source.id), at)
        return source_status.after(before, fetched, feed, (), 900, at).status.next_at or at

    usual = next_at(())
    assert next_at((12, 13)) == usual + timedelta(hours=2)  # a Monday at noon
    assert next_at((13,)) == usual
    assert usual <= next_at(tuple(range(168))) <= NOW + timedelta(days=1)
    own = replace(SOURCE, interval_s=1800)
    assert next_at((12, 13), own) == next_at((), own)
    known = succeed(replace(SourceStatus(SOURCE.id), skipped=(12, 13)), NOW).status
    assert known.skipped == ()  # what the feed says no more
