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


@cache
def words(name: str) -> frozenset[str]:
    """One of the word lists of `word_lists.tsv` ("small": words that carry no meaning of their own)."""
    return frozenset(next(row[1] for row in rows("word_lists.tsv") if row[0] == name).split())
