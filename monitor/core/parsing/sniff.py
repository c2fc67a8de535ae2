"""What a body is, by its content: a declared type is often wrong, the first element seldom."""

from __future__ import annotations

import codecs
import re
from typing import Literal

Kind = Literal["xml", "json", "html", "empty", "challenge", "unknown"]

HEAD_BYTES = 64 * 1024
_ROOT = re.compile(
    r"^\s*(?:<\?xml[^>]*>\s*)?(?:<\?[^>]*\?>\s*|<!--.*?-->\s*|<!DOCTYPE(?:[^\[>]|\[.*?\])*>\s*)*<\s*(?:[\w.-]+:)?([\w.-]+)",
    re.S | re.I,
)
_FEED_ROOT = re.compile(r"<(?:[\w.-]+:)?(rss|feed|rdf|channel)\b", re.I)
_RSS_VOCABULARY = re.compile(r"purl\.org/(?:rss|net/rss)|channel\.netscape\.com|my\.netscape\.com|<item\b", re.I)
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']", re.I)
_CHALLENGE = re.compile(
    r"captcha|cf-chl|challenge-platform|just a moment\.\.\.|attention required|are you (?:a )?(?:human|robot)"
    r"|verify(?:ing)? (?:that )?you are|enable javascript and cookies|ddos[- ]protection|access denied|bot detection"
    r"|perimeterx|datadome|incapsula|unusual traffic|<input[^>]+type=[\"']?password",
    re.I,
)
# Text encodings only: zlib, hex, utf-7 and their like are no encodings of a feed.
CODECS = {
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "ascii", "iso8859-1", "iso8859-2",
    "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8", "iso8859-9", "iso8859-10",
    "iso8859-13", "iso8859-14", "iso8859-15", "iso8859-16", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255",
    "cp1256", "cp1257", "cp1258", "cp874", "cp866", "koi8-r", "koi8-u", "mac-roman", "big5", "big5hkscs", "gb2312",
    "gbk", "gb18030", "euc_jp", "shift_jis", "cp932", "iso2022_jp", "euc_kr", "cp949", "tis-620", "cp437",
}  # fmt: skip
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip


def codec(name: str) -> str:
    """The Python name of an allowed text encoding, or ""."""
    try:
        found = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        return ""
    # Browsers read Latin-1 and ASCII as windows-1252 (WHATWG Encoding); so do we.
    if found in ("iso8859-1", "ascii"):
        return "cp1252"
    return found if found in CODECS else ""


def decode(body: bytes, content_type: str) -> tuple[str, str]:
    """Text and the encoding used: BOM, header, XML declaration, UTF-8, windows-1252; bad bytes become U+FFFD."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace"), name
    if body[:4] in (b"<\0\0\0", b"{\0\0\0"):
        return body.decode("utf-32-le", "replace"), "utf-32-le"
    if body[:4] in (b"\0\0\0<", b"\0\0\0{"):
        return body.decode("utf-32-be", "replace"), "utf-32-be"
    if body[:4] in (b"<\0?\0", b'{\0"\0', b"<\0r\0", b"<\0f\0"):
        return body.decode("utf-16-le", "replace"), "utf-16-le"
    if body[:4] in (b"\0<\0?", b'\0{\0"', b"\0<\0r", b"\0<\0f"):
        return body.decode("utf-16-be", "replace"), "utf-16-be"
    declared = _DECLARED.search(body[:1024])
    header = re.search(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", content_type, re.I)
    for candidate in (header[1] if header else "", declared[1].decode() if declared else "", "utf-8"):
        name = codec(candidate)
        if name and not name.startswith(("utf-16", "utf-32")):
            try:
                return body.decode(name), name
            except UnicodeDecodeError:
                continue
    try:
        return body.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        return body.decode("utf-8", "replace"), "utf-8"


def kind(text: str) -> Kind:
    """What a decoded body is."""
    head = text[:HEAD_BYTES].lstrip("\ufeff \t\r\n\0")
    if not head:
        return "empty"
    if head[0] in "{[":
        return "json"
    root = _ROOT.match(head)
    name = root[1].lower() if root else ""
    if name == "rdf":
        # Other RDF (FOAF lists of people) shares the root element; a feed names an RSS vocabulary.
        return "xml" if _RSS_VOCABULARY.search(head) else "unknown"
    if name in ("rss", "feed", "channel"):
        return "xml"
    if name == "html" or re.match(r"<!doctype html|<html|<head|<body", head, re.I):
        return "challenge" if _CHALLENGE.search(head) else "html"
    if _FEED_ROOT.search(head[:8192]):
        return "xml"
    return "challenge" if _CHALLENGE.search(head) and "<" in head else "unknown"
