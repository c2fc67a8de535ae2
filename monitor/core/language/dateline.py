"""What an agency writes before its first sentence: "KELMOUTH, June 22 (IPA) - ". Its day is no date of the story."""

from __future__ import annotations

import re

from monitor import data
from monitor.core.language import dates

CHARS_MAX = 80  # characters before the dash (set)
WORDS_MAX = 6  # words of a place with its region (set)
_DASH = re.compile(r"(?:[—–]|(?<=[\s).])--?)\s+(?=\S)")
_AGENCY = re.compile(r"\([^()]{2,40}\)\.?\s*$")
_JOINS = data.words("within_places")


def without(sentence: str) -> str:
    """A first sentence without its dateline, which names a place and a day, or an agency in brackets."""
    found = _DASH.search(sentence, 0, CHARS_MAX)
    if found is None:
        return sentence
    head = sentence[: found.start()].rstrip()
    place = _AGENCY.sub("", head)
    spans = [span for span in dates.find(place) if span.kind in ("day", "weekday")]
    for span in reversed(spans):
        place = place[: span.start] + place[span.end :]
    words = place.replace(",", " ").replace(".", " ").split()
    named = all(word[0].isalpha() and (not word[0].islower() or word in _JOINS) for word in words)
    stated = bool(spans) or _AGENCY.search(head) is not None
    told = bool(words) or _AGENCY.search(head) is not None
    return sentence[found.end() :] if stated and named and told and len(words) <= WORDS_MAX else sentence
