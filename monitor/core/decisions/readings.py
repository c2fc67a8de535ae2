"""What entries say by themselves, read once however many stories take them: what can be checked, and what changed.

It is most of what a decision about a long text costs, and can be made ahead of it, a few entries at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from monitor.deferred import Deferred
from monitor.model import Claim, Reason, Revision, Sighting, Source

if TYPE_CHECKING:
    from monitor.core import revisions
    from monitor.core.novelty import claims
else:
    revisions = Deferred("monitor.core.revisions")
    claims = Deferred("monitor.core.novelty.claims")

# What an entry costs whatever its length, in characters of a long text, of which a megabyte takes 1 to 3 s (measured).
NEW_CHARS, REVISED_CHARS = 1000, 8000
LINKS_MIN = 3  # bars in a text that make it a list of links (set by reading)


@dataclass(frozen=True, slots=True)
class Readings:
    """Claims and revisions of a document's entries by their keys, as far as they were asked for."""

    _claims: dict[str, tuple[Claim, ...]] = field(default_factory=dict)
    _revisions: dict[str, Revision] = field(default_factory=dict)

    def claims(self, source: Source, sighting: Sighting) -> tuple[Claim, ...]:
        """What the entry says that can be checked; a text without a date speaks of the days when it was first seen."""
        if sighting.key not in self._claims:
            entry, at = sighting.entry, sighting.entry.dated_at or sighting.first_seen_at
            said = claims.extract(entry.text or entry.summary, at, title=entry.title, source=source.label)
            self._claims[sighting.key] = said
        return self._claims[sighting.key]

    def revision(self, sighting: Sighting) -> Revision:
        """How the entry differs from the version that is known."""
        if sighting.key not in self._revisions:
            assert sighting.previous is not None
            old = sighting.previous.entry
            self._revisions[sighting.key] = compare_versions(old.title, old.text or old.summary, sighting)
        return self._revisions[sighting.key]

    def unread(self, sighting: Sighting) -> int:
        """Characters that are left to read of the entry, 0 where it was read."""
        if sighting.key in self._claims:
            return 0
        chars, old = len(sighting.entry.text or sighting.entry.summary), sighting.previous
        return REVISED_CHARS + chars + len(old.entry.text or old.entry.summary) if old else NEW_CHARS + chars

    def read(self, source: Source, sighting: Sighting, *, is_known: bool) -> None:
        """Read ahead what a decision will ask for; `is_known` where a story took the entry before."""
        if is_known and sighting.previous is not None:
            self.revision(sighting)
        self.claims(source, sighting)


def compare_versions(old_title: str, old_text: str, sighting: Sighting) -> Revision:
    """How the stored version and this sighting differ; a body that appears or vanishes with the same title is a touch.

    Feeds truncate, drop and restore summaries at will, or put links in their place: only text that both versions have
    is compared.
    """
    entry = sighting.entry
    new_text = entry.text or entry.summary
    if not _prose(old_text) or not _prose(new_text):
        old_text = new_text = ""
    return revisions.compare(
        old_text, new_text, entry.dated_at, old_title=old_title, new_title=entry.title, address=entry.url
    )


def _prose(text: str) -> bool:
    """Whether a text says something of its article; a summary of nothing but links to others does not."""
    return bool(text) and not text.lstrip().startswith(("•", "·")) and text.count(" | ") < LINKS_MIN


def in_part(sighting: Sighting) -> tuple[Reason, ...]:
    """What to say of an entry that is too long to be read whole for a decision; all of it is kept and compared."""
    chars = len(sighting.entry.text or sighting.entry.summary)
    if chars <= claims.TEXT_CHARS_MAX:
        return ()
    kib, of = claims.TEXT_CHARS_MAX // 1024, -(-chars // 1024)
    said = f"too long to be read whole: figures, dates and names are of the first {kib} of {of} thousand characters"
    return (Reason("read in part", round(claims.TEXT_CHARS_MAX / chars, 4), 0.0, said),)
