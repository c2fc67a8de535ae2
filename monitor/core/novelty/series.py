"""What a headline says is one more of a series: "fourth organ", "two more planes", "another strike"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile

from monitor import data
from monitor.core import text
from monitor.core.language import quantities, units, words
from monitor.core.novelty import concepts

# "Fourth organ": one more of what happens again and again, unless what follows is no such thing ("third quarter").
_RANK = re.compile(r"\b(?:(?P<digits>\d{1,2})(?:st|nd|rd|th)|(?P<word>second|[a-z]{4,7}th|third))((?: [^\W\d_]+){1,3})")
_RANKS = {"second": 2} | {row[0]: int(row[2]) for row in data.rows("number_words.tsv") if row[1] == "rank"}
_NO_SERIES = data.words("no_series")
# "Two more planes", "another six planes", "another plane". Large numbers on top are told of from the first: "to ship 20
# million additional doses"; and what is no thing ("another record low", "blow") is one more of what was long before.
FURTHER_MAX = 99
_COUNTED = ("people", "cases")  # families of units of which there are more; years and millions are measured
_NO_THING, _ENDS = data.words("no_thing"), data.words("phrase_ends")
# Behind these stands what was told before, or of whom: "halted after another keel breaks".
_BEHIND = ("after ", "over ", "amid ", "following ", "of ", "in ", "for ", "with ", "from ")
_ON_TOP = r"\b(?:(?P<count>(?!a )\w{1,12}) (?:%s)|(?:another|a further))(?P<beside>(?: \w{1,30}){1,4})"
_FURTHER = re.compile(_ON_TOP % "more|further|additional|extra")
# "Two new suspects charged" says no more than "two more" does, and is no sign that there were any before.
_TOLD = re.compile(_ON_TOP % "more|further|additional|extra|new|other")
Place = tuple[float, frozenset[str]]


def ranks(title: str) -> Iterator[Place]:
    """Places of a headline with the stems beside them; without any where it is no place in a series."""
    for found in _RANK.finditer(text.fold(title)):
        number = int(found["digits"]) if found["digits"] else _RANKS.get(found["word"], 0)
        beside = found[3].split()
        unit = units.of(beside[0])
        if number > 1 and _is_series(beside) and not beside[0].endswith("est") and (unit or ("",))[0] != "days":
            said = () if beside[0] in concepts.SILENT else beside  # "second in command" is no second of its kind
            yield number, _stems(said)


def further(title: str, told: bool = False) -> Iterator[Place]:
    """How many a headline says came on top, with the stems beside them; `told`: or may have meant so."""
    folded = text.fold(title)
    for found in (_TOLD if told else _FURTHER).finditer(folded):
        if folded[: found.start()].endswith(_BEHIND):
            continue
        beside = list(takewhile(lambda word: word not in _ENDS, found["beside"].split()))
        count = _number(found["count"] or "".join(beside[:1]))
        if count is None and not found["count"]:
            count = 1.0
        unit = units.of(beside[0]) if beside else None
        if unit and unit[1] not in _COUNTED:
            continue
        if count is not None and count <= FURTHER_MAX and _is_series(beside) and _NO_THING.isdisjoint(beside):
            yield count, _stems(beside)


def _number(word: str) -> float | None:
    return next((figure.low for figure in quantities.find(word)), None)


def _is_series(beside: Iterable[str]) -> bool:
    return _NO_SERIES.isdisjoint(list(beside)[:2])


def _stems(said: Iterable[str]) -> frozenset[str]:
    return frozenset(words.stem(word) for word in said if word not in concepts.SILENT)
