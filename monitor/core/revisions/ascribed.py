"""Who vouches for a statement that otherwise stayed: another source, none any more, or one for what stood as a fact.

Sentences are read by the words that introduce a source ("according to", "laut", "said", "déclaré"), which are tables.
What is said must be nearly the same in both versions, else it is another sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from rapidfuzz.distance import OSA

from monitor import data
from monitor.core.language import lexicon, numerals, speakers, speaking_verbs, vocabulary
from monitor.core.revisions.facts import COMPOUND_CHARS_MIN
from monitor.core.revisions.findings import Finding, Versions, made
from monitor.core.text import fold

STATED_RATIO = 0.8  # Dice's coefficient of what is said in both versions, from which it is the same (set)
HEDGED_RATIO = 0.9  # the same, where but a word says that it may not be so (set)
LIKELY_RATIO = 0.4  # the same of two sentences with who says them, from which they are looked at (set)
STATED_MIN = 2  # roots of a statement that is compared (set)
SPELLING = 0.8  # likeness of two spellings of who says so, 0..1 (set)
WHO_WORDS_MAX = 9  # words of a source; more are a clause of something else (set)
SENTENCES_MAX = 60  # sentences of either version that are compared (set)
READ_CHARS_MAX = 600  # characters read of a sentence (set)
_WORD = re.compile(r"[^\W_]+(?:[’'.&-][^\W_]+)*")
_CITED = re.compile(
    rf"\b(?!citing|quoting)(?P<lead>{data.patterns('cited')})\s(?P<who>[^,.;:()\"“”\n]{{2,90}})", re.IGNORECASE
)
_CLAUSE = re.compile(r"[^,;:()\"“”«»„–—]+")
_ELIDED = re.compile(rf"^(?:{'|'.join(sorted(data.words('elided') | data.words('elided_before_verbs')))})'(?=\w)")


def _words(name: str) -> frozenset[str]:
    return frozenset(map(fold, data.words(name)))


_SAYING, _HEDGES = _words("saying_words"), _words("hedges")
_SAYING_ABROAD = _words("saying_abroad")
# Stand around a verb of saying and belong to neither who speaks nor what is said.
_BESIDE = _words("beside_saying")
# Before a verb that says nothing yet: "to say".
_UNSAID = frozenset(("to", "would", "could", "can", "will", "must", "should", "not", "never"))
# Leave open what they stand before as hedges do: "could reach" -> "may reach".
_OPEN_ANYWAY = frozenset(("can", "could", "might"))
# That may be nouns: verbs only behind who has nothing else to do, at the end of a clause ("..., the operator claims").
_NOUNS_TOO = frozenset(("claims", "reported"))
_UNNAMED = "he"
# End a source that stands behind its verb; of one before it, what stands before them is another clause.
_ENDS, _JOINS = _words("behind_sources"), _words("clause_joins") | _words("joins_abroad")
_PRONOUNS = _words("speaking_pronouns")
# Anybody of an office: "officials" may be the police, and a spokesman anyone's.
_ANYBODY = _words("any_office") | _words("voices") - {"source", "sources"}
_PRIVATE = frozenset((
    "union", "company", "family", "residents", "witnesses", "opposition", "rights group", "rebels", "lawyers", "party",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ascription:
    """A sentence, who says it, as written word by word, the roots of its words that mean something, and its hedges.

    `runs_on` where nothing marks the end of who says it: "laut Polizei war die Fahrbahn vereist".
    """

    text: str
    who: tuple[str, ...]
    runs_on: bool
    roots: frozenset[str]
    hedges: frozenset[str]


def read(sentence: str, version: str) -> Ascription:
    """The first source of a sentence of a version, () where it names none."""
    text = sentence[:READ_CHARS_MAX].replace("’", "'")
    saying = _SAYING if vocabulary.is_english(version) else _SAYING | _SAYING_ABROAD
    found = _CITED.search(text)
    who = _until_end(_WORD.findall(found["who"])) if found else _spoken(text, saying)
    words = _folded(_WORD.findall(text))
    formal = _BESIDE | saying | (_HEDGES - {"may"}) | frozenset(_folded(_WORD.findall(found["lead"])) if found else ())
    roots = _roots((word for word in words if word not in formal), version)
    hedges = _HEDGES.intersection(_folded(word for word in _WORD.findall(text) if word[0].islower()))  # not "in May"
    return Ascription(sentence, tuple(who), bool(found), roots, hedges)


def _folded(words: Iterable[str]) -> list[str]:
    return [fold(_ELIDED.sub("", word.lower())).removesuffix("'s") for word in words]


def _roots(folded: Iterable[str], version: str) -> frozenset[str]:
    plain = (word for word in folded if word not in lexicon.SMALL and word not in numerals.WORDS)
    meant = vocabulary.without_grammar(version, (word for word in plain if not word[:1].isdigit()))
    return frozenset(map(vocabulary.root, meant))


def _until_end(words: Sequence[str]) -> list[str]:
    return [word for word in takewhile(lambda word: fold(word) not in _ENDS, words) if fold(word) not in _BESIDE]


def _spoken(text: str, saying: frozenset[str]) -> list[str]:
    """Who stands beside the first verb of saying, or a word for somebody whom the sentence does not name."""
    for clause in _CLAUSE.finditer(text):
        words = _WORD.findall(clause.group())
        folded = _folded(words)
        at = next((at for at, word in enumerate(folded) if word in saying and _is_verb(folded, at)), None)
        if at is None:
            continue
        begin = max((place + 1 for place, word in enumerate(folded[:at]) if word in _JOINS), default=0)
        before = [word for word in words[begin:at] if fold(word) not in _BESIDE]
        who = before or _until_end(words[at + 1 :])
        unnamed = (at and folded[at - 1] in _UNSAID) or not _PRONOUNS.isdisjoint(map(fold, who))
        if 0 < len(who) <= WHO_WORDS_MAX:
            return [_UNNAMED] if unnamed else who
    return []


def _is_verb(folded: Sequence[str], at: int) -> bool:
    """Whether a word that may be a noun as well is none here: not "police claims about her", "she denies claims"."""
    acts = any(word in speaking_verbs.table() for word in folded[:at])
    return folded[at] not in _NOUNS_TOO or (at == len(folded) - 1 and not acts)


def _rivals(old: Sequence[str], new: Sequence[str], both: Versions) -> tuple[frozenset[str], frozenset[str]] | None:
    """The roots by which two sources differ, where they are not one: "police chief" is no other than "police"."""
    one, other = _folded(old), _folded(new)
    for place in (-1, 0):
        while one and other and one[place] == other[place]:
            one.pop(place)
            other.pop(place)
    was, now = (_roots(who, both.new.text) for who in (one, other))
    if not was or not now or not was.isdisjoint(now) or _are_one(one, other):
        return None
    return None if _is_named_there(now, new, both.old.text) or _is_named_there(was, old, both.new.text) else (was, now)


def _are_one(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether two sources may be one office: "the fire brigade" and "firefighters", "officials" and "the council"."""
    parties = [speakers.party(" ".join(who)) for who in (old, new)]
    roles = [who.role if who else "" for who in parties]
    short, long = sorted((old[-1], new[-1]), key=len)
    if roles[0] == roles[1] != "" or (len(short) >= COMPOUND_CHARS_MIN and long.endswith(short)):
        return True
    if OSA.normalized_similarity(short, long) >= SPELLING:
        return True
    anybody = [not _ANYBODY.isdisjoint(who) for who in (old, new)]
    return any(anybody) and all(vague or role not in _PRIVATE for vague, role in zip(anybody, roles, strict=True))


def _is_named_there(roots: frozenset[str], who: Sequence[str], text: str) -> bool:
    """Whether a person is named in the other version: "the minister said" -> "Farrad said"."""
    party = speakers.party(" ".join(who))
    named = who[-1][:1].isupper() and not (party and party.role and fold(who[-1]) in party.role)
    return named and vocabulary.root(fold(who[-1])) in roots & {vocabulary.root(word) for word in lexicon.words(text)}


def _alike(one: frozenset[str], other: frozenset[str], ratio: float = STATED_RATIO) -> bool:
    return 2 * len(one & other) >= ratio * (len(one) + len(other)) and min(len(one), len(other)) >= STATED_MIN


def changed(was: Ascription, now: Ascription, both: Versions) -> tuple[str, str] | None:
    """Who vouches for what both sentences state, before and after; None where nothing of that changed."""
    if not _alike(was.roots, now.roots, LIKELY_RATIO):
        return None
    before, after = " ".join(was.who), " ".join(now.who)
    if was.who and now.who:
        rivals = _rivals(was.who, now.who, both)
        return (before, after) if rivals and _alike(was.roots - rivals[0], now.roots - rivals[1]) else None
    if not was.who and not now.who:
        hedged = not both.headline(now.text) and bool(was.hedges) != bool(now.hedges)
        hedged = hedged and _OPEN_ANYWAY.isdisjoint(_folded(_WORD.findall(was.text if now.hedges else now.text)))
        hedged = hedged and _alike(was.roots, now.roots, HEDGED_RATIO)
        return (" ".join(sorted(was.hedges)), " ".join(sorted(now.hedges))) if hedged else None
    having, other, rest = (was, now, both.new) if was.who else (now, was, both.old)
    who = list(having.who)
    while having.runs_on and who and _roots(_folded(who[-1:]), both.new.text) <= other.roots:
        who.pop()
    source = _roots(_folded(who), both.new.text)
    if not source or not source.isdisjoint(other.roots) or not _alike(having.roots - source, other.roots):
        return None
    others = (read(part.text, both.new.text) for part in rest.sentences)
    stands = any(each.who and (both.headline(now.text) or not source.isdisjoint(each.roots)) for each in others)
    return None if stands else (before, after)


def find(both: Versions) -> Iterator[Finding]:
    """Sentences that stayed but for who vouches for them."""
    removed = [read(part.text, both.new.text) for part in both.removed.sentences[:SENTENCES_MAX]]
    for part in both.added.sentences[:SENTENCES_MAX] if removed else ():
        now = read(part.text, both.new.text)
        if source := next(filter(None, (changed(was, now, both) for was in removed)), None):
            yield made("attribution", *source, part.text, "attribution replaced" if all(source) else "attribution")
