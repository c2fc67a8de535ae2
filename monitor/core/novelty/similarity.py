"""How far two reports of one story tell the same thing, and what one says that others have not said.

Reports are compared by concepts (places under any name, classes of events and of people, else word stems), not by
words: "Pyongyang dispatches sappers" and "N. Korea sends soldiers" are alike. Weights were set on labelled streams,
see `bench/novelty.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import ahocorasick

from monitor import data
from monitor.core import text
from monitor.core.language import event_classes, gazetteer, quantities, quotations, statements, units, words
from monitor.core.language.words import stem
from monitor.core.novelty import claims, polarity
from monitor.model import Reason

LEAD_CHARS_MAX = 400  # characters of a lead that count (set)
FIGURE_BONUS = 0.15  # likeness added by a figure in common (set on labelled pairs)
QUOTE_BONUS = 0.3  # likeness added by a quotation in common (set on labelled pairs)
STANCE_PENALTY = 0.1  # likeness taken by a denial on one side (set on labelled pairs)
IN_TEXT_MIN = 10  # figures of a text that count; smaller ones are days and places (set)
# What was to come has come where both headlines are of one matter: "House to vote on tax", "House votes on tax".
SAME_MATTER_MIN = 0.3  # likeness of such headlines (set by reading)
OPPOSED_MIN = 0.2  # likeness of headlines of which one says that the other is not so (set on written pairs)
COPY_CONCEPTS_MIN = 4  # concepts of a headline whose copy is known by them alone (set)

_Figure = tuple[float, float, str]
_NEGATION = data.whole_words("negated")
_AHEAD = re.compile(r"\b(?:to|will|would|could|may|might|should)\s(?:\w+ly\s|soon\s|be\s)?(?P<verb>\w+)", re.IGNORECASE)
_AMERICA = re.compile(r"\bUS\b")
# "Fourth organ": one more of what happens again and again, unless what follows is no such thing ("third quarter").
_RANK = re.compile(r"\b(?:(?P<digits>\d{1,2})(?:st|nd|rd|th)|(?P<word>second|[a-z]{4,7}th|third))((?: [^\W\d_]+){1,3})")
_RANKS = {"second": 2} | {row[0]: int(row[2]) for row in data.rows("number_words.tsv") if row[1] == "rank"}
_NO_SERIES = data.words("no_series")
_FAMILIES = frozenset(("people", "money", "percent", "area", "mass", "cases", "votes"))
_PEOPLE = frozenset(("people", "troops", "workers"))
_IRREGULAR = data.words("irregular_pasts")
_SILENT = data.words("function_words.tsv")
_KINDS = {"soldiers": "troops", "workers": "workers"}
_STEPS = ("planned", "ordered", "under way")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a report is compared by. `ahead` are the events it says are to come, `done` those it says have come.

    `denied` is what its headline says is not so, `affirmed` what stands before any no, all of it where there is none;
    `plain`: it denies, doubts and asks nothing. `ranks` are the places of what its headline says is one more, with the
    stems beside; `counts` are all its figures.
    """

    title: frozenset[str]
    whole: frozenset[str]
    lead: bool
    figures: tuple[_Figure, ...]
    known_figures: tuple[_Figure, ...]
    counts: tuple[_Figure, ...]
    ranks: tuple[tuple[int, frozenset[str]], ...]
    phase: str | None
    lead_phase: str | None
    negated: bool
    denied: frozenset[str]
    affirmed: frozenset[str]
    plain: bool
    ahead: frozenset[str]
    done: frozenset[str]
    quotes: frozenset[str]


@lru_cache(maxsize=4096)
def shape(title: str, lead: str) -> Shape:
    """What a report is compared by; give it at most `LEAD_CHARS_MAX` characters of text."""
    headline = frozenset(concepts(title))
    first = next(iter(text.sentences(lead)), "")
    titled = claims.figures(title)
    counts = (*titled, *claims.figures(lead))
    figures = _counted(titled, 1) or _classed(_counted(claims.figures(first), IN_TEXT_MIN))
    ahead, done = _events(title)
    affirmed = polarity.affirmed(title)
    saying_no = affirmed != title
    return Shape(
        title=headline, whole=headline.union(concepts(lead)) if lead else headline, lead=bool(lead), figures=figures,
        known_figures=_counted(titled, 0) + _classed(_counted(counts[len(titled) :], 0)),
        counts=tuple(counts), ranks=tuple(_ranks(title)),
        phase=statements.phase(title), lead_phase=statements.phase(lead) if lead else None,
        negated=bool(_NEGATION.search(title)),
        denied=frozenset(map(_concept, polarity.denied(title))) if saying_no else frozenset(),
        affirmed=frozenset(concepts(affirmed)) if saying_no else headline,
        plain=not saying_no and not polarity.doubts(title), ahead=ahead, done=done,
        quotes=quotations.find(f"{title}\n{lead}"),
    )  # fmt: skip


@lru_cache(maxsize=32768)
def fingerprint(title: str) -> str:
    """A headline's concepts in one string: equal for copies, cheap to keep for thousands; "" for very short ones."""
    found = concepts(title)
    return " ".join(sorted(found)) if len(found) >= COPY_CONCEPTS_MIN else ""


def concepts(said: str) -> dict[str, str]:
    """The concepts of a text, each with the word it stands for: places, event classes, kinds of people, stems."""
    found: dict[str, str] = {}
    for concept, name in _named(said):
        found.setdefault(concept, name)
    for word in text.words(_without_places(text.fold(_AMERICA.sub("america", said)), found)):
        if word not in _SILENT and not word[0].isdigit() and len(word) > 1:
            found.setdefault(_concept(word), word)
    return found


@lru_cache(maxsize=2048)
def terms(said: str) -> dict[str, str]:
    """What a text's words stand for, each with the word: places and people under one name, else stems; no small words.

    Unlike concepts, words of one class of events stay apart; they are compared by their classes beside.
    """
    found: dict[str, str] = {}
    rest = text.fold(_AMERICA.sub("america", said))
    for concept, name in _named(said):
        found.setdefault(concept, name)
        rest = re.sub(rf"(?<!\w){re.escape(name)}(?:'s)?(?!\w)", " ", rest)
    for word in text.words(_without_places(rest, found)):
        if word not in _SILENT and len(word) > 1:
            found.setdefault(_term(word), word)
    return found


def _without_places(folded: str, found: dict[str, str]) -> str:
    """A text without the places that it names, which are noted in `found`."""
    pattern, spelt, named = _places()
    if next(named(folded), None) is None:  # most name none, and the pattern tries each name at each letter
        return folded

    def place(match: re.Match[str]) -> str:
        name = match.group().removesuffix("'s")
        found.setdefault(f"place:{spelt[name]}", name)
        return " "

    return pattern.sub(place, folded)


@lru_cache(maxsize=20_000)
def _term(word: str) -> str:
    """As figures stand; the counted by their kind; a name of several spellings by its first."""
    unit = units.of(word)
    if unit and unit[1] == "people" and not event_classes.of_word(word):
        return f"people:{unit[0]}"
    concept = _tables().get(word, "")
    return concept if concept and not concept.startswith("event:") else words.stem(word)


def value(one: Shape, other: Shape) -> float:
    """How far two reports tell the same, 0..1: concepts of headline, or of headline and first lines where both have
    them; more where they share a figure or a quotation, less where only one is a denial."""
    alike = overlap(one.title, other.title)
    if one.lead and other.lead:
        alike = max(alike, overlap(one.whole, other.whole))
    if one.figures and other.known_figures and _shared_figures(one.figures, other.known_figures):
        alike += FIGURE_BONUS
    if one.quotes and not one.quotes.isdisjoint(other.quotes):
        alike += QUOTE_BONUS
    if (one.phase == "denied") != (other.phase == "denied"):
        alike -= STANCE_PENALTY
    return min(alike, 1.0)


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Half the overlap coefficient, half Jaccard's: a headline inside a longer one counts, chance hits count less."""
    shared = len(one & other)
    if not shared:
        return 0.0
    first, second = len(one), len(other)
    return 0.5 * shared / (first if first < second else second) + 0.5 * shared / (first + second - shared)


def difference(one: Shape, told: Sequence[Shape]) -> Reason | None:
    """What a report says that none of `told` said: a changed figure, a denial, a reversal, a next step."""
    if _opposite(one, told):
        return Reason("negation", 1.0, 1.0, "new: it says the opposite")
    known = [figure for shape in told for figure in shape.known_figures]
    if changed := _changed_figure(one.figures, known):
        return Reason("figure", 1.0, 1.0, f"new: {changed}")
    if one.ranks and (rank := _one_more(one, told)):
        return Reason("series", 1.0, 1.0, f"new: one more, number {rank}")
    phases = {shape.phase for shape in told}
    if any(_denies_the_same(one, shape) for shape in told):
        phases.add("denied")
    stated_phases = phases | {shape.lead_phase for shape in told}
    if one.phase in ("denied", "reversed", "delayed") and one.phase not in stated_phases:
        word = {"denied": "a denial", "reversed": "it is reversed", "delayed": "it is delayed"}[one.phase]
        return Reason("phase", 1.0, 1.0, f"new: {word}")
    if one.phase == "confirmed" and "denied" in phases and "confirmed" not in phases:
        return Reason("phase", 1.0, 1.0, "new: confirmed after a denial")
    step = _next_step(one, told, phases)
    if step:
        return Reason("phase", 1.0, 1.0, f"new: {step}")
    if one.negated and all(shape.affirmed == shape.title for shape in told) and _nearly(one, told):
        return Reason("negation", 1.0, 1.0, "new: it says the opposite")
    return None


def says(news: Reason, one: Shape, other: Shape) -> bool:
    """Whether `other` says the very thing that makes `one` news against an older development."""
    if news.signal == "figure":
        return bool(_shared_figures(one.figures, other.known_figures))
    if news.signal == "negation":
        return bool(one.denied & other.denied) or (one.plain and other.plain and _nearly(one, [other]))
    if news.signal == "series":
        return not _one_more(one, [other])
    return news.signal == "phase" and one.phase is not None and one.phase == other.phase


def _opposite(one: Shape, told: Sequence[Shape]) -> bool:
    """Whether it says that what some of `told` say is not so, or that what they deny is; and none says the same."""
    near = [shape for shape in told if overlap(one.title, shape.title) >= OPPOSED_MIN]
    if one.denied:
        said = any(one.denied & (shape.title - shape.denied) for shape in near)
        return said and not any(_denies_the_same(one, shape) for shape in told)
    denied = frozenset[str]().union(*(shape.denied for shape in near)) & one.title
    return one.plain and bool(denied) and not any(shape.plain and denied & shape.title for shape in told)


def _denies_the_same(one: Shape, other: Shape) -> bool:
    if one.denied & other.denied:
        return True
    both = one.affirmed != one.title and other.affirmed != other.title and not one.denied & other.affirmed
    return both and overlap(one.title, other.title) >= SAME_MATTER_MIN


def _next_step(one: Shape, told: Sequence[Shape], phases: set[str | None]) -> str:
    stated = [_STEPS.index(phase) for phase in phases if phase in _STEPS]
    if one.phase in _STEPS and stated and _STEPS.index(one.phase) > max(stated):
        return f"{one.phase} after {_STEPS[max(stated)]}"
    ahead = frozenset[str]().union(*(s.ahead for s in told if overlap(one.title, s.title) >= SAME_MATTER_MIN))
    done = frozenset[str]().union(*(shape.done for shape in told))
    for event in sorted(one.done & (ahead - done)):
        return f"what was to come has come ({event.removeprefix('event:')})"
    return ""


def _nearly(one: Shape, told: Iterable[Shape]) -> bool:
    return any(overlap(one.title, shape.title) >= 0.6 for shape in told)


def _changed_figure(figures: Sequence[_Figure], known: Sequence[_Figure]) -> str:
    for figure in figures:
        unit = figure[2]
        rivals = [rival for rival in known if _same_unit(rival[2], unit)]
        if any(equal(figure, rival) for rival in known if rival in rivals or not rival[2] or not unit):
            continue
        replaced = [rival for rival in rivals if not any(equal(rival, other) for other in figures)]
        if replaced and unit == "people":
            return _written(figure)  # the dead, the missing or the hurt: which of them it replaces, only claims know
        if replaced:
            return f"{_written(replaced[-1])} became {_written(figure)}"
        if rivals:
            return f"also {_written(figure)}, beside {_written(rivals[-1])}"
    return ""


def _ranks(title: str) -> Iterator[tuple[int, frozenset[str]]]:
    """Places of a headline with the stems beside them; without any where it is no place in a series."""
    for found in _RANK.finditer(text.fold(title)):
        number = int(found["digits"]) if found["digits"] else _RANKS.get(found["word"], 0)
        beside = found[3].split()
        unit = units.of(beside[0])
        if (
            number > 1
            and _NO_SERIES.isdisjoint(beside[:2])
            and not beside[0].endswith("est")
            and (unit or ("",))[0] != "days"
        ):
            said = () if beside[0] in _SILENT else beside  # "second in command" is no second of its kind
            yield number, frozenset(words.stem(word) for word in said if word not in _SILENT)


def _one_more(one: Shape, told: Sequence[Shape]) -> int:
    """The place of what is one more than any of `told` count, or 0."""
    for number, stems in (rank for rank in one.ranks if rank[1]):
        known = (place for shape in told for place, _ in shape.ranks)
        counted = (high for shape in told for _, high, unit in shape.counts if unit and words.stem(unit) in stems)
        if max((*known, *counted), default=0) < number:
            return number
    return 0


def _written(figure: _Figure) -> str:
    low, high, unit = figure
    return f"{_amount(high) if low == high else f'{_amount(low)}-{_amount(high)}'} {unit}".strip()


def _amount(value: float) -> str:
    for size, word in ((1e12, " trillion"), (1e9, " billion"), (1e6, " million")):
        if value >= size:
            return f"{value / size:.4g}{word}"
    return f"{value:,.10g}"


def _same_unit(one: str, other: str) -> bool:
    return one == other or (one in _PEOPLE and other in _PEOPLE and "people" in (one, other))


def equal(one: _Figure, other: _Figure) -> bool:
    """Whether two figures, as low, high and unit, may be the same, whatever they count."""
    if one[0] < one[1] or other[0] < other[1]:
        return one[0] <= other[1] and other[0] <= one[1]
    return quantities.same_range(one[0], one[1], False, other[0], other[1], False)


def _shared_figures(figures: Iterable[_Figure], known: Sequence[_Figure]) -> tuple[_Figure, ...]:
    return tuple(
        one for one in figures if one[1] >= 10 and any(_same_unit(one[2], k[2]) and equal(one, k) for k in known)
    )


def _counted(figures: Iterable[_Figure], least: float) -> tuple[_Figure, ...]:
    """Figures worth comparing: of a class that news counts, or bare and not small; with `least`, only near exact."""
    return tuple(
        (low, high, unit)
        for low, high, unit in figures
        if (units.family_of(unit) in _FAMILIES and high >= least) or (not unit and high >= IN_TEXT_MIN)
        if not least or high <= 2 * low
    )


def _classed(figures: Iterable[_Figure]) -> tuple[_Figure, ...]:
    """Running text is full of bare numbers that count something else."""
    return tuple(figure for figure in figures if figure[2])


def _events(title: str) -> tuple[frozenset[str], frozenset[str]]:
    folded = text.fold(title)
    ahead = {match.group("verb") for match in _AHEAD.finditer(folded)}
    done = {
        word
        for word in text.words(folded)
        if word not in ahead and (word in _IRREGULAR or (len(word) > 4 and word.endswith(("s", "ed"))))
    }
    return _event_classes(ahead), _event_classes(done)


def _event_classes(words: Iterable[str]) -> frozenset[str]:
    return frozenset(concept for concept in map(_concept, words) if concept.startswith("event:"))


@lru_cache(maxsize=512)  # terms and concepts of a text are asked for one after the other
def _named(said: str) -> tuple[tuple[str, str], ...]:
    """Countries and kinds of people in any of the languages that the name tables cover."""
    folded, names = text.fold(said), gazetteer.actor_names()
    actors, people = (finder.find(said, folded).items() for finder in (gazetteer.actors(), gazetteer.people()))
    places = [(f"place:{names[code].lower()}", found.surface) for code, found in actors]
    return *places, *[(f"people:{_KINDS[kind]}", found.surface) for kind, found in people if kind in _KINDS]


@lru_cache(maxsize=20_000)
def _concept(word: str) -> str:
    unit = units.of(word)
    if unit and unit[1] == "people":
        return f"people:{unit[0]}"
    return _tables().get(word) or _tables().get(stem(word)) or stem(word)


@cache
def _tables() -> dict[str, str]:
    """Event classes by stem, and one-word names under their first spelling."""
    table: dict[str, str] = {}
    for row in data.rows("events.tsv"):
        for word in row[1].split():
            table.setdefault(stem(text.fold(word)), f"event:{row[0]}")
    for row in data.rows("name_variants.tsv"):
        for word in row[1].split() if " " not in row[0] else ():
            table[text.fold(word)] = row[0]
    return table


@cache
def _places() -> tuple[re.Pattern[str], dict[str, str], Callable[[str], Iterator[object]]]:
    """Names of places as a pattern, the first spelling of each, and where the letters of any stand in a text."""
    spelt: dict[str, str] = {}
    for row in data.rows("places.tsv"):
        names = [text.fold(name.strip()) for name in ",".join(row).split(",")]
        for name in names:
            if name != "us":
                spelt.setdefault(name, names[0])
    ordered = sorted(spelt, key=lambda name: (-len(name), name))
    automaton = ahocorasick.Automaton(ahocorasick.STORE_LENGTH)
    for name in ordered:
        automaton.add_word(name)
    automaton.make_automaton()
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, ordered)) + r")(?:'s)?(?!\w)")
    return pattern, spelt, automaton.iter
