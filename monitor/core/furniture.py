"""The furniture of a page: clocks, counters, advertisements and link lists, which change while the article does not."""

from __future__ import annotations

import re

_LONG = re.compile(r"([^\n]{3000}[^\s]{0,200})(?:[^\S\n]|(?=[^\n]))")
_AGO = (
    r"(?:\d+|an?|one|two|a few|just)\s?(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|weeks?|months?)?"
    r"\s?(?:ago|now)"
)
_FURNITURE = re.compile(
    rf"^(?:(?:last\s)?updated|published|posted|modified|first published)?:?\s*(?:on\s|at\s)?{_AGO}\.?$"
    r"|^(?:(?:last|first)\s)?(?:updated|published|posted|modified)\b(?=.*\d).{0,60}(?<![.!?])$"
    r"|^\d+\s?(?:-\s?)?(?:min|minute)s?\s(?:read|watch|listen)\.?$"
    r"|^[\d,.]{1,15}\s?[km]?\s?(?:comments?|shares?|views?|likes?|reads?|followers?|retweets?|reactions?|votes?)\.?$"
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
    r"|\b\d{1,3}\s(?:min|minute)\sread\b|(?<![\d,.])[\d,.]{1,15}[km]?\s(?:comments|shares|views|likes|retweets|reads)\b"
    r"|(?:more under this ad)+|\badvertisement\b",
    re.IGNORECASE,
)


def without(text: str) -> str:
    """The text without clocks, counters, advertisements and link lists, and without lines of absurd length.

    The first line, which is the headline or the lead, is never taken for furniture.
    """
    lines = text.splitlines()
    kept = [line for index, line in enumerate(lines) if index == 0 or not _FURNITURE.match(line.strip())]
    return _LONG.sub("\\1\n", _CLOCKS.sub(" ", "\n".join(kept)))
