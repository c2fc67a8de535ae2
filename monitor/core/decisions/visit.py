"""What to write and whom to tell after a visit: the one pure decision of the pipeline.

`decide` sees a visit, what came back, the sightings with their scores, and what each story knows; it returns the
outcome that the store records in one transaction, and the stories' new memories. It does no I/O and takes `now`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.core import relevance, urls
from monitor.core.decisions import source_status
from monitor.core.decisions.readings import Readings, in_part
from monitor.core.delivery import routing
from monitor.deferred import Deferred
from monitor.model import (
    Alert,
    Candidate,
    Decision,
    Delivery,
    Destination,
    Entry,
    Feed,
    Fetched,
    Gap,
    Judgement,
    Judgements,
    KnownEntry,
    Outcome,
    Page,
    Reason,
    Revision,
    Score,
    Sighting,
    Source,
    SourceStatus,
    Story,
    StoryReport,
    StoryState,
    TextChange,
    Visit,
    WatchedArticle,
)

# What no entry needs that concerns nobody, which is nearly every one: a fifth of a second to read.
if TYPE_CHECKING:
    from monitor.core.decisions import alerts, recheck_schedule
    from monitor.core.decisions import revision as changes
    from monitor.core.novelty import verdict
else:
    alerts = Deferred("monitor.core.decisions.alerts")
    recheck_schedule = Deferred("monitor.core.decisions.recheck_schedule")
    changes = Deferred("monitor.core.decisions.revision")
    verdict = Deferred("monitor.core.novelty.verdict")

SILENCE = timedelta(days=30)  # after which a development reawakens a story (set)
MEMBER_CHARS_MAX = 8000  # characters of a report that its story remembers: 24 MiB of three thousand reports (set)
PAGE_CHARS_MAX = 4000  # characters of a page that decide: its first paragraphs (set)


@dataclass(frozen=True, slots=True)
class Context:
    """What a decision may look at besides the visit. `scores` are by entry key, then story id; absent means zero.

    `stories` are those that an entry of the visit may concern: the others have no score and would decide nothing.
    `begins` are, at a first visit, all stories that read the source, where these are more.

    `recalled` holds, by story and entry key, what became of changed entries that the memory has forgotten. `baseline`:
    the first successful poll of a feed is read quietly; a recording of single entries has no such poll. `pages` were
    read of entries whose feed says little; `follow`: articles of follow-ups are read again later. `important` are
    developments that somebody called so: what follows on them is urgent. `readings` are shared by all stories.
    """

    now: datetime
    base_s: int
    stories: Sequence[Story] = ()
    scores: Mapping[str, Mapping[str, Score]] = field(default_factory=dict)
    memories: Mapping[str, StoryState] = field(default_factory=dict)
    destinations: tuple[Destination, ...] = ()
    operators: tuple[str, ...] = ()
    baseline: bool = True
    muted: frozenset[tuple[str, str, str]] = frozenset()
    important: frozenset[str] = frozenset()
    recalled: Mapping[tuple[str, str], StoryReport] = field(default_factory=dict)
    pages: Mapping[str, Page] = field(default_factory=dict)
    follow: bool = False
    begins: tuple[str, ...] = ()
    readings: Readings = field(default_factory=Readings)


def decide(
    visit: Visit, fetched: Fetched, feed: Feed | None, sightings: Sequence[Sighting], context: Context
) -> tuple[Outcome, dict[str, StoryState]]:
    """The outcome of one visit and the memories of the stories it touched."""
    stood = source_status.after(visit, fetched, feed, sightings, context.base_s, context.now)
    if stood.notice == "review":
        sightings = ()
    changed = [each for each in sightings if each.previous is None or each.revision != each.previous.revision]
    quiet = context.baseline and visit.status.baseline_at is None
    memories = dict(context.memories)
    judged: list[Judgement] = []
    for sighting in sorted(changed, key=event_at):  # oldest first: the first report of a development founds it
        for story in context.stories:
            source = publisher_of(visit.source, sighting.entry)
            candidate = Candidate(story, source, sighting, memories[story.id], context.now)
            result = judge(candidate, context, quiet)
            memories[story.id] = result.memory
            judged.append(result)
    told = [alerts.raised(result.alert, context.important) for result in judged if result.alert]
    if stood.notice:
        told.append(alerts.of_source(visit.source, stood.status, stood.notice, context.now))
    told = list(routing.cap(told))
    rolled = _rolled(judged, told)
    if rolled:
        judged = [_retold(result, rolled) for result in judged]
        memories = {
            name: replace(memory, members=tuple(_repointed(member, rolled) for member in memory.members))
            for name, memory in memories.items()
        }
    begun = _begun(visit, stood.status, context)
    outcome = Outcome(
        status=stood.status, fetched=fetched, sightings=tuple(sightings), judgements=collected(judged, told, context),
        gaps=_gaps(visit, sightings, context), followed=tuple(followed(changed, judged, context)), begun=begun,
        tried=begun or (_readers(context) if visit.status.last_visit_at is None else ()),
        entries_new=sum(s.is_new for s in sightings), changed=bool(changed),
    )  # fmt: skip
    return outcome, memories


def collected(results: Sequence[Judgement], raised: Sequence[Alert], context: Context) -> Judgements:
    """What single judgements and the alerts they raised amount to."""
    return Judgements(
        decisions=tuple(result.decision for result in results),
        members=tuple((r.decision.story_id, r.member) for r in results if r.member),
        claims=tuple((r.decision.story_id, r.decision.entry_key, claim) for r in results for claim in r.claims),
        alerts=tuple(raised), deliveries=address(raised, context.stories, context),
    )  # fmt: skip


def _rolled(judged: Sequence[Judgement], told: Sequence[Alert]) -> dict[str, str]:
    """Alerts of a burst that became part of a digest: their ids, and the id of the digest that tells them."""
    kept = {alert.id for alert in told}
    digests = {alert.story_id: alert.id for alert in told if alert.kind == "story.digest"}
    single = [result.alert for result in judged if result.alert]
    return {alert.id: digests[alert.story_id] for alert in single if alert.id not in kept}


def _retold(result: Judgement, rolled: Mapping[str, str]) -> Judgement:
    decision = result.decision
    alert_id = rolled.get(decision.alert_id, decision.alert_id)
    folded_into = rolled.get(decision.folded_into, decision.folded_into)
    member = _repointed(result.member, rolled) if result.member else None
    return replace(result, decision=replace(decision, alert_id=alert_id, folded_into=folded_into), member=member)


def _repointed(member: StoryReport, rolled: Mapping[str, str]) -> StoryReport:
    return replace(member, alert_id=rolled[member.alert_id]) if member.alert_id in rolled else member


def address(told: Sequence[Alert], stories: Sequence[Story], context: Context) -> tuple[Delivery, ...]:
    """One delivery per alert and destination: a story's alerts to its channels, a source's to the operators'."""
    channels = {story.id: story.channel_ids for story in stories}
    mutes = {story.id: story.mute_until for story in stories}
    return tuple(
        delivery
        for alert in told
        for delivery in routing.deliveries(
            alert,
            context.destinations,
            channels.get(alert.story_id, context.operators),
            context.now,
            mutes.get(alert.story_id, ""),
        )
        if not routing.stopped(context.muted, alert.story_id, delivery.channel_id, delivery.recipient)
    )


def event_at(sighting: Sighting) -> datetime:
    """min(published, first seen): a date in the future or none at all is never later than now."""
    return min(sighting.entry.published_at or sighting.first_seen_at, sighting.first_seen_at)


def member_of(candidate: Candidate, context: Context) -> StoryReport | None:
    """What became of the entry when the story accepted it, from the story's memory or the store's."""
    found = (member for member in reversed(candidate.memory.members) if member.entry_key == candidate.sighting.key)
    return next(found, context.recalled.get((candidate.story.id, candidate.sighting.key)))


def publisher_of(source: Source, entry: Entry) -> Source:
    """The source under the name of the outlet that the entry itself names: an aggregator is nobody's origin."""
    return replace(source, name=entry.outlet) if entry.outlet else source


def as_member(made: Decision, known: KnownEntry) -> StoryReport:
    """The member that a stored decision made of an entry."""
    return StoryReport(
        entry_key=made.entry_key, source_id=made.source_id, source_name=known.entry.outlet or made.source_id,
        development=made.development,
        verdict=made.verdict or "development", at=known.first_seen_at, title=known.entry.title,
        text=(known.entry.text or known.entry.summary)[:MEMBER_CHARS_MAX], url=known.entry.url, origin=made.origin,
        score=made.score.value, certain=made.score.certain, alert_id=made.alert_id or made.folded_into,
    )  # fmt: skip


def followed(changed: Sequence[Sighting], judged: Sequence[Judgement], context: Context) -> Iterator[WatchedArticle]:
    """Articles of follow-ups, new or changed: to be read for the first time, or, at once, again."""
    accepted = {result.decision.entry_key: result.decision for result in judged if result.decision.development}
    for sighting in changed if context.follow else ():
        if made := accepted.get(sighting.key):
            page = context.pages.get(sighting.key)
            begun = recheck_schedule.begin(sighting, made.source_id, event_at(sighting), context.now, page)
            if begun:
                yield begun


def _begun(visit: Visit, status: SourceStatus, context: Context) -> tuple[str, ...]:
    """At the first good poll of a source: the stories that read it from then on."""
    first = visit.status.baseline_at is None and status.baseline_at is not None
    return _readers(context) if first else ()


def _readers(context: Context) -> tuple[str, ...]:
    return context.begins or tuple(story.id for story in context.stories)


def zero(story: Story) -> Score:
    """The score of an entry that shares nothing with a story."""
    threshold = relevance.DEFAULT_THRESHOLD if story.threshold is None else story.threshold
    return Score(0.0, threshold, follow_up=threshold <= 0 and not story.must and not story.any)


def judge(candidate: Candidate, context: Context, quiet: bool) -> Judgement:
    """What one story makes of one entry; `quiet`: it was there before the watch and is told in the brief only."""
    story, sighting, entry = candidate.story, candidate.sighting, candidate.sighting.entry
    score = context.scores.get(sighting.key, {}).get(story.id) or zero(story)
    decision = undecided(candidate, score, quiet)
    mine = member_of(candidate, context)
    if mine is not None and sighting.previous is not None:
        revision = context.readings.revision(sighting)
        if changes.moved_on(mine, sighting.entry, revision, score):
            return changes.elsewhere(candidate, decision, mine)
        if not score.follow_up:
            decision = replace(decision, score=replace(known(mine, score.threshold), certain=False))
        return changes.judge(candidate, decision, mine, revision, context.readings)
    if not score.follow_up:
        return Judgement(decision, candidate.memory)
    if page := context.pages.get(sighting.key):
        sighting = replace(sighting, entry=replace(entry, text=recheck_schedule.body(page)[:PAGE_CHARS_MAX]))
        return _judge_new(replace(candidate, sighting=sighting), decision, quiet, Readings())
    return _judge_new(candidate, decision, quiet, context.readings)


def undecided(candidate: Candidate, score: Score, quiet: bool = False) -> Decision:
    """What is said of an entry and a story before anything is decided but how near they are."""
    sighting, entry = candidate.sighting, candidate.sighting.entry
    return Decision(
        entry_key=sighting.key, story_id=candidate.story.id, source_id=candidate.source.id,
        entry_id=entry.id or urls.untracked(entry.url), at=candidate.now, title=entry.title, url=entry.url,
        revision=sighting.revision, score=score, baseline=quiet,
    )  # fmt: skip


def known(mine: StoryReport, threshold: float) -> Score:
    """The score of a version of an accepted article: an article stays on its story, however it is worded later."""
    reason = Reason("followed", mine.score, 1.0, f"its article is followed since it was accepted; {mine.score:.2f}")
    return Score(mine.score, threshold, True, (reason,), certain=mine.certain)


def _judge_new(candidate: Candidate, decision: Decision, quiet: bool, read: Readings) -> Judgement:
    source, sighting, memory = candidate.source, candidate.sighting, candidate.memory
    entry, at = sighting.entry, event_at(sighting)
    body = entry.text or entry.summary
    said = read.claims(source, sighting)
    found = verdict.compare(
        entry, sighting.key, source, at, candidate.story.id, memory, seed=candidate.story.seed,
        revision=sighting.revision, claims=said,
    )  # fmt: skip
    first = next((m for m in memory.members if m.development == found.development and m.alert_id), None)
    decision = replace(
        decision, verdict=found.verdict, development=found.development, origin=found.origin, phase=found.phase,
        doubtful=found.doubtful,
        folded_into=(first.alert_id if first else found.folded_into_key) if found.verdict == "repeat" else "",
        deltas=found.deltas, reasons=(*decision.score.reasons, *found.reasons, *in_part(sighting)),
    )  # fmt: skip
    member = StoryReport(
        entry_key=sighting.key, source_id=source.id, source_name=source.label, development=found.development,
        verdict=found.verdict, at=at, title=entry.title, text=body[:MEMBER_CHARS_MAX], url=entry.url,
        origin=found.origin, score=decision.score.value, certain=decision.score.certain,
    )  # fmt: skip
    alert = None if quiet or found.verdict == "repeat" else _alert(candidate, decision, at)
    if alert is not None:
        member = replace(member, alert_id=alert.id)
        decision = replace(decision, alert_id=alert.id)
    newest = max(filter(None, (memory.last_development_at, at))) if found.verdict == "development" else None
    memory = replace(
        memory, members=(*memory.members, member), claims=(*memory.claims, *said),
        last_development_at=newest or memory.last_development_at,
    )  # fmt: skip
    return Judgement(decision, memory, member, said, alert)


def _alert(candidate: Candidate, decision: Decision, at: datetime) -> Alert:
    """What is told of a new report that is no repeat."""
    if decision.verdict == "correction":
        said = candidate.sighting.entry.title
        return alerts.of_revision(candidate, decision, Revision("correction", (TextChange("notice", "", said, said),)))
    if decision.verdict == "confirmation":
        return alerts.of_entry("story.confirmation", candidate, decision)
    silent_since = candidate.memory.last_development_at
    woken = silent_since is not None and at - silent_since > SILENCE
    return alerts.of_entry("story.reawakened" if woken else "story.development", candidate, decision)


def _gaps(visit: Visit, sightings: Sequence[Sighting], context: Context) -> tuple[Gap, ...]:
    """Every entry of the document is new, and newer than all seen before: some may have come and gone between.

    A document that reaches back to what was known has lost nothing, whatever became of its ids.
    """
    since, newest = visit.status.last_ok_at, visit.status.newest_at
    if visit.status.baseline_at is None or since is None or not context.baseline or not visit.status.entries:
        return ()
    if not sightings or not all(sighting.is_new for sighting in sightings):
        return ()
    oldest = min((s.entry.published_at for s in sightings if s.entry.published_at), default=None)
    if oldest and newest and oldest <= newest:
        return ()
    return (
        Gap(
            visit.source.id,
            since,
            context.now,
            f"{'the only entry was' if len(sightings) == 1 else f'all {len(sightings)} entries were'} new",
        ),
    )
