"""Quotation marks put round what a headline stated, or taken away: whether the outlet vouches for it itself.

"Man stabbed wife" -> "Man 'stabbed wife'": the second says that somebody says so. Around words that tell no act they
are a matter of taste, and beside somebody who is named as saying it they change nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.core.language import lexicon
from monitor.core.revisions import weights
from monitor.core.revisions.findings import Finding, Versions, key, made

MARKED_WORDS_MAX = 6  # words in such marks; more are a statement that is quoted (set)
# Share of both headlines' words, 0..1, that stay (set).
STAYED_SHARE = 0.8
_MARKED = re.compile(r"(?<!\w)[‘'“\"„«]([^‘’'“”\"„«»\n]{2,60})[’'”\"“»](?!\w)")
_SAID = re.compile(
    r"\b(?:says?|said|tells?|told|hears?|heard|claims?|alleges?|accus\w+|calls?|warns?|warned|insists?|vows?|denie[sd]|deny|court|trial|jury"
    r"|according|reports?|sources?)\b|\s[-–—]\s|:\s",
    re.IGNORECASE,
)
_NAMES_A_THING = re.compile(r"(?:the|an?|inside|meet)\s", re.IGNORECASE)  # "The man who 'killed' Pluto"
_TITLED = re.compile(r"[A-Z0-9]\S*(?:\s(?:[A-Z0-9]\S*|of|the|and|in|at|on|for|to|a)){0,6}\Z")
# What somebody may be blamed for or may have suffered, and what has a name ("breach", "leak").
_GRAVE = frozenset((
    "death", "injury", "attack", "blast", "fire", "raid", "kidnap", "hostage", "hack", "deploy", "destroy", "fail",
    "escape", "foil", "execute", "withdraw", "resignation", "dismissal", "cancel", "reject", "agree", "ban",
))  # fmt: skip
_DONE = re.compile(
    r"(?:[a-z]{2,}ed|lied|knew|stole|hid|shot|stabbed|broke|fled|let|left|ran|sold|took|beat|hit|sunk|sank)"
)


def find(both: Versions) -> Iterator[Finding]:
    """The marks put round an act of a headline that otherwise stayed, or taken away, where nobody is named for it."""
    old, new = both.titles
    if not old or not new or any(map(_SAID.search, both.titles)) or any(map(weights.QUESTION.search, both.titles)):
        return
    if _NAMES_A_THING.match(new):
        return
    stems = [lexicon.content(title) for title in both.titles]
    if len(stems[0] & stems[1]) < STAYED_SHARE * max(1, len(stems[0] | stems[1])):
        return
    for bare, marked in ((old, new), (new, old)):
        for found in _MARKED.finditer(marked):
            words = key(found[1])
            if f" {words} " in f" {key(_MARKED.sub(' ', bare))} " and _acts(found[1]):
                before, after = (words, found.group()) if marked is new else (found.group(), words)
                yield made("attribution", before, after, new, "attribution")


def _acts(marked: str) -> bool:
    """Whether the words between marks tell an act: "attack", "ignored warnings"; no "phenomenal level", no title."""
    words = lexicon.words(marked)
    if len(words) > MARKED_WORDS_MAX or _TITLED.match(marked):
        return False
    return any(lexicon.event(word) in _GRAVE or _DONE.fullmatch(word) for word in words)
