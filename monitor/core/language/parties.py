"""Whether two names are of one party: an office with and without its place, a name and its initials."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from monitor.core.language import countries, speakers

TEXT_CHARS_MAX = 20_000  # characters of a text in which names are presented: a long article (set)
# Offices whose holder has a name that reports also call it by, often its initials.
_INSTITUTIONS = frozenset(("regulator", "company", "club", "union", "charity", "hospital", "university", "commission"))

# Who may belong to whatever office of a place: "EU experts" are its regulator's.
_MEMBERS = frozenset(("scientists", "officials", "aide"))


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
    shared = first.marks & second.marks
    if _stands_for(first, second) or _stands_for(second, first):
        return True
    if any(each.role == "company" and not each.marks for each in (first, second)):
        return "company" in (first.role or "company") and "company" in (second.role or "company")
    if first.role and second.role:
        if first.marks == second.marks and first.marks and not _MEMBERS.isdisjoint((first.role, second.role)):
            return True
        return first.role == second.role and (first.marks <= second.marks or second.marks <= first.marks)
    return bool(shared) and (first.marks <= second.marks or second.marks <= first.marks)


def introduced(one: str, other: str, texts: Iterable[str]) -> bool:
    """Whether a text presents a name as that of an office: "the union, Sporfolk", "Sporfolk, the drivers' union"."""
    named, office = (one, other) if _is_name(one) else (other, one)
    if not _is_name(named) or _is_name(office):
        return False
    who, what = re.escape(named), re.escape(office.split()[-1])
    shown = re.compile(
        rf"\b{what}(?:,|\scalled|\snamed)?\s{who}\b|\b{who},\s(?:the|an?|its)\s(?:[\w'’-]{{1,30}}\s){{0,4}}{what}\b",
        re.IGNORECASE,
    )
    return any(shown.search(text[:TEXT_CHARS_MAX]) for text in texts)


def _is_name(name: str) -> bool:
    who = speakers.party(name)
    return who is not None and not who.role
