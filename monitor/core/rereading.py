"""What one more reading of a followed article leaves behind: its version, and decisions for every story of it. Pure."""

from __future__ import annotations

from dataclasses import replace

from monitor.core import alerts, changes, following, outcomes, urls
from monitor.core.outcomes import Context
from monitor.model import (
    Case,
    Decision,
    Followed,
    KnownEntry,
    Member,
    Memory,
    Page,
    Reread,
    Revision,
    Sighting,
    Source,
)


def decide(
    followed: Followed, page: Page, known: KnownEntry, source: Source, context: Context, crowd: int = 0
) -> tuple[Reread, dict[str, Memory]]:
    """The record of a reading, and the memories of the stories it touched. `crowd`: how many articles are followed."""
    reading = following.read(followed, page, context.now, known.entry.published_at, crowd)
    revision = known.revision + 1 if followed.page is not None else 0
    version = (revision, following.content(reading.kept, known.entry)) if reading.kept else None
    bare = Reread(reading.followed, page, version)
    if reading.change is None:
        return bare, {}
    sighting = _sighting(reading.kept or page, known, reading.change, context)
    cases = [
        Case(story, source, sighting, context.memories[story.id], context.now) for story in context.stories
    ]  # fmt: skip
    judged = [
        changes.judge(case, _decision(case, mine), mine, reading.change)
        for case in cases
        if (mine := outcomes.member_of(case, context)) is not None
    ]
    told = [alerts.raised(result.alert, context.important) for result in judged if result.alert]
    reread = replace(
        bare, decisions=tuple(result.decision for result in judged),
        members=tuple((r.decision.story_id, r.member) for r in judged if r.member),
        claims=tuple((r.decision.story_id, known.key, claim) for r in judged for claim in r.claims),
        alerts=tuple(told), deliveries=outcomes.address(told, context.stories, context),
    )  # fmt: skip
    return reread, {result.decision.story_id: result.memory for result in judged}


def _sighting(page: Page, known: KnownEntry, change: Revision, context: Context) -> Sighting:
    """The article as it reads now. Its headline stays the feed's, unless it is the headline that changed."""
    entry = replace(known.entry, text=page.text or known.entry.text)
    if any(each.kind == "headline" for each in change.changes) and page.title:
        entry = replace(entry, title=page.title)
    if change.changes:
        entry = replace(entry, summary=change.changes[0].sentence)
    return Sighting(known.key, entry, context.now, known.revision + 1, (), known)


def _decision(case: Case, mine: Member) -> Decision:
    sighting, entry = case.sighting, case.sighting.entry
    return Decision(
        entry_key=sighting.key, story_id=case.story.id, source_id=mine.source_id,
        entry_id=entry.id or urls.untracked(entry.url),
        at=case.now, title=entry.title, url=entry.url, revision=sighting.revision,
        score=outcomes.known(mine, outcomes.zero(case.story).threshold),
    )  # fmt: skip
