"""Addresses: what is fetched, what tells two pages apart, and what people are shown."""

from __future__ import annotations

import time

import ada_url
import publicsuffixlist
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor import data
from monitor.core import urls

FETCHABLE = [
    ("HTTP://Example.ORG:80/a/../b?x=1#part", "", "http://example.org/b?x=1"),
    ("/b", "https://example.org/a/", "https://example.org/b"),
    ("//cdn.example.org/x", "https://example.org", "https://cdn.example.org/x"),
    ("  https://example.org/\n", "", "https://example.org/"),
    ("http://0177.0.0.02/", "", "http://127.0.0.2/"),
    ("http://0x7f000001/", "", "http://127.0.0.1/"),
    ("http://①②⑦.0.0.1/", "", "http://127.0.0.1/"),
    ("http://bücher.example/ä", "", "http://xn--bcher-kva.example/%C3%A4"),
    ("relative", "", ""),
    ("javascript:alert(1)", "https://example.org", ""),
    ("data:text/html,x", "https://example.org", ""),
    ("file:///etc/passwd", "", ""),
    ("ftp://example.org/x", "", ""),
    ("http://", "", ""),
    ("http://exa mple.org/", "", ""),
    ("", "https://example.org/", ""),
    ("https://example.org/" + "a" * 9000, "", ""),
    ("https://example.org/\ud800", "", ""),
]


@pytest.mark.parametrize(("url", "base", "expected"), FETCHABLE)
def test_fetchable(url: str, base: str, expected: str) -> None:
    assert urls.fetchable(url, base) == expected


SAME = [
    "https://www.example.org/news/a-story",
    "http://example.org/news/a-story/",
    "https://EXAMPLE.org:443/news/a-story?utm_source=feed&utm_medium=rss#top",
    "https://m.example.org/news/a-story?fbclid=abc",
    "https://amp.example.org/news/a-story/amp/",
    "https://www.amp.example.org/news/a-story.amp",
    "https://example.org./news/a-story?at_medium=RSS&amp;at_campaign=x",
    "//example.org/news/a-story?ns_mchannel=rss&cmp=x&traffic_source=rss",
    "example.org/news/a-story",
    "https://example.org/news/a-story;jsessionid=0A1B",
]


def test_one_page_under_many_addresses() -> None:
    assert {urls.canonical(url) for url in SAME} == {"example.org/news/a-story"}
    assert urls.canonical("https://x.org/?b=2&a=1") == urls.canonical("http://x.org?a=1&b=2")
    assert urls.canonical("https://x.org/caf%C3%A9") == urls.canonical("https://x.org/cafe\u0301")
    assert urls.canonical("https://x.org/?q=caf%C3%A9+au") == urls.canonical("https://x.org/?q=cafe%CC%81%20au")


DIFFERENT = [
    ("https://x.org/a", "https://x.org/b"),
    ("https://x.org/?id=1", "https://x.org/?id=2"),
    ("https://x.org/a%2Fb", "https://x.org/a/b"),
    ("https://x.org:8080/", "https://x.org/"),
    # The same letters cut from two Korean words in EUC-KR: no UTF-8, yet two pages.
    ("https://x.kr/%C7%D1", "https://x.kr/%B1%B9"),
    ("https://x.kr/?t=%C7%D1", "https://x.kr/?t=%B1%B9"),
    ("https://x.org/?q=a%26b", "https://x.org/?q=a&b"),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_pages_stay_two(one: str, other: str) -> None:
    assert urls.canonical(one) != urls.canonical(other)


@pytest.mark.parametrize("name", ["12345", "1.5", "tag:x.org,2005:1", "urn:uuid:9", "a guid", "mailto:a@b.org", ""])
def test_what_is_no_address_is_its_own_identity(name: str) -> None:
    assert urls.canonical(name) == name


PIECES = ["https:", "http:", "//", "/", "www.", "m.", "amp.", "x.org", ".", ":80", ":8080", "amp", ".amp", ".html",
          "index.html", "?", "&", "=", "%", "%2F", "%e9", "%C3%A9", "é", "e\u0301", "+", " ", "#", "@", ";", "utm_a=1",
          "ref=1", "[::1]", "1", "\ud800", "\x00", "\\"]  # fmt: skip


@settings(max_examples=800, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join) | st.text(max_size=40))
@example("https://m.www.x.org/amp/amp/index.html/a.amp.amp.html")
@example("https://x.org/%zz%41%2541")
def test_canonical_never_raises_and_is_idempotent(url: str) -> None:
    once = urls.canonical(url)
    assert urls.canonical(once) == once
    fetched = urls.fetchable(url)
    assert urls.fetchable(fetched) == fetched


PARTS = [
    "a", "b.c", "example", "com", "www.", "xn--", "xn--bcher-kva", ".", "..", "/", "//", "?", "#", "@", ":", "80",
    "443", "%20", "-", "_", "~", "'", '"', "é", "I", "[", "]", "\\", "|", "^", "{", "<", " ", "127.0.0.1", "0x7f",
    "%2e", "https://", "http://", "HTTP://", "=", "&", ";", "+", "*", "(", "$", "!", ",", "example.com/",
]  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=9).map(lambda parts: "https://" + "".join(parts)))
@settings(max_examples=600)
def test_an_address_that_is_not_read_is_as_browsers_would_write_it(url: str) -> None:
    if urls._is_settled(url):
        assert str(ada_url.URL(url).href) == url


def test_most_addresses_are_not_read() -> None:
    assert urls._is_settled("https://example.org/2026/11/a-story.html?p=12&q=a,b")
    for other in ("https://example.org", "https://example.org/a/../b", "https://1.2.3/", "https://xn--a.example/"):
        assert not urls._is_settled(other)


def test_hosts_and_domains() -> None:
    assert urls.host("https://User@News.BBC.co.uk:8443/x") == "news.bbc.co.uk"
    assert urls.host("nonsense") == ""
    assert urls.origin("https://X.org:443/a") == "https://x.org"
    assert urls.origin("mailto:a@b.org") == urls.origin("nonsense") == ""
    assert urls.registrable("https://news.bbc.co.uk/x") == urls.registrable("BBC.co.uk.") == "bbc.co.uk"
    assert urls.registrable("https://me.github.io/") == "me.github.io"
    assert urls.registrable("127.0.0.1") == urls.registrable("http://127.0.0.1:80/") == "127.0.0.1"
    assert urls.registrable("https://[::1]/") == "[::1]"


def test_the_rules_of_one_top_level_domain_say_what_the_whole_list_says() -> None:
    whole = publicsuffixlist.PublicSuffixList()
    rules = [line for line in data.public_suffixes() if line and not line.startswith("//")]
    assert all(rule == rule.strip().lower() and " " not in rule for rule in rules)
    tops = ("ck", "jp", "uk", "xn--p1ai", "xn--fiqs8s", "no", "cloud", "example")
    names = [rule.lstrip("!*.").encode("idna").decode() for rule in rules if rule.rpartition(".")[2] in (*tops, "рф")]
    for name in (*names, "рф".encode("idna").decode(), "公司.cn".encode("idna").decode()):
        for host in (name, f"a.{name}", f"b.a.{name}"):
            assert urls.registrable(host) == (whole.privatesuffix(host) or host)


def test_look_alike_hosts_are_shown_as_they_are() -> None:
    assert urls.display("https://www.аpple.com/") == "xn--pple-43d.com"
    assert urls.display("https://www.example.org/x") == "example.org"


@pytest.mark.parametrize("path", ["/" * 8000, "/amp" * 2000, ".amp" * 2000, ";jsessionid=" * 600, "?" + "&" * 8000])
def test_hostile_addresses_take_little_time(path: str) -> None:
    began = time.process_time()
    urls.canonical("https://x.org" + path + "x")
    urls.canonical("https://x.org" + path)
    assert time.process_time() - began < 1


def test_the_url_that_people_would_call_canonical() -> None:
    assert urls.untracked("https://Example.org:443/a/../b?utm_source=x&id=2#frag") == "https://example.org/b?id=2"
    assert urls.untracked("https://example.org/?fbclid=1") == "https://example.org/"
    assert urls.untracked("tag:example.org,2026:1") == "tag:example.org,2026:1"
