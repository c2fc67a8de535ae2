"""What stands in quotation marks: copies share it when all else is reworded."""

from __future__ import annotations

import re

from monitor.core import text

WORDS_MIN = 4  # words of a quotation that is nobody else's (set)
_QUOTE = re.compile(r"[\"'“‘](?P<said>[^\"“”]{15,300}?)[\"'”’](?!\w)")


def find(said: str) -> frozenset[str]:
    """The quotations of four words or more, folded."""
    found = (text.words(match.group("said")) for match in _QUOTE.finditer(said))
    return frozenset(" ".join(words) for words in found if len(words) >= WORDS_MIN)
