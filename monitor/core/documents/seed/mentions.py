"""The outlets that a text says report something, where it lists no sources."""

from __future__ import annotations

import re

from monitor import data
from monitor.core import times
from monitor.core.documents import outlets, publisher
from monitor.core.documents.outlets import Outlet
from monitor.model import Citation

_WORD = r"[A-Z0-9][\w.&’'-]*"
_NAME = rf"(?<![\w.&’'-])(?:[Tt]he\s+)?[A-Z][\w.&’'-]*(?:\s+(?:of|the|de|del|and|&|{_WORD})){{0,5}}"
_REPORTS = re.compile(
    rf"(?P<before>{_NAME})\s+(?:(?:had|has|have|also|first|earlier|previously)\s+){{0,2}}"
    r"(?:reported|reports|wrote|writes|revealed|quoted|cited|said in a report)\b"
    rf"|(?P<owner>{_NAME})(?<=[’']s)\s+(?:sources?|reports?|reporting|correspondents?|reporters?|investigations?)\b"
    r"|\b(?:[Aa]ccording to|[Rr]eported by|[Tt]old|[Cc]iting|[Qq]uoted by|[Ii]nterview(?:ed)? (?:with|by))\s+"
    rf"(?P<after>{_NAME})"
)
# What may stand with a capital before a name without being part of it: "On Wednesday Reuters reported".
_OPENERS = data.words("clause_openers") | frozenset(map(str.lower, (*times.DAYS, *times.MONTHS)))
NAME_WORDS_MAX = 5  # words of an outlet's name in prose (set)
_ACRONYM = re.compile(r"(?:the )?[A-Z]{3,5}")


def find(text: str, own: str = "") -> tuple[Citation, ...]:
    """Outlets that the text says report something, each once, in its order: those of the catalogue, and others by name.

    `own` is what the article's own outlet calls itself: "told the Harbor Post" there cites nobody.
    """
    found: dict[str, Citation] = {}
    for match in _REPORTS.finditer(text):
        phrase = re.sub(r"[’']s?$", "", " ".join((match["before"] or match["owner"] or match["after"]).split()))
        known = _named(phrase)
        for outlet in known:
            found.setdefault(outlet.name.casefold(), Citation(outlet.name))
        if not known and (name := _uncatalogued(phrase)):
            found.setdefault(name.casefold(), Citation(name))
    return tuple(citation for citation in found.values() if not publisher.is_name(citation.outlet, own))


def _uncatalogued(phrase: str) -> str:
    """The name of an outlet outside the catalogue at the end of a run of capitalised words, by what such are called."""
    words = phrase.split()
    while words and (words[0].lower().strip(".,") in _OPENERS or words[0].lower() == "the"):
        words.pop(0)
    while words and words[-1].lower().strip(".,") in _OPENERS:
        words.pop()
    # "Interior Ministry News" may be one; "Post", "News" or "Post Office" alone is none.
    named = len(words) > 1 and words[-1].casefold() in data.words("outlet_names")
    return " ".join(words) if named and len(words) <= NAME_WORDS_MAX else ""


def _named(phrase: str) -> list[Outlet]:
    """The outlets in a run of capitalised words: the whole of it, or what is left of it without known other words."""
    whole = _certain(phrase)
    if whole:
        return [whole]
    joined = phrase.split(" and ")
    if len(joined) > 1:
        return [outlet for part in joined for outlet in _named(part)]
    words = phrase.split()
    while len(words) > 1 and words[-1].lower().strip(".,") in _OPENERS:
        words.pop()
    for begin in range(len(words)):
        tail = " ".join(words[begin:])
        outlet = _certain(tail)
        if outlet and (begin == 0 or _ends_before(words[begin - 1]) or _ACRONYM.fullmatch(tail)):
            return [outlet]
    return []


def _certain(name: str) -> Outlet | None:
    """The outlet of a name; a name that is a common word ("Sun", "Nature") needs the article that belongs to it."""
    outlet = outlets.find(name)
    if outlet and outlets.is_plain_word(name):
        return outlet if name.lower().startswith("the ") and outlet.name.startswith("The ") else None
    return outlet


def _ends_before(word: str) -> bool:
    return word.lower() in _OPENERS or word.endswith(("'s", "’s", "s'", "s’"))
