"""The schema, as the steps that lead to it. A step that was released is never edited; a change is a new step.

They stand in `data/schema.sql`. A step whose name begins with + only adds, so that workers of earlier versions go on
beside it; any other stops them. What nobody needs any more goes in a step of the other kind, a release after the last
that used it.

`{bytes}` is the column type of binary data, `{compact}` what follows a table clustered by its key, `{row}` a number
that counts itself and comes once only, `{words}` the full-text table; each database fills them in. Instants are
text of one width (`core.times.to_sortable`), truth is 0 or 1, an absent text is empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from monitor import data

_STEP = re.compile(r"^--: (\S+)\n(.*?)(?=^--: |\Z)", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"^--.*\n", re.MULTILINE)
STEPS: dict[str, tuple[str, ...]] = {
    name: tuple(_COMMENT.sub("", body).strip().removesuffix(";").split(";\n"))
    for name, body in _STEP.findall(data.read("schema.sql"))
}

# Every table with its key, after those that it refers to; workers stay where they are, and words are indexed anew.
TABLES: dict[str, tuple[str, ...]] = {
    "sources": ("source_id",), "contents": ("hash",), "entries": ("key",), "aliases": ("source_id", "alias", "key"),
    "versions": ("key", "revision"), "decisions": ("entry_key", "story_id", "revision"),
    "members": ("story_id", "entry_key"), "claims": ("id",), "gaps": ("source_id", "since", "until"), "alerts": ("id",),
    "channels": ("channel_id",), "destinations": ("channel_id", "recipient"), "deliveries": ("id",),
    "attempts": ("delivery_id", "number"), "feedback": ("alert_id", "word", "argument"), "settings": ("name",),
    "followed": ("entry_key",), "marks": ("source_id",), "everyday": ("source_id",), "word_counts": ("source_id",),
    "reads": ("alert_id",), "days": ("day", "source_id"), "stories": ("story_id",),
    "story_sources": ("story_id", "source_id"), "unsubscriptions": ("story_id", "channel_id", "recipient"),
    "periodic": ("story_id",),
}  # fmt: skip


def unsafe(applied: Iterable[str]) -> list[str]:
    """The applied steps beside which this version may not work: unknown ones, but those that only add."""
    return sorted(name for name in applied if name not in STEPS and not name.startswith("+"))


def statements(step: tuple[str, ...], **filling: str) -> list[str]:
    """The statements of a step for one database; what it needs no statement for is left out."""
    return [text for statement in step if (text := statement.format(**filling))]
