"""What an address says in words: the slug that a publisher makes of a headline, and often of more than it.

"How does it spread?" stands at /world/hantavirus-cruise-ship-outbreak. Words of it that no headline would have are the
house's codes ("intl", "wny"); pages at which matters follow each other are named for none of them.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from monitor import data

ADDRESS_CHARS_MAX = 500  # characters read of an address (set)
# A slug has at least so many words of so many letters: less is a section, a day or an id (set on 13,437 addresses).
WORDS_MIN, LETTERS_MIN = 3, 3
# Addresses at which matters follow each other: live pages, collections, and short links that are pointed elsewhere.
_SLOTS = data.words("address_slots")
_SHORT_LINK = re.compile(r"[a-z]+://[^/]{4,12}/(?=[A-Za-z]*\d)(?=[^/]*[A-Z])[A-Za-z0-9]{5,10}$")
_SHORT_PARTS = 4  # between its slashes
_SUFFIX = re.compile(r"\.[a-z]{2,5}$")
SUFFIX_CHARS_MAX = 7  # with its point and the end of a line


def is_slot(url: str) -> bool:
    """Whether matters follow each other at an address, by the look of it."""
    url = url[:ADDRESS_CHARS_MAX]
    parts = url.split("/")
    if not _SLOTS.isdisjoint(parts[1:-1]):
        return True
    return len(parts) == _SHORT_PARTS and _SHORT_LINK.match(url) is not None


def words(url: str) -> str:
    """The words of an address's slug, with spaces between; "" where it has none or is not of one matter."""
    if is_slot(url):
        return ""
    path = url[:ADDRESS_CHARS_MAX].partition("?")[0].partition("#")[0]
    path = unquote(path) if "%" in path else path
    path = _SUFFIX.sub("", path) if "." in path[-SUFFIX_CHARS_MAX:] else path
    parts = [part for part in path.split("/")[3:] if len(part) >= WORDS_MIN * (LETTERS_MIN + 1) - 1]
    found = max(map(_words, parts), key=len, default=[])
    return " ".join(found) if len(found) >= WORDS_MIN else ""


def _words(part: str) -> list[str]:
    words = part.replace("_", "-").replace(".", "-").split("-")
    return [word for word in words if len(word) >= LETTERS_MIN and word.isalpha() and word == word.lower()]
