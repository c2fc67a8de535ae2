"""Article pages."""

import statistics
from datetime import UTC, datetime

import pytest

from bench import pages as bench
from monitor.core import revisions
from monitor.core.documents import pages
from tests.data_at import shared

AT = datetime(2025, 11, 6, tzinfo=UTC)
URL = "https://news.example.org/bridge"
TEXT = "".join(
    f"<p>The bridge near Altdorf was closed on day {day} after inspectors found cracks in its northern pier, and the "
    f"canton sent a team of builders to look at them before the winter.</p>"
    for day in range(1, 8)
)


def page(body: str = TEXT, head: str = "", title: str = "Bridge closed | Valley News") -> bytes:
    return f"<html><head><title>{title}</title>{head}</head><body><article>{body}</article></body></html>".encode()


def read(body: bytes, content_type: str = "text/html; charset=utf-8") -> pages.Page:
    return pages.extract(body, URL, content_type, AT)


def test_reads_title_text_and_date() -> None:
    head = (
        '<meta property="og:title" content="Bridge closed | Valley News"><meta property="og:site_name" '
        'content="Valley News"><meta property="article:published_time" content="2025-11-04T10:00:00+01:00">'
    )
    found = read(page(head=head))
    assert (found.state, found.title) == ("ok", "Bridge closed")
    assert found.published_at == datetime(2025, 11, 4, 9, tzinfo=UTC)
    assert "cracks in its northern pier" in found.text


def test_json_ld_wins_and_an_absurd_date_is_none() -> None:
    stated = '{"@graph":[{"headline":"Pier cracked","datePublished":"2031-01-01"}]}'
    head = f'<script type="application/ld+json">{stated}</script>'
    found = read(page(head=head))
    assert (found.title, found.published_at) == ("Pier cracked", None)


def test_a_year_in_the_small_print_is_no_day() -> None:
    assert read(page(body=f"{TEXT}<footer>Copyright 2014 Valley News</footer>")).published_at is None


def test_a_notice_outside_the_body_is_kept() -> None:
    note = "Correction: An earlier version of this article misspelled the inspector's name."
    body = page().replace(b"</article>", f"</article><footer><div><em>{note}</em></div></footer>".encode())
    found = read(body)
    assert found.text.endswith(note)


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (b"", "empty"),
        (b"   ", "empty"),
        (page("<p>Page not found</p>", title="404 not found"), "empty"),
        (page("<p>Just a few words.</p>"), "empty"),
        (page("<p>Checking your browser before you enter.</p>", title="Just a moment..."), "challenge"),
        (page('<p>Please wait.</p><div class="g-recaptcha"></div>'), "challenge"),
        (page("<p>We value your privacy. We and our 812 partners store cookies.</p>"), "consent"),
        (page("<p>The bridge near Altdorf was closed. Subscribe to continue reading today.</p>"), "paywall"),
        (page("<p>The bridge was closed.</p>", '<script type="application/ld+json">{"@type":"NewsArticle",'
              '"headline":"Bridge","isAccessibleForFree":false}</script>'), "paywall"),
        (b"%PDF-1.7 ...", "failed"),
        (b"\x00\xff\xfe" * 200, "empty"),
    ],
)  # fmt: skip
def test_what_is_no_article_is_a_state(body: bytes, state: str) -> None:
    assert read(body).state in (state, "failed") if body[:1] == b"\x00" else read(body).state == state


def test_an_article_that_speaks_of_captchas_is_an_article() -> None:
    more = "<p>Readers had to verify you are human, a step the paper calls a security check, it said.</p>"
    assert read(page(TEXT + more)).state == "ok"


def test_other_types_and_sizes_are_refused() -> None:
    assert read(page(), "image/png").error == "parse"
    assert read(b"a" * (pages.BODY_BYTES_MAX + 1)).error == "too_large"


def test_charsets() -> None:
    body = page(TEXT.replace("Altdorf", "Zürich")).decode().encode("windows-1252")
    assert "Zürich" in read(body, "text/html; charset=windows-1252").text


def test_a_page_names_its_charset_where_no_header_does() -> None:
    body = page(TEXT.replace("Altdorf", "Włocławek"), head='<meta charset="iso-8859-2">').decode().encode("iso-8859-2")
    assert "near Włocławek was closed" in read(body, "text/html").text


def test_a_broken_script_still_states_the_headline() -> None:
    head = '<script type="application/ld+json">{"headline": "Pier cracked", "author": {"name": }}</script>'
    assert read(page(head=head)).title == "Pier cracked"


PAGE = """<!DOCTYPE html><html><head><title>Dam workers sent | Valley News</title>
<meta property="og:title" content="Dam workers sent"></head><body><header><nav><ul><li>Home</li></ul></nav></header>
<main><article><h1>Dam workers sent</h1><time>Updated 3 hours ago</time>{body}</article><aside><h3>Most read</h3>{side}
</aside><div>14 comments</div></main><footer>{foot}</footer></body></html>"""
BODY = (
    "<p>The governor said on Tuesday that about 1,000 workers had been sent to the dam near Altdorf, where they live "
    "in barracks behind a fence.</p><p>Twelve of them came home in May, Karla Brandt, a spokeswoman, told reporters. "
    "The dam was built in 1962 by convicts and was repaired twice.</p><p>Nobody lives near it. Guards keep the road "
    "closed, and trains stop only at night, according to people in the next village.</p>"
)


@pytest.mark.parametrize(
    ("new", "verdict"),
    [
        (PAGE.format(body=BODY, side="<a>50 dead in flood</a>", foot="").replace("3 hours", "5 hours"), "none"),
        (PAGE.format(body=BODY, side="", foot="").replace("14 comments", "27 comments"), "none"),
        (PAGE.format(body=BODY.replace("Twelve", "12"), side="", foot=""), "touch"),
        (PAGE.format(body=BODY.replace("about 1,000", "about 800"), side="", foot=""), "revision"),
        (PAGE.format(body=BODY, side="", foot="<p>Correction: the dam was built in 1963.</p>"), "correction"),
        (PAGE.format(body=BODY, side="", foot="").replace("workers sent", "workers not sent"), "revision"),
    ],
)
def test_two_versions_as_html_files(new: str, verdict: str) -> None:
    before, after, _ = pages.versions(PAGE.format(body=BODY, side="", foot="").encode(), new.encode(), AT)
    assert before[0] == "Dam workers sent"
    assert revisions.compare(before[1], after[1], AT, old_title=before[0], new_title=after[0]).verdict == verdict


def test_short_or_plain_files_are_read_as_they_stand() -> None:
    before, after, _ = pages.versions(b"<html><body><p>Dam shut</p></body></html>", b"<html><p>Dam open</p></html>", AT)
    assert (before, after) == (("", "Dam shut"), ("", "Dam open"))
    assert pages.versions(b"Dam shut\n\nIt is shut.", b"Dam open", AT)[0] == ("Dam shut", "It is shut.")


def test_recorded_pages_agree() -> None:
    shared("data/pages/newspaper.tar.xz")
    scores = []
    for _name, body, expected in list(bench.recorded())[:25]:
        if len(expected) >= bench.EXPECTED_CHARS_MIN:
            found = pages.extract(body, URL, "text/html", datetime(2026, 1, 1, tzinfo=UTC))
            scores.append(bench.token_f1(found.text, expected))
    assert statistics.median(scores) >= 0.9


STRUCK = [
    "<del>nine</del> six", "<s class='x'><b>nine</b></s> six", "<strike>nine</strike> six", "<DEL>nine</DEL> six",
    "<span style='text-decoration: line-through'>nine</span> six",
]  # fmt: skip


@pytest.mark.parametrize("struck", STRUCK)
def test_what_is_struck_out_no_longer_stands(struck: str) -> None:
    assert "It took six days to find." in read(page(f"{TEXT}<p>It took {struck} days to find.</p>")).text


def test_an_unclosed_strike_hides_nothing() -> None:
    assert "The bridge near Altdorf was closed on day 1" in read(page(f"<del>{TEXT}")).text


@pytest.mark.parametrize(
    "stated",
    [
        '{"@type": "CorrectionComment", "text": "It took six days."}',
        '"It took six days."',
        '[{"@type": "CorrectionComment", "text": "It took six days.", "datePublished": "2025-11-05"}]',
    ],
)
def test_a_correction_stated_for_machines_is_a_notice(stated: str) -> None:
    head = f'<script type="application/ld+json">{{"headline": "Bridge closed", "correction": {stated}}}</script>'
    found = read(page(head=head))
    assert "Correction: It took six days." in found.text
    assert found.text.endswith("Correction: It took six days.")
