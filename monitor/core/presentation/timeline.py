"""A story as cards, newest first: its steps, each with who told it, and what was corrected, changed or became due.

The card of a step is led by the report that was told, never by the newest of the visit; where none was, by the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from monitor.core.delivery.messages import words
from monitor.core.novelty.origins import one_party, party
from monitor.core.presentation import moments, phrases
from monitor.core.presentation.phrases import Tag, counted, listed
from monitor.core.presentation.rows import MOVES_MAX
from monitor.model import Alert, Decision

# Shorter silences are how news goes (design of the pages).
QUIET = timedelta(days=7)
# A silence worth a line of its own (design of the pages).
SILENCE = timedelta(days=14)
# Alerts that are no step: they stand beside the steps.
BESIDE = ("story.correction", "story.revision", "story.overdue")


@dataclass(frozen=True, slots=True)
class Card:
    """One card. `number` counts the steps in time, 0 for what is none; `silence` is how long it was quiet before."""

    id: str
    at: datetime
    tag: Tag
    title: str
    number: int = 0
    path: str = ""
    url: str = ""
    phase: str = ""
    source: str = ""
    origin: str = ""
    moves: tuple[words.Difference, ...] = ()
    leader: Decision | None = None
    others: tuple[Decision, ...] = ()
    notes: tuple[str, ...] = ()
    unread: bool = False
    corrected: bool = False
    silence: timedelta | None = None
    before: bool = False

    @property
    def outlets(self) -> tuple[str, ...]:
        """Ids of the sources that told it, the leading one first."""
        found = [self.source, *(made.source_id for made in self.others)]
        return tuple(dict.fromkeys(filter(None, found)))

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Every report of it."""
        return (self.leader, *self.others) if self.leader else ()


def cards(decisions: Iterable[Decision], alerts: Sequence[tuple[Alert, bool]]) -> list[Card]:
    """Every card of a story, newest first. `decisions` are its follow-ups, `alerts` with whether they are unread."""
    by_id = {alert.id: (alert, unread) for alert, unread in alerts}
    corrected = {alert.development for alert, _ in alerts if alert.kind == "story.correction" and alert.development}
    steps: dict[str, list[Decision]] = {}
    for made in sorted(decisions, key=lambda made: (made.at, made.entry_key, made.revision)):
        steps.setdefault(made.development or made.entry_key, []).append(made)
    found = [_step(name, rows, by_id, name in corrected) for name, rows in steps.items()]
    found = [
        replace(card, number=n) for n, card in enumerate(sorted(found, key=lambda card: (card.at, card.id)), start=1)
    ]
    found += [_beside(alert, unread) for alert, unread in alerts if alert.kind in BESIDE]
    return _with_silences(sorted(found, key=lambda card: (card.at, card.number), reverse=True))


def _step(name: str, rows: list[Decision], alerts: Mapping[str, tuple[Alert, bool]], corrected: bool) -> Card:
    said = [made for made in rows if made.alert_id in alerts and alerts[made.alert_id][0].kind not in BESIDE]
    leader = min(said or rows, key=lambda made: (made.verdict != "development", made.at))
    alert, unread = alerts.get(leader.alert_id, (None, False))
    tag = phrases.BEFORE if leader.baseline else phrases.VERDICTS["development"]
    if alert is not None and alert.kind in phrases.KINDS:
        tag = phrases.KINDS[alert.kind]
    moves = (
        words.changed(alert) if alert else [words.Difference(d.subject, d.before, d.after, "") for d in leader.deltas]
    )
    others = {made.entry_key: made for made in rows if made.entry_key != leader.entry_key}
    return Card(
        id=name, at=leader.at, tag=tag, title=leader.title, path=f"/alerts/{alert.id}" if alert else "", url=leader.url,
        phase=leader.phase or "", source=leader.source_id, origin=leader.origin, moves=tuple(moves[:MOVES_MAX]),
        leader=leader, others=tuple(others.values()), unread=unread, corrected=corrected, before=leader.baseline,
    )  # fmt: skip


def _beside(alert: Alert, unread: bool) -> Card:
    return Card(
        id=alert.id, at=alert.at, tag=phrases.KINDS[alert.kind], title=alert.title, path=f"/alerts/{alert.id}",
        url=alert.article_url, moves=tuple(words.changed(alert)[:MOVES_MAX]), unread=unread,
        notes=tuple(filter(None, [alert.article_source, f"version {alert.revision}" if alert.revision > 1 else ""])),
    )  # fmt: skip


def _with_silences(found: list[Card]) -> list[Card]:
    older = [*found[1:], None][: len(found)]
    return [
        replace(card, silence=card.at - before.at) if before and card.at - before.at > SILENCE else card
        for card, before in zip(found, older, strict=True)
    ]


def origins(found: Sequence[Card]) -> dict[str, list[int]]:
    """By origin, the steps that come from it, newest first."""
    traced: dict[str, list[int]] = {}
    called = _fullest(made.origin for card in found for made in card.decisions)
    for card in found:
        for origin in dict.fromkeys(called[made.origin] for made in card.decisions if made.origin):
            traced.setdefault(origin, []).append(card.number)
    return traced


def _fullest(names: Iterable[str]) -> dict[str, str]:
    """Each origin by the fullest name that the same voice has here: "Brandt" is "Tomas Brandt"."""
    called: dict[str, str] = {}
    for name in sorted({*names} - {""}, key=lambda name: (-len(name), name)):
        same = (other for other in called.values() if one_party(name, other) and party(name) != party(other))
        called[name] = next(same, name)
    return called


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
    called = _fullest(made.origin for made in last.decisions)
    origins = list(dict.fromkeys(called[made.origin] for made in last.decisions if made.origin))
    tellers = f"{counted(outlets, 'outlet')} {'tells' if outlets == 1 else 'tell'} it"
    traced = f", traced to {listed(origins)}" if origins else ""
    return [(True, f"{opening}:"), (False, f"“{last.title}”."), (False, f"{tellers}{traced}.")]
