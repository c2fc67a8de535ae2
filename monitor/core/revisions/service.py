"""Lines at the ends of a text that otherwise stayed which serve the page: credits, offers, where it is aired."""

from __future__ import annotations

import re
from itertools import pairwise, takewhile

from monitor.core.documents import boilerplate, line_evidence
from monitor.core.language import dates, lexicon
from monitor.core.revisions import facts
from monitor.core.revisions.facts import Sentence
from monitor.core.revisions.findings import Versions

# Log odds from which a line that looks like it serves the page, and from which any other one (bench.line_weights).
ODD_LEAST, PLAIN_LEAST = -3.0, 0.5
# Beside a line that serves the page, a short one in which nothing happens goes with it: "He joined in 2019." (set)
ASIDE_CHARS_MAX = 60
HEAD_CHARS, HEAD_CHARS_MIN = 5, 4  # letters by which words of one stem agree, and of words that are compared (set)
_ANAPHOR = re.compile(r"(?:(?:The|That|Those|These|His|Her|Their|Its)\s[a-z]|(?:He|She|It|They)\s)")
_MATTERS = frozenset(("people", "money", "percent", "cases", "score", "votes"))
# What shops, halls and newsrooms do, too: of these a line that shares no word with the report is none of its news.
_SOFT = frozenset(
    ("open", "close", "start", "end", "launch", "return", "win", "record", "sell", "found", "lead", "speak")
)
_STOPS = tuple(".!?…。！？।။៕؟”\"'’»")
# A newsroom's "we" stands outside quotation marks.
_SAID = re.compile(r"[\"“”„«»][^\"“”„«»\n]{0,400}[\"“”«»]")
_QUOTED = re.compile(r"[\"“”„«»]")
_WE_AND_YOU = re.compile(r"\b(?:we|us|our|you|your)\b", re.IGNORECASE)


def served(both: Versions) -> frozenset[str]:
    """Lines at the ends of a text that otherwise stayed which serve the page: credits, offers, bare captions."""
    added, gone = _at_ends(both.new, both.added), _at_ends(both.old, both.removed)
    rest = [part for part in both.old.sentences if part not in gone]
    if not added or len(gone) < len(both.removed.sentences) or len(added) < len(both.added.sentences):
        return frozenset()
    stopped = bool(rest) and rest[-1].text.endswith(_STOPS)
    matter = _heads(both.old.text)
    served = set[Sentence]()
    for part in added:
        if both.is_long and both.replaced(part.text):
            continue  # an article's last line was edited
        odd = _tells_nothing(part) or (stopped and not part.text.endswith(_STOPS)) or _is_apart(part, matter)
        if line_evidence.score("service", part.text, features(part, both.old.text)) > (
            ODD_LEAST if odd else PLAIN_LEAST
        ):
            served.add(part)
    if any(boilerplate.is_closing_line(part.text) for part in served):
        served |= {part for part in added if len(part.text) <= ASIDE_CHARS_MAX and not part.events}
    return frozenset(part.text for part in served)


def _at_ends(whole: facts.Facts, changed: facts.Facts) -> list[Sentence]:
    """Of the sentences that changed, those in a run behind the headline or at the end, with something left between."""
    body, fresh = whole.sentences[1:], set(changed.sentences)
    head = list(takewhile(fresh.__contains__, body))
    tail = list(takewhile(fresh.__contains__, reversed(body)))
    return [*head, *tail] if len(head) + len(tail) < len(body) else []


def _tells_nothing(part: Sentence) -> bool:
    if boilerplate.is_closing_line(_SAID.sub("", part.text)):
        return True
    if _QUOTED.search(part.text):
        return False
    happened = any(not event.ahead for event in part.events)
    return bool(part.names) and not (part.figures or part.dates or part.sources or part.negated or happened)


def _is_apart(part: Sentence, matter: frozenset[str]) -> bool:
    """Whether a line shares no word with the report and tells of nothing that happened: where it airs, what it costs.

    Who is spoken of as known ("the captain") or counted first ("three sailors") belongs to the matter.
    """
    happened = any(not event.ahead and event.name not in _SOFT for event in part.events)
    counted = any(each.start == 0 or each.family in _MATTERS for each in part.figures)
    if happened or counted or part.sources or part.negated or _QUOTED.search(part.text) or _ANAPHOR.match(part.text):
        return False
    return matter.isdisjoint(_heads(part.text))


def _heads(text: str) -> frozenset[str]:
    """How the longer words of a text begin; where words are not spaced, each two letters of it."""
    heads = set[str]()
    for word in lexicon.words(text):
        if boilerplate.UNSPACED.search(word):
            heads.update(pair for pair in map("".join, pairwise(word)) if boilerplate.UNSPACED.search(pair))
        elif len(word) >= HEAD_CHARS_MIN and word not in lexicon.SMALL and not dates.is_month(word):
            heads.add(word[:HEAD_CHARS])
    return frozenset(heads)


def features(part: Sentence, text: str) -> dict[str, float]:
    """What speaks for a line serving the page or telling news, beside its letters; `text` is what it is added to."""
    told = {
        "figures": part.figures, "dates": part.dates, "names": part.names, "several names": len(part.names) > 1,
        "sources": part.sources, "quotes": part.quotes, "negated": part.negated,
        "happened": any(not event.ahead for event in part.events), "ahead": any(event.ahead for event in part.events),
        "we and you": _WE_AND_YOU.search(_SAID.sub("", part.text)),
    }  # fmt: skip
    return line_evidence.shape(part.text, text) | {name: 1.0 for name, found in told.items() if found}
