"""What a visit also leaves behind where it taught a story: reports that it had held back, and takes now. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.core.decisions import alerts, visit
from monitor.core.decisions.visit import Context
from monitor.model import Candidate, Judgements, Outcome, Score, Sighting, Source, Story, StoryState


@dataclass(frozen=True, slots=True)
class Taken:
    """A report that is taken after all; `quiet`: it was there before the watch and is told in the brief only."""

    source: Source
    sighting: Sighting
    score: Score
    quiet: bool


def decide(
    outcome: Outcome, memories: Mapping[str, StoryState], story: Story, found: Sequence[Taken], context: Context
) -> tuple[Outcome, dict[str, StoryState]]:
    """The outcome with what the story makes of these reports, oldest first, and the memories then."""
    memory, judged = memories[story.id], []
    for taken in sorted(found, key=lambda each: (visit.event_at(each.sighting), each.sighting.key)):
        sighting = taken.sighting
        candidate = Candidate(story, visit.publisher_of(taken.source, sighting.entry), sighting, memory, context.now)
        scored = replace(context, scores={sighting.key: {story.id: taken.score}})
        judged.append(visit.judge(candidate, scored, taken.quiet))
        memory = judged[-1].memory
    raised = [alerts.raised(result.alert, context.important) for result in judged if result.alert]
    made = visit.collected(judged, raised, context)
    followed = visit.followed([taken.sighting for taken in found], judged, context)
    outcome = replace(outcome, judgements=_joined(outcome.judgements, made), followed=(*outcome.followed, *followed))
    return outcome, {**memories, story.id: memory}


def _joined(first: Judgements, then: Judgements) -> Judgements:
    return Judgements(
        (*first.decisions, *then.decisions), (*first.members, *then.members), (*first.claims, *then.claims),
        (*first.alerts, *then.alerts), (*first.deliveries, *then.deliveries),
    )  # fmt: skip
