"""What is wrong with a setting, in words that say what to write instead. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from monitor import data

_BOUNDS = {
    "greater_than_equal": ("at least", "ge"), "less_than_equal": ("at most", "le"),
    "greater_than": ("more than", "gt"), "less_than": ("less than", "lt"),
}  # fmt: skip
CLOSE_MIN = 0.6  # likeness of a name that may be meant: "treshold" is not "stories" (set; .53 are those two)
GIVEN_CHARS_MAX = 40  # characters of a wrong value that are repeated (set: a slip is seen in fewer)
# Keys whose value may be a secret, or lie where one belongs: addresses of hooks are credentials, headers carry them.
_SECRET = re.compile(r"(?i)(?<!public_)url|proxy|headers|password|secret|token|topic|seed_text")
# A value that looks like an address with a password or a key in it.
_CREDENTIALS = re.compile(r"//[^/]*@|[?&][^=&?]*=")
_DURATIONS = ((86_400, "d"), (3600, "h"), (60, "m"))


def nearest(name: str, known: Iterable[str]) -> str:
    """ "; did you mean 'interval'?" where a known name is close, else nothing."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=CLOSE_MIN)
    return f"; did you mean {close[0]!r}?" if close else ""


def sentence(problem: Mapping[str, Any], known: Iterable[str] = ()) -> str:
    """One of pydantic's `ValidationError.errors()` as an operator reads it; `known` are the keys there are.

    What was written is repeated, so that a slip is seen where the message is read; what may hold a secret is not.
    """
    words = _words(problem, known)
    given = _given(problem)
    return words if not given or given in words else f"{words} (it is {given})"


def _given(problem: Mapping[str, Any]) -> str:
    """The value that is wrong, as its file has it; "" where it is missing, long in itself, or may be a secret."""
    value, kind = problem.get("input"), str(problem["type"])
    if kind in ("missing", "extra_forbidden", "string_too_short") or not isinstance(value, (str, int, float)):
        return ""
    if any(_SECRET.search(str(part)) for part in problem.get("loc", ())) or _CREDENTIALS.search(str(value)):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value[:GIVEN_CHARS_MAX] if isinstance(value, str) else value)


def _words(problem: Mapping[str, Any], known: Iterable[str]) -> str:
    kind, context = str(problem["type"]), problem.get("ctx", {})
    if kind == "extra_forbidden":
        name, names = str(problem["loc"][-1]), list(known)
        listed = f"; known here: {', '.join(names)}" if names else ""
        return f"unknown key {name!r}{nearest(name, names) or listed}"
    if kind in _BOUNDS:
        words, key = _BOUNDS[kind]
        return f"write {words} {_bound(context[key], problem.get('input'))}"
    if kind == "literal_error":
        return f"write one of {context['expected'].replace(' or ', ', ')}"
    if kind == "string_too_long":
        return f"it has over {context['max_length']} characters"
    if kind in ("too_short", "too_long"):
        return "write at least one" if kind == "too_short" else f"write at most {context['max_length']}"
    written = next((words for name, words in data.rows("setting_mistakes.tsv") if name == kind), "")
    return written or str(problem["msg"]).removeprefix("Value error, ")


def _bound(limit: float, given: Any) -> str:
    """A bound as its setting is written: a duration or a size where the wrong value was written as one."""
    if isinstance(given, str) and given.strip()[-1:] in ("s", "m", "h", "d"):
        size, unit = next(((size, unit) for size, unit in _DURATIONS if limit % size == 0), (1, "s"))
        return f"{int(limit // size)}{unit}" + (f" ({int(limit)} seconds)" if unit != "s" else "")
    if isinstance(given, str) and given.strip()[-1:] == "B":
        return f"{limit / 1024:g}KiB"
    return f"{limit:g}"
