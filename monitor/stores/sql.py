"""What the parts of a store ask of a database: sessions, and statements that SQLite and PostgreSQL read alike.

Statements are written once, with `?` for each value; a database that spells it otherwise converts in its session.
Portable means: text, integers, doubles and bytes; ON CONFLICT; no function that one of them lacks; no `%`. Full text is
the one exception: see `FullText`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol, TypeVar

from monitor.model import Query

T = TypeVar("T")
Row = tuple[Any, ...]

CHUNK = 500  # values in one statement: SQLite takes 32,766, and plans grow (set)
_PASSWORD = re.compile(r"(//[^/@]*?):[^/]*@")
_PASSWORD_WORD = re.compile(r"([?&]password=)[^&]*")


def shown(url: str) -> str:
    """The address of a state without the password that it may carry."""
    return _PASSWORD.sub(r"\1@", _PASSWORD_WORD.sub(r"\1...", url))


class Session(Protocol):
    """One transaction's view of the database.

    `locking` ends a query whose rows are to be held until the transaction ends, `skipping` one that passes over rows
    which another transaction holds; both are empty where there is one writer at a time anyway.
    """

    locking: str
    skipping: str

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows of a query."""

    def answers(self, queries: Sequence[tuple[str, Sequence[Any]]]) -> list[list[Row]]:
        """All rows of some queries, none of which needs the answer to another."""

    def change(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run one statement; how many rows it changed."""

    def change_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> int:
        """Run one statement for each row of values; how many rows were changed in all."""

    def put_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement for each row of values, in order, but perhaps not before the next that is answered."""


class FullText(Protocol):
    """An index of words by the number of a row, in the database's own words."""

    def put(self, session: Session, texts: Sequence[tuple[int, str]]) -> None:
        """Make texts findable: the number of a row, and its words."""

    def clear(self, session: Session) -> None:
        """Forget all."""

    def condition(self, looked_for: Query) -> tuple[str, list[Any]]:
        """A condition on the column `id`, with its values."""


class Database(Protocol):
    """A database that runs transactions and raises only `StoreError` and its kinds. Safe to use from any thread.

    `shared`: other processes may write to it too. `full_text` is how it finds words.
    """

    shared: bool
    full_text: FullText

    def read(self) -> AbstractContextManager[Session]:
        """A transaction that sees one state throughout and writes nothing; within another block that block's."""

    def write(self) -> AbstractContextManager[Session]:
        """A transaction that commits at the end of the block, or leaves no trace where that raises.

        Within a block of the same thread it is that block's transaction, which ends as the outer block ends.
        """

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows of one query by itself: a whole transaction, for which nothing else needs to be said."""

    def end_silent(self) -> None:
        """Take from others what they hold where they have fallen silent; called every few seconds."""

    def now(self) -> datetime | None:
        """The instant on the database's own clock; None where it has none but the machine's."""

    def refuse_newer(self) -> None:
        """StoreTooNew where the schema has been changed since by a newer monitor."""

    def check(self) -> list[str]:
        """Problems found by the database's own integrity check."""

    def backup(self, path: str) -> None:
        """Write a consistent copy while running."""

    def close(self) -> None:
        """Release everything held."""


class Part:
    """A part of a store: some of its verbs, over one database."""

    _database: Database


def chunks(values: Sequence[T]) -> Iterator[list[T]]:
    """Lists of at most `CHUNK`, filled up to 1, 4, 16, ... by repeating the last value: few statements, all cached."""
    for start in range(0, len(values), CHUNK):
        chunk = list(values[start : start + CHUNK])
        room = 1
        while room < len(chunk):
            room *= 4
        chunk += [chunk[-1]] * (min(room, CHUNK) - len(chunk))
        yield chunk


def filled(values: Sequence[T]) -> list[T]:
    """All of these in one list, filled up as `chunks` are, where they are not too many."""
    return next(chunks(values), []) if len(values) <= CHUNK else list(values)


def within(
    session: Session | Database, query: str, values: Sequence[str], before: Sequence[str] = (), after: str = ""
) -> list[Row]:
    """The rows of `query`, which ends in IN, for any number of values; `before` are those of its earlier marks."""
    return [
        row
        for chunk in chunks(values)
        for row in session.rows(f"{query} ({marks(len(chunk))}){after}", (*before, *chunk))
    ]


def together(session: Session, *questions: tuple[str, Sequence[str]]) -> list[list[Row]]:
    """The rows of several such queries, each with its values, none of which needs the answer to another."""
    parts = [(number, query, chunk) for number, (query, values) in enumerate(questions) for chunk in chunks(values)]
    answers = session.answers([(f"{query} ({marks(len(chunk))})", chunk) for _, query, chunk in parts]) if parts else []
    found: list[list[Row]] = [[] for _ in questions]
    for (number, *_), rows in zip(parts, answers, strict=True):
        found[number] += rows
    return found


def given(*asked: tuple[str, Any]) -> tuple[list[str], list[Any]]:
    """Of conditions on a value each those whose value is not None, and these values."""
    return [condition for condition, value in asked if value is not None], [
        value for _, value in asked if value is not None
    ]


def where(conditions: Sequence[str]) -> str:
    """The clause of a query that asks for all of these, "" for none."""
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def marks(count: int) -> str:
    """`?, ?, ?` for a list of values."""
    return ", ".join("?" * count)
