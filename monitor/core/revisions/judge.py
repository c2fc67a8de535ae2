"""From two sets of facts to typed changes: what the new text says that the old did not, or says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.core.claims import dates, quantities
from monitor.core.revisions import facts
from monitor.core.revisions.facts import Facts
from monitor.model import ChangeKind, TextChange

QUOTE_WORDS_MIN = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """A change and how surely it is one of fact: 1 and more decides by itself."""

    change: TextChange
    weight: float


def _finding(kind: ChangeKind, before: str, after: str, sentence: str, weight: float) -> Finding:
    return Finding(TextChange(kind, before, after, sentence), weight)


def _alike(one: quantities.Quantity, other: quantities.Quantity) -> bool:
    return one.family == other.family or not one.unit or not other.unit


def figures(old: Facts, added: Facts, removed: Facts, new: Facts) -> Iterator[Finding]:
    """Figures of the new sentences that the old text did not have, with the old figure they replace where one left."""
    gone = [q for q, _ in removed.figures if not any(_alike(q, n) and quantities.same(q, n) for n, _ in new.figures)]
    for figure, index in added.figures:
        if any(_alike(figure, known) and quantities.same(figure, known) for known, _ in old.figures):
            continue
        if figure.unit == "rank":
            weight = 0.4
        else:
            weight = 0.8
        rival = next((q for q in gone if q.family == figure.family), None)
        if rival is not None:
            gone.remove(rival)
            weight = 1.2
        yield _finding("figure", _shown(rival), _shown(figure), added.sentences[index], weight)


def _shown(figure: quantities.Quantity | None) -> str:
    if figure is None:
        return ""
    return " ".join(f"{figure.qualifier} {figure.value} {figure.noun}".split())


def whens(old: Facts, added: Facts, removed: Facts, new: Facts) -> Iterator[Finding]:
    """Dates and times of the new sentences that the old text did not have."""
    gone = [d for d, _ in removed.dates if not any(dates.same(d, n) for n, _ in new.dates)]
    for when, index in added.dates:
        if when.kind == "relative" or any(dates.same(when, known) for known, _ in old.dates):
            continue
        rival = next((d for d in gone if d.kind == when.kind), None)
        if rival is not None:
            gone.remove(rival)
        yield _finding("date", rival.text if rival else "", when.text, added.sentences[index], 1.2 if rival else 0.6)


def names(old: Facts, added: Facts, removed: Facts, new: Facts) -> Iterator[Finding]:
    """Names and places that the old text did not have."""
    gone = [name for name, _ in removed.names if not facts.same_name(name, new)]
    seen: set[str] = set()
    for name, index in added.names:
        if facts.fold(name) in seen or facts.same_name(name, old):
            continue
        seen.add(facts.fold(name))
        kind: ChangeKind = "place" if facts.place(name) else "name"
        rival = next((n for n in gone if bool(facts.place(n)) == (kind == "place")), "")
        if rival:
            gone.remove(rival)
        yield _finding(kind, rival, name, added.sentences[index], 0.9 if rival else 0.5)


def sources(old: Facts, added: Facts, removed: Facts, new: Facts) -> Iterator[Finding]:
    """Whom a statement is ascribed to, where the old text did not name them."""
    for who, index in added.sources:
        if not facts.same_name(who.split()[-1], old):
            yield _finding("attribution", "", who, added.sentences[index], 0.7)


def negations(old: Facts, added: Facts, removed: Facts, new: Facts) -> Iterator[Finding]:
    """A "not" that came or went while the sentence stayed about the same."""
    if added.negated and not old.negated:
        yield _finding("negation", "", "", added.sentences[added.negated[0]], 0.7)
    elif removed.negated and not new.negated and added.sentences:
        yield _finding("negation", "", "", added.sentences[0], 0.4)


def quotes(old: Facts, added: Facts, removed: Facts, new: Facts) -> Iterator[Finding]:
    """Quoted words that the old text did not have."""
    known = " ".join(facts.words(old.text))
    for quote, index in added.quotes:
        spoken = facts.words(quote)
        if len(spoken) >= QUOTE_WORDS_MIN and " ".join(spoken) not in known:
            yield _finding("quote", "", quote, added.sentences[index], 0.5)


def events(old: Facts, added: Facts, removed: Facts, new: Facts) -> Iterator[Finding]:
    """What happened according to the new text and not the old: arrested, ended, won."""
    known = {name for name, _, _ in old.events}
    for name, word, index in added.events:
        if name not in known and word not in old.words:
            known.add(name)
            kind: ChangeKind = "headline" if index == 0 and added.sentences[0] == new.sentences[0] else "text"
            yield _finding(kind, "", word, added.sentences[index], 0.5)


def statements(old: Facts, added: Facts, removed: Facts, new: Facts) -> Iterator[Finding]:
    """Whole sentences that say what the old text did not."""
    for index, sentence in enumerate(added.sentences):
        stems = facts.content(sentence)
        fresh = stems - old.stems
        if len(stems) >= 4 and len(fresh) >= 0.6 * len(stems):
            headline = sentence == new.sentences[0]
            yield _finding("headline" if headline else "text", "", sentence, sentence, 0.2 if headline else 0.6)


def findings(old: Facts, added: Facts, removed: Facts, new: Facts) -> tuple[Finding, ...]:
    """Everything that differs in fact, strongest first within the order of kinds."""
    found: list[Finding] = []
    for look in (figures, whens, names, sources, negations, quotes, events, statements):
        found += look(old, added, removed, new)
    return tuple(found)
