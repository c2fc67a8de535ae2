"""Whether what a clause says of a day has been, or may still be to come; English only, elsewhere nothing is known."""

from __future__ import annotations

import re

from monitor import data

CLAUSE_CHARS_MAX = 80  # characters on both sides of a date in which its verb is looked for (set)
DONE_LETTERS_MIN = 4  # letters that a verb in "-ed" has at least: no "need", "feed" (set)
VERB_AWAY_MAX = 8  # words between a date and its verb (set)
_CLAUSE_END = re.compile(data.patterns("tense_clause_end"), re.IGNORECASE)
_UP_TO = re.compile(r"\b(?:to|until|till|by|for|before|from)\s(?:the\s)?(?:\w+\sof\s)?$", re.IGNORECASE)
_TO_PLACE = re.compile(r"\bto\s(?=(?:the|an?|his|her|its|their|this|that)\s|[A-Z])")  # "to the dam", not "to dam"
_OPENS = re.compile(r"\s*(?:\w+\s)?(?:in|on|since|during)\s(?:the\s)?$", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+")
_PAST_VERBS = data.words("past_verbs")
_AHEAD_WORDS = data.words("ahead_words")
_SAID = data.words("told_verbs")  # of the day itself only where they stand beside it: "said the bridge opens in May"


def is_past(text: str, start: int, end: int) -> bool:
    """Whether the verb nearest to the date at [start, end) says that it has been: "was fined in May", "In May it sank".

    What stands "by" or "until" a day, or comes to it, may still be to come.
    """
    before = _CLAUSE_END.split(text[max(0, start - CLAUSE_CHARS_MAX) : start])[-1]
    if _UP_TO.search(before):
        return False
    before = _TO_PLACE.sub(" ", before)
    for away, word in enumerate(reversed(_LETTERS.findall(before.lower()))):
        if word in _AHEAD_WORDS or away == VERB_AWAY_MAX:
            return False
        if _is_done(word) and (word not in _SAID or away <= 1):
            return True
    if _LETTERS.search(before) and not _OPENS.match(before):
        return False
    after = _CLAUSE_END.split(text[end : end + CLAUSE_CHARS_MAX].lstrip(", "))[0]
    for word in _LETTERS.findall(after.lower())[:VERB_AWAY_MAX]:
        if word in _AHEAD_WORDS or _is_done(word):
            return word not in _AHEAD_WORDS | _SAID
    return False


def _is_done(word: str) -> bool:
    return word in _PAST_VERBS or (len(word) > DONE_LETTERS_MIN and word.endswith("ed"))
