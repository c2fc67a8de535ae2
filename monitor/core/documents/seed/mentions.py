"""The outlets that a text says report something, where it lists no sources."""

from __future__ import annotations

import re

from monitor.core.documents import outlets
from monitor.core.documents.outlets import Outlet
from monitor.core.documents.seed import article_date
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
_OPENERS = frozenset(article_date.WEEKDAYS) | frozenset(
    ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
     "december", "on", "in", "as", "while", "when", "meanwhile", "yesterday", "today", "earlier", "later", "however",
     "but", "and", "also", "then", "last", "this", "since", "after", "before", "although", "though", "separately")
)  # fmt: skip
_ACRONYM = re.compile(r"(?:the )?[A-Z]{3,5}")


def find(text: str) -> tuple[Citation, ...]:
    """Outlets of the catalogue that the text says report something, each once, in the order of the text."""
    found: dict[str, Citation] = {}
    for match in _REPORTS.finditer(text):
        phrase = match["before"] or match["owner"] or match["after"]
        for outlet in _named(re.sub(r"[’']s?$", "", " ".join(phrase.split()))):
            found.setdefault(outlet.id, Citation(outlet.name))
    return tuple(found.values())


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
