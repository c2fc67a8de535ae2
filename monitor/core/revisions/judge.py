"""From two sets of facts to typed changes: what the new text says that the old did not, or says otherwise.

Support is looked for in the whole old text, so a fact that only moves is no change; what the new text merely leaves out
is none either. A question asserts nothing, so facts that stand in one weigh less.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from monitor.core.claims import dates, quantities
from monitor.core.revisions import facts, substitutions
from monitor.core.revisions.findings import Finding, Versions, made
from monitor.core.revisions.substitutions import shown
from monitor.model import ChangeKind

QUOTE_WORDS_MIN = 4
STATEMENTS_CAP = 1.2
QUESTION_FACTOR = 0.35
_QUESTION = re.compile(
    r"^(?:[^:]{3,40}:\s)?[‘'“\"]?(?:how|why|what|which|who|where|when|is|are|can|could|should|do|does|did|will|would|has"
    r"|have|inside|in pictures|meet|see|the\s(?:\S+\s){1,6}(?:that|who|where|you)\b)\b(?!\sthe\smoment)|\?",
    re.IGNORECASE,
)
_PROSPECT = re.compile(
    r"(?<!due )(?<!according )\bto\s(?!(?:the|an?|his|her|their|its|this|that|face|date|end|\d)\b)[a-z]+"
    r"|\b(?:will|would|could|may|might|set|due|ready|prepar\w+|expected|plan(?:s|ned)?|ahead of|before|build-up|upcoming"
    r"|seek\w*|search\w*|asking|help|looking for|reportedly|possible|alleged\w*|suspected|feared|appears?)\b"
)
_LIST = re.compile(
    r"\s(?:of\sthe\s|more\s|other\s)?(?:\S+\s){0,3}?(?:things|ways|reasons|facts|tips|places|questions|takeaways|lines|books|films"
    r"|recipes|steps|ideas|lessons|moments|photos|pictures|stories|best|most|greatest)\b",
    re.IGNORECASE,
)


def _alike(one: quantities.Quantity, other: quantities.Quantity) -> bool:
    """Whether two figures may count the same: nouns that no unit table has ("homes", "interiors") may be synonyms."""
    known = quantities.FAMILIES
    return one.family == other.family or not (one.family in known and other.family in known)


def _figures(both: Versions) -> Iterator[Finding]:
    """Figures that the old text did not have, with the old figure they replace where one left."""
    kept = [figure for figure, _ in both.new.figures]
    gone = [q for q, _ in both.removed.figures if not any(_alike(q, n) and quantities.same(q, n) for n in kept)]
    for figure, index in both.added.figures:
        if any(_alike(figure, known) and quantities.same(figure, known) for known, _ in both.old.figures):
            continue
        sentence = both.added.sentences[index]
        rival = next((q for q in gone if q.family == figure.family), None)
        if rival is None and figure.family != "score" and not figure.unit:
            rival = next((q for q in gone if not q.unit), None)
        weight = "figure"
        if rival is not None:
            gone.remove(rival)
            weight = "figure replaced"
        elif _LIST.match(sentence, figure.end):
            weight = "list"
        elif figure.unit == "rank":
            weight = "rank"
        yield made("figure", shown(rival), shown(figure), sentence, weight)


def _dates(both: Versions) -> Iterator[Finding]:
    """Dates and times that the old text did not have; "next week" and its like only move with the reader."""
    gone = [d for d, _ in both.removed.dates if not any(dates.same(d, n) for n, _ in both.new.dates)]
    for when, index in both.added.dates:
        if when.kind == "relative" or any(dates.same(when, known) for known, _ in both.old.dates):
            continue
        rival = next((d for d in gone if d.kind == when.kind), None)
        if rival is not None:
            gone.remove(rival)
        weight = "date replaced" if rival else "date"
        yield made("date", rival.text if rival else "", when.text, both.added.sentences[index], weight)


def _names(both: Versions) -> Iterator[Finding]:
    """Names and places that the old text did not have."""
    gone = [name for name, _ in both.removed.names if not facts.same_name(name, both.new)]
    seen: set[str] = set()
    for name, index in both.added.names:
        if facts.fold(name) in seen or facts.same_name(name, both.old):
            continue
        seen.add(facts.fold(name))
        kind: ChangeKind = "place" if facts.place(name) else "name"
        rival = next((n for n in gone if bool(facts.place(n)) == (kind == "place")), "")
        if rival:
            gone.remove(rival)
        yield made(kind, rival, name, both.added.sentences[index], f"{kind} replaced" if rival else kind)


def _sources(both: Versions) -> Iterator[Finding]:
    """Whom a statement is ascribed to, where the old text did not name them."""
    for who, index in both.added.sources:
        if not facts.same_name(who.split()[-1], both.old):
            yield made("attribution", "", who, both.added.sentences[index], "attribution")


def _negations(both: Versions) -> Iterator[Finding]:
    """A "not" that came, or went without another sentence taking it up."""
    if both.added.negated and not both.old.negated:
        index, word = both.added.negated[0]
        yield made("negation", "", word, both.added.sentences[index], "negation")
    elif both.removed.negated and not both.new.negated and both.added.sentences:
        yield made("negation", both.removed.negated[0][1], "", both.added.sentences[0], "negation lost")


def _quotes(both: Versions) -> Iterator[Finding]:
    """Quoted words that the old text did not have."""
    known = " ".join(facts.words(both.old.text))
    for quote, index in both.added.quotes:
        spoken = facts.words(quote)
        if len(spoken) >= QUOTE_WORDS_MIN and " ".join(spoken) not in known:
            yield made("quote", "", quote, both.added.sentences[index], "quote")


def _events(both: Versions) -> Iterator[Finding]:
    """What happened according to the new text and not the old. What the old only expected or tried has not happened."""
    happened = {event.name for event in both.old.events if not event.ahead}
    expected = {event.name for event in both.old.events}
    for event in both.added.events:
        if event.name in (expected if event.ahead else happened):
            continue
        happened.add(event.name)
        expected.add(event.name)
        sentence = both.added.sentences[event.sentence]
        headline = both.headline(sentence)
        kind: ChangeKind = "headline" if headline else "text"
        weight = "event ahead" if event.ahead else "headline event" if headline else "event"
        yield made(kind, "", event.word, sentence, weight)


def _outlook(both: Versions) -> Iterator[Finding]:
    """What an old sentence expected or suspected, the new one in its place states."""
    for sentence in both.added.sentences:
        before = next((old for old in both.removed.sentences if _paired(old, sentence, both)), None)
        if before is None or _PROSPECT.search(sentence) or _QUESTION.search(before):
            continue
        if found := _PROSPECT.search(before):
            headline = both.headline(sentence)
            yield made("headline" if headline else "text", found.group(), "", sentence, "outlook")


def _paired(old: str, new: str, both: Versions) -> bool:
    if both.headline(new):
        return old == both.old.sentences[0]
    stems, known = facts.content(new), facts.content(old)
    return len(stems & known) >= 0.5 * max(1, min(len(stems), len(known)))


def _statements(both: Versions) -> Iterator[Finding]:
    """Whole sentences that say what the old text did not; a rewritten one in place of another weighs more.

    A body beneath a headline that had none is no change: feeds drop and restore summaries at will.
    """
    lost = len(facts.content(both.removed.text) - both.new.stems)
    total = 0.0
    for sentence in both.added.sentences:
        stems = facts.content(sentence)
        fresh = stems - both.old.stems
        headline = both.headline(sentence)
        if len(fresh) < 3 or len(fresh) < 0.4 * len(stems) or total >= STATEMENTS_CAP:
            continue
        if not headline and not both.had_body:
            continue
        weight = "new headline" if headline else "new sentence" if both.is_long or lost < 2 else "other sentence"
        found = made("headline" if headline else "text", "", sentence, sentence, weight)
        total += found.weight
        yield found


def _lost(both: Versions) -> Iterator[Finding]:
    """Sentences with names or figures that an article no longer has anywhere, other than at its cut-off end."""
    if not both.is_long or not both.added.sentences:
        return
    paired = {old.sentences[0] for old, _, _ in both.pairs}
    last = both.old.sentences[-1]
    for index, sentence in enumerate(both.removed.sentences):
        if sentence in paired or sentence == last:
            continue
        names = [name for name, at in both.removed.names if at == index and not facts.same_name(name, both.new)]
        if names or any(at == index for _, at in both.removed.figures):
            yield made("text", sentence, "", sentence, "lost sentence")


_LOOKS: tuple[Callable[[Versions], Iterator[Finding]], ...] = (
    substitutions.find, _figures, _dates, _names, _sources, _negations, _quotes, _outlook, _events, _statements, _lost,
)  # fmt: skip


def findings(both: Versions) -> tuple[Finding, ...]:
    """Everything that differs in fact, in the order of kinds; weights lowered where the sentence only asks."""
    found: dict[tuple[str, str, str], Finding] = {}
    for look in _LOOKS:
        for finding in look(both):
            asked = both.headline(finding.change.sentence) and _QUESTION.search(finding.change.sentence)
            weight = finding.weight * QUESTION_FACTOR if asked else finding.weight
            change = finding.change
            if not both.had_body and not both.headline(change.sentence):
                continue
            found.setdefault(
                (change.kind, change.after or change.before, change.sentence), replace(finding, weight=weight)
            )
    return tuple(found.values())
