"""What a body is, by its content: a declared type is often wrong, the first element seldom."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any, Literal

from monitor import data
from monitor.core import urls
from monitor.deferred import Deferred

if TYPE_CHECKING:
    from monitor.core.documents import walls
else:
    walls = Deferred("monitor.core.documents.walls")  # what is a feed is no wall

Kind = Literal["xml", "json", "html", "empty", "challenge", "unknown"]

GUESSED_BYTES = 9_000  # bytes by which an encoding is guessed: under the 10,000 that trafilatura reads whole
HEAD_BYTES = 64 * 1024  # bytes in which a document says what it is (set)
_BEFORE_ROOT = re.compile(
    r"\s+|<\?(?:xml\b[^>]*|.*?\?)>|<!--.*?-->|<!DOCTYPE[^\[>]*+(?:\[[^\]]*+\][^>]*+)?>", re.S | re.I
)
_ROOT = re.compile(r"<\s*(?:[\w.-]+:)?([\w.-]+)")
_FEED_ROOT = re.compile(r"<(?:[\w.-]+:)?(rss|feed|rdf|channel)\b", re.I)
_RSS_VOCABULARY = re.compile(r"purl\.org/(?:rss|net/rss)|channel\.netscape\.com|my\.netscape\.com|<item\b", re.I)
_ENTRY = re.compile(r"<(?:\w+:)?item\b", re.I)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.I)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_RUNS = re.compile(rb"[\x80-\xff]{3,}")
_DECLARED = re.compile(rb"<\?xml[^<>]*?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']", re.I)
_CHALLENGE = re.compile(data.patterns("challenge"), re.I)
_STARTS = (
    ((b"<\0\0\0", b"{\0\0\0"), "utf-32-le"), ((b"\0\0\0<", b"\0\0\0{"), "utf-32-be"),
    ((b"<\0?\0", b'{\0"\0', b"<\0r\0", b"<\0f\0"), "utf-16-le"),
    ((b"\0<\0?", b'\0{\0"', b"\0<\0r", b"\0<\0f"), "utf-16-be"),
)  # fmt: skip
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip


# What a label means: browsers read these as their supersets (WHATWG Encoding), and so do publishers write them.
_SUPERSETS = {row[0]: row[1] for row in data.rows("encodings.tsv")}
_MANY_BYTES = {"utf-8", "gb18030", "cp949", "cp932", "big5hkscs", "euc_jp", "iso2022_jp"}


def codec(name: str) -> str:
    """The Python name of an allowed text encoding, or ""."""
    try:
        found = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        return ""
    found = _SUPERSETS.get(found, found)
    return found if found in data.words("text_encodings") else ""


def decode(body: bytes, content_type: str) -> tuple[str, str]:
    """Text and the encoding used: BOM, header, XML declaration, UTF-8, windows-1252; bad bytes become U+FFFD.

    A header's Latin-1 comes after the document's own word. A declared encoding of single bytes fits any bytes; where
    the body is sound UTF-8 all the same, it is UTF-8. A body that is damaged in places keeps its encoding and loses
    those places only.
    """
    wide = _wide(body)
    if wide:
        return body[wide[1] :].decode(wide[0], "replace"), wide[0]
    declared = _DECLARED.search(body[:1024])
    header = re.search(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", content_type, re.I)
    named = [codec(label) for label in (header[1] if header else "", declared[1].decode() if declared else "")]
    named = [name for name in named if name and not name.startswith(("utf-16", "utf-32"))]
    if named[:1] == ["cp1252"]:
        named.reverse()  # what servers say of any file, unasked: the document knows better where it speaks for itself
    sound = _strict(body, "utf-8")
    for name in named:
        if sound is not None and name not in _MANY_BYTES and not sound.isascii():
            return sound, "utf-8"
        text = sound if name == "utf-8" else _strict(body, name)
        if text is not None:
            return (name == "cp1252" and _guessed(body)) or (text, name)
    if sound is not None:
        return sound, "utf-8"
    for name in ("utf-8", *(name for name in named if name in _MANY_BYTES)):
        text = body.decode(name, "replace")
        bad = text.count("\ufffd")
        if len(text) - len(text.encode("ascii", "ignore")) - bad >= bad:
            return text, name
    return _guessed(body) or (body.decode("cp1252", "replace"), "cp1252")


def _guessed(body: bytes) -> tuple[str, str] | None:
    """The same where its bytes are of no Latin script, whatever it declares: letters beyond ASCII stand in runs."""
    head = body[:HEAD_BYTES]
    beyond, runs = sum(byte > 127 for byte in head), sum(map(len, _RUNS.findall(head)))
    if not beyond or 2 * runs < beyond:
        return None
    from trafilatura.utils import detect_encoding  # here: hardly a document needs the guess

    name = next(filter(None, map(codec, detect_encoding(body[:GUESSED_BYTES]))), "")
    return (body.decode(name, "replace"), name) if name else None


def decode_page(body: bytes, content_type: str) -> str:
    """The text of an article or a page, which may name its encoding in a `meta` element where no header does."""
    stated = None if "charset" in content_type.lower() else _META_CHARSET.search(body[:4096])
    return decode(body, f"text/html; charset={stated[1].decode()}" if stated else content_type)[0]


def undeclared(text: str) -> str:
    """A text without its XML declaration: the encoding there is of bytes, and lxml refuses it in a text."""
    return _XML_DECLARATION.sub("", text)


def html_tree(text: str) -> Any:
    """The elements of a page; None where there are none, or nothing can be made of them."""
    from lxml import html  # here: most documents are no pages

    try:
        return html.document_fromstring(undeclared(text)) if text.strip() else None
    except (ValueError, html.etree.ParserError, html.etree.XMLSyntaxError):
        return None


def base_of(tree: Any, address: str) -> str:
    """What the links of a page are relative to: its `base` element, else its address."""
    return urls.fetchable(str(next(iter(tree.xpath("//base/@href")), "")), address) or address


def _wide(body: bytes) -> tuple[str, int] | None:
    """Encoding and length of its mark, where a mark or the shape of the first characters gives it away."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return name, len(mark)
    return next(((name, 0) for starts, name in _STARTS if body[:4] in starts), None)


def _strict(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except UnicodeDecodeError:
        return _paired(body) if name == "utf-8" else None


def _paired(body: bytes) -> str | None:
    """UTF-8 in which what UTF-16 needs two halves for was written half by half (CESU-8, as Java and MySQL do)."""
    try:
        return body.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    except UnicodeDecodeError:
        return None


def kind(text: str) -> Kind:
    """What a decoded body is."""
    head = text[:HEAD_BYTES].lstrip("\ufeff \t\r\n\0")
    if not head:
        return "empty"
    if head[0] in "{[":
        return "json"
    at = 0
    while before := _BEFORE_ROOT.match(head, at):
        at = before.end()
    root = _ROOT.match(head, at)
    name = root[1].lower() if root else ""
    if name == "rdf":
        # Lists of people (FOAF) share the root element, and name the channels that people write for.
        people = "xmlns.com/foaf" in head and not _ENTRY.search(head)
        return "xml" if _RSS_VOCABULARY.search(head) and not people else "unknown"
    if name in ("rss", "feed", "channel"):
        return "xml"
    if name == "html" or re.match(r"<!doctype html|<html|<head|<body", head, re.I):
        return "challenge" if _CHALLENGE.search(head) or walls.maker(head) else "html"
    if _FEED_ROOT.search(head[:8192]):
        return "xml"
    return "challenge" if "<" in head and (_CHALLENGE.search(head) or walls.maker(head)) else "unknown"
