"""What entries say by themselves: read once, no further than a long article goes, and said where it is in part."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from monitor.core.codec import from_json, to_json
from monitor.core.decisions import readings
from monitor.core.documents import feeds
from monitor.core.language import quantities
from monitor.core.novelty import claims
from monitor.core.revisions import facts, versions
from monitor.model import Entry, KnownEntry, Sighting, Source
from tests.core.decisions.made import NOW
from tests.loopback import rss

SOURCE = Source("paper", "The Paper", "https://paper.example/feed")
HOSTILE = "12 km, 5.5 million people in Vess said “on May 5, 2026” 1st at least 31 were killed - " * 3000


def seen(text: str, before: str = "") -> Sighting:
    entry = Entry(id="1", url="https://paper.example/1", title="Ferry sinks off Vess", text=text, published_at=NOW)
    if not before:
        return Sighting("k", entry, NOW, 1, ())
    known = KnownEntry("k", "paper", replace(entry, text=before), 1, NOW, NOW, frozenset())
    return Sighting("k", entry, NOW, 2, (), known)


def counted(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> list[str]:
    """The texts that a routine is given, call by call."""
    given: list[str] = []
    routine = getattr(module, name)
    monkeypatch.setattr(module, name, lambda text, *more: given.append(text) or routine(text, *more))
    return given


def test_a_hostile_text_is_read_no_further_than_a_long_article(monkeypatch: pytest.MonkeyPatch) -> None:
    given = counted(monkeypatch, quantities, "find")
    readings.Readings().claims(SOURCE, seen(HOSTILE[: 256 * 1024]))
    assert given
    assert sum(map(len, given)) <= claims.TEXT_CHARS_MAX + 1000


def test_of_two_versions_as_much_is_read_as_of_a_long_article_each(monkeypatch: pytest.MonkeyPatch) -> None:
    given = counted(monkeypatch, facts, "read")
    first, then = (f"The ferry sank. {word} was there. " + HOSTILE[: 250 * 1024] for word in ("He", "She"))
    found = readings.Readings().revision(seen(then.replace("Vess", "Orve").replace(". ", "! "), first))
    assert given
    assert sum(map(len, set(given))) <= 2 * versions.READ_CHARS_MAX
    assert len(found.html) > len(first), "what people are shown is whole"


def test_what_a_long_page_says_anew_is_read_first() -> None:
    page = [
        f"Reader {number} remembers how the ferry left port {number} on a calm, long evening." for number in range(490)
    ]
    new = [*page[:480], "Divers said that 31 people were killed.", *page[480:]]
    assert len(" ".join(page[:480])) > versions.READ_CHARS_MAX
    found = readings.Readings().revision(seen(" ".join(new), " ".join(page)))
    assert any("31 people" in change.after for change in found.changes)


@pytest.mark.parametrize(("chars", "told"), [(1000, False), (claims.TEXT_CHARS_MAX, False), (200 * 1024, True)])
def test_a_text_that_is_read_in_part_says_so(chars: int, told: bool) -> None:
    reasons = readings.in_part(seen(HOSTILE[:chars]))
    assert [reason.signal for reason in reasons] == (["read in part"] if told else [])
    assert not told or "first 32 of 200 thousand characters" in reasons[0].evidence


def test_a_reading_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    given = counted(monkeypatch, facts, "read")
    read, sighting = readings.Readings(), seen("The ferry sank. Nine were killed.", "The ferry sank. Six were killed.")
    assert read.unread(sighting) > readings.REVISED_CHARS
    read.read(SOURCE, sighting, is_known=True)
    calls = len(given)
    assert calls
    assert read.revision(sighting).verdict == "revision"
    assert len(given) == calls
    assert read.unread(sighting) == 0


# A Monday evening in New York and a Tuesday morning in Auckland are one instant, and in UTC another day than in one.
DATED = {
    "2026-03-02T23:30:00-05:00": ("2026-03-03", "2026-03-06"),
    "2026-03-03T04:30:00+00:00": ("2026-03-04", "2026-03-06"),
    "2026-03-03T08:30:00+13:00": ("2026-03-04", "2026-03-06"),
    "2026-03-07T08:30:00+13:00": ("2026-03-08", "2026-03-13"),
}


@pytest.mark.parametrize("written", DATED)
def test_tomorrow_and_friday_count_from_the_publishers_own_day(written: str) -> None:
    body = rss("Paper", [{"id": "1", "url": "https://paper.example/1", "title": "Dam to be emptied", "at": written,
                          "text": "It must be emptied by tomorrow. The court will rule by Friday."}])  # fmt: skip
    (entry,) = feeds.parse(body, now=NOW).entries
    assert entry.published_at and entry.published_at.tzinfo is UTC
    stored = from_json(Entry, to_json(entry))
    for each in (entry, stored):
        found = readings.Readings().claims(SOURCE, Sighting("k", each, NOW, 1, ()))
        assert tuple(claim.date_to for claim in found if claim.kind == "deadline") == DATED[written]
        assert {claim.at for claim in found} == {entry.published_at}


def test_a_weekday_that_was_named_on_itself_is_overdue_nowhere() -> None:
    text = "The court will rule by Tuesday."
    for zone, kinds in ((UTC, ["deadline"]), (timezone(timedelta(hours=13)), [])):
        own = datetime(2026, 3, 3, 8, tzinfo=zone)
        found = claims.extract(text, own)
        assert [claim.kind for claim in found if claim.date_to] == kinds
        assert claims.overdue(found, own + timedelta(days=3)) == ()
