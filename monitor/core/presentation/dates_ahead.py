"""Dates to watch: what a story's reports say is still to come, the nearest first. Pure; kept as text between looks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from monitor.core.text import opening
from monitor.model import Claim

# Further ahead are targets and anniversaries, no dates to wait for (set).
HORIZON = timedelta(days=400)
AHEAD_MAX = 8  # dates of one story that are shown, the nearest (set)
QUOTE_CHARS_MAX = 160  # characters of the sentence that names a date: two lines of a desk (set)


class Ahead(NamedTuple):
    """A day or the last day of a span, as it was written, who says so, and the sentence."""

    day: str
    written: str
    who: str
    quote: str


def ahead(claims: Iterable[Claim], now: datetime) -> list[Ahead]:
    """The dates that lie ahead, one a day; of several reports the newest speaks."""
    today = now.astimezone(UTC).date()
    found: dict[str, Ahead] = {}
    for claim in claims:
        last = claim.date_to or claim.date_from
        if claim.kind in ("date", "deadline") and last and today <= date.fromisoformat(last) <= today + HORIZON:
            found[last] = Ahead(last, claim.value, claim.source, opening(claim.quote, QUOTE_CHARS_MAX))
    return [found[day] for day in sorted(found)[:AHEAD_MAX]]


def kept(found: Iterable[Ahead]) -> str:
    """The same as a text that the state keeps; "" where there is none."""
    rows = [list(each) for each in found]
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def read(text: str, now: datetime) -> list[Ahead]:
    """What was kept, without what has passed since."""
    today = now.astimezone(UTC).date().isoformat()
    return [each for row in json.loads(text or "[]") if (each := Ahead(*row)).day >= today]
