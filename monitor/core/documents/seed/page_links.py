"""The sources that an article's page cites by links: only those in the article's own text, and never its own site."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from monitor import data
from monitor.core import urls
from monitor.core.documents import article_links, outlets, wrapped_links
from monitor.core.documents.seed import citations
from monitor.core.text import clean, fold
from monitor.model import Citation

LINKS_MAX = 40  # links kept of a text (set)
ANCHORS_MAX = 1500  # links looked at (set)
UNKNOWN_MAX = 8  # sites outside the catalogue that are taken for outlets (set)
TITLE_CHARS_MIN = 12  # characters of a linked headline (set by reading)
HEADLINE_WORDS_MIN = 4  # words of a linked headline (set by reading)
# Letters of a paragraph by which it is found in the article's text: enough to be no other's.
PARAGRAPH_LETTERS = 60
PARAGRAPH_LETTERS_MIN = 25  # letters of a paragraph of the text (set)
# What stands beside a link that leads on: "Advertisement", "Read more on this", "Lire aussi", "Mehr zum Thema".
LABEL_LETTERS, LABEL_CHARS_MAX = 18, 80
BEHIND_LETTERS_MIN = 5  # letters of a sentence that goes on behind its link (set)
NAME_WORDS_MAX = 6  # words of a linked name (set)
PARAGRAPH_CHARS_MAX = 1500  # characters looked at of a paragraph (set)
# Where a saved page does not say where it stood: what this share of its links, and no fewer, leads to is its own site.
OWN_SHARE_MIN, OWN_LINKS_MIN = 0.3, 5
DENSE = 0x0E00  # from this code point on scripts are dense, Thai the first of them
# A linked name, perhaps with its article: "El Faro del Norte", "de Polderbode".
_WORD = r"[^\W_a-z][^\s.,;:!?/]{0,30}"
# That somebody else told it: in a link's few words as in its sentence.
_CITES = re.compile(f"{data.patterns('told_by')}|{data.patterns('tells_it')}", re.IGNORECASE)
# "[The Herald reported]": who told it and that he did, in the link's own few words.
_LINKED_TELLING = re.compile(
    rf"(?:{_WORD}\s){{1,5}}(?:(?:has|had|also|first|earlier)\s){{0,2}}(?:{data.patterns('tells_it')})\W*\Z"
)
_AND = re.compile(r"\s*(?:,|and|und|et|y|e|en|och|og|dan|i|ve)(?:\s(?:[^\W\d_]{1,5}\s?){0,2})?\s*", re.IGNORECASE)
_NAME = re.compile(
    rf"(?:[^\W\d_]{{1,4}}[\s'’])?{_WORD}(?:\s(?:{_WORD}|(?:[^\W\d_]{{1,4}}\s){{1,2}}[^\s.,;:!?/]{{1,30}})){{0,5}}"
)
_BLOCKS = ("p", "li", "blockquote", "td", "dd", "h2", "h3", "h4", "div", "section", "article", "body")


@dataclass(frozen=True, slots=True)
class Link:
    """A link in an article's text: its words, its address, its paragraph, and whether this names it as who told it."""

    text: str
    url: str
    paragraph: str = ""
    told: bool = False


def own_sites(tree: Any, address: str) -> frozenset[str]:
    """The registrable domains that are the page's own: where it stands, or else where most of its links lead."""
    if address:
        return frozenset([urls.registrable(address)])
    hrefs = (urls.fetchable(str(node.get("href"))) for node in tree.xpath("//a[@href]")[:ANCHORS_MAX])
    counted = Counter(urls.registrable(href) for href in hrefs if href)
    (site, count), total = next(iter(counted.most_common(1)), ("", 0)), counted.total()
    return frozenset([site]) if count >= OWN_LINKS_MIN and count >= OWN_SHARE_MIN * total else frozenset()


def find(tree: Any, address: str, own: frozenset[str], text: str) -> list[Link]:
    """The links to other sites in the paragraphs of `text`; the tree's furniture is gone already."""
    letters, found = _letters(text), list[Link]()
    names = {outlet.id for site in own if (outlet := outlets.find(site))}
    for node, said in _anchors(tree):
        link = wrapped_links.unwrapped(urls.fetchable(str(node.get("href")).strip(), address))
        if not link or urls.registrable(link) in own or "sponsored" in str(node.get("rel", "")).lower():
            continue
        outlet = outlets.find(link)
        if outlet and outlet.id in names:
            continue
        text = clean(node.text_content(), 300)
        told = bool(text) and _told(said, text, link, found[-1:])
        if _is_in(said, node, letters, told):
            found.append(Link(text, link, said, told))
    return found


def leading_on(tree: Any) -> frozenset[str]:
    """The lines of a page that are nothing but a link and perhaps a label: they lead on to another article."""
    return frozenset(
        said for node, said in _anchors(tree)
        if len(_letters(said)) - len(_letters(node.text_content())) < LABEL_LETTERS
        and not re.search(r"[.!?。…][\"'”’»)]*$", said) and not _CITES.search(said)
    )  # fmt: skip


def _anchors(tree: Any) -> Iterator[tuple[Any, str]]:
    """The links of a page with the paragraph that each stands in, read once for all of its links."""
    last, said = None, ""
    for node in tree.xpath("//a[@href]")[:ANCHORS_MAX]:
        paragraph = next((up for up in node.iterancestors() if up.tag in _BLOCKS), None)
        if paragraph is not last:
            last, said = paragraph, clean(paragraph.text_content(), 3000) if paragraph is not None else ""
        yield node, said


@cache
def _outlet_words() -> frozenset[str]:
    return frozenset(map(fold, data.words("outlet_names")))


def _told(paragraph: str, text: str, link: str, before: list[Link]) -> bool:
    """Whether a paragraph says that who is linked told it: "according to [X]", "[X] berichtet", "told [X] and [Y]".

    Or whether what is linked is an outlet by its name, which is its site's as well: "[Radio Skerra]".
    """
    words = re.findall(r"\w+", fold(text))
    label = urls.registrable(link).partition(".")[0].replace("-", "")
    if {*words[:1], *words[-1:]} & _outlet_words() and label in ("".join(words), "".join(words[1:])):
        return True
    ahead, _, behind = paragraph.partition(text)
    if _CITES.match(text) or _LINKED_TELLING.match(text) or citations.told_beside(ahead, behind, link):
        return True
    last = next((link for link in before if link.told and link.paragraph == paragraph), None)
    return last is not None and _AND.fullmatch(ahead.rpartition(last.text)[2][-citations.BESIDE_CHARS :]) is not None


def _is_in(paragraph: str, node: Any, letters: str, told: bool) -> bool:
    """Whether a link's paragraph is one of the text: not a box beside it that repeats some words of it."""
    own, words = _letters(paragraph), _letters(node.text_content())
    if (_length(own) < PARAGRAPH_LETTERS_MIN and not told) or not words:
        return False
    # Of a paragraph that is nothing but its link nobody says anything: it leads on to another article.
    if _length(own) - _length(words) < LABEL_LETTERS and not told and not _is_source(paragraph, node):
        return False
    at = max(0, own.find(words) - PARAGRAPH_LETTERS // 2)
    return own[at : at + PARAGRAPH_LETTERS] in letters


def _is_source(paragraph: str, node: Any) -> bool:
    """Whether a bare link is called a source: "Via: ...", or an item of a list under a heading such as "Sources"."""
    if _CITES.search(paragraph) and not paragraph.startswith(clean(node.text_content(), 300)):
        return True  # "The leak was [first reported by the Herald]."
    ahead, _, behind = paragraph.partition(clean(node.text_content(), 300))
    if _letters(ahead) and ":" not in ahead and len(_letters(behind)) >= BEHIND_LETTERS_MIN:
        return True  # "See [the Herald's report] on the debts.": amid a sentence
    label, colon, _ = paragraph.partition(":")
    if colon and citations.HEADING.match(label[:LABEL_CHARS_MAX]):
        return True
    listed = next((up for up in node.iterancestors() if up.tag in ("ul", "ol")), None)
    before = listed.getprevious() if listed is not None else None
    return before is not None and citations.HEADING.match(clean(before.text_content(), LABEL_CHARS_MAX)) is not None


def cited(links: list[Link]) -> tuple[Citation, ...]:
    """Links to known outlets, and to articles of a few unknown sites; never to a platform."""
    found: dict[str, Citation] = {}
    platforms = data.words("platforms.txt")
    unknown: set[str] = set()
    for link in links:
        outlet, domain = outlets.find(link.url), urls.registrable(link.url)
        said = link.text if len(link.text.split()) >= HEADLINE_WORDS_MIN else ""
        if link.url in found or len(found) >= LINKS_MAX or domain in platforms:
            continue
        if outlet:
            found[link.url] = Citation(outlet.name, said, link.url)
        elif (link.told or article_links.is_article(link.url)) and len(unknown | {domain}) <= UNKNOWN_MAX:
            unknown.add(domain)
            found[link.url] = Citation(_name(link, domain), said, link.url)
    return tuple(found.values())


def _name(link: Link, domain: str) -> str:
    """What a paragraph calls the site that it links to ("the Northern Ledger" of northernledger.example)."""
    label = re.sub(r"\W", "", domain.partition(".")[0])
    words = re.findall(r"[^\W_][\w’'&.-]*", link.paragraph[:PARAGRAPH_CHARS_MAX])
    for start, first in enumerate(words):
        for end in range(start + 1, min(start + NAME_WORDS_MAX, len(words)) + 1):
            plain = re.sub(r"[\W_]", "", fold(re.sub(r"[’']s$", "", "".join(words[start:end]))))
            if plain in (label, f"the{label}") and first[0].isupper():
                following = words[end] if end < len(words) else ""
                if following.casefold() in data.words("outlet_names"):
                    end, following = end + 1, ""
                # "The Space Launch System" is not what space.example is called.
                if not following[:1].isupper() or words[end - 1].endswith("."):
                    return clean(re.sub(r"(?:[’']s|\.)$", "", " ".join(words[start:end])), 100)
            if len(plain) > len(label) + 3:
                break
    name = re.sub(_CITES, "", link.text, count=1).strip(' «»„“”"‘’') if link.told else ""
    if _NAME.fullmatch(name) and len(name.split()) <= NAME_WORDS_MAX:
        return clean(name, 100)
    return urls.display(link.url)


def with_link(citation: Citation, links: list[Link]) -> Citation:
    """A listed citation with the address that the page links its headline, or else its outlet's name, to."""
    if citation.url:
        return citation
    title = fold(citation.title)
    for link in links:
        text = fold(link.text)
        if title and (text == title or (len(title) >= TITLE_CHARS_MIN and title in text)):
            return replace(citation, url=link.url)
    for link in links:
        outlet = outlets.find(link.url)
        if not title and (fold(link.text) == fold(citation.outlet) or (outlet and outlet.name == citation.outlet)):
            return replace(citation, url=link.url)
    return citation


def _length(letters: str) -> int:
    """How many letters; a sign of Chinese, Japanese, Korean or Thai says as much as two of other scripts."""
    return len(letters) + sum(ord(each) >= DENSE for each in letters)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())
