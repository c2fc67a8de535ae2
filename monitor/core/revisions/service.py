"""Lines at the ends of a text that otherwise stayed which serve the page: credits, offers, where it is aired."""

from __future__ import annotations

from itertools import takewhile

from monitor.core.documents import boilerplate, line_evidence
from monitor.core.language import event_classes
from monitor.core.revisions import facts
from monitor.core.revisions.facts import Sentence
from monitor.core.revisions.findings import Versions
from monitor.core.text import words

# Log odds from which a line serves the page: one that says what happened or who said it, and any other (set).
TOLD_LEAST, LEAST = -1.2, -3.0
# Beside a line that serves the page, a short one in which nothing happens goes with it: "He joined in 2019." (set)
ASIDE_CHARS_MAX = 60


def served(both: Versions) -> frozenset[str]:
    """Lines at the ends of a text that otherwise stayed which serve the page: credits, offers, bare captions."""
    added, gone = _at_ends(both.new, both.added), _at_ends(both.old, both.removed)
    if not added or len(gone) < len(both.removed.sentences) or len(added) < len(both.added.sentences):
        return frozenset()
    served = {
        part
        for part in added
        if not both.replaced(part.text)  # a line was edited
        and score(part, both.old.text) > (TOLD_LEAST if tells(part) else LEAST)
    }
    if any(boilerplate.is_closing_line(part.text) for part in served):
        served |= {part for part in added if len(part.text) <= ASIDE_CHARS_MAX and not part.events}
    return frozenset(part.text for part in served)


def score(part: Sentence, text: str) -> float:
    """In log odds, how much more speaks for a line put into a text serving the page than for its telling of news."""
    return line_evidence.score("service", part.text, line_evidence.of_pages(part.text, text))


def _at_ends(whole: facts.Facts, changed: facts.Facts) -> list[Sentence]:
    """Of the sentences that changed, those in a run behind the headline or at the end, with something left between."""
    body, fresh = whole.sentences[1:], set(changed.sentences)
    head = list(takewhile(fresh.__contains__, body))
    tail = list(takewhile(fresh.__contains__, reversed(body)))
    return [*head, *tail] if len(head) + len(tail) < len(body) else []


def tells(part: Sentence) -> bool:
    """Whether a sentence says that something happened, or who said it."""
    done = any(not event.ahead for event in part.events) or any(map(event_classes.abroad, words(part.text)))
    return bool(part.sources or part.negated or done)
