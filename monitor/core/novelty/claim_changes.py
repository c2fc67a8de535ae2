"""How the claims of a new report differ from what the ledger of a story holds.

Only like is compared with like: totals with totals, never an increment, a part of the whole or a rate with a total; the
killed with the killed; what happened in one place with that place. Where no unit says what is counted (money, shares),
the words around the figure must.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from monitor import data
from monitor.core.language import figure_patterns, quantities, statements, units, vocabulary
from monitor.core.language.words import stem, unelided
from monitor.model import Claim, ClaimDelta

UNKNOWN = "figure"
UNDATED = "stated date"
SUBJECTLESS = frozenset((UNKNOWN, UNDATED))
CONTEXT_CHARS = 90  # characters on both sides of a figure that say what it is of (set by reading)
SHARED_MIN = 2  # words in common that make two figures of one thing, where no unit does (set)
LIKE_MAX = 1000  # claims of one kind that a new one is compared with, the newest; bounds the work in a flood (set)
CONTEXTS_MAX = 20_000  # contexts remembered: those of the longest stories (set)
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
_RATE = re.compile(data.patterns("rate"), re.IGNORECASE)
_PART_BEFORE = re.compile(r"\b(?:including|among\sthem|of\swhom|of\sthem|of\swhich)\s(?:\w+\s)?$", re.IGNORECASE)
# The next of such parts: "eleven of them in Latvia and six in Estonia"; what happens to it alone makes it a total.
_PART_TOO = re.compile(r"\b(?:including|among\sthem|of\s(?:them|whom|which))\b[^,;:.]{0,60}\sand\s$", re.IGNORECASE)
_OF_THEM = re.compile(r"^\sof\s(?:them|whom|those|these|which|the)\b", re.IGNORECASE)
_PART_AFTER = re.compile(r"^(?:\s\w+){1,4}?\s(?:are\s|were\s|is\s|was\s)?(?:among|of\sthe)\b", re.IGNORECASE)
_INCREMENT = re.compile(r"\b(?:more|additional|extra|further|another)\b", re.IGNORECASE)
# By how much something leads or grew, which is no total: "won by 19 votes", "12 votes ahead", "gains eight votes".
_MARGIN_BEFORE = re.compile(data.patterns("margin_before"), re.IGNORECASE)
_MARGIN_AFTER = re.compile(r"^(?:\s\w+)?\s(?:ahead|behind|more|fewer|apart|short)\b", re.IGNORECASE)
_CLAIMED = re.compile(r"[’']s?\s(?:\w+\s)?(?:claims?|reports?|figures?|statements?|numbers?|estimates?|remarks?)\b")
_PLACED = re.compile(r"\b(?:in|near|outside)\s(?P<place>[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)?)")
_NO_PLACES = data.words("never_names")


def compare(ledger: Sequence[Claim], new: Sequence[Claim]) -> tuple[ClaimDelta, ...]:
    """Which figures and deadlines of a story now read differently: same subject and unit class, value really different.

    A figure that any earlier claim of the subject already gave is no change. `before` is the newest claim replaced.
    """
    deltas: list[ClaimDelta] = []
    for claim in new:
        if claim.kind == "stance" and claim.value == "denied" and (old := _denied(ledger, claim)):
            deltas.append(ClaimDelta(old.subject, _said(old), "denied", claim.quote, old.source))
        if claim.kind not in ("quantity", "age", "deadline"):
            continue
        like = list(islice(_like(ledger, claim), LIKE_MAX))
        if any(_equal(old, claim) and comparable(old, claim) for old in like):
            continue
        if before := _newest(like, claim) or _put_off(like, claim):
            deltas.append(ClaimDelta(claim.subject, *_sides(before, claim), claim.quote, before.source))
    return tuple(deltas)


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
    """The newest figure that a denial speaks of: it names the same counted, and who gave the figure or the figure."""
    counted = {unit[0] for word in _WORD.findall(denial.quote) if (unit := units.of(word))}
    told = _named(denial.quote) if _CLAIMED.search(denial.quote) else frozenset[str]()
    more = _INCREMENT.search(denial.quote) is not None
    for old in reversed(ledger):
        if old.kind != "quantity" or old.unit not in counted or old.added != more:
            continue
        if old.value in denial.quote or told & _named(old.quote):
            return old
    return None


def _named(quote: str) -> frozenset[str]:
    """The capitalised words of a sentence, without possessives and the words that carry no meaning."""
    found = (re.sub(r"['’]s?$", "", word) for word in _WORD.findall(quote) if word[0].isupper())
    return frozenset(word for word in found if len(word) > 2 and word.lower() not in _SMALL | _NO_PLACES)


def by_context(claim: Claim) -> bool:
    """Whether only the words around a figure say what it is of: money, shares, measures."""
    return _family(claim) in _BY_CONTEXT


def comparable(old: Claim, new: Claim) -> bool:
    """Whether two claims of one kind and family speak of the same."""
    if old.kind == "age":
        # Of whom no report gives a name, another age is another's, unless the words around are of one event.
        unnamed = units.of(new.subject.rpartition(" ")[2]) is not None
        return old.subject == new.subject and not (unnamed and (_elsewhere(old, new) or not _same_context(old, new)))
    if not SUBJECTLESS.isdisjoint((old.subject, new.subject)) or not _same_doing(old, new):
        return False
    # Those sent "in addition" are no new total; of plans, the increment is what the reports argue about.
    if old.added != new.added or (new.added and " to be " not in new.subject):
        return False
    if _margin(old) != _margin(new) or _rate(old) != _rate(new) or _part(old) != _part(new) or _elsewhere(old, new):
        return False
    if _family(old) in _BY_CONTEXT:
        return len({old.unit, new.unit} - {"money"}) <= 1 and _same_context(old, new)
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
    if counted != old.subject.rpartition(" ")[2] or counted in _RELATIVE:
        return False
    return counted not in _ANYBODY or _in_common(old, new, 1)


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


def _around(claim: Claim) -> tuple[str, str]:
    """What the sentence says before and after the figure."""
    before, _, after = claim.quote.partition(claim.value)
    return before[-CONTEXT_CHARS:], after[:CONTEXT_CHARS]


def _margin(claim: Claim) -> bool:
    before, after = _around(claim)
    return bool(_MARGIN_BEFORE.search(before) or _MARGIN_AFTER.search(after))


def _rate(claim: Claim) -> str:
    before, after = _around(claim)
    found = _RATE.search(after[:40]) or _RATE.search(before[-40:])
    if not found or claim.kind == "deadline":
        return ""
    every = (found.group("every") or found.group("span")).lower()
    return {"daily": "day", "weekly": "week", "monthly": "month", "hourly": "hour"}.get(every, every[:4])


def _part(claim: Claim) -> str:
    """What kind of people, where they are told as a part of the whole: "including two children"."""
    before, after = _around(claim)
    if claim.kind == "deadline" or not (
        _PART_BEFORE.search(before) or _PART_AFTER.search(after) or _OF_THEM.search(after)
        or figure_patterns.OF_THEM_ABROAD.match(after)
        or (_PART_TOO.search(before) and statements.roles().keys().isdisjoint(_WORD.findall(after)))
    ):  # fmt: skip
        return ""
    return claim.subject


def _elsewhere(old: Claim, new: Claim) -> bool:
    mine, theirs = _places(new.quote), _places(old.quote)
    return bool(mine and theirs) and mine.isdisjoint(theirs)


@lru_cache(CONTEXTS_MAX)
def _places(quote: str) -> frozenset[str]:
    """The words of the places that a sentence names; none of a title in title case, where capitals say nothing."""
    words = [word for word in _WORD.findall(quote) if len(word) > 3]
    if len(words) > 3 and sum(word[0].isupper() for word in words) >= 0.75 * len(words):
        return frozenset()
    named = (word.lower() for found in _PLACED.finditer(quote) for word in found.group("place").split())
    return frozenset(word for word in named if word not in _NO_PLACES)


def _same_context(old: Claim, new: Claim) -> bool:
    """Whether the words around two figures are of one thing: some in common, and not names of the story alone."""
    mine, theirs = _context(new), _context(old)
    if not mine or not theirs:
        return not mine and not theirs
    return _in_common(old, new, min(SHARED_MIN, len(mine), len(theirs)))


def _in_common(old: Claim, new: Claim, least: int) -> bool:
    both = _context(new) & _context(old)
    return len(both) >= least and not both <= _called(new) | _called(old)


def _context(claim: Claim) -> frozenset[str]:
    """The stems around a figure, without the word that it counts, or whose age it is."""
    return _stems(" ".join(_around(claim))) - _stems(claim.subject if claim.kind == "age" else claim.text)


@lru_cache(CONTEXTS_MAX)
def _called(claim: Claim) -> frozenset[str]:
    """The stems of the names around a figure; none where capitals say nothing, and not a sentence's first word."""
    words = _WORD.findall(" ".join(_around(claim)))
    named = [word for word in words if word[0].isupper() and not claim.quote.startswith(word)]
    tells = 2 * len(named) <= len(words) and vocabulary.is_english(claim.quote)
    return _stems(" ".join(named)) if tells else frozenset()


@lru_cache(CONTEXTS_MAX)
def _stems(text: str) -> frozenset[str]:
    words = {word.lower() for word in _WORD.findall(text)}
    words = words - _SMALL - statements.roles().keys()
    return frozenset(stem(unelided(word)) for word in vocabulary.without_grammar(text, words))


def _equal(old: Claim, new: Claim) -> bool:
    if new.kind == "deadline":
        return old.date_from <= new.date_to and new.date_from <= old.date_to
    if new.high is None and new.low is not None and old.low is not None and old.low >= new.low:
        return True  # "more than 100" after 117
    return quantities.same_range(*_bounds(old), *_bounds(new))


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
