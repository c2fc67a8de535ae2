"""What was put in the place of what, inside a sentence that otherwise stayed: the mark of a silent edit.

Here it does not matter whether the new value stands elsewhere in the old text: "30 killed, 12 hurt" -> "12 killed".
"""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims import dates, quantities
from monitor.core.revisions import facts
from monitor.core.revisions.facts import Facts
from monitor.core.revisions.findings import Finding, Versions, made
from monitor.model import ChangeKind

SAME_SENTENCE = 0.7
QUOTE_WORDS_MIN = 3


def shown(figure: quantities.Quantity | None) -> str:
    """A figure as an editor reads it: qualifier, value, what it counts."""
    if figure is None:
        return ""
    noun = "" if figure.noun and figure.noun in figure.value.lower() else figure.noun
    return " ".join(f"{figure.qualifier} {figure.value} {noun}".split())


def _figures(old: Facts, new: Facts) -> Iterator[tuple[str, str]]:
    gone = [q for q, _ in old.figures if not any(quantities.same(q, n) for n, _ in new.figures)]
    for figure, _ in new.figures:
        if any(quantities.same(figure, known) for known, _ in old.figures):
            continue
        rival = next((q for q in gone if q.family == figure.family or not q.unit or not figure.unit), None)
        if rival is not None:
            gone.remove(rival)
            yield shown(rival), shown(figure)


def _dates(old: Facts, new: Facts) -> Iterator[tuple[str, str]]:
    gone = [d for d, _ in old.dates if not any(dates.same(d, n) for n, _ in new.dates)]
    for when, _ in new.dates:
        if when.kind == "relative" or any(dates.same(when, known) for known, _ in old.dates):
            continue
        rival = next((d for d in gone if (d.kind == "clock") == (when.kind == "clock") and d.kind != "relative"), None)
        if rival is not None:
            gone.remove(rival)
            yield rival.text, when.text


def _names(old: Facts, new: Facts) -> Iterator[tuple[str, str]]:
    gone = [name for name, _ in old.names if not facts.same_name(name, new)]
    for name, _ in new.names:
        if facts.same_name(name, old):
            continue
        rival = next((n for n in gone if bool(facts.place(n)) == bool(facts.place(name))), "")
        if rival:
            gone.remove(rival)
            yield rival, name


def _sources(old: Facts, new: Facts) -> Iterator[tuple[str, str]]:
    gone = [who for who, _ in old.sources if not facts.same_name(who.split()[-1], new)]
    fresh = [who for who, _ in new.sources if not facts.same_name(who.split()[-1], old)]
    yield from zip(gone, fresh, strict=False)


def _negations(old: Facts, new: Facts) -> Iterator[tuple[str, str]]:
    """A "not" on words that both versions have: "has not agreed" -> "has agreed"."""
    if bool(old.negated) == bool(new.negated):
        return
    having, other = (old, new) if old.negated else (new, old)
    word = having.negated[0][1]
    after = having.text.partition(word)[2]
    denied = next(iter(facts.content(part) for part in after.split() if facts.content(part)), set())
    if denied <= other.stems:
        yield (word, "") if having is old else ("", word)


def _quotes(old: Facts, new: Facts) -> Iterator[tuple[str, str]]:
    for before, after in zip((quote for quote, _ in old.quotes), (quote for quote, _ in new.quotes), strict=False):
        changed = facts.content(before) ^ facts.content(after)
        if changed and len(facts.words(after)) >= QUOTE_WORDS_MIN:
            yield before, after


def _events(old: Facts, new: Facts) -> Iterator[tuple[str, str]]:
    old_names, new_names = {event.name for event in old.events}, {event.name for event in new.events}
    gone = [event.word for event in old.events if event.name not in new_names]
    fresh = [event.word for event in new.events if event.name not in old_names]
    yield from zip(gone, fresh, strict=False)


def find(both: Versions) -> Iterator[Finding]:
    """Every substitution of a fact in the paired sentences of the body."""
    for old, new, shared in both.pairs:
        sentence = new.sentences[0]
        for before, after in _figures(old, new):
            yield made("figure", before, after, sentence, "figure replaced")
        for before, after in _dates(old, new):
            yield made("date", before, after, sentence, "date replaced")
        for before, after in _names(old, new):
            kind: ChangeKind = "place" if facts.place(after) else "name"
            yield made(kind, before, after, sentence, f"{kind} replaced")
        for before, after in _sources(old, new):
            yield made("attribution", before, after, sentence, "attribution replaced")
        if shared < SAME_SENTENCE:
            continue
        for before, after in _negations(old, new):
            yield made("negation", before, after, sentence, "negation flipped")
        for before, after in _quotes(old, new):
            yield made("quote", before, after, sentence, "quote replaced")
        for before, after in _events(old, new):
            yield made("text", before, after, sentence, "event replaced")
