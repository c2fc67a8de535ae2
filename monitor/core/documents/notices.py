"""Notices of correction, clarification, amendment and withdrawal, in the words of `notices.tsv`."""

from __future__ import annotations

import re
from functools import cache

from monitor import data
from monitor.core.text import sentences

NOTICE_CHARS_MAX = 500
_LABEL = re.compile(r"[\W_]*+[^\W_]++(?:\s(?:and|&)\s[^\W_]+)?\s?(?:\([^)]*\))?[\W_]*")
_MARKS = re.compile(
    r"\W{0,2}(?:(?:corrected|clarified|refile|rpt|exclusive|breaking|(?:update|wrapup)\s\d{1,2})(?:[\])]\s|\s?[-:–—]\s?))+",
    re.IGNORECASE,
)
# Every notice has one of these; most sentences have none.
_HINT = re.compile(
    r"corr[ei]|korr|clari|klarst|amend|withdr|retract|remov|kill|revis|version|fassung|headline|caption|update|mis[a-z]"
    r"|error|errat|errores|editor|edition|wrong|apolog|regret|accura|earl[iy]|previous|origina|initial|rectif|precis|précis"
    r"|richtig|falsch|irrt|versehen|zurückgez|aclara|refile|taken down|changed|reporte?d?|redaktion|ersten|vorig"
    r"|former|older|newsletter|some\sversion|(?:print|audio|online|web|digital|broadcast|first)\s.{0,60}(?:version|edition|stor)",
    re.IGNORECASE,
)


@cache
def _pattern() -> re.Pattern[str]:
    rows = data.rows("notices.tsv")
    words = {row[0].removeprefix("="): f"(?:{row[1]})" for row in rows if row[0].startswith("=")}
    patterns = [row[0] for row in rows if not row[0].startswith("=")]
    named = re.compile(r"\{([A-Z]+)\}")

    def spelt_out(pattern: str) -> str:
        return named.sub(lambda name: spelt_out(words[name[1]]), pattern)

    return re.compile("|".join(map(spelt_out, patterns)), re.IGNORECASE)


def find(text: str) -> tuple[str, ...]:
    """The sentences of a text that are notices of correction, clarification, amendment or withdrawal.

    A label that stands by itself ("Correction") is given with the sentence after it.
    """
    parts = sentences(text)
    found: list[str] = []
    for part, after in zip(parts, [*parts[1:], ""], strict=False):
        if _HINT.search(part) and _pattern().search(part[: 2 * NOTICE_CHARS_MAX]):
            whole = f"{part} {after}" if _LABEL.fullmatch(part) else part
            found.append(whole[:NOTICE_CHARS_MAX].strip())
    return tuple(found)


def unmarked(headline: str) -> str:
    """A headline without the marks of a news agency: "CORRECTED-UPDATE 2-Dam breaks" -> "Dam breaks"."""
    marks = _MARKS.match(headline)
    return headline[marks.end() :] if marks else headline
