"""A sentence or a headline in the parts between its colons, dashes, commas and quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PARTS = re.compile(r"[;:!?]\s|\.\s(?=[A-Z\"“])|\s[-–—|]\s|[\"“”]|,\s")


def split(text: str) -> Iterator[tuple[str, str, str]]:
    """The parts of a sentence with the mark before and after each."""
    at, before = 0, ""
    for mark in _PARTS.finditer(text):
        sign = mark.group().strip()
        after = "-" if sign in ("–", "—") else sign
        if text[at : mark.start()].strip():
            yield text[at : mark.start()], before, after
        at, before = mark.end(), after
    if text[at:].strip():
        yield text[at:].rstrip(" ."), before, ""
