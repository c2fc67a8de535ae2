"""What the words around a figure say that it is of: a part, a rate, a margin, whose people, where, which thing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from monitor import data
from monitor.core.language import figure_patterns, statements, vocabulary
from monitor.core.language.words import stem, unelided
from monitor.model import Claim

CONTEXT_CHARS = 90  # characters on both sides of a figure that say what it is of (set by reading)
SHARED_MIN = 2  # words in common that make two figures of one thing, where no unit does (set)
EVERYWHERE = 0.25  # share of a story's quotes that have a word which does not say what a figure is of (set by reading)
QUOTES_MIN, QUOTES_MAX = 8, 1000  # quotes from which on that share says something; the newest that are read (set)
NEAR_WORDS = 4  # words on each side of a figure that stand close to it (set by reading)
CONTEXTS_MAX = 20_000  # contexts remembered: those of the longest stories (set)
_SMALL = data.words("small") | data.words("movements")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_RATE = re.compile(data.patterns("rate"), re.IGNORECASE)
_PART_BEFORE = re.compile(r"\b(?:including|among\sthem|of\swhom|of\sthem|of\swhich)\s(?:\w+\s)?$", re.IGNORECASE)
# The next of such parts: "eleven of them in Latvia and six in Estonia"; what happens to it alone makes it a total.
_PART_TOO = re.compile(r"\b(?:including|among\sthem|of\s(?:them|whom|which))\b[^,;:.]{0,60}\sand\s$", re.IGNORECASE)
_OF_THEM = re.compile(r"^\sof\s(?:them|whom|those|these|which|the)\b", re.IGNORECASE)
_PART_AFTER = re.compile(r"^(?:\s\w+){1,4}?\s(?:are\s|were\s|is\s|was\s)?(?:among|of\sthe)\b", re.IGNORECASE)
# By how much something leads or grew, which is no total: "won by 19 votes", "12 votes ahead", "eleven-vote defeat".
_MARGIN_BEFORE = re.compile(data.patterns("margin_before"), re.IGNORECASE)
_MARGIN_AFTER = re.compile(
    r"^(?:[\s-]\w+)?\s(?:ahead|behind|more|fewer|apart|short|advantage|cushion|defeat|deficit|gap|lead|loss|majority|margin|"
    r"swing|victory|win)\b",
    re.IGNORECASE,
)
_PLACED = re.compile(r"\b(?:in|near|outside)\s(?P<place>[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)?)")
_NO_PLACES = data.words("never_names")
_STOPS = re.compile(r"[.,;:!?()–—]\s|\s[–—-]\s|\b(?:and|but|while|as|after|that|who|which)\b", re.IGNORECASE)
_NATION = re.compile(r"(?:^|\s)(?P<nation>[A-Z][a-z]{2,}(?:an|ian|ese|ish|i|ch|ai|eek|iss))\s$")


def margin(claim: Claim) -> bool:
    """Whether a figure says by how much something leads or grew."""
    before, after = _around(claim)
    return bool(_MARGIN_BEFORE.search(before) or _MARGIN_AFTER.search(after))


def rate(claim: Claim) -> str:
    """The time in which a figure comes about again ("day"), else ""."""
    before, after = _around(claim)
    found = _RATE.search(after[:40]) or _RATE.search(before[-40:])
    if not found or claim.kind == "deadline":
        return ""
    every = (found.group("every") or found.group("span")).lower()
    return {"daily": "day", "weekly": "week", "monthly": "month", "hourly": "hour"}.get(every, every[:4])


def part(claim: Claim) -> str:
    """What kind of people, where they are told as a part of the whole: "including two children"."""
    before, after = _around(claim)
    if claim.kind == "deadline" or not (
        _PART_BEFORE.search(before) or _PART_AFTER.search(after) or _OF_THEM.search(after)
        or figure_patterns.OF_THEM_ABROAD.match(after)
        or (_PART_TOO.search(before) and statements.roles().keys().isdisjoint(_WORD.findall(after)))
    ):  # fmt: skip
        return ""
    return claim.subject


def elsewhere(old: Claim, new: Claim) -> bool:
    """Whether two sentences name places, and no place in common."""
    mine, theirs = _places(new.quote), _places(old.quote)
    return bool(mine and theirs) and mine.isdisjoint(theirs)


@lru_cache(CONTEXTS_MAX)
def nations(claim: Claim) -> frozenset[str]:
    """Whose people are counted: "102 Cambodian soldiers"."""
    noun = claim.text.rpartition(" ")[2]
    before = claim.quote.partition(noun)[0] if noun and noun in claim.quote else ""
    found = _NATION.search(before)
    return frozenset((found["nation"],)) if found else frozenset()


def same_context(old: Claim, new: Claim) -> bool:
    """Whether the words around two figures are of one thing: some in common, and not names of the story alone."""
    mine, theirs = context(new), context(old)
    if not mine or not theirs:
        return not mine and not theirs
    return in_common(old, new, min(SHARED_MIN, len(mine), len(theirs)))


def in_common(old: Claim, new: Claim, least: int) -> bool:
    """Whether so many stems around two figures are the same, and not all of them names."""
    both = context(new) & context(old)
    return len(both) >= least and not both <= _called(new) | _called(old)


def of_one_thing(old: Claim, new: Claim, ledger: Sequence[Claim], *, attached: bool = False) -> bool:
    """Whether two figures are of one thing by what stands close to them: some is the same, and rare in the story.

    `attached`: or it is what both are of, right behind them.
    """
    if not context(old) and not context(new):
        return True
    close = in_both(old, new) & _near(old) & _near(new)
    if attached and close & _attached(old) & _attached(new):
        return True
    return bool(close and in_both(old, new) - everywhere(ledger))


def of_one_day(old: Claim, new: Claim, ledger: Sequence[Claim]) -> bool:
    """Whether two days are of one thing by the words around: the same is due and one is in both, or two are.

    A name ("Hallmark Foods") is whoever has to do something, and not what is due.
    """
    found, subject = {word.lower() for word in named(new.quote)}, new.subject.split()
    is_name = len(subject) > 1 and all(word.strip(".") in found for word in subject)  # one may but begin the sentence
    shared = in_both(old, new) - everywhere(ledger) - (_stems(new.subject) if is_name else frozenset())
    return len(shared) >= (1 if old.subject == new.subject and not is_name else SHARED_MIN)


def named(quote: str) -> frozenset[str]:
    """The capitalised words of a sentence, without possessives and the words that carry no meaning."""
    found = (re.sub(r"['’]s?$", "", word) for word in _WORD.findall(quote) if word[0].isupper())
    return frozenset(word for word in found if len(word) > 2 and word.lower() not in _SMALL | _NO_PLACES)


def in_both(old: Claim, new: Claim) -> frozenset[str]:
    """The stems around both figures that are no names."""
    return (context(old) & context(new)) - (_called(old) | _called(new))


def context(claim: Claim) -> frozenset[str]:
    """The stems around a figure, without the word that it counts, or whose age it is."""
    return _stems(" ".join(_around(claim))) - _stems(claim.subject if claim.kind == "age" else claim.text)


def _near(claim: Claim) -> frozenset[str]:
    """The stems close to a figure in its own clause."""
    before, after = _around(claim)
    return _stems(
        " ".join((*_words(_STOPS.split(before)[-1])[-NEAR_WORDS:], *_words(_STOPS.split(after)[0])[:NEAR_WORDS]))
    )


def _attached(claim: Claim) -> frozenset[str]:
    """The stems of what a figure is of, where it stands right behind: "$300m White House ballroom"."""
    words = _words(_STOPS.split(_around(claim)[1])[0])[:NEAR_WORDS]
    end = next((at for at, word in enumerate(words) if word.lower() in _SMALL | statements.roles().keys()), len(words))
    return _stems(" ".join(words[:end]))


def everywhere(ledger: Sequence[Claim]) -> frozenset[str]:
    """The stems that a story's quotes have again and again."""
    quotes = {claim.quote for claim in ledger[-QUOTES_MAX:]}
    if len(quotes) < QUOTES_MIN:
        return frozenset()
    counted = Counter(stem for quote in quotes for stem in _stems(quote))
    return frozenset(stem for stem, number in counted.items() if number >= EVERYWHERE * len(quotes))


def _around(claim: Claim) -> tuple[str, str]:
    """What the sentence says before and after the figure."""
    before, _, after = claim.quote.partition(claim.value)
    return before[-CONTEXT_CHARS:], after[:CONTEXT_CHARS]


@lru_cache(CONTEXTS_MAX)
def _places(quote: str) -> frozenset[str]:
    """The words of the places that a sentence names; none of a title in title case, where capitals say nothing."""
    words = [word for word in _WORD.findall(quote) if len(word) > 3]
    if len(words) > 3 and sum(word[0].isupper() for word in words) >= 0.75 * len(words):
        return frozenset()
    named = (word.lower() for found in _PLACED.finditer(quote) for word in found.group("place").split())
    return frozenset(word for word in named if word not in _NO_PLACES)


@lru_cache(CONTEXTS_MAX)
def _called(claim: Claim) -> frozenset[str]:
    """The stems of the names around a figure; none where capitals say nothing, and not a sentence's first word."""
    words = _WORD.findall(" ".join(_around(claim)))
    named = [word for word in words if word[0].isupper() and not claim.quote.startswith(word)]
    tells = 2 * len(named) <= len(words) and vocabulary.is_english(claim.quote)
    return _stems(" ".join(named)) if tells else frozenset()


def _words(said: str) -> list[str]:
    return [word for word in _WORD.findall(said) if word.lower() not in _SMALL] if said else []


@lru_cache(CONTEXTS_MAX)
def _stems(text: str) -> frozenset[str]:
    words = {word.lower() for word in _WORD.findall(text)}
    words = words - _SMALL - statements.roles().keys()
    return frozenset(stem(unelided(word)) for word in vocabulary.without_grammar(text, words))
