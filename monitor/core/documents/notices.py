"""Notices of correction, clarification, amendment and withdrawal.

Two readings, each enough: a label in a label's place, in some fifty languages (`notice_grammar`), and the sentences in
which English newsrooms say what they got wrong (`notices.tsv`). What only serves the page ("send us a correction") is
furniture, and what somebody is quoted with is no word of the newsroom. What else a newsroom may say is weighed where
it was put into a text (`line_evidence`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

from monitor import data
from monitor.core.documents import boilerplate, notice_grammar, notice_voice
from monitor.core.text import paragraphs, sentences

T = TypeVar("T")
NOTICE_CHARS_MAX = 500  # characters of a notice; longer text is the article (set by reading)
_LABEL = re.compile(r"[\W_]*+[^\W_]++(?:\s(?:and|&)\s[^\W_]+)?\s?(?:\([^)]*\))?[\W_]*")
_MARKS = re.compile(
    r"\W{0,2}(?:(?:corrected|clarified|refile|rpt|exclusive|breaking|(?:update|wrapup)\s\d{1,2})(?:[\])]\s|\s?[-:–—]\s?))+",
    re.IGNORECASE,
)
# "Korrektur: T. Mård": who read the proofs.
_CREDIT = re.compile(
    r"\W*[^\W\d_]{3,24}(?:\s[^\W\d_]{3,24}){0,2}\s?[:：]\s?(?:[A-ZÀ-ÞΑ-ΩА-ЯЁІЇЄ](?:\.|[\w’'-]{1,20})\s){1,2}[A-ZÀ-ÞΑ-ΩА-ЯЁІЇЄ]"
    r"[\w’'-]{1,20}\W{0,3}"
)
_QUOTED = re.compile(r"[“«„][^“”«»„\n]{8,400}[”»“]|\"[^\"\n]{8,400}\"")
_SPOKEN = re.compile(r",\s(?:[\w’'.-]+\s){1,6}(?:said|says|told|added|wrote)\b[^,]{0,60}\W*$", re.IGNORECASE)
_IN_FACT = re.compile(
    r"^\W*(?:in\s(?:actual\s)?fact|actually|in\sreality|(?:he|she|it|they|this|that)\s(?:is|was|are|were)\s(?:not|wrong|incorrect)"
    r"|that\s(?:should|is\swrong)|the\s(?:correct|right)\s|this\swas\s(?:wrong|an\serror)|it\sshould)\b",
    re.IGNORECASE,
)
_IT_IS = re.compile(
    r"\A\W*(?:it|he|she|they|this|that|there)\s(?:is|was|are|were|said|has|had|does|did|owns?|plays?|works?|lives?)\b",
    re.IGNORECASE,
)
# Sentences remembered: both versions of a text are read, and they share most of theirs; at most 8 MB.
READ_MAX = 4096
LOOKED_MAX = 500  # sentences of a text that may be notices (set: of what is edited few are new)
GOING_ON_CHARS_MAX = 160  # characters of a sentence that says what is so instead; longer ones go on to tell (set)
# How many it begins with that say what it is about: its headline and its first sentence (set)
OPENING_SENTENCES = 2


def find(text: str, other: str = "") -> tuple[str, ...]:
    """The sentences of a text that are notices of correction, clarification, amendment or withdrawal.

    A label that stands by itself ("Correction") is given with the sentence after it, and what says in a labelled one's
    next sentence what is so: "Correction: We gave its height as 9 m. It was 6." Where an `other` version has a sentence
    before the same one, nothing is looked for in it; where very many are new, in those at both ends.
    """
    parts = sentences(text)
    stood = set(pairwise([*sentences(other), ""])) if other else ()
    found: list[str] = []
    for place in ends([place for place, pair in enumerate(pairwise([*parts, ""])) if pair not in stood], LOOKED_MAX):
        part, after = parts[place], "".join(parts[place + 1 : place + 2])
        if _is_notice(part, " ".join(parts[: min(place, OPENING_SENTENCES)])):
            whole = f"{part} {after}" if _LABEL.fullmatch(part) or _goes_on(part, after) else part
            found.append(whole[:NOTICE_CHARS_MAX].strip())
    return tuple(found)


def ends(found: Sequence[T], most: int) -> Sequence[T]:
    """At most so many of what was found, half of them from either end: notices stand above a text or below it."""
    return found if len(found) <= most else [*found[: most // 2], *found[-(most // 2) :]]


def _goes_on(part: str, after: str) -> bool:
    """Whether the sentence behind a labelled one says what is so."""
    says = _IT_IS.match(after) is not None or _IN_FACT.match(after) is not None
    return says and len(after) <= GOING_ON_CHARS_MAX and notice_grammar.labelled(part)


def tells_of_another(notice: str, before: str, after: str) -> bool:
    """Whether a notice of a new version was put amid a paragraph that stood there, and speaks of no text of its own.

    "The article had been wrong", between two sentences of a report, is what somebody else did.
    """
    if notice_voice.speaks_of_here(notice):
        return False
    stood = set(sentences(before))
    for paragraph in paragraphs(after):
        head, found, rest = paragraph.partition(notice)
        if found and head.strip():
            return any(sentence in stood for sentence in sentences(rest))
    return False


@lru_cache(READ_MAX)
def _is_notice(part: str, opening: str) -> bool:
    part = part[: 2 * NOTICE_CHARS_MAX]
    if notice_grammar.labelled(part):
        return _CREDIT.fullmatch(part) is None
    own = _QUOTED.sub('""', part) if part.count('"') % 2 == 0 else part
    if _SPOKEN.search(own) and own != part:
        return False
    found = data.matcher("notices.tsv")(own)
    return found and not boilerplate.is_furniture(part) and not notice_voice.excused(own, opening)


def unmarked(headline: str) -> str:
    """A text without the marks of its headline: "CORRECTED-UPDATE 2-Dam breaks", "(LEAD) Dam breaks": "Dam breaks"."""
    first, newline, rest = headline.partition("\n")
    first = boilerplate.without_marks(first)
    if marks := _MARKS.match(first):
        first = first[marks.end() :]
    first = notice_grammar.without_label(first)
    return f"{boilerplate.without_marks(first)}{newline}{rest}"
