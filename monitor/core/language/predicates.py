"""The verb of an English headline that says what its subject does: what stands behind it is that verb's own.

"Minister enters prison to begin sentence" begins nothing, "watchdog clears bid" bids for nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, lru_cache

from monitor import data

_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[,;:–—]")
_CLAUSE_OPENERS = frozenset((",", ";", ":", "–", "—", "and", "but", "or"))
_RELATIVES = frozenset(("that", "who", "which"))
_PARTICLES = frozenset(("out", "up", "down", "off", "back", "away", "ahead", "forward"))
_MODALS = frozenset(("will", "would", "could", "may", "might", "must", "should"))
# Behind a modal these carry what follows: "will be delayed", "could face delay".
_CARRYING = frozenset(
    ("be", "face", "see", "get", "have", "need", "not", "also", "still", "soon", "now", "only", "never")
)
_SAYING = data.words("told_verbs") | data.words("claiming_verbs") | data.words("saying_words")
_OPEN = frozenset(("to", "will", "would", "could", "may", "might", "must", "should", "can", "cannot", "not"))
_DETERMINERS, _BEHIND = data.words("determiners"), data.words("behind_participles")
_INSIDE = _DETERMINERS | _OPEN
_OBJECTS = frozenset(("a", "an", "the", "its", "his", "her", "their", "it", "him", "them", "us", "all", "no", "new"))
_PEOPLE = frozenset(("people", "police", "men", "women", "children", "militants"))
_BEHIND_MANY = _OBJECTS | frozenset(("in", "on", "at", "for", "against", "as"))
_IRREGULAR = data.words("past_verbs") | data.words("more_past_verbs")
# Past forms of which the participle is another: whatever stands behind them, they are what the subject did.
_PAST_ONLY = data.words("past_only")
# These say of when and whether, and carry what stands behind them: "has delayed", "held up", "put on ice".
_LIGHT = data.words("light_pasts")


@cache
def _forms() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Present forms that are verbs only, those that may be nouns, and regular past forms of both."""
    own, shared = data.words("governing"), data.words("governing_too")
    past = {_past(verb) for verb in own | shared}
    return (own - shared) | {_third(verb) for verb in own}, frozenset(map(_third, shared)), frozenset(past)


def _third(verb: str) -> str:
    if verb.endswith("y") and verb[-2] not in "aeo":
        return f"{verb[:-1]}ies"
    return verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")


def _past(verb: str) -> str:
    if verb.endswith("y") and verb[-2] not in "aeo":
        return f"{verb[:-1]}ied"
    return verb + ("d" if verb.endswith("e") else "ed")


def tells(word: str) -> bool:
    """Whether a lower-case word can be nothing but the verb of the noun before it: "proposal divides"."""
    return word.endswith("s") and word in _forms()[0]


def governing(clause: str, end: int) -> bool:
    """Whether a verb of the same clause stands before the character `end` and makes what is there its own."""
    starts, governed = _states(clause)
    at = bisect_left(starts, end) - 1
    return at >= 0 and governed[at]


@lru_cache(maxsize=1024)
def _states(clause: str) -> tuple[tuple[int, ...], tuple[bool, ...]]:
    """Where each word begins, and whether a verb governs what stands behind it."""
    tokens = [(found.start(), found.group()) for found in _TOKEN.finditer(clause)]
    titled = sum(word[0].isupper() for _, word in tokens) * 2 > len(tokens)
    governs = False
    governed: list[bool] = []
    for at, (_, written) in enumerate(tokens):
        word, before = written.lower(), tokens[at - 1][1].lower() if at else ""
        follows = tokens[at + 1][1] if at + 1 < len(tokens) else ""
        if word in _CLAUSE_OPENERS:
            governs = False
        elif written in _RELATIVES:
            governs = before not in _SAYING
        elif before in _MODALS:
            governs = governs or word not in _CARRYING
        elif at and before not in _INSIDE and _finite(word, follows, titled=titled, many=_many(before)):
            governs = True
        governed.append(governs)
    return tuple(start for start, _ in tokens), tuple(governed)


def _many(word: str) -> bool:
    return (word.endswith("s") and not word.endswith(("ss", "us", "'s", "’s"))) or word in _PEOPLE


def _finite(word: str, follows: str, *, titled: bool, many: bool) -> bool:
    own, shared, past = _forms()
    if word in own or word in _PAST_ONLY:
        return True
    named = not titled and follows[:1].isupper()
    if word in shared:
        return named or follows.lower() in _OBJECTS or follows in _PARTICLES
    if word in data.words("governing_too"):
        return many and (named or follows.lower() in _BEHIND_MANY)
    done = word in past or (word in _IRREGULAR and word not in _LIGHT)
    return done and bool(follows) and follows.lower() not in _BEHIND and follows[0].isalpha()
