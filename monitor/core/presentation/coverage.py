"""Who told what: sources by steps, with who was first, who could not be read then, and who told nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from monitor.core.presentation import phrases
from monitor.core.presentation.timeline import Card
from monitor.model import Gap

# Columns that fit a page beside the names; older steps have their card (design of the pages).
COLUMNS_MAX = 12
# A source that could not be read within this time after a step may have told it and is not blamed for silence.
BLIND_FOR = timedelta(hours=24)
SIGNS = phrases.words("sign")
Days = Mapping[str, Mapping[str, tuple[int, int, int]]]


def matrix(
    cards: Sequence[Card], sources: Sequence[str], blind: Callable[[str, datetime], bool]
) -> tuple[list[Card], list[tuple[str, list[str]]]]:
    """The newest steps, oldest first, and for each source the sign at each of them."""
    steps = sorted((card for card in cards if card.number), key=lambda card: card.number)[-COLUMNS_MAX:]
    rows = []
    for source in sources:
        signs = []
        for card in steps:
            if source in card.outlets:
                signs.append("first" if _first(card) == source else "too")
            else:
                signs.append("blind" if blind(source, card.at) else "none")
        rows.append((source, signs))
    return steps, rows


def _first(card: Card) -> str:
    return min(card.decisions, key=lambda made: (made.at, made.entry_key)).source_id


def blindness(gaps: Sequence[Gap], days: Days) -> Callable[[str, datetime], bool]:
    """Whether a source may have been missed: in a gap, or on a day when no visit succeeded."""

    def blind(source: str, at: datetime) -> bool:
        end = at + BLIND_FOR
        if any(gap.source_id == source and gap.since < end and gap.until > at for gap in gaps):
            return True
        visits, failed, _ = days.get(source, {}).get(f"{at:%Y-%m-%d}", (0, 0, 0))
        return bool(visits) and visits == failed

    return blind
