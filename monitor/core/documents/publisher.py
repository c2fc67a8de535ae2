"""Whose headline is it? The outlet that an aggregator names beside an entry, and the headline without its name.

Google News, Bing and their like write "Headline - Outlet" and name the outlet in a `<source>`; many sites write their
own name behind every headline, or begin to one day. Neither is part of what the headline says.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from monitor.core import urls
from monitor.core.documents import outlets
from monitor.core.text import clean, fold

# A headline with its outlet, a section and the site behind it: "Headline | World | The Post - The Post".
SUFFIXES_MAX = 3
NAME_CHARS_MAX = 80  # characters of an outlet's name (set)
# Letters and digits left of a headline; two, because a Chinese one may be as short as that.
HEADLINE_LETTERS_MIN = 2
# A hyphen joins words, so it divides only between spaces; the others may stand close, as they do in Chinese titles.
_DIVIDER = re.compile(r"(?<!\s)\s{1,3}(?:-{1,2}|::|/|\\)\s{1,3}|\s?[|｜‖_·•»›–—―－]\s?")
_BRACKETED = re.compile(r"[(（\[【〔](?P<name>[^()（）\[\]【】〔〕]{2,80})[)）\]】〕]$")
_DIVIDES = re.compile(r"[-:/\\|｜‖_·•»›–—―－)）\]】〕]")  # what one of both has
_ARTICLE = re.compile(r"^the\s+")
_SCHEME = re.compile(r"^(?:https?://)?(?:www\.)?")


class Headline(NamedTuple):
    """A headline without its publisher's name, and the outlet where another than the feed's own is named, else ""."""

    headline: str
    outlet: str


def headline(title: str, source_element: str = "", site: str = "", address: str = "") -> Headline:
    """Take the name of the outlet off the end of a title.

    `source_element` is what the entry names as its outlet (RSS `<source>`), `site` the feed's own title or its
    source's name, `address` a page of the site. Only these names are taken off: a last part that is none of them
    belongs to the headline.
    """
    own = _site_names(site, address)
    given = clean(source_element, NAME_CHARS_MAX)
    outlet = "" if not given or forms(given) & own else given
    names = own | forms(given)
    for _ in range(SUFFIXES_MAX if names else 0):
        shorter = _shorter(title, names)
        if shorter == title:
            break
        title = shorter
    return Headline(title, outlet)


def is_name(text: str, site: str, address: str = "") -> bool:
    """Whether a text, such as the first heading of a page, is what its site is called and no headline."""
    return bool(forms(text) & _site_names(site, address))


def teaser(summary: str, headline: str, outlet: str) -> str:
    """A summary that says no more than headline and outlet, as Google News writes it, without the outlet."""
    says_both = outlet and len(summary) <= len(headline) + 2 * NAME_CHARS_MAX
    return headline if says_both and _normal(summary) == _normal(f"{headline} {outlet}") else summary


def _shorter(title: str, names: frozenset[str]) -> str:
    """The title without its last part where that is one of the names."""
    tail = title[-2 * NAME_CHARS_MAX :]
    if not _DIVIDES.search(tail):
        return title
    offset = len(title) - len(tail)
    cuts = [(found.start(), found["name"]) for found in [_BRACKETED.search(tail)] if found]
    # A name may hold a divider of its own ("Agence France-Presse - AFP"): each is tried, the longest head first.
    cuts += [(found.start(), tail[found.end() :]) for found in reversed([*_DIVIDER.finditer(tail)])]
    for at, name in cuts:
        head = title[: offset + at].rstrip()
        if forms(name) & names and len(re.sub(r"[\W_]", "", head)) >= HEADLINE_LETTERS_MIN:
            return head
    return title


@lru_cache(maxsize=2048)
def _site_names(site: str, address: str) -> frozenset[str]:
    """What a site is called: its whole title; of the title's parts those that are an outlet's name or the domain's."""
    site = clean(site, 4 * NAME_CHARS_MAX)
    label = _normal(urls.registrable(address).partition(".")[0]) if "://" in address else ""
    names = forms(site)
    for part in _DIVIDER.split(site)[:6]:
        called = forms(part)
        if outlets.find(part) or (label and label in called):
            names |= called
    return names | (frozenset([label]) if label else frozenset())


@lru_cache(maxsize=4096)
def forms(name: str) -> frozenset[str]:
    """How one name is written for comparison: whole, without its article, and as the label of a domain."""
    text = _SCHEME.sub("", fold(name).strip()).strip("/ ")
    forms = {_normal(text), _normal(_ARTICLE.sub("", text))}
    if " " not in text and "." in text:
        forms.add(_normal(urls.registrable(text).partition(".")[0]))
    return frozenset(form for form in forms if form)


def _normal(name: str) -> str:
    return re.sub(r"[\W_]", "", name)
