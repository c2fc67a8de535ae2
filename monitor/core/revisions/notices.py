"""Notices of correction, clarification and withdrawal, and the furniture of a page that is no part of an article."""

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
_AGO = (
    r"(?:\d+|an?|one|two|a few|just)\s?(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|weeks?|months?)?"
    r"\s?(?:ago|now)"
)
_FURNITURE = re.compile(
    rf"^(?:(?:last\s)?updated|published|posted|modified|first published)?:?\s*(?:on\s|at\s)?{_AGO}\.?$"
    r"|^(?:(?:last|first)\s)?(?:updated|published|posted|modified)\b(?=.*\d).{0,60}(?<![.!?])$"
    r"|^\d+\s?(?:-\s?)?(?:min|minute)s?\s(?:read|watch|listen)\.?$"
    r"|^[\d,.]+\s?[km]?\s?(?:comments?|shares?|views?|likes?|reads?|followers?|retweets?|reactions?|votes?)\.?$"
    r"|^(?:read more|more under this ad|also read|sign up|subscribe|follow us|click here|see also|share this|up next"
    r"|you may also like|story continues|continue reading|don[’']t miss|advertisement|sponsored)\b.{0,120}$"
    r"|^(?:related|more on this|more from|newsletters?|most read|most popular|trending|recommended|top stories|cookies?"
    r"|in other news|what to read next|comments?|photo|image|video|getty|reuters|afp|ap)\b.{0,80}(?<![.!?”\"])$"
    r"|^(?:⋙|▶|►|»|>>).{0,200}$",
    re.IGNORECASE,
)
_CLOCKS = re.compile(
    r"(?:\(|\[)?\b(?:last\s)?(?:updated|posted|published|modified)\b:?\s(?:on\s|at\s)?"
    r"(?:(?:\d+|an?|one|a few|just)\s?(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|h|m|days?|weeks?|months?)\sago"
    r"|just now"
    r"|\d{1,2}[:.]\d\d(?:\s?[ap]\.?m\.?)?(?:\s?[A-Z]{2,4})?(?:\s?(?:on\s)?\w+\s\d{1,2},?\s\d{4})?)\.?(?:\)|\])?"
    r"|\b\d+\s(?:min|minute)\sread\b|\b[\d,.]+[km]?\s(?:comments|shares|views|likes|retweets|reads)\b"
    r"|(?:more under this ad)+|\badvertisement\b",
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


def without_furniture(text: str) -> str:
    """The text without clocks, counters, advertisements and link lists, which change while the article does not."""
    lines = text.splitlines()
    kept = [line for index, line in enumerate(lines) if index == 0 or not _FURNITURE.match(line.strip())]
    return _CLOCKS.sub(" ", "\n".join(kept))
