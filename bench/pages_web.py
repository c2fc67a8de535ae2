"""`python -m bench.pages_web`: every page over 100,000 entries, 50 stories, 5,000 alerts: core milliseconds, bytes.

Fails where a page takes more than 150 ms (a search 300) or weighs more than 200 KB with its style sheet and scripts.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from monitor import config, log
from monitor.app.build import App, build
from monitor.core import ids
from monitor.metrics import Metrics
from monitor.model import (
    Alert,
    Claim,
    Decision,
    Delivery,
    Entry,
    Fetched,
    Judgements,
    Outcome,
    Reason,
    Score,
    Sighting,
    SourceStatus,
    StoryReport,
)
from monitor.web import make
from monitor.web.drawing import STATIC, static

ENTRIES, STORIES, SOURCES, PER_VISIT = 100_000, 50, 25, 200
# Every so many entries is a report of a story, every so many of those is told.
REPORT_EVERY, TOLD_EVERY, NEAR_EVERY = 10, 2, 37
MS_MAX, SEARCH_MS_MAX, BYTES_MAX = 150.0, 300.0, 200_000
ROUNDS = 7
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
WORDS = (
    "minister", "ferry", "flood", "inquiry", "port", "strike", "election", "bridge", "court", "budget", "summit",
    "troops", "river", "fire", "border", "treaty", "bank", "union", "harvest", "storm", "satellite", "vaccine",
    "railway", "museum", "archive", "cabinet", "senate", "drought", "pipeline",
)  # fmt: skip


def configured(folder: Path) -> App:
    """An application that watches as many stories and sources as the bench wants."""
    text = "".join(
        f'[[source]]\nid = "s{n}"\nname = "Outlet {n}"\nurl = "https://s{n}.example/feed"\n' for n in range(SOURCES)
    )
    text += "".join(
        f'[[story]]\nid = "t{n}"\ntitle = "Story {n} of the {WORDS[n % len(WORDS)]}"\nseed_text = """'
        f'{WORDS[n % len(WORDS)].title()} {n} of Vess\\n\\nThe {WORDS[n % len(WORDS)]} of Vess, 300 people said."""\n'
        for n in range(STORIES)
    )
    return build(config.parse(text.replace("\\n", "\n"), folder / "config.toml", {}), None, Metrics(), exclusive=False)


def entry(number: int) -> Entry:
    """One of the entries, of words that repeat."""
    words = [WORDS[(number * step + step) % len(WORDS)] for step in range(1, 9)]
    return Entry(
        id=f"urn:{number}", url=f"https://s{number % SOURCES}.example/{number}", title=" ".join(words[:7]).capitalize(),
        summary=(" ".join(words) + f" {number}. ") * 4, published_at=NOW - timedelta(minutes=number), language="en",
    )  # fmt: skip


def outcomes() -> Iterator[Outcome]:
    """Visits that bring all entries, oldest first, with what stories made of them."""
    for start in range(ENTRIES, 0, -PER_VISIT):
        numbers = range(start, start - PER_VISIT, -1)
        source = f"s{(start // PER_VISIT) % SOURCES}"
        at = NOW - timedelta(minutes=start - PER_VISIT + 1)
        seen = [Sighting(ids.entry_key(source, f"urn:{n}"), entry(n), at, 1, (f"id:urn:{n}",)) for n in numbers]
        status = SourceStatus(
            source, "ok", url=f"https://{source}.example/feed", last_visit_at=at, last_ok_at=at, baseline_at=at,
            next_at=NOW + timedelta(minutes=9),
        )  # fmt: skip
        fetched = Fetched(source, status.url, at, 200)
        yield Outcome(status, fetched, tuple(seen), judged(seen, list(numbers), source, at), entries_new=len(seen))


def judged(seen: list[Sighting], numbers: list[int], source: str, at: datetime) -> Judgements:
    """What stories made of one visit: a tenth are reports, half of those told, some missed the line."""
    rows: dict[str, list[Any]] = {"decisions": [], "members": [], "claims": [], "alerts": [], "deliveries": []}
    for sighting, number in zip(seen, numbers, strict=True):
        report, story = number % REPORT_EVERY == 0, f"t{(number // REPORT_EVERY) % STORIES}"
        score = Score(0.9 if report else 0.42 if number % NEAR_EVERY == 0 else 0.08, 0.5, report, (
            Reason("words", 0.5, 1.0, "shares 'ferry', 'port' with your article"),))  # fmt: skip
        told = report and (number // REPORT_EVERY) % TOLD_EVERY == 0
        alert_id = f"a{number}" if told else ""
        verdict = ("development" if told else "repeat") if report else None
        development = f"d{number // (2 * REPORT_EVERY)}" if report else ""
        rows["decisions"].append(Decision(
            sighting.key, story, source, f"urn:{number}", at, sighting.entry.title, sighting.entry.url, 1, score,
            verdict, development, "an agency" if report else "", alert_id=alert_id,
        ))  # fmt: skip
        if not report:
            continue
        rows["members"].append((story, StoryReport(
            sighting.key, source, source, development, verdict or "repeat", at, sighting.entry.title,
            sighting.entry.summary, sighting.entry.url, "an agency", 0.9, alert_id=alert_id,
        )))  # fmt: skip
        claim = Claim("quantity", "people", f"{number} people", f"{number:,}", low=float(number), source=source, at=at)
        rows["claims"].append((story, sighting.key, claim))
        if told:
            alert = Alert(
                alert_id, "story.development", at, sighting.entry.title, story, f"Story {story}",
                entry_key=sighting.key, entry_id=f"urn:{number}", verdict="development", development=development,
                article_title=sighting.entry.title, article_url=sighting.entry.url, article_source=source,
                reasons=score.reasons,
            )  # fmt: skip
            rows["alerts"].append(alert)
            rows["deliveries"] += [Delivery(f"m{number}{to}", alert_id, "desk", to, created_at=at) for to in ("", "b")]
    return Judgements(**{name: tuple(values) for name, values in rows.items()})


def fill(app: App) -> None:
    """Record everything, and index it."""
    for outcome in outcomes():
        app.store.record([outcome])
    while app.store.index(5000):
        pass
    for status in app.store.statuses().values():
        app.store.set_status(replace(status, next_at=NOW + timedelta(minutes=5)))


class Still:
    """A clock that stands, so that every round draws the same page."""

    def now(self) -> datetime:
        """The end of what was recorded."""
        return NOW


async def measured(app: App) -> list[tuple[str, float, int]]:
    """Each page: its path, the median of `ROUNDS` in milliseconds of one core, and its bytes."""
    app.pipeline.clock = Still()
    told = app.store.alerts(limit=1)[0][0]
    key = told.entry_key
    paths = [
        "/", "/?show=read", "/stories/t0", f"/alerts/{told.id}", "/add", "/sources", "/sources/s1", "/deliveries",
        "/search", "/search?q=ferry", "/search?q=%22harvest+storm%22&story=t3", "/settings", "/words",
        f"/entries/{key}/versions/1", "/feed/t0.atom", "/api/v1/stories", "/api/v1/stories/t0/timeline",
        "/api/v1/search?text=ferry",
    ]  # fmt: skip
    rows = []
    transport = httpx.ASGITransport(app=make(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765") as client:
        for path in paths:
            times, answer = [], None
            for _ in range(ROUNDS):
                begin = time.process_time()
                answer = await client.get(path)
                times.append(1000 * (time.process_time() - begin))
            assert answer is not None and answer.status_code == 200, (path, answer and answer.text[:300])
            rows.append((path, statistics.median(times), len(answer.content)))
    return rows


def main() -> int:
    """Print every page; 1 where one is too slow or too heavy."""
    log.configure("text", "critical")
    beside = sum(len(static(name)[0]) for name in STATIC)
    with tempfile.TemporaryDirectory(prefix="bench-pages-") as folder:
        begin = time.perf_counter()
        app = configured(Path(folder))
        fill(app)
        print(f"{ENTRIES:,} entries, {STORIES} stories: filled in {time.perf_counter() - begin:.0f} s")
        wrong = 0
        for path, milliseconds, size in asyncio.run(measured(app)):
            most = SEARCH_MS_MAX if "search" in path else MS_MAX
            bad = milliseconds > most or size + beside > BYTES_MAX
            wrong += bad
            print(f"{path:48} {milliseconds:7.1f} ms {size / 1000:7.1f} KB{'  TOO MUCH' if bad else ''}")
        app.store.close()
    print(f"style sheet, scripts and icon: {beside / 1000:.1f} KB, kept by the browser")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
