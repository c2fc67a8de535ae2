"""Where a key stands, in words: "config.toml line 12, [[source]] 2: url"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

Location = tuple[str | int, ...]
_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\-\"' ]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-]+|\"[^\"]+\"|'[^']+')\s*=(.*)$")


def name(path: Path, places: Mapping[Location, str], location: Location) -> str:
    """The place of a key, or of the nearest table around it, and the key itself."""
    for length in range(len(location), 0, -1):
        if location[:length] in places:
            return f"{places[location[:length]]}, {_spell(location)}"
    return f"{path}, {_spell(location)}" if location else str(path)


def _spell(location: Location) -> str:
    if len(location) > 1 and isinstance(location[1], int):
        head = f"[[{location[0]}]] {location[1] + 1}"
        return f"{head}: {'.'.join(map(str, location[2:]))}" if len(location) > 2 else head
    return f"[{location[0]}] {'.'.join(map(str, location[1:]))}".rstrip() if len(location) > 1 else str(location[0])


def lines(text: str, path: Path) -> dict[Location, str]:
    """The place of each table and key; multi-line strings are skipped. TOML libraries do not keep them."""
    found: dict[Location, str] = {}
    table: Location = ()
    counts: dict[str, int] = {}
    closing = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if closing:
            closing = "" if closing in line else closing
            continue
        if header := _HEADER.match(line):
            name = header[2].strip("\"' ")
            if header[1] == "[[":
                counts[name] = counts.get(name, -1) + 1
                table = (name, counts[name])
            else:
                table = tuple(part.strip("\"' ") for part in name.split("."))
            found.setdefault(table, f"{path} line {number}")
        elif pair := _KEY.match(line):
            found.setdefault((*table, pair[1].strip("\"'")), f"{path} line {number}")
            for quotes in ('"""', "'''"):
                if pair[2].count(quotes) == 1:
                    closing = quotes
    return found
