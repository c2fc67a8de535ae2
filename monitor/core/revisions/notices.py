"""Notices of correction, clarification, amendment and withdrawal."""

from __future__ import annotations

import re
from functools import cache

from monitor import data
from monitor.core.text import sentences

NOTICE_CHARS_MAX = 500
_HINT = re.compile(
    r"correct|clarif|amend|withdr|retract|version|updated|mis[a-z]|error|erron|editor|edition|wrong|apolog|regret|accura"
    r"|erratum|headline|caption|originally|previously|story|article|report",
    re.IGNORECASE,
)


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{row[0]})" for row in data.rows("notices.tsv")), re.IGNORECASE | re.MULTILINE)


def find(text: str) -> tuple[str, ...]:
    """The sentences of a text that are notices of correction, clarification, amendment or withdrawal."""
    pattern = _pattern()
    if not _HINT.search(text) or not pattern.search(text):
        return ()
    return tuple(part[:NOTICE_CHARS_MAX] for part in sentences(text) if pattern.search(part))
