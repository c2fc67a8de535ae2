"""How far two reports of one story tell the same thing, and what one says that others have not said.

Reports are compared by concepts (places under any name, classes of events and of people, else word stems), not by
words: "Pyongyang dispatches sappers" and "N. Korea sends soldiers" are alike. Weights were set on labelled streams,
see `bench/novelty.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache

from monitor import data
from monitor.core import text
from monitor.core.language import quantities, quotations, statements, units, words
from monitor.core.novelty import claims, concepts, polarity, series
from monitor.model import Reason
from monitor.model.nouns import dataclass

LEAD_CHARS_MAX = 400  # characters of a lead that count (set)
FIGURE_BONUS = 0.15  # likeness added by a figure in common (set on labelled pairs)
QUOTE_BONUS = 0.3  # likeness added by a quotation in common (set on labelled pairs)
STANCE_PENALTY = 0.1  # likeness taken by a denial on one side (set on labelled pairs)
IN_TEXT_MIN = 10  # figures of a text that count; smaller ones are days and places (set)
# What was to come has come where both headlines are of one matter: "House to vote on tax", "House votes on tax".
SAME_MATTER_MIN = 0.3  # likeness of such headlines (set by reading)
OPPOSED_MIN = 0.2  # likeness of headlines of which one says that the other is not so (set on written pairs)

_Figure = tuple[float, float, str]
_NEGATION = data.whole_words("negated")
_AHEAD = re.compile(r"\b(?:to|will|would|could|may|might|should)\s(?:\w+ly\s|soon\s|be\s)?(?P<verb>\w+)", re.IGNORECASE)
_FAMILIES = frozenset(("people", "money", "percent", "area", "mass", "cases", "votes"))
_PEOPLE = frozenset(("people", "troops", "workers"))
_IRREGULAR = data.words("irregular_pasts")
_STEPS = ("planned", "ordered", "under way")
_TURNS = {"denied": "a denial", "reversed": "it is reversed", "delayed": "it is delayed"}


@dataclass(frozen=True, slots=False)
class Shape:
    """What a report is compared by, each part worked out when it is asked for: of most reports few ever are."""

    headline: str
    lead: str

    @cached_property
    def title(self) -> frozenset[str]:
        """The concepts of the headline."""
        return frozenset(concepts.find(self.headline))

    @cached_property
    def whole(self) -> frozenset[str]:
        """The concepts of headline and first lines."""
        return self.title.union(concepts.find(self.lead)) if self.lead else self.title

    @cached_property
    def titled(self) -> tuple[_Figure, ...]:
        """All figures of the headline."""
        return tuple(claims.figures(self.headline))

    @cached_property
    def counts(self) -> tuple[_Figure, ...]:
        """All figures."""
        return (*self.titled, *claims.figures(self.lead))

    @cached_property
    def figures(self) -> tuple[_Figure, ...]:
        """The figures that it is told for."""
        first = next(iter(text.sentences(self.lead)), "")
        return _counted(self.titled, 1) or _classed(_counted(claims.figures(first), IN_TEXT_MIN))

    @cached_property
    def known_figures(self) -> tuple[_Figure, ...]:
        """The figures that are known by it."""
        return _counted(self.titled, 0) + _classed(_counted(self.counts[len(self.titled) :], 0))

    @cached_property
    def ranked(self) -> frozenset[_Figure]:
        """The figures that its places say: who tells of a second death knows of two dead."""
        found = ((place, units.of(stem)) for place, stems in self.ranks for stem in stems)
        return frozenset((place, place, unit[0]) for place, unit in found if unit)

    @cached_property
    def ranks(self) -> tuple[series.Place, ...]:
        """The places of what its headline says is one more, with the stems beside."""
        return tuple(series.ranks(self.headline))

    @cached_property
    def further(self) -> tuple[series.Place, ...]:
        """How many more of what its headline tells of."""
        return tuple(series.further(self.headline))

    @cached_property
    def phase(self) -> str | None:
        """The phase that its headline states."""
        return statements.phase(self.headline)

    @cached_property
    def lead_phase(self) -> str | None:
        """The phase that its first lines state."""
        return statements.phase(self.lead) if self.lead else None

    @cached_property
    def negated(self) -> bool:
        """Whether its headline has a negation."""
        return bool(_NEGATION.search(self.headline))

    @cached_property
    def _affirmed(self) -> str:
        return polarity.affirmed(self.headline)

    @cached_property
    def denied(self) -> frozenset[str]:
        """What its headline says is not so."""
        saying_no = self._affirmed != self.headline
        return frozenset(map(concepts.of_word, polarity.denied(self.headline))) if saying_no else frozenset()

    @cached_property
    def affirmed(self) -> frozenset[str]:
        """What stands before any no of its headline, all of it where there is none."""
        return frozenset(concepts.find(self._affirmed)) if self._affirmed != self.headline else self.title

    @cached_property
    def plain(self) -> bool:
        """Whether its headline denies, doubts and asks nothing."""
        return self._affirmed == self.headline and not polarity.doubts(self.headline)

    @cached_property
    def _events(self) -> tuple[frozenset[str], frozenset[str]]:
        return _events(self.headline)

    @property
    def ahead(self) -> frozenset[str]:
        """The events that it says are to come."""
        return self._events[0]

    @property
    def done(self) -> frozenset[str]:
        """The events that it says have come."""
        return self._events[1]

    @cached_property
    def quotes(self) -> frozenset[str]:
        """What it quotes."""
        return quotations.find(f"{self.headline}\n{self.lead}")


@lru_cache(maxsize=4096)
def shape(title: str, lead: str) -> Shape:
    """What a report is compared by; give it at most `LEAD_CHARS_MAX` characters of text."""
    return Shape(title, lead)


def shape_whole(title: str, lead: str) -> list[object]:
    """All that may be asked of a report."""
    made = Shape(title, lead)
    return [getattr(made, name) for name, part in vars(Shape).items() if isinstance(part, cached_property)]


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
    if one.figures:
        known = [figure for shape in told for figure in shape.known_figures]
        ranked = frozenset[_Figure]().union(*(shape.ranked for shape in told))
        if changed := _changed_figure([figure for figure in one.figures if figure not in ranked], known):
            return Reason("figure", 1.0, 1.0, f"new: {changed}")
    if one.ranks and (rank := _one_more(one, told)):
        return Reason("series", 1.0, 1.0, f"new: one more, number {rank:.0f}")
    if one.further and (count := on_top(one, told)):
        return Reason("series", 1.0, 1.0, f"new: {count:.0f} more")
    if step := _next_phase(one, told) or _come(one, told):
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
        return not _one_more(one, [other]) and not on_top(one, [other])
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


def _next_phase(one: Shape, told: Sequence[Shape]) -> str:
    """What it states that none of `told` stated: a denial, a reversal, a step further; most headlines state nothing."""
    if one.phase is None:
        return ""
    phases = {shape.phase for shape in told}
    if any(_denies_the_same(one, shape) for shape in told):
        phases.add("denied")
    if one.phase in _TURNS and one.phase not in phases | {shape.lead_phase for shape in told}:
        return _TURNS[one.phase]
    if one.phase == "confirmed" and "denied" in phases and "confirmed" not in phases:
        return "confirmed after a denial"
    stated = [_STEPS.index(phase) for phase in phases if phase in _STEPS]
    if one.phase in _STEPS and stated and _STEPS.index(one.phase) > max(stated):
        return f"{one.phase} after {_STEPS[max(stated)]}"
    return ""


def _come(one: Shape, told: Sequence[Shape]) -> str:
    """What was to come by some of `told`, and has come."""
    if not one.done:
        return ""
    ahead = frozenset[str]().union(*(s.ahead for s in told if overlap(one.title, s.title) >= SAME_MATTER_MIN))
    done = frozenset[str]().union(*(shape.done for shape in told)) if ahead else ahead
    event = min(one.done & (ahead - done), default="")
    return f"what was to come has come ({event.removeprefix('event:')})" if event else ""


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


def on_top(one: Shape, told: Sequence[Shape]) -> float:
    """How many more it says there are of what `told` tell of, where none of them says so; or 0."""
    known = {count for shape in told for count, _ in series.further(shape.headline, told=True)}
    named = {words.stem(word) for shape in told for word in text.words_of(text.fold(shape.headline))}
    return next((count for count, stems in one.further if count not in known and not stems.isdisjoint(named)), 0.0)


def _one_more(one: Shape, told: Sequence[Shape]) -> float:
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
    return frozenset(concept for concept in map(concepts.of_word, words) if concept.startswith("event:"))
