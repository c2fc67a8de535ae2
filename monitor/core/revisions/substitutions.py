"""What was put in the place of what, inside a sentence that otherwise stayed: the mark of a silent edit.

Here it does not matter whether the new value stands elsewhere in the old text: "30 killed, 12 hurt" -> "12 killed".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile
from typing import TypeVar

from monitor import data
from monitor.core.language import countries, dates, event_classes, lexicon, proper_names, quantities
from monitor.core.revisions import facts, findings, paraphrases, weights
from monitor.core.revisions.facts import Sentence
from monitor.core.revisions.findings import Finding, Pair, Versions, made, shown, unlike, worded
from monitor.model import ChangeKind

T = TypeVar("T")
SAME_SENTENCE = 0.7  # share of words of one sentence in two versions (set on labelled pairs)
# Words that stay at the beginning of a sentence which states something else now, and stems of either statement (set).
STATED_WORDS_MIN, STATED_STEMS_MIN = 3, 2
QUOTE_WORDS_MIN = 3  # words of a quotation that is compared (set)
_AFTER = re.compile(r"\b(?:after|day|week|month|hour)\s(?:more\sthan\s|nearly\s|almost\s|about\s)?$", re.IGNORECASE)
_FOR = re.compile(r"\b(?:to|for|gets?|faces?|serves?)\s(?:up\sto\s)?$", re.IGNORECASE)
_OF = re.compile(r"\s?[a-z]*\s(?:of|into|on)\s")
_WHERE = re.compile(
    r"\b(?:in|from|to|at|near|off|of|across|around|outside|between|throughout)\s(?:the\s)?(?:north|south|east|west|central)?\w{0,4}\s?$",
    re.IGNORECASE,
)
_DEGREES = data.words("degrees")
_INTENSIFIERS = data.words("intensifiers")


def _unmatched(old: Sequence[T], new: Sequence[T], same: Callable[[T, T], bool]) -> tuple[list[T], list[T]]:
    """What only one side has, value by value: "30 dead, 12 hurt" -> "12 dead, 12 hurt" leaves 30 against 12."""
    gone, fresh = list(old), []
    for value in new:
        match = next((known for known in gone if same(value, known)), None)
        if match is None:
            fresh.append(value)
        else:
            gone.remove(match)
    return gone, fresh


def _so_far(figure: quantities.Quantity, sentence: str) -> bool:
    """ "After six weeks of restrictions", "five days of protest"; not "jailed for five years"."""
    before, behind = sentence[: figure.start], sentence[figure.end :]
    return bool(_AFTER.search(before) or (_OF.match(behind) and not _FOR.search(before)))


def _equal(one: quantities.Quantity, other: quantities.Quantity) -> bool:
    return one.noun == other.noun and _as_exact(one, other)


def _as_exact(one: quantities.Quantity, other: quantities.Quantity) -> bool:
    """The same number, and no count where there was an estimate: "dozens" -> "42" is news."""
    return (quantities.same(one, other) and not quantities.counted(one, other)) or quantities.rounded_down(other, one)


def _figures(pair: Pair, *, article: bool) -> Iterator[tuple[str, str, str]]:
    """Figures that changed, with their weight: the days for which a thing goes on by now are counted by the clock."""
    gone, fresh = _unmatched(pair.old.figures, pair.new.figures, _equal)
    gone, fresh = _unmatched(gone, fresh, _as_exact)
    for figure in fresh:
        if figure.value == quantities.BOTH:
            continue
        rival = next((q for q in gone if quantities.alike(q, figure)), None)
        if rival is not None:
            gone.remove(rival)
            clock = (
                not article and figure.family == "time" and figure.low > rival.low and _so_far(figure, pair.new.text)
            )
            listed = weights.LIST.match(pair.old.text, rival.end) and weights.LIST.match(pair.new.text, figure.end)
            weight = "list" if clock or listed else "vague" if figure.vague and not rival.vague else "figure replaced"
            yield shown(rival, pair.old.text), shown(figure, pair.new.text), weight


def _dates(pair: Pair, known: Sequence[dates.When]) -> Iterator[tuple[str, str]]:
    """Dates that changed; not one that is written otherwise, or that the `known` ones give beside."""
    before = [when for when in pair.old.dates if when.kind != "relative"]
    gone, fresh = _unmatched(before, [when for when in pair.new.dates if when.kind != "relative"], dates.same)
    for when in fresh:
        if any(dates.same(when, other) for other in known) or any(when.text in other.text for other in gone):
            continue
        rival = next(
            (d for d in gone if (d.kind == "clock") == (when.kind == "clock") and _is_year(d) == _is_year(when)), None
        )
        if rival is not None:
            gone.remove(rival)
            yield rival.text, when.text


def _is_year(when: dates.When) -> bool:
    return when.text.isdigit()


def _names(pair: Pair, spelt: frozenset[str], *, headline: bool) -> Iterator[tuple[ChangeKind, str, str]]:
    old, new = facts.of([pair.old], spelt), facts.of([pair.new], spelt)
    gone = [name for name in pair.old.names if not facts.known(name, new)]
    for name in pair.new.names:
        if facts.known(name, old):
            continue
        kind: ChangeKind = "place" if proper_names.is_place(name, pair.new.text) else "name"
        around = next((n for n in gone if _holds(n, name, pair)), "")
        if around:
            gone.remove(around)  # a country for a place in it, or the other way round
            continue
        rival = next((n for n in gone if proper_names.is_place(n, pair.old.text) == (kind == "place")), "")
        if rival and (not headline or findings.in_place(rival, pair.old.text, name, pair.new.text)):
            gone.remove(rival)
            yield kind, rival, name


def _holds(before: str, after: str, pair: Pair) -> bool:
    """Whether of two names that stand for places one holds the other."""
    where = all(
        proper_names.is_place(name, text) or _WHERE.search(text.partition(name)[0])
        for name, text in ((before, pair.old.text), (after, pair.new.text))
    )
    return where and (countries.holds(after, before) or countries.holds(before, after))


def _negations(pair: Pair) -> Iterator[tuple[str, str]]:
    """A "not" on a word that both versions have: "has not agreed" -> "has agreed"."""
    if len(pair.old.negated) == len(pair.new.negated):
        return
    lost = len(pair.old.negated) > len(pair.new.negated)
    having, other = (pair.old, pair.new) if lost else (pair.new, pair.old)
    if facts.denies(other.text):
        return
    for denial in having.negated:
        if denial.stem in other.stems and denial.stem not in {known.stem for known in other.negated}:
            yield (denial.text, denial.what) if lost else (denial.what, denial.text)
            return


def _degrees(pair: Pair) -> Iterator[tuple[str, str]]:
    """How many of a kind: "most areas" -> "many areas". A word of degree alone in the place of another."""
    gone = [word for word in pair.old.words if word in _DEGREES and word not in pair.new.words]
    fresh = [word for word in pair.new.words if word in _DEGREES and word not in pair.old.words]
    if len(gone) == len(fresh) == 1:
        yield gone[0], fresh[0]


def _quotes(pair: Pair, known: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Quotations that changed; not one that takes in more words which the old text had anyway."""
    for before, after in zip(pair.old.quotes, pair.new.quotes, strict=False):
        words, others = lexicon.words(after), lexicon.words(before)
        gone, fresh = unlike(set(others) - set(words), words), unlike(set(words) - set(others), others)
        if (gone - _INTENSIFIERS or not fresh <= known) and len(words) >= QUOTE_WORDS_MIN:
            yield before, after


def _events(pair: Pair, happened: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What happens in the place of what else; not what the old text says has `happened`, beneath its headline."""
    old, new = _classes(pair.old) | happened, _classes(pair.new)
    gone = [event.word for event in pair.old.events if event.name not in new]
    words = (event.word for event in pair.new.events if event.name not in old)
    fresh = [word for word in words if not weights.is_background(pair.new.text, word)]
    yield from (
        (was, now)
        for was, now in zip(gone, fresh, strict=False)
        if was not in lexicon.kin(now)
        and _meant(was).isdisjoint(_meant(now))
        and not paraphrases.from_the_other_side(pair.old.text, was, pair.new.text, now)
    )


def _meant(event: str) -> frozenset[str]:
    """The classes of what a word or a phrase says that happens."""
    return event_classes.classes(event_classes.find(event.split()))


def _classes(sentence: Sentence) -> set[str]:
    return {event.name for event in sentence.events}


def _values(pair: Pair, both: Versions) -> Iterator[tuple[ChangeKind, str, str, str]]:
    yield from (("figure", *change) for change in _figures(pair, article=both.is_long))
    yield from (("date", *change, "date replaced") for change in _dates(pair, () if both.is_long else both.old.dates))
    for kind, before, after in _names(pair, both.spelt, headline=both.headline(pair.new.text)):
        # Of a headline and its summary, both names may change places without a change of what is said.
        if both.is_long or not (facts.known(after, both.old) or facts.known(before, both.new)):
            yield kind, before, after, f"{kind} replaced"
    yield from (("quote", *change, "quote replaced") for change in _quotes(pair, both.old.words))
    if pair.overlap >= SAME_SENTENCE:
        yield from (("negation", *change, "negation flipped") for change in _negations(pair))
        yield from (("figure", *change, "figure replaced") for change in _degrees(pair))


def _said_otherwise(before: Sentence, after: Sentence) -> bool:
    """Whether a sentence begins with the same words, and states something else: "they found that a witness lied"."""
    old, new = before.words, after.words
    stayed = len(list(takewhile(lambda both: both[0] == both[1], zip(old, new, strict=False))))
    if "that" not in old[:stayed] or stayed < STATED_WORDS_MIN:
        return False
    gone, fresh = (lexicon.meaningful(words[stayed:]) for words in (old, new))
    return min(len(gone), len(fresh)) >= STATED_STEMS_MIN and gone.isdisjoint(fresh)


def find(both: Versions) -> Iterator[Finding]:
    """Substitutions of facts in the paired sentences; headlines pair only where little changed."""
    happened = frozenset(event.name for part in both.old.sentences[1:] for event in part.events if not event.ahead)
    for new in () if both.is_long else both.added.sentences:
        old = next((old for old in both.removed.sentences if _said_otherwise(old, new)), None)
        if old is not None and not both.headline(new.text):
            yield made("text", old.text, new.text, new.text, "statement replaced")
    for pair in both.pairs:
        sentence = pair.new.text
        for kind, before, after, weight in _values(pair, both):
            yield made(kind, before, after, sentence, weight)
        for before, after in _events(pair, happened) if pair.overlap >= SAME_SENTENCE else ():
            yield (
                worded(both, sentence, "event replaced", after, swapped=True)
                if both.headline(sentence)
                else made("text", before, after, sentence, "event replaced")
            )
