"""What visits leave behind, held back and written together: for a replay, where nobody else reads the state."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from monitor.model import Everyday, KnownEntry, Marked, Outcome
from monitor.ports import Store

# Of places, channels and what was dealt with, nothing is held back.
UNTOUCHED = frozenset({
    "channels", "dead_letters", "disabled_channels", "due_digests", "keep_setting", "set_setting", "setting", "telling",
})  # fmt: skip


class PendingWrites:
    """A store that writes outcomes when somebody asks for what they changed, or when it is told to.

    Outcomes that say something of a story, or to somebody, are written at once: what decides next builds on them. All
    others leave behind entries under their names, which are looked up here, and figures, before whose reading all is
    written.
    """

    def __init__(self, store: Store) -> None:
        """Hold back what is recorded in `store`."""
        self._store = store
        self._outcomes: list[Outcome] = []
        self._names: set[tuple[str, str]] = set()
        self._marks: dict[str, dict[str, Marked]] = {}
        self._everyday: dict[str, Everyday] = {}

    @property
    def shared(self) -> bool:
        """Whether others write to the state too."""
        return self._store.shared

    def record(self, outcomes: Sequence[Outcome]) -> None:
        """Hold these outcomes back, unless one of them moves a story or has something to tell."""
        self._outcomes += outcomes
        self._names |= {
            (outcome.status.source_id, name)
            for outcome in outcomes
            for one in outcome.sightings
            for name in one.aliases
        }
        self._marks |= {one.status.source_id: dict(one.marks) for one in outcomes if one.marks is not None}
        self._everyday |= {one.status.source_id: one.everyday for one in outcomes if one.everyday is not None}
        if any(outcome.judgements.moved_stories or outcome.judgements.alerts for outcome in outcomes):
            self.flush()

    def marks(self, source_id: str) -> dict[str, Marked]:
        """Of the source's last document, whether that is written or not."""
        if source_id not in self._marks:
            self._marks[source_id] = self._store.marks(source_id)
        return self._marks[source_id]

    def everyday(self, source_id: str) -> Everyday:
        """What the source writes anyway, whether that is written or not."""
        if source_id not in self._everyday:
            self._everyday[source_id] = self._store.everyday(source_id)
        return self._everyday[source_id]

    def known_entries(self, source_id: str, aliases: Iterable[str]) -> list[KnownEntry]:
        """As the store knows them, once what bears any of these names is written."""
        names = list(aliases)
        if any((source_id, name) in self._names for name in names):
            self.flush()
        return self._store.known_entries(source_id, names)

    def stories_due(self, now: datetime, limit: int) -> list[str]:
        """As the store has them, once what a first visit wakes is written; what moves a story is written at once."""
        if any(outcome.tried for outcome in self._outcomes):
            self.flush()
        return self._store.stories_due(now, limit)

    def deciding(self, story_ids: Collection[str], wait: bool = True) -> AbstractContextManager[Mapping[str, int]]:
        """Hold these stories: what moved them is written already."""
        return self._store.deciding(story_ids, wait)

    def flush(self) -> None:
        """Write what is held back."""
        pending, self._outcomes, self._names = self._outcomes, [], set()
        if pending:
            self._store.record(pending)

    def __getattr__(self, verb: str) -> Any:
        """Any other verb of the store, which finds everything written that it may ask for."""
        if verb not in UNTOUCHED:
            self.flush()
        return getattr(self._store, verb)
