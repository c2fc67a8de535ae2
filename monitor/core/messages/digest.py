"""Many alerts as one: begins with what matters, ends with what was and was not covered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.core import ids
from monitor.core.messages.words import LABELS
from monitor.model import Alert, Report

ORDER = (
    "story.correction", "story.reawakened", "story.development", "story.claim_changed", "story.revision",
    "story.confirmation", "story.overdue", "story.baseline", "story.digest", "source.trouble", "source.recovered",
    "channel.test",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which sources were polled, fail, are silent, or may have lost entries; names, ready to print."""

    polled: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    gapped: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """One sentence a state; "nothing new" is a statement, not an absence."""
        named = (("Failing", self.failing), ("Silent for two weeks", self.silent), ("With gaps", self.gapped))
        return (
            f"Polled: {', '.join(self.polled) or 'none'}.",
            *(f"{word}: {', '.join(names)}." for word, names in named if names),
        )


def digest(held: Sequence[Alert], coverage: Coverage | None, at: datetime) -> Alert:
    """One alert that lists the held ones, what matters first; its id comes from theirs."""
    ranked = sorted(held, key=lambda alert: (ORDER.index(alert.kind), alert.at, alert.id))
    stories = sorted({(alert.story_id, alert.story_title) for alert in held if alert.story_id})
    count = len(held)
    only = stories[0] if len(stories) == 1 and all(alert.story_id for alert in held) else ("", "")
    return Alert(
        id=ids.alert_id(only[0] or "all", "story.digest", " ".join(alert.id for alert in held)),
        kind="story.digest", at=at, title=f"{count} alert{'' if count == 1 else 's'} since the last digest",
        story_id=only[0], story_title=only[1] or ", ".join(title for _, title in stories),
        items=tuple(
            Report(
                alert.article_source, alert.article_url, f"{LABELS[alert.kind]}: {alert.title}", alert.origin,
                alert.published_at or alert.at,
            )
            for alert in ranked
        ),
        notes=coverage.lines() if coverage else (),
    )  # fmt: skip
