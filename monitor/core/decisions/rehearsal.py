"""Reads an entry as a decision will, for nothing but the time and memory that it takes.

Decisions are made in the daemon, where a text that takes for ever would stop everything. They are rehearsed where the
entry is parsed, in a process that can be killed: what does not come through there is a failed visit to its source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core import churn, identity
from monitor.core.text import sentences
from monitor.deferred import Deferred
from monitor.model import Entry

# Half of what a parser's start would cost, and the parsers of a pass may meet no long entry.
if TYPE_CHECKING:
    from monitor.core.language import statements
    from monitor.core.novelty import claims, origins, similarity
    from monitor.core.relevance import features
else:
    statements = Deferred("monitor.core.language.statements")
    claims = Deferred("monitor.core.novelty.claims")
    origins = Deferred("monitor.core.novelty.origins")
    similarity = Deferred("monitor.core.novelty.similarity")
    features = Deferred("monitor.core.relevance.features")

# Characters in all fields from which on an entry is rehearsed: even the square of fewer is milliseconds of work, and
# most entries have fewer (set in 2026 by the feeds of the catalogue: a headline and a summary are 400).
LONG_CHARS_MIN = 1000


def length(entry: Entry) -> int:
    """Characters in all fields."""
    return len(entry.title) + len(entry.summary) + len(entry.text) + len(entry.url) + len(entry.id)


def read(entry: Entry) -> None:
    """Do once what decisions do with each entry by itself; of those shorter than `LONG_CHARS_MIN` nothing."""
    if length(entry) < LONG_CHARS_MIN:
        return
    said = entry.text or entry.summary
    identity.aliases(entry)
    for field in (entry.title, entry.summary, entry.text):
        churn.fold(field)
    features.read_whole(entry)
    similarity.shape(entry.title, said[: similarity.LEAD_CHARS_MAX])
    origins.find(entry.title, said, "", entry.url)
    claims.extract(said, entry.published_at, title=entry.title)
    for sentence in sentences(said):
        statements.phase(sentence)
