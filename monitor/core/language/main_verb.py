"""What the first verb of an English sentence says of when: it is so, has been done, had been before, will be."""

from __future__ import annotations

import re

from monitor import data

READ_CHARS_MAX = 500  # characters read of a sentence (set)
DONE_LETTERS_MIN = 4  # letters that a verb in "-ed" has at least: no "red" (set)
# Words behind an auxiliary among which its participle is looked for: "has now been", "is always" (set).
PARTICIPLE_AWAY_MAX, PASSIVE_AWAY_MAX = 3, 2
_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")
# Words of others, and what says which thing is meant: "state-owned", but not "re-elected".
_NO_VERB = re.compile(r"[\"“][^\"“”\n]{0,400}[\"”]|\b[^\W\d_]{4,24}-[^\W\d_]{2,24}\b")
_SAID = data.words("told_verbs") | data.words("claiming_verbs")
_PAST = data.words("past_verbs") | data.words("more_past_verbs")
_NO_VERBS = frozenset(("hundred", "sacred", "naked", "wicked", "beloved"))
_PARTICIPLES = data.words("participles")
_IS, _WAS = frozenset(("is", "are", "am")), frozenset(("was", "were"))
_WILL = frozenset(("will", "would", "must", "shall", "won't"))
_MAY = frozenset(("may", "might", "could", "can", "should", "cannot"))
_WHICH = frozenset(("who", "which", "whose", "that", "where", "when"))
# Behind these a word in "-ed" says which thing is meant: "the accused".
_BEFORE_NOUNS = frozenset(("a", "an", "the", "his", "her", "its", "their", "of", "by"))


def kind(sentence: str) -> str:
    """How the first verb outside quotation marks and relative clauses stands, or "none" where none is seen.

    One of: said, past, perfect, pluperfect, has, is, is done, is doing, is to, was, was done, was doing, will, may.
    """
    words = _words(sentence)
    passed, read = False, 0
    for at, word in enumerate(words):
        before = words[at - 1] if at else ""
        if at < read:
            continue
        if word in _WHICH and before and before not in _SAID:
            passed = True
            continue
        behind = words[at + 1 : at + 1 + PARTICIPLE_AWAY_MAX]
        found = _kind(word, before, behind)
        if found and not passed:
            return found
        if found:  # the clause's own verb, with the participles that are part of it
            read = at + 2 + max((n for n, each in enumerate(behind) if _is_participle(each)), default=-1)
            passed = False
    return "none"


def has_done(sentence: str) -> bool:
    """Whether any word may be a verb that has been done, or a participle."""
    return any(map(_is_participle, _words(sentence)))


def _words(sentence: str) -> list[str]:
    text = _NO_VERB.sub(" ", sentence[:READ_CHARS_MAX].replace("’", "'"))
    return _WORD.findall(text.lower())


def _kind(word: str, before: str, behind: list[str]) -> str:
    near = behind[:PASSIVE_AWAY_MAX]
    if word in ("has", "have"):
        return "perfect" if any(map(_is_participle, behind)) else "has"
    if word == "had":
        return "pluperfect" if any(map(_is_participle, behind)) else "past"
    if word in _IS and behind[:1] == ["to"]:
        return "is to"
    if word in _IS or word in _WAS:
        be = "is" if word in _IS else "was"
        doing = any(each.endswith("ing") for each in near)
        return f"{be} done" if any(map(_is_participle, near)) else f"{be} doing" if doing else be
    if word in _WILL or word in _MAY:
        return "will" if word in _WILL else "may"
    if word in _SAID:
        return "said"
    return "past" if _is_past(word) and before not in _BEFORE_NOUNS else ""


def _is_past(word: str) -> bool:
    ends = word.endswith("ed") and not word.endswith("eed")  # no "need", "speed"
    return word in _PAST or (ends and len(word) >= DONE_LETTERS_MIN and word not in _NO_VERBS)


def _is_participle(word: str) -> bool:
    return _is_past(word) or word in _PARTICIPLES
