"""Single edits planted in real articles: each must be found and printed, or, where harmless, left alone.

One number, weekday, speaker or "not" is changed somewhere in an article of 250 words and more; beside it the same
article with other quotation marks, a clock, a typing error, a cut end or spelt numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from monitor.core import revisions

ARTICLES_MAX = 120
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SPELT = {"two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "ten": "10"}
_NUMBER = re.compile(r"(?<=\s)(\d{2,3})(?=\s(?:people|percent|years|votes|million|soldiers|days|members|states)\b)")
_DAY = re.compile(rf"\b(?:on|late|early)\s({'|'.join(DAYS)})\b")
_NAME = re.compile(r"(?<=[a-z]\s)([A-Z][a-z]{4,})\s([A-Z][a-z]{4,})(?=\ssaid)")
_VERB = re.compile(r"\b(was|were|is|are|has|have|will|would)\s(?=[a-z]{4,}(?:ed|en|t)\b)")
_SPELT = re.compile(rf"(?<=[a-z]\s)({'|'.join(SPELT)})(?=\s[a-z]+s\b)")


def _figure(found: re.Match[str]) -> str:
    return str(int(found[1]) + 13)


def _day(found: re.Match[str]) -> str:
    return found[0].replace(found[1], DAYS[(DAYS.index(found[1]) + 3) % 7])


EDITS: dict[str, tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = {
    "figure": (_NUMBER, _figure),
    "date": (_DAY, _day),
    "name": (_NAME, lambda _: "Karla Vandersloot"),
    "negation": (_VERB, lambda found: f"{found[1]} not "),
}
HARMLESS: dict[str, Callable[[str], str]] = {
    "quotes and dashes": lambda text: text.replace('"', "”").replace("'", "’").replace(" - ", " – "),
    "clocks and links": lambda text: f"{text}\n\nUpdated 2 hours ago\n\n3 min read\n\nRead more: Ten bridges",
    "a typing error": lambda text: re.sub(r"\b(\w{3})(\w)(\w)(\w{3})\b", r"\1\3\2\4", text, count=1),
    "a cut end": lambda text: f"{text[: len(text) // 2]}...",
    "spelt numbers": lambda text: _SPELT.sub(lambda found: SPELT[found[1]], text),
}


def planted(articles: Sequence[str]) -> dict[str, Counter[str]]:
    """By sort of edit: how many were "found" with their own kind, told as "another" kind, or "missed"."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in (*EDITS, *HARMLESS)}
    for text in articles[:ARTICLES_MAX]:
        for name, (pattern, change) in EDITS.items():
            new = pattern.sub(change, text, count=1)
            if new != text:
                kinds = {each.kind for each in revisions.compare(text, new).changes}
                ours = {name, "attribution"} if name == "name" else {name}
                counts[name]["found" if kinds & ours else "another" if kinds else "missed"] += 1
        for name, alter in HARMLESS.items():
            if (new := alter(text)) != text:
                counts[name]["missed" if revisions.compare(text, new).verdict in ("none", "touch") else "found"] += 1
    return counts


def worst(counts: dict[str, Counter[str]]) -> float:
    """The lowest share of edits rightly told, or rightly left alone, of any sort."""
    right = {name: "found" if name in EDITS else "missed" for name in counts}
    return min(counts[name][right[name]] / max(1, counts[name].total()) for name in counts)


def show(counts: dict[str, Counter[str]]) -> None:
    """Print how many planted edits were found and how many harmless ones were left alone."""
    for name in EDITS:
        row = counts[name]
        print(f"planted {name:18} found {row['found']} of {row.total()}, as another kind {row['another']}")
    for name in HARMLESS:
        print(f"harmless {name:17} left alone {counts[name]['missed']} of {counts[name].total()}")
