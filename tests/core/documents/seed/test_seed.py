"""Articles in many layouts: title, day, body, and the outlets that each cites with headline and link."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.core.documents import seed
from monitor.core.novelty import claims
from monitor.errors import ArticleError

ARTICLES = Path(__file__).parent / "articles"
# file -> title, day, cited (outlet, headline, link without its scheme), words of the body, words that it must not have
EXPECTED: dict[str, tuple[str, str, list[tuple[str, str, str]], list[str], list[str]]] = {
    "links.html": (
        "Copper mine strike enters third week", "2026-03-14",
        [("Reuters", "", "www.reuters.com/world/americas/chile-copper-talks-break-down-2026-03-13/"),
         ("BBC News", "", "www.bbc.com/news/articles/c0abcd1234"),
         ("El País", "", "elpais.com/chile/2026-03-12/la-huelga-sigue.html")],
        ["About 2,400 miners", "at the latest."], ["More under this ad", "recipes", "Copyright"],
    ),
    "sources_on_a_line.txt": (
        "Dam in northern province at risk of collapse, engineers warn", "2025-03-03",
        [("Dawn", "", ""), ("Al Jazeera", "", ""), ("The Guardian", "", "")],
        ["cracks 12 metres long", "finished by 15 May."], ["SOURCES", "Published"],
    ),
    "via.txt": (
        "Three hurt as ferry hits pier in Piraeus", "2024-06-21", [("Kathimerini", "", "")],
        ["212 people on board"], ["Via", "21 June 2024"],
    ),
    "references.txt": (
        "Vaccine against river fever passes last trial", "2026-01-07",
        [("The Guardian", "", "www.theguardian.com/society/2026/jan/07/river-fever-vaccine-trial"),
         ("Daily Monitor", "Uganda orders two million doses.", "www.monitor.co.ug/uganda/news/two-million-doses-123"),
         ("Nature", "Trial board to look into two cases", "www.nature.com/articles/d41586-026-00001")],
        ["11,000 volunteers"], ["References", "Mira Holt"],
    ),
    "no_sources.txt": ("Bridge over the Elm closed after inspection", "", [], ["9,000 vehicles"], []),
    "german.txt": (
        "Bundeswehr schickt 450 Soldaten nach Litauen", "2026-02-12",
        [("Der Spiegel", "Bundeswehr verlegt nächste Kompanie nach Litauen", ""),
         ("Tagesschau", "Brigade wächst langsamer als geplant", ""), ("Süddeutsche Zeitung", "", "")],
        ["4.800 Soldaten"], ["Quellen", "12. Februar"],
    ),
    "broadcaster.html": (
        "Rail workers to strike for two days in May", "2026-04-20", [("Financial Times", "", "")],
        ["14 train companies", "3.5%"], ["Published", "Image source", "More on this story", "Skip to content"],
    ),
    "french.html": (
        "Mali : un convoi de 40 camions attaqué près de Gao", "2025-11-05",
        [("Agence France-Presse", "", ""), ("RFI", "", "www.rfi.fr/fr/afrique/20251105-mali-convoi-attaque-gao"),
         ("Jeune Afrique", "", "www.jeuneafrique.com/1234567/politique/mali-convoi/")],
        ["17 civils et 5 soldats"], ["Sources"],
    ),
    "markdown.md": (
        "Harbour crane collapses in Gdynia", "2026-03-05",
        [("TVN24", "Dźwig runął w porcie", "tvn24.pl/pomorze/dzwig-gdynia-st1234567"),
         ("Notes from Poland", "Port crane kills two", "notesfrompoland.com/2026/03/05/port-crane-kills-two/"),
         ("Reuters", "", "")],
        ["TVN24 reported."], ["https://", "Sources", "#", "Thu 5 Mar"],
    ),
    "agency.txt": (
        "Kenya suspends export of avocados until July", "2026-03-05", [("Reuters", "", ""), ("Bloomberg", "", "")],
        ["Kenya has suspended"], ["NAIROBI", "Source:"],
    ),
    "list_of_links.html": (
        "Flood in Valencia: what we know", "2024-11-02",
        [("La Vanguardia", "Sánchez anuncia 5.000 militares más",
          "www.lavanguardia.com/local/valencia/20241102/inundaciones.html"),
         ("Associated Press", "Spain sends troops", "apnews.com/article/spain-floods-valencia-abc"),
         ("blogdelrio.example", "El barranco del Poyo explicado",
          "www.blogdelrio.example/2024/11/el-barranco-del-poyo-explicado")],
        ["At least 205 people"], ["further reading", "Telegram"],
    ),
    "western.txt": (
        "Café owners in Nice protest against terrace fees", "2026-03-05",
        [("Nice-Matin", "", ""), ("France 24", "Café owners protest", "")],
        ["The mayor’s office"], ["Sources"],
    ),
    "author.txt": (
        "Two more arrested over museum theft", "2026-03-05",
        [("Le Monde", "Deux nouvelles arrestations", ""), ("Le Progrès", "Le gardien nie", "")],
        ["14 gold coins"], ["Jo Miller", "About the author"],
    ),
    "credit.txt": (
        "Wind farm off Jutland delayed by a year", "2026-03-05", [("Bloomberg", "", "")], ["72 turbines"], [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_an_article_is_read(name: str) -> None:
    title, day, cited, words, others = EXPECTED[name]
    article = seed.read((ARTICLES / name).read_bytes())
    assert article.title == title
    assert (str(article.published_at.date()) if article.published_at else "") == day
    assert [(c.outlet, c.title, c.url.partition("://")[2]) for c in article.cited] == cited
    for word in words:
        assert word in article.text
    for word in others:
        assert word not in article.text


def test_every_layout_is_expected() -> None:
    assert {path.name for path in ARTICLES.iterdir()} == set(EXPECTED)


def test_claims_count_in_the_words_of_the_text() -> None:
    article = seed.read((ARTICLES / "references.txt").read_bytes())
    said = {claim.text for claim in claims.extract(article.text, article.published_at, title=article.title)}
    assert {"11,000 volunteers", "2 million doses"} <= said


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"), (b"   \n", "empty"), (b"%PDF-1.7 x", "PDF"), (b"{\\rtf1 hello}", "RTF"),
        (b"<?xml version='1.0'?><rss version='2.0'><channel><title>x</title></channel></rss>", "feed"),
        (b'{"title": "x"}', "JSON"), (b"<html><body><p>Sign in</p></body></html>", "no article text"),
        (b"Three words only", "fewer than"), (b"text \0 with nulls" * 20, "binary"),
    ],
)  # fmt: skip
def test_what_is_no_article_is_said(content: bytes, words: str) -> None:
    with pytest.raises(ArticleError, match=words):
        seed.read(content)


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("By Rowan Achterberg", False),
        ("BY SIGNE HALKJÆR", False),
        ("By Ann Lee and Bo Berg, Marrow Falls", False),
        ("Par Élodie Marsaudon", False),
        ("Von Anna von der Heide, Berlin", False),
        ("Por Juan Pérez | Madrid", False),
        ("By Kettle Lake they found a boot and a jacket", True),
        ("By order of the court the ship is held in Ostend.", True),
        ("Di Maria scores twice as Ostend win", True),
    ],
)
def test_who_wrote_it_is_no_name_of_the_story(line: str, kept: bool) -> None:
    body = "Searchers widened the hunt on Monday for a boy who is missing since Saturday."
    article = seed.read(f"Search widens for boy\n\n{line}\n8 June 2026\n\n{body}\n")
    assert (line in article.text) == kept
    assert body in article.text and article.published_at is not None and article.published_at.day == 8


@pytest.mark.parametrize("line", ["27. November 2026", "Freitag, 27. November 2026", "27 novembre 2026", "27.11.2026"])
def test_the_date_line_of_a_page_is_no_text(line: str) -> None:
    """As that of a plain text is none: it would be a claim of the story."""
    said = "Ein Kabelbrand hat am Freitag den Hafen von Nordhamm lahmgelegt. Drei Arbeiter wurden verletzt, hieß es."
    page = f"<html><body><article><h1>Brand legt Hafen lahm</h1><p>{line}</p><p>{said}</p></article></body></html>"
    read = seed.read(page, url="https://paper.example/x")
    assert read.text == said
    assert read.published_at == datetime(2026, 11, 27, tzinfo=UTC)


MARKDOWN = """---
title: "Skerra ends contract with bus firm"
date: 2026-02-27
author: Sunna
---

# Skerra ends contract with bus firm

The town of Skerra will end its contract with the bus firm Straumur on 30 April, the mayor said on Friday.

[Skerra Dagblad](https://dagblad.example/2026/bus) reported that it owes 410 million kronur, and
[Straumur](https://straumur.example/) runs 40 buses. [Ferry Review](https://review.example/2) says talks start in March.
"""


def test_fields_before_an_article_in_markdown_are_its_title_and_day() -> None:
    article = seed.read(MARKDOWN)
    assert article.title == "Skerra ends contract with bus firm"
    assert article.published_at == datetime(2026, 2, 27, tzinfo=UTC)
    assert article.text.startswith("The town of Skerra") and "Sunna" not in article.text
    assert [(cited.outlet, cited.url) for cited in article.cited] == [
        ("Skerra Dagblad", "https://dagblad.example/2026/bus"), ("Ferry Review", "https://review.example/2"),
    ]  # fmt: skip


def test_a_rule_of_dashes_begins_no_fields() -> None:
    said = "The town will end its contract with the bus firm Straumur on 30 April, the mayor said."
    assert seed.read(f"---\n{said}\n---\n{said.replace('bus', 'ferry')}\n").title == said


def test_a_press_release_is_about_its_news() -> None:
    article = seed.read(
        "FOR IMMEDIATE RELEASE\nEMBARGOED UNTIL 00:01 GMT, 5 May 2026\n\nHalden Biotech suspends trial of HB-207\n\n"
        "Halden Biotech today suspended its trial of HB-207 after two of 64 participants fell ill.\n\n"
        "About Halden Biotech\nHalden Biotech has 212 employees.\n\nMedia contact: +1 617 555 0100\n\n###\n"
    )
    assert article.title == "Halden Biotech suspends trial of HB-207"
    assert article.published_at == datetime(2026, 5, 5, tzinfo=UTC)
    assert "212" not in article.text and "617" not in article.text and "64 participants" in article.text


def test_what_a_wall_asks_of_its_reader_is_no_text() -> None:
    said = "Tarn Capital is in talks to buy the coffee chain Bright Kettle for $1.4bn, three people said on Thursday."
    wall = "<p>Subscribe to read the full story. Try for $1 for 4 weeks, then $69 per month. Cancel anytime.</p>"
    page = (
        f"<article><h1>Tarn to buy Bright Kettle</h1><p>{said}</p>{wall}<p>Already a subscriber? Sign in</p></article>"
    )
    assert seed.read(f"<html><body>{page}</body></html>", url="https://paper.example/x").text == said


def test_an_aside_is_no_part_of_an_outlets_name() -> None:
    article = seed.read(
        "Kiln fire injures nine\n\nNine workers were injured when a kiln exploded at the brickworks on Wednesday.\n\n"
        "Sources used:\n- Augusta Transcontinental (print)\n- Evening Post (Malaysia)\n"
    )
    assert [cited.outlet for cited in article.cited] == ["Augusta Transcontinental", "Evening Post (Malaysia)"]


@pytest.mark.parametrize("heading", ["المصادر", "Kaynaklar", "מקורות", "参考資料", "Bronnen"])
def test_a_list_of_sources_is_known_by_its_heading(heading: str) -> None:
    body = "A dam broke above the town on Monday evening, and its people were led to the hills. " * 3
    article = seed.read(
        f"Dam breaks\n\n3 March 2026\n\n{body}\n\n{heading}:\n- Hill Gazette: “Dam gives way”\n".encode()
    )
    assert [citation.outlet for citation in article.cited] == ["Hill Gazette"]
