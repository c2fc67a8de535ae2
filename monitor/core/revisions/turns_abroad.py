"""What a headline outside English turns to: another event, or another step: "procura suspeito" -> "prende suspeito".

English headlines are read word by word; of other languages only the kinds of events and the steps are known.
"""

from __future__ import annotations

from monitor.core.language import event_classes, lexicon, statements, steps_abroad, vocabulary
from monitor.core.text import words

# Letters of a word, and words in small letters, that tell a language: "de" and "a" are of many (set).
PLAIN_LETTERS_MIN, PLAIN_WORDS_MIN = 4, 3
# Share of the new headline, 0..1, that stood in the old one where what was planned is told as done (set by reading).
KEPT_SHARE = 0.6
# Steps that a headline is put to otherwise in many words, and that change little by themselves.
_PLAIN_STEPS = frozenset(("planned", "under way"))


def find(old: str, new: str) -> str:
    """The word or the step by which the new headline says what the old one did not; "" where it says the same."""
    if _is_english(old) and _is_english(new):
        return ""
    before, after = _events(old), _events(new)
    known = frozenset[str]().union(*before.values())
    if fresh := next((word for word, names in after.items() if known and names.isdisjoint(known)), ""):
        return fresh
    was, now = statements.phase(old), statements.phase(new)
    if was == "planned" and now is None:
        one, other = lexicon.content(old), lexicon.content(new)
        return "done" if len(one & other) >= KEPT_SHARE * len(other) else ""
    return now if now and now != was and now not in _PLAIN_STEPS else ""


def _is_english(title: str) -> bool:
    """Whether a headline is English: a short one without any grammar is not, where it has no word of English either."""
    plain = [word for word in words(title) if len(word) >= PLAIN_LETTERS_MIN and word in title]
    foreign = 3 * sum(map(lexicon.ordinary, plain)) <= len(plain) and (
        len(plain) >= PLAIN_WORDS_MIN or any(map(event_classes.abroad, plain))
    )
    return not foreign and not steps_abroad.has(title) and vocabulary.is_english(title)


def _events(title: str) -> dict[str, frozenset[str]]:
    """The words of a headline that say what happens, with their classes; without an elided article."""
    found = ((word, event_classes.abroad(word.rpartition("'")[2])) for word in words(title))
    return {word: names for word, names in found if names}
