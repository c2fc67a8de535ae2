"""Many alerts as one: begins with what matters, ends with what was and was not covered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor import data
from monitor.core import ids
from monitor.core.delivery.messages.words import changed, reads, shown, when
from monitor.core.text import counted
from monitor.model import Alert, AlertKind, Report

NOUNS = {row[0]: row[5:] for row in data.rows("alert_kinds.tsv")}  # one and many
ORDER = tuple(NOUNS)
DETAILS_MAX = 3  # changed claims under each line of a digest (set)
NAMES_MAX = 20  # sources named in a line of coverage; the rest is counted (set)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which sources were polled, fail, are silent, or may have lost entries; names, ready to print."""

    polled: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    gapped: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """One sentence a state; that nothing fails is a statement too."""
        count = len(self.polled)
        polled = f"{counted(count, 'source')} polled: {_named(self.polled)}." if count else "None polled."
        named = (
            ("Failing", self.failing), ("Silent for two weeks", self.silent),
            ("With gaps, so that entries may have been missed", self.gapped),
        )  # fmt: skip
        troubles = tuple(f"{word}: {_named(names)}." for word, names in named if names)
        return (polled, *(troubles or ("None failing, silent or with gaps.",)))


def _named(names: Sequence[str]) -> str:
    more = len(names) - NAMES_MAX
    return ", ".join(names[:NAMES_MAX]) + (f" and {more} more" if more > 0 else "")


def part(alert: Alert) -> Report:
    """An alert as one part of a digest."""
    details = [reads(row) for row in changed(alert)[:DETAILS_MAX]] or list(alert.notes[:1])
    return Report(
        alert.article_source, alert.article_url, alert.title, alert.origin, alert.published_at or alert.at,
        kind=alert.kind, alert=alert.id, story=alert.story_title, detail=shown("; ".join(details), 400),
    )  # fmt: skip


def _parts(alert: Alert) -> Iterator[Report]:
    """A digest in a digest, and a brief, are told by their parts, so that nothing is counted away or said twice."""
    listed = alert.items if alert.kind in ("story.digest", "story.baseline") else ()
    if not listed:
        yield part(alert)
    for item in listed:
        kind: AlertKind = item.kind or alert.kind
        yield replace(item, kind=kind, alert=item.alert or alert.id, story=item.story or alert.story_title)


def digest(
    held: Sequence[Alert], coverage: Coverage | None, at: datetime, *,
    since: datetime | None = None, stories: Sequence[tuple[str, str]] = (),
) -> Alert:  # fmt: skip
    """One alert that lists the held ones, oldest first, what matters before all; its id comes from theirs.

    With none held it says so, for `stories` (id, title), since the last digest: "nothing new" is a statement.
    """
    parts = [piece for alert in held for piece in _parts(alert)]
    parts.sort(key=lambda piece: (ORDER.index(piece.kind or "story.digest"), piece.story))
    told = sorted({(alert.story_id, alert.story_title) for alert in held if alert.story_id}) or list(stories)
    only = told[0] if len(told) == 1 and all(alert.story_id for alert in held) else ("", "")
    occasion = " ".join(alert.id for alert in held) or f"nothing {since} {' '.join(name for name, _ in told)}"
    return Alert(
        id=ids.alert_id(only[0] or "all", "story.digest", occasion), kind="story.digest", at=at,
        title=_title(held, since), story_id=only[0], story_title=only[1] or _owner(held, told),
        items=tuple(parts), notes=coverage.lines() if coverage else (),
    )  # fmt: skip


def _owner(held: Sequence[Alert], told: Sequence[tuple[str, str]]) -> str:
    """Of how many stories, where each is named over its parts; else their titles."""
    several = bool(held) and len(told) > 1
    return counted(len(told), "story", "stories") if several else ", ".join(title for _, title in told)


def _title(held: Sequence[Alert], since: datetime | None) -> str:
    if not held:
        return f"Nothing new since {when(since)}" if since else "Nothing new"
    counts = Counter[str](alert.kind for alert in held)
    return ", ".join(f"{n} {NOUNS[kind][n > 1]}" for kind in ORDER if (n := counts[kind]))
