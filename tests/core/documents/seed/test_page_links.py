"""Cited is what the article's own text links to: no menu, no box, no advertisement, no page of its own site."""

from __future__ import annotations

import pytest

from monitor.core.documents import seed

AT = "https://www.harborpost.example/2026/06/03/ferry-crews-walk-out"
LEAD = (
    "<p>Crews walked out at Port Alder on Monday, halting all crossings to Melkoria and leaving lorries along the "
    'coast road, <a href="https://northernledger.example/2026/06/02/ferry-crews-walk-out">the Northern Ledger '
    "reported</a>"
    ".</p><p>The union said its members had been without a contract since spring, and that talks would go on.</p>"
)


def cited(body: str, head: str = f"<link rel='canonical' href='{AT}'>") -> list[str]:
    page = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
    return [citation.outlet for citation in seed.read(page, content_type="text/html").cited]


def test_a_link_in_the_text_is_cited_under_the_name_that_the_text_gives_it() -> None:
    assert cited(f"<article><h1>Ferry crews walk out</h1>{LEAD}</article>") == ["Northern Ledger"]


@pytest.mark.parametrize(
    "said",
    [
        "<p>The leak was <a href='https://hillherald.example/2026/06/leak'>first reported by the Hill Herald</a>.</p>",
        "<p>The tank had leaked for years, <a href='https://hillherald.example/leak'>the Hill Herald reported</a>.</p>",
        "<p><a href='https://hillherald.example/2026/06/leak'>힐헤럴드</a>에 따르면 배는 점검을 받고 있다.</p>",
    ],
)
def test_few_words_that_say_who_told_it_cite_them(said: str) -> None:
    assert len(cited(f"<article>{LEAD}{said}</article>")) == 2


AD = '<a href="https://cards.example/2026/06/best-cards-of-the-year">The best cards of the year compared</a>'
BOXES = [
    "<aside>{}</aside>", "<nav><ul><li>{}</li></ul></nav>", "<footer><p>{}</p></footer>",
    "<div class='sponsored'>{}</div>",
    "<div class='related-stories'><ul><li>{}</li></ul></div>", "<div id='taboola-below'>{}</div>",
    "<ul class='most-read'><li>{}</li></ul>", "<section class='promo'>{}</section>",
    "<div class='ad-slot'><p>{}</p></div>",
    "<p>{}</p>", "<ul><li>{}</li></ul>", "<h3>{}</h3>", "<div class='partner-links'>From our partners {}</div>",
    "<p>Advertisement: {}</p>", "<div class='anzeige'>{}</div>", "<table><tr><td>{}</td></tr></table>",
]  # fmt: skip


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("inside", [True, False])
def test_boxes_and_advertisements_cite_nothing(box: str, inside: bool) -> None:
    """Inside the article's element or beside it, in whatever they are wrapped."""
    extra = box.format(AD)
    body = f"<article>{LEAD}{extra if inside else ''}</article>{'' if inside else extra}"
    assert cited(body) == ["Northern Ledger"]


def test_a_sponsored_link_in_the_text_is_none() -> None:
    said = f"<p>Readers who travel may look at what {AD.replace('<a ', '<a rel=sponsored ')} say of that.</p>"
    assert cited(f"<article>{LEAD}{said}</article>") == ["Northern Ledger"]


def test_shops_are_no_sources() -> None:
    said = (
        "<p>The crews wear <a href='https://shoes.example/product/4711/harbour-boots-for-men'>boots of a firm</a>, "
        "which the company has bought for them since the spring of last year.</p>"
    )
    assert cited(f"<article>{LEAD}{said}</article>") == ["Northern Ledger"]


def test_own_pages_are_none_also_of_a_page_that_does_not_say_where_it_stood() -> None:
    own = "https://www.harborpost.example"
    menu = "".join(
        f"<li><a href='{own}/{part}'>{part}</a></li>" for part in ("world", "sport", "ports", "jobs", "weather")
    )
    own_link = f"<p>As we wrote in May, <a href='{own}/2026/05/02/ferry-talks-break-down'>talks</a> broke down.</p>"
    body = f"<ul>{menu}</ul><article>{LEAD}{own_link}</article>"
    assert cited(body, head="") == ["Northern Ledger"]
    assert cited(body) == ["Northern Ledger"]


def test_outlets_that_the_text_names_are_cited_in_the_catalogue_or_not() -> None:
    said = "<p>The Alder Gazette reported on Sunday that the company told Reuters it would not raise its offer.</p>"
    assert cited(f"<article>{LEAD}{said}</article>") == ["Northern Ledger", "Alder Gazette", "Reuters"]


def test_an_outlet_does_not_cite_itself() -> None:
    head = f"<link rel='canonical' href='{AT}'><meta property='og:site_name' content='Harbor Post'>"
    said = "<p>The union's leader told the Harbor Post on Sunday that her members had waited for long enough.</p>"
    assert cited(f"<article>{LEAD}{said}</article>", head) == ["Northern Ledger"]


def test_a_list_of_something_else_is_no_list_of_sources() -> None:
    listed = "<h3>Sources</h3><ul><li>search term</li><li>location</li></ul>"
    assert cited(f"<article>{LEAD}{listed}</article>") == ["Northern Ledger"]


NAMED = "<a href='https://www.{0}.example/'>{1}</a>"


@pytest.mark.parametrize(
    ("before", "name", "behind"),
    [
        ("The wall had been repaired, according to the", "Port Mail", "."),
        ("", "Quay Light", "first reported the leak."),
        ("Según", "El Faro del Norte", ", el ayuntamiento lo sabía."),
        ("Dem", "Revierboten", "zufolge war das bekannt."),
        ("D'après", "La Voix des vallées", ", tout était connu."), ("Lo ha detto il sindaco a", "Scena Viva", "."),
        ("Moradores contaram ao", "Vale em Foco", "que ouviram estalos."), ("Dat meldt", "De Polder", "."),
        ("Dilansir dari", "Suara Lembah", ", jembatan itu tua."),
        ("Jak podaje", "Głos Doliny", ", było tam sześć osób."),
        ("", "Vadi Sesi", "haberine göre ocak eskiydi."), ("Об этом пишет", "«Вестник реки»", "."),
    ],
)  # fmt: skip
def test_who_is_said_to_have_told_it_is_cited_by_name_wherever_the_link_leads(
    before: str, name: str, behind: str
) -> None:
    said = f"<p>{before} {NAMED.format('outlet', name)} {behind}</p>"
    assert cited(f"<article>{LEAD}{said}</article>")[1:] == [name.strip("«»")]


def test_two_who_were_told_are_both_cited() -> None:
    told = (
        f"<p>They told {NAMED.format('one', 'Harbour Talk')} and {NAMED.format('two', 'the Quay')} what they saw.</p>"
    )
    assert cited(f"<article>{LEAD}{told}</article>")[1:] == ["Harbour Talk", "the Quay"]


@pytest.mark.parametrize(
    "said",
    [
        "The wall was built by {} in the spring.",
        "{}, which owns the ferry, said that all were safe.",
        "Die Werft gehört zu {}.",
    ],
)
def test_a_firm_s_own_page_is_no_source(said: str) -> None:
    assert cited(f"<article>{LEAD}<p>{said.format(NAMED.format('norvik', 'Norvik'))}</p></article>") == [
        "Northern Ledger"
    ]


def test_what_a_report_says_is_cited_where_what_a_firm_says_is_not() -> None:
    report = "<p>The crane had leaned for a week, <a href='https://tramtalk.example/crane'>Tram Talk</a> said.</p>"
    assert cited(f"<article>{LEAD}{report}</article>") == ["Northern Ledger", "Tram Talk"]
    assert cited(f"<article>{LEAD}{report.replace('/crane', '/')}</article>") == ["Northern Ledger"]


def test_references_in_paragraphs_under_a_heading_are_the_list_of_sources() -> None:
    said = "<h3>Sources</h3>" + "".join(
        f'<p>[{n}] "Babies swapped at Weald", {name}, 5 November 2026, <a href="https://{name[:4]}.example/b">link</a></p>'
        for n, name in ((1, "Downs Gazette"), (2, "Radio Weald"))
    )
    page = f"<!doctype html><html><body><article><h1>Babies swapped</h1>{LEAD}{said}</article></body></html>"
    found = seed.read(page, content_type="text/html").cited
    assert [(one.outlet, one.title, one.url) for one in found] == [
        ("Downs Gazette", "Babies swapped at Weald", "https://down.example/b"),
        ("Radio Weald", "Babies swapped at Weald", "https://radi.example/b"),
    ]


@pytest.mark.parametrize(
    "line",
    ["<a href='/n/9'>Neue Fähre für den Hafen</a>", "Lee también: <a href='/n/9'>Neue Fähre im Hafen</a>",
     "<strong>À lire aussi :</strong> <a href='/n/9'>Neue Fähre für den Hafen</a>", "Baca juga: Neue Fähre"],
)  # fmt: skip
def test_what_leads_on_to_other_articles_is_no_text(line: str) -> None:
    page = f"<!doctype html><html><body><article><h1>Ferry crews walk out</h1>{LEAD}<p>{line}</p></article></body>"
    assert "Neue" not in seed.read(page, content_type="text/html").text
