"""Whole sentences that came or went: what they say is told in their own words, and weighs little by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.core.revisions import facts
from monitor.core.revisions.findings import Finding, Versions, made, worded

STATEMENTS_CAP = 1.2  # most that changed attributions weigh together (set on labelled pairs)
FRESH_STEMS_MIN = 4  # stems that a sentence says beyond its headline (set)
_PAST = re.compile(
    r"\b(?:said|told|had|have|has|was|were|hung|fell|came|went|took|got|left|found|lost|broke|began|stood|ran|rose|held|kept|made|gave"
    r"|saw|heard|met|paid|sent|spent|won)\s",
    re.IGNORECASE,
)


def fresh(both: Versions) -> Iterator[Finding]:
    """Whole sentences that say what the old text did not."""
    total = 0.0
    for part in both.added.sentences:
        unsaid = part.stems - both.old.stems
        if len(unsaid) < 3 or len(unsaid) < 0.4 * len(part.stems) or total >= STATEMENTS_CAP:
            continue
        weight = "new headline" if both.headline(part.text) else "new sentence"
        found = worded(both, part.text, weight, part.text)
        total += found.weight
        yield found


def lost(both: Versions) -> Iterator[Finding]:
    """Sentences with names or figures that an article no longer has anywhere, other than at its cut-off end."""
    if not both.is_long or not both.added.sentences:
        return
    paired = {pair.old.text for pair in both.pairs}
    for part in both.removed.sentences:
        if part.text in paired or part is both.old.sentences[-1]:
            continue
        if part.figures or any(not facts.known(name, both.new) for name in part.names):
            yield made("text", part.text, "", part.text, "lost sentence")


def beneath(both: Versions) -> Iterator[Finding]:
    """One sentence put beneath a headline that stayed and had no text: it is told whole, and no facts of it apart."""
    if len(both.added.sentences) != 1:
        return
    part = both.added.sentences[0]
    happened = any(not event.ahead for event in part.events)
    tells = part.sources or part.negated or happened or _PAST.search(part.text)
    if tells and len(part.stems - both.old.stems) >= FRESH_STEMS_MIN and part.text.endswith((".", "”", '"')):
        yield made("text", "", part.text, part.text, "told beneath")
