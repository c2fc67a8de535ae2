"""A stored word diff as mail and pages show it: cleaned again for its sink, and only around what changed.

Nothing of the stored markup is passed on but which runs were inserted and deleted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from monitor.core.text import clean

AROUND_WORDS = 12  # words shown on both sides of a change (set)
CHARS_MAX = 4000  # characters compared word by word: beyond, a diff of words is no reading (set)
_RUNS = re.compile(r"<(ins|del)>([^<]*+)</\1>")
Run = tuple[str, str]


def runs(diff_html: str, around: int = AROUND_WORDS, chars_max: int = CHARS_MAX) -> list[Run]:
    """`("ins" | "del" | "", text)` in order, equal text cut to `around` words beside a change; "" without changes."""
    found = [(tag, clean(unescape(text), chars_max)) for tag, text in _split(diff_html)]
    marked = [place for place, (tag, text) in enumerate(found) if tag and text]
    if not marked:
        return []
    kept: list[Run] = []
    room = chars_max
    for place, (tag, text) in enumerate(found):
        if not tag:
            text = _shortened(text, place > marked[0], place < marked[-1], around)
        if text and room > 0:
            kept.append((tag, text[:room]))
            room -= len(text)
    return kept if room >= 0 else [*kept, ("", "…")]


def _split(diff_html: str) -> Iterator[Run]:
    at = 0
    for found in _RUNS.finditer(diff_html):
        yield "", diff_html[at : found.start()]
        yield found[1], found[2]
        at = found.end()
    yield "", diff_html[at:]


def _shortened(text: str, after: bool, before: bool, around: int) -> str:
    words = text.split()
    if after and before:
        return text if len(words) <= 2 * around + 4 else " ".join([*words[:around], "…", *words[-around:]])
    if len(words) <= around:
        return text
    return " ".join([*words[:around], "…"]) if after else " ".join(["…", *words[-around:]])


def in_text(diff_html: str) -> str:
    """The diff for a text part: [-deleted-] {+inserted+}."""
    marks = {"ins": "{{+{}+}}", "del": "[-{}-]", "": "{}"}
    return " ".join(marks[tag].format(text) for tag, text in runs(diff_html))
