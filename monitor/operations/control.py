"""What an operator does to a running watch: pause, resume, feed back, send again, test a channel, check the state."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.core import ids, times
from monitor.core.decisions import alerts, poll_schedule
from monitor.core.decisions import visit as visit_decision
from monitor.core.delivery import retries, routing
from monitor.core.relevance import feedback as feedback_words
from monitor.core.relevance.feedback import FOUNDING, WORDS
from monitor.core.text import counted
from monitor.errors import NotFound, StoreBusy, UsageError
from monitor.model import Alert, Candidate, Reason, Sighting, Source, SourceStatus, Story
from monitor.operations import reports
from monitor.pipeline import HEARD, Pipeline
from monitor.ports import Store
from monitor.runtime.workers import SILENT_MAX

STOPPED = "the recipient stopped this story"
OVERRULED = "Held back at first; a person said that it was one."
FOLDED = ("repeat", "confirmation")  # verdicts under a development that another report founded
UNDO = "undo"
OPEN = ("pending", "held", "retrying")  # states of a delivery that has not ended
ROOM_LEAST = 1024**2  # bytes free on a disk that takes a visit (set)
OVERRULING = ("yes", "new", "no", UNDO)
SHARED_NOTHING = Reason("reader", 0.0, 0.0, "shares nothing with the story, and a reader says that it is one")


def pause(store: Store, source_id: str) -> SourceStatus:
    """Stop visiting a source."""
    status = _status(store, source_id)
    paused = replace(status, paused=True)
    store.set_status(paused)
    return paused


def resume(store: Store, source_id: str, now: datetime) -> SourceStatus:
    """Visit a source again, at once: after a pause, after 410, or to accept a feed that has become another."""
    status = _status(store, source_id)
    state = status.state
    accepted = state == "review"
    if state in ("gone", "review", "paused"):
        state = "ok" if status.last_ok_at else "new"
    resumed = replace(
        status, paused=False, state=state, next_at=now, failures=0, failing_since=None, error=None, detail="",
        trouble_told=False, feed_title="" if accepted else status.feed_title, body_hash="", etag="", last_modified="",
        feed_language="" if accepted else status.feed_language, baseline_at=None if accepted else status.baseline_at,
    )  # fmt: skip
    store.set_status(resumed)
    return resumed


def visit(store: Store, source_ids: Sequence[str], now: datetime) -> dict[str, datetime | None]:
    """Ask whoever runs to visit these sources now; when each was visited last.

    UsageError for one that is not visited until somebody resumes it, or that asked to be left alone for a while.
    """
    statuses = {name: _status(store, name) for name in source_ids}
    for name, status in statuses.items():
        if status.paused or status.state in ("gone", "review"):
            state = "paused" if status.paused else status.state
            raise UsageError(f"{name} is {state}; `monitor resume {name}` visits it again")
        if poll_schedule.held(status, now):
            raise UsageError(f"{name} has asked to be left alone until {status.retry_until:%Y-%m-%d %H:%M} UTC")
    store.hasten(list(statuses), now)
    return {name: status.last_visit_at for name, status in statuses.items()}


def switch_on(store: Store, channel_id: str, now: datetime) -> dict[str, Any]:
    """Send to a channel again that was switched off; what waited for it goes out. `was` is why it was off."""
    was = store.disabled_channels().get(channel_id)
    store.set_channel(channel_id, "", now)
    return {"channel": channel_id, "was": was}


def _status(store: Store, source_id: str) -> SourceStatus:
    status = store.statuses([source_id]).get(source_id)
    if status is None:
        raise NotFound(
            f"no source or story has the id {source_id!r}; `monitor sources` and `monitor stories` list them"
        )
    return status


def feedback(store: Store, alert_id: str, word: str, argument: str, now: datetime) -> dict[str, Any]:
    """ "no" (not this story), "same-as" (with the id of a development or alert) or "important"; "undo" takes it back.

    A running daemon hears of it at its next upkeep.
    """
    if word not in (*WORDS, UNDO):
        raise UsageError(f"{word!r} is not one of {', '.join(dict.fromkeys((*WORDS, *OVERRULING)))}")
    told, _ = reports.alert_of(store, alert_id)
    if word == "same-as":
        _repeatable(store, told, argument)
    elif argument:
        raise UsageError(f"{word} takes no id")
    if not store.add_feedback(alert_id, "" if word == UNDO else word, argument, now):
        raise NotFound("nothing was said of this alert that could be undone")
    store.set_setting(HEARD, f"{now.isoformat()} {alert_id} {word} {argument}")
    return {"alert": alert_id, "word": word, "argument": argument or None}


def overrule(
    store: Store, entry: str, word: str, story_id: str, now: datetime, stories: Iterable[Story] = ()
) -> dict[str, Any]:
    """ "yes": an entry that was held back is of the story; it stands in its timeline and teaches the watch.

    "new": one that was folded as same news is a step of its own. "no": it is not of the story, and its like is pushed
    away. "undo" takes the word back. Nobody is sent anything. `entry` is a key, a publisher's id or a URL; without
    `story_id` the one story that weighed it, else the one of `stories` that reads its source: what shared nothing with
    an article can be of its story all the same. A running daemon hears of it at its next upkeep.
    """
    if word not in OVERRULING:
        raise UsageError(f"{word!r} is not one of {', '.join(OVERRULING)}")
    known = store.entry(entry)
    if known is None:
        raise NotFound(f"no entry has the key, id or URL {entry!r}")
    decided = store.decisions(entry=known.key, limit=1000)
    weighed = sorted({made.story_id for made in decided})
    readers = {story.id: story for story in stories if word == "yes" and story.reads(known.source_id)}
    choice = weighed or sorted(readers)
    if not story_id and len(choice) != 1:
        raise UsageError(f"name the story with --story: {', '.join(choice) or 'none has weighed this entry'}")
    story_id = story_id or choice[0]
    if story_id not in weighed and story_id not in readers:
        raise NotFound(f"the story {story_id!r} has not weighed this entry")
    if word == "new" and not any(made.story_id == story_id and made.verdict in FOLDED for made in decided):
        raise UsageError(f"this entry was not folded under another in {story_id!r}")
    kept = None
    if story_id not in weighed:
        kept = replace(reports.unweighed(readers[story_id], known), reasons=(SHARED_NOTHING,))
    changed = store.overrule(known.key, story_id, "" if word == UNDO else word, now, kept)
    if word == UNDO and not changed:
        raise NotFound("nothing was said of this entry that could be undone")
    store.set_setting(HEARD, f"{now.isoformat()} {known.key} {word} {story_id}")
    return {"entry": known.entry.id or known.entry.url, "key": known.key, "story": story_id, "word": word}


def tell(pipeline: Pipeline, sources: Mapping[str, Source], entry: str, story_id: str) -> Alert:
    """Send what a person said was a step of the story, to whom the story tells; sent once, however often asked."""
    store, now = pipeline.store, pipeline.clock.now()
    story = next((each for each in pipeline.watchlist.stories if each.id == story_id), None)
    known = store.entry(entry)
    overruled = {row.entry_key for row in feedback_words.last_words(store.feedback(story_id)) if row.word in FOUNDING}
    if story is None or known is None or known.key not in overruled:
        raise UsageError("say first that this entry was one, with `monitor feedback ENTRY yes` or `new`")
    made = next(made for made in reports.accepted(store, story_id) if made.entry_key == known.key)
    source = sources.get(known.source_id) or Source(known.source_id, known.source_id, known.entry.url)
    sighting = Sighting(known.key, known.entry, now, made.revision, tuple(known.aliases), known)
    memory = pipeline.watchlist.memory(store, story_id, now)
    candidate = Candidate(story, visit_decision.publisher_of(source, known.entry), sighting, memory, now)
    alert = replace(alerts.of_entry("story.development", candidate, replace(made, at=now)), notes=(OVERRULED,))
    sent = routing.deliveries(alert, pipeline.watchlist.destinations, story.channel_ids, now, story.mute_until)
    store.add_alert(alert, pipeline.watchlist.wanted(sent, story_id))
    return alert


def _repeatable(store: Store, told: Alert, argument: str) -> None:
    """Can this alert be the same as what `argument` names: another development of its story, or an alert of one?"""
    if not argument:
        raise UsageError("same-as needs the id of the development or alert that it repeats")
    if not told.development:
        raise UsageError(f"alert {told.id} tells no development, so it repeats none")
    named = next((alert for alert, _ in store.alerts(alert_id=argument)), None)
    development = named.development if named else argument
    known = {made.development for made in store.decisions(story_id=told.story_id, follow_up=True, limit=100_000)}
    if not development or development not in known:
        raise NotFound(f"the story {told.story_id!r} has no development or alert {argument!r}")
    if development == told.development:
        raise UsageError(f"{argument} is the development that alert {told.id} tells already")


def choices(store: Store, told: Alert, limit: int = 30) -> list[Alert]:
    """Alerts of other developments of its story that an alert may be the same as, newest first, one a development."""
    found: dict[str, Alert] = {}
    for alert, _ in reversed(store.alerts(story_id=told.story_id, limit=500)):
        if alert.development and alert.development != told.development:
            found.setdefault(alert.development, alert)
    return list(reversed(found.values()))[:limit]


def unsubscribe(pipeline: Pipeline, story_id: str, channel_id: str, recipient: str) -> None:
    """Send nothing more of a story to one recipient, also nothing that is waiting; of any story where it is "*"."""
    pipeline.store.unsubscribe(story_id, channel_id, recipient, pipeline.clock.now(), STOPPED)
    pipeline.watchlist.muted = pipeline.store.unsubscriptions()


def subscribe(pipeline: Pipeline, story_id: str, channel_id: str, recipient: str) -> None:
    """Take an unsubscription back; what was told meanwhile stays untold."""
    pipeline.store.subscribe(story_id, channel_id, recipient, pipeline.clock.now())
    pipeline.watchlist.muted = pipeline.store.unsubscriptions()


def redeliver(store: Store, now: datetime, alert_id: str | None, since: datetime | None, dead: bool) -> dict[str, Any]:
    """Send again under the old ids: one alert, everything since an instant, or what is dead."""
    if not (alert_id or since or dead):
        raise UsageError("name an alert, or give --since or --dead")
    if alert_id:
        reports.alert_of(store, alert_id)
    return {"deliveries": store.redeliver(now, alert_id, since, dead)}


def make_test(pipeline: Pipeline, channel_id: str) -> Alert:
    """Put a test alert for one channel into the outbox."""
    if channel_id not in pipeline.channels:
        known = ", ".join(sorted(pipeline.channels)) or "none"
        raise NotFound(f"no channel has the id {channel_id!r}; configured: {known}")
    now = pipeline.clock.now()
    pipeline.store.set_channel(channel_id, "", now)
    alert = Alert(
        id=ids.alert_id(channel_id, "channel.test", now.isoformat()), kind="channel.test", at=now, severity="high",
        title="Test alert from monitor", summary="If you can read this, alerts on this channel reach you.",
    )  # fmt: skip
    mine = [place for place in pipeline.watchlist.destinations if place.channel_id == channel_id]
    deliveries = routing.deliveries(alert, [replace(place, kinds=(), stories=()) for place in mine], (), now)
    pipeline.store.add_alert(alert, deliveries)
    return alert


def doctor(store: Store, state: str, channel_ids: Collection[str], now: datetime) -> list[dict[str, Any]]:
    """Checks of the state and of these channels, each with what to do: `[{"check","ok","detail"}]`."""
    problems = store.check()
    disabled = {name: why for name, why in store.disabled_channels().items() if name in channel_ids}
    found = [
        {"check": "state is sound", "ok": not problems, "detail": "; ".join(problems) or state},
        {
            "check": "channels enabled",
            "ok": not disabled,
            "detail": "; ".join(
                f"{name} is off ({why}); `monitor resume {name}` switches it on" for name, why in disabled.items()
            )
            or ", ".join(channel_ids)
            or "none is configured: alerts are only shown on the status page",
        },
    ]
    unheard = [
        f"nothing has reached {each.channel_id} since {times.to_text(each.failing_since)}"
        for each in retries.unheard_for(store.channels(), channel_ids, now)
        if each.failing_since
    ]
    detail = f"{'; '.join(unheard)}; it is tried again by itself, `monitor alerts` says why it failed"
    waiting = {name for (name, state), _ in store.delivery_counts().items() if state in OPEN} - {*channel_ids}
    # Removed on purpose it is no trouble; renamed, its messages end undelivered three days later.
    left = f"messages still wait for {', '.join(sorted(waiting))}, which is not configured" if waiting else ""
    found.append({"check": "channels answer", "ok": not unheard, "detail": detail if unheard else left})
    ends = store.delivery_counts(now - retries.GIVEN_UP_FOR)
    lost = {name: n for (name, end), n in ends.items() if end == "dead" and name in channel_ids}
    detail = ", ".join(f"{counted(number, 'message')} for {name}" for name, number in sorted(lost.items()))
    detail += "; `monitor alerts` says why, `monitor redeliver --dead` sends them again" if lost else ""
    found.append({"check": "nothing given up this week", "ok": not lost, "detail": detail})
    if "://" not in state:
        free = int(room(state))
        found.append({"check": "disk has 100 MiB free", "ok": free > 100 * 1024**2, "detail": f"{free // 1024**2} MiB"})
        shut = [
            str(path) for path in (Path(state), Path(state).parent) if path.exists() and not os.access(path, os.W_OK)
        ]
        detail = f"{' and '.join(shut)} cannot be written by this user" if shut else ""
        found.append({"check": "state can be written", "ok": not shut, "detail": detail})
    return found


def room(state: str) -> float:
    """How many bytes are free on the disk of a state that is a file."""
    folder = Path(state).parent
    return math.inf if "://" in state else shutil.disk_usage(folder if folder.exists() else Path()).free


def move(store: Store, target: Store, now: datetime) -> int:
    """Copy a state that nobody uses into an empty one; how many rows."""
    if workers := [*store.workers(now - SILENT_MAX), *target.workers(now - SILENT_MAX)]:
        raise StoreBusy(", ".join(worker.id for worker in workers))
    return store.copy_to(target)
