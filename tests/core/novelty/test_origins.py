"""Whom a report rests on, and how many independent origins a development has."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.core.novelty import origins
from monitor.model import Entry, StoryReport

AT = datetime(2025, 3, 1, 12, tzinfo=UTC)


def member(source: str, title: str, text: str = "", origin: str = "", url: str = "") -> StoryReport:
    found = origins.find(title, text, source, url).name
    return StoryReport(source + title, source, source, "d1", "repeat", AT, title, text, url, origin or found)


@pytest.mark.parametrize(
    ("title", "text", "source", "origin"),
    [
        ("Pyongyang ships 3,000 more men to the front: Seoul", "", "Paper", "South Korea's government"),
        ("Pyongyang ships 3,000 more men to the front – Seoul", "", "Paper", "South Korea's government"),
        ("Ministry counts fewer crossings, Yonhap reports", "", "Paper", "Yonhap"),
        ("Kremlin: talks on workers go on", "", "Paper", "The Kremlin"),
        ("Sappers decorated at a ceremony, KCNA says", "", "Paper", "KCNA"),
        ("Kim decorates sappers, state media says", "", "Paper", "KCNA"),
        ("Tehran parades new drones, state TV reports", "", "Paper", "IRNA"),
        ("New drones shown", "PARIS (Reuters) - Drones were shown to the press on Monday.", "Paper", "Reuters"),
        ("Workers on their way", "The men left by train, Ukraine's military intelligence said.", "Paper",
         "Ukraine's military intelligence"),
        ("Workers on their way", "The Evening Post, citing The Harbour Gazette, writes of a train.", "Paper",
         "Harbour Gazette"),
        ("Workers on their way", "A source in North Hamgyong told Daily NK of a train.", "Daily NK",
         "Daily NK's source in North Hamgyong"),
        ("Workers on their way", "According to Daily NK’s source in Russia, a train has left.", "Paper",
         "Daily NK's source in Russia"),
        ("Workers on their way", "", "tass.com", "TASS"),
        ("Workers on their way", "", "Unlisted Herald", "Unlisted Herald"),
        ("Moscow rejects talk of workers as invented", "", "Paper", "Russia's government"),
        ("Guard dismissed, who says he never slept", "", "Paper", "Paper"),
        ("Beijing, Moscow reject the new sanctions", "", "Paper", "Paper"),
        ("Rain to go on", "The forecast, according to Hill Weather.\nThe rain began on Monday.", "Paper",
         "Hill Weather"),
        ("A walk through Seoul, North Korea watchers in tow", "", "Paper", "Paper"),
    ],
)  # fmt: skip
def test_origin(title: str, text: str, source: str, origin: str) -> None:
    assert origins.origin(Entry(title=title, summary=text), source) == origin


def test_an_outlet_is_known_by_name_and_by_address() -> None:
    assert origins.outlet("The Guardian") == "The Guardian"
    assert origins.outlet("theguardian.com") == "The Guardian"
    assert origins.outlet("feed 7", "https://www.theguardian.com/world/1") == "The Guardian"
    assert origins.outlet("Harbour Gazette", "https://gazette.example/1") == "Harbour Gazette"


def test_voices_of_one_party_are_one() -> None:
    assert origins.party("TASS") == origins.party("The Kremlin") == origins.party("Russia's defence ministry")
    assert origins.party("Reuters") != origins.party("AP")


def test_a_chain_of_citations_ends_at_its_first_link() -> None:
    first = member("Daily NK", "Workers picked", "A source in Russia told Daily NK that firms chose the men.")
    second = member("Daily Beast", "Workers picked", "As reported by Daily NK, firms chose the men.")
    found = origins.find("Workers picked", "The Daily Beast reported it, according to Daily Beast.", "Insider", "",
                         [first, second])  # fmt: skip
    assert found.name == "Daily NK's source in Russia"


def test_a_shared_quotation_shows_the_origin() -> None:
    said = "“we will not send a single man across that river”"
    first = member("Harbour Gazette", f"General: {said}", "", origin="General staff")
    found = origins.find(f"No man to cross: {said}", "", "Evening Post", "", [first])
    assert (found.name, found.stated) == ("General staff", True)


def test_a_copy_takes_over_the_origin_of_what_it_copies() -> None:
    first = member("Harbour Gazette", "Ferry sinks off the cape, Kyodo reports")
    found = origins.find("Ferry sinks off the cape", "", "Evening Post", "", [], first)
    assert found.name == "Kyodo"


def test_count() -> None:
    reports = [
        member("Harbour Gazette", "Pyongyang ships 3,000 men: Seoul"),
        member("Evening Post", "Seoul says Pyongyang ships 3,000 men"),
        member("Morning Star", "3,000 men on their way"),
        member("Kyiv Weekly", "Kyiv confirms 3,000 men on their way"),
        member("tass.com", "Kremlin: nothing known of any men"),
        member("ria.ru", "Nothing known of any men, TASS reports"),
    ]
    assert origins.count(reports) == (6, 3)
    assert origins.count(reports[2:3]) == (1, 1)
    assert origins.count([]) == (0, 0)


def test_the_table_is_sound() -> None:
    from monitor import data

    for row in data.rows("agencies.tsv"):
        assert len(row) in (4, 5), row
        assert row[2] in ("agency", "state", "outlet", "authority"), row


def test_hostile_text_is_read_in_time() -> None:
    text = "citing " + "A" * 5000 + " (" * 2000 + "'" * 3000 + ", said " * 500
    assert origins.find(text[:1000], text, "Paper").name
