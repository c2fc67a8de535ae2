"""`python -m bench.pages`: how well article pages are read, beside plain trafilatura.

Expected texts are upstream's; expected titles and dates are those that a page states for parse.ly; that is taken out
before it is read. Expected texts under 200 characters (galleries, error pages) are counted apart.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import trafilatura

from monitor.core.documents import pages

ARCHIVE = Path(__file__).resolve().parents[1] / "../shared/data/pages/newspaper.tar.xz"
EXPECTED_CHARS_MIN = 200
_WORD = re.compile(r"\w+")
_TOLD = re.compile(rb"<meta[^>]*name=['\"]parsely-page['\"][^>]*>", re.IGNORECASE)
_PARSELY = re.compile(r"<meta[^>]*name=['\"]parsely-page['\"][^>]*content='([^']+)'", re.IGNORECASE)


def token_f1(one: str, other: str) -> float:
    """Harmonic mean of token precision and recall, case ignored."""
    mine, theirs = Counter(_WORD.findall(one.lower())), Counter(_WORD.findall(other.lower()))
    shared = sum((mine & theirs).values())
    return 2 * shared / (sum(mine.values()) + sum(theirs.values())) if shared else 0.0


def recorded() -> Iterator[tuple[str, bytes, str]]:
    """(name, page, expected text) of every recorded page that has both."""
    with tarfile.open(ARCHIVE) as archive:
        # In the archive's own order: a compressed one is unpacked from its start for each step back.
        files = {Path(member.name): stream.read() for member in archive if (stream := archive.extractfile(member))}
    for path, page in sorted(files.items()):
        expected = files.get(path.parent.parent / "text" / f"{path.stem}.txt")
        if path.suffix == ".html" and expected is not None:
            yield path.stem, page, expected.decode("utf-8", "replace")


def stated(body: bytes) -> dict[str, str]:
    """What a page tells parse.ly of itself: title and pub_date."""
    found = _PARSELY.search(body.decode("utf-8", "replace"))
    try:
        told = json.loads(unescape(found.group(1))) if found else {}
    except ValueError:
        return {}
    return {key: value for key, value in told.items() if isinstance(value, str)} if isinstance(told, dict) else {}


def same_day(found: datetime | str | None, told: str) -> bool:
    """Whether a date is the stated one, in UTC or on the publisher's own calendar."""
    if not isinstance(found, datetime):
        return str(found)[:10] == told[:10]
    try:
        zone = datetime.fromisoformat(re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", told)).tzinfo or UTC
    except ValueError:
        zone = UTC
    return told[:10] in (found.date().isoformat(), found.astimezone(zone).date().isoformat())


def _line(name: str, scores: list[float], titles: list[float], dates: list[bool], seconds: float, count: int) -> str:
    return (
        f"{name:12} text F1 median {statistics.median(scores):.3f} mean {statistics.mean(scores):.3f}  "
        f"title F1 {statistics.mean(titles):.3f} (n={len(titles)})  same day {statistics.mean(dates):.3f} "
        f"(n={len(dates)})  {1000 * seconds / count:.1f} ms a page"
    )


def main() -> int:
    """Print agreement for `core.documents.pages` and trafilatura; 1 where text is under .9 or another under its."""
    if not ARCHIVE.exists():
        print("skipped: no recorded pages")
        return 0
    rows = {"monitor": ([], [], [], [0.0]), "trafilatura": ([], [], [], [0.0])}
    states: Counter[str] = Counter()
    short = 0
    for _name, body, expected in recorded():
        told = stated(body)
        start = time.perf_counter()
        body = _TOLD.sub(b"", body)  # it is what the reading is held to
        page = pages.extract(body, "https://example.org/a", "text/html", datetime(2026, 1, 1, tzinfo=UTC))
        middle = time.perf_counter()
        plain = trafilatura.bare_extraction(body, with_metadata=True)
        end = time.perf_counter()
        if len(expected) < EXPECTED_CHARS_MIN:
            short += 1
            continue
        states[page.state] += 1
        mine = (page.text, page.title, page.published_at, middle - start)
        theirs = (*(str(getattr(plain, key, "") or "") for key in ("text", "title", "date")), end - middle)
        for key, (text, title, day, seconds) in (("monitor", mine), ("trafilatura", theirs)):
            scores, titles, days, spent = rows[key]
            scores.append(token_f1(str(text), expected))
            spent[0] += float(seconds)
            if told.get("title"):
                titles.append(token_f1(str(title), unescape(told["title"])))
            if told.get("pub_date"):
                days.append(same_day(day, told["pub_date"]))
    for key, (scores, titles, days, spent) in rows.items():
        print(_line(key, scores, titles, days, spent[0], len(scores)))
    print(
        f"states: {dict(states)}; {short} pages left out whose expected text is under {EXPECTED_CHARS_MIN} characters"
    )
    ours, plain = (tuple(statistics.mean(part) for part in rows[name][1:3]) for name in ("monitor", "trafilatura"))
    return 0 if statistics.median(rows["monitor"][0]) >= 0.9 and ours[0] >= plain[0] and ours[1] >= plain[1] else 1


if __name__ == "__main__":
    sys.exit(main())
