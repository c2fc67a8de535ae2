"""Lines at the ends of a text that otherwise stayed which serve the page: credits, offers, where it is aired."""

from __future__ import annotations

import re
from itertools import takewhile

from monitor.core.documents import boilerplate, line_evidence
from monitor.core.revisions import facts
from monitor.core.revisions.facts import Sentence
from monitor.core.revisions.findings import Versions

# Log odds from which a line serves the page: one that says what happened or who said it, and any other (set).
TOLD_LEAST, LEAST = -1.6, -2.5
# Beside a line that serves the page, a short one in which nothing happens goes with it: "He joined in 2019." (set)
ASIDE_CHARS_MAX = 60
# A newsroom's "we" stands outside quotation marks.
_SAID = re.compile(r"[\"“”„«»][^\"“”„«»\n]{0,400}[\"“”«»]")
_WE_AND_YOU = re.compile(r"\b(?:we|us|our|you|your)\b", re.IGNORECASE)


def served(both: Versions) -> frozenset[str]:
    """Lines at the ends of a text that otherwise stayed which serve the page: credits, offers, bare captions."""
    added, gone = _at_ends(both.new, both.added), _at_ends(both.old, both.removed)
    if not added or len(gone) < len(both.removed.sentences) or len(added) < len(both.added.sentences):
        return frozenset()
    served = {
        part
        for part in added
        if not both.replaced(part.text)  # a line was edited
        and excess(part, both.old.text) > 0
    }
    if any(boilerplate.is_closing_line(part.text) for part in served):
        served |= {part for part in added if len(part.text) <= ASIDE_CHARS_MAX and not part.events}
    return frozenset(part.text for part in served)


def excess(part: Sentence, text: str) -> float:
    """By how many log odds a line put into a text is over those from which it serves the page."""
    score = line_evidence.score("service", part.text, features(part, text))
    return score - (TOLD_LEAST if _tells(part) else LEAST)


def _at_ends(whole: facts.Facts, changed: facts.Facts) -> list[Sentence]:
    """Of the sentences that changed, those in a run behind the headline or at the end, with something left between."""
    body, fresh = whole.sentences[1:], set(changed.sentences)
    head = list(takewhile(fresh.__contains__, body))
    tail = list(takewhile(fresh.__contains__, reversed(body)))
    return [*head, *tail] if len(head) + len(tail) < len(body) else []


def _tells(part: Sentence) -> bool:
    return bool(part.sources or part.negated or any(not event.ahead for event in part.events))


def features(part: Sentence, text: str) -> dict[str, float]:
    """What speaks for a line serving the page or telling news, beside its letters; `text` is what it is added to."""
    unquoted = _SAID.sub("", part.text)
    told = {
        "figures": part.figures, "dates": part.dates, "names": part.names, "several names": len(part.names) > 1,
        "sources": part.sources, "quotes": part.quotes, "negated": part.negated,
        "happened": any(not event.ahead for event in part.events), "ahead": any(event.ahead for event in part.events),
        "we and you": _WE_AND_YOU.search(unquoted), "closing": boilerplate.is_closing_line(unquoted),
    }  # fmt: skip
    return line_evidence.shape(part.text, text) | {name: 1.0 for name, found in told.items() if found}
