"""How values reach a terminal or a pipe: one JSON document, or a table; nothing from outside can drive the terminal."""

from __future__ import annotations

import json
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor.errors import UsageError

COLUMN_MIN = 8  # characters of a column, however narrow the terminal (set)
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="The configuration; else MONITOR_CONFIG, else config.toml."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def safe(text: object) -> str:
    """Text from outside made harmless: controls and format characters are written as escapes."""
    return "".join(
        char
        if char.isprintable() or char == " "
        else f"\\x{ord(char):02x}"
        if ord(char) < 256
        else f"\\u{ord(char):04x}"
        for char in str(text)
    )


def document(value: Any) -> None:
    """Print one JSON document to standard output."""
    print(json.dumps(value, ensure_ascii=not sys.stdout.encoding.lower().startswith("utf"), indent=2))


def answer(value: Any, json: bool, *lines: str) -> None:
    """What a verb answers: one JSON document, or lines for people."""
    if json:
        return document(value)
    for text in lines:
        line(text)
    return None


def complain(message: str) -> None:
    """One line to standard error."""
    print(f"monitor: {safe(message)}", file=sys.stderr)


def note(message: str) -> None:
    """One line to standard error beside an answer: what else its reader should see."""
    print(safe(message), file=sys.stderr)


def line(text: str) -> None:
    """One line to standard output; a line end at its beginning or end is ours and stays."""
    body = text.strip("\n")
    before = len(text) - len(text.lstrip("\n"))
    print("\n" * before + safe(body) + "\n" * (len(text) - len(body) - before))


@contextmanager
def documents_only(json: bool) -> Iterator[None]:
    """With `--json`, what a console channel prints meanwhile goes to standard error."""
    with redirect_stdout(sys.stderr if json else sys.stdout):
        yield


def table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], empty: str) -> None:
    """A plain table with aligned columns, cut to the terminal when there is one: heading -> key of the row.

    The last column, a title or an address, is cut first: ids and instants are what other verbs are given.
    """
    if not rows:
        print(empty)
        return
    cells = [[cell(row.get(key), key) for key in columns.values()] for row in rows]
    widths = [max(width_of(text) for text in column) for column in zip(columns, *cells, strict=True)]
    room = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    while room and sum(widths) + 2 * (len(widths) - 1) > room and max(widths) > COLUMN_MIN:
        last = len(widths) - 1
        widest = last if widths[last] > COLUMN_MIN else max(range(last), key=lambda position: widths[position])
        widths[widest] -= 1
    for cells_of_row in (list(columns), *cells):
        fitted = [fit(text, width) for text, width in zip(cells_of_row, widths, strict=True)]
        print("  ".join(fitted).rstrip())


def cell(value: Any, key: str = "") -> str:
    """A value as a table shows it; the instant of a key that ends in "at" to the minute."""
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if key == "at" or key.endswith("_at"):
        return minute(str(value))
    return safe(f"{value:.2f}" if isinstance(value, float) else value)


def minute(at: str | None) -> str:
    """ "2026-06-23 10:09" of an RFC 3339 instant in UTC; "-" for none."""
    return safe(at[:16].replace("T", " ")) if at else "-"


def count(number: int, noun: str) -> str:
    """ "1 alert", "2 alerts", "2 stories"."""
    many = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else many}"


def width_of(text: str) -> int:
    """Columns that a text takes: East Asian wide characters take two, combining marks none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def fit(text: str, width: int) -> str:
    """A text cut or filled to a width in columns."""
    if width_of(text) <= width:
        return text + " " * (width - width_of(text))
    while width_of(text) > width - 1:
        text = text[:-1]
    return text + "…" + " " * (width - 1 - width_of(text))


def instant(text: str) -> datetime:
    """ "7d", "12h", "30m" before now, or an RFC 3339 instant or date."""
    unit = {"d": "days", "h": "hours", "m": "minutes"}.get(text[-1:])
    try:
        if unit and text[:-1].isdecimal():
            return datetime.now(UTC) - timedelta(**{unit: int(text[:-1])})
        at = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{text!r} is no instant; write 7d, 12h, 30m, 2026-06-23 or 2026-06-23T10:00:00Z") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


class Progress:
    """A count on standard error while long work runs at a terminal; silent in a pipe."""

    def __init__(self, noun: str, every: int = 20) -> None:
        """`noun` is what is counted ("visits"); one in `every` counts is shown."""
        self._noun, self._every, self._count = noun, every, 0
        self._on = sys.stderr.isatty()

    def __call__(self, *_: object) -> None:
        """Count one more, whatever it was, and show how many, now and then."""
        self._count += 1
        if self._on and self._count % self._every == 0:
            print(f"\r{self._count} {self._noun}", end="", file=sys.stderr, flush=True)

    def done(self) -> None:
        """Clear the line."""
        if self._on:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def bullets(lines: Iterable[str]) -> None:
    """Lines with a dash each."""
    for text in lines:
        print(f"  - {safe(text)}")
