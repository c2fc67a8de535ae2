"""The claims of a text, and how they differ from what the ledger of a story holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor import data
from monitor.core import furniture
from monitor.core import text as texts
from monitor.core.claims import dates, quantities, stances
from monitor.model import Claim, ClaimDelta

CLAIMS_MAX = 40
TEXT_CHARS_MAX = 128 * 1024
SENTENCES_MAX = 400
SENTENCE_CHARS_MAX = 600
READ_CHARS_MAX = 1500
FIGURES_MAX = 20
_DEADLINE = re.compile(r"\b(?:until|till|by|no later than|deadline|due)\s(?:the\s)?$", re.IGNORECASE)
_AHEAD = re.compile(
    r"\b(?:will|would|to be|likely|expected|plans?|planned|scheduled|set to|due to|intends?|aims?|should|going to)\b",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:said|says|told|reported|reports|announced|wrote|published|statement|interview|according)\b", re.IGNORECASE
)
_MORE = re.compile(r"\b(?:more|additional|extra|further)\b", re.IGNORECASE)
_ANOTHER = re.compile(r"\b(?:another|an? (?:additional|extra|further))\s$", re.IGNORECASE)
UNKNOWN = "figure"
_SPECIALISTS = data.words("specialists")
_NAMELESS = data.words("speakers") | data.words("small") | {"government", "military", "army", "ministry"}
_GENERIC = frozenset(("men", "people", "personnel", "workers"))
_TRACKED = frozenset(("people", "money", "percent", "area", "mass", "votes", "cases"))


def _quantities(sentence: str, spans: Sequence[dates.When]) -> Iterator[Claim]:
    for quantity in quantities.find(sentence, [(span.start, span.end) for span in spans])[:FIGURES_MAX]:
        if not quantity.unit and (counted := stances.people_near(sentence, quantity.start)):
            unit = quantities.unit_of(counted)
            quantity = replace(quantity, unit=unit[0], family=unit[1], noun=counted) if unit else quantity
        if quantity.family == "age":
            who = stances.people_near(sentence, quantity.start)
            yield _of(quantity, "age", f"age of {who}" if who else "age", sentence)
        elif quantity.family in _TRACKED or (quantity.low >= 1000 and quantity.family not in ("rank", "score", "time")):
            claim = _of(quantity, "quantity", _subject(quantity, sentence), sentence)
            between = sentence[quantity.end : quantity.noun_end]
            yield replace(claim, added=bool(_MORE.search(between) or _ANOTHER.search(sentence[: quantity.start])))


def _of(quantity: quantities.Quantity, kind: str, subject: str, sentence: str) -> Claim:
    low: float | None = None if quantity.bound == "max" else quantity.low
    high: float | None = None if quantity.bound == "min" else quantity.high
    written = sentence[quantity.end : quantity.noun_end].rpartition(" ")[2].strip("'‘’“”\"()")
    noun = written if written.lower().startswith(quantity.noun[:3]) else quantity.noun
    text = f"{quantity.qualifier} {quantity.value} {noun}".strip()
    return Claim(
        "age" if kind == "age" else "quantity", subject, " ".join(text.split()), quantity.value, quantity.unit, low,
        high, quantity.qualifier, quote=sentence[:SENTENCE_CHARS_MAX],
    )  # fmt: skip


def _subject(quantity: quantities.Quantity, sentence: str) -> str:
    """What a figure is about: the counted, marked where they are a kind of their own, and what happens to them."""
    noun = quantity.noun if quantity.family != "money" else "money"
    if quantity.family == "people" and noun in stances.roles():
        return f"people {stances.roles()[noun]}"
    noun = (noun if quantities.unit_of(noun) else quantity.unit) or stances.people_near(sentence, quantity.start)
    between = sentence[quantity.end : quantity.noun_end].lower().split()
    special = next((word for word in between if word in _SPECIALISTS and word != noun), "")
    role = stances.role_near(sentence, quantity.start, quantity.noun_end or quantity.end)
    return " ".join(f"{special} {noun} {role}".split()) or UNKNOWN


def _dates(sentence: str, spans: Sequence[dates.When], published: datetime | None) -> Iterator[Claim]:
    for span in spans:
        if span.kind in ("clock", "relative") or span.first is None or span.last is None:
            continue
        before, after = sentence[max(0, span.start - 70) : span.start], sentence[span.end : span.end + 40]
        until = bool(_DEADLINE.search(before))
        ahead = bool(_AHEAD.search(before)) and (published is None or span.last >= published.date())
        year_only = span.kind == "period" and (span.last - span.first).days > 100
        if not until and not ahead and (year_only or _TOLD.search(after) or span.kind == "weekday"):
            continue
        if not until and not ahead and _TOLD.search(before[-25:]):
            continue
        who = stances.people_near(sentence, span.start)
        role = stances.role_near(sentence, span.start, span.end)
        subject = f"{who} {role}".strip() or "stated date"
        yield Claim(
            "deadline" if until or ahead else "date", subject, span.text, span.text, "date",
            quote=sentence[:SENTENCE_CHARS_MAX], qualifier="until" if until else "",
            date_from=span.first.isoformat(), date_to=span.last.isoformat(),
        )  # fmt: skip


def _stance(sentence: str) -> Claim | None:
    stated = stances.phase(sentence)
    if stated is None:
        return None
    who = stances.people_near(sentence, len(sentence))
    role = stances.role_near(sentence, 0, 0) or stances.role_near(sentence, len(sentence), len(sentence))
    if not who and not role:
        return None
    said_by = next(iter(stances.attributions(sentence)), "")
    return Claim(
        "stance",
        f"{who} {role}".strip(),
        stated,
        stated,
        "phase",
        qualifier=said_by,
        quote=sentence[:SENTENCE_CHARS_MAX],
    )


def _said_in(sentence: str) -> Iterator[Claim]:
    for who in stances.attributions(sentence):
        if set(who.lower().split()) <= _NAMELESS:
            continue
        yield Claim("attribution", f"said by {who}", who, who, "source", quote=sentence[:SENTENCE_CHARS_MAX])


def extract(text: str, published_at: datetime | None, *, title: str = "", source: str = "") -> tuple[Claim, ...]:
    """Everything checkable that a text says, each with its sentence as quote; at most 40, in the order of the text.

    One stance per phase and one attribution per person are kept; a figure that the title already gave is not repeated.
    """
    found: list[Claim] = []
    seen: set[tuple[str, ...]] = set()
    body = texts.sentences(furniture.without(text[:TEXT_CHARS_MAX]))[:SENTENCES_MAX]
    for sentence in ([title] if title and title not in body else []) + body:
        sentence = sentence[:READ_CHARS_MAX]
        spans = dates.find(sentence, published_at)
        stance = _stance(sentence)
        for claim in (
            *_quantities(sentence, spans),
            *_dates(sentence, spans, published_at),
            *_said_in(sentence),
            *((stance,) if stance else ()),
        ):
            key = _key(claim)
            if key in seen:
                continue
            seen.add(key)
            found.append(replace(claim, source=source, at=published_at))
            if len(found) == CLAIMS_MAX:
                return tuple(found)
    return tuple(found)


def _key(claim: Claim) -> tuple[str, ...]:
    if claim.kind == "stance":
        return ("stance", claim.value)
    if claim.kind in ("date", "deadline"):
        return (claim.kind, claim.date_from, claim.date_to)
    if claim.kind == "attribution":
        return ("attribution", claim.value.lower())
    return (claim.kind, claim.unit, str(claim.low), str(claim.high))


def _family(claim: Claim) -> str:
    return {"troops": "people", "workers": "people", "people": "people"}.get(claim.unit, claim.unit)


def _role(claim: Claim) -> str:
    role = claim.subject.split(" to be ")[-1] if " to be " in claim.subject else claim.subject.rsplit(" ", 1)[-1]
    return "sent" if role == "chosen" else role


def _special(claim: Claim) -> str:
    """Sappers, construction troops and the like are no troops in general; "men" may be either."""
    return next((word for word in claim.subject.split() if word in _SPECIALISTS), "")


def _comparable(old: Claim, new: Claim) -> bool:
    if old.kind != new.kind or _family(old) != _family(new):
        return False
    if old.kind == "age":
        return old.subject == new.subject
    if _role(old) != _role(new) or UNKNOWN in (old.subject, new.subject):
        return False
    # Those sent "in addition" are no new total; of plans, the increment is what the reports argue about.
    if (old.added or new.added) and " to be " not in new.subject:
        return False
    kinds = {_special(old), _special(new)}
    if len(kinds) > 1 and _GENERIC.isdisjoint((*old.subject.split(), *new.subject.split())):
        return False
    return len({old.unit, new.unit} - {"people"}) <= 1 or len(kinds) > 1


def _bounds(claim: Claim) -> tuple[float, float, bool]:
    low = claim.low if claim.low is not None else claim.high or 0.0
    high = claim.high if claim.high is not None else low
    return low, high, not any(map(str.isdigit, claim.value)) and high > low * 2


def _said(claim: Claim) -> str:
    return f"{claim.qualifier} {claim.value}".strip()


def compare(ledger: Sequence[Claim], new: Sequence[Claim]) -> tuple[ClaimDelta, ...]:
    """Which figures and deadlines of a story now read differently: same subject and unit class, value really different.

    A figure that any earlier claim of the subject already gave is no change. `before` is the newest claim replaced.
    """
    deltas: list[ClaimDelta] = []
    for claim in new:
        if claim.kind not in ("quantity", "age", "deadline"):
            continue
        rivals = [old for old in ledger if old is not claim and _comparable(old, claim)]
        if not rivals or any(_equal(old, claim) for old in rivals):
            continue
        before = next((old for old in reversed(rivals) if old.unit == claim.unit), rivals[-1])
        deltas.append(ClaimDelta(claim.subject, _said(before), _said(claim), claim.quote, before.source))
    return tuple(deltas)


def _equal(old: Claim, new: Claim) -> bool:
    if new.kind == "deadline":
        return old.date_from <= new.date_to and new.date_from <= old.date_to
    return quantities.same_range(*_bounds(old), *_bounds(new))


def overdue(ledger: Sequence[Claim], now: datetime) -> tuple[Claim, ...]:
    """The deadlines that have passed: stated before they ended, and ended before `now`."""
    today = now.astimezone(UTC).date()
    return tuple(
        claim
        for claim in ledger
        if claim.kind == "deadline"
        and claim.date_to
        and datetime.fromisoformat(claim.date_to).date() < today
        and (claim.at is None or claim.at.date() <= datetime.fromisoformat(claim.date_to).date() + timedelta(days=7))
    )


def figures(text: str) -> tuple[tuple[float, float, str], ...]:
    """Which figures a short text carries, as (low, high, unit class): cheap, for comparing headlines."""
    text = text[:READ_CHARS_MAX]
    spans = dates.find(text)
    taken = [(span.start, span.end) for span in spans]
    return tuple((found.low, found.high, found.unit) for found in quantities.find(text, taken))
