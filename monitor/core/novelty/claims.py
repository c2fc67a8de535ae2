"""The claims of a text, and which of their deadlines have passed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from monitor import data
from monitor.core import text as texts
from monitor.core.documents import boilerplate
from monitor.core.language import dateline, dates, numerals, quantities, statements, units
from monitor.core.novelty.claim_changes import UNDATED, UNKNOWN
from monitor.model import Claim

CLAIMS_MAX = 40  # claims of a text (set)
# Characters read of a text: of 157 recorded articles the longest has 26,696, and four have forty claims.
TEXT_CHARS_MAX = 32 * 1024
SENTENCES_MAX = 400  # sentences read of a text (set)
SENTENCE_CHARS_MAX = 600  # characters read of a sentence (set)
READ_CHARS_MAX = 1500  # characters read of a short text (set)
FIGURES_MAX = 20  # figures compared of a headline (set)
# Up to a day in German, French, Spanish, Italian, Portuguese, Dutch and Swedish, and who has to.
_UP_TO = data.patterns("up_to")
_HAS_TO = data.patterns("has_to")
_DEADLINE = re.compile(rf"\b({data.patterns('by_a_day')}|{_UP_TO})\s(?:the\s)?$", re.IGNORECASE)
_BINDING = re.compile(rf"\b(?:{data.patterns('binding')}|{_UP_TO}|{_HAS_TO})\b[^.;]{{0,60}}$", re.IGNORECASE)
_QUALIFIED = {"until": "until", "till": "until", "by": "by", "no later than": "by"}
_LATER = re.compile(r"\b(?:tomorrow|week|weekend|month|year|spring|summer|autumn|fall|winter)\b", re.IGNORECASE)
# "Firm pushes the launch to Friday", "Launch slips to Friday": the launch.
_MOVED = re.compile(rf"(?<![\w-])(?:{data.patterns('moved_day')})(?![\w-])", re.IGNORECASE)
_CLAUSE = r"|\b(?:as|after|while|that|because|but|when|says?|said)\b|[,;:]\s"
_PAST = re.compile(r"\b(?:was|were|had|been|originally|initially|did|missed|passed|since)\b", re.IGNORECASE)
_HAD = re.compile(r"\W*+(?:[\w’'-]+\s){0,4}had\b", re.IGNORECASE)
_LEAD = re.compile(rf"\s(?:{data.patterns('behind_subjects')})\b", re.IGNORECASE)
_SMALL = data.words("small")
SUBJECT_WORDS_MAX = 3  # words of a claim's label (set)
JUST_OVER = timedelta(days=31)  # a day so far back without its year is of this year (set by reading)
SOON = timedelta(days=120)  # a day so far ahead may be a deadline (set by reading)
_AHEAD = data.whole_words("claimed_ahead")
_TOLD = data.whole_words("telling")
_MORE = re.compile(r"\b(?:more|additional|extra|further)\b(?!\sthan\b)", re.IGNORECASE)
_ANOTHER = re.compile(r"\b(?:another|additional|extra|further)\s$", re.IGNORECASE)
_SPECIALISTS = data.words("specialists")
_NAMELESS = data.words("speakers") | data.words("small") | {"government", "military", "army", "ministry"}
_TRACKED = frozenset(("people", "money", "percent", "area", "volume", "mass", "votes", "cases", "magnitude"))
_TOLL = re.compile(data.patterns("toll"), re.IGNORECASE)
# What is done to people, so that a bare figure in its clause counts them: "17 are missing", "charged four".
_OF_MONEY = frozenset(("lost", "paid", "to be paid", "pledged", "seized", "to be seized", "returned", "raised"))
_OF_PEOPLE = data.words("of_people")
# What is done to nobody but people, whatever they are called. Who is killed or hurt may be an animal: there the word
# must be one for people who do something. What is charged or missing may be a battery or a list.
_BY_LAW = frozenset(("arrested", "convicted", "jailed", "acquitted"))
_IN_BODY = frozenset(("killed", "wounded"))
_WORKERS = re.compile(r"(?:[^e]ers|tors|\w{3}ists|ians|men|women|folk|smiths|monks|nuns|chefs|cooks|herds|guards)$")
_CLAUSE_CHARS = 40  # characters on both sides of a figure that may deny or add (set by reading)
_WORDS = re.compile(r"[^\W\d_]+")
_PARTED = re.compile(r"[,;:.]|\b(?:and|but|while|whereas|with)\b")
_GROUP = re.compile(rf"\b(?P<group>{data.patterns('groups')})\sof\s(?:the\s)?$", re.IGNORECASE)
# A whole of which a part is told: "two of the nine", "none of its 40", "of the 230 aboard, 41".
_WHOLE = re.compile(
    rf"(?:\b(?:{'|'.join(numerals.WORDS)}|none|some|most|many|half|all|both|(?<![\d,.])\d[\d,.]{{0,12}})\s|^\W*)of\s(?:(?:the|its|their|his|her|these|those)\s)?$",
    re.IGNORECASE,
)
# Others of whom more is said: "8,000 walked in memory of the 12 who died".
_APART = re.compile(rf"\b(?:the|those|these)\s(?:\d|(?:{'|'.join(numerals.WORDS)})\b)", re.IGNORECASE)
_ATTACHED = re.compile(rf"\s(?:who\s(?:were|have|had)\s)?(?:{data.patterns('befell_them')})\b")
_SPAN = re.compile(data.patterns("within_a_time"), re.IGNORECASE)
_MAGNITUDE = re.compile(r"\bmagnitude[-\s](?:of\s)?$", re.IGNORECASE)
_POLL = data.whole_words("polls")
# "Ebola cases top 1,000"; "would have turned 27" is how old she is, and "one family's return" counts nobody.
_CASES = re.compile(
    r"\bcases\s(?:now\s)?(?:top|exceed|pass|reach|rise|climb|surge|jump|hit|near)(?:ped|ed|es|s)?\s(?:to\s)?\Z",
    re.IGNORECASE,
)
FOUND_CHARS = 40  # characters before "two bodies" in which they are found: "divers recover another" (set)
# "21 bodies found in river", "divers recover two bodies"; a body politic is not looked for.
_FOUND = re.compile(
    r"(?:\s(?:are|were|have\sbeen|had\sbeen))?(?:\A|\s)(?:finds?|found|recover(?:s|ed)?|retrieved?|pulled?|identified|washed)\s(?:\S{1,12}\s){0,3}",
    re.IGNORECASE,
)
_TURNS = re.compile(r"\bturn(?:s|ed|ing)?\s\Z", re.IGNORECASE)
_OWNED = re.compile(r"[^,;]*\w[’']s\Z")


def _quantities(sentence: str, spans: Sequence[dates.When]) -> Iterator[Claim]:
    for quantity in quantities.find(sentence, [(span.start, span.end) for span in spans])[:FIGURES_MAX]:
        turned = not quantity.unit and _TURNS.search(sentence[: quantity.start])
        if turned or _OWNED.match(sentence[quantity.end : quantity.noun_end]):
            continue
        quantity = _counted(quantity, sentence)
        if quantity.family == "age":
            who = statements.whose_age(sentence, quantity.start, quantity.noun_end or quantity.end)
            yield _of(quantity, "age", f"age of {who}" if who else "age", sentence)
        elif quantity.family in _TRACKED or (quantity.low >= 1000 and quantity.family not in ("rank", "score", "time")):
            claim = _of(quantity, "quantity", _subject(quantity, sentence), sentence)
            between = sentence[quantity.end : quantity.noun_end]
            yield replace(claim, added=bool(_MORE.search(between) or _ANOTHER.search(sentence[: quantity.start])))


def _counted(quantity: quantities.Quantity, sentence: str) -> quantities.Quantity:
    """A figure whose noun does not say what it counts, or that has none: what the words around it say."""
    before = sentence[: quantity.start]
    if quantity.family == "score" and _POLL.search(sentence):
        return replace(quantity, unit="votes", family="votes", noun="votes")
    if quantity.family == "rank" and (ranked := _fifth(quantity, sentence)):
        return ranked
    if quantity.unit and quantity.family in units.FAMILIES:
        return quantity
    if _MAGNITUDE.search(before):
        return replace(quantity, unit="magnitude", family="magnitude", noun="magnitude")
    if quantity.noun in statements.roles() and statements.roles()[quantity.noun] in _OF_PEOPLE:
        return replace(quantity, unit="people", family="people")
    if quantity.noun in ("bodies", "corpses") and (
        _FOUND.search(before[-FOUND_CHARS:]) or _FOUND.match(sentence, quantity.noun_end)
    ):
        return replace(quantity, unit="people", family="people", noun="dead")
    if _GROUP.search(before):
        return replace(quantity, unit="people", family="people", noun="people", noun_end=quantity.end)
    if quantity.unit:
        return replace(quantity, unit="people", family="people") if _are_people(quantity, sentence) else quantity
    if _TOLL.search(before):
        if quantity.qualifier == "up to":  # "death toll up to 151": it has risen to that
            quantity = replace(quantity, qualifier="", bound="")
        return replace(quantity, unit="people", family="people", noun="dead")
    if _CASES.search(before):
        unit = units.of("cases")
        return replace(quantity, unit=unit[0], family=unit[1], noun="cases") if unit else quantity
    last = _WORDS.findall(before)[-1:]
    if last and statements.roles().get(last[0].lower()) in _OF_PEOPLE and before.endswith(f"{last[0]} "):
        return replace(quantity, unit="people", family="people", noun="people", noun_end=quantity.end)  # "kills 94"
    counted = statements.people_near(sentence, quantity.start)
    unit = units.of(counted, english=False) if counted else None
    if unit:
        return replace(quantity, unit=unit[0], family=unit[1], noun=counted)
    if _done_to_people(sentence, quantity):
        return replace(quantity, unit="people", family="people", noun="people", noun_end=quantity.end)
    return quantity


def _are_people(quantity: quantities.Quantity, sentence: str) -> bool:
    """Whether those counted by an unknown noun are people, by what is done to them: "four beekeepers arrested"."""
    role = statements.role_near(sentence, quantity.start, quantity.noun_end)
    if role not in _BY_LAW | _IN_BODY or not _done_beside(sentence, quantity, role):
        return False
    noun = quantity.noun.lower()
    return role in _BY_LAW or (_WORKERS.search(noun) is not None and noun not in data.words("no_workers"))


def _fifth(quantity: quantities.Quantity, sentence: str) -> quantities.Quantity | None:
    """ "Fifth patient dies": five at least, and more than one; not of one week or year."""
    unit = units.of(quantity.noun)
    if unit is None or unit[1] != "people" or quantity.low < 2 or _SPAN.search(sentence, quantity.noun_end):
        return None
    role = statements.role_near(sentence, quantity.start, quantity.noun_end)
    if role not in _OF_PEOPLE or not _done_beside(sentence, quantity, role):
        return None
    return replace(quantity, unit=unit[0], family="people", bound="min")


def _done_to_people(sentence: str, quantity: quantities.Quantity) -> bool:
    """Whether a bare figure stands beside what is done to people, in its own clause: "31 have died, 17 are missing"."""
    after, before = sentence[quantity.end :][:_CLAUSE_CHARS], sentence[: quantity.start][-_CLAUSE_CHARS:]
    near = (*_WORDS.findall(_PARTED.split(after)[0])[:5], *_WORDS.findall(_PARTED.split(before)[-1])[-1:])
    return any(statements.roles().get(word.lower()) in _OF_PEOPLE for word in near)


def _done_beside(sentence: str, quantity: quantities.Quantity, role: str) -> bool:
    """Whether it is said of the counted themselves: "killed 300 cows", "300 cows were killed"."""
    after = sentence[quantity.noun_end or quantity.end :][:_CLAUSE_CHARS]
    before = sentence[: quantity.start][-_CLAUSE_CHARS:]
    near = (*_WORDS.findall(_PARTED.split(after)[0])[:3], *_WORDS.findall(_PARTED.split(before)[-1])[-1:])
    return any(statements.roles().get(word.lower()) == role for word in near)


def _of(quantity: quantities.Quantity, kind: str, subject: str, sentence: str) -> Claim:
    low: float | None = None if quantity.bound == "max" else quantity.low
    high: float | None = None if quantity.bound == "min" else quantity.high
    written = sentence[quantity.end : quantity.noun_end].rpartition(" ")[2].strip("'‘’“”\"()")
    noun = written if written.lower().startswith(quantity.noun[:3]) else quantity.noun
    # An age as it is written: "sixty years old", "sixty-year-old".
    noun = sentence[quantity.end : quantity.noun_end] if kind == "age" else f" {noun}"
    text = f"{quantity.qualifier} {quantity.value}{noun}".strip()
    return Claim(
        "age" if kind == "age" else "quantity", subject, " ".join(text.split()), quantity.value, quantity.unit, low,
        high, quantity.qualifier, quote=sentence[:SENTENCE_CHARS_MAX],
    )  # fmt: skip


def _subject(quantity: quantities.Quantity, sentence: str) -> str:
    """What a figure is about: the counted, marked where they are a kind of their own, and what happens to them."""
    if grouped := _GROUP.search(sentence[: quantity.start]):
        return f"{grouped['group'].lower()} size"
    noun = quantity.noun if quantity.family != "money" else "money"
    if quantity.family == "people" and (fate := statements.roles().get(noun) or units.fate_abroad(noun)):
        return f"people {fate}"
    if quantity.family in units.MEASURES:
        noun = units.measure(noun)
    elif noun not in ("money", "magnitude") and not units.of(noun, english=False):
        noun = quantity.unit
    noun = noun or statements.people_near(sentence, quantity.start)
    between = sentence[quantity.end : quantity.noun_end].lower().split()
    special = next((word for word in between if word in _SPECIALISTS and word != noun), "")
    behind = quantity.noun_end or quantity.end
    apart = _APART.search(sentence, behind)
    role = statements.role_near(sentence[: apart.start()] if apart else sentence, quantity.start, behind)
    if _WHOLE.search(sentence[: quantity.start]) and not _ATTACHED.match(sentence[quantity.noun_end or quantity.end :]):
        role = ""  # "two of the nine miners are dead": what happened to two of them
    if quantity.family == "money" and role not in _OF_MONEY:
        role = ""  # "launches $108bn bid"
    if role in _OF_PEOPLE and quantity.family != "people" and not _done_beside(sentence, quantity, role):
        role = ""  # "43 died, 1,204 cars to be inspected": who died were no cars
    return " ".join(f"{special} {noun} {role}".split()) or UNKNOWN


def _dates(sentence: str, spans: Sequence[dates.When], published: datetime | None) -> Iterator[Claim]:
    for span in spans:
        before, after = sentence[max(0, span.start - 70) : span.start], sentence[span.end : span.end + 40]
        until = _DEADLINE.search(before) or (span if span.kind == "term" else None)
        ahead = _AHEAD.search(before)
        span = _still_to_come(span, before + after, published) if until or ahead else span
        if span.kind == "clock" or span.first is None or span.last is None:
            continue
        soon = published is not None and not _HAD.match(after) and timedelta(0) < span.first - published.date() <= SOON
        # "Resumes on Monday", said on Monday; where that is UTC's day as well, `_is_own_weekday` sees it.
        near = published is not None and span.first == published.date() != published.astimezone(UTC).date()
        own = near and span.kind == "weekday"
        due = not own and (
            bool(until and not _HAD.match(after))
            or soon
            or (bool(ahead) and (published is None or span.last >= published.date()))
        )
        if span.kind == "relative" and not (due and _LATER.search(span.text)):
            continue
        year_only = span.kind == "period" and (span.last - span.first).days > 100
        since = published is not None and span.first > published.date() and _SINCE.search(before)
        if since or _ISSUE.match(after) or (year_only and _OF_YEAR.search(before)):
            continue
        if not due and (year_only or _TOLD.search(after) or span.kind == "weekday" or _TOLD.search(before[-25:])):
            continue
        who = statements.people_near(sentence, span.start)
        role = statements.role_near(sentence, span.start, span.end)
        word = until.group(1).lower() if isinstance(until, re.Match) else ""
        text = span.text.rstrip(".")
        subject = f"{who} {role}".strip() if who else _due_thing(sentence[: span.start], sentence[span.end :])
        yield Claim(
            "deadline" if due else "date", subject, text, text, "date",
            quote=sentence[:SENTENCE_CHARS_MAX], qualifier=_QUALIFIED.get(word, ""),
            date_from=span.first.isoformat(), date_to=span.last.isoformat(),
        )  # fmt: skip


# A day from which on something was so is over, and a year may be but part of a name, or seen in.
_SINCE = re.compile(r"\bsince\s(?:the\s|early\s|late\s|mid-|last\s)?\Z", re.IGNORECASE)
_ISSUE = re.compile(r"\s(?:issue|edition|cover)\b|\s(?:[A-Z]\w{1,20}\s){1,2}(?:Weekly|Magazine)\b")
_OF_YEAR = re.compile(
    r"\b(?:(?:rings?|ushers?|sees?)\sin|greets?|welcomes?|farewell\sto|goodbye\sto|before)\s\Z"
    r"|(?<![^\s(])(?!(?:In|By|From|Until|Through|For|During|Since)\s)[A-Z][\w’'-]{1,30}\s\Z"
)


def _still_to_come(span: dates.When, around: str, published: datetime | None) -> dates.When:
    """A deadline without a year that would be over already is next year's, unless the sentence looks back."""
    if published is None or span.first is None or span.last is None or span.kind not in ("day", "period"):
        return span
    if span.last >= published.date() - JUST_OVER or re.search(r"\d{4}", span.text) or _PAST.search(around):
        return span
    return replace(span, first=_a_year_on(span.first), last=_a_year_on(span.last))


def _a_year_on(day: date) -> date:
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _due_thing(before: str, after: str) -> str:
    """What a date is about where nobody is counted: the words before the verb, "Talks are due on" -> "talks".

    A sentence that begins with its date names the thing behind it: "By March, talks will open".
    """
    head, *rest = _LEAD.split(f" {before}", maxsplit=1)
    if not head.strip():
        head, *rest = _LEAD.split(after, maxsplit=1)
        head = head if rest else ""
    if head.strip() and not rest and not _MOVED.search(head):
        return "date"  # no verb that it knows
    for part in reversed(re.split(_MOVED.pattern + _CLAUSE, head, flags=re.IGNORECASE)):
        words = part.split()[-SUBJECT_WORDS_MAX:]
        while words and words[0].lower().strip(",") in _SMALL | {""}:
            words = words[1:]
        if words:
            return " ".join(words).lower().strip(" ,;:'\"“”‘’") or UNDATED
    return UNDATED


def _stance(sentence: str) -> Claim | None:
    stated = statements.phase(sentence)
    if stated is None:
        return None
    who = statements.people_near(sentence, len(sentence))
    role = statements.role_near(sentence, 0, 0) or statements.role_near(sentence, len(sentence), len(sentence))
    if not who and not role:
        return None
    said_by = next(iter(statements.attributions(sentence)), "")
    return Claim(
        "stance", f"{who} {role}".strip(), stated, stated, "phase", qualifier=said_by,
        quote=sentence[:SENTENCE_CHARS_MAX],
    )  # fmt: skip


def _said_in(sentence: str) -> Iterator[Claim]:
    for who in statements.attributions(sentence):
        if set(who.lower().split()) <= _NAMELESS:
            continue
        yield Claim("attribution", f"said by {who}", who, who, "source", quote=sentence[:SENTENCE_CHARS_MAX])


def extract(text: str, published_at: datetime | None, *, title: str = "", source: str = "") -> tuple[Claim, ...]:
    """Everything checkable that a text says, each with its sentence as quote; at most 40, in the order of the text.

    One stance per phase and one attribution per person are kept; a figure that the title already gave is not repeated.
    Days count from that of `published_at` on its own clock.
    """
    found: list[Claim] = []
    at = published_at and published_at.astimezone(UTC)
    seen: set[tuple[str, ...]] = set()
    body = texts.sentences(boilerplate.without(text[:TEXT_CHARS_MAX]))[:SENTENCES_MAX]
    body[:1] = map(dateline.without, body[:1])
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
            found.append(replace(claim, source=source, at=at))
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


def overdue(ledger: Sequence[Claim], now: datetime) -> tuple[Claim, ...]:
    """The deadlines that have passed: stated before they ended, and ended before `now`.

    Only those that bind somebody, or speak of what is to be done to the people of a story: a day on which something is
    simply on ("games resume on Saturday") is no promise whose breach is news.
    """
    today = now.astimezone(UTC).date()
    return tuple(
        claim
        for claim in ledger
        if claim.kind == "deadline"
        and claim.date_to
        and _binds(claim)
        and datetime.fromisoformat(claim.date_to).date() < today
        and not _is_own_weekday(claim)
        and (claim.at is None or claim.at.date() <= datetime.fromisoformat(claim.date_to).date() + timedelta(days=7))
    )


def _is_own_weekday(claim: Claim) -> bool:
    """Whether it is the weekday on which it was written, in UTC: a morning in Auckland, that means a week later."""
    at = claim.at and claim.at.astimezone(UTC)
    same = at is not None and claim.date_to == at.date().isoformat()
    return same and any(span.kind == "weekday" for span in dates.find(claim.text, at))


def _binds(claim: Claim) -> bool:
    before = claim.quote.partition(claim.text)[0]
    return " to be " in claim.subject or claim.text.startswith("within") or _BINDING.search(before) is not None


def figures(text: str) -> tuple[tuple[float, float, str], ...]:
    """Which figures a short text carries, as (low, high, unit class): cheap, for comparing headlines."""
    text = text[:READ_CHARS_MAX]
    spans = dates.find(text)
    taken = [(span.start, span.end) for span in spans]
    return tuple((found.low, found.high, found.unit) for found in quantities.find(text, taken))
