"""No text from outside costs more than its length: every pattern and text routine of the core at n and 2n characters.

CPU time is counted, not the clock on the wall. Work that stays under a floor, which nothing quadratic can, needs no
second look; what is above it is measured again until the machine was quiet enough.
"""

from __future__ import annotations

import inspect
import re
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.core import identity
from monitor.core.decisions import readings
from monitor.core.relevance import features
from monitor.core.revisions import facts, versions
from monitor.errors import MonitorError
from monitor.model import Entry, Sighting
from tests.core import attacks

# Linear work doubles with its text; the rest of the allowance is for caches and the machine.
GROWTH_MAX = 2.5
MEASURES_MAX = 5
PATTERN_CHARS, PATTERN_FLOOR_S = 2500, 0.003
ROUTINE_CHARS, ROUTINE_FLOOR_S = 6000, 0.020
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
PATTERNS = attacks.patterns()
USAGE = attacks.usage()


def cost_s(act: Callable[[], Any]) -> float:
    """CPU seconds of one call."""
    begun = time.thread_time()
    act()
    return time.thread_time() - begun


def grows(act: Callable[[str], Any], make: Callable[[int], str], chars: int, floor_s: float) -> str:
    """How much the cost of `act` grows from n to 2n characters, in words; "" where it is linear."""
    once, twice = make(chars), make(2 * chars)
    most = ""
    for _ in range(MEASURES_MAX):
        long_s = cost_s(lambda: act(twice))
        if long_s < floor_s:
            return ""
        short_s = cost_s(lambda: act(once))
        if long_s <= GROWTH_MAX * short_s:
            return ""
        most = f"{short_s:.4f} s -> {long_s:.4f} s"
        if long_s > 100 * floor_s:
            break
    return most


def repeated(start: str, unit: str, end: str) -> Callable[[int], str]:
    """A text of about n characters."""
    return lambda chars: (start + unit * (chars // len(unit) + 1))[:chars] + end


def applied(pattern: re.Pattern[Any], methods: Iterable[str]) -> Callable[[str], None]:
    """The pattern as the core applies it; from every place on where that is not seen."""
    used = set(methods)

    def act(text: str) -> None:
        given = text.encode() if isinstance(pattern.pattern, bytes) else text
        if used and used <= {"match", "fullmatch"}:
            for method in used:
                getattr(pattern, method)(given)
        else:
            sum(1 for _ in pattern.finditer(given))

    return act


@pytest.mark.parametrize("name", PATTERNS)
def test_every_pattern_is_linear(name: str) -> None:
    act = applied(PATTERNS[name], USAGE.get(name, ()))
    for start, unit in attacks.texts(PATTERNS[name], samples=4):
        for end in attacks.ENDS:
            worse = grows(act, repeated(start, unit, end), PATTERN_CHARS, PATTERN_FLOOR_S)
            assert not worse, f"{start!r} + {unit!r} * n + {end!r}: {worse}"


def routines() -> dict[str, Callable[[str], Any]]:
    """Every public function of the core that takes a text, as called with one; and what reads whole entries."""
    found: dict[str, Callable[[str], Any]] = {
        "identity of an entry": lambda text: identity.aliases(entry(text)),
        "a changed entry": lambda text: identity.is_material(entry(text), entry(f"{text} and more")),
        "features of an entry": lambda text: features.read(entry(text)),
        "facts": lambda text: facts.read(text, NOW),
        "a revision": lambda text: versions.compare(text, f"{text} Nine were killed.", NOW),
        "a rewritten entry": lambda text: readings.compare_versions(
            text, text, Sighting("k", entry(f"{text} Nine were killed."), NOW, 2, ())
        ),
    }
    for module in attacks.modules():
        for name, function in vars(module).items():
            if name.startswith("_") or getattr(function, "__module__", "") != module.__name__:
                continue
            if callable(function) and not inspect.isclass(function) and (call := called(function)):
                found[f"{module.__name__[13:]}.{name}"] = call
    return found


def called(function: Callable[..., Any]) -> Callable[[str], Any] | None:
    """The function with a text in the place of every argument that takes one; None where it takes something else."""
    while hasattr(function, "cache_info"):
        function = function.__wrapped__
    makers: list[Callable[[str], Any]] = []
    needed = [p for p in inspect.signature(function).parameters.values() if p.default is p.empty]
    for parameter in needed:
        if parameter.name in ("content_type", "purpose", "kind"):
            makers.append(lambda text: "")
        elif (made := MAKERS.get(str(parameter.annotation))) is not None:
            makers.append(made)
    if not needed or len(makers) < len(needed) or not any(made in TEXTUAL for made in makers):
        return None

    def act(text: str) -> None:
        given = {p.name: make(text) for p, make in zip(needed, makers, strict=True) if p.kind is not p.VAR_POSITIONAL}
        loose = [make(text) for p, make in zip(needed, makers, strict=True) if p.kind is p.VAR_POSITIONAL]
        try:
            made = function(**given) if not loose else function(*given.values(), *loose)
            if inspect.isgenerator(made):
                sum(1 for _ in made)
        except (MonitorError, ValueError, StopIteration, LookupError):
            pass  # what is no feed, no date and no address: how long that takes is the matter here

    return act


def whole(text: str) -> str:
    """The text itself."""
    return text


def raw(text: str) -> bytes:
    """The text as bytes."""
    return text.encode("utf-8", "surrogatepass")


def page(text: str) -> bytes:
    """The text in a page."""
    return f"<html><body><article><p>{text}</p></article></body></html>".encode("utf-8", "surrogatepass")


def lines(text: str) -> list[str]:
    """The text between two lines."""
    return ["A first line of five words.", text, "Sources:"]


def entry(text: str) -> Entry:
    """An entry that has the text in every field."""
    return Entry(id=text, url=f"https://a.example/{text}", title=text, summary=text, text=text, published_at=NOW)


MAKERS: dict[str, Callable[[str], Any]] = {
    "str": whole, "bytes": raw, "bytes | str": page, "list[str]": lines, "Sequence[str]": lines,
    "Iterable[str]": lines, "datetime": lambda text: NOW, "datetime | None": lambda text: NOW,
    "int": lambda text: 100_000,
}  # fmt: skip
TEXTUAL = (whole, raw, page, lines)
# Enough of each kind to meet any scan, join, split or look-ahead; the patterns have had all of theirs.
ROUTINE_UNITS = (
    "a", "1,", "A.", "Aa ", " ", "\n", "<a ", "&#1", "’", "—", "(", "[a](http://", "two hundred ", "<p a=1 ", "]]>",
    "killed 12 people. ", "The ministry said on May 5 that ", "一", "a\u0301", '"Aa", ', "<b>", "x/", "%41", "\\", "- ",
)  # fmt: skip
ROUTINES = routines()


@pytest.mark.parametrize("name", ROUTINES)
def test_every_routine_is_linear(name: str) -> None:
    for unit in ROUTINE_UNITS:
        worse = grows(ROUTINES[name], repeated("", unit, ""), ROUTINE_CHARS, ROUTINE_FLOOR_S)
        assert not worse, f"{unit!r} * n: {worse}"
