"""The shipped constant tables: data, never code. Tab-separated, UTF-8, `#` starts a comment line."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def read(name: str) -> str:
    """A shipped text ("webhook.schema.json")."""
    return (files(__name__) / name).read_text(encoding="utf-8")


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a table shipped in this package ("units.tsv"), split at tabs, without blank and comment lines."""
    return tuple(
        tuple(cell.strip() for cell in line.split("\t"))
        for line in read(name).splitlines()
        if line.strip() and not line.startswith("#")
    )
