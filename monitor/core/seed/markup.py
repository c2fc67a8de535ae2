"""An article in HTML: text by trafilatura, date and title from the page's own statements, links as citations."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from lxml import html as lxml_html

from monitor.core import outlets, urls
from monitor.core.parsing import dates
from monitor.core.seed import citations, dating
from monitor.core.text import clean
from monitor.errors import ArticleError
from monitor.model import Article, Citation

_DATE_PATHS = (
    "//meta[@property='article:published_time']/@content", "//meta[@name='date' or @name='pubdate']/@content",
    "//meta[@itemprop='datePublished']/@content", "//time[@datetime][1]/@datetime",
)  # fmt: skip
FAR_FUTURE = datetime(2100, 1, 1, tzinfo=UTC)
LINKS_MAX = 40


def read(content: str, url: str) -> Article:
    """The article of a page; ArticleError where nothing readable is on it."""
    # Imported here: it costs a quarter of a second, and most runs read no HTML article.
    from trafilatura import extract

    text = extract(content, url=url or None, include_comments=False, favor_recall=True) or ""
    try:
        tree = lxml_html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", content))
    except (ValueError, lxml_html.etree.ParserError) as error:
        raise ArticleError(f"its HTML cannot be read ({error})") from error
    title = _title(tree)
    lines = [clean(line, 20_000) for line in text.splitlines()]
    body, cited = citations.split([line for line in lines if line and line != title])
    if len(" ".join(body).split()) < 8:
        raise ArticleError("no article text is on the page; save its text to a file and give that")
    said = "\n".join(body)
    return Article(
        title=title or body[0][:200], text=said, url=url, published_at=_published(tree) or dating.infer(said),
        cited=cited or _linked(tree, url) or citations.mentioned(said), language=str(tree.get("lang") or "")[:32],
    )  # fmt: skip


def version(content: str) -> tuple[str, str]:
    """Title and paragraphs of a page as they stand, correction notes included; a fragment needs no head or body."""
    try:
        tree: Any = lxml_html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", content))
    except (ValueError, lxml_html.etree.ParserError) as error:
        raise ArticleError(f"its HTML cannot be read ({error})") from error
    lxml_html.etree.strip_elements(tree, "script", "style", "nav", "footer", "aside", with_tail=False)
    title = _title(tree)
    blocks = tree.xpath("//p | //li | //blockquote | //h2 | //h3 | //td")
    said = [clean(block.text_content(), 20_000) for block in blocks]
    text = "\n".join(line for line in said if line) or clean(tree.text_content(), 200_000)
    return title, text


def _first(tree: Any, path: str) -> str:
    found = tree.xpath(path)
    return clean(str(found[0]), 1000) if found else ""


def _title(tree: Any) -> str:
    headings = [clean(node.text_content(), 1000) for node in tree.xpath("//article//h1 | //h1")]
    shared = _first(tree, "//meta[@property='og:title']/@content")
    return next((heading for heading in headings if heading), "") or shared or _first(tree, "//title/text()")


def _published(tree: Any) -> datetime | None:
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        try:
            found = re.search(r'"datePublished"\s*:\s*("(?:[^"\\]|\\.)*")', str(script))
            at = dates.read(json.loads(found[1]), FAR_FUTURE) if found else None
        except ValueError:
            continue
        if at:
            return at
    return next((at for path in _DATE_PATHS if (at := dates.read(_first(tree, path), FAR_FUTURE))), None)


def _linked(tree: Any, url: str) -> tuple[Citation, ...]:
    """Links from the text to known outlets of another domain."""
    own = urls.registrable(url) if url else ""
    found: dict[str, Citation] = {}
    for node in tree.xpath("//article//a[@href] | //main//a[@href] | //p//a[@href]")[:400]:
        link = urls.fetchable(node.get("href"), url)
        outlet = outlets.find(link) if link and urls.registrable(link) != own else None
        if outlet and link not in found and len(found) < LINKS_MAX:
            found[link] = Citation(outlet.name, clean(node.text_content(), 300), link)
    return tuple(found.values())
