"""One row of news, for every list of a page: what changed leads, then who told it and how many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.core.delivery.messages import words
from monitor.core.presentation import phrases
from monitor.core.presentation.phrases import Tag
from monitor.core.text import opening
from monitor.model import Alert

# Moves a row shows; the alert has them all (design of the pages).
MOVES_MAX = 3
SAID_CHARS_MAX = 160  # characters of a publisher's notice in a row: two lines of a desk (set)


@dataclass(frozen=True, slots=True)
class Row:
    """A row: where it leads (`path` in our pages, `url` to the publisher), what it says, whether it is unread."""

    id: str
    tag: Tag
    at: datetime
    title: str
    path: str
    url: str = ""
    note: str = ""
    moves: tuple[words.Difference, ...] = ()
    source: str = ""
    by: str = ""
    language: str = ""
    unread: bool = False


def row(alert: Alert, unread: bool) -> Row:
    """An alert as a row; one that is of no story leads to what it is about."""
    tag = phrases.KINDS[alert.kind]
    note = f"version {alert.revision}" if alert.kind == "story.revision" else alert.phase or ""
    return Row(
        id=alert.id, tag=tag, at=alert.at, title=alert.title, path=f"/alerts/{alert.id}",
        url=alert.article_url if alert.story_id else "", note=note, moves=tuple(words.changed(alert)[:MOVES_MAX]),
        source=alert.article_source if alert.story_id else "", by=_by(alert), unread=unread,
    )  # fmt: skip


def _by(alert: Alert) -> str:
    """ "3 outlets, 2 origins · traced to Seoul's spy agency"; empty parts are left out.

    A correction that moved no figure says what was corrected.
    """
    said = [] if alert.kind != "story.correction" or words.changed(alert) else [*words.notices(alert), *alert.notes]
    parts = [*(opening(each, SAID_CHARS_MAX) for each in said[:1]), words.coverage_line(alert)]
    if alert.origin and alert.origin != alert.article_source:
        parts.append(f"traced to {alert.origin}")
    if alert.still_carrying:
        parts.append(f"{phrases.counted(len(alert.still_carrying), 'outlet')} still with the old")
    if alert.items and not alert.article_source:
        parts.append(phrases.counted(len(alert.items), "report"))
    return " · ".join(filter(None, parts))


def by_story(rows: list[tuple[Row, Alert]]) -> list[tuple[str, str, list[Row]]]:
    """Rows grouped by story (id, title), the group with the newest first; corrections stand before all else.

    What is of no story comes last, under an empty id.
    """
    groups: dict[str, tuple[str, list[tuple[bool, Row]]]] = {}
    for each, alert in rows:
        correction = alert.kind == "story.correction"
        groups.setdefault(alert.story_id, (alert.story_title, []))[1].append((not correction, each))
    found = [(story, title, [each for _, each in sorted(members, key=lambda m: m[0])])
             for story, (title, members) in groups.items()]  # fmt: skip
    return sorted(found, key=lambda group: not group[0])
