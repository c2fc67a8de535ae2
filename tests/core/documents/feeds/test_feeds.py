"""Any bytes to a feed or a class of failure: sniffing, encodings, identity of entries, limits."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.documents import feeds
from monitor.core.documents.feeds import sniff
from monitor.model import Feed
from tests.data_at import members, shared

NOW = datetime(2026, 11, 24, tzinfo=UTC)
URL = "https://served.example/feeds/x"


def parse(body: bytes | str, content_type: str = "") -> Feed:
    raw = body.encode() if isinstance(body, str) else body
    return feeds.parse(raw, now=NOW, url=URL, content_type=content_type)


def rss(items: str, head: str = "") -> str:
    return f"<rss version='2.0'><channel><title>t</title>{head}{items}</channel></rss>"


ONE = rss("<item><guid>1</guid><title>one</title></item>")
KINDS = [
    (b"", "not_a_feed"),
    (b" \r\n\t", "not_a_feed"),
    (b"\0\0\0\0", "not_a_feed"),
    (b"plain words", "not_a_feed"),
    (b"/etc/passwd", "not_a_feed"),
    (b"file:///etc/passwd", "not_a_feed"),
    (b"https://example.org/feed", "not_a_feed"),
    (b"<!doctype html><title>502 Bad Gateway</title>", "not_a_feed"),
    (b"<html><body>An <rss> tag does not make a feed</body></html>", "not_a_feed"),
    (b"<!DOCTYPE html><html><title>Just a moment...</title></html>", "challenge"),
    (b"<html><div class='g-recaptcha captcha'></div></html>", "challenge"),
    (b"<html><form><input name=p type='password'></form></html>", "challenge"),
    (b"<html>Access denied: unusual traffic</html>", "challenge"),
    (b"<urlset><url><loc>x</loc></url></urlset>", "not_a_feed"),
    (b"<opml version='2.0'><body><outline xmlUrl='x'/></body></opml>", "not_a_feed"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'><title>t</title></svg>", "not_a_feed"),
    (b'{"items": []}', "not_a_feed"),
    (b"[1, 2]", "not_a_feed"),
    (b'{"version": "https://jsonfeed.org/version/1.1"}', "not_a_feed"),
    (b'{"version": ', "parse"),
    (b"[" * 100_000, "parse"),
    (b"<rss", "parse"),
    (b"\x1f\x8b\x08\x00\x00\x00", "not_a_feed"),
    (b"%PDF-1.7", "not_a_feed"),
]


@pytest.mark.parametrize(("body", "error"), KINDS)
def test_what_is_no_feed_says_why(body: bytes, error: str) -> None:
    feed = parse(body, "application/rss+xml")
    assert (feed.error, feed.entries) == (error, ())
    assert feed.detail


@pytest.mark.parametrize("content_type", ["text/html", "text/plain", "application/json", "image/png", "", "\ud800; =;"])
def test_a_feed_is_one_whatever_its_type_says(content_type: str) -> None:
    assert [entry.id for entry in parse(ONE, content_type).entries] == ["1"]


PROLOGS = ["\ufeff", "\n\n  ", "<!-- a > comment -->", "<?xml version='1.0'>", "<?xml-stylesheet href='a>b'?>",
           "<!DOCTYPE rss PUBLIC '-//Netscape//DTD RSS 0.91//EN' 'http://my.netscape.example/rss-0.91.dtd'>",
           "<!DOCTYPE rss [<!ENTITY nbsp '&#160;'>]>", "Notice: line 3\n", "\0"]  # fmt: skip


@pytest.mark.parametrize("prolog", PROLOGS)
def test_what_stands_before_the_root_does_not_matter(prolog: str) -> None:
    assert [entry.title for entry in parse(prolog + ONE).entries] == ["one"]


def test_a_valid_feed_may_be_empty() -> None:
    assert parse(rss("")).error is None
    assert parse('<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title></feed>').error is None


TITLE = "Grüße — 한국 «да»"
ENCODINGS = [
    (TITLE, "utf-8", "", ""),
    (TITLE, "utf-8-sig", "", "iso-8859-1"),
    (TITLE, "utf-16", "text/xml; charset=utf-8", "utf-8"),
    (TITLE, "utf-16-le", "", "utf-16"),
    (TITLE, "utf-32", "", ""),
    (TITLE, "utf-8", "text/xml; charset=iso-8859-1", "utf-8"),
    (TITLE, "utf-8", "text/xml; charset=no-such", "utf-7"),
    (TITLE, "utf-8", "", "zlib"),
    ("Grüße “quoted”", "cp1252", "", "iso-8859-1"),
    ("Grüße “quoted”", "cp1252", "", ""),
    ("Grüße", "cp1252", "", "utf-8"),
    ("Новости дня", "cp1251", "text/xml; charset=windows-1251", "utf-8"),
    ("Новости дня", "cp1251", "text/xml; charset=iso-8859-1", "windows-1251"),
    ("Grüße", "cp1252", "text/xml; charset=iso-8859-1", "utf-8"),
    ("Плотина Тессвале: водохранилище осушено, сообщила полиция", "cp1251", "text/xml; charset=utf-8", "utf-8"),
    ("Плотина Тессвале: водохранилище осушено, сообщила полиция", "koi8-r", "text/xml; charset=iso-8859-1", ""),
    ("Η αστυνομία ανακοίνωσε ότι τρεις εργάτες τραυματίστηκαν", "cp1253", "", "iso-8859-1"),
    ("Grüße aus Österreich, São Paulo und Besançon", "cp1252", "", "utf-8"),
    ("Новости дня", "koi8-r", "", "KOI8-R"),
    ("한국 똠방", "cp949", "", "euc-kr"),
    ("中國鎮", "gb18030", "", "gb2312"),
    ("新聞", "big5", "application/xml;charset='Big5'", ""),
    ("ニュース①", "cp932", "", "Shift_JIS"),
    ("ニュース", "iso2022_jp", "", "iso-2022-jp"),
    ("İstanbul ğ", "cp1254", "", "iso-8859-9"),
]


@pytest.mark.parametrize(("title", "encoding", "content_type", "declared"), ENCODINGS)
def test_encodings(title: str, encoding: str, content_type: str, declared: str) -> None:
    declaration = f"<?xml version='1.0' encoding='{declared}'?>" if declared else ""
    body = (declaration + rss(f"<item><title>{title}</title></item>")).encode(encoding)
    assert [entry.title for entry in parse(body, content_type).entries] == [title]


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_one_bad_byte_costs_one_letter(encoding: str) -> None:
    declaration = f"<?xml version='1.0' encoding='{encoding}'?>"
    body = (declaration + rss("<item><title>한국 뉴스</title><description>끝 @</description></item>")).encode(encoding)
    entry = parse(body.replace(b"@", b"\xff")).entries[0]
    assert (entry.title, entry.summary) == ("한국 뉴스", "끝 \ufffd")


@pytest.mark.parametrize("label", ["zlib", "utf-7", "hex", "rot13", "idna", "punycode", "unicode_escape", "x" * 40, ""])
def test_only_text_encodings_are_allowed(label: str) -> None:
    assert sniff.codec(label) == ""


def test_a_bare_ampersand_is_itself_and_in_a_cdata_section_too() -> None:
    items = "<item><title>R&D at B&B</title></item><item><title><![CDATA[R&D]]> &mdash; A & &#66;</title></item>"
    assert [entry.title for entry in parse(rss(items)).entries] == ["R&D at B&B", "R&D — A & B"]


def test_dublin_cores_date_is_an_items_date_of_publication() -> None:
    dated = "<item><title>a</title><dc:date xmlns:dc='http://purl.org/dc/elements/1.1/'>2026-02-03T14:05:00-03:00</dc:date></item>"
    (entry,) = parse(rss(dated)).entries
    assert entry.published_at == entry.updated_at == datetime(2026, 2, 3, 17, 5, tzinfo=UTC)


def test_an_id_is_what_the_publisher_wrote() -> None:
    items = "<item><guid>b-1</guid><title>a</title></item><item><guid>/p/2</guid><title>b</title></item>"
    body = rss(items, "<link>https://site.example/news/</link>").encode()
    entries = feeds.parse(body, now=NOW, url="https://one.example/f").entries
    assert entries == feeds.parse(body, now=NOW, url="https://two.example/g").entries
    assert [(entry.id, entry.url) for entry in entries] == [("b-1", ""), ("/p/2", "https://site.example/p/2")]


def test_relative_links_without_a_site_hang_on_the_document() -> None:
    assert parse(rss("<item><link>a/1</link></item>")).entries[0].url == "https://served.example/feeds/a/1"
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{}"><link href="/"/><entry><link href="a"/></entry></feed>'
    )
    assert parse(atom.format("")).entries[0].url == "https://served.example/feeds/a"
    assert parse(atom.format("../base/")).entries[0].url == "https://served.example/base/a"
    assert parse(atom.format("https://other.example/b/")).entries[0].url == "https://other.example/b/a"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://x.org/"])
def test_links_are_web_addresses_or_nothing(link: str) -> None:
    assert parse(rss(f"<item><title>x</title><link>{link}</link></item>")).entries[0].url == ""


def test_fields_are_plain_and_short() -> None:
    body = rss(
        "<item><title>" + "t" * 2000 + "</title><guid>" + "g" * 9000 + "</guid><description>"
        + "&lt;p&gt;word\u202e &lt;/p&gt;" * 60_000 + "</description></item>"
    )  # fmt: skip
    entry = parse(body).entries[0]
    assert (len(entry.title), len(entry.id)) == (1000, 2000)
    assert entry.summary.startswith("word word") and len(entry.summary) <= 20_000
    assert 100_000 < len(entry.text) <= 256 * 1024


@pytest.mark.parametrize(("ttl", "seconds"), [("60", 3600), ("²", None), ("-5", None), ("9" * 20, None), ("0", None)])
def test_a_ttl_is_minutes_or_nothing(ttl: str, seconds: int | None) -> None:
    assert parse(rss("", f"<ttl>{ttl}</ttl>")).ttl_s == seconds


@pytest.mark.parametrize(
    ("head", "hours", "days"),
    [
        ("<skipDays><day>Saturday</day></skipDays>", [], [5]),
        ("<skipHours>\n<hour>24</hour> <hour> 7 </hour><hour>25</hour></skipHours>", [0, 7], []),
        ("<skipHours><hour>0</hour></skipHours><skipDays><day>Sat</day><day>Holiday</day></skipDays>", [0], [5]),
        ("<skipHours/>", [], []), ("<description><![CDATA[<skipHours>]]></description>", [], []),
    ],
)  # fmt: skip
def test_hours_and_days_to_be_skipped_are_hours_of_the_week(head: str, hours: list[int], days: list[int]) -> None:
    asked = tuple(hour for hour in range(168) if hour % 24 in hours or hour // 24 in days)
    assert parse(rss("<item><guid>1</guid><title>One</title></item>", head)).skipped == asked
    assert parse(rss(f"<item><title>One</title><description>{head}</description></item>")).skipped == ()


SHAPES = ["<item><guid>{0}</guid><title>entry</title></item>", "<item><title>{0}</title>", "<item rdf:about='{0}'/>",
          "<ENTRY><id>{0}</id></ENTRY>"]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_entries_beyond_the_limit_are_cut_and_counted(shape: str) -> None:
    began = time.process_time()
    feed = parse(rss("".join(shape.format(number) for number in range(30_000))))
    assert (feed.error, len(feed.entries), feed.entries_cut) == (None, 2000, 28_000)
    assert time.process_time() - began < 4
    assert parse(rss(shape.format(1) * 2000)).entries_cut == 0


@pytest.mark.parametrize("form", ["rss", "rss, oldest first", "json, oldest first", "no dates"])
def test_of_too_many_entries_the_newest_stay(form: str) -> None:
    dated = [(number, f"2026-11-{1 + number // 288:02}T{number // 12 % 24:02}:{number % 12 * 5:02}:00Z")
             for number in range(5000)]  # fmt: skip
    ordered = dated if "oldest" in form else dated[::-1]
    if form.startswith("json"):
        items = [{"id": str(number), "title": "x", "date_published": at} for number, at in ordered]
        feed = parse(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}))
    else:
        date = "" if form == "no dates" else "<dc:date><![CDATA[{}]]></dc:date>"
        feed = parse(rss("".join(f"<item><guid>{n}</guid>{date.format(at)}</item>" for n, at in ordered)))
    kept = [number for number, _ in ordered if number >= 3000]
    assert [int(entry.id) for entry in feed.entries] == kept
    assert (feed.entries_cut, feed.ends_early) == (3000, False)


@pytest.mark.parametrize(
    ("body", "early"),
    [
        (rss(""), False),
        (rss("<item><guid>1</guid></item>"), False),
        (rss("<item><guid>1</guid></item>") + "<!-- served in 3 ms -->", False),
        ("<rss version='2.0'/>", False),
        ("<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id></entry></feed>", False),
        ("<rss version='2.0'><channel><item><guid>1</guid></item>", True),
        ("<rss version='2.0'><channel><item><guid>1</guid></item><item><guid>2", True),
        ("<rss version='2.0'><channel><item><guid>1</guid></item><item><enclosure url='x'/>", True),
        ("<rss version='2.0'><channel><title>t</title><item><guid>1</g", True),
        ("<rss version='2.0'><channel><title>t</title>", True),
        ("<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id></entry><link href='x'/>", True),
    ],
)
def test_a_document_that_stops_before_its_end_says_so(body: str, early: bool) -> None:
    feed = parse(body)
    assert feed.ends_early is early
    assert [entry.id for entry in feed.entries] in ([], ["1"])
    assert bool(feed.problems) is early


def test_bombs_are_refused_before_they_are_read() -> None:
    nested = "<!DOCTYPE r [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;'>]>"
    long = f"<!DOCTYPE r [<!ENTITY a '{'x' * 5000}'>]>"
    assert parse(nested + ONE).error == parse(long + ONE).error == "parse"
    # Writing about bombs is not throwing one.
    told = rss(f"<item><title>one</title><description><![CDATA[<pre>{nested}</pre>]]></description></item>")
    assert parse(told).error is None


HOSTILE = {
    "brackets": "<!DOCTYPE " + "[]" * 20_000,
    "open comments": "<!--" * 20_000,
    "open declarations": "<!ENTITY " * 50_000,
    "open instructions": "<?" * 50_000,
    "inputs": "<html>" + "<input " * 50_000,
    "a long run": rss("<item><title>one</title><description>" + "x" * 3_000_000 + "</description></item>"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_prologs_take_little_time(name: str) -> None:
    began = time.process_time()
    parse(HOSTILE[name])
    assert time.process_time() - began < 3


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.text(max_size=40))
def test_no_bytes_raise(body: bytes, content_type: str) -> None:
    parse(body, content_type)
    for start in (b"<rss version='2.0'><channel><item>", b"<feed xmlns='http://www.w3.org/2005/Atom'><entry>", b"{"):
        json.dumps(feeds.to_dict(parse(start + body, content_type)))


@settings(max_examples=150, deadline=None)
@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["id", "url", "title", "authors", "author", "name", "hubs", "content_html", "date_published"]),
        inner, max_size=6,
    ), max_leaves=20,
))  # fmt: skip
def test_no_json_raises(item: object) -> None:
    document = {"version": "https://jsonfeed.org/version/1.1", "items": [item], "hubs": item, "title": item}
    feed = parse(json.dumps(document))
    assert feed.error is None
    json.dumps(feeds.to_dict(feed))


def test_a_cut_document_never_makes_a_new_entry() -> None:
    """Cut anywhere, a recorded feed yields only entries that the whole feed has, and no fewer than were complete."""
    for archive in ("gesab-bbc", "gesab-rnz", "jtw-wgrznews"):
        _, body = next(iter(members(shared(f"data/recordings/{archive}.tar.xz"))))
        whole = parse(body)
        first = body.index(b"</item>") + 7
        for at in range(first, len(body), max(1, (len(body) - first) // 25)):
            cut = parse(body[:at])
            assert set(cut.entries) <= set(whole.entries), (archive, at)
            assert len(cut.entries) == body[:at].count(b"</item>"), (archive, at)


REFERENCES = [
    ("Storm &#xD83C;&#xDF2A; hits", "Storm 🌪 hits"),
    ("Storm &#55356;&#57130; hits", "Storm 🌪 hits"),
    ("Storm &amp;#xd83c;&amp;#xdf2a; hits", "Storm 🌪 hits"),
    ("<![CDATA[Storm &#xD83C;&#xDF2A; hits]]>", "Storm 🌪 hits"),
    ("Storm &#xD83C; hits", "Storm \ufffd hits"),
    ("Storm &#xDF2A;&#xD83C; hits", "Storm \ufffd\ufffd hits"),
    ("&#x41;&#xD83C;&#xDF2A;&#x42;", "A🌪B"),
    ("Storm &#0; &#31; &#xFFFF; hits", "Storm \ufffd \ufffd \ufffd hits"),
    ("Storm &#1114112; &#x110000; hits", "Storm \ufffd \ufffd hits"),
    (f"Storm &#{'9' * 5000}; hits", "Storm \ufffd hits"),
    ("1 &#60; 2 &#38;amp; &#x20AC;", "1 < 2 & €"),
]


@pytest.mark.parametrize(("title", "expected"), REFERENCES)
def test_a_reference_to_no_character_costs_no_more_than_itself(title: str, expected: str) -> None:
    both = rss(f"<item><guid>1</guid><title>{title}</title></item><item><guid>2</guid><title>two</title></item>")
    for form in (both, both.replace("</channel></rss>", "<unclosed>")):
        found = parse(form)
        assert (found.error, [entry.title for entry in found.entries][:1]) == (None, [expected]), form[-40:]


def test_halves_of_characters_in_bytes_are_joined() -> None:
    found = parse("Storm 🌪 hits".join(ONE.split("one")).encode().replace("🌪".encode(), b"\xed\xa0\xbc\xed\xbc\xaa"))
    assert found.entries[0].title == "Storm 🌪 hits"
    lone = parse(
        '{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[{"id":"1","title":"a \\ud83c b"}]}'
    )
    assert lone.entries[0].title == "a \ufffd b"


def test_an_id_is_not_resolved_against_a_base() -> None:
    atom = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><entry xml:base='/2026/'><id>entry-7</id>"
        "<link href='one'/><title>one</title></entry></feed>"
    )
    assert [(entry.id, entry.url) for entry in parse(atom).entries] == [("entry-7", "https://served.example/2026/one")]


def test_a_link_leaves_without_its_user_name() -> None:
    """Before the "@" stands what its writer wants to be taken for the site."""
    found = parse(rss("<item><guid>1</guid><title>one</title><link>https://bbc.co.uk@evil.example/a</link></item>"))
    assert found.entries[0].url == "https://evil.example/a"
