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
# In any language that the tables have: "declaraciones a la agencia EFE", "the Ledger first reported".
_REPORTS = re.compile(
    rf"(?P<before>{_NAME})\s+(?:(?:had|has|have|also|first|earlier|previously)\s+){{0,2}}"
    rf"(?:(?i:{data.patterns('tells_it')})|said in a report\b)"
    rf"|(?P<owner>{_NAME})(?<=[’']s)\s+(?:sources?|reports?|reporting|correspondents?|reporters?|investigations?)\b"
    rf"|(?i:{data.patterns('told_by')})(?:['’\s]+[^\W\dA-Z_]{{1,14}}){{0,3}}['’\s]+(?P<after>{_NAME})"
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
        phrase = _sentence(match["after"], 0) if match["after"] else _sentence(match["before"] or match["owner"], -1)
        phrase = re.sub(r"[’']s?$", "", phrase)
        known = _named(phrase) or _named(re.sub(r"^[^\W\d_]{1,3}\s", "", phrase))
        for name in [outlet.name for outlet in known] or filter(None, [_uncatalogued(phrase)]):
            found.setdefault(name.casefold(), Citation(name))
    return tuple(citation for citation in found.values() if not publisher.is_name(citation.outlet, own))


def _sentence(phrase: str, part: int) -> str:
    """Of a run of words that goes over the end of a sentence its first or last part; "St. Louis" is no such end."""
    return " ".join(re.split(r"(?<=[^\W_]{4})\.\s|(?<=[A-Z]{3})\.\s", phrase.strip(" ."))[part].split())


def _uncatalogued(phrase: str) -> str:
    """The name of an outlet outside the catalogue at the end of a run of capitalised words, by what such are called."""
    words = phrase.split()
    while words and (words[0].lower().strip(".,") in _OPENERS or words[0].lower() == "the"):
        words.pop(0)
    while words and words[-1].lower().strip(".,") in _OPENERS:
        words.pop()
    # "Interior Ministry News" may be one; "Post", "News" or "Post Office" alone is none.
    # Most agencies are a state's: "Environmental Protection Agency", but "Ilmar News Agency".
    last = words[-2:-1] if words[-1:] == ["Agency"] else words[-1:]
    named = len(words) > 1 and {word.casefold() for word in last} <= data.words("outlet_names")
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
