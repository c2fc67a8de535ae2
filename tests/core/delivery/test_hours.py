"""Two years of the wall clock in thirteen zones: nothing is held longer than quiet hours last, digests come once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from monitor import channels
from monitor.core.delivery import hours, routing
from monitor.model import Destination

# Changes of an hour and of half an hour, at midnight, on both halves of the globe, none at all, odd offsets.
ZONES = [
    "Europe/Berlin", "Europe/London", "America/New_York", "America/St_Johns", "America/Havana", "America/Santiago",
    "Australia/Lord_Howe", "Pacific/Chatham", "Africa/Cairo", "Asia/Beirut", "Asia/Seoul", "Asia/Kathmandu",
    "Africa/Casablanca",
]  # fmt: skip
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2028, 1, 1, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
QUIET = ["22:00-07:00", "22:00-02:30", "00:30-01:30", "02:15-02:45", "23:45-00:15", "09:00-17:00"]


def length(quiet: str) -> timedelta:
    begin, end = (hours.read(part) for part in quiet.split("-"))
    between = datetime.combine(BEGIN, end) - datetime.combine(BEGIN, begin)
    return between % timedelta(days=1)


def reads_quiet(quiet: str, local: time) -> bool:
    begin, end = (hours.read(part) for part in quiet.split("-"))
    return begin <= local < end if begin < end else local >= begin or local < end


def days_of_change(zone: ZoneInfo) -> list[datetime]:
    days = [BEGIN + timedelta(days=n) for n in range((END - BEGIN).days)]
    return [
        day
        for day in days
        if day.astimezone(zone).utcoffset() != (day + timedelta(days=1)).astimezone(zone).utcoffset()
    ]


@pytest.mark.parametrize("name", ZONES)
def test_quiet_hours_end_when_the_clock_no_longer_reads_quiet(name: str) -> None:
    """A year of nights in steps of 15 minutes; other hours so around each change of the clocks, and more rarely."""
    zone = ZoneInfo(name)
    near = {(day + timedelta(days=n)).date() for day in days_of_change(zone) for n in (-1, 0, 1)}
    for quiet in QUIET:
        place = Destination("c", quiet=quiet, timezone=name)
        at = BEGIN
        while at < END:
            until = routing.quiet_until(place, at)
            inside = reads_quiet(quiet, at.astimezone(zone).time())
            assert (until is not None) is inside, (quiet, at)
            if until is not None:
                assert at < until <= at + length(quiet) + HOUR, (quiet, at, until)
                assert not reads_quiet(quiet, until.astimezone(zone).time()), (quiet, at, until)
                changed = at.astimezone(zone).utcoffset() != until.astimezone(zone).utcoffset()
                assert changed or until <= at + length(quiet), (quiet, at, until)
            every = quiet == QUIET[0] and at.year == BEGIN.year
            at += QUARTER if every or at.date() in near else QUARTER * 9


@pytest.mark.parametrize("name", ZONES)
def test_the_end_is_the_first_instant_outside(name: str) -> None:
    """Minute by minute around each change of the clock."""
    zone = ZoneInfo(name)
    for day in days_of_change(zone):
        for quiet in QUIET:
            place = Destination("c", quiet=quiet, timezone=name)
            minutes = [day + timedelta(minutes=n) for n in range(-120, 32 * 60)]
            outside = [at for at in minutes if not reads_quiet(quiet, at.astimezone(zone).time())]
            for at in minutes[: 26 * 60 : 7]:
                first = next((minute for minute in outside if minute >= at), None)
                until = routing.quiet_until(place, at) or at
                assert first is None or until == first, (quiet, at, until, first)


EVERY = [1, 2, 3, 5, 6, 7, 12, 23, 24]


@pytest.mark.parametrize("name", ZONES)
def test_each_digest_comes_once_at_its_time(name: str) -> None:
    zone = ZoneInfo(name)
    places = [Destination("c", mode="digest", digest_every_h=every, timezone=name) for every in EVERY]
    places += [
        Destination("c", mode="digest", digest_at=at, timezone=name) for at in ("00:00", "02:30", "23:59", "01:30")
    ]
    for place in places:
        at, instants = BEGIN, []
        while at < END:
            at = routing.digest_at(place, at)
            instants.append(at)
        times = hours.every(place.digest_every_h) if place.digest_every_h else [hours.read(place.digest_at)]
        due = Counter((at.astimezone(zone).date(), at.astimezone(zone).time()) for at in instants)
        assert set(due.values()) == {1}, (place, [key for key, count in due.items() if count > 1])
        gaps = [after - before for before, after in pairwise(instants)]
        least = min((b.hour - a.hour for a, b in pairwise(times)), default=24)
        least = min(least, 24 - times[-1].hour + times[0].hour) if len(times) > 1 else 24
        assert min(gaps) >= timedelta(hours=least - 1) and min(gaps) > timedelta(), (place, min(gaps))
        skipped = sum(len([t for t in times if _is_skipped(day, t, zone)]) for day in days_of_change(zone))
        per_day = Counter(at.astimezone(zone).date() for at in instants[1:-1])
        short = [day for day, count in per_day.items() if count != len(times)]
        assert len(short) <= skipped + 2, (place, short)


def _is_skipped(day: datetime, clock: time, zone: ZoneInfo) -> bool:
    return any(
        (local := datetime.combine((day + timedelta(days=n)).date(), clock, zone))
        .astimezone(UTC)
        .astimezone(zone)
        .time()
        != local.time()
        for n in (0, 1)
    )


def test_a_day_later_is_the_same_hour_however_long_the_day() -> None:
    zone = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 10, 24, 7, 30, tzinfo=zone)
    assert hours.later(before, timedelta(days=1), zone) == datetime(2026, 10, 25, 7, 30, tzinfo=zone)
    place = Destination("c", mode="digest", digest_every_h=6, timezone="Europe/Berlin")
    midnight = datetime(2026, 10, 25, tzinfo=zone).astimezone(UTC)
    assert routing.statement_at(place, midnight).astimezone(zone) == datetime(2026, 10, 26, tzinfo=zone)


def test_a_mute_ends_by_the_clock_of_its_zone_and_not_into_quiet_hours() -> None:
    zone = ZoneInfo("America/St_Johns")
    now = datetime(2026, 12, 20, tzinfo=UTC)
    place = Destination("c", timezone="America/St_Johns", mute_until="2026-12-27")
    assert routing.quiet_until(place, now) == datetime(2026, 12, 27, tzinfo=zone)
    assert routing.quiet_until(place, datetime(2026, 12, 28, tzinfo=UTC)) is None
    calm = Destination("c", timezone="America/St_Johns", mute_until="2026-12-27T03:00", quiet="22:00-07:00")
    assert routing.quiet_until(calm, now) == datetime(2026, 12, 27, 7, tzinfo=zone)
    fixed = Destination("c", timezone="America/St_Johns", mute_until="2026-12-27T03:00:00+01:00")
    assert routing.quiet_until(fixed, now) == datetime(2026, 12, 27, 2, tzinfo=UTC)
    digest = Destination("c", mode="digest", digest_at="07:30", mute_until="2026-12-27T12:00")
    assert routing.digest_at(digest, now) == datetime(2026, 12, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize("until", ["soon", "2026-13-01", "07:30"])
def test_a_mute_until_no_time_is_refused(until: str) -> None:
    with pytest.raises(ValueError, match="write a date or a time"):
        channels.Common(id="c", type="console", mute_until=until)
