"""What a headline that otherwise stayed says more exactly: another one of its things, or which thing it is.

"Searchers find body in lake" -> "... find third body ..."; "Official arrested in bribery case" -> "Mayor arrested ...".
The way back says nothing new: a general word leaves out what was told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from monitor import data
from monitor.core.language import lexicon, quantities
from monitor.core.revisions.findings import Versions

STAYED_SHARE = 0.6  # share of the old headline's words, 0..1, that stay (set)
LIMITED_STEMS_MIN = 2  # stems of a clause that limits what the headline says (set)
NOUN_WORDS_MAX = 3  # words behind "another", "third" among which stands what it is one of (set)
BESIDE_MIN = 2  # words around a general one that stay, by which it is the same headline (set)
SPECIFIC_WORDS_MAX = 5  # words in the place of a general one; more tell something else (set)
_ORDINAL = re.compile(
    r"(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\d+(?:nd|rd|th))"
)
# What is put to a headline and takes back a part of it: "bridge reopens, but only for buses".
_LIMITS = re.compile(r"(?:,|\s[-–—])\s(?:but|though|although|then)\s(?P<what>[^,;]{3,80})", re.IGNORECASE)
# Beside a number these say that so many came on top: "two more planes", "another six".
_ON_TOP = frozenset(("more", "further", "additional", "extra"))
# What has its turns by itself: "second half", "third day".
_TURNS = frozenset(map(lexicon.stem, data.words("turns")))
_GENERAL = frozenset(map(lexicon.stem, data.words("general")))


def find(both: Versions) -> str:
    """The words that say so, of a headline that otherwise stayed; "" where there are none."""
    old, new = (lexicon.words(title) for title in both.titles)
    stems = lexicon.meaningful(old)
    if len(stems & lexicon.meaningful(new)) < STAYED_SHARE * len(stems):
        return _specific(old, new, both)
    return _another(old, new, both) or _limited(both) or _specific(old, new, both)


def _limited(both: Versions) -> str:
    """The clause that takes back a part of what a headline said, where the old one had none."""
    old, new = both.titles
    found = None if _LIMITS.search(old) else _LIMITS.search(new)
    fresh = lexicon.content(found["what"]) - both.old.stems if found else frozenset[str]()
    return found["what"] if found and len(fresh) >= LIMITED_STEMS_MIN else ""


def _another(old: Sequence[str], new: Sequence[str], both: Versions) -> str:
    """A further one of what the old headline told of."""
    known = lexicon.meaningful(old) - _TURNS
    for at, word in enumerate(new):
        counted = word in _ON_TOP and at > 0 and quantities.find(new[at - 1])
        time = new[max(0, at - 2) : at] == ["of", "a"]  # "hundredth of a second"
        if word in both.old.words or time or not (counted or word == "another" or _ORDINAL.fullmatch(word)):
            continue
        nouns = takewhile(lambda noun: noun not in lexicon.SMALL, new[at + 1 : at + 1 + NOUN_WORDS_MAX])
        if not known.isdisjoint(map(lexicon.stem, nouns)):
            return word
    return ""


def _specific(old: Sequence[str], new: Sequence[str], both: Versions) -> str:
    """What stands in the place of a general word, the words on both sides of which stayed."""
    one, other = ([word for word in words if word not in lexicon.SMALL] for words in (old, new))
    begun = _alike(one, other)
    ended = _alike(one[begun:][::-1], other[begun:][::-1])
    gone, fresh = one[begun : len(one) - ended], other[begun : len(other) - ended]
    if not gone or not fresh or begun + ended < BESIDE_MIN or len(fresh) > SPECIFIC_WORDS_MAX:
        return ""
    said = any(not lexicon.kin(word).isdisjoint(fresh) for word in gone) or set(fresh) <= both.old.words
    was, now = map(lexicon.meaningful, (gone, fresh))
    return fresh[-1] if was and was <= _GENERAL and now.isdisjoint(_GENERAL) and not said else ""


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words both begin with."""
    pairs = zip(map(lexicon.stem, one), map(lexicon.stem, other), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
