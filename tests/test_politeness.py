"""What an origin's log says of us, over days of a clock that the test moves: the goals of politeness, each scored."""

from __future__ import annotations

import asyncio
import itertools
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from unittest.mock import Mock

import pytest

from tests.cli.command import monitor
from tests.publisher import AT, Answer, Publisher, Request, Watch, feed, turns, validated

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def told_off(retry_after: str | None, status: int = 429) -> Answer:
    headers = {"Date": format_datetime(AT, usegmt=True)} | ({"Retry-After": retry_after} if retry_after else {})
    return Answer(b"slow down", status, headers)


async def test_validators_come_back_byte_for_byte_and_a_day_ends_them(watch: Watch, paper: Publisher) -> None:
    etag, modified = 'W/"a b,\\"é\xff;', "Mon,  01 Jun 2026 11:59:59 +0000 (about)"
    paper.paths["/a"] = validated(feed(1, 2), etag, Last_Modified=modified)
    while watch.clock.at < AT + 50 * HOUR:
        figures = await watch.poll_when_due("a") if watch.app else await watch.poll()
        assert (figures["visited"], figures["failed"]) == (1, 0)
        assert watch.next_at("a") - watch.clock.at >= 5 * MINUTE
    sent = [(r.headers.get("if-none-match"), r.headers.get("if-modified-since")) for r in paper.requests]
    assert sent[0] == (None, None)
    assert sum(pair == (None, None) for pair in sent) == 3, "the first and one a day"
    assert {pair for pair in sent if pair != (None, None)} == {(etag, modified)}
    assert watch.row("a")["entries"] == 2


@pytest.mark.parametrize("size", [1024, 1025])
async def test_validators_over_a_kibibyte_are_dropped(watch: Watch, paper: Publisher, size: int) -> None:
    etag = '"' + "e" * (size - 2) + '"'
    paper.paths["/a"] = validated(feed(1), etag)
    await watch.poll()
    await watch.poll(everything=True)
    assert paper.requests[1].headers.get("if-none-match") == (etag if size <= 1024 else None)


@pytest.mark.parametrize("broken", [feed(1)[:-60], b"<rss><channel><item>", b"<html>Sorry</html>", b"{]"])
async def test_no_validator_is_kept_of_what_could_not_be_read(watch: Watch, paper: Publisher, broken: bytes) -> None:
    good = Answer(feed(1, 2), headers={"ETag": '"good"'})
    paper.paths["/a"] = turns(good, Answer(broken, headers={"ETag": '"bad"'}), good)
    await watch.poll()
    assert (await watch.poll(everything=True))["failed"] == 1
    assert (await watch.poll(everything=True))["failed"] == 0
    assert [r.headers.get("if-none-match") for r in paper.requests] == [None, '"good"', '"good"']
    assert (watch.row("a")["entries"], watch.row("a")["gaps"]) == (2, 0)


WISHES = [
    ("7200", 429, 2 * HOUR),
    ("7200", 503, 2 * HOUR),
    ("7200", 403, 2 * HOUR),
    ("7200", 500, 2 * HOUR),
    ("0", 429, 15 * MINUTE),
    (format_datetime(AT + 3 * HOUR, usegmt=True), 429, 3 * HOUR),
    (format_datetime(AT - 3 * HOUR, usegmt=True), 429, 15 * MINUTE),
    ("Mon, 01 Jan 2126 00:00:00 GMT", 429, DAY),
    ("99999999999999999999", 429, DAY),
    ("soon", 429, 15 * MINUTE),
    ("-5", 503, 15 * MINUTE),
    (None, 429, 15 * MINUTE),
]


@pytest.mark.parametrize(("retry_after", "status", "wait"), WISHES)
async def test_retry_after_is_obeyed(
    watch: Watch, paper: Publisher, retry_after: str | None, status: int, wait: timedelta
) -> None:
    """Also by `poll --all`, and by a process that starts later."""
    paper.paths["/a"] = turns(told_off(retry_after, status), Answer(feed(1)))
    assert (await watch.poll())["failed"] == 1
    row = watch.row("a")
    assert row["state"] == "failing"
    assert row["error"] == ("rate_limited" if status in (429, 503) else "http_status")
    assert wait <= watch.next_at("a") - AT <= max(wait * 1.06, wait + MINUTE)
    if retry_after != "0" and "Mon, 01 Jun 2026 09" not in (retry_after or ""):
        await watch.restart()
        assert (await watch.poll(wait - MINUTE, everything=True))["visited"] == 0
        assert len(paper.requests) == 1
    assert (await watch.poll(watch.next_at("a") - watch.clock.at + MINUTE))["entries_new"] == 1


async def test_two_feeds_turned_away_speak_for_their_host(tmp_path: Path, paper: Publisher) -> None:
    """At once for those that wait for their turn there, later from the state, also after a restart."""
    with Publisher() as other:
        sources = {name: paper.url(f"/{name}") for name in "abcd"} | {"e": other.url("/e")}
        watch = Watch(tmp_path, sources, "host_spacing = 0.05\n")
        paper.paths |= {f"/{name}": turns(told_off("3600"), Answer(feed(1))) for name in "ab"}
        paper.paths |= {f"/{name}": Answer(feed(2)) for name in "cd"}
        other.paths["/e"] = Answer(feed(3))
        figures = await watch.poll()
        assert [request.path for request in paper.requests] == ["/a", "/b"]
        assert (figures["failed"], figures["entries_new"]) == (2, 1)
        assert (figures["visited"], figures["put_off"], figures["unchanged"]) == (3, 2, 0)
        assert [watch.row(name)["state"] for name in "abcde"] == ["failing", "failing", "new", "new", "ok"]
        assert watch.row("c")["failures"] == 0
        assert watch.next_at("c") >= AT + HOUR
        for restarting in (False, True):
            if restarting:
                await watch.restart()
            figures = await watch.poll(20 * MINUTE, everything=True)
            assert (figures["visited"], figures["put_off"]) == (1, 4)
        assert len(paper.requests) == 2
        figures = await watch.poll(21 * MINUTE)
        assert (figures["failed"], len(paper.requests)) == (0, 6)
        await watch.close()


def test_a_pass_says_how_many_were_not_asked(tmp_path: Path, paper: Publisher) -> None:
    watch = Watch(tmp_path, {name: paper.url(f"/{name}") for name in "abc"}, "host_spacing = 0.05\n", story=False)
    paper.paths |= {f"/{name}": told_off("3600") for name in "ab"} | {"/c": Answer(feed(1))}
    (tmp_path / "config.toml").write_text(watch.config_text())
    first, again = (monitor("poll", "--all", "--config", tmp_path / "config.toml") for _ in range(2))
    assert "2 visits (2 failed)" in first.out
    assert "1 source not asked" in first.out
    assert "0 visits" in again.out
    assert "3 sources not asked" in again.out
    assert "No source is due" not in again.out


async def test_one_feed_turned_away_speaks_for_itself(tmp_path: Path, paper: Publisher) -> None:
    watch = Watch(tmp_path, {"a": paper.url("/a"), "b": paper.url("/b")})
    paper.paths |= {"/a": told_off("7200"), "/b": Answer(feed(1))}
    await watch.poll()
    await watch.poll(HOUR)
    assert (len(paper.asked("/a")), len(paper.asked("/b"))) == (1, 2)
    await watch.close()


async def test_a_host_is_spared(tmp_path: Path, paper: Publisher) -> None:
    """Requests to one host begin at a distance, at most two at a time; another host does not wait for it.

    The server notes when it has read a request: a busy machine moves that by some hundredths of a second.
    """
    with Publisher("127.0.0.2") as other:
        sources = {f"s{number}": paper.url(f"/{number}") for number in range(8)} | {"t": other.url("/t")}
        watch = Watch(tmp_path, sources, "host_spacing = 0.2\nconcurrency = 3\n")
        paper.paths |= {f"/{number}": Answer(feed(number), wait_s=0.5) for number in range(8)}
        other.paths["/t"] = Answer(feed(9))
        assert (await watch.poll())["entries_new"] == 9
        times = sorted(request.at_s for request in paper.requests)
        assert min(later - earlier for earlier, later in itertools.pairwise(times)) > 0.15
        assert paper.open_most == 2
        assert other.requests[0].at_s < times[4]
        await watch.close()


async def test_failures_double_the_wait_up_to_a_day(watch: Watch, paper: Publisher) -> None:
    paper.paths["/a"] = Answer(status=500)
    waits = []
    for _ in range(10):
        await (watch.poll_when_due("a") if watch.app else watch.poll())
        waits.append((watch.next_at("a") - watch.clock.at) / MINUTE)
    expected = [15, 30, 60, 120, 240, 480, 960, 1440, 1440, 1440]
    assert all(low <= wait <= 1.06 * low + 0.1 for wait, low in zip(waits, expected, strict=True)), waits
    assert len(watch.alerts("source.trouble")) == 1
    assert watch.row("a")["failures"] == 10


@pytest.mark.parametrize(
    ("head", "cache", "wait"),
    [
        ("", "max-age=7200", 2 * HOUR),
        ("", "public, max-age=0", 15 * MINUTE),
        ("", "max-age=99999999999", DAY),
        ("", "no-cache, max-age=7200", 15 * MINUTE),
        ("<ttl>180</ttl>", "", 3 * HOUR),
        ("<ttl>1</ttl>", "", 15 * MINUTE),
        ("<ttl>60</ttl>", "max-age=7200", 2 * HOUR),
    ],
)
async def test_wishes_of_feed_and_server_are_kept_in_mind(
    watch: Watch, paper: Publisher, head: str, cache: str, wait: timedelta
) -> None:
    """Also over answers that do not repeat them: a 304, the same body again."""
    answer = Answer(feed(1, 2, head=head), headers={"ETag": '"1"'} | ({"Cache-Control": cache} if cache else {}))
    plain = Answer(answer.body, headers={"ETag": '"1"'})
    again = plain if not cache else answer
    unchanged = validated(plain.body)
    paper.paths["/a"] = turns(answer, unchanged, unchanged, again)
    for visit in range(4 if wait < DAY else 1):
        await (watch.poll_when_due("a") if visit else watch.poll())
        assert wait <= watch.next_at("a") - watch.clock.at <= min(wait * 1.06, DAY)


async def test_a_permanent_redirect_is_believed_after_three_over_a_day(watch: Watch, paper: Publisher) -> None:
    paper.paths |= {"/a": Answer(status=301, headers={"Location": "/b"}), "/b": validated(feed(1))}
    await watch.poll()
    for hours in (1, 1, 21):
        await watch.poll(timedelta(hours=hours), everything=True)
        assert watch.row("a")["state"] == "ok"
    await watch.poll(2 * HOUR)
    assert (watch.row("a")["state"], watch.row("a")["moved_to"]) == ("moved", paper.url("/b"))
    (watch.folder / "config.toml").write_text(watch.config_text())
    listed = monitor("sources", "--config", watch.folder / "config.toml").out
    assert f"a: read at {paper.url('/b')} now; write that into config.toml" in listed
    asked = len(paper.asked("/a"))
    await watch.poll(2 * HOUR)
    assert (len(paper.asked("/a")), watch.row("a")["state"]) == (asked, "moved")
    # Nobody answers at the new address any more: the configured one is still known.
    paper.paths |= {"/a": Answer(feed(1, 2)), "/b": Answer(status=404)}
    for _ in range(4):
        await watch.poll(25 * HOUR)
    assert (watch.row("a")["state"], watch.row("a")["moved_to"], watch.row("a")["entries"]) == ("ok", None, 2)


async def test_a_redirect_that_ends_or_changes_is_counted_anew(watch: Watch, paper: Publisher) -> None:
    paper.paths |= {"/b": validated(feed(1)), "/c": validated(feed(1))}
    to_b, to_c = (Answer(status=301, headers={"Location": path}) for path in ("/b", "/c"))
    paper.paths["/a"] = turns(to_b, to_b, validated(feed(1))(Request("/a", {}, 0)), to_b, to_c, to_b, to_b)
    for _ in range(7):
        await watch.poll(13 * HOUR, everything=True)
        assert watch.row("a")["state"] == "ok"
    await watch.poll(13 * HOUR, everything=True)
    assert watch.row("a")["state"] == "moved"


@pytest.mark.parametrize("hours", [1, 25])
async def test_gone_is_believed_the_second_time(watch: Watch, paper: Publisher, hours: int) -> None:
    gone, good = Answer(status=410), validated(feed(1, 2))
    paper.paths["/a"] = turns(good, gone, good, gone, gone, good)
    await watch.poll()
    states = []
    for _ in range(6):
        await watch.poll(timedelta(hours=hours), everything=True)
        states.append((watch.row("a")["state"], watch.row("a")["error"]))
    assert states == [("failing", "gone"), ("ok", None), ("failing", "gone"), *[("gone", "gone")] * 3]
    assert len(paper.requests) == 5
    assert (len(watch.alerts("source.trouble")), watch.row("a")["entries"]) == (1, 2)


async def test_a_failure_does_not_spend_the_baseline(watch: Watch, paper: Publisher) -> None:
    paper.paths["/a"] = turns(Answer(status=500), Answer(b"<html>", 200), Answer(feed(1, 2)), Answer(feed(3, 1, 2)))
    for _ in range(3):
        await watch.poll(DAY)
        assert watch.alerts("story.development", "story.confirmation") == []
    await watch.poll(DAY)
    assert len(watch.alerts("story.development", "story.confirmation")) == 1


@pytest.mark.parametrize("back", [timedelta(days=400), timedelta(days=3), timedelta(hours=2)])
async def test_a_clock_set_back_neither_stops_visits_nor_repeats_them(
    watch: Watch, paper: Publisher, back: timedelta
) -> None:
    paper.paths["/a"] = turns(told_off("3600"), Answer(feed(1)), Answer(feed(2, 1)))
    await watch.poll()
    await watch.poll(2 * HOUR)
    watch.clock.at -= back
    for _ in range(3):
        await watch.poll(MINUTE)
    asked = len(paper.requests)
    assert asked == (2 if back < DAY else 3)
    await watch.poll(back + 15 * MINUTE if back < DAY else 16 * MINUTE)
    assert len(paper.requests) == asked + 1
    assert watch.next_at("a") - watch.clock.at < 20 * MINUTE


@pytest.mark.parametrize("restarted", [True, False])
async def test_what_runs_notices_that_the_clock_was_set_back(watch: Watch, paper: Publisher, restarted: bool) -> None:
    """By two hours: the next visit is made now and not in two hours, and once."""
    paper.paths["/a"] = turns(told_off("60"), Answer(feed(1)), Answer(feed(2, 1)))
    await watch.poll()
    assert watch.app is not None
    await watch.app.daemon.visits()
    watch.clock.at -= 2 * HOUR
    if restarted:
        await watch.restart()
        assert watch.app is not None
    watch.app.daemon.observer = Mock()
    for _ in range(3):
        await watch.app.daemon.visits()
        await asyncio.gather(*watch.app.daemon.busy.values())
    assert len(paper.requests) == 2
    assert watch.row("a")["state"] == "ok"


async def test_a_clock_set_back_does_not_lengthen_a_retry_after(watch: Watch, paper: Publisher) -> None:
    paper.paths["/a"] = turns(told_off("3600"), Answer(feed(1)))
    await watch.poll()
    watch.clock.at -= timedelta(days=30)
    assert (await watch.poll())["entries_new"] == 1


async def test_a_changed_address_in_the_configuration_counts(watch: Watch, paper: Publisher) -> None:
    paper.paths |= {"/a": validated(feed(1, 2)), "/b": validated(feed(3, 1, 2))}
    await watch.poll()
    watch.sources["a"] = paper.url("/b")
    await watch.restart()
    figures = await watch.poll(MINUTE)
    assert (figures["visited"], figures["entries_new"]) == (1, 1)
    assert paper.requests[-1].headers.get("if-none-match") is None
    assert watch.row("a")["url"] == paper.url("/b")
    assert len(watch.alerts("story.development")) == 1, "the same site: what is new is told"


async def test_another_site_in_the_configuration_begins_quietly(watch: Watch, paper: Publisher) -> None:
    paper.paths["/a"] = Answer(feed(1, 2))
    await watch.poll()
    with Publisher("127.0.0.3") as other:
        other.paths["/x"] = Answer(feed(*range(10, 20), title="Quite another paper"))
        watch.sources["a"] = other.url("/x")
        await watch.restart()
        assert (await watch.poll(MINUTE))["entries_new"] == 10
        assert (watch.row("a")["state"], watch.alerts("story.development")) == ("ok", [])


def test_the_floor_is_never_undercut() -> None:
    from monitor.core.decisions import poll_schedule

    for number in range(500):
        now = datetime(2026, 6, 1, 12, 0, number % 60, number * 1999, tzinfo=AT.tzinfo)
        for seconds in (300, 900, 86_400):
            wait = poll_schedule.spread(f"s{number}", now, seconds) - now
            assert timedelta(seconds=seconds) <= wait <= timedelta(seconds=min(seconds * 1.05, 86_400) + 1)
