"""Article pages: bytes -> title, text, date and correction notices, or the state that makes them unfit to compare.

The text is trafilatura's; the date and the title come first from what the publisher states for machines (JSON-LD, meta
elements). Correction notes outside the article's body, which trafilatura drops, are put back at its end.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from html import unescape
from typing import TYPE_CHECKING, Any, cast

from monitor import data
from monitor.core import text as texts
from monitor.core.documents import notices, page_extent, seed
from monitor.core.documents.feeds import sniff
from monitor.core.documents.seed import page_head
from monitor.model import Page, PageState

if TYPE_CHECKING:
    from lxml.html import HtmlElement

BODY_BYTES_MAX = 5 * 1024 * 1024  # bytes of a page (set)
TEXT_CHARS_MAX = 256 * 1024  # characters of its text (see feeds.normalise)
TITLE_CHARS_MAX = 300  # characters of its title (set)
STUB_CHARS_MAX = 1200  # characters of a text that may be a wall's stub (set by reading)
TEXT_CHARS_MIN = 140  # characters of an article; with fewer there is none on the page (set by reading)
NOTICES_MAX = 5  # notices kept of a page (set)
BLOCKS_MAX = 4000  # elements looked at for notices (set)
_READABLE = re.compile(r"html|xml|text/plain|^$", re.IGNORECASE)
_BLOCKS = "p|div|li|aside|section|em|i|small|span|footer|blockquote|td|h3|h4|h5"
_HTML = re.compile(rb"<(?:html|body|article)\b", re.IGNORECASE)
_SHOWN = "//body//text()[not(ancestor::script or ancestor::style or ancestor::noscript or ancestor::template)]"
_SITE = re.compile(r"(?<!\s)\s++(?:[|–—·»-]|::)\s+(?P<site>[^|–—·»]{2,40})$")


def extract(body: bytes, url: str, content_type: str, at: datetime) -> Page:
    """Read an article page fetched at `at`. Anything but state "ok" must never be compared with an earlier version.

    Never raises: what cannot be parsed is state "failed" with error "parse" (or "decode", "too_large").
    """
    if not body.strip():
        return Page(url, at, state="empty")
    if len(body) > BODY_BYTES_MAX:
        return Page(url, at, state="failed", error="too_large")
    if not _READABLE.search(content_type) or body[:5] == b"%PDF-":
        return Page(url, at, state="failed", error="parse")
    try:
        return _read(sniff.decode_page(body, content_type), url, at)
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError, MemoryError, AssertionError):
        return Page(url, at, state="failed", error="parse")


def versions(old: bytes, new: bytes, at: datetime) -> tuple[tuple[str, str], tuple[str, str], datetime | None]:
    """Title and text of two versions given as files, text or HTML, and when they were published where a page says so.

    Both are read the same way: as articles where both are, else as whatever stands in them.
    """
    found = [extract(body, "", "text/html", at) for body in (old, new) if _HTML.search(body[:20_000])]
    if len(found) == 2 and all(page.state == "ok" for page in found):
        first, second = found
        return (first.title, first.text), (second.title, second.text), first.published_at or second.published_at
    return seed.versions(old), seed.versions(new), None


def _read(html: str, url: str, at: datetime) -> Page:
    import trafilatura

    html = texts.without_struck(html)
    tree = sniff.html_tree(html)
    if tree is None:  # tags without anything in them
        return Page(url, at, state="empty")
    html = page_extent.within(tree, html)
    stated = _stated(tree)
    found = trafilatura.bare_extraction(html, url=url, include_comments=False, with_metadata=True)
    text = str(getattr(found, "text", "") or "")
    whole = str(stated.get("articleBody") or "")
    if len(text) < STUB_CHARS_MAX and len(whole) > 2 * len(text):
        text = texts.plain(whole)
    title = _title(stated, str(getattr(found, "title", "") or ""), str(getattr(found, "sitename", "") or ""))
    notes = tuple(dict.fromkeys((*_corrections(stated), *_notices(tree, text))))[:NOTICES_MAX]
    state = "ok" if notes and len(text) < TEXT_CHARS_MIN else _state(html, tree, title, text, url, stated)
    missing = [note for note in notes if note not in text]
    return Page(
        url, at, state=state, title=title, text="\n".join([text, *missing])[:TEXT_CHARS_MAX],
        published_at=page_head.published(tree, url, at),
    )  # fmt: skip


def _stated(tree: HtmlElement) -> dict[str, Any]:
    """What the publisher says for machines: the article's JSON-LD, completed by meta elements."""
    stated = {name: said for node in reversed(page_head.json_ld(tree)) for name, said in node.items()}
    for meta in tree.xpath("//meta[@content]")[:400]:
        name = str(meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        stated.setdefault(f"meta {name}", meta.get("content"))
    return stated


def _corrections(stated: dict[str, Any]) -> tuple[str, ...]:
    """What the publisher states for machines as the article's corrections: schema.org's `correction`."""
    found = stated.get("correction")
    texts_of = []
    for each in (found if isinstance(found, list) else [found])[:NOTICES_MAX]:
        text = each.get("text") or each.get("description") or each.get("name") if isinstance(each, dict) else each
        plain = texts.clean(texts.plain(text), notices.NOTICE_CHARS_MAX) if isinstance(text, str) else ""
        if plain and not plain.startswith(("http://", "https://")):
            texts_of.append(plain if notices.find(plain) else f"Correction: {plain}")
    return tuple(texts_of)


def _title(stated: dict[str, Any], found: str, site: str) -> str:
    candidates = (stated.get("headline"), stated.get("meta og:title"), found, stated.get("meta twitter:title"))
    title = next((str(candidate) for candidate in candidates if isinstance(candidate, str) and candidate.strip()), "")
    title = texts.clean(unescape(texts.plain(title)), TITLE_CHARS_MAX)
    tail = _SITE.search(title)
    own = f"{site} {stated.get('meta og:site_name', '')}".lower().replace(" ", "")
    if tail and (tail.group("site").lower().replace(" ", "").removesuffix(".com") in own or not own):
        title = title[: tail.start()]
    return title


@cache
def _walls() -> tuple[tuple[PageState, str, re.Pattern[str]], ...]:
    return tuple((cast(PageState, row[0]), row[1], re.compile(row[2], re.IGNORECASE)) for row in data.rows("walls.tsv"))


def _state(html: str, tree: HtmlElement, title: str, text: str, url: str, stated: dict[str, Any]) -> PageState:
    """A wall shows in the markup and leaves little text; an article may well speak of cookies or captchas."""
    if len(text) >= STUB_CHARS_MAX:
        return "ok"
    free, tier = str(stated.get("isAccessibleForFree", "")).lower(), str(stated.get("meta article:content_tier", ""))
    if free == "false" or tier.lower() == "locked":
        return "paywall"
    places = {"text": f"{title}\n{text}", "head": f"{title}\n{text[:TEXT_CHARS_MIN]}"}
    places["page"] = " ".join(" ".join(tree.xpath(_SHOWN)).split())
    if len(text) < TEXT_CHARS_MIN:
        places["markup"] = f"{title}\n{text}\n{url}\n{html}"
    for state, where, pattern in _walls():
        if pattern.search(places.get(where, "")[:TEXT_CHARS_MAX]):
            return state
    return "ok" if len(text) >= TEXT_CHARS_MIN else "empty"


def _notices(tree: HtmlElement, text: str) -> tuple[str, ...]:
    """Correction notes anywhere on the page: in the body, or in a small block of their own beside it."""
    found = dict.fromkeys(notices.find(text))
    for element in tree.xpath(f"//body//*[{' or '.join(f'self::{tag}' for tag in _BLOCKS.split('|'))}]")[:BLOCKS_MAX]:
        if len(found) >= NOTICES_MAX:
            break
        if any(child.tag in ("p", "div", "ul", "section", "table", "script", "form") for child in element):
            continue
        block = texts.clean(" ".join(element.itertext()), notices.NOTICE_CHARS_MAX)
        if len(block) > 30 and notices.find(block) and not any(block in note or note in block for note in found):
            found[block] = None
    return tuple(found)[:NOTICES_MAX]
