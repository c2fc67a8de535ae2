"""Datelines and credits: "NAIROBI, Mar 5, 2026 (Reuters) - Kenya has ..." and "With information from ..."."""

from __future__ import annotations

import re
from datetime import datetime

from monitor import data
from monitor.core.documents import outlets
from monitor.core.documents.seed import article_date
from monitor.model import Citation

DATELINE_CHARS_MAX = 120  # characters before the dash of a dateline (set)
_DATELINE = re.compile(
    r"^[^\W\d_a-z][^\W\d_a-z.'’ -]{2,40}(?:,\s[A-Z][\w.]+)?,?\s?(?P<rest>[^—–]{0,80}?)\s*(?:[—–]|--?)\s+(?=\S)"
)
_AGENCY = re.compile(r"\((?P<name>[^()]{2,40})\)\s*$")
_CREDIT = re.compile(rf"^\W*(?:{data.patterns('credit')})\s+(?P<list>[^.()]{{2,200}})", re.I)
_STAMP = re.compile(r"\b(?:published|updated|posted|first published|last updated)\b[^\n]{0,60}", re.I)

# Who wrote it, in a line of its own: no name of the story. "By Ann Lee and Bo Berg, Marrow Falls".
_NAME = r"[^\W\d_a-z][\w’'.-]{0,30}(?:\s(?:(?:van|von|de|der|den|la|el|bin|al)\s){0,2}[^\W\d_a-z][\w’'.-]{0,30}){1,3}"
_WRITER = re.compile(
    rf"\W{{0,3}}(?i:by|par|von|por|di|da|door|av|af|tekst:|text:|texte\s?:|autor(?:in)?:)\s{_NAME}"
    rf"(?:(?:,|\s(?:and|et|und|y|e|en|och|og|&))\s{_NAME}){{0,3}}(?:\s?[,|–—]\s?[^.!?]{{2,60}})?$"
)
BYLINE_LINES = 3  # first lines among which the writer's stands (set)


def take(body: list[str]) -> tuple[list[str], datetime | None, tuple[Citation, ...]]:
    """The body without its writer's line and its dateline; the day and the agency that this names."""
    body = [line for at, line in enumerate(body) if at >= BYLINE_LINES or not _WRITER.match(line)]
    found = _DATELINE.match(body[0][:DATELINE_CHARS_MAX]) if body else None
    if not found:
        return body, None, ()
    agency = _AGENCY.search(found["rest"])
    outlet = outlets.find(agency["name"]) if agency else None
    at = article_date.named_day(found.group())
    if not outlet and not at:
        return body, None, ()
    rest = body[0][found.end() :]
    return [rest, *body[1:]], at, (Citation(outlet.name),) if outlet else ()


def credits(lines: list[str]) -> tuple[Citation, ...]:
    """The outlets of a closing credit."""
    for line in reversed(lines[-4:]):
        if found := _CREDIT.match(line):
            names = re.split(r"(?<!\s)\s*+[,;]\s*+(?:and\s+)?|(?<!\s)\s++(?:and|und|et)\s+", found["list"])
            known = dict.fromkeys(outlet.name for name in names if (outlet := outlets.find(name.strip(" .)"))))
            return tuple(map(Citation, known))
    return ()


def stamped(lines: list[str]) -> datetime | None:
    """The day after "Published" or "Updated" in one of the last lines."""
    for line in reversed(lines[-3:]):
        if (found := _STAMP.search(line)) and (at := article_date.named_day(found.group())):
            return at
    return None
