"""What one more reading of a followed article leaves behind: its version, and decisions for every story of it. Pure."""

from __future__ import annotations

from dataclasses import replace

from monitor.core.decisions import alerts, recheck_schedule, visit
from monitor.core.decisions import revision as changes
from monitor.core.decisions.visit import Context
from monitor.model import Candidate, KnownEntry, Page, Recheck, Revision, Sighting, Source, StoryState, WatchedArticle


def decide(
    followed: WatchedArticle, page: Page, known: KnownEntry, source: Source, context: Context, crowd: int = 0
) -> tuple[Recheck, dict[str, StoryState]]:
    """The record of a reading, and the memories of the stories it touched. `crowd`: how many articles are followed."""
    reading = recheck_schedule.read(followed, page, context.now, known.entry.dated_at, crowd)
    revision = known.revision + 1 if followed.page is not None else 0
    version = (revision, recheck_schedule.content(reading.kept, known.entry)) if reading.kept else None
    bare = Recheck(reading.followed, page, version)
    if reading.change is None:
        return bare, {}
    sighting = _sighting(reading.kept or page, known, reading.change, context)
    source = visit.publisher_of(source, known.entry)
    judged = []
    for story in context.stories:
        candidate = Candidate(story, source, sighting, context.memories[story.id], context.now)
        if mine := visit.member_of(candidate, context):
            score = visit.known(mine, visit.zero(story).threshold)
            judged.append(changes.judge(candidate, visit.undecided(candidate, score), mine, reading.change))
    raised = [alerts.raised(result.alert, context.important) for result in judged if result.alert]
    reread = replace(bare, judgements=visit.collected(judged, raised, context))
    return reread, {result.decision.story_id: result.memory for result in judged}


def _sighting(page: Page, known: KnownEntry, change: Revision, context: Context) -> Sighting:
    """The article as it reads now. Its headline stays the feed's, unless it is the headline that changed."""
    entry = replace(known.entry, text=page.text or known.entry.text)
    if any(each.kind == "headline" for each in change.changes) and page.title:
        entry = replace(entry, title=page.title)
    if change.changes:
        entry = replace(entry, summary=change.changes[0].sentence)
    return Sighting(known.key, entry, context.now, known.revision + 1, (), known)
