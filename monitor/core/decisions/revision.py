"""What a changed article means for a story: touch, revision or correction, and whether to tell. Pure.

The same change often shows twice, in the feed and on the page, or comes and goes (a title that flaps): what was told of
an entry within a day is not told again, nor is within an hour what was merely worded anew around it. After two alerts a
day the rest is kept quiet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.core import relevance
from monitor.core.decisions import alerts
from monitor.core.decisions.readings import Readings, in_part
from monitor.core.language import lexicon
from monitor.core.novelty import claims
from monitor.core.novelty import verdict as novelty
from monitor.core.revisions import findings
from monitor.model import (
    Candidate,
    Decision,
    Entry,
    Judgement,
    Reason,
    Revision,
    Score,
    StoryReport,
    TextChange,
    ToldChange,
    Verdict,
)

ALERTS_MAX = 2  # alerts of one article in a WINDOW; the rest is summed up once a day (set)
WINDOW = timedelta(hours=24)  # for which a told change is remembered: a title that flaps does so within a day (set)
ONE_EDIT = timedelta(hours=1)  # within which words around a told change belong to the same edit (set by reading)
WORDING = ("headline", "text")
SHARED_MIN = 0.4  # share of words in common with what was accepted (1 of 9 labelled revisions has fewer)


def judge(
    candidate: Candidate, decision: Decision, mine: StoryReport, revision: Revision, read: Readings | None = None
) -> Judgement:
    """The verdict on a new version of an entry that the story knows as `mine`; `revision` says how it differs."""
    entry, memory, now = candidate.sighting.entry, candidate.memory, candidate.now
    decision = replace(
        decision, verdict="touch", development=mine.development, origin=mine.origin, folded_into=mine.alert_id,
        baseline=False,
        reasons=(*decision.score.reasons, *map(_reason, revision.changes), *in_part(candidate.sighting)),
    )  # fmt: skip
    body = entry.text or entry.summary
    # A touch's new words were told to nobody, as a toll in a live page's line: whoever reports it next is the first.
    changed = revision.verdict in ("revision", "correction")
    text = body if changed else mine.text
    member = replace(mine, title=entry.title, text=text, url=entry.url) if mine in memory.members else None
    memory = replace(memory, members=tuple(member if member and m is mine else m for m in memory.members))
    if not changed:
        return Judgement(decision, memory, member)
    verdict: Verdict = "correction" if revision.verdict == "correction" else "revision"
    recent = [told for told in memory.told if told.entry_key == candidate.sighting.key and now - told.at < WINDOW]
    if recent and not _fresh(revision.changes, recent, now):
        known = Reason("told", 1.0, 1.0, "the same change was told within the last day")
        return Judgement(replace(decision, reasons=(*decision.reasons, known)), memory, member)
    said = (read or Readings()).claims(candidate.source, candidate.sighting)
    memory = replace(memory, claims=(*memory.claims, *said))
    teller = novelty.told_elsewhere(mine, entry, now, memory) if verdict == "revision" else None
    if teller is not None:
        known = Reason("told", 1.0, 1.0, f"{teller.source_name} was told of with the same: {teller.title}")
        return Judgement(replace(decision, reasons=(*decision.reasons, known)), memory, member, said)
    decision = replace(decision, verdict=verdict)
    if len(recent) >= ALERTS_MAX:
        unstable = Reason("unstable", 1.0, 1.0, f"changed more than {ALERTS_MAX} times within 24 h; kept quiet")
        return Judgement(replace(decision, reasons=(*decision.reasons, unstable)), memory, member, said)
    alert = alerts.of_revision(replace(candidate, memory=memory), decision, revision)
    told = [each for each in memory.told if now - each.at < WINDOW]
    memory = replace(memory, told=(*told, ToldChange(candidate.sighting.key, now, revision.changes)))
    return Judgement(replace(decision, alert_id=alert.id, folded_into=""), memory, member, said, alert)


def moved_on(mine: StoryReport, entry: Entry, revision: Revision, score: Score) -> bool:
    """Whether an accepted article is another by now: live pages, front pages and reused addresses move on.

    What it says now must be the story's by its own words: that a story takes whatever comes is no reason to tell of
    another matter as a change. Where it is not, it shares few words with what was accepted (as few as one in nine of
    the labelled revisions), and no notice says that it corrects that.
    """
    if revision.moved_on and score.value < relevance.DEFAULT_THRESHOLD:
        return True
    if score.follow_up:
        return False
    old = lexicon.content(f"{mine.title} {mine.text}")
    new = lexicon.content(f"{entry.title} {entry.text or entry.summary}")
    return revision.verdict == "revision" and len(old & new) < SHARED_MIN * max(1, min(len(old), len(new)))


def elsewhere(candidate: Candidate, decision: Decision, mine: StoryReport) -> Judgement:
    """The verdict on a page that moved on: nothing is told of it, and the story remembers what it said before."""
    why = Reason("moved on", 0.0, 1.0, "the page has moved on to another matter since it was accepted")
    decision = replace(decision, reasons=(*decision.score.reasons, why))
    if decision.score.follow_up:
        decision = replace(
            decision, verdict="touch", development=mine.development, origin=mine.origin, folded_into=mine.alert_id,
            baseline=False,
        )  # fmt: skip
    return Judgement(decision, candidate.memory)


def _reason(change: TextChange) -> Reason:
    if change.before and change.after:
        return Reason(change.kind, 1.0, 1.0, f"{change.before} -> {change.after}")
    return Reason(change.kind, 1.0, 1.0, f"new: {change.after}" if change.after else f"no longer: {change.before}")


def _fresh(changes: Sequence[TextChange], recent: Sequence[ToldChange], now: datetime) -> bool:
    """Does a change remain that none of the recent alerts spoke of?"""
    told = [change for each in recent for change in each.changes]
    one_edit = any(now - each.at < ONE_EDIT for each in recent)
    return any(
        not (one_edit and change.kind in WORDING) and not any(_same(change, one) for one in told) for change in changes
    )


def _same(one: TextChange, other: TextChange) -> bool:
    mine, theirs = one.after or one.before, other.after or other.before
    if one.kind == "figure":
        return bool({f[:2] for f in claims.figures(mine)} & {f[:2] for f in claims.figures(theirs)})
    short, long = sorted((findings.key(mine), findings.key(theirs)), key=len)
    return bool(short) and f" {short} " in f" {long} "
