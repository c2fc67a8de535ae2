"""Lists of feeds of many readers: nothing lost, nothing changed, nothing secret kept, the rest named."""

from __future__ import annotations

import pytest

from monitor.core.documents import opml
from monitor.errors import FeedError

HEAD = '<?xml version="1.0" encoding="UTF-8"?><opml version="2.0"><head><title>x</title></head><body>'


def read(body: str) -> opml.Outlines:
    return opml.read(f"{HEAD}{body}</body></opml>".encode(), "list.opml")


ADDRESSES = [
    ("xmlUrl='https://post.example/rss'", "https://post.example/rss"),
    ("xmlurl=' https://post.example/rss\n'", "https://post.example/rss"),
    ("XMLURL='https://post.example/rss'", "https://post.example/rss"),
    ("type='rss' url='https://post.example/rss'", "https://post.example/rss"),
    ("type='atom' feedUrl='https://post.example/rss'", "https://post.example/rss"),
    ("type='link' xmlUrl='https://post.example/rss'", "https://post.example/rss"),
    ("xmlUrl='feed://post.example/rss'", "http://post.example/rss"),
    ("xmlUrl='feed:https://post.example/rss'", "https://post.example/rss"),
    ("xmlUrl='feeds://post.example/rss'", "https://post.example/rss"),
    ("xmlUrl='FEED://post.example/rss'", "http://post.example/rss"),
    ("xmlUrl='https://post.example/rss?a=1&b=2&lang=de'", "https://post.example/rss?a=1&b=2&lang=de"),
    ("xmlUrl='https://post.example/rss?a=1&amp;b=2'", "https://post.example/rss?a=1&b=2"),
    ("xmlUrl='https://post.example/rss?a=1&#38;b=2'", "https://post.example/rss?a=1&b=2"),
    ("xmlUrl='https://post.example/rss?a=1&'", "https://post.example/rss?a=1&"),
]


@pytest.mark.parametrize(("attributes", "url"), ADDRESSES)
def test_every_reader_s_address_is_read_as_it_means_it(attributes: str, url: str) -> None:
    """Alone, in folders, and beside a bare ampersand elsewhere."""
    outline = f"<outline text='Post' {attributes}/>"
    assert [feed.url for feed in read(outline).feeds] == [url]
    nested = f"<outline text='a & b'><outline text='c'>{outline}</outline></outline>"
    assert read(nested) == opml.Outlines((opml.Listed("Post", url),))


LEFT_OUT = [
    ("text='Script' xmlUrl='exec:./mine.sh'", "exec"),
    ("text='Query' xmlUrl='query:Unread:unread = \"yes\"'", ""),
    ("text='Empty' type='rss' xmlUrl=''", "no address"),
    ("text='Note'", "no address"),
    ("text='More' type='include' url='https://post.example/more.opml'", "another document"),
    ("text='Mine' xmlUrl='https://ilsa:geheim@post.example/rss'", "username and password"),
    ("text='Mine' xmlUrl='feed://ilsa:geheim@post.example/rss'", "username and password"),
    ("text='Token' xmlUrl='https://geheim@post.example/rss'", "username and password"),
    ("text='Local' xmlUrl='file:///etc/passwd'", "file"),
]


@pytest.mark.parametrize(("attributes", "reason"), LEFT_OUT)
def test_what_is_left_out_is_named_with_its_reason(attributes: str, reason: str) -> None:
    """And never with a password."""
    attributes = attributes.replace('"', "&quot;")
    found = read(f"<outline {attributes}/><outline text='Post' xmlUrl='https://post.example/rss'/>")
    assert [feed.name for feed in found.feeds] == ["Post"]
    ((name, why),) = found.left_out
    assert name in attributes
    assert reason in why
    assert "geheim" not in str(found)


def test_names_are_plain_whatever_was_escaped_how_often() -> None:
    """Entities of HTML, escaped once, twice or not at all."""
    for name in ("Ledger &amp;amp; Post&amp;#8217;s", "Ledger &amp; Post&#8217;s", "Ledger & Post&rsquo;s"):
        assert read(f"<outline text='{name}' xmlUrl='https://post.example/'/>").feeds[0].name == "Ledger & Post’s"


def test_a_homepage_with_a_password_is_not_kept() -> None:
    found = read("<outline text='a' xmlUrl='https://post.example/' htmlUrl='https://a:geheim@post.example/'/>")
    assert found.feeds == (opml.Listed("a", "https://post.example/"),)


def test_a_feed_that_stands_there_twice_is_said_to() -> None:
    found = read("<outline text='a' xmlUrl='https://post.example/'/>" * 2)
    assert (len(found.feeds), [why for _, why in found.left_out]) == (1, ["it stands in the list twice"])


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html/>", b"no xml", b"<opml><body>" + b"x" * opml.BYTES_MAX,
        b"<!DOCTYPE opml [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><opml><body><outline xmlUrl='&b;'/></body></opml>",
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused(body: bytes) -> None:
    with pytest.raises(FeedError):
        opml.read(body, "list.opml")


def test_damage_is_told() -> None:
    """What stands before it is read, and nobody believes the list to be whole."""
    found = opml.read(f"{HEAD}<outline text='a' xmlUrl='https://post.example/'/><outline".encode(), "x")
    assert len(found.feeds) == 1
    assert "damaged" in found.left_out[-1][1]


def test_a_deep_list_is_read_or_said_to_be_damaged() -> None:
    body = "<outline text='f'>" * 5000 + "<outline xmlUrl='https://post.example/'/>" + "</outline>" * 5000
    found = read(body)
    assert found.feeds or any("damaged" in why for _, why in found.left_out)
