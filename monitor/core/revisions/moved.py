"""Whether an address is used for another matter now: live pages, guides that ask another question, reused addresses."""

from __future__ import annotations

import re

from monitor.core.language import proper_names
from monitor.core.revisions import lexicon

# Of the words of the shorter version, how many the other has: set on 72 labelled pairs and half of 160 older ones.
RUNNING_SHARE = 0.47
GUIDE_SHARE = 0.5
NEWS_SHARE = 0.21
# An article is not told by its words alone whether it moved on: its first sentences are read.
READ_CHARS_MAX = 1000
_RUNNING = re.compile(
    r"\blive\b(?!\s(?:in|with|on|at|longer|music|show)\b)|\bupdates\b|\bas\sit\shappened\b|\btracker\b|\bdeadline[-\s]day\b"
    r"|\bticker\b|\ben\s(?:direct|vivo|directo)\b|\bao\svivo\b|\bdiretta\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\?|^(?:[^:]{3,40}:\s)?(?:how|why|what|which|who|where|when|can|should|is|are|do|does|will)\b", re.IGNORECASE
)
_NAMES_A_THING = re.compile(
    r"^(?:[^:]{3,40}:\s)?(?:a|an|the|this|these|one\sof|here|inside|meet|in\spictures)\b", re.IGNORECASE
)


def on(old: tuple[str, str], new: tuple[str, str]) -> bool:
    """Whether two versions, each title and text, are of different matters.

    Pages that run (live, tracker) and guides keep their titles and change their matter; of other pages only one that
    names other people and places and shares next to no word with what stood there.
    """
    (title, text), (other_title, other_text) = ((head, body[:READ_CHARS_MAX]) for head, body in (old, new))
    if not title or not other_title:
        return False
    shared = _shared(f"{title} {text}", f"{other_title} {other_text}")
    if _RUNNING.search(title) or _RUNNING.search(other_title):
        return shared < RUNNING_SHARE and bool(text and other_text)
    asking = [_ASKS.search(each) is not None for each in (title, other_title)]
    if all(asking):
        return shared < GUIDE_SHARE and bool(text and other_text) and text != other_text
    if any(asking) or _NAMES_A_THING.match(title) or _NAMES_A_THING.match(other_title):
        return False
    both = [proper_names.find(f"{head}. {body}") for head, body in ((title, text), (other_title, other_text))]
    return shared < NEWS_SHARE and all(both)


def _meant(text: str) -> frozenset[str]:
    """What the words of a text mean: places by one name, events by their class, others by their stem."""
    found = (lexicon.event(word) or lexicon.place(word) or lexicon.stem(word) for word in lexicon.words(text))
    return frozenset(each for each in found if each not in lexicon.SMALL and not each[0].isdigit())


def _shared(one: str, other: str) -> float:
    mine, theirs = _meant(one), _meant(other)
    return len(mine & theirs) / max(1, min(len(mine), len(theirs)))
