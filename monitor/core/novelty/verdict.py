"""Is an accepted follow-up new to its story: a development, a repeat of one, or its confirmation by a second origin?

A report repeats another when both tell the same thing in whatever words. How alike they must be rises with the time
between them: within half a day nearly all that a story gets is one development told by many, a day later hardly
anything is; copies stay repeats for weeks. A report is new all the same where a figure changed, where it denies what
was told, or where the matter took its next step. Only the first second origin confirms; what cites the first repeats.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core import ids
from monitor.core.language import statements
from monitor.core.novelty import claim_changes, origins, similarity
from monitor.model import Claim, Entry, Novelty, Phase, Reason, Source, StoryReport, StoryState, Verdict

SOON_H, LATER_H, LAST_H = 10.0, 20.0, 72.0
SOON_MIN, LATER_MIN, LAST_MIN, COPY_MIN = 0.15, 0.45, 0.60, 0.90
EDIT_MIN, TELLS_MIN, GAIN_MIN = 0.60, 0.50, 0.15
TELLS_CONCEPTS_MIN, GAINED_CONCEPTS_MIN = 3, 2
COPY_WINDOW = timedelta(days=30)
CROWD_WINDOW = timedelta(hours=24)
CROWD_QUIET = 4
LATE = timedelta(hours=6)
RIVALS_MAX = 4
COMPARED_MAX = 600
TOLD_MAX = 200
TELLERS_MAX = 100
EVIDENCE_WORDS_MAX = 5

_CONFIRMS = re.compile(r"\b(?:confirm|acknowledg|admit|corroborat|verif)\w*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Found:
    """A member that tells the same: how alike it is, and by how much more than needed."""

    member: StoryReport
    shape: similarity.Shape
    alike: float
    margin: float


def compare(
    entry: Entry, entry_key: str, source: Source, at: datetime, story_id: str, memory: StoryState, *,
    revision: int = 1, claims: Sequence[Claim] = (),
) -> Novelty:  # fmt: skip
    """The verdict on a follow-up, the development it reports, its origin, phase and changed claims, with reasons.

    Compared with the story's members, one with the entry's own key aside. `at` is the entry's own time: one that lands
    late may repeat a member that is newer. Same arguments, same answer.
    """
    said = entry.text or entry.summary
    lead = said[: similarity.LEAD_CHARS_MAX]
    shape = similarity.shape(entry.title, lead)
    members = [member for member in memory.members if member.entry_key != entry_key]
    found, told, news = _same_development(shape, similarity.fingerprint(entry.title), at, members)
    copied = found.member if found and found.alike >= COPY_MIN else None
    tellers = told or members[-TELLERS_MAX:]
    origin = origins.find(entry.title, said, source.label, entry.url, tellers, copied)
    verdict: Verdict = "development"
    development, folded = ids.development_id(story_id, entry_key, revision), ""
    if found is None:
        reason = news or Reason("new", 1.0, 1.0, _first(memory))
    else:
        plain = found.alike >= LATER_MIN or _CONFIRMS.search(entry.title) is not None
        confirmed = _confirms(origin, entry, told) if plain else None
        verdict = "confirmation" if confirmed else "repeat"
        development, folded = found.member.development, found.member.entry_key
        reason = confirmed or _same(entry.title, lead, shape, found, at)
    return Novelty(
        verdict=verdict, development=development, origin=origin.name, phase=_phase(entry, lead), claims=tuple(claims),
        deltas=claim_changes.compare(memory.claims, claims) if claims else (), reasons=(reason,),
        folded_into_key=folded,
    )  # fmt: skip


def told_elsewhere(mine: StoryReport, entry: Entry, now: datetime, memory: StoryState) -> StoryReport | None:
    """Another article that says what this rewritten one says now and did not say as `mine`: its news is known.

    When something happens, outlets rewrite the report that they have. The first to do so tells it. An edit, which
    leaves most of the headline as it was, is no rewriting. Limits were set by reading 137 such pairs of three outlets.
    """
    said = entry.text or entry.summary
    old, new = _shape_of(mine), similarity.shape(entry.title, said[: similarity.LEAD_CHARS_MAX])
    if similarity.overlap(old.title, new.title) >= EDIT_MIN:
        return None
    for member in reversed(memory.members[-COMPARED_MAX:]):
        if member.entry_key == mine.entry_key or abs(now - member.at) > timedelta(hours=LAST_H):
            continue
        other = _shape_of(member)
        alike, shared = similarity.value(new, other), new.title & other.title
        if (
            alike >= TELLS_MIN
            and alike - similarity.value(old, other) >= GAIN_MIN
            and len(shared) >= TELLS_CONCEPTS_MIN
            and len(shared - old.title) >= GAINED_CONCEPTS_MIN
            and similarity.difference(new, [other]) is None
        ):
            return member
    return None


def _phase(entry: Entry, lead: str) -> Phase | None:
    return statements.phase(entry.title) or statements.phase(lead)


def _same_development(
    shape: similarity.Shape, fingerprint: str, at: datetime, members: Sequence[StoryReport]
) -> tuple[_Found | None, list[StoryReport], Reason | None]:
    """The nearest member whose development has already said what this report says, with that development's members.

    Where the nearest has not, the reason is returned, and another development takes the report only if it is much
    alike or says that very thing: a second report of the new figure, not a loose relative.
    """
    news: Reason | None = None
    for found in _nearest(shape, fingerprint, at, members):
        if news is not None and found.alike < LATER_MIN and not similarity.says(news, shape, found.shape):
            continue
        told = [member for member in members if member.development == found.member.development]
        shapes = [_shape_of(member) for member in told[-TOLD_MAX:]]
        late = at - min(member.at for member in told) >= LATE
        different = similarity.difference(shape, shapes, late=late and found.alike < COPY_MIN)
        if different is None:
            return found, told, None
        news = news or different
    return None, [], news


def _nearest(
    shape: similarity.Shape, fingerprint: str, at: datetime, members: Sequence[StoryReport]
) -> Iterator[_Found]:
    """The best member of each development that is alike enough, best first, at most `RIVALS_MAX`.

    Beyond three days, and in a flood beyond the newest `COMPARED_MAX` members, only a headline of the same concepts is.
    """
    best: dict[str, _Found] = {}
    compared = 0
    crowd = len({m.development for m in members[-COMPARED_MAX:] if abs(at - m.at) <= CROWD_WINDOW})
    for member in reversed(members):
        apart = abs(at - member.at)
        if apart > COPY_WINDOW:
            continue
        hours = apart.total_seconds() / 3600
        compared += hours <= LAST_H
        near = hours <= LAST_H and compared <= COMPARED_MAX
        if not near and (not fingerprint or similarity.fingerprint(member.title) != fingerprint):
            continue
        other = _shape_of(member)
        alike = similarity.value(shape, other)
        margin = alike - needed(hours, crowd)
        if margin >= 0 and (member.development not in best or margin >= best[member.development].margin):
            best[member.development] = _Found(member, other, alike, margin)
    return iter(sorted(best.values(), key=lambda found: (-found.margin, found.member.entry_key))[:RIVALS_MAX])


def needed(hours: float, crowd: int = 0) -> float:
    """How alike two reports so many hours apart must be to tell the same; calibrated by `bench/novelty.py`.

    `crowd` is how many developments the story had within a day: a quiet story gets one at a time, told by many in
    whatever words; in a busy one, reports of the same hour are more likely of different things.
    """
    busy = min(1.0, max(0, crowd - CROWD_QUIET) / CROWD_QUIET)
    soon = SOON_MIN + (LATER_MIN - SOON_MIN) * busy
    if hours <= SOON_H:
        return soon
    if hours <= LATER_H:
        return soon + (LATER_MIN - soon) * (hours - SOON_H) / (LATER_H - SOON_H)
    if hours <= LAST_H:
        return LATER_MIN + (LAST_MIN - LATER_MIN) * (hours - LATER_H) / (LAST_H - LATER_H)
    return COPY_MIN


def _shape_of(member: StoryReport) -> similarity.Shape:
    return similarity.shape(member.title, member.text[: similarity.LEAD_CHARS_MAX])


def _first(memory: StoryState) -> str:
    return "new: nothing like it was told lately" if memory.members else "new: the first report of this story"


def _same(title: str, lead: str, shape: similarity.Shape, found: _Found, at: datetime) -> Reason:
    words = similarity.shared(title, lead, shape, found.shape)
    hours = round((at - found.member.at).total_seconds() / 3600)
    when = "within the hour" if hours == 0 else f"{abs(hours)} h {'earlier' if hours > 0 else 'later'}"
    evidence = f"same as {found.member.source_name} {when}: shares {', '.join(words[-EVIDENCE_WORDS_MAX:])}"
    return Reason("same", round(found.alike, 4), 1.0, evidence)


def _confirms(origin: origins.Origin, entry: Entry, told: Sequence[StoryReport]) -> Reason | None:
    """The first independent second origin: it names itself, is of another party, and leans on none that told it.

    Where nobody told whom the news is from, a named origin is most likely just that; only a confirmation in so many
    words is one.
    """
    if not origin.stated or any(member.verdict == "confirmation" for member in told):
        return None
    before = {origins.party(member.origin) for member in told}
    named = [m.origin for m in told if m.origin and m.origin != origins.outlet(m.source_name, m.url)]
    if origin.party in before or not (named or _CONFIRMS.search(entry.title)):
        return None
    first = named[0] if named else told[0].origin
    tellers = {first, *(origins.outlet(member.source_name, member.url) for member in told)}
    if not tellers.isdisjoint(origins.cites(entry.title, entry.text or entry.summary)):
        return None
    return Reason("confirmation", 1.0, 1.0, f"{origin.name} is a second origin beside {first}: {origin.how}")
