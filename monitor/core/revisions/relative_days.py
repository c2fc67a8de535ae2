"""Days told from the day of writing, that one sentence in the place of another gives otherwise: "this" -> "next year".

Versions stand hours or a few days apart. That "tomorrow" became "today", or "next week" "this week", is what the
calendar did; that the day lies farther off than before, or in another month or year, is what somebody decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from monitor import data
from monitor.core.documents import boilerplate
from monitor.core.revisions.findings import Finding, Versions, made

# Share of a pair's words, 0..1, from which it is one sentence (set).
SAME_SENTENCE = 0.7
# Each lies within the next one; what is of none of these is compared with its like only.
_SCALE = ("day", "weekend", "week", "month", "year")
# Units whose turn is rare beside that of versions: an earlier one in the place of a later one is decided, too.
_SEASONS = frozenset(("spring", "summer", "autumn", "winter"))
_LONG = _SEASONS | {"month", "year", "term"}
_Step = tuple[str, int]


@cache
def _steps() -> Mapping[str, _Step]:
    return {
        word: (unit, int(step)) for unit, step, words in data.rows("relative_days.tsv") for word in words.split("|")
    }


@cache
def _pattern() -> re.Pattern[str]:
    words = sorted(_steps(), key=lambda word: (-len(word), word))
    bounded = (
        re.escape(word) if boilerplate.UNSPACED.search(word) else rf"(?<![^\W_]){re.escape(word)}(?![^\W_])"
        for word in words
    )
    return re.compile("|".join(bounded), re.IGNORECASE)


def find(both: Versions) -> Iterator[Finding]:
    """The days of paired sentences that were put off, or moved to another month, season or year."""
    for old, new in _paired(both):
        (was, before), (now, after) = _only(old), _only(new)
        if was and now and _moved(was, now):
            yield made("date", before, after, new, "date replaced")


def _paired(both: Versions) -> Iterator[tuple[str, str]]:
    """Sentences that stand for each other, or are equal without such days."""
    gone = {_pattern().sub("", part.text): part.text for part in both.removed.sentences}
    paired = {pair.new.text: pair.old.text for pair in both.pairs if pair.overlap >= SAME_SENTENCE}
    for part in both.added.sentences:
        if old := paired.get(part.text) or gone.get(_pattern().sub("", part.text)):
            yield old, part.text


def _only(sentence: str) -> tuple[_Step | None, str]:
    """The one day that a sentence tells so, with its words; of several nobody knows which was moved."""
    found = {_steps()[match.group().lower()]: match.group() for match in _pattern().finditer(sentence)}
    return next(iter(found.items())) if len(found) == 1 else (None, "")


def _moved(was: _Step, now: _Step) -> bool:
    (unit, step), (other, later) = was, now
    if unit == other:
        return later > step or (later < step and unit in _LONG)
    if unit not in _SCALE or other not in _SCALE:
        return later > step and {unit, other} <= _SEASONS
    wider = _SCALE.index(other) - _SCALE.index(unit)
    # "Tomorrow" may lie in the next week, "next week" hardly in the next month.
    return wider > 0 and later > 0 and step >= 0 and (step == 0 or unit != "day" or wider > _SCALE.index("week"))
