"""Which figures of a text are ages: "33-year-old", "aged 33", "a man of 33", "Anna, 33, said"."""

from __future__ import annotations

import re

from monitor import data

_AGE_AFTER = re.compile(r"[-\s]*(?:year|month|week|day)s?[-\s]olds?\b", re.IGNORECASE)
_AGED_BEFORE = re.compile(r"(?:\baged?\s(?:between\s|from\s|of\s|about\s|over\s|under\s)?|\bages\s)$", re.IGNORECASE)
# "A man of 33", and no man of 33 soldiers: what follows is no noun.
_PERSON_OF = re.compile(data.patterns("person_of"), re.IGNORECASE)
_APPOSED = re.compile(r"[^\W\d_],\s(?:\d{1,2}\sand\s)?$")
_APPOSED_END = re.compile(r"(?:\sand\s\d{1,2})?(?:,|$)")
PERSON_CHARS_MAX = 50  # characters before a figure that may say whose age it is: "another unemployed woman of " (set)


def is_age(text: str, found: re.Match[str]) -> bool:
    """Whether a figure, matched with `low` and `high`, is somebody's age."""
    before, after = text[max(0, found.start("low") - 16) : found.start("low")], text[found.end() : found.end() + 16]
    if _PERSON_OF.search(text[max(0, found.start("low") - PERSON_CHARS_MAX) : found.start("low")]):
        return True
    if _AGE_AFTER.match(after) or _AGED_BEFORE.search(before) or re.match(r"\syears?\sof\sage", after):
        return True
    digits = found.group("low").isdigit() and len(found.group("low")) < 3 and not found.group("high")
    return digits and bool(_APPOSED.search(before) and _APPOSED_END.match(after))


def end(text: str, found: re.Match[str]) -> int:
    """Where a figure that is an age ends, with the words that say so."""
    years = _AGE_AFTER.match(text, found.end())
    return years.end() if years else found.end()
