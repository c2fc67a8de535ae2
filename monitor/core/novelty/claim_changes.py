"""How the claims of a new report differ from what the ledger of a story holds.

Only like is compared with like: totals with totals, never an increment, a part of the whole or a rate with a total; the
killed with the killed; what happened in one place with that place. Where no unit says what is counted (money, shares),
the words around the figure must.

That two figures are alike does not yet say that one replaces the other. A toll only rises: fewer killed than were told
are others' dead, or an old count. Words that the whole story uses ("stadium", "fans") do not say what a sum is of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from monitor import data
from monitor.core.language import quantities, statements, units
from monitor.core.novelty import claim_context
from monitor.model import Claim, ClaimDelta

UNKNOWN = "figure"
UNDATED = "stated date"
SUBJECTLESS = frozenset((UNKNOWN, UNDATED))
LIKE_MAX = 1000  # claims of one kind that a new one is compared with, the newest; bounds the work in a flood (set)
OUTDATED = timedelta(days=60)  # what is told of so late is no longer the same event, unless called its toll (set)
VAGUE_TIMES = 2.0  # times what was told that a vague count must be to be news: "hundreds" after 14 (set)
TIMES_MAX = 30.0  # times as much is no new figure of the same sum, share or measure (set)
_SPECIALISTS = data.words("specialists")
_SMALL = data.words("small") | data.words("movements")
_SUBGROUPS = data.words("subgroups")
_GENERIC = frozenset(("men", "people", "personnel", "workers"))
_RELATIVE = frozenset(("other", "others"))  # each sentence has its own
# Who may be anybody: two counts of them are of one thing where the words around agree.
_ANYBODY = data.words("anybody")
_BY_CONTEXT = frozenset(("money", "percent", "deadline", "votes", *units.MEASURES))
_GOODS = frozenset(("mass", "volume"))
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_INCREMENT = re.compile(r"\b(?:more|additional|extra|further|another)\b", re.IGNORECASE)
_CLAIMED = re.compile(r"[’']s?\s(?:\w+\s)?(?:claims?|reports?|figures?|statements?|numbers?|estimates?|remarks?)\b")
_ADDS_UP = data.words("adds_up")
_PLANNED = frozenset(("sent", "evacuated", "released", "returned", "treated", "cleared"))
_TOLL = re.compile(data.patterns("tolls"), re.IGNORECASE)
_LOWERED = re.compile(data.patterns("counted_down"), re.IGNORECASE)
_PARTS = re.compile(r"[,;:]\s|\s[–—-]\s|\b(?:and|but|while|whereas)\b", re.IGNORECASE)


class Changes(NamedTuple):
    """Figures and days that replace what was told (`updates`), and others that only differ from it."""

    updates: tuple[ClaimDelta, ...] = ()
    others: tuple[ClaimDelta, ...] = ()


def compare(ledger: Sequence[Claim], new: Sequence[Claim]) -> Changes:
    """Which figures and deadlines of a story now read differently: same subject and unit class, value really different.

    A figure that any earlier claim of the subject already gave is no change. `before` is the newest claim replaced, of
    what adds up the largest.
    """
    updates: list[ClaimDelta] = []
    others: list[ClaimDelta] = []
    for claim in new:
        if claim.kind == "stance" and claim.value == "denied" and (old := _denied(ledger, claim)):
            updates.append(ClaimDelta(old.subject, _said(old), "denied", claim.quote, old.source))
        if claim.kind not in ("quantity", "age", "deadline") or _names(claim, claim):
            continue  # or it is what has been replaced: "from 12 to 30"
        like = list(islice(_like(ledger, claim), LIKE_MAX))
        if not _vague(claim) and any(not _vague(old) and comparable(old, claim) for old in like):
            like = [old for old in like if not _vague(old)]  # "dozens" is each of 65 and 75, which differ
        if any(_equal(old, claim) and comparable(old, claim) for old in like):
            continue
        if before := _newest(like, claim) or _put_off(like, claim):
            said = next((old for old in like if _names(claim, old) and comparable(old, claim)), None)
            total = said or _total(like, before, claim)
            replaced = said is not None or _replaces(total, claim, ledger)
            before = total if replaced else before
            delta = ClaimDelta(claim.subject, *_sides(before, claim), claim.quote, before.source)
            (updates if replaced else others).append(delta)
    return Changes(tuple(updates), tuple(others))


def _names(claim: Claim, old: Claim) -> bool:
    """Whether a report says itself which figure its own replaces: "six, not seven", "from 12 to 30"."""
    figure = rf"{re.escape(old.value)}(?![\w]|[.,]\d)"
    said = rf"\b(?:not|instead\sof|rather\sthan|(?:up|down)\sfrom)\s(?:the\s)?{figure}|\bfrom\s{figure}(?:\s\w+)?\sto\b"
    return claim.kind == "quantity" and re.search(said, claim.quote, re.IGNORECASE) is not None


def _total(like: Sequence[Claim], newest: Claim, claim: Claim) -> Claim:
    """What a count would replace: the largest exact one of what adds up, whatever smaller event was told of since.

    What calls itself a toll replaces the newest that it exceeds: one larger count, wrongly read, stops no other.
    """
    if not _adds_up(claim):
        return newest
    high = _bounds(claim)[1]
    rest = [old for old in like if old.unit == newest.unit and not _bounds(old)[2] and comparable(old, claim)]
    largest = max(rest, key=lambda old: _bounds(old)[0], default=newest)
    if high < _bounds(largest)[0] and _TOLL.search(claim.quote):
        return next((old for old in rest if _bounds(old)[1] < high), largest)
    return largest


def _replaces(old: Claim, new: Claim, ledger: Sequence[Claim]) -> bool:
    """Whether a figure that differs from another is a newer one of the same fact."""
    if new.kind == "age":
        return new.subject != "age"
    if new.kind == "deadline" and comparable(old, new):  # else it was put off
        if old.value == new.value or (new.at and old.date_to < new.at.date().isoformat()):
            return False  # a day that is over was another's
        return bool(_doing(new)) or claim_context.of_one_day(old, new, ledger)
    if new.kind == "deadline":
        return True
    low, high, vague = _bounds(new)
    old_low, old_high, _ = _bounds(old)
    if vague and low <= VAGUE_TIMES * old_high:
        return False  # "dozens" after 128, or after 14
    apart = max(low, old_low) > TIMES_MAX * min(low, old_low)
    if _adds_up(new):
        toll = _TOLL.search(new.quote) is not None
        late = _doing(new) != "sent" and old.at and new.at and new.at - old.at > OUTDATED
        more = (high >= old_low or _LOWERED.search(new.quote)) and (toll or not (late or apart))
        if not more or _doing(new) or _family(new) != "people":
            return bool(more)
        # "Number of patients rises to 420,000": it says itself that the same are counted anew.
        recounted = toll and old.subject == new.subject and new.subject not in _GENERIC | _ANYBODY
        return (recounted and not late and not apart) or claim_context.of_one_thing(old, new, ledger)
    if _family(new) in _BY_CONTEXT:
        return not apart and claim_context.of_one_thing(old, new, ledger, attached=True)
    return True


def _adds_up(claim: Claim) -> bool:
    """Whether a count can only grow: of the killed and the arrested, not of the missing or of what is planned."""
    doing = _doing(claim) if claim.kind == "quantity" else ""
    if claim.kind == "quantity" and not doing and _family(claim) in ("people", "cases"):
        return True
    return doing in _ADDS_UP and (" to be " not in claim.subject or doing not in _PLANNED)


def _like(ledger: Sequence[Claim], claim: Claim) -> Iterator[Claim]:
    """The claims of its kind and family, the newest first."""
    kind, unit, family = claim.kind, claim.unit, _family(claim)
    for old in reversed(ledger):
        if old.kind == kind and (old.unit == unit or _family(old) == family) and old is not claim:
            yield old


def _newest(like: Sequence[Claim], claim: Claim) -> Claim | None:
    """The newest claim that can be compared with this one, in its own unit if there is any."""
    newest = None
    for old in like:
        if comparable(old, claim):
            if old.unit == claim.unit:
                return old
            newest = newest or old
    return newest


def _put_off(like: Sequence[Claim], claim: Claim) -> Claim | None:
    """The day that a later one replaces, where the sentence says so and one alone was to come before it."""
    if claim.kind != "deadline" or claim.at is None or statements.phase(claim.quote) != "delayed":
        return None
    today = claim.at.date().isoformat()
    first = {old.date_to: old for old in reversed(like) if today <= old.date_to < claim.date_from}
    return next(iter(first.values())) if len(first) == 1 else None


def fact(claim: Claim) -> str:
    """The same for claims of one fact, in whatever words: who is counted, as a kind of their own, and what is done."""
    doing = _doing(claim)
    if claim.kind != "quantity" or not doing or units.family_of(claim.unit) != "people":
        return f"{claim.kind} {claim.subject}"
    return " ".join(("more" if claim.added else "", _special(claim), claim.unit if not _special(claim) else "",
                     "to be" if " to be " in claim.subject else "", doing))  # fmt: skip


def _denied(ledger: Sequence[Claim], denial: Claim) -> Claim | None:
    """The newest figure that a denial speaks of: it names the same counted, and who gave the figure or the figure.

    "Confirms 3 deaths, rules out a fourth source" denies no deaths.
    """
    parts = [part for part in _PARTS.split(denial.quote) if statements.phase(part) == "denied"]
    said = " ".join(parts) or denial.quote
    counted = {unit[0] for word in _WORD.findall(said) if (unit := units.of(word))}
    told = claim_context.named(said) if _CLAIMED.search(said) else frozenset[str]()
    more = _INCREMENT.search(said) is not None
    for old in reversed(ledger):
        if old.kind != "quantity" or old.unit not in counted or old.added != more:
            continue
        given = re.search(rf"(?<![\w.,]){re.escape(old.value)}(?![\w]|[.,]\d)", said)
        if given or told & claim_context.named(old.quote):
            return old
    return None


def by_context(claim: Claim) -> bool:
    """Whether only the words around a figure say what it is of: money, shares, measures."""
    return _family(claim) in _BY_CONTEXT


def comparable(old: Claim, new: Claim) -> bool:
    """Whether two claims of one kind and family speak of the same."""
    if old.kind == "age":
        # Of whom no report gives a name, another age is another's, unless the words around are of one event.
        unnamed = units.of(new.subject.rpartition(" ")[2]) is not None
        apart = unnamed and (claim_context.elsewhere(old, new) or not claim_context.same_context(old, new))
        return old.subject == new.subject and not apart
    if not SUBJECTLESS.isdisjoint((old.subject, new.subject)) or not _same_doing(old, new):
        return False
    if not _RELATIVE.isdisjoint((*old.subject.split(), *new.subject.split())):
        return False
    # Those sent "in addition" are no new total; of plans, the increment is what the reports argue about.
    if old.added != new.added or (new.added and " to be " not in new.subject):
        return False
    if (
        claim_context.margin(old) != claim_context.margin(new)
        or claim_context.rate(old) != claim_context.rate(new)
        or claim_context.part(old) != claim_context.part(new)
        or claim_context.elsewhere(old, new)
    ):
        return False
    if _family(old) in _BY_CONTEXT:
        return len({old.unit, new.unit} - {"money"}) <= 1 and claim_context.same_context(old, new)
    if (
        claim_context.nations(old)
        and claim_context.nations(new)
        and claim_context.nations(old).isdisjoint(claim_context.nations(new))
    ):
        return False
    kinds = {_special(old), _special(new)}
    if len(kinds) > 1 and not kinds.isdisjoint(_SUBGROUPS):
        return False
    if len(kinds) > 1 and _GENERIC.isdisjoint((*old.subject.split(), *new.subject.split())):
        return False
    return len({old.unit, new.unit} - {"people"}) <= 1 or len(kinds) > 1


def _family(claim: Claim) -> str:
    return "deadline" if claim.kind == "deadline" else units.family_of(claim.unit)


def _same_doing(old: Claim, new: Claim) -> bool:
    """Whether the same is said to happen to the counted; of money and shares one report may leave it out.

    Where neither says what happens to them, the same must be counted: engineers are no workers.
    """
    mine, theirs = _doing(new), _doing(old)
    if _family(new) in _BY_CONTEXT:
        # Of goods some are one thing and some another: 60 tonnes recalled, 9 tonnes shipped.
        return mine == theirs or not ((mine and theirs) or _family(new) in _GOODS)
    counted = new.subject.rpartition(" ")[2]
    if mine != theirs or mine:
        return mine == theirs
    if counted != old.subject.rpartition(" ")[2]:
        return False
    return counted not in _ANYBODY or claim_context.in_common(old, new, 1)


def counts_a_fate(subject: str) -> bool:
    """Whether a claim's subject says what happened to the counted: "people killed", not "passengers" or "money"."""
    return subject.rpartition(" ")[2] in _doings()


def _doing(claim: Claim) -> str:
    doing = claim.subject.rpartition(" ")[2]
    return "sent" if doing == "chosen" else doing if doing in _doings() else ""


@lru_cache(1)
def _doings() -> frozenset[str]:
    return frozenset(statements.roles().values())


def _special(claim: Claim) -> str:
    """Sappers, construction troops, children and the like are no troops or people in general; "men" may be any."""
    return next((word for word in claim.subject.split() if word in _SPECIALISTS or word in _SUBGROUPS), "")


def _equal(old: Claim, new: Claim) -> bool:
    if new.kind == "deadline":
        return old.date_from <= new.date_to and new.date_from <= old.date_to
    exactly = old.low is not None and not _vague(old)
    if new.high is None and new.low is not None and exactly and (old.low or 0.0) >= new.low:
        return True  # "more than 100" after 117
    return quantities.same_range(*_bounds(old), *_bounds(new))


def _vague(claim: Claim) -> bool:
    return claim.kind == "quantity" and _bounds(claim)[2]


def _bounds(claim: Claim) -> tuple[float, float, bool]:
    low = claim.low if claim.low is not None else claim.high or 0.0
    high = claim.high if claim.high is not None else low
    return low, high, not any(map(str.isdigit, claim.value)) and high > low * 2


def _sides(old: Claim, new: Claim) -> tuple[str, str]:
    """Before and after as told; with what is counted where the subject does not say it: a currency, another measure."""
    if _family(new) == "money" or (_family(new) in units.MEASURES and old.subject != new.subject):
        return old.text, new.text
    return _said(old), _said(new)


def _said(claim: Claim) -> str:
    value = "two" if claim.value == quantities.BOTH else claim.value
    return f"{claim.qualifier} {value}".strip()
