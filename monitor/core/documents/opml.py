"""Lists of feeds as readers export them (OPML): every feed once, and of the rest what it is and why it was left out.

Readers write the address as xmlUrl, xmlurl, url or feedUrl, under feed: schemes, with bare ampersands and entities of
HTML, in folders however deep. None of that may lose a feed or change its address.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from html.entities import html5
from typing import Any

from lxml import etree

from monitor.core import urls
from monitor.core.documents.feeds import sniff
from monitor.core.text import clean
from monitor.errors import FeedError

BYTES_MAX = 5 * 1024 * 1024  # bytes of an OPML file: 20,000 feeds (set)
# More outlines than any reader's users have; a list of 10,000 feeds takes a day to visit once.
OUTLINES_MAX = 10_000
NAME_CHARS_MAX = 200  # characters of a feed's name (set)
ADDRESS_KEYS = ("xmlurl", "feedurl", "rssurl", "url")
FEED_TYPES = frozenset(("", "rss", "rss1", "rss2", "atom", "rdf", "feed", "xml", "json", "jsonfeed"))
ELSEWHERE = frozenset(("include", "link", "opml"))
_REFERENCE = re.compile(r"&(?:#\d{1,7};|#x[0-9a-f]{1,6};|(\w{1,40});)?", re.I)
_XML_NAMES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_TAG = re.compile(r"</?[A-Za-z][\w-]{0,15}(?:\s[^<>]{0,200})?/?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*>", re.I)


@dataclass(frozen=True, slots=True)
class Listed:
    """One feed of a list: its name, its address, and its site's."""

    name: str
    url: str
    homepage: str = ""


@dataclass(frozen=True, slots=True)
class Outlines:
    """What a list holds: its feeds, and (name, reason) of every outline that is none of them."""

    feeds: tuple[Listed, ...]
    left_out: tuple[tuple[str, str], ...] = ()


def read(raw: bytes, where: str) -> Outlines:
    """The feeds of an OPML document, each address once; FeedError where it is none."""
    if len(raw) > BYTES_MAX:
        raise FeedError(f"{where} is over 5 MiB")
    root, damage = _root(raw, where)
    feeds: dict[str, Listed] = {}
    left_out: list[tuple[str, str]] = []
    outlines = (node for node in root.iter() if isinstance(node.tag, str))
    for node in (node for node in outlines if etree.QName(node).localname.lower() == "outline"):
        values = {etree.QName(key).localname.lower(): str(value) for key, value in node.attrib.items()}
        address = next((values[key].strip() for key in ADDRESS_KEYS if values.get(key, "").strip()), "")
        if not address and len(node) and "xmlurl" not in values:
            continue  # a folder
        name = _plain(values.get("title", "")) or _plain(values.get("text", ""))
        listed, reason = _listed(name, address, values)
        if listed is not None and listed.url in feeds:
            listed, reason = None, "it stands in the list twice"
        if listed is not None and len(feeds) >= OUTLINES_MAX:
            listed, reason = None, f"a list of more than {OUTLINES_MAX} feeds is not taken whole"
        if listed is not None:
            feeds[listed.url] = listed
        else:
            bare = clean(re.sub(r"//[^/?#]*@", "//", address), NAME_CHARS_MAX)  # what stands before an @ is a secret
            left_out.append((name or bare or "an outline without a name", reason))
    return Outlines(tuple(feeds.values()), (*left_out, *damage))


def _root(raw: bytes, where: str) -> tuple[Any, list[tuple[str, str]]]:
    """The document's root, and what had to be passed over where it is damaged."""
    text = _DOCTYPE.sub("", sniff.undeclared(sniff.decode(raw, "")[0].lstrip("\ufeff \t\r\n")), count=1)
    if "<!ENTITY" in text.upper() or "<!DOCTYPE" in text[:2000].upper():
        raise FeedError(f"{where} declares entities of its own, as no reader's list does")
    text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", _REFERENCE.sub(_repaired, text))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True, encoding="utf-8")
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FeedError(f"{where} is no OPML: {error}") from error
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise FeedError(f"{where} is no OPML: its root is not <opml>")
    errors = [error for error in parser.error_log if error.level >= etree.ErrorLevels.ERROR]
    return root, [
        (f"line {errors[0].line}", "the file is damaged there; feeds after it may be missing")
    ] if errors else []


def _repaired(found: re.Match[str]) -> str:
    """A reference that XML knows as it stands; one of HTML as its character; a bare ampersand as one."""
    if found[1] is None:
        return found[0] if len(found[0]) > 1 else "&amp;"
    if found[1] in _XML_NAMES:
        return found[0]
    char = html5.get(f"{found[1]};")
    return html.escape(char) if char else f"&amp;{found[1]};"


def _listed(name: str, address: str, values: dict[str, str]) -> tuple[Listed | None, str]:
    """The feed of an outline, or why it is none."""
    kind = values.get("type", "").strip().lower()
    if kind in ELSEWHERE and not any(values.get(key) for key in ADDRESS_KEYS[:3]):
        return None, "it refers to another document, which is not followed"
    if not address:
        return None, "it has no address"
    if kind not in FEED_TYPES and not any(values.get(key) for key in ADDRESS_KEYS[:3]):
        return None, f"its type {clean(kind, 40)!r} is no feed's"
    web = urls.web(address)
    url = urls.fetchable(web)
    if not url:
        scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]{0,40}(?=:)", web)
        return None, f"{scheme[0]}: is nothing that is fetched" if scheme else "its address is none of the web"
    if urls.has_credentials(web):
        return None, (
            "its address carries a username and password; add it as a [[source]] with username and password_env"
        )
    homepage = urls.web(values.get("htmlurl", ""))
    return Listed(name, url, "" if urls.has_credentials(homepage) else urls.fetchable(homepage)), ""


def _plain(text: str) -> str:
    """A name without the entities that a reader escaped twice, and without their tags."""
    return clean(_TAG.sub("", html.unescape(html.unescape(text))), NAME_CHARS_MAX)
