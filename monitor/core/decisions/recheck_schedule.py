"""Articles that are read again after they were accepted: when, and what one more reading means. Pure.

News is edited most in its first hours, so the timetable thins out with age (as that of NewsDiffs does: every quarter of
an hour, then hourly, every 3 hours, daily) and then ends. Above `CROWD` articles all waits grow in step: there are
never more than `CROWD` readings per quarter of an hour, however many articles are followed.

A change is certain when it was seen twice, ten minutes apart: walls, half-built pages and clocks come and go. Pages
that could not be read, or have become another text altogether, are never compared.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.core import ids, revisions, urls
from monitor.core.documents import boilerplate
from monitor.core.revisions import findings
from monitor.model import Entry, Page, Revision, Sighting, TextChange, WatchedArticle

# An article younger than the first is read again each second: most edits fall within the first hours (set by reading).
TIMETABLE = (
    (timedelta(hours=3), timedelta(minutes=15)),
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(days=7), timedelta(hours=3)),
    (timedelta(days=30), timedelta(days=1)),
)
CROWD = 100  # articles followed at the timetable's pace; with more each waits longer in proportion (set)
WAIT_MAX = timedelta(days=1)  # between two readings (contract: daily to 30 days)
JITTER = 0.1  # share of a wait by which readings are spread (set)
SECOND_LOOK = timedelta(minutes=10)  # before a change is believed: longer than a half-built page or a cache lives (set)
DOUBTS_MAX = 3  # looks that disagreed, after which the article waits its usual turn (set)
FAILURES_MAX = 8  # readings in a row without a text, after which an article is given up: some four days (set)
LENGTH_SHARE_MIN = 0.3  # share of the old length: a shorter text is a stub or a wall (set by reading)
RUNS_SHARE_MIN = 0.25  # share of runs of letters in common: with fewer it is another article (set by reading)
RUN_CHARS = 6  # characters of a run: longer than any word of an alphabet's commonest (set)
COMPARED_CHARS_MAX = 20_000  # characters compared: ten pages of text (set)
WITHDRAWN = "The article is no longer at its address."


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reading means: the next state, the change that is certain now, and the text where it is a new version."""

    followed: WatchedArticle
    change: Revision | None = None
    kept: Page | None = None


def begin(
    sighting: Sighting, source_id: str, since: datetime, now: datetime, page: Page | None = None
) -> WatchedArticle | None:
    """Follow the article of an accepted entry; None where it has no address or is too old to change.

    With `page`, which was just read to decide, the first reading is done already.
    """
    url = urls.fetchable(sighting.entry.url)
    if not url or wait(since, now) is None:
        return None
    begun = WatchedArticle(sighting.key, source_id, url, since, now)
    return read(begun, page, now).followed if page else begun


def wait(since: datetime, now: datetime, crowd: int = 0) -> timedelta | None:
    """How long until the next reading of an article that old, while `crowd` are followed; None: no more."""
    age = now - since
    for until, pause in TIMETABLE:
        if age < until:
            return min(pause * max(1.0, crowd / CROWD), WAIT_MAX)
    return None


def read(
    followed: WatchedArticle, page: Page, now: datetime, published_at: datetime | None = None, crowd: int = 0
) -> Reading:
    """Weigh one more reading of an article."""
    old = followed.page
    if page.state == "unchanged" and (last := followed.unsure or old):
        page = replace(last, at=now)
    if page.state == "gone" and old is not None:
        return _gone(followed, page, now)
    if page.state != "ok" or (old is not None and not _comparable(old.text, page.text)):
        return Reading(_unreadable(followed, now, crowd))
    followed = replace(followed, failures=0, next_at=_next_at(followed, now, crowd))
    if old is None:
        return Reading(replace(followed, page=page, kept=version(page)), kept=page)
    change = compare(old, page, published_at)
    if change.verdict in ("none", "touch"):
        # What alerts last spoke of stays the base, so that small steps add up; the validators are the newest.
        base = replace(old, etag=page.etag, last_modified=page.last_modified)
        new = change.verdict == "touch" and version(page) != followed.kept
        settled = replace(followed, page=base, unsure=None, doubts=0, kept=version(page) if new else followed.kept)
        return Reading(settled, kept=page if new else None)
    return _changed(followed, page, change, now)


def compare(old: Page, new: Page, published_at: datetime | None = None) -> Revision:
    """How two readings differ."""
    return revisions.compare(old.text, new.text, published_at, old_title=old.title, new_title=new.title)


def version(page: Page) -> str:
    """The name of a page's text, equal for texts that differ only in furniture."""
    return ids.digest("p", page.title, boilerplate.without(page.text))


def body(page: Page) -> str:
    """The text without the headline that extraction often leaves at its start."""
    return page.text.removeprefix(page.title).lstrip() if page.title else page.text


def content(page: Page, entry: Entry) -> Entry:
    """A page as a version of its entry."""
    return replace(entry, title=page.title or entry.title, text=page.text)


def _changed(followed: WatchedArticle, page: Page, change: Revision, now: datetime) -> Reading:
    seen = followed.unsure
    if seen is None or seen.state != "ok" or compare(seen, page).verdict not in ("none", "touch"):
        doubts = followed.doubts + (seen is not None)
        soon = now + SECOND_LOOK if doubts <= DOUBTS_MAX else followed.next_at
        return Reading(replace(followed, unsure=page, doubts=doubts, next_at=soon))
    if now - seen.at < SECOND_LOOK:
        return Reading(replace(followed, next_at=seen.at + SECOND_LOOK))
    certain = replace(followed, page=page, unsure=None, doubts=0, kept=version(page))
    return Reading(certain, change, kept=page)


def _gone(followed: WatchedArticle, page: Page, now: datetime) -> Reading:
    """404 and 410 mean withdrawn when they are seen twice."""
    seen = followed.unsure
    if seen is None or seen.state != "gone":
        return Reading(replace(followed, unsure=page, next_at=now + SECOND_LOOK))
    if now - seen.at < SECOND_LOOK:
        return Reading(replace(followed, next_at=seen.at + SECOND_LOOK))
    notice = TextChange("notice", "", WITHDRAWN, "")
    return Reading(replace(followed, next_at=None), Revision("correction", (notice,)))


def _unreadable(followed: WatchedArticle, now: datetime, crowd: int) -> WatchedArticle:
    """Come back ever later; give up after `FAILURES_MAX` in a row."""
    failures = followed.failures + 1
    pause = wait(followed.since, now, crowd)
    if pause is None or failures >= FAILURES_MAX:
        return replace(followed, failures=failures, next_at=None)
    return replace(followed, failures=failures, next_at=now + min(pause * 2**failures, WAIT_MAX))


def _next_at(followed: WatchedArticle, now: datetime, crowd: int) -> datetime | None:
    """By the timetable, moved by up to 10 % so that articles do not march in step."""
    pause = wait(followed.since, now, crowd)
    share = zlib.crc32(f"{followed.entry_key} {int(now.timestamp())}".encode()) / 2**32
    return now + pause * (1 + JITTER * share) if pause else None


def _comparable(old: str, new: str) -> bool:
    """Is it the same article? A stub is much shorter; a reused address shares few runs of letters, in any script."""
    if len(new) < LENGTH_SHARE_MIN * len(old):
        return False
    before, after = _runs(old), _runs(new)
    return len(before & after) >= RUNS_SHARE_MIN * min(len(before), len(after))


def _runs(text: str) -> set[str]:
    said = findings.key(text[:COMPARED_CHARS_MAX])
    return {said[start : start + RUN_CHARS] for start in range(max(1, len(said) - RUN_CHARS + 1))}
