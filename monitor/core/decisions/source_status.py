"""How a source stands after a visit: its next status, and whether its trouble or recovery is to be told.

Pure. A failure removes nothing and stores no validators; a publisher's bad day is told once, after three failures in a
row or a day, and its end once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from monitor.core import identity, urls
from monitor.core.decisions import poll_schedule
from monitor.model import Feed, Fetched, Sighting, Source, SourceStatus, Visit
from monitor.model.nouns import replace

TROUBLE_AFTER_FAILURES = 3  # failures in a row that are told where waiting will not help (set)
TROUBLE_AFTER = timedelta(hours=24)  # of failures where it may: most outages end within a day (set)
EARLY_END_BELIEVED = 3  # visits in a row with a shorter document before its end is believed (set)
MOVED_AFTER_VISITS = 3  # visits that a permanent redirect must last before its address is kept (set)
MOVED_AFTER = timedelta(hours=24)  # and the time: one bad deployment is no move (set)
HIJACK_NEW_SHARE = 0.9  # share of entries that are all new, with another title: another feed (set by reading)
HIJACK_ENTRIES_MIN = 3  # entries at least, for a share to say anything (set)
# Titles with more in common than this are one title, with a date or a section in it.
RENAMED_MAX = 0.5
# A publisher's error page says at once that it is no feed; a server that is down often comes back within the day.
PATIENT = frozenset({"http_status", "timeout", "connect", "dns", "reset", "rate_limited", "truncated", "tls"})

Notice = Literal["", "trouble", "recovered", "review"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A source's next status, and the notice that is due for it, if any."""

    status: SourceStatus
    notice: Notice = ""


def body_hash(fetched: Fetched) -> str:
    """Identity of its body: the same bytes need no second parse. Processors have instructions for this digest."""
    body = fetched.body
    return fetched.body_hash or (hashlib.sha256(body).hexdigest()[:32] if body else "")


def believed(status: SourceStatus, feed: Feed) -> Feed:
    """The feed; or a failure where the document ends early: a server that broke off sends the rest the next time.

    What ends early `EARLY_END_BELIEVED` times running is how its publisher writes it, and is read as far as it goes.
    """
    if feed.error or not feed.ends_early or status.failures + 1 >= EARLY_END_BELIEVED:
        return feed
    return Feed(error="truncated", detail="the document stops before its end")


def after(
    visit: Visit, fetched: Fetched, feed: Feed | None, sightings: Sequence[Sighting], base_s: int, now: datetime
) -> Standing:
    """The status after a visit. `feed` is None when there was nothing to parse (failure, 304, or the same bytes)."""
    error, detail = fetched.error, fetched.detail
    if not error and feed is not None and feed.error:
        error, detail = feed.error, feed.detail
    if fetched.unasked:
        return Standing(_unasked(visit.status, fetched, now))
    if error:
        return _failed(visit, replace(fetched, error=error, detail=detail), base_s, now)
    if feed is not None and hijacked(visit.status, feed, sightings):
        status = replace(
            visit.status, state="review", error=None, last_visit_at=now, trouble_told=True, next_at=None,
            detail=f"the feed now calls itself {feed.title!r}, on {_host(feed) or 'no site'}, and "
            f"{sum(s.is_new for s in sightings)} of its {len(sightings)} entries were never seen",
        )  # fmt: skip
        return Standing(status, "review")
    return _succeeded(visit, fetched, feed, sightings, base_s, now)


def hijacked(status: SourceStatus, feed: Feed, sightings: Sequence[Sighting]) -> bool:
    """Has this feed become another feed: nearly every entry new, and title, host or language changed?"""
    if status.baseline_at is None or len(sightings) < HIJACK_ENTRIES_MIN:
        return False
    if sum(sighting.is_new for sighting in sightings) < HIJACK_NEW_SHARE * len(sightings):
        return False
    renamed = bool(status.feed_title and feed.title) and (
        identity.similarity(status.feed_title, feed.title) < RENAMED_MAX
    )
    elsewhere = bool(status.feed_host and _host(feed)) and status.feed_host != _host(feed)
    translated = bool(status.feed_language and feed.language) and (
        status.feed_language.partition("-")[0].lower() != feed.language.partition("-")[0].lower()
    )
    return renamed or translated or elsewhere


def _host(feed: Feed) -> str:
    return urls.registrable(feed.link) if feed.link else ""


def readdressed(status: SourceStatus, source: Source, now: datetime) -> SourceStatus:
    """The status of a source whose address was changed in the configuration: what the old address taught is dropped.

    Its entries stay known. On another domain it is another feed until shown otherwise: its first poll is quiet again.
    """
    before = status.configured_url or status.url
    same_server = urls.authority(before) == urls.authority(source.url)
    same_site = urls.registrable(before) == urls.registrable(source.url)
    return replace(
        status, url=source.url, configured_url=source.url, state="ok" if status.last_ok_at and same_site else "new",
        error=None, detail="", etag="", last_modified="", body_hash="", ttl_s=None, max_age_s=None, next_at=now,
        retry_until=status.retry_until if same_server else None, failures=0, failing_since=None, moved_to="",
        moved_count=0, moved_since=None, feed_title="", feed_language="", feed_host="",
        hours=status.hours if same_site else (), baseline_at=status.baseline_at if same_site else None,
    )  # fmt: skip


def _unasked(before: SourceStatus, fetched: Fetched, now: datetime) -> SourceStatus:
    """The visit was not made, because its server has asked others to stay away: nothing was learned of the source."""
    until = poll_schedule.retry_until(fetched, now) or now
    return replace(before, next_at=max(until, before.next_at or until), retry_until=until)


def _failed(visit: Visit, fetched: Fetched, base_s: int, now: datetime) -> Standing:
    before = visit.status
    failures = before.failures + 1
    since = before.failing_since or now
    seconds = poll_schedule.after_failure(visit.source, base_s, failures)
    next_at = poll_schedule.spread(before.source_id, now, seconds)
    retry_until = poll_schedule.retry_until(fetched, now)
    if retry_until:
        next_at = max(next_at, retry_until)
    gone = fetched.error == "gone" and before.error == "gone"
    blocked = fetched.error in ("blocked_address", "blocked_scheme")
    if failures >= TROUBLE_AFTER_FAILURES and before.url not in ("", visit.source.url):
        # Where a redirect once led nobody answers any more: go back to the address that the operator wrote.
        before = replace(before, url=visit.source.url, etag="", last_modified="", body_hash="")
    status = replace(
        before, state="gone" if gone else "blocked" if blocked else "failing", error=fetched.error,
        detail=fetched.detail[:500], failures=failures, failing_since=since, last_visit_at=now,
        next_at=None if gone else next_at, retry_until=retry_until,
    )  # fmt: skip
    lasting = failures >= TROUBLE_AFTER_FAILURES
    long = now - since >= TROUBLE_AFTER
    due = gone or ((lasting and long) if fetched.error in PATIENT else (lasting or long))
    if due and not before.trouble_told:
        return Standing(replace(status, trouble_told=True), "trouble")
    return Standing(status)


def _succeeded(
    visit: Visit, fetched: Fetched, feed: Feed | None, sightings: Sequence[Sighting], base_s: int, now: datetime
) -> Standing:
    before, full = visit.status, fetched.status == 200
    fresh = any(sighting.is_new for sighting in sightings)
    last_new_at = now if fresh else before.last_new_at
    etag = fetched.etag if full else fetched.etag or before.etag
    last_modified = fetched.last_modified if full else fetched.last_modified or before.last_modified
    adaptive_s = before.interval_s
    if feed is not None:
        adaptive_s = poll_schedule.rhythm_s([s.entry for s in sightings], base_s, now, last_new_at)
    elif last_new_at:
        adaptive_s = max(adaptive_s, poll_schedule.rhythm_s((), base_s, now, last_new_at))
    came_at = [_came_at(sighting, before.last_ok_at, now) for sighting in sightings if sighting.is_new]
    hours = poll_schedule.learnt(before.hours, came_at if before.last_ok_at else (), before.last_new_at)
    ttl_s, skipped = (feed.ttl_s, feed.skipped) if feed else (before.ttl_s, before.skipped)
    max_age_s = fetched.max_age_s if full or fetched.max_age_s is not None else before.max_age_s
    hourly_s = poll_schedule.at_this_hour_s(hours, adaptive_s, base_s, now)
    wait_s = poll_schedule.after_success(
        visit.source, base_s, hourly_s, (ttl_s, max_age_s), bool(etag or last_modified)
    )
    next_at = poll_schedule.spread(before.source_id, now, wait_s)
    if visit.source.interval_s is None:
        next_at = poll_schedule.not_skipped(next_at, skipped, now)
    if feed is not None and feed.more:
        # An index may stay as it is while the documents that it names change: it is read whole each time.
        fetched, etag, last_modified = replace(fetched, body=b"", body_hash=""), "", ""
    status = replace(
        before, state="ok", error=None, detail=_left_out(before, feed), failures=0, failing_since=None,
        trouble_told=False, retry_until=None, ttl_s=ttl_s, skipped=skipped, max_age_s=max_age_s, etag=etag,
        last_modified=last_modified, last_visit_at=now, last_ok_at=now, last_new_at=last_new_at,
        newest_at=_newest(before, sightings, now), hours=hours, last_full_at=now if full else before.last_full_at,
        interval_s=adaptive_s, next_at=next_at, body_hash=body_hash(fetched) if full else before.body_hash,
        baseline_at=before.baseline_at or now, feed_title=(feed.title if feed else "") or before.feed_title,
        feed_language=(feed.language if feed else "") or before.feed_language,
        feed_host=(_host(feed) if feed else "") or before.feed_host,
    )  # fmt: skip
    return Standing(_moved(status, fetched, visit, now), "recovered" if before.trouble_told else "")


def _came_at(sighting: Sighting, last_ok_at: datetime | None, now: datetime) -> datetime:
    """When a new entry came: as it says, where that is since it was not there yet; else now."""
    stated = sighting.entry.published_at
    return stated if stated and last_ok_at and last_ok_at <= stated <= now else now


def _newest(before: SourceStatus, sightings: Sequence[Sighting], now: datetime) -> datetime | None:
    dates = [before.newest_at, *(sighting.entry.published_at for sighting in sightings)]
    return max((at for at in dates if at and at <= now), default=None)


def _left_out(before: SourceStatus, feed: Feed | None) -> str:
    """What to say of a feed that is read, but not to its end; the same document has the same shortcoming."""
    if feed is None:
        return "" if before.error else before.detail
    read = len(feed.entries)
    return f"only the newest {read} of {read + feed.entries_cut} entries are read" if feed.entries_cut else ""


def _moved(status: SourceStatus, fetched: Fetched, visit: Visit, now: datetime) -> SourceStatus:
    """Count equal permanent redirects (RFC 9110, 301 and 308); believe them after three over at least a day."""
    settled = bool(visit.status.url) and visit.status.url != visit.source.url
    if settled:
        status = replace(status, state="moved")
    if not fetched.moved_to:
        return replace(status, moved_to="", moved_count=0, moved_since=None) if status.moved_count else status
    same = fetched.moved_to == visit.status.moved_to
    count = visit.status.moved_count + 1 if same else 1
    since = (visit.status.moved_since if same else None) or now
    status = replace(status, moved_to=fetched.moved_to, moved_count=count, moved_since=since)
    if count >= MOVED_AFTER_VISITS and now - since >= MOVED_AFTER:
        return replace(status, url=fetched.moved_to, state="moved")
    return status
