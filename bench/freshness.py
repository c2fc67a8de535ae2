"""How soon the adaptive rhythm sees an entry, beside a fixed interval with the same number of requests.

    python -m bench.freshness

The publication times are those of the entries of the six recordings (../shared/data/recordings). A visit sees the
newest entries that were out by then, as many as a document of that feed has; the next one comes when
`poll_schedule` says, whose constants were set on DESIGN; the other recordings are the score. Of both the median delay
from publication to first visit is printed.
"""

from __future__ import annotations

import re
import statistics
import tarfile
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from pathlib import Path

from monitor.core.decisions import poll_schedule
from monitor.model import Entry, Source

RECORDINGS = Path(__file__).resolve().parents[1] / "../shared/data/recordings"
ENTRIES_MIN = 20  # of a stretch of time that is looked at (set)
SILENCE = timedelta(hours=12)  # without a publication: the recording has a gap there (set)
DESIGN = ("gesab-bbc", "gesab-nytimes", "jtw-wgrznews")
BASE_S = 900  # seconds: the shipped interval
DATES = re.compile(rb"<(?:pubDate|published|dc:date)[^<>]*>\s*([^<]{10,60})<", re.I)


def dates(document: bytes) -> list[datetime]:
    """The publication times in a document."""
    found = []
    for match in DATES.finditer(document):
        text = match[1].decode("ascii", "replace").strip()
        try:
            at = datetime.fromisoformat(text) if text[:4].isdigit() else parsedate_to_datetime(text)
        except ValueError:
            continue
        found.append(at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC))
    return found


def published(archive: Path) -> tuple[list[datetime], int]:
    """Every publication time within the days that the recording was made in, and the entries of a document."""
    seen: set[datetime] = set()
    sizes, visits = [], []
    with tarfile.open(archive) as tar:
        for member in tar:
            stamp = re.match(r"\d{8}T\d{6}Z", Path(member.name).name)
            if stamp and (file := tar.extractfile(member)):
                found = dates(file.read())
                seen.update(found)
                sizes.append(len(found))
                visits.append(datetime.strptime(stamp[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC))
    begun, ended = min(visits), max(visits)
    return sorted(at for at in seen if begun <= at <= ended), max(1, int(statistics.median(sizes)))


def visited(times: list[datetime], wait_s: Callable[[datetime], float]) -> list[datetime]:
    """The instants of visits from the first publication to the last one's first visit."""
    visits = [times[0]]
    while visits[-1] < times[-1]:
        visits.append(visits[-1] + timedelta(seconds=wait_s(visits[-1])))
    return visits


def delays_s(times: list[datetime], visits: list[datetime]) -> list[float]:
    """The seconds from each publication to the first visit at or after it."""
    places = [bisect_right(visits, at - timedelta(microseconds=1)) for at in times[1:]]
    return [(visits[min(n, len(visits) - 1)] - at).total_seconds() for n, at in zip(places, times[1:], strict=True)]


def stretches(times: list[datetime]) -> list[list[datetime]]:
    """The times without the silences in which nothing was recorded: they would flatter whoever slows down."""
    found = [times[:1]]
    for before, at in pairwise(times):
        if at - before > SILENCE:
            found.append([])
        found[-1].append(at)
    return [each for each in found if len(each) >= ENTRIES_MIN]


def measure(name: str, times: list[datetime], size: int) -> None:
    """Print the line of one recording."""
    source, ours, theirs, count, span_s = Source("feed", "Feed", "https://feed.example/"), [], [], 0, 0.0
    kept, hours, last_new_at = stretches(times), tuple[float, ...](), times[0]
    for stretch in kept:
        known = 0

        def rhythm(now: datetime, stretch: list[datetime] = stretch) -> float:
            nonlocal hours, known, last_new_at
            come = bisect_right(stretch, now)
            out, new = stretch[max(0, come - size) : come], stretch[known:come]
            hours, known, last_new_at = poll_schedule.learnt(hours, new, last_new_at), come, now if new else last_new_at
            adaptive = poll_schedule.rhythm_s([Entry(published_at=at) for at in out], BASE_S, now, out[-1])
            hourly = poll_schedule.at_this_hour_s(hours, adaptive, BASE_S, now)
            return poll_schedule.after_success(source, BASE_S, hourly, (), validators=True)

        visits = visited(stretch, rhythm)
        ours += delays_s(stretch, visits)
        count, span_s = count + len(visits) - 1, span_s + (visits[-1] - visits[0]).total_seconds()
    for stretch in kept:
        theirs += delays_s(stretch, visited(stretch, lambda now: span_s / count))
    if kept:
        fast, slow = statistics.median(ours) / 60, statistics.median(theirs) / 60
        print(
            f"{name} ({'design' if name in DESIGN else 'score'}): {len(ours)} entries, {count} visits, median delay"
            f" {fast:.1f} min by rhythm,"
            f" {slow:.1f} min every {span_s / count / 60:.1f} min ({fast / slow - 1:+.0%})", flush=True,
        )  # fmt: skip
    else:
        print(f"{name}: too few dated entries", flush=True)


def main() -> None:
    """One line a recording."""
    for archive in sorted(RECORDINGS.glob("*.tar.xz")):
        measure(archive.name.partition(".")[0], *published(archive))


if __name__ == "__main__":
    main()
