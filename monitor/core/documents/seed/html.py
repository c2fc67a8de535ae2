"""An article in HTML: text by trafilatura, date and title from the page's own statements, links as citations."""

from __future__ import annotations

from datetime import datetime
from itertools import takewhile
from typing import Any

from lxml import etree

from monitor.core import urls
from monitor.core.documents import article_links, boilerplate, outlets, page_extent
from monitor.core.documents.feeds import sniff
from monitor.core.documents.seed import WORDS_MIN, article_date, citations, datelines, mentions, page_head, page_links
from monitor.core.text import clean
from monitor.errors import ArticleError
from monitor.model import Article, Citation

# Characters of a page without a date that bears the marks of a challenge and is one (set by reading).
WALL_CHARS_MAX = 600
GLUED_CHARS_MAX = 3000  # characters of a text that extraction may have made one line of, and paragraphs looked at (set)


def read(content: str, url: str, now: datetime | None = None, *, walled: bool = False) -> Article:
    """An article; ArticleError where nothing readable is on it. `walled`: it bears the marks of a challenge."""
    # Imported here: it costs a quarter of a second, and most runs read no HTML article.
    from trafilatura import extract

    tree = _tree(content)
    content = page_extent.within(tree, content)
    text = _unglued(tree, extract(content, url=url or None, include_comments=False, favor_recall=True) or "")
    stated = page_head.read(tree, url, now or article_date.FAR_FUTURE)
    address = stated.address
    base = sniff.base_of(tree, address)
    own = page_links.own_sites(tree, address)
    body, cited = citations.split([line for line in boilerplate.lines(text) if line != stated.title])
    body = [line for line in body if not citations.HEADING.match(line)]
    body, dated = article_date.leading_date(body)
    body, day, agency = datelines.take(body)
    leading_on = page_links.leading_on(tree)
    said = "\n".join(boilerplate.once([line for line in body if line not in leading_on], furniture=False))
    if walled and len(said) < WALL_CHARS_MAX and not stated.published_at:
        raise ArticleError("the page asks for a login or a captcha; save the article's text to a file and give that")
    if boilerplate.words(said) < WORDS_MIN:
        raise ArticleError("no article text is on the page; save its text to a file and give that")
    listed = _listed(tree, base)
    article_links.strip_furniture(tree, article=True)
    links = page_links.find(tree, base, own, f"{said}\n{text}")
    listed = listed or tuple(page_links.with_link(citation, links) for citation in cited)
    outlet = outlets.find(address) if address else None
    found = citations.merged(page_links.cited(links), agency, mentions.find(said, stated.site), datelines.credits(body))
    guessed = article_date.infer(said, now)
    return Article(
        title=stated.title or body[0][:200], text=said, url=address, site=stated.site,
        published_at=stated.published_at or dated or day
        or page_head.day_in_address(address, now or article_date.FAR_FUTURE) or datelines.stamped(body)
        or (guessed if page_head.may_be(guessed, address) else None),
        cited=listed or tuple(citation for citation in found if citation.outlet != (outlet and outlet.name)),
        language=str(tree.get("lang") or "")[:32],
    )  # fmt: skip


def _unglued(tree: Any, text: str) -> str:
    """The text of a short page in its paragraphs again, where extraction made one line of them."""
    if "\n" in text or len(text) > GLUED_CHARS_MAX:
        return text
    said = (clean(node.text_content(), 2000) for node in tree.xpath("//p | //li | //h2 | //h3")[:GLUED_CHARS_MAX])
    found = [paragraph for paragraph in said if paragraph and paragraph in text]
    return "\n".join(found) if 2 * sum(map(len, found)) > len(text) else text


def _tree(content: str) -> Any:
    tree = sniff.html_tree(content)
    if tree is None:
        raise ArticleError("its HTML cannot be read")
    return tree


def version(content: str) -> tuple[str, str]:
    """Title and paragraphs of a page as they stand, correction notes included; a fragment needs no head or body."""
    tree = _tree(content)
    title = page_head.read(tree, "", article_date.FAR_FUTURE).title
    etree.strip_elements(tree, "script", "style", "nav", "footer", "aside", with_tail=False)
    blocks = tree.xpath("//p | //li | //blockquote | //h2 | //h3 | //td")
    said = [clean(block.text_content(), 20_000) for block in blocks]
    text = "\n".join(line for line in said if line) or clean(tree.text_content(), 200_000)
    return title, text


def _listed(tree: Any, url: str) -> tuple[Citation, ...]:
    """The items of a list under a heading such as "Sources", with their links; extraction drops lists of links."""
    for heading in reversed(tree.xpath("//h1|//h2|//h3|//h4|//h5|//h6|//p|//strong|//b|//dt|//summary")):
        if not citations.HEADING.match(clean(heading.text_content(), 80)):
            continue
        around = (heading, heading.getparent()) if heading.tag in ("strong", "b") else (heading,)
        following = next((node.getnext() for node in around if node.getnext() is not None), None)
        items = following.xpath("self::ul/li | self::ol/li") if following is not None else ()
        if following is not None and following.tag == "p":
            listed = takewhile(lambda node: node.tag == "p" and node.xpath(".//a[@href]"), following.itersiblings())
            items = [node for node in (following, *listed) if node.xpath(".//a[@href]")]
        found = [citation for item in items if (citation := _item(item, url))]
        if found:
            return tuple(found[: citations.CITATIONS_MAX])
    return ()


def _item(item: Any, url: str) -> Citation | None:
    """One item: what its link says is the headline, what stands beside the link the outlet."""
    said = clean(item.text_content(), 600)
    anchor = next(iter(item.xpath(".//a[@href]")), None)
    link = urls.fetchable(anchor.get("href"), url) if anchor is not None else ""
    if anchor is None or not link:
        return citations.parse(said)
    title = clean(anchor.text_content(), 400).replace("]", "")
    return citations.parse(
        said.replace(title, f"[{title}]({link})", 1) if title in said and title else f"{said} {link}"
    )
