"""Links of pages: which lead to one article, and which parts of a page are furniture, whose links say nothing. Pure."""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from urllib.parse import unquote

from monitor import data
from monitor.core.text import fold

HEADLINE_WORDS_MIN = 4  # words of a headline; sections have fewer (set by reading)
# Chinese, Japanese, Korean and Thai headlines have few spaces or none; a name of a section seldom has as many signs.
HEADLINE_SIGNS_MIN = 8
HEADLINE_CHARS_MAX = 300  # characters of a headline (set)
# Words in the last part of an address that an article has more of; sections have fewer.
SLUG_WORDS_MIN = 3
TOKENS_CHARS_MAX = 400  # characters looked at of an element's class and id (set)
# A wrapper of the whole page may be called "has-sidebar"; what holds most of the text is no furniture.
SHARE_MAX = 0.5
_TAGS = ("script", "style", "noscript", "template", "nav", "aside", "form", "iframe", "svg", "footer", "dialog")
_ROLES = frozenset(("navigation", "complementary", "contentinfo", "banner", "search", "menu", "menubar", "dialog"))
_DATED = re.compile(r"(?:^|[/_-])20\d\d[/_-]?(?:0?[1-9]|1[0-2])(?:$|[/_-]|\d)")


@cache
def _named(beside: bool) -> re.Pattern[str]:
    """Whether class and id of an element name it as a part of the site, or as one `beside` an article."""
    kinds = ("site", "beside") if beside else ("site",)
    names = "|".join(pattern for kind, pattern in data.rows("page_parts.tsv") if kind in kinds)
    return re.compile(rf"(?:^|[\s_-])(?:{names})(?:$|[\s_-])")


@cache
def _no_article() -> re.Pattern[str]:
    names = next(pattern for kind, pattern in data.rows("page_parts.tsv") if kind == "path")
    return re.compile(rf"(?:^|/)(?:{names})(?:[/.]|$)", re.I)


def is_headline(text: str) -> bool:
    """Whether the words of a link may be a headline: a clause, in any script, not the name of a section."""
    spaced = len(text.split()) >= HEADLINE_WORDS_MIN
    dense = sum(ord(char) >= 0x0E00 and char.isalpha() for char in text) >= HEADLINE_SIGNS_MIN
    return (spaced or dense) and len(text) <= HEADLINE_CHARS_MAX and any(char.isalpha() for char in text)


def is_article(link: str) -> bool:
    """Whether an address looks like one article: a last part of words or a number, or a day in the path."""
    path, _, query = link.partition("://")[2].partition("/")[2].partition("?")
    path = unquote(path).rstrip("/")
    last = path.rpartition("/")[2]
    if not path and not re.search(r"(?:^|&)(?:p|id|article|story)\w{0,8}=\w*\d{2,}", query):
        return False
    words = [word for word in re.split(r"[-_]", last) if word]
    dated, long = _DATED.search(path), len(words) > SLUG_WORDS_MIN
    if _no_article().search(path) and not (dated and long):
        return False
    numbered = re.search(r"\d{4,}", last) and not re.fullmatch(r"(?:19|20)\d\d", last)
    asked = re.search(r"(?:^|&)(?:p|id|idx|no|article|story|aid|nid|newsid|ref)\w{0,8}=\w*\d{2,}", query, re.I)
    signs = sum(not char.isascii() for char in last) >= HEADLINE_SIGNS_MIN
    return bool((dated and not re.fullmatch(r"\d{1,2}|20\d\d", last)) or long or numbered or asked or signs)


def strip_furniture(tree: Any, *, article: bool) -> None:
    """Take away the parts of a page that belong to the site: menus, asides, footers, advertisements.

    Of an `article`, also the boxes that lead to others; a front page consists of such.
    """
    body = next(iter(tree.xpath("//body")), tree)
    whole = len(body.text_content()) or 1
    waiting = [child for child in body if isinstance(child.tag, str)]
    while waiting:
        node = waiting.pop()
        furniture = is_furniture(node, article=article)
        if furniture and (node.tag in _TAGS or len(node.text_content()) <= SHARE_MAX * whole):
            node.drop_tree()
        else:
            waiting += [child for child in node if isinstance(child.tag, str)]


def is_furniture(node: Any, *, article: bool) -> bool:
    """Whether an element by its kind, role or names is a part of the site rather than of an article."""
    if node.tag in ("html", "body", "main", "article"):
        return False
    if node.tag in _TAGS or str(node.get("role", "")).lower() in _ROLES:
        return True
    if node.tag == "header":
        return not any(up.tag in ("article", "main") for up in node.iterancestors()) and not node.xpath(".//h1")
    if node.tag in ("a", "span", "p", "em", "strong", "h1", "h2", "h3", "b", "i", "time"):
        return False
    names = f"{node.get('class', '')} {node.get('id', '')} {node.get('data-component', '')}"[:TOKENS_CHARS_MAX]
    return _named(article).search(fold(names)) is not None
