"""Feeds that leave nothing to interpret, read by expat alone: what feedparser makes of them, in a tenth of its time.

The tables name the elements and attributes of RSS 2.0 and Atom 1.0 whose meaning feedparser does not guess. A document
with any other in it, with one of them twice, or with markup in the place of text is not read here: feedparser reads it.
`tests/core/documents/test_regular.py` holds both equal over every feed of the suites and more.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLParser

from monitor import data

_ATOM = "{http://www.w3.org/2005/Atom}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_MEDIA = "{http://search.yahoo.com/mrss/}"
_ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# A prefix of these means another namespace to feedparser, wherever it is declared for it.
_PREFIXES = {"content": _ENCODED[1:-8], "dc": _DC[1:-1], "media": _MEDIA[1:-1]}
_RSS_1 = "http://purl.org/rss/1.0/"  # where it is declared, the version is another
_DECLARED = re.compile(r"xmlns(?::([\w.-]++))?+\s*+=\s*+[\"']([^\"']*+)[\"']")
_UNUSUAL = re.compile(r"<!(?!--|\[CDATA\[)")  # declarations of types and entities
_WINDOWS = re.compile("[\x80-\x9f]")  # characters of Windows-1252, which feedparser mends
_SLASHES = re.compile("^([A-Za-z][A-Za-z0-9+-.]*://)(/*)")
_REFERENCE = re.compile("&[A-Za-z0-9_]+;")  # in an address: encoded twice
_MARKUP = re.compile(r"</\w+>|&#?\w+;")  # what a title must have for feedparser to look whether it is HTML

_NONE: frozenset[str] = frozenset()
_TYPES = {
    None: "text/plain", "text": "text/plain", "text/plain": "text/plain", "html": "text/html", "text/html": "text/html",
}  # fmt: skip
_LINK = frozenset({"rel", "href", "type", "hreflang", "title", "length"})
# Of no consequence to what is kept: whatever stands in them, so long as it is text.
_PASSED_IN_CHANNEL, _PASSED_IN_ENTRY = data.words("passed_in_channel"), data.words("passed_in_entry")
# Elements that hold others of no consequence.
_AROUND = {
    "image": frozenset({"url", "title", "link", "width", "height"}), "skipHours": {"hour"}, "skipDays": {"day"},
    f"{_ATOM}author": {f"{_ATOM}name", f"{_ATOM}uri", f"{_ATOM}email"},
}  # fmt: skip
_DATES = {
    "pubDate": "published", f"{_ATOM}published": "published", f"{_ATOM}updated": "updated", "lastBuildDate": "updated",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parsed:
    """What feedparser would give: the version, what is said of the feed, and of each entry."""

    version: str
    feed: Mapping[str, Any]
    entries: list[dict[str, Any]]


class _IrregularError(Exception):
    """There is something to interpret."""


def read(text: str, document: bytes) -> Parsed | None:
    """A feed from its text and its bytes in UTF-8; None where it is for feedparser to read."""
    if _UNUSUAL.search(text) or not all(map(_is_usual, _DECLARED.finditer(text))):
        return None
    parser = XMLParser(encoding="utf-8")  # noqa: S314 (no declarations of entities, and in a child with limits)
    try:
        parser.feed(document)
        return _feed(parser.close())
    except (ParseError, _IrregularError):
        return None


def _is_usual(declared: re.Match[str]) -> bool:
    prefix, uri = declared.groups()
    return uri.lower() != _RSS_1 and "&" not in uri and _PREFIXES.get(prefix, uri) == uri


def _feed(root: Element) -> Parsed:
    about: dict[str, Any] = {"links": []}
    language = root.get(_LANGUAGE, "").replace("_", "-")
    if language:
        about["language"] = language
    channel, entry, version = root, f"{_ATOM}entry", "atom10"
    if root.tag == "rss" and root.get("version", "").startswith("2.") and len(root) == 1:
        channel, entry, version = root[0], "item", "rss20"
        _expect(root[0].tag == "channel" and not root[0].attrib and root.attrib.keys() <= {"version", _LANGUAGE})
    else:
        _expect(root.tag == f"{_ATOM}feed" and root.attrib.keys() <= {_LANGUAGE})
    reader = _Reader(version, language or None)
    entries, seen = [], set[str]()
    for child in channel:
        if child.tag == entry:
            _expect(not child.attrib)
            entries.append(reader.entry(child))
        elif child.tag in _AROUND:
            _expect(not child.attrib)
            for inner in child:
                _expect(inner.tag in _AROUND[child.tag])
                _text(inner)
        elif child.tag in _PASSED_IN_CHANNEL:
            _expect(not len(child) and _LANGUAGE not in child.attrib)
        elif child.tag in ("language", "ttl"):
            _expect(child.tag not in seen)
            about[child.tag] = _text(child)
        else:
            _expect(reader.read(child, about) and (child.tag not in seen or child.tag == f"{_ATOM}link"))
        seen.add(child.tag)
    return Parsed(version, about, entries)


@dataclass(frozen=True, slots=True)
class _Reader:
    version: str
    language: str | None

    def entry(self, item: Element) -> dict[str, Any]:
        """An entry as feedparser has it, of what `rss_atom` asks for."""
        entry: dict[str, Any] = {"links": [], "authors": []}
        seen = set[str]()
        for child in item:
            tag = child.tag
            if tag in _PASSED_IN_ENTRY:
                _expect(not len(child) and _LANGUAGE not in child.attrib)
                continue
            if tag == f"{_MEDIA}group":
                _expect(not child.attrib and all(inner.tag == f"{_MEDIA}content" for inner in child))
                _expect(not any(len(inner) for inner in child))
                continue
            if tag in ("author", f"{_DC}creator", f"{_ATOM}author"):
                entry["authors"].append({"name": self._author(child)})
                continue
            _expect(tag not in seen or tag == f"{_ATOM}link")
            seen.add(tag)
            _expect(self.read(child, entry) or self._of_entry(child, entry))
        return entry

    def read(self, child: Element, about: dict[str, Any]) -> bool:
        """Take over what feeds and entries both may say; whether it is such."""
        tag = child.tag
        if tag in ("title", f"{_ATOM}title"):
            text, kind = self._typed(child)
            if self.version == "rss20" and _MARKUP.search(text):
                from feedparser.mixin import _FeedParserMixin

                kind = "text/html" if _FeedParserMixin.looks_like_html(text) else kind
            about |= {"title": text, "title_detail": {"type": kind, "language": self.language}}
        elif tag == "link":
            url = _address(_text(child))
            _expect(not _REFERENCE.search(url))
            about["link"] = url
            about["links"].append({"rel": "alternate"} | ({"href": url} if url else {}))
        elif tag == f"{_ATOM}link":
            _link(child, about)
        elif tag in _DATES:
            about[_DATES[tag]] = _text(child)
        elif tag == f"{_ATOM}id":
            about["id"] = _text(child)
            about.setdefault("link", about["id"])
        else:
            return False
        return True

    def _of_entry(self, child: Element, entry: dict[str, Any]) -> bool:
        tag = child.tag
        if tag == "guid":
            entry["id"] = _text(child, {"isPermaLink"})
            if child.get("isPermaLink", "true") == "true":
                entry.setdefault("link", entry["id"])
        elif tag == "description":
            entry["summary"] = _text(child)
        elif tag == f"{_ATOM}summary":
            entry["summary"] = self._typed(child)[0]
        elif tag in (_ENCODED, f"{_ATOM}content", f"{_MEDIA}description"):
            text = self._typed(child)[0] if tag == f"{_ATOM}content" else _text(child)
            # A second description is the content; a first one would be the summary.
            _expect(tag != f"{_MEDIA}description" or ("summary" in entry and "content" not in entry))
            entry.setdefault("content", []).append({"value": text, "language": self.language})
            entry.setdefault("summary", text)
        elif tag == "enclosure":
            _expect(child.attrib.keys() <= {"url", "length", "type"} and not len(child))
            url = child.get("url")
            entry["links"].append({"rel": "enclosure"} | ({"href": url} if url else {}))
        elif tag == "source":
            named = _text(child, {"url"})
            entry["source"] = {"title": named} if named else {}
        else:
            return False
        return True

    def _author(self, child: Element) -> str:
        if child.tag != f"{_ATOM}author":
            name = _text(child)
            _expect("@" not in name)  # addresses are taken apart from names
            return name
        _expect(not child.attrib and [one.tag for one in child].count(f"{_ATOM}name") == 1)
        for one in child:
            _expect(one.tag in _AROUND[child.tag] and not one.attrib and not len(one))
        return (child.findtext(f"{_ATOM}name") or "").strip()

    def _typed(self, child: Element) -> tuple[str, str]:
        """Text and its type."""
        _expect(child.get("type") in _TYPES)
        return _text(child, {"type"} if self.version == "atom10" else _NONE), _TYPES[child.get("type")]


def _link(child: Element, about: dict[str, Any]) -> None:
    """Atom's link, which stands in RSS as well."""
    href = child.get("href")
    _expect(href and child.attrib.keys() <= _LINK and not len(child))
    rel, kind = child.get("rel", "alternate").lower(), child.get("type", "text/html").lower()
    link = {"rel": rel, "href": _address(href or "")}
    about["links"].append(link)
    if rel == "alternate" and kind in ("text/html", "html", "application/xhtml+xml", "xhtml"):
        about["link"] = link["href"]


def _address(uri: str) -> str:
    return _SLASHES.sub(r"\1", uri)


def _text(child: Element, attributes: Container[str] = _NONE) -> str:
    """What stands in an element that has no other attributes, and no elements in it."""
    if len(child) or (child.attrib and not all(name in attributes for name in child.attrib)):
        raise _IrregularError
    text = (child.text or "").strip()
    if text.isascii():
        return text
    _expect(not _WINDOWS.search(text))
    try:
        text.encode("iso-8859-1").decode()
    except UnicodeError:
        return text
    raise _IrregularError  # UTF-8 that was taken for ISO-8859-1, and encoded again: feedparser mends it


def _expect(fact: object) -> None:
    if not fact:
        raise _IrregularError
