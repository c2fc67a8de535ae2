"""Headlines with the names of their publishers behind them, as aggregators and sites write them."""

from datetime import UTC, datetime

import pytest

from monitor.core.documents import feeds, publisher

NOW = datetime(2026, 6, 2, tzinfo=UTC)
HEADLINES = [
    ("Ferry strike halts crossings - Harbor Post", "Harbor Post", "", "",
     "Ferry strike halts crossings", "Harbor Post"),
    ("Ferry strike – halts crossings – The Harbor Post", "Harbor Post", "", "",
     "Ferry strike – halts crossings", "Harbor Post"),
    ("Ferry strike halts crossings | harborpost.example", "Harbor Post", "Harbor Post", "",
     "Ferry strike halts crossings", ""),
    ("Ferry strike halts crossings - www.harborpost.example", "harborpost.example", "Port Alder - Google News", "",
     "Ferry strike halts crossings", "harborpost.example"),
    ("Streik legt Fähren lahm - Hafenbote - Hafenbote", "Hafenbote", "", "", "Streik legt Fähren lahm", "Hafenbote"),
    ("渡轮罢工致港口瘫痪_海港日报", "", "海港日报", "", "渡轮罢工致港口瘫痪", ""),
    ("フェリーのストライキ続く｜港新聞", "", "港新聞", "", "フェリーのストライキ続く", ""),
    ("Паром стоит — Портовый вестник", "Портовый вестник", "", "", "Паром стоит", "Портовый вестник"),
    ("إضراب العبارات يوقف الميناء - صحيفة المرفأ", "صحيفة المرفأ", "", "",
     "إضراب العبارات يوقف الميناء", "صحيفة المرفأ"),
    ("Ferry strike halts crossings (Harbor Post)", "Harbor Post", "", "",
     "Ferry strike halts crossings", "Harbor Post"),
    ("Ferry strike halts crossings – Alder Ledger", "", "Alder Ledger", "", "Ferry strike halts crossings", ""),
    ("Ferry strike halts crossings » Alder Ledger", "", "World » Alder Ledger", "https://www.alderledger.example/",
     "Ferry strike halts crossings", ""),
    ("Crane falls - Port Alder", "Harbor Post", "Port Alder - Google News", "", "Crane falls - Port Alder",
     "Harbor Post"),
    ("War of words - and of sanctions", "", "Alder Ledger", "", "War of words - and of sanctions", ""),
    ("Harbor Post", "Harbor Post", "", "", "Harbor Post", "Harbor Post"),
    ("Ferry-strike", "strike", "", "", "Ferry-strike", "strike"),
    ("Dockers walk out - Agence Côtière - AC", "Agence Côtière - AC", "", "",
     "Dockers walk out", "Agence Côtière - AC"),
    ("Own report - Alder Ledger", "The Alder Ledger", "Alder Ledger", "", "Own report", ""),
]  # fmt: skip


@pytest.mark.parametrize(("title", "source", "site", "address", "headline", "outlet"), HEADLINES)
def test_the_publisher_is_taken_off_and_named(title, source, site, address, headline, outlet):
    """Exactly the stated name goes, in any script and after any divider; whatever else ends a headline stays."""
    assert publisher.headline(title, source, site, address) == (headline, outlet)


@pytest.mark.parametrize(
    "element",
    [
        "<source url='https://harborpost.example'>Harbor Post</source>",
        "<News:Source>Harbor Post</News:Source>",
        "<dc:source>Harbor Post</dc:source>",
    ],
)
def test_an_aggregator_entry_is_its_outlets(element):
    """The entry is stored under its own headline and outlet, and its teaser does not repeat the outlet."""
    body = f"""<rss version="2.0" xmlns:News="https://news.example/search" xmlns:dc="http://purl.org/dc/elements/1.1/">
    <channel><title>Port Alder - Google News</title><link>https://aggregator.example/</link><item>
    <title>Ferry strike halts crossings - Harbor Post</title><link>https://aggregator.example/a1</link>
    <description>&lt;a href="x"&gt;Ferry strike halts crossings&lt;/a&gt;&amp;nbsp;Harbor Post</description>
    {element}</item></channel></rss>"""
    entry = feeds.parse(body.encode(), now=NOW).entries[0]
    assert (entry.title, entry.outlet, entry.summary) == (
        "Ferry strike halts crossings", "Harbor Post", "Ferry strike halts crossings",
    )  # fmt: skip


def test_an_entry_of_a_planet_is_its_blogs():
    """`atom:source` names the feed that an entry was copied from."""
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Planet</title><entry><title>Crane falls</title>
    <id>x</id><source><id>u</id><title>Harbor Blog</title></source></entry></feed>"""
    assert feeds.parse(body, now=NOW).entries[0].outlet == "Harbor Blog"
