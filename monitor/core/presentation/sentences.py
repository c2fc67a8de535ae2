"""Where a story stands, in one or two sentences made from what is stored; what is not known makes them shorter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from monitor.core.presentation import moments
from monitor.core.presentation.phrases import counted, listed
from monitor.core.presentation.timeline import Card

# Shorter silences are how news goes (watch/DESIGN.md, section 3).
QUIET = timedelta(days=7)


def state(cards: Sequence[Card], now: datetime, zone: tzinfo) -> list[tuple[bool, str]]:
    """Runs of text, each with whether it is strong: when it moved last, with what, and how many tell it."""
    steps = [card for card in cards if card.number]
    if not steps:
        return [(True, "Nothing of this story was seen yet."), (False, "The first visits are read quietly.")]
    last = steps[0]
    earlier = steps[1].at if len(steps) > 1 else None
    if now - last.at > QUIET:
        opening = f"Quiet for {moments.length(now - last.at)}, since {moments.since(last.at, now, zone)}"
    else:
        opening = f"Moved {moments.when(last.at, now, zone)}"
        if earlier and last.at - earlier > QUIET:
            opening += f", after {moments.length(last.at - earlier)} of silence"
    outlets = len(last.outlets)
    origins = list(dict.fromkeys(made.origin for made in last.decisions if made.origin))
    tellers = f"{counted(outlets, 'outlet')} {'tells' if outlets == 1 else 'tell'} it"
    traced = f", traced to {listed(origins)}" if origins else ""
    return [(True, f"{opening}:"), (False, f"“{last.title}”."), (False, f"{tellers}{traced}.")]
