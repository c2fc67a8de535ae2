"""Who hears of an alert, and when: routes by story, kind and severity; digests, quiet hours and bursts. Pure.

A hold delays or rolls up and never discards: a digest lists every alert that it stands for. Severity at or above a
destination's `urgent` passes through.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitor.core import ids
from monitor.core.delivery import hours
from monitor.core.text import counted
from monitor.deferred import Deferred
from monitor.model import Alert, Delivery, Destination, Story

if TYPE_CHECKING:
    from monitor.core.delivery import messages
else:
    messages = Deferred("monitor.core.delivery.messages")

SINGLES_MAX = 25  # alerts of one visit sent one by one; more come as one digest (set)
EVERY_STORY = "*"
STATEMENT = timedelta(days=1)  # between two statements that there was nothing to tell
RANK = {"low": 0, "normal": 1, "high": 2}


def deliveries(
    alert: Alert, destinations: Sequence[Destination], channel_ids: Sequence[str], now: datetime, mute_until: str = ""
) -> tuple[Delivery, ...]:
    """One delivery per destination that wants this alert; `channel_ids` empty means every channel.

    `mute_until` is the story's.
    """
    return tuple(
        _delivery(alert, place, now, mute_until)
        for place in destinations
        if (not channel_ids or place.channel_id in channel_ids) and wants(place, alert)
    )


def wants(place: Destination, alert: Alert) -> bool:
    """Is this alert for this destination? Kinds are "story.revision" or just "revision".

    A burst in one digest is for everybody who wants anything of it.
    """
    if alert.story_id and place.stories and alert.story_id not in place.stories:
        return False
    if not alert.story_id and not place.operator and alert.kind != "channel.test":
        return False
    if place.kinds and not any(_named(kind, place.kinds) for kind in (alert.kind, *(i.kind for i in alert.items))):
        return False
    return RANK[alert.severity] >= RANK[place.severity_min]


def hears(place: Destination, story: Story, muted: Collection[tuple[str, str, str]]) -> bool:
    """Does this destination get anything of the story?"""
    routed = not story.channel_ids or place.channel_id in story.channel_ids
    wanted = not place.stories or story.id in place.stories
    return routed and wanted and not story.paused and not stopped(muted, story.id, place.channel_id, place.recipient)


def _named(kind: str | None, kinds: Sequence[str]) -> bool:
    return kind is not None and (kind in kinds or kind.partition(".")[2] in kinds)


def stopped(muted: Collection[tuple[str, str, str]], story_id: str, channel_id: str, recipient: str) -> bool:
    """Has this recipient asked for no more of the story, or, from a digest of several, of any story?"""
    place = (channel_id, recipient)
    return bool(story_id) and ((story_id, *place) in muted or (EVERY_STORY, *place) in muted)


def _delivery(alert: Alert, place: Destination, now: datetime, mute_until: str) -> Delivery:
    made = at_once(alert, place.channel_id, place.recipient, now)
    if RANK[alert.severity] >= RANK[place.urgent] or alert.kind == "channel.test":
        return made
    if place.mode == "digest":
        return replace(made, state="held", digest=True, next_at=digest_at(place, now, mute_until))
    # What may come with others at once waits for the next look of upkeep, which sees them all.
    released = quiet_until(place, now, mute_until) or (now if place.together else None)
    return replace(made, state="held", digest=True, next_at=released) if released else made


def rolls(place: Destination | None, held: int) -> bool:
    """Do so many held deliveries go out as one message? After quiet hours only where they are very many."""
    return place is None or place.mode == "digest" or held > (place.together or SINGLES_MAX)


def apart(place: Destination | None, held: Sequence[tuple[Delivery, Alert]]) -> list[list[tuple[Delivery, Alert]]]:
    """Held deliveries by where they lead there: those of each story with a topic of its own, then all the others."""
    own = place.apart if place else ()
    groups: dict[str, list[tuple[Delivery, Alert]]] = {}
    for pair in held:
        groups.setdefault(pair[1].story_id if pair[1].story_id in own else "", []).append(pair)
    return [groups[key] for key in sorted(groups, reverse=True)]


def statement_at(place: Destination, last: datetime) -> datetime:
    """When a destination that had its last digest at `last` is told that there was nothing: once a day, at its hour."""
    every = timedelta(hours=place.digest_every_h or 24)
    return digest_at(place, hours.later(last, max(STATEMENT - every, timedelta()), ZoneInfo(place.timezone)))


def at_once(alert: Alert, channel_id: str, recipient: str, now: datetime) -> Delivery:
    """A delivery that is due now."""
    return Delivery(
        id=ids.delivery_id(alert.id, channel_id, recipient), alert_id=alert.id, channel_id=channel_id,
        recipient=recipient, created_at=now, next_at=now,
    )  # fmt: skip


def digest_at(place: Destination, now: datetime, mute_until: str = "") -> datetime:
    """The next digest instant: every n hours from local midnight, or daily at a local time (once in a DST fold).

    One that falls into quiet hours waits for their end.
    """
    times = hours.every(place.digest_every_h) if place.digest_every_h else [hours.read(place.digest_at)]
    at = hours.digest_at(times, ZoneInfo(place.timezone), now)
    return quiet_until(place, at, mute_until) or at


def quiet_until(place: Destination, now: datetime, mute_until: str = "") -> datetime | None:
    """When the mutes (its own, the story's) and the quiet hours that hold now end, or None outside them."""
    zone = ZoneInfo(place.timezone)
    mutes = (hours.mute_until(text, zone, now) for text in (place.mute_until, mute_until) if text)
    muted = max(filter(None, mutes), default=None)
    quiet = hours.quiet_until(place.quiet, zone, muted or now) if place.quiet else None
    return quiet or muted


def cap(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """At most `SINGLES_MAX` story alerts of one visit; the rest of the burst becomes one digest a story."""
    bursts: dict[str, list[Alert]] = {}
    kept: list[Alert] = []
    numbers = Counter[str]()
    for alert in alerts:
        numbers[alert.story_id] += 1
        if alert.story_id and numbers[alert.story_id] > SINGLES_MAX and RANK[alert.severity] < RANK["high"]:
            bursts.setdefault(alert.story_id, []).append(alert)
        else:
            kept.append(alert)
    return (*kept, *(_rolled(burst) for burst in bursts.values()))


def _rolled(burst: Sequence[Alert]) -> Alert:
    first = burst[0]
    severity = max((alert.severity for alert in burst), key=lambda word: RANK[word])
    return Alert(
        id=ids.alert_id(first.story_id, "story.digest", "burst", " ".join(alert.id for alert in burst)),
        kind="story.digest", at=first.at, severity=severity, title=f"{counted(len(burst), 'more development')} at once",
        story_id=first.story_id, story_title=first.story_title, article_source=first.article_source,
        items=tuple(messages.part(alert) for alert in burst),
        notes=("They came in one visit; each is kept and listed here.",),
    )  # fmt: skip
