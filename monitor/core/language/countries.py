"""Countries by their names, demonyms and capitals: whose somebody is, and whose an office."""

from __future__ import annotations

import re
from functools import cache

from monitor import data
from monitor.core.language import lexicon


def of(name: str) -> tuple[str, str]:
    """Whose somebody is, and the name alone: "Russia's Sergei Lavrov", "North Korean Kim"; of no country "", name."""
    words = name.split()
    for size in (2, 1) if len(words) > 1 else ():
        country = find(re.sub(r"'s?$", "", " ".join(words[:size]))) if len(words) > size else ""
        if country and (words[size - 1].endswith("'s") or country[:2].lower() == words[0][:2].lower()):
            return country, " ".join(words[size:])
    return "", name


def owner(word: str) -> str:
    """Whose an office is: the country of a demonym ("Sudanese": "Sudan"), else the word without its possessive."""
    bare = re.sub(r"'s$", "", word)
    country = "" if bare.isupper() else find(bare)  # "EU regulator" is nobody's in Europe
    return country if country and " " not in country and country[:2].lower() == bare[:2].lower() else bare


@cache
def _known() -> dict[str, str]:
    """Countries by their names, demonyms and capital: the first place that stands for one in the table of actors."""
    found: dict[str, str] = {}
    for row in data.rows("actors.tsv"):
        _, kind, name, names, places = (*row, "", "")[:5]
        if kind == "country":
            plain = [alias for alias in names.split("|") if alias.isascii() and not alias.endswith(("*", "~"))]
            for alias in (name, *plain, places.split("|")[0]):
                found.setdefault(lexicon.fold(alias), name[:1].upper() + name[1:])
    return {alias: name for alias, name in found.items() if alias}


def find(phrase: str) -> str:
    """The country that a name, a demonym or its capital stands for, "" for none."""
    place = "" if lexicon.is_town(phrase) else lexicon.place(phrase)
    return _known().get(lexicon.fold(phrase)) or (place.upper() if len(place) <= 3 else place.title())


def holds(name: str, other: str) -> bool:
    """Whether a name is of a country and the other of none, or of a place in it: "Spain" and "Costa Brava".

    A capital is no country here: it holds no other place.
    """
    country = find(name)
    inside = find(other) or lexicon.place(other)
    own = bool(country) and (_start(name) == _start(country) or lexicon.place(name) == lexicon.fold(name))
    return own and inside.lower() in ("", country.lower())


def _start(name: str) -> str:
    """The letters by which a country and its demonym agree: "French", "France"."""
    return lexicon.fold(name)[:2]
