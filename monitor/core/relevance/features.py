"""An entry read once for every story: its words as a vector, and the names at its head."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from monitor.core.language import gazetteer
from monitor.core.language import words as lexicon
from monitor.core.relevance.lexical_model import Words
from monitor.core.text import fold, sentences
from monitor.model import Entry

HEAD_WORDS = 60
BODY_WORDS = 150
TITLE_EMPHASIS = 2.0
BARE_WORDS = 8
SHORT_WORDS = 22
CAPITALISED = 0.8


_HANGUL = re.compile("[\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Reading:
    """What relevance looks at. `head` is the folded title with the first sentences; `bare` means a headline only."""

    entry: Entry
    head: str
    vector: Mapping[str, float]
    actors: Mapping[str, gazetteer.Found]
    people: Mapping[str, gazetteer.Found]
    abroad: bool
    bare: bool
    words: Words


def lead(text: str) -> str:
    """The first sentences of a text, at most 60 words: what a report says it is about."""
    kept: list[str] = []
    for sentence in sentences(text[:1500])[:3]:
        room = HEAD_WORDS - sum(len(part.split()) for part in kept)
        if room <= 0:
            break
        kept.append(" ".join(sentence.split()[:room]))
    return " ".join(kept)


def _actors(raw: str, folded: str) -> dict[str, gazetteer.Found]:
    """The actors of a text; a bare "North" or "Kim" counts, weakly, beside those who go with it."""
    found = gazetteer.actors().find(raw, folded)
    if not raw.isascii() and _HANGUL.search(raw):
        for code, short in gazetteer.shorthand():
            if code not in found and (met := short.search(raw)):
                found[code] = gazetteer.Found(code, gazetteer.PLACE, met.group(1))
    for code, beside, alone, capital in gazetteer.companions() if found else ():
        if code not in found and not beside.isdisjoint(found):
            met = (capital if _capitalised(raw) else alone).search(raw)
            if met:
                found[code] = gazetteer.Found(code, gazetteer.WEAK, met.group().lower())
    return found


def _capitalised(text: str) -> bool:
    """Whether a headline writes Every Word With a Capital."""
    long = [word for word in text.split()[:12] if len(word) > 3]
    return sum(word[0].isupper() for word in long) > CAPITALISED * len(long)


def read(entry: Entry) -> Reading:
    """Read an entry."""
    body = entry.text or entry.summary
    shown = body.split(None, BODY_WORDS)[:BODY_WORDS]
    first = lead(body) if body else ""
    raw = f"{entry.title}. {first}" if body else entry.title
    head = fold(raw)
    title = lexicon.terms(entry.title)
    opening = lexicon.terms(first)
    rest = lexicon.terms(" ".join(shown[len(first.split()) :]))
    vector = lexicon.weighed(((title, TITLE_EMPHASIS), (opening, 1.0), (rest, 1.0)))
    actors = _actors(raw, head)
    words = Words(
        whole=vector, head=lexicon.weighed(((title, 1.0), (opening, 1.0))) if body else vector,
        title=frozenset(title), sum_squares=sum([lexicon.weight(term) ** 2 for term in vector]) or 1.0,
        known=frozenset(actors),
        bare=len(shown) < BARE_WORDS, short=len(shown) < SHORT_WORDS,
    )  # fmt: skip
    return Reading(
        entry=entry, head=head, vector=vector, actors=actors, people=gazetteer.people().find(raw, head),
        abroad=bool(gazetteer.abroad().find(raw, head)), bare=words.bare, words=words,
    )  # fmt: skip
