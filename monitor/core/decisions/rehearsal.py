"""Reads an entry as a decision will, for nothing but the time and memory that it takes.

Decisions are made in the daemon, where a text that takes for ever would stop everything. They are rehearsed where the
entry is parsed, in a process that can be killed: what does not come through there is a failed visit to its source.
"""

from __future__ import annotations

from monitor.core import churn, identity
from monitor.core.language import statements
from monitor.core.novelty import claims, origins, similarity
from monitor.core.relevance import features
from monitor.core.text import sentences
from monitor.model import Entry


def read(entry: Entry) -> None:
    """Do once what decisions do with each entry by itself."""
    said = entry.text or entry.summary
    identity.aliases(entry)
    for field in (entry.title, entry.summary, entry.text):
        churn.fold(field)
    features.read_whole(entry)
    similarity.shape_whole(entry.title, said[: similarity.LEAD_CHARS_MAX])
    origins.find(entry.title, said, "", entry.url)
    claims.extract(said, entry.dated_at, title=entry.title)
    for sentence in sentences(said):
        statements.phase(sentence)
