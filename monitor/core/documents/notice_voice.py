"""Whose notice it is: an outlet's, of the text it stands in, or one that a report tells of somebody else.

An outlet says "we", "this article", or puts a label in its place. A report has a speaker for it ("the ministry said"),
or has told before of what was withdrawn. What only adds to a text, and how errors are handled, are no notices either.
"""

from __future__ import annotations

from collections.abc import Set

from monitor.core.documents import notice_words
from monitor.core.documents.notice_grammar import cut, labelled
from monitor.core.documents.notice_words import Reading

FAULTS = frozenset(
    ("wrong", "fixed", "changed", "undone", "sorry", "pardon", "unlike", "as", "pointed", "right", "other", "kills")
)
# What speaks of nothing but the text it stands in or of its newsroom, and what
# a story is about that tells of somebody's correction.
_DEICTIC = frozenset(("own", "here", "former", "readers", "we", "sorry"))
_STOPS = tuple(",，、،：:.。।")
_BRACKETS = ("(", "[", "*")
_MISTAKES = frozenset(("wrong", "unlike", "as", "right", "sorry", "pardon", "not"))


def excused(sentence: str, opening: str) -> bool:
    """Whether words that would be a notice are none: more was added, a list is pointed to, or somebody else corrects.

    `opening` is what the text begins with. Where it speaks of such an act already, a report or a text that is not
    "this" or "ours" is the one it speaks of: "The journal withdrew a study. The article had been wrong."
    """
    if sentence.startswith(_BRACKETS):
        return False
    read = notice_words.remembered(cut(sentence))
    if any(_only_adds(reading.spans.keys()) for reading in read.values()):
        return True
    if speaks_of_here(sentence):
        return False
    about = notice_words.remembered(cut(opening))
    return any(
        _is_attributed(reading) or _goes_on(reading, about.get(language, Reading(opening)))
        for language, reading in read.items()
        if not FAULTS.isdisjoint(reading.spans)
    )


def _goes_on(reading: Reading, about: Reading) -> bool:
    """Whether a line speaks of what the text was about before; a headline or a caption is of the text it stands in."""
    pieces = set(reading.spans.get("part", ())).difference(reading.spans.get("picture", ()))
    return not pieces and "acts" in about.spans


def speaks_of_here(sentence: str) -> bool:
    """Whether a notice is of nothing but the text it stands in: by its place, by "this" and "our", by who speaks."""
    return (
        sentence.startswith(_BRACKETS)
        or labelled(sentence)
        or any(
            not FAULTS.isdisjoint(reading.spans) and _points_here(reading)
            for reading in notice_words.remembered(cut(sentence)).values()
        )
    )


def _only_adds(has: Set[str]) -> bool:
    """ "Revised with the reply", "We erred: see all corrections", "Errors are noted at the foot of articles"."""
    added = "adds" in has or ("reply" in has and ("changed" in has or "edited" in has))
    noted = "foot" in has and "part" not in has and "picture" not in has
    return (added and _MISTAKES.isdisjoint(has)) or noted or {"label", "points"} <= has


def _points_here(reading: Reading) -> bool:
    """Whether words speak of nothing but this text and its newsroom, and are not reported: "The office said, ..."."""
    has = reading.spans.keys()
    if "own" in has:
        return True
    return not _is_attributed(reading) and ({"earlier", "version"} <= has or not _DEICTIC.isdisjoint(has))


def _is_attributed(reading: Reading) -> bool:
    """Whether a clause names who says it: "The office said, ...", ", sagte ein Sprecher"."""
    return any(
        reading.sentence[end : end + 1] in _STOPS or reading.sentence[max(0, begin - 2) : begin].strip() in _STOPS
        for begin, end in reading.spans.get("says", ())
    )
