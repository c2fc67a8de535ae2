"""Questions an operator asks: what is watched, what was told, what was held back, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from monitor.core import ids, json_views
from monitor.core.times import to_text, to_text_or_none
from monitor.errors import NotFound
from monitor.model import Alert, Decision, Delivery, Everyday, KnownEntry, Source, SourceStatus, Story
from monitor.ports import Store

# What decides is imported where it is asked: a verb that only lists what is kept starts in a quarter of the time.
if TYPE_CHECKING:
    from monitor.core.relevance.feedback import Said
    from monitor.pipeline import Watchlist


def sources(store: Store, configured: Mapping[str, Source]) -> list[dict[str, Any]]:
    """Every configured source as it stands, in the order of the configuration; one not met with yet is new."""
    statuses = store.statuses({name for source in configured.values() for name in (source.id, source.same_as) if name})
    return [
        json_views.status(source.url, _standing(source, statuses))
        | {"kind": source.kind, "same_as": source.same_as or None}
        | ({"detail": f"the same feed as {source.same_as}, and read there"} if source.same_as else {})
        for source in configured.values()
    ]


def _standing(source: Source, statuses: Mapping[str, SourceStatus]) -> SourceStatus:
    """How a source stands; one that is visited in another's place stands as that one does, without its entries."""
    if source.same_as in statuses:
        return replace(statuses[source.same_as], source_id=source.id, entries=0, gaps=0)
    return statuses.get(source.id, SourceStatus(source.id, url=source.url))


def workers(store: Store, since: datetime) -> list[dict[str, Any]]:
    """Every worker that was heard of since then."""
    return [
        asdict(worker) | {"since": to_text(worker.since), "seen_at": to_text(worker.seen_at)}
        for worker in store.workers(since)
    ]


def stories(store: Store, watched: tuple[Story, ...]) -> list[dict[str, Any]]:
    """Every story with its counts: follow-ups, developments, alerts, and when it last moved."""
    found = []
    for story in watched:
        decisions = accepted(store, story.id)
        told = store.alerts(story_id=story.id, limit=10_000)
        moved = [made.at for made in decisions if made.verdict == "development"]
        found.append({
            "id": story.id, "title": story.title, "paused": story.paused, "threshold": story.threshold,
            "sources": list(story.source_ids), "channels": list(story.channel_ids), "follow_ups": len(decisions),
            "developments": len({made.development for made in decisions}), "alerts": len(told),
            "last_development_at": to_text_or_none(max(moved, default=None)),
        })  # fmt: skip
    return found


def accepted(store: Store, story_id: str) -> list[Decision]:
    """A story's follow-ups, newest first, as people corrected them: without what was refused, same as same."""
    rows = store.decisions(story_id=story_id, follow_up=True, limit=10_000)
    words = store.feedback(story_id)
    if not words:
        return rows
    from monitor.core.relevance import feedback
    from monitor.pipeline import words_on

    said = feedback.read(*words_on(store, story_id))
    accepted_keys = {made.entry_key for made in rows}
    missing = [key for key in said.founders if key not in accepted_keys]
    rows += [made for key in missing for made in store.decisions(story_id=story_id, entry=key, limit=1)]
    rows = [_corrected(store, said, made) for made in rows if made.entry_key not in said.refused]
    return sorted(rows, key=lambda made: (-made.at.timestamp(), made.entry_key))


def _corrected(store: Store, said: Said, made: Decision) -> Decision:
    """A decision as people corrected it; one that founds a step by their word, with the alert if it was sent."""
    development = said.of_entry(made.entry_key, made.development)
    if made.entry_key not in said.founders:
        return replace(made, development=development)
    name = ids.alert_id(made.story_id, "story.development", made.entry_key, made.revision)
    alert_id = name if store.alerts(alert_id=name) else ""
    return replace(made, development=development, verdict="development", folded_into="", alert_id=alert_id)


def timeline(store: Store, story_id: str, limit: int = 500) -> list[dict[str, Any]]:
    """A story's developments, oldest first, each headed by the report that was told, with those folded into it.

    `origins` counts those that reports name; `origin_unknown` the outlets that name none.
    """
    grouped: dict[str, list[Decision]] = {}
    for decision in reversed(accepted(store, story_id)):
        grouped.setdefault(decision.development, []).append(decision)
    found = []
    for development, rows in grouped.items():
        first = min(rows, key=lambda row: (not row.alert_id, row.verdict != "development", row.at))
        others = [row for row in rows if row is not first]
        named, unknown = _origins(rows)
        found.append({
            "development": development, "at": to_text(first.at), "title": first.title, "url": first.url,
            "source": first.source_id, "origin": first.origin or None, "phase": first.phase,
            "outlets": len({row.source_id for row in rows}), "origins": named, "origin_unknown": unknown,
            "baseline": first.baseline, "doubtful": first.doubtful, "alert": first.alert_id or None,
            "reports": [json_views.decision(row) for row in others], "entries": len({row.entry_key for row in rows}),
        })  # fmt: skip
    return found[-limit:]


def _origins(rows: Sequence[Decision]) -> tuple[int, int]:
    """How many parties the reports name as their origin, and how many outlets name none."""
    from monitor.core.novelty import origins

    named: dict[str, set[str]] = {}
    for row in rows:
        stated = origins.stated(row.origin, row.source_id, row.url, row.title)
        named.setdefault(row.source_id, set()).update({row.origin} if stated else ())
    return origins.independent(sorted(set().union(*named.values()))), sum(not parties for parties in named.values())


TALLIED = ("quantity", "age", "deadline")
SAID_MAX = 6  # statements of a subject in the ledger, the newest (set)
SUBJECTS_MAX = 40  # subjects in the ledger, the newest (set)


def ledger(store: Store, watchlist: Watchlist, story_id: str, now: datetime) -> list[dict[str, Any]]:
    """What is claimed of a story, the subject that moved last first: `[{"subject","said":[{"value",...}]}]`.

    One fact is one row, under the words of its newest claim ("soldiers to be sent" and "troops to be sent").
    Values of a subject are in the order they were stated; one that only repeats the last is left out.
    """
    from monitor.core.novelty import claim_changes

    found: dict[str, list[dict[str, Any]]] = {}
    names: dict[str, str] = {}
    for claim in watchlist.memory(store, story_id, now).claims:
        if claim.kind not in TALLIED:
            continue
        value = f"{claim.qualifier} {claim.value}".strip()
        said = found.setdefault(claim_changes.fact(claim), [])
        names[claim_changes.fact(claim)] = claim.subject
        if not said or said[-1]["value"].casefold() != value.casefold():
            said.append({"value": value, "source": claim.source, "at": to_text_or_none(claim.at), "quote": claim.quote})
    rows: list[dict[str, Any]] = [{"subject": names[fact], "said": said[-SAID_MAX:]} for fact, said in found.items()]
    return sorted(rows, key=lambda row: row["said"][-1]["at"] or "", reverse=True)[:SUBJECTS_MAX]


def alerts(store: Store, since: datetime | None = None, story_id: str | None = None, limit: int = 200) -> list[Any]:
    """Alerts newest first, with one delivery per destination."""
    return [json_views.alert(told, rows) for told, rows in store.alerts(story_id=story_id, since=since, limit=limit)]


def alert_of(store: Store, alert_id: str) -> tuple[Alert, list[Delivery]]:
    """The alert with this id and its deliveries; NotFound where there is none."""
    if found := store.alerts(alert_id=alert_id):
        return found[0]
    raise NotFound(f"no alert has the id {alert_id!r}; `monitor alerts` lists them")


def alert(store: Store, alert_id: str) -> dict[str, Any]:
    """One alert, each delivery with its `log`: the newest attempts, oldest first."""
    told, rows = alert_of(store, alert_id)
    shape = json_views.alert(told, rows)
    for row in shape["deliveries"]:
        row["log"] = [json_views.attempt(tried) for tried in store.attempts(row["id"])]
    return shape


def suppressed(store: Store, since: datetime | None, story_id: str | None = None, limit: int = 1000) -> list[Any]:
    """Everything considered and not told: verdict, score, threshold, and the alert it was folded into."""
    rows = store.decisions(story_id=story_id, since=since, limit=limit)
    return [json_views.decision(made) for made in rows if not made.alert_id]


def explain(
    store: Store, stories: Iterable[Story], name: str, compiled: Callable[[], Watchlist]
) -> list[dict[str, Any]]:
    """Why, or why not: one decision per story that could have read the entry; `name` is a key, an id or a URL.

    `compiled` is called only where a story is to judge again: what was decided is kept with its reasons.
    """
    from monitor.core import urls

    spellings = (name, urls.untracked(name), urls.canonical(name))
    known = next((entry for spelling in spellings if (entry := store.entry(spelling))), None)
    if known is None:
        raise NotFound(f"no entry has the key, id or URL {name!r}")
    made: dict[str, Decision] = {}
    for decision in store.decisions(entry=known.key, limit=1000):
        made.setdefault(decision.story_id, decision)
    for story in stories:
        if story.id not in made and not story.paused and story.reads(known.source_id):
            made[story.id] = _rescored(compiled(), story, known, store.everyday(known.source_id))
    if not made:
        raise NotFound(f"no story reads the source {known.source_id!r} of this entry")
    return [json_views.decision(made[story_id]) for story_id in sorted(made)]


def story_model(watchlist: Watchlist, story_id: str, now: datetime) -> dict[str, Any]:
    """What a story's model knows, and what a headline of now would need to be a follow-up."""
    from monitor.core import relevance

    if story_id not in watchlist.profiles:
        raise NotFound(f"no story has the id {story_id!r}; `monitor stories` lists them")
    return relevance.view(watchlist.profiles[story_id], now)


def _rescored(watchlist: Watchlist, story: Story, known: KnownEntry, source_words: Everyday) -> Decision:
    """A pair that was not stored (nothing shared, or a story added later), judged again."""
    from monitor.core.relevance import everyday

    matches = watchlist.matcher.score(known.entry, known.first_seen_at, [story.id], everyday.weights(source_words))
    made = unweighed(story, known)
    return replace(made, score=matches[0].score) if matches else made


def unweighed(story: Story, known: KnownEntry) -> Decision:
    """What is to be said of an entry that was not weighed for a story: that it shares nothing with it."""
    from monitor.core import urls
    from monitor.core.decisions import visit

    return Decision(
        entry_key=known.key, story_id=story.id, source_id=known.source_id,
        entry_id=known.entry.id or urls.untracked(known.entry.url), at=known.first_seen_at,
        title=known.entry.title, url=known.entry.url, revision=known.revision, score=visit.zero(story),
    )  # fmt: skip


def counts(store: Store, configured: Mapping[str, Source]) -> tuple[Mapping[str, float], dict[str, int], int]:
    """Figures for /metrics: the store's, sources by state, and how many fail."""
    statuses = store.statuses(configured).values()
    states = Counter[str](status.state for status in statuses)
    return store.counts(), states, sum(status.state in ("failing", "blocked") for status in statuses)
