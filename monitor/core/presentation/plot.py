"""Claims over time as SVG: one lane a subject, one mark a statement, each with its value and who said it beside it.

The page prints it twice, wide and narrow, and CSS shows the one that fits, so that text is 12 px on a desk and on a
phone. No legend, no tooltip: a label stands at its mark, in the first free place; where there is none it loses its
speaker, then itself (the table under the plot has all). Standing and newest statements choose first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from itertools import pairwise
from textwrap import wrap

from monitor.core.presentation.claim_lanes import Lane, Statement
from monitor.core.presentation.moments import MONTHS

WIDE, NARROW = 680, 320  # units of the drawing, one a pixel on a desk and on a phone
# Widths of a letter and the height of a line at 12 px, by eye with Liberation Sans and 1 px to spare.
CHAR_PX, BOLD_PX, LINE_PX = 6.3, 7.3, 14
# Labels in one lane; more would stand on one another.
LABELS_MAX = 6
LABEL_CHARS_MAX = 34  # characters of a label (set by looking)
NAME_CHARS_MAX = 18  # characters of a speaker (set by looking)
STEP_DAYS = (1, 2, 7, 14, 31, 61, 92, 183, 366, 1826)  # between two ticks: a day to five years
Box = tuple[float, float, float, float]
Place = tuple[float, str, float]


@dataclass(slots=True)
class _Canvas:
    """What was drawn, and which boxes are taken."""

    width: int
    start: date
    end: date
    back: list[str] = field(default_factory=list)
    front: list[str] = field(default_factory=list)
    taken: list[Box] = field(default_factory=list)

    @property
    def left(self) -> int:
        return 150 if self.width == WIDE else 8

    @property
    def right(self) -> int:
        return 14 if self.width == WIDE else 8

    def x(self, day: date) -> float:
        span = (self.end - self.start).days or 1
        return self.left + 10 + (day - self.start).days / span * (self.width - self.left - self.right - 20)

    def text(self, x: float, y: float, words: str, cls: str, anchor: str = "start") -> None:
        place = f'x="{x:.0f}" y="{y:.0f}" class="{cls}" text-anchor="{anchor}"'
        self.back.append(f"<text {place}>{escape(words)}</text>")

    def grid(self, y: float, dashes: str = "") -> None:
        x1, x2 = (0, self.width) if dashes else (self.left, self.width - self.right)
        self.back.append(f'<line class="grid" x1="{x1}" x2="{x2}" y1="{y:.0f}" y2="{y:.0f}"{dashes}/>')

    def free(self, box: Box) -> bool:
        if box[0] < self.left - 4 or box[2] > self.width:
            return False
        return not any(box[0] < t[2] and box[2] > t[0] and box[1] < t[3] and box[3] > t[1] for t in self.taken)


@dataclass(frozen=True, slots=True)
class _Mark:
    x: float
    up: float
    down: float
    shown: str
    who: str
    state: str


def draw(lanes: Sequence[Lane], width: int, seed_label: str = "your article") -> str:
    """The plot as markup, "" for no statement."""
    days = [said.day for lane in lanes for said in lane.said]
    if not days:
        return ""
    canvas = _Canvas(width, min(days), max(days))
    y = 6.0
    for lane in lanes:
        y = _lane(canvas, lane, y, seed_label)
    y += 12
    _axis(canvas, y)
    cls, drawn = "wide" if width == WIDE else "narrow", "".join(canvas.back + canvas.front)
    label = "Claims over time; the table below says the same"
    return f'<svg class="{cls}" viewBox="0 0 {width} {y + 8:.0f}" role="img" aria-label="{label}">{drawn}</svg>'


def _lane(canvas: _Canvas, lane: Lane, y: float, seed_label: str) -> float:
    """One lane from `y` down; where the next begins."""
    wide = canvas.width == WIDE
    speakers = {said.who for said in lane.said if not said.state}
    common = speakers.pop() if len(speakers) == 1 and len(lane.said) > 2 else ""
    notes = [f"says {common}"] if common else []
    notes += [f"{seed_label}: {lane.seed}"] if lane.seed else []
    scaled = len({(said.low, said.high) for said in lane.said}) >= 3
    head = 0 if wide else 20 + LINE_PX * len(notes)
    height = (150 if scaled else 76) + head
    x = 0 if wide else canvas.left
    chars_max = NAME_CHARS_MAX if wide else LABEL_CHARS_MAX
    names = wrap(lane.subject, chars_max, max_lines=2 if wide else 1, placeholder="…") or [""]
    for number, name in enumerate(names):
        canvas.text(x, y + 15 + LINE_PX * number, name, "name")
    for number, note in enumerate(notes, start=len(names)):
        canvas.text(x, y + 16 + LINE_PX * number, _cut(note, chars_max + 4), "who")
    marks = _marks(canvas, lane.said, common, y + head, y + height, scaled)
    _path(canvas, marks)
    for mark in marks:
        canvas.front.append(_shape(mark))
    _labels(canvas, marks, scaled, y + head - 6, y + height + 4)
    canvas.grid(y + height + 6, ' stroke-dasharray="2 4"')
    return y + height + 10


def _marks(
    canvas: _Canvas, said: Sequence[Statement], common: str, top: float, bottom: float, scaled: bool
) -> list[_Mark]:
    """Where each statement stands: by its value where the lane has a scale, else on one line."""
    numbers = [number for each in said for number in (each.low, each.high)]
    low, high = min(numbers), max(numbers)
    floor = 0.0 if low < high * 0.55 else low * 0.8
    upper, lower = top + 40, bottom - 24

    def y(value: float) -> float:
        return lower - (value - floor) / ((high - floor) or 1) * (lower - upper) if scaled else top + 46

    for level in (floor, high) if scaled else (high,):
        canvas.grid(y(level))
        if scaled:
            words = f"{level:,.0f}"
            right = canvas.width - canvas.right
            canvas.text(right, y(level) - 5, words, "who", "end")
            canvas.taken.append((right - BOLD_PX * len(words), y(level) - 17, right, y(level)))
    marks = [
        _Mark(canvas.x(each.day), min(y(each.low), y(each.high)), max(y(each.low), y(each.high)), each.shown,
              "" if each.who == common else each.who, each.state)
        for each in said
    ]  # fmt: skip
    canvas.taken += [(mark.x - 7, mark.up - 7, mark.x + 7, mark.down + 7) for mark in marks]
    return marks


def _path(canvas: _Canvas, marks: Sequence[_Mark]) -> None:
    """The line through what stands; labels keep clear of it."""
    path = [(mark.x, (mark.up + mark.down) / 2) for mark in marks if not mark.state]
    if len(path) < 2:
        return
    canvas.back.append('<path class="path" d="M' + "L".join(f"{x:.0f} {y:.0f}" for x, y in path) + '"/>')
    for (x0, y0), (x1, y1) in pairwise(path):
        for step in range(41):
            x, y = x0 + (x1 - x0) * step / 40, y0 + (y1 - y0) * step / 40
            canvas.taken.append((x - 2, y - 2, x + 2, y + 2))


def _shape(mark: _Mark) -> str:
    if mark.down - mark.up > 2:
        ends = f'y1="{mark.up:.0f}" y2="{mark.down:.0f}"'
        return f'<line class="bar" x1="{mark.x:.0f}" x2="{mark.x:.0f}" {ends}/>'
    return f'<circle class="{mark.state or "p"}" cx="{mark.x:.0f}" cy="{mark.up:.0f}" r="5"/>'


def _labels(canvas: _Canvas, marks: Sequence[_Mark], scaled: bool, top: float, bottom: float) -> None:
    order = sorted(range(len(marks)), key=lambda i: (bool(marks[i].state), -i if i == len(marks) - 1 else i))
    for number in order[:LABELS_MAX]:
        mark = marks[number]
        shown = _cut(mark.shown, LABEL_CHARS_MAX)
        for words in dict.fromkeys((_cut(mark.who, LABEL_CHARS_MAX), "")):
            wide = max(len(shown) * BOLD_PX, len(words) * CHAR_PX)
            tall = LINE_PX + 3 if words else 3
            spot = next(
                (
                    (x, y, anchor, box)
                    for dx, anchor, y in _places(mark, scaled, bool(words))
                    for x in (mark.x + dx,)
                    for box in (_box(x, y, wide, tall, anchor),)
                    if box[1] >= top and box[3] <= bottom and canvas.free(box)
                ),
                None,
            )
            if spot:
                x, y, anchor, box = spot
                canvas.taken.append(box)
                canvas.text(x, y, shown, f"v v{mark.state}", anchor)
                if words:
                    canvas.text(x, y + LINE_PX, words, "who", anchor)
                break


def _box(x: float, y: float, wide: float, tall: float, anchor: str) -> Box:
    x0 = x - (wide if anchor == "end" else wide / 2 if anchor == "middle" else 0)
    return (x0, y - 11, x0 + wide, y + tall)


def _places(mark: _Mark, scaled: bool, spoken: bool) -> Iterator[Place]:
    """Places for a label, the best first: offset to the right, anchor, height."""
    up, down, middle = mark.up, mark.down, (mark.up + mark.down) / 2
    above = -25 if spoken else -11
    if not scaled:
        for dx, anchor in ((-6, "start"), (6, "end"), (0, "middle")):
            yield dx, anchor, up + above
        yield from ((-6, "start", up + 20), (6, "end", up + 20))
        return
    yield from ((12, "start", middle - 3), (-12, "end", middle - 3))
    yield from ((0, "middle", up + above), (0, "middle", down + 20), (6, "end", up + above), (-6, "start", up + above))
    yield from ((6, "end", down + 20), (12, "start", down + 12), (-12, "end", down + 12))
    yield from ((12, "start", up - 27), (-12, "end", up - 27))


def _axis(canvas: _Canvas, y: float) -> None:
    """Days or months under the lanes, as many as fit."""
    span = (canvas.end - canvas.start).days or 1
    most = 7 if canvas.width == WIDE else 4
    step = next((days for days in STEP_DAYS if span / days <= most), STEP_DAYS[-1])
    first, free_from = True, 0.0
    for tick in _ticks(canvas.start, canvas.end, step):
        day = f"{tick.day} {MONTHS[tick.month - 1]}" if step < 31 else MONTHS[tick.month - 1]
        shown = f"{day} {tick.year}" if first or (tick.month == 1 and step >= 31) else day
        half = len(shown) * CHAR_PX / 2
        x = max(canvas.x(tick), canvas.left + half)
        if x + half < canvas.width and x - half > free_from:
            canvas.text(x, y, shown, "tick", "middle")
            first, free_from = False, x + half + 6


def _ticks(start: date, end: date, step: int) -> Iterator[date]:
    if step < 31:
        for ordinal in range(start.toordinal(), end.toordinal() + 1, step):
            yield date.fromordinal(ordinal)
        return
    months = round(step / 30.5)
    number = start.year * 12 + start.month - 1
    # Where no first of a month lies between, the axis begins at the start itself.
    if date((number + 1) // 12, (number + 1) % 12 + 1, 1) > end:
        yield start
    for each in range(number + 1, end.year * 12 + end.month, months):
        yield date(each // 12, each % 12 + 1, 1)


def _cut(text: str, chars_max: int) -> str:
    return text if len(text) <= chars_max else f"{text[: chars_max - 1]}…"


def spark(days: Sequence[int | None]) -> str:
    """Entries a day as bars; None: visited, but never read that day (red)."""
    top, step = max([day or 0 for day in days] + [1]), 112 / max(len(days), 1)
    bars = []
    for number, day in enumerate(days):
        tall = 28.0 if day is None else max(2.0, day / top * 26)
        cls = "miss" if day is None else "zero" if not day else ""
        place = f'x="{number * step:.1f}" width="{step - 1.5:.1f}" y="{28 - tall:.1f}" height="{tall:.1f}"'
        bars.append(f'<rect class="{cls}" {place}/>')
    drawn = "".join(bars)
    return f'<svg class="spark" viewBox="0 0 112 28" preserveAspectRatio="none" aria-hidden="true">{drawn}</svg>'
