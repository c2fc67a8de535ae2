"""Full text in each database's own words: FTS5 of SQLite, `tsvector` of PostgreSQL. Texts come as words already.

Neither keeps the texts themselves; a row that has no fellow in `search_rows` is found no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from monitor.model import Phrase, Query
from monitor.stores.sql import FullText, Session


class Fts5(FullText):
    """SQLite: a table without contents, which no release since 2016 lacks."""

    def put(self, session: Session, texts: Sequence[tuple[int, str]]) -> None:
        session.change_many("INSERT INTO search_words (rowid, words) VALUES (?, ?)", texts)

    def clear(self, session: Session) -> None:
        """Forget all: the only deletion that such a table allows without the old text."""
        session.change("INSERT INTO search_words (search_words) VALUES ('delete-all')")

    def condition(self, looked_for: Query) -> tuple[str, list[Any]]:
        """`id IN (... MATCH ?)`, each phrase in quotes."""
        expression = " ".join(map(_fts5, looked_for.wanted))
        for phrase in looked_for.unwanted:
            expression = f"({expression}) NOT {_fts5(phrase)}"
        return "id IN (SELECT rowid FROM search_words WHERE search_words MATCH ?)", [expression]


def _fts5(phrase: Phrase) -> str:
    quoted = " ".join(phrase.words).replace('"', '""')
    return f'"{quoted}"' + ("*" if phrase.begins else "")


class TsVector(FullText):
    """PostgreSQL: vectors of the configuration `simple`, which leaves words as they are."""

    def put(self, session: Session, texts: Sequence[tuple[int, str]]) -> None:
        session.change_many("INSERT INTO search_words (id, words) VALUES (?, to_tsvector('simple', ?))", texts)

    def clear(self, session: Session) -> None:
        session.change("DELETE FROM search_words")

    def condition(self, looked_for: Query) -> tuple[str, list[Any]]:
        """`id IN (... words @@ ...)`, each phrase a query of its own."""
        parts: list[str] = []
        values: list[Any] = []
        for sign, phrases in (("", looked_for.wanted), ("!! ", looked_for.unwanted)):
            for phrase in phrases:
                if phrase.begins:
                    parts.append(f"{sign}to_tsquery('simple', ?)")
                    quoted = ("'" + word.replace("\\", "").replace("'", "''") + "'" for word in phrase.words)
                    values.append(" <-> ".join(quoted) + ":*")
                else:
                    parts.append(f"{sign}phraseto_tsquery('simple', ?)")
                    values.append(" ".join(phrase.words))
        condition = " && ".join(parts)
        return f"id IN (SELECT id FROM search_words WHERE words @@ ({condition}))", values  # noqa: S608 (constants)
