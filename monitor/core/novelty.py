"""Is an accepted follow-up new to its story: a development, a repeat of one, or its confirmation by a second origin?

A report repeats another when both tell the same thing, in whatever words, within a few days (copies: for weeks). It is
new all the same where a figure changed, where one denies or negates what the other says, or where the matter has
moved on to its next phase. Only the first second origin confirms; what cites the first origin is a repeat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core import claims as ledger
from monitor.core import ids, likeness, origins
from monitor.model import Claim, ClaimDelta, Entry, Member, Memory, Novelty, Phase, Reason, Source

SAME_MIN = 0.30
COPY_MIN = 0.85
SAME_WINDOW = timedelta(days=3)
COPY_WINDOW = timedelta(days=60)
EVIDENCE_WORDS_MAX = 5


@dataclass(frozen=True, slots=True)
class _Found:
    member: Member
    likeness: likeness.Likeness
    value: float


def compare(
    entry: Entry, entry_key: str, source: Source, at: datetime, story_id: str, memory: Memory, *,
    revision: int = 1, claims: Sequence[Claim] = (),
) -> Novelty:  # fmt: skip
    """The verdict on a follow-up, the development it reports, its origin, phase and changed claims, with reasons.

    Compared with the story's members (a member with the entry's own key aside); `at` is the entry's own time, so that a
    late landing may repeat a member that is newer. Same arguments, same answer.
    """
    said = entry.text or entry.summary
    name = source.name or source.id
    members = [member for member in memory.members if member.entry_key != entry_key]
    origin = origins.find(entry.title, said, name, entry.url, members)
    shape = likeness.shape(entry.title, said)
    deltas = _deltas(memory, claims)
    phase = _phase(entry)
    found = _nearest(shape, at, members)
    told = [] if found is None else [m for m in members if m.development == found.member.development]
    new = None if found is None else _news(shape, told)
    if found is None or new is not None:
        return Novelty(
            "development", ids.development_id(story_id, entry_key, revision), origin.name, phase, tuple(claims), deltas,
            (new or _first(members),),
        )  # fmt: skip
    confirms = _confirms(origin, entry, told)
    reason = _same(found, at) if confirms is None else confirms
    return Novelty(
        "repeat" if confirms is None else "confirmation", found.member.development, origin.name, phase, tuple(claims),
        deltas, (reason,), folded_into_key=found.member.entry_key,
    )  # fmt: skip


def _phase(entry: Entry) -> Phase | None:
    return ledger.phase(entry.title) or ledger.phase(entry.summary or entry.text[:600])


def _deltas(memory: Memory, said: Sequence[Claim]) -> tuple[ClaimDelta, ...]:
    return ledger.compare(memory.claims, said) if said else ()


def _nearest(shape: likeness.Shape, at: datetime, members: Sequence[Member]) -> _Found | None:
    """The member that tells the same, if any: alike enough for the time that lies between."""
    best: _Found | None = None
    for member in members:
        apart = abs(at - member.at)
        if apart > COPY_WINDOW:
            continue
        alike = likeness.compare(shape, likeness.shape(member.title, member.text))
        least = SAME_MIN if apart <= SAME_WINDOW else COPY_MIN
        if alike.value >= least and (best is None or alike.value > best.value):
            best = _Found(member, alike, alike.value)
    return best


def _news(shape: likeness.Shape, told: Sequence[Member]) -> Reason | None:
    """What the entry says that its development has not said: a changed figure, a denial, a next step."""
    shapes = [likeness.shape(member.title, member.text) for member in told]
    return likeness.difference(shape, shapes)


def _first(members: Sequence[Member]) -> Reason:
    text = "new: nothing like it was told" if members else "new: the first report of this story"
    return Reason("new", 1.0, 1.0, text)


def _same(found: _Found, at: datetime) -> Reason:
    shared = ", ".join(found.likeness.shared[:EVIDENCE_WORDS_MAX])
    hours = round((at - found.member.at).total_seconds() / 3600)
    when = "at the same time" if hours == 0 else f"{abs(hours)} h {'earlier' if hours > 0 else 'later'}"
    text = f"same as {found.member.source_name} {when}: shares {shared}"
    return Reason("same", found.value, 1.0, text)


def _confirms(origin: origins.Origin, entry: Entry, told: Sequence[Member]) -> Reason | None:
    """The first independent second origin: it says so itself, is of another party, and cites none that told it."""
    if not origin.stated or any(member.verdict == "confirmation" for member in told):
        return None
    before = [origins.find(member.title, member.text, member.source_name, member.url) for member in told]
    parties = {one.party for one in before} | {origins.party(member.origin) for member in told if member.origin}
    stated = [one for one in before if one.stated]
    if origin.party in parties or not stated:
        return None
    return Reason("confirmation", 1.0, 1.0, f"{origin.name} is a second origin beside {stated[0].name}: {origin.how}")
