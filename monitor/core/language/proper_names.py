"""Names in running text, and whether a text already has one: variants, surnames, initials, near spellings."""

from __future__ import annotations

import re

from monitor import data
from monitor.core.language import numerals, vocabulary
from monitor.core.language.lexicon import SMALL, WORD, fold, ordinary, place

ABBREVIATIONS_MAX = 30  # characters of words that may be abbreviations (set)
_AREAS = data.words("areas")
_CAPITALS = re.compile(r"\b(?:[A-Z]{2,6}|(?:[A-Z]\.){2,6})(?!\w)")
_OPENING = re.compile(r"[.!?:;|–—]\s*[\"“'‘]?$|\s-\s$|^\s*[\"“'‘]$")
_DERIVED = re.compile(rf"(?:{data.patterns('derived')})$")
# "Oscar-winner", "German-made", "Seoul-based" describe; "Port-au-Prince" is a name.
_CONTRACTED = re.compile(r"(?:n[’']t|[’'](?:re|ve|ll|m|d))$", re.IGNORECASE)
_DESCRIBES = re.compile(rf"[-–](?:{data.patterns('describes')})(?:['’]s)?$")
_NEVER = data.words("never_names")


def titled(sentence: str) -> bool:
    """Whether a sentence is a headline in title case, where capitals mark no names."""
    long_words = [word for word in WORD.findall(sentence) if len(word) > 3 and word[0].isalpha()]
    return len(long_words) > 2 and sum(word[0].isupper() for word in long_words) >= 0.75 * len(long_words)


def find(sentence: str) -> list[str]:
    """Capitalised runs that are names.

    In a title-case headline, and at the start of a sentence, only places and words that no dictionary has count; the
    dictionary is English, so of other languages a sentence's first word is none.
    """
    found: list[str] = []
    run: list[str] = []
    headline, abroad = titled(sentence), not vocabulary.is_english(sentence)
    end = 0
    matches = list(WORD.finditer(sentence))
    for match, after in zip(matches, [*matches[1:], None], strict=False):
        word, gap = match.group(), sentence[end : match.start()]
        starts = end == 0 or _OPENING.search(gap) is not None
        end = match.end()
        inside = bool(run) and not gap.strip()
        named = (
            word[0].isupper()
            and not _DESCRIBES.search(word)
            and not _CONTRACTED.search(word)
            and (
                (after is not None and bool(place(f"{word} {after.group()}")))
                or _is_name(word, headline or starts, inside, abroad)
                or (inside and not headline and fold(word) in SMALL)
            )
        )
        if run and (not named or gap.strip()):
            found += _joined(run)
            run = []
        if named:
            run.append(word)
        if run and word.endswith(("'s", "’s")):
            found += _joined(run)
            run = []
    if run:
        found += _joined(run)
    return found


def _joined(run: list[str]) -> list[str]:
    """The words of a name without the full stop of its sentence; a lone word of the dictionary ("City") is none."""
    name = re.sub(r"['’]s$", "", " ".join(run))
    if len(run) == 1 and ordinary(fold(name)) and not place(name) and not name.isupper():
        return []
    return [name.rstrip(".") if "." not in run[-1].rstrip(".") else name]


def _is_name(word: str, doubtful: bool, inside: bool, abroad: bool) -> bool:
    folded = fold(word)
    if place(folded):
        return True
    if (
        folded in SMALL
        or folded in numerals.WORDS
        or (folded in _NEVER and not inside)
        or (len(folded) < 2 and not inside)
    ):
        return False
    if not doubtful:
        return True
    if abroad:
        return inside
    ordinary_part = any(ordinary(part) for part in folded.split("-") if part)
    return not ordinary_part and (len(folded) > 3 or word.isupper()) and not _DERIVED.search(folded)


def is_place(name: str, sentence: str) -> bool:
    """Whether a name is a place: by the table, or because the sentence says "near X" or "X province"."""
    if place(name):
        return True
    before, _, after = sentence.partition(name)
    where = before.rstrip().rpartition(" ")[2].lower()
    return (where in ("in", "near", "outside") and after[:1] not in ("'", "’")) or (
        after.lstrip().partition(" ")[0].rstrip(".,;:").lower() in _AREAS
    )


def abbreviated(one: str, other: str) -> frozenset[str]:
    """The words of names that one text spells out and the other gives by initials, and those: "un", "nations"."""
    found: set[str] = set()
    for short, long in ((one, other), (other, one)):
        capitals = dict.fromkeys(fold(word) for word in _CAPITALS.findall(short))
        for initials in list(capitals)[:ABBREVIATIONS_MAX]:
            pattern = r"\b" + r"\w*[\s-](?:(?:of|and|the|for|at|in)\s)?".join(initials) + r"\w*"
            if match := re.search(pattern, long, re.IGNORECASE):
                found.update((initials, *(fold(word) for word in WORD.findall(match.group()))))
    return frozenset(found)
