"""From two sets of facts to typed changes: what the new text says that the old did not, or says otherwise.

Support is looked for in the whole old text, so a fact that only moves is no change; what the new text merely leaves out
is none either. A question asserts nothing, so facts that stand in one weigh less.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import TypeVar

from rapidfuzz import fuzz

from monitor.core.language import countries, dates, event_classes, lexicon, proper_names, quantities
from monitor.core.revisions import (
    added,
    ascribed,
    facts,
    headline_turns,
    negations_abroad,
    outlook,
    paraphrases,
    quote_marks,
    relative_days,
    states,
    substitutions,
    weights,
    whole_sentences,
)
from monitor.core.revisions.facts import Sentence
from monitor.core.revisions.findings import Finding, Versions, in_place, key, made, shown, worded
from monitor.model import ChangeKind

T = TypeVar("T")
QUOTE_WORDS_MIN = 4  # words of a quotation that is compared (set)
QUOTE_RATIO = 85.0  # likeness of two wordings of one quotation, in percent (set on labelled pairs)
_YEARS = re.compile(r"\d{4}(?:\D{1,5}\d{4})?")
_IS_NOT = re.compile(r"\b(was|were|is|are)(?:\snot\b|n[’']t\b)", re.IGNORECASE)
_IS = re.compile(r"\b(was|were|is|are)\b(?!\snot\b|n[’']t\b)", re.IGNORECASE)
_ONE, _EDGE = re.compile(r"\b(?:an?|one)\s", re.IGNORECASE), re.compile(r"\b")
_DOERS = ("r", "rs", "er", "ers")  # endings of who does it
_AMONG = re.compile(
    r"\b(?:top|best|biggest|other|first|last|past|next|every|day|week|round|game|stage|episode|part)\s$"
    r"|\b(?:one|first|some|last|latest|part)\sof\s$"
    r"|(?:\b(?:first|last|only)\s(?:time\s)?|\w(?:est|st)\s(?:[a-z]{1,14}\s)?)(?:in|for)\s(?:over\s|almost\s|nearly\s)?$",
    re.IGNORECASE,
)
# "Takes the second set" wins no match.
_PARTLY = re.compile(
    r"\b(takes?|took|wins?|won|claims?|seals?)\s(?:[\w-]{1,12}\s){0,2}(?:sets?|lead|wickets?|frames?|games?|legs?|half|charge"
    r"|control|command|breaks?|catch|tie-?break|toss|point|pole)\b",
    re.IGNORECASE,
)
# Who says so in a headline: "... - Berg".
_SPEAKER = re.compile(r"\s[-–—]\s(?:[A-Z][\w’'-]{1,20}\s){0,2}([A-Z][\w’'-]{1,20})$")
_SPEECH = frozenset(("pledge", "warn", "urge", "announce", "confirm", "reject", "respond"))
# Another name in a list with one that stood there: "Spieth &", ", Lund and".
_AND_BEHIND = re.compile(r"([A-Z][\w’'-]{1,30})(?:\s(?:&|and)|,)\s$")
_AND_BEFORE = re.compile(r"^(?:\s(?:&|and)|,)\s(?:[a-z]{1,12}\s)?([A-Z][\w’'-]{1,30})")
# "The 5/14 trial": a day that names what befell on it.
_DAY = re.compile(r"(?:1[0-2]|[1-9])/(?:3[01]|[12]\d|\d)(?![\d/])")
# Who died is the news, and not how old he was.
_DIES = re.compile(r"\b(?:dies|died|dead)(?:\sat|\saged|,)?(?:\sthe\sage\sof)?\s$", re.IGNORECASE)
_STANDING = frozenset(("lead", "level", "advance"))
_NIL = re.compile(r"0\W{1,3}0")
# Of a headline's words, as a name is put beside others in it.
JOINED_SHARE = 0.4  # 0..1, that stay (set on labelled pairs)
AMONG_CHARS = 36  # room for the longest of them


def _only_old(
    both: Versions, values: Callable[[Sentence], Iterable[T]], kept: Callable[[T], bool]
) -> list[tuple[T, str]]:
    """What only the old text had, each with its sentence."""
    return [(value, part.text) for part in both.removed.sentences for value in values(part) if not kept(value)]


def _taken(gone: list[tuple[T, str]], rivals: Iterable[tuple[T, str]]) -> tuple[T, str] | None:
    """The first of these rivals, which then is replaced by no other new value."""
    rival = next(iter(rivals), None)
    if rival is not None:
        gone.remove(rival)
    return rival


def _figures(both: Versions) -> Iterator[Finding]:
    """Figures that the old text did not have, with the old figure they replace where one left."""
    old, new = both.old.figures, both.new.figures
    gone = _only_old(both, lambda part: part.figures, lambda q: any(_same(q, n) for n in new))
    for sentence, figure in ((part.text, figure) for part in both.added.sentences for figure in part.figures):
        noun = figure.noun.lower()
        one = figure.value.lower() in ("one", "1") and noun in _behind_one(both.old.text, len(noun))
        if figure.value == quantities.BOTH or one or any(_supported(figure, known) for known in old):
            continue
        before = both.replaced(sentence)
        alike = [each for each in gone if quantities.alike(each[0], figure)]
        rival = _taken(gone, [each for each in alike if each[0].noun == figure.noun or each[1] == before])
        rank = figure.unit == "rank" and not facts.counts_people(figure)
        weight = "figure replaced" if rival else "rank" if rank else "figure"
        if weight == "figure" and _AMONG.search(sentence[max(0, figure.start - AMONG_CHARS) : figure.start]):
            weight = "rank"  # "one of the top three"
        if weight == "rank" and not both.headline(sentence):
            continue  # "for a third year" is no figure of the matter
        if weight == "figure" and _DIES.search(sentence[max(0, figure.start - AMONG_CHARS) : figure.start]):
            weight = "rank"
        vague = figure.vague and (rival is None or not rival[0].vague) and weight in ("figure", "figure replaced")
        weight = ("name" if figure.family == "people" and both.headline(sentence) else "vague") if vague else weight
        weight = (
            "list" if _DAY.match(sentence, figure.start) else weight
        )  # "the 5/14 lawsuit": when it was, as its name
        weight = "list" if figure.family == "score" and _NIL.fullmatch(figure.value) else weight  # it was kicked off
        weight = "list" if not rival and weights.LIST.match(sentence, figure.end) else weight
        yield made("figure", shown(*rival) if rival else "", shown(figure, sentence), sentence, weight)


@lru_cache(64)  # lengths of nouns; a text may have as many as it has words
def _behind_one(text: str, chars: int) -> frozenset[str]:
    """What stands behind "a", "an" and "one" in a text, of so many characters to the end of a word, folded."""
    ends = [found.end() + chars for found in _ONE.finditer(text)]
    return frozenset(text[end - chars : end].lower() for end in ends if _EDGE.match(text, end))


def _same(one: quantities.Quantity, other: quantities.Quantity) -> bool:
    return quantities.alike(one, other) and quantities.same(one, other)


def _supported(figure: quantities.Quantity, known: quantities.Quantity) -> bool:
    """Whether the old text has this figure; that its "dozens" are 42 it did not say."""
    if quantities.rounded_down(known, figure) and quantities.alike(known, figure):
        return True
    return _same(figure, known) and not quantities.counted(known, figure)


def _dates(both: Versions) -> Iterator[Finding]:
    """Dates and times that the old text did not have; "next week" and its like only move with the reader."""
    old, new = both.old.dates, both.new.dates
    gone = _only_old(both, lambda part: part.dates, lambda d: any(dates.same(d, n) for n in new))
    for sentence, when in ((part.text, when) for part in both.added.sentences for when in part.dates):
        if when.kind == "relative" or any(dates.same(when, known) for known in old):
            continue
        before = both.replaced(sentence)
        there = [each for each in gone if each[1] == before]
        meant = [each for each in there if each[0].kind == "relative" and when.kind == "weekday"]
        if _taken(gone, meant) is not None:
            continue
        rival = _taken(gone, [each for each in there if each[0].kind == when.kind])
        weight = "date replaced" if rival else "year" if _YEARS.fullmatch(when.text) else "date"
        if weight == "date" and when.kind == "weekday" and not (both.is_long or both.headline(sentence)):
            weight = "day"
        yield made("date", rival[0].text if rival else "", when.text, sentence, weight)


def _names(both: Versions) -> Iterator[Finding]:
    """Names and places that the old text did not have."""
    gone = _only_old(both, lambda part: part.names, lambda name: facts.known(name, both.new))
    seen: set[str] = set()
    for sentence, name in ((part.text, name) for part in both.added.sentences for name in part.names):
        if lexicon.fold(name) in seen or facts.known(name, both.old):
            continue
        seen.add(lexicon.fold(name))
        kind: ChangeKind = "place" if proper_names.is_place(name, sentence) else "name"
        before = both.replaced(sentence)
        there = [each for each in gone if each[1] == before]
        if any(countries.holds(name, old) for old, _ in there):
            continue  # a country for a place that may well lie in it
        alike = [
            (old, part)
            for old, part in there
            if (
                in_place(old, part, name, sentence)
                if both.headline(sentence)
                else proper_names.is_place(old, part) == (kind == "place")
            )
        ]
        rival = _taken(gone, alike)
        joined = rival is None and _joined(both, sentence, name)
        weight = f"{kind} replaced" if rival else f"{kind} joined" if joined else kind
        yield made(kind, rival[0] if rival else "", name, sentence, weight)


def _joined(both: Versions, sentence: str, name: str) -> bool:
    """Whether a name was put beside others in a headline that otherwise stayed: "Spieth" -> "Spieth & Lund"."""
    old, new = map(lexicon.content, both.titles)
    if not both.headline(sentence) or len(old & new) < JOINED_SHARE * len(old):
        return False
    before, _, behind = sentence.partition(name)
    left, right = _AND_BEHIND.search(before), _AND_BEFORE.match(behind)
    known = lexicon.fold(left[1] if left else right[1] if right else "")
    return bool(known) and known in lexicon.words(both.titles[0])


def _sources(both: Versions) -> Iterator[Finding]:
    """Whom a statement is ascribed to, where the old text did not name them."""
    for part in both.added.sentences:
        for who in part.sources:
            vaguer = facts.ANYBODY.fullmatch(who) and (
                any(known.sources for known in both.old.sentences)
                or ascribed.read(both.replaced(part.text), both.old.text).who
            )
            if not vaguer and not (facts.known(who.split()[-1], both.old) or facts.sits(who, both.old)):
                yield made("attribution", "", who, part.text, "attribution")


def _negations(both: Versions) -> Iterator[Finding]:
    """A "not" that came, or went without another sentence taking it up."""
    added = next((part for part in both.added.sentences if part.negated), None)
    if any(facts.denies(part.text) for part in both.added.sentences):
        return
    removed = next((part for part in both.removed.sentences if part.negated), None)
    if added and not both.old.negations:
        yield made("negation", "", added.negated[0].text, added.text, "negation")
    elif removed and both.added.sentences and _is_told_of(removed, both.added.sentences[0], both):
        before = f"{removed.negated[0].text}"
        yield made("negation", before, both.added.sentences[0].text, both.added.sentences[0].text, "negation flipped")
    elif removed and not both.new.negations and both.added.sentences:
        yield made("negation", removed.negated[0].text, "", both.added.sentences[0].text, "negation lost")


def _is_told_of(old: Sentence, new: Sentence, both: Versions) -> bool:
    """Whether a headline says what a thing is, after it said what it is not: "was no rocket" -> "was a meteorite"."""
    denied, stated = _IS_NOT.search(old.text), _IS.search(new.text)
    heads = both.headline(new.text) and old.text == both.old.sentences[0].text
    return (
        bool(heads and denied and stated and denied[1].lower() == stated[1].lower()) and len(old.stems & new.stems) >= 2
    )


def _quotes(both: Versions) -> Iterator[Finding]:
    """Quoted words that the old text did not have."""
    known = " ".join(word for part in both.old.sentences for word in part.words)
    gone = [quote for part in both.removed.sentences for quote in part.quotes]
    for part in both.added.sentences:
        for quote in part.quotes:
            spoken = lexicon.words(quote)
            if len(spoken) >= QUOTE_WORDS_MIN and fuzz.partial_ratio(" ".join(spoken), known) < QUOTE_RATIO:
                before = gone.pop(0) if gone and both.replaced(part.text) and not both.headline(part.text) else ""
                yield made("quote", before, quote, part.text, "quote replaced" if before else "quote")


def _events(both: Versions) -> Iterator[Finding]:
    """What happened according to the new text and not the old. What the old only expected or tried has not happened."""
    background = set[str]()
    happened = {event.name for event in both.old.events if not event.ahead}
    expected = {event.name for event in both.old.events}
    acts = event_classes.meant([word for part in both.old.sentences for word in facts.happened(part)])
    for sentence, event in ((part.text, event) for part in both.added.sentences for event in _verbs_first(part)):
        named = event.word in both.old.words and f"to {event.word}" not in both.old.text
        stems = (event.word, event.word.removesuffix("ing"))
        if any(stem + ending in both.old.words for stem in stems for ending in _DOERS):
            continue  # "rescuers race" -> "rescue teams race"
        if event.name in expected and (event.ahead or event.name in happened or named):
            continue  # "calls for ban" -> "ban, says minister", but not "to meet" -> "meet"
        if _in_other_words(both, sentence, event, acts) or (event.name in _STANDING and states.stands(*both.titles)):
            continue
        happened.add(event.name)
        expected.add(event.name)
        headline = both.headline(sentence)
        weight = "event ahead" if event.ahead else "headline event" if headline else "event"
        if weight == "headline event" and weights.is_background(sentence, event.word):
            if sentence in background:
                continue  # "from riot inquiry" is one thing in two words
            background.add(sentence)
            weight = "background"
        yield worded(both, sentence, weight, event.word)


def _verbs_first(part: Sentence) -> list[facts.Event]:
    """The events of a sentence, those last that only say what it is about: "grab late winner to beat" has beaten."""
    return sorted(part.events, key=lambda event: weights.is_background(part.text, event.word))


def _spoke(both: Versions, sentence: str) -> bool:
    """Whether who speaks in a headline spoke in the old one, to the same effect: "... - Berg" -> "Berg vows ..."."""
    old, new = (lexicon.content(each) for each in (both.titles[0], sentence))
    who = _SPEAKER.search(both.titles[0])
    return who is not None and lexicon.fold(who[1]) in lexicon.words(sentence) and 2 * len(old & new) >= len(new)


def _in_other_words(both: Versions, sentence: str, event: facts.Event, acts: frozenset[str]) -> bool:
    """Whether the old text says so in a word of the same class or meaning: "refutes" -> "rejects"."""
    if event.ahead:
        return False
    if event.name in _SPEECH and _spoke(both, sentence):
        return True
    if event_classes.of_word(event.word) & acts or (facts.denies(event.word) and both.old.negations):
        return True
    if not both.headline(sentence) or not both.removed.sentences:
        return False
    old = both.removed.sentences[0]
    partly = {lexicon.fold(found[1]) for found in _PARTLY.finditer(old.text)}
    whole = {word for word in facts.happened(old) if word not in partly}
    if old.text != both.old.sentences[0].text:
        return False
    return (
        not lexicon.kin(event.word).isdisjoint(whole)
        or paraphrases.repeated(old.text, sentence).issuperset(event.word.split())
        or any(paraphrases.from_the_other_side(old.text, word, sentence, event.word) for word in whole)
    )


_LOOKS: tuple[Callable[[Versions], Iterator[Finding]], ...] = (
    ascribed.find, quote_marks.find, substitutions.find, _figures, _dates, relative_days.find, _sources,
    headline_turns.find, headline_turns.beneath, _names, _negations, negations_abroad.find, _quotes, outlook.find,
    _events, whole_sentences.fresh, whole_sentences.lost,
)  # fmt: skip


def findings(both: Versions) -> tuple[Finding, ...]:
    """Everything that differs in fact, in the order of kinds, weighed by where it stands.

    A body beneath a headline that had none is no change, but for what somebody says in it: feeds drop and restore
    summaries at will. A sentence put into a report is news as a whole, or nothing of it is.
    """
    if not both.had_body and both.titles[0] and key(both.titles[0]) == key(both.titles[1]):
        return (*quote_marks.find(both), *whole_sentences.beneath(both))
    found: dict[tuple[str, str], Finding] = {}
    factor = weights.factors(both)
    put_in = added.news(both)
    told = (worded(both, part, "added news", part) for part, is_news in put_in.items() if is_news)
    for finding in chain(told, *(look(both) for look in _LOOKS)):
        background = not put_in.get(finding.part, True) and not finding.swapped
        if not background and (both.had_body or both.headline(finding.part)):
            weighed = replace(finding, weight=finding.weight * factor(finding))
            found.setdefault((finding.clue, finding.part), weighed)
    return weights.capped(tuple(found.values()), both)
