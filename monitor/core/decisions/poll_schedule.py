"""When to come back: the next visit of a source, from its own rhythm, its server's wishes and its failures.

Floor and ceiling are those of the contract (5 min, 24 h). The rhythm rule follows the feed: as often as it really
publishes while it is lively, and ever more seldom the longer it has been silent (mediacloud's two-way adaption, without
its memory: a silent feed that speaks again is back at the base interval with its first new entry).
"""

from __future__ import annotations

import itertools
import statistics
import zlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from monitor.core import urls
from monitor.model import Entry, Fetched, Source, SourceStatus

FLOOR_S = 300  # seconds between two visits at least (contract)
HELD_FEEDS = 2  # feeds of a host that must be refused before the host is left alone: one speaks for itself (set)
CEILING_S = 86_400  # seconds between two visits at most (contract)
# A silent feed is visited each hundredth of its silence: 15 min after a day, 2 h after a week (set)
SILENCE_SHARE = 100
RATE_LIMITED_S = 900  # seconds to stay away after 429 without Retry-After: one default interval (set)
# Days after which a document is read whole, not only what of it is new: the same bytes of an entry say the same, but
# for what stands around them and how we read it (set).
WHOLE_DAYS = 7
FULL_VISIT_S = 86_400  # seconds for which a 304 is believed: some servers say it for ever (set)
SPREAD = 0.05  # share of an interval by which visits are spread, so that feeds do not march in step (set)
# Of what came by hour of the day, half is forgotten in four weeks; before so many entries came, no hour is preferred.
# Set, as the two below, on three of six recordings, and confirmed on the others (`bench.freshness`).
HOURS_HALF_LIFE = timedelta(days=28)
HOURS_ENTRIES_MIN = 20  # entries, see above
# Visits for a rate of entries grow with this power of it: the square root has the least mean delay, the rate itself the
# least for most entries, at the price of the few at night.
LEANING = 0.7
EVEN_SHARE = 0.3  # of the average hour that every hour is believed to have, whatever was seen in it (set, see above)
REACH = 4  # times as near or as far apart as without the hours, at most (set: an hour at night of a lively feed)
HOUR = timedelta(hours=1)  # what is skipped is said in hours
DAY_HOURS = 24  # hours of the day, first of working days, then of the weekend
# No wait is longer than a day: an instant further ahead was written by a clock that has since been set back.
AHEAD_MAX = timedelta(days=2)
VISITED_AHEAD_MAX = timedelta(minutes=5)  # as far ahead as a visit can have been by clocks that differ (set)


def clamp(seconds: float) -> int:
    """Whole seconds within floor and ceiling, whatever a server wished."""
    return int(min(max(seconds, FLOOR_S), CEILING_S))


def rhythm_s(entries: Sequence[Entry], base_s: int, now: datetime, last_new_at: datetime | None) -> int:
    """The adaptive interval in seconds: the median gap of dated entries when lively, longer after a long silence."""
    dates = sorted({entry.published_at for entry in entries if entry.published_at and entry.published_at <= now})
    gaps = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(dates)]
    wanted = float(base_s)
    if len(gaps) >= 5:
        wanted = min(wanted, statistics.median(gaps))
    newest = max([at for at in (last_new_at, dates[-1] if dates else None) if at], default=None)
    if newest:
        wanted = max(wanted, (now - newest).total_seconds() / SILENCE_SHARE)
    return clamp(wanted)


def learnt(hours: Sequence[float], came_at: Sequence[datetime], last_new_at: datetime | None) -> tuple[float, ...]:
    """The entries that came in each hour (UTC) of working days, then of the weekend, older ones counting less."""
    if not came_at:
        return tuple(hours)
    aged = (max(came_at) - last_new_at) / HOURS_HALF_LIFE if last_new_at else 0.0
    left = 0.5 ** max(aged, 0.0)
    counts = [count * left for count in hours] or [0.0] * (2 * DAY_HOURS)
    for at in came_at:
        counts[_slot(at)] += 1
    return tuple([round(count, 2) for count in counts])


def at_this_hour_s(hours: Sequence[float], wanted_s: int, base_s: int, now: datetime) -> int:
    """The interval in seconds, shorter where entries use to come soon, longer where not: as many visits in a week.

    The next visit comes when as much of the week's expectation has passed as an even week has in `wanted_s` (the rate
    of a nonhomogeneous Poisson process, raised to `LEANING`).
    """
    total = sum(hours)
    if total < HOURS_ENTRIES_MIN or wanted_s > base_s:  # too few have come, or none for long
        return wanted_s
    even = EVEN_SHARE * total / 7 / DAY_HOURS
    rates = [(count / (5 if slot < DAY_HOURS else 2) + even) ** LEANING for slot, count in enumerate(hours)]
    mean = (5 * sum(rates[:DAY_HOURS]) + 2 * sum(rates[DAY_HOURS:])) / 7 / DAY_HOURS
    left, at, waited_s = wanted_s * mean, now, 0.0
    while waited_s < REACH * wanted_s:
        rate, hour_left_s = rates[_slot(at)], 3600 - at.minute * 60 - at.second
        if left <= rate * hour_left_s:
            waited_s += left / rate
            break
        left, at, waited_s = left - rate * hour_left_s, at + timedelta(seconds=hour_left_s), waited_s + hour_left_s
    return clamp(min(max(waited_s, wanted_s / REACH), REACH * wanted_s))


def _slot(at: datetime) -> int:
    at = at.astimezone(UTC)
    return at.hour + DAY_HOURS * (at.weekday() >= 5)


def after_success(source: Source, base_s: int, adaptive_s: int, wishes: Sequence[int | None], validators: bool) -> int:
    """Seconds until the next visit after a good one: the source's own `interval`, else rhythm, ttl and max-age."""
    if source.interval_s is not None:
        return clamp(source.interval_s)
    wanted = adaptive_s if validators else max(adaptive_s, base_s)
    return clamp(max([wanted, *(clamp(wish) for wish in wishes if wish)]))


def after_failure(source: Source, base_s: int, failures: int) -> int:
    """Seconds until the next visit after the n-th failure in a row: doubled from the interval up to the ceiling."""
    first = source.interval_s or base_s
    return clamp(first * 2 ** min(max(failures - 1, 0), 16))


def retry_until(fetched: Fetched, now: datetime) -> datetime | None:
    """Until when the server asked to be left alone (RFC 9110, 10.2.3): at most 24 h, 15 min where it named none.

    Whatever its status: a 403 or 500 may carry Retry-After too.
    """
    wait_s = fetched.retry_after_s
    if wait_s is None and fetched.error == "rate_limited":
        wait_s = RATE_LIMITED_S
    return None if wait_s is None else now + timedelta(seconds=min(max(wait_s, 1), CEILING_S))


def spread(source_id: str, now: datetime, seconds: int) -> datetime:
    """`now` + seconds and up to 5 % more, so that feeds do not march in step; the same input gives the same instant.

    Never earlier: neither the floor nor what a server wished is undercut.
    """
    share = zlib.crc32(f"{source_id} {int(now.timestamp())}".encode()) / 2**32
    whole = now.replace(microsecond=0) + timedelta(seconds=now.microsecond > 0)
    return whole + timedelta(seconds=max(min(int(seconds * (1 + SPREAD * share)), CEILING_S), seconds))


def not_skipped(at: datetime, skipped: Sequence[int], now: datetime) -> datetime:
    """The same minute of the first hour from `at` on in which the feed may be visited; a day after `now` at the latest.

    `skipped` are hours of the week; who skips all of them is visited once a day.
    """
    while (at.weekday() * DAY_HOURS + at.hour) in skipped and at + HOUR <= now + timedelta(seconds=CEILING_S):
        at += HOUR
    return at


def unconditional(status: SourceStatus, now: datetime) -> bool:
    """A 304 is believed for a day at most: then the whole body is asked for once."""
    return status.last_full_at is None or abs((now - status.last_full_at).total_seconds()) >= FULL_VISIT_S


def anew(status: SourceStatus, now: datetime, days: int = 1) -> bool:
    """Whether a day, or a span of so many, begins with this visit: all that stands in the document is noted as seen.

    The days of sources begin at different instants, so that not all are written, or read whole, at once.
    """
    turn = timedelta(seconds=zlib.crc32(status.source_id.encode()) % (days * FULL_VISIT_S))
    last = status.last_ok_at
    return last is None or (last + turn).toordinal() // days != (now + turn).toordinal() // days


def held(status: SourceStatus, now: datetime) -> bool:
    """Has the server asked not to be visited for this source yet? Forgotten where the clock was set back since."""
    if status.last_visit_at is not None and status.last_visit_at > now + VISITED_AHEAD_MAX:
        return False
    return status.retry_until is not None and now < status.retry_until < now + AHEAD_MAX


def held_hosts(statuses: Iterable[SourceStatus], now: datetime) -> dict[str, datetime]:
    """Hosts (`urls.authority`) to leave alone: two of their feeds were told so; one refusal speaks for one feed."""
    told: dict[str, list[datetime]] = {}
    for status in statuses:
        if status.retry_until and held(status, now):
            told.setdefault(urls.authority(status.url), []).append(status.retry_until)
    return {host: max(until) for host, until in told.items() if host and len(until) >= HELD_FEEDS}
