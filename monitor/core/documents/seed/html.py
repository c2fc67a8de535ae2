"""An article in HTML: text by trafilatura, date and title from the page's own statements, links as citations."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from lxml import html as lxml_html

from monitor import data
from monitor.core import urls
from monitor.core.documents import boilerplate, outlets
from monitor.core.documents.feeds import dates
from monitor.core.documents.seed import article_date, citations, datelines, mentions
from monitor.core.text import clean, fold
from monitor.errors import ArticleError
from monitor.model import Article, Citation

_DATE_PATHS = (
    "//meta[@property='article:published_time' or @property='og:article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//meta[contains(' date pubdate parsely-pub-date sailthru.date dc.date dc.date.issued publish-date ',"
    " concat(' ', translate(@name, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'), ' '))]/@content",
    "//time[@pubdate]/@datetime", "//article//time[@datetime]/@datetime", "//time[@datetime]/@datetime",
)  # fmt: skip
FAR_FUTURE = datetime(2100, 1, 1, tzinfo=UTC)
LINKS_MAX = 40
WORDS_MIN = 8
ANCHORS_MAX = 400
UNKNOWN_MAX = 8
WALL_CHARS_MAX = 600
TITLE_CHARS_MIN = 12
SITE_WORDS_MAX = 5
HEADLINE_WORDS_MIN = 4
# Words in the last part of an address from which on it is an article's; sections have fewer.
ARTICLE_WORDS_MIN = 4


def read(content: str, url: str, now: datetime | None = None, *, walled: bool = False) -> Article:
    """An article; ArticleError where nothing readable is on it. `walled`: it bears the marks of a challenge."""
    # Imported here: it costs a quarter of a second, and most runs read no HTML article.
    from trafilatura import extract

    tree = _tree(content)
    text = extract(content, url=url or None, include_comments=False, favor_recall=True) or ""
    title = _title(tree)
    body, cited = citations.split([line for line in boilerplate.lines(text) if line != title])
    body = [line for line in body if not citations.HEADING.match(line)]
    body, day, agency = datelines.take(body)
    said = "\n".join(boilerplate.once(body))
    if walled and len(said) < WALL_CHARS_MAX:
        raise ArticleError("the page asks for a login or a captcha; save the article's text to a file and give that")
    if boilerplate.words(said) < WORDS_MIN:
        raise ArticleError("no article text is on the page; save its text to a file and give that")
    anchors = _anchors(tree, url)
    linked = _linked(anchors, url)
    listed = _listed(tree, url) or tuple(_with_link(citation, anchors) for citation in cited)
    return Article(
        title=title or body[0][:200], text=said, url=url,
        published_at=_stated(tree) or article_date.leading_date(body)[1] or day or datelines.stamped(body)
        or article_date.infer(said, now),
        cited=listed or citations.merged(linked, agency, mentions.find(said), datelines.credits(body)),
        language=str(tree.get("lang") or "")[:32],
    )  # fmt: skip


def _tree(content: str) -> Any:
    try:
        return lxml_html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", content))
    except (ValueError, lxml_html.etree.ParserError) as error:
        raise ArticleError(f"its HTML cannot be read ({error})") from error


def version(content: str) -> tuple[str, str]:
    """Title and paragraphs of a page as they stand, correction notes included; a fragment needs no head or body."""
    tree = _tree(content)
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
    """The heading that the page's own statements agree with; sites put their name into headings as well."""
    headings = [clean(node.text_content(), 1000) for node in tree.xpath("//article//h1 | //h1")]
    headings = [heading for heading in headings if heading]
    stated = [_first(tree, "//meta[@property='og:title']/@content"), _headline(tree), _first(tree, "//title/text()")]
    agreed = [heading for heading in headings if any(fold(heading) in fold(said) for said in stated if said)]
    alone = next((said for said in stated[:2] if said), "") or _without_site(stated[2])
    return next(iter(agreed), "") or (headings[0] if headings and not (alone and len(headings) > 1) else alone)


def _headline(tree: Any) -> str:
    return next((clean(found, 1000) for found in _statements(tree, "headline")), "")


def _without_site(title: str) -> str:
    """A page's title without the name of the site at its end."""
    last = next(iter([*re.finditer(r"(?<!\s)\s++[|–—»-]\s+", title)][-1:]), None)
    if last and last.start() >= TITLE_CHARS_MIN and len(title[last.end() :].split()) <= SITE_WORDS_MAX:
        return title[: last.start()]
    return title


def _statements(tree: Any, key: str) -> Iterator[str]:
    """What the page's JSON-LD gives a key, wherever in it."""
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        for found in re.finditer(rf'"{key}"\s*:\s*"((?:[^"\\]|\\.){{4,500}})"', str(script)):
            try:
                yield str(json.loads(f'"{found[1]}"'))
            except ValueError:
                continue


def _stated(tree: Any) -> datetime | None:
    """When the page says for machines that it was published."""
    said = [*_statements(tree, "datePublished"), *(_first(tree, path) for path in _DATE_PATHS)]
    return next((at for text in said if (at := dates.read(text, FAR_FUTURE))), None)


def _listed(tree: Any, url: str) -> tuple[Citation, ...]:
    """The items of a list under a heading such as "Sources", with their links; extraction drops lists of links."""
    for heading in reversed(tree.xpath("//h1|//h2|//h3|//h4|//h5|//h6|//p|//strong|//b|//dt|//summary")):
        if not citations.HEADING.match(clean(heading.text_content(), 80)):
            continue
        around = (heading, heading.getparent()) if heading.tag in ("strong", "b") else (heading,)
        following = next((node.getnext() for node in around if node.getnext() is not None), None)
        items = following.xpath("self::ul/li | self::ol/li") if following is not None else ()
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


def _anchors(tree: Any, url: str) -> list[tuple[str, str]]:
    """The text and address of the links in the text, of other sites than the article's own."""
    own = urls.registrable(url) if url else ""
    found = []
    for node in tree.xpath("//article//a[@href] | //main//a[@href] | //p//a[@href] | //li//a[@href]")[:ANCHORS_MAX]:
        link = urls.fetchable(node.get("href"), url)
        if link and urls.registrable(link) != own:
            found.append((clean(node.text_content(), 300), link))
    return found


def _linked(anchors: list[tuple[str, str]], url: str) -> tuple[Citation, ...]:
    """Links to known outlets, and to articles of a few unknown sites; never to a platform."""
    found: dict[str, Citation] = {}
    platforms = {name for row in data.rows("platforms.txt") for name in row[0].split()}
    unknown: set[str] = set()
    for said, link in anchors:
        outlet, domain = outlets.find(link), urls.registrable(link)
        said = said if len(said.split()) >= HEADLINE_WORDS_MIN else ""
        if link in found or len(found) >= LINKS_MAX:
            continue
        if outlet:
            found[link] = Citation(outlet.name, said, link)
        elif url and domain not in platforms and _is_article(link) and len(unknown | {domain}) <= UNKNOWN_MAX:
            unknown.add(domain)
            found[link] = Citation(urls.display(link), said, link)
    return tuple(found.values())


def _is_article(link: str) -> bool:
    """Whether an address looks like one article: a long last part of words, or a date in the path."""
    path = link.split("://", 1)[1].partition("?")[0].partition("/")[2]
    words = [word for word in path.removesuffix("/").rpartition("/")[2].split("-") if word]
    return len(words) >= ARTICLE_WORDS_MIN or re.search(r"(?:^|/)20\d\d/\d", path) is not None


def _with_link(citation: Citation, anchors: list[tuple[str, str]]) -> Citation:
    """A listed citation with the address that the page links its headline, or else its outlet's name, to."""
    if citation.url:
        return citation
    title = fold(citation.title)
    for said, link in anchors:
        text = fold(said)
        if title and (text == title or (len(title) >= TITLE_CHARS_MIN and title in text)):
            return replace(citation, url=link)
    for said, link in anchors:
        outlet = outlets.find(link)
        if not title and (fold(said) == fold(citation.outlet) or (outlet and outlet.name == citation.outlet)):
            return replace(citation, url=link)
    return citation
