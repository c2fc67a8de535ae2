"""The shipped constant tables: data, never code. Tab-separated, UTF-8, `#` starts a comment line."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files


@cache
def read(name: str) -> str:
    """A shipped text ("webhook.schema.json"); those called .xz are stored compressed."""
    whole = (files(__name__) / name).read_bytes()
    if name.endswith(".xz"):
        import lzma  # only stories in other languages need it

        whole = lzma.decompress(whole)
    return whole.decode("utf-8")


def public_suffixes() -> list[str]:
    """The lines of the public suffix list that publicsuffixlist ships."""
    return (files("publicsuffixlist") / "public_suffix_list.dat").read_text(encoding="utf-8").splitlines()


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a table shipped in this package ("units.tsv"), split at tabs, without blank and comment lines."""
    return tuple(
        tuple(map(str.strip, line.split("\t")))
        for line in read(name).splitlines()
        if line.strip() and not line.startswith("#")
    )


@cache
def words(name: str) -> frozenset[str]:
    """A list of words: one of `word_lists.tsv` ("small"), or all of a table that is nothing else ("fates.tsv")."""
    if "." in name:
        return frozenset(word for row in rows(name) for word in row[0].split())
    return frozenset(next(row[1] for row in rows("word_lists.tsv") if row[0] == name).split())


@cache
def patterns(name: str) -> str:
    """The patterns of one name in `patterns.tsv` as a part of a regular expression: any of them."""
    return "|".join(row[1] for row in rows("patterns.tsv") if row[0] == name)


@cache
def whole_words(name: str) -> re.Pattern[str]:
    """The patterns of one name, any of them between the bounds of words, any case."""
    return re.compile(rf"\b(?:{patterns(name)})\b", re.IGNORECASE)


@cache
def spelt_out(name: str) -> tuple[str, ...]:
    """The patterns of a table in which rows `=NAME<tab>words` define what `{NAME}` stands for in the others."""
    table = rows(name)
    named = {row[0].removeprefix("="): f"(?:{row[1]})" for row in table if row[0].startswith("=")}
    name_of = re.compile(r"\{([A-Z]+)\}")

    def whole(pattern: str) -> str:
        return name_of.sub(lambda found: whole(named[found[1]]), pattern)

    return tuple(whole(row[0]) for row in table if not row[0].startswith("="))


@cache
def matcher(name: str) -> Callable[[str], bool]:
    """Whether a text has one of the patterns of a table, any case. Rows with `\\A` are of its beginning.

    Those are matched apart, since in a search each of them would be tried at every place.
    """
    every = spelt_out(name)
    heads = [pattern for pattern in every if pattern.startswith(("\\A", "(?-i:\\A"))]
    others = [pattern for pattern in every if pattern not in heads]
    head, other = (re.compile("|".join(each) or "(?!)", re.IGNORECASE) for each in (heads, others))
    return lambda text: head.match(text) is not None or other.search(text) is not None
