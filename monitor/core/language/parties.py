"""Whether two names are of one party: an office with and without its place, a name and its initials."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from monitor.core.language import countries, speakers

TEXT_CHARS_MAX = 20_000  # characters of a text in which names are presented: a long article (set)
# Offices whose holder has a name that reports also call it by, often its initials.
_INSTITUTIONS = frozenset(("regulator", "company", "club", "union", "charity", "hospital", "university", "commission"))

# Whom somebody has for himself: two of them in one development are most likely one.
_KEPT = frozenset((
    "lawyers", "family", "agent", "aide", "doctors", "coach", "council", "governor", "ministry", "prosecutors", "army",
    "court", "police", "union leader", "church", "union", "hospital",
))  # fmt: skip
# Offices that speak with one voice: a minister is the government's, a union's leader the union's.
_HOUSES = {
    **dict.fromkeys(
        ("ministry", "health ministry", "interior ministry", "defence ministry", "finance ministry"), "government"
    ),
    "union leader": "union",
}
# Those of a country for whom its name may stand: "Thailand accuses", when its army does.
_ORGANS = frozenset((
    "government", "ministry", "health ministry", "interior ministry", "defence ministry", "finance ministry", "army",
    "navy", "air force", "police", "prosecutors", "court", "supreme court", "constitutional court", "appeals court",
    "customs", "border guards", "coast guard", "regulator", "officials", "investigators", "intelligence",
))  # fmt: skip
# Who may belong to whatever office of a place: "EU experts" are its regulator's.
_MEMBERS = frozenset(("scientists", "officials", "aide"))


def _stands(who: speakers.Speaker) -> str:
    """Whether somebody is told by whom he speaks for ("Holt lawyer") or by his own name ("lawyer Stein")."""
    words = who.name.split()
    if len(words) == 1:
        return ""
    return "of" if words[-1].islower() else "named" if words[-1][:1].isupper() and words[0][:1].islower() else ""


def _stands_for(short: speakers.Speaker, long: speakers.Speaker) -> bool:
    """Whether a name may be the other's: "EMA" the European Medicines Agency's, or whoever "EU regulator" is.

    "Danish company" is one that has a name, which the country does not tell.
    """
    if short.role:
        return False
    nameless = long.role in _INSTITUTIONS and all(map(countries.find, long.marks))
    if not (short.name.isupper() and short.name.isalpha()):
        return nameless and long.role == "company"
    initials = "".join(word[0] for word in long.name.upper().split() if word not in ("OF", "FOR", "AND", "THE"))
    return nameless or short.name == initials


@lru_cache(maxsize=4096)
def same(one: str, other: str) -> bool:
    """Whether two names may be one party: one office of one place or of none, a name and a part of it."""
    first, second = speakers.party(one), speakers.party(other)
    if first is None or second is None:
        return one.casefold() == other.casefold()
    if len(min(one, other, key=len).split()) > 1 and _holds(one.casefold(), other.casefold()):
        return True  # "Lestra hospital doctor"
    here, there = _lands(first), _lands(second)
    if here == there != set() and any(each.name.endswith("authorities") for each in (first, second)):
        return True  # they may be any of their country's
    shared = here & there
    if _stands_for(first, second) or _stands_for(second, first):
        return True
    if any(each.role == "company" and not each.marks for each in (first, second)):
        return "company" in (first.role or "company") and "company" in (second.role or "company")
    if first.role and second.role:
        if here == there != set() and not _MEMBERS.isdisjoint((first.role, second.role)):
            return True
        roles = {_HOUSES.get(each.role, each.role) for each in (first, second)}
        if len(roles) == 1 and first.role in _KEPT and {_stands(first), _stands(second)} == {"of", "named"}:
            return True  # "Holt's lawyer" and "lawyer Stein"
        if roles == {"government"}:
            return here <= there or there <= here  # "culture ministry in Tashkent" is Uzbekistan's government
        return len(roles) == 1 and (here <= there or there <= here)
    if "family" in (first.role, second.role) and shared:
        return True  # "Savannah Guthrie" speaks for "Nancy Guthrie's family"
    return bool(shared) and (here <= there or there <= here)


def _lands(who: speakers.Speaker) -> set[str]:
    """What tells a party from others, a country by its one name."""
    return {countries.find(mark.title()) or mark for mark in who.marks}


def stands_for(country: str, name: str) -> bool:
    """Whether the bare name of a country in a headline may mean that office: one of its own, or its head by name."""
    who = speakers.party(name)
    if who is None or who.role not in _ORGANS:
        return False
    lands = {countries.find(mark.title()) for mark in who.marks} - {""}
    return lands == {country} or (who.role == "government" and not lands)


def _holds(one: str, other: str) -> bool:
    return f" {one} " in f" {other} " or f" {other} " in f" {one} "


def introduced(one: str, other: str, texts: Iterable[str]) -> bool:
    """Whether a text presents a name as an office's or a firm's: "the union, Sporfolk", "Lom's head, Ana Lund"."""
    texts = [text[:TEXT_CHARS_MAX] for text in texts]
    return any(
        _is_name(named) and any(form.search(text) for form in _forms(named, office) for text in texts)
        for named, office in ((one, other), (other, one))
    )


def _forms(named: str, office: str) -> Iterator[re.Pattern[str]]:
    """How a text presents somebody: by an office, as the head of others, or as one of a house's."""
    who, what = re.escape(named.split()[-1]), re.escape(office.removesuffix("'s government").split()[-1])
    what = r"minist(?:er|ry)" if what in ("ministry", "minister") else what
    first = r"(?:(?-i:[A-Z])[\w’'-]{1,20}\s){0,2}"
    if not _is_name(office):
        whole = re.escape(named)
        yield re.compile(rf"\b{what}(?:,|\scalled|\snamed)?\s{first}{who}\b", re.IGNORECASE)
        yield re.compile(rf"\b{whole},\s(?:the|an?|its)\s(?:[\w'’-]{{1,30}}\s){{0,4}}{what}\b", re.IGNORECASE)
        yield re.compile(rf"\b{what},\s(?:led|headed|run)\sby\s{first}{who}\b", re.IGNORECASE)
    # "Borealis flies to Lom. Its chairman, Erik Soll, ..."
    head = rf"(?:(?-i:[a-z])[\w’'-]{{1,20}},?\s){{1,4}}{first}{who}\b"
    yield re.compile(rf"(?:\A|[.!?\n]\s){what}\b[^.!?\n]{{0,200}}[.!?]\s(?:Its|Their)\s{head}", re.IGNORECASE)
    yield re.compile(rf"\b{what}[’']s?\s(?:(?-i:[a-z])[\w’'-]{{1,20}},?\s){{1,4}}{first}{who}\b", re.IGNORECASE)


def _is_name(name: str) -> bool:
    who = speakers.party(name)
    return who is not None and not who.role
