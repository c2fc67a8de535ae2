"""What people said of alerts and entries, as a watch uses it. Pure.

"no": the entry is not of the story; it leaves the story's memory, teaches nothing, and its like is pushed below the
threshold. "yes": one that was held back is of the story; "new": one that was folded told something new; both found a
development of their own, under which later copies are folded. "same-as": two developments are one; what repeats either
is folded. "important": the report teaches the watch like a second seed, and what follows on its development is told at
once. The last word on an alert or entry counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from monitor.core import ids
from monitor.model import Entry, FeedbackRow, StoryReport, StoryState

WORDS = ("no", "same-as", "important")
# What teaches the watch like one more seed: an important report, and one that was held back and is of the story.
TEACHING = ("important", "yes")
FOUNDING = ("yes", "new")


@dataclass(frozen=True, slots=True)
class Said:
    """Of one story: `refused` entry keys with their entries, developments that are one with another, important ones.

    `founders` are the rows of entries that are a development of their own, by key.
    """

    refused: Mapping[str, Entry] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)
    important: frozenset[str] = frozenset()
    taught: tuple[tuple[Entry, datetime], ...] = ()
    founders: Mapping[str, FeedbackRow] = field(default_factory=dict)

    def development(self, name: str) -> str:
        """The development that this one is."""
        return self.merged.get(name, name)

    def of_entry(self, key: str, name: str) -> str:
        """The development that an entry tells, which was recorded as of this one."""
        return founded(self.founders[key]) if key in self.founders else self.development(name)


def founded(row: FeedbackRow) -> str:
    """The id of the development that an entry founds by a person's word."""
    return ids.development_id(row.story_id, row.entry_key, 1)


def last_words(rows: Sequence[FeedbackRow]) -> list[FeedbackRow]:
    """The newest row of each alert; `rows` and what comes of them are oldest first."""
    newest = {row.alert_id: row for row in rows}
    return [row for row in rows if newest[row.alert_id] is row]


def read(rows: Sequence[FeedbackRow], developments: Mapping[str, str]) -> Said:
    """Feedback of one story, oldest first; `developments` names those of the alerts, by alert id."""
    words = last_words(rows)
    merged: dict[str, str] = {}
    for row in words:
        if row.word != "same-as":
            continue
        mine = _root(merged, developments.get(row.alert_id, ""))
        other = _root(merged, developments.get(row.argument) or row.argument)
        if mine and other and mine != other:
            merged[mine] = other
    important = [row for row in words if row.word == "important"]
    return Said(
        refused={row.entry_key: row.entry for row in words if row.word == "no" and row.entry},
        merged={name: _root(merged, name) for name in merged},
        important=frozenset(_root(merged, developments.get(row.alert_id, "")) for row in important) - {""},
        taught=tuple((row.entry, row.at) for row in words if row.word in TEACHING and row.entry),
        founders={row.entry_key: row for row in words if row.word in FOUNDING and row.entry},
    )


def _root(merged: Mapping[str, str], name: str) -> str:
    while name in merged:
        name = merged[name]
    return name


def remembered(memory: StoryState, said: Said) -> StoryState:
    """What a story knows, as people corrected it."""
    if not said.refused and not said.merged and not said.founders:
        return memory
    kept = [_corrected(member, said) for member in memory.members if member.entry_key not in said.refused]
    kept += [_founder(row) for key, row in said.founders.items() if key not in {member.entry_key for member in kept}]
    return replace(memory, members=tuple(sorted(kept, key=lambda member: member.at)))


def _founder(row: FeedbackRow) -> StoryReport:
    entry = row.entry or Entry()
    return StoryReport(
        entry_key=row.entry_key, source_id=row.source_id, source_name=entry.outlet or row.source_id,
        development=founded(row), verdict="development", at=entry.published_at or row.at, title=entry.title,
        text=entry.text or entry.summary, url=entry.url, origin="",
    )  # fmt: skip


def _corrected(member: StoryReport, said: Said) -> StoryReport:
    if member.entry_key in said.founders:
        return replace(member, development=said.of_entry(member.entry_key, ""), verdict="development")
    if member.development not in said.merged:
        return member
    verdict = "repeat" if member.verdict == "development" else member.verdict
    return replace(member, development=said.merged[member.development], verdict=verdict)


def label(row: FeedbackRow, said: Said, developments: Mapping[str, str]) -> dict[str, Any] | None:
    """One line of the labels that `monitor eval` reads; None where the alert was about no single entry."""
    entry = row.entry
    if entry is None:
        return None
    follow_up = row.word != "no"
    development = said.of_entry(row.entry_key, developments.get(row.alert_id, "")) if follow_up else ""
    return {
        "entry": entry.id or entry.url, "story": row.story_id, "follow_up": follow_up,
        "development": development or None, "word": row.word,
    }  # fmt: skip
