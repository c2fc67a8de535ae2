"""What visits leave behind, held back and written together: for a replay, where nobody else reads the state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from monitor.model import Decision, Everyday, KnownEntry, Marked, Outcome, Sighting, SourceStatus
from monitor.model.nouns import replace
from monitor.ports import Store

# Nothing is held back of places, channels and what was dealt with, nor of upkeep, once it was asked whose is due, nor
# of what a story accepts.
UNTOUCHED = frozenset({
    "accepted", "backfilled", "channels", "dead_letters", "deciding", "disabled_channels", "due_digests",
    "keep_setting", "put_off_story", "reading", "set_setting", "setting", "shared", "take_story", "telling",
})  # fmt: skip
ENTRIES_MAX = 5000  # entries held back: some ten MiB (set)


class PendingWrites:
    """A store that writes outcomes when somebody asks for what they changed, or when it is told to.

    Outcomes with follow-ups, or something to tell, are written at once: what decides next builds on them. All others
    leave behind entries, marks and statuses, which are answered for here as they will stand, and figures, before
    whose reading all is written.
    """

    def __init__(self, store: Store) -> None:
        """Hold back what is recorded in `store`."""
        self._store = store
        self._outcomes: list[Outcome] = []
        self._entries: dict[str, KnownEntry] = {}
        self._named: dict[tuple[str, str], set[str]] = {}
        self._seen: dict[str, datetime] = {}
        self._statuses: dict[str, SourceStatus] = {}
        self._marks: dict[str, dict[str, Marked]] = {}
        self._everyday: dict[str, Everyday] = {}

    def record(self, outcomes: Sequence[Outcome]) -> None:
        """Hold these outcomes back, unless one of them has a follow-up or something to tell."""
        self._outcomes += outcomes
        for outcome in outcomes:
            status, source_id = outcome.status, outcome.status.source_id
            entries, gaps = status.entries + outcome.entries_new, status.gaps + len(outcome.gaps)
            self._statuses[source_id] = replace(status, entries=entries, gaps=gaps)
            for sighting in outcome.sightings:
                self._hold(source_id, sighting)
            if outcome.marks is not None:
                self._marks[source_id] = dict(outcome.marks)
            if outcome.everyday is not None:
                self._everyday[source_id] = outcome.everyday
            elif outcome.noted:
                known = self.everyday(source_id)
                self._everyday[source_id] = replace(known, noted=known.noted + outcome.noted)
        if any(map(_tells, outcomes)) or len(self._entries) > ENTRIES_MAX:
            self.flush()

    def _hold(self, source_id: str, seen: Sighting) -> None:
        """Keep how an entry will stand once this sighting of it is written."""
        before, names = seen.previous, frozenset(seen.aliases)
        if before is None:
            entry = KnownEntry(seen.key, source_id, seen.entry, seen.revision, seen.at, seen.at, names)
        elif seen.revision != before.revision:
            entry = replace(
                before, entry=seen.entry, revision=seen.revision, last_seen_at=seen.at, aliases=before.aliases | names
            )
        else:
            if seen.is_noted:
                self._seen[seen.key] = seen.at
            if names <= before.aliases:
                return
            entry = replace(before, aliases=before.aliases | names)
        self._entries[seen.key] = entry
        for name in names:
            self._named.setdefault((source_id, name), set()).add(seen.key)

    def statuses(self, source_ids: Iterable[str] | None = None) -> dict[str, SourceStatus]:
        """Of each source its last, whether that is written or not; nobody else writes any."""
        if source_ids is None:
            self.flush()
            return self._store.statuses()
        asked = sorted(set(source_ids))
        if missing := [name for name in asked if name not in self._statuses]:
            self._statuses |= self._store.statuses(missing)
        return {name: self._statuses[name] for name in asked if name in self._statuses}

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
        """As the store will know them once all is written."""
        names = list(aliases)
        found = {each.key: each for each in self._store.known_entries(source_id, names)}
        pending = {key for name in names for key in self._named.get((source_id, name), ())}
        found |= {key: self._entries[key] for key in found.keys() | pending if key in self._entries}
        return [
            replace(each, last_seen_at=max(each.last_seen_at, self._seen.get(key, each.last_seen_at)))
            for key, each in sorted(found.items())
        ]

    def decisions(self, **asked: Any) -> list[Decision]:
        """As the store has them, follow-ups at once: what is held back is none."""
        if not asked.get("follow_up"):
            self.flush()
        return self._store.decisions(**asked)

    def stories_due(self, now: datetime, limit: int) -> list[str]:
        """As the store has them, once what a first visit wakes is written; what moves a story is written at once."""
        if any(outcome.tried or outcome.begun for outcome in self._outcomes):
            self.flush()
        return self._store.stories_due(now, limit)

    def flush(self) -> None:
        """Write what is held back."""
        pending, self._outcomes = self._outcomes, []
        self._entries, self._named, self._seen = {}, {}, {}
        if pending:
            self._store.record(pending)

    def __getattr__(self, verb: str) -> Any:
        """Any other verb of the store, which finds everything written that it may ask for."""
        if verb not in UNTOUCHED:
            self.flush()
        return getattr(self._store, verb)


def _tells(outcome: Outcome) -> bool:
    made = outcome.judgements
    return bool(made.alerts or made.moved_stories) or any(decision.development for decision in made.decisions)
