"""Calm by the wall clock: when quiet hours end, and when a digest is due, in a zone whose clocks change. Pure.

What a clock on the wall reads decides. In the hour that comes twice, quiet hours hold where it reads a quiet time, and
end at the first instant where it no longer does: so nothing is held longer than they last, but for a night that has the
whole second hour in it. A digest's time that comes twice is taken once, the first time; one that is skipped comes after
the gap (PEP 495, fold=0).
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)  # of 24 hours; wall clocks know longer and shorter ones
SECOND = timedelta(seconds=1)  # the step over which a wall clock is looked at
# Changes of the clock that are looked past for the end of quiet hours. Two: no zone changes it twice within a day.
CHANGES_MAX = 2


def read(text: str) -> time:
    """ "07:30" as a time."""
    hours, _, minutes = text.strip().partition(":")
    return time(int(hours), int(minutes or 0))


def quiet_until(quiet: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When the quiet hours that hold now end, or None outside them. "22:00-07:00" runs over midnight."""
    begin_text, _, end_text = quiet.partition("-")
    begin, end = read(begin_text), read(end_text)

    def inside(at: datetime) -> bool:
        clock = at.astimezone(zone).time()
        return begin <= clock < end if begin < end else clock >= begin or clock < end

    if begin == end or not inside(now):
        return None
    at = now
    for _ in range(CHANGES_MAX):
        local = at.astimezone(zone).replace(tzinfo=None)
        ends = datetime.combine(local.date(), end)
        ends_at = at + ((ends if ends > local else ends + DAY) - local)
        change = _change(zone, at, ends_at)
        if change is None:
            return ends_at
        if not inside(change):
            return change
        at = change
    return at


def _change(zone: ZoneInfo, begin: datetime, end: datetime) -> datetime | None:
    """The instant, to the second, after `begin` and at most at `end` at which the clocks change; None without one."""
    before = begin.astimezone(zone).utcoffset()
    if end.astimezone(zone).utcoffset() == before:
        return None
    while end - begin > SECOND:
        middle = begin + (end - begin) / 2
        if middle.astimezone(zone).utcoffset() == before:
            begin = middle
        else:
            end = middle
    return end.astimezone(UTC).replace(microsecond=0)


def digest_at(times: list[time], zone: ZoneInfo, now: datetime) -> datetime:
    """The next instant after `now` at which one of these times, in rising order, comes on a day of the zone."""
    local = now.astimezone(zone)
    for days in (0, 1, 2):
        for clock in times:
            at = datetime.combine((local + timedelta(days=days)).date(), clock, zone).astimezone(UTC)
            if at > now:
                return at
    return now + DAY


def every(hours: int) -> list[time]:
    """The times of digests that come every so many hours from midnight."""
    return [time(hour) for hour in range(0, 24, hours)]


def later(now: datetime, wait: timedelta, zone: ZoneInfo) -> datetime:
    """So much later by the clock on the wall: a day later it reads the same, however long the day."""
    local = now.astimezone(zone).replace(tzinfo=None) + wait
    return local.replace(tzinfo=zone).astimezone(UTC)


def moment(value: object) -> str:
    """A date or time of a mute, as TOML has it or as text. ValueError that says what to write."""
    try:
        return datetime.fromisoformat(str(value)).isoformat() if value else ""
    except ValueError as error:
        raise ValueError('write a date or a time such as 2026-12-27 or "2026-12-27T08:00"') from error


def mute_until(until: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The end of a mute, where it lies ahead: a local date (its beginning) or time."""
    end = datetime.fromisoformat(until)
    at = (end if end.tzinfo else end.replace(tzinfo=zone)).astimezone(UTC)
    return at if at > now else None
