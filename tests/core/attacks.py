"""Every regular expression of the core, and texts made to hurt it: samples of its own parts, repeated."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import random
import re
import re._constants as opcodes
import re._parser as parser
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import monitor.core

# What publishers and attackers repeat: digits and separators, letters and joiners, marks, tags, words of grammar.
UNITS = (
    "1", "a", " ", "A", ",", ".", "-", "'", '"', "\n", "<", ">", "/", ":", "(", "[", "&", "_", "é", "“", "’", "—", "가",
    "「", "1,", "1.", "1,1",
    "a ", "A ", "Aa ", "a.", "A.", "a-", "a'", "1 ", "1-", "1:", "a, ", "- ", "“a", "<a", "<a ",
    '<a b="', "&#1", "the ", "The ", "of ", "and ", "two hundred ", "said ", "May ", "[a](", "http://a", "a/", "\n\n",
)  # fmt: skip
ENDS = ("", "\x00", " zz zz zz")
CHARACTERS = "a1 A,.-'\"\n<>/:;()&#@|_é“’—가[]{}!?%$\\=+*~"
METHODS = frozenset(("match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"))


def modules() -> Iterator[ModuleType]:
    """Every module of the core."""
    for found in pkgutil.walk_packages(monitor.core.__path__, "monitor.core."):
        yield importlib.import_module(found.name)


def patterns() -> dict[str, re.Pattern[Any]]:
    """Every pattern of the core by where it stands: constants, what cached functions build, literals in calls."""
    found: dict[str, re.Pattern[Any]] = {}
    for module in modules():
        for name, value in list(vars(module).items()):
            if hasattr(value, "cache_info") and not inspect.signature(value).parameters:
                value = value()
            for index, pattern in enumerate(_inside(value)):
                found[f"{module.__name__[13:]}.{name}{index or ''}"] = pattern
        for call in ast.walk(ast.parse(Path(str(module.__file__)).read_text("utf-8"))):
            if isinstance(call, ast.Call) and _is_literal(call):
                pattern = re.compile(*[eval(ast.unparse(part), vars(module)) for part in _parts(call)])
                found[f"{module.__name__[13:]}:{call.lineno}"] = pattern
    distinct = {(pattern.pattern, pattern.flags): name for name, pattern in reversed(found.items())}
    return {name: found[name] for name in sorted(distinct.values())}


def _inside(value: Any, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 3 and isinstance(value, tuple | list | frozenset | set):
        for part in value:
            yield from _inside(part, depth + 1)
    elif depth < 3 and isinstance(value, dict):
        for part in value.values():
            yield from _inside(part, depth + 1)
    elif depth < 3 and hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        for name in value.__dataclass_fields__:
            yield from _inside(getattr(value, name), depth + 1)


def _is_literal(node: ast.Call) -> bool:
    return (
        isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in METHODS
        and isinstance(node.args[0], ast.Constant)
    )


def _parts(call: Any) -> list[ast.expr]:
    """The pattern of a call, and its flags: the argument after the text, or by name."""
    named = [keyword.value for keyword in call.keywords if keyword.arg == "flags"]
    place = 3 if call.func.attr in ("sub", "subn") else 2
    return [call.args[0], *(named or call.args[place : place + 1])]


def usage() -> dict[str, set[str]]:
    """How each pattern is applied, by the names that `patterns` gives."""
    found: dict[str, set[str]] = {}
    for module in modules():
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text("utf-8"))):
            if isinstance(node, ast.Call) and _is_literal(node):
                found[f"{module.__name__[13:]}:{node.lineno}"] = {str(getattr(node.func, "attr", ""))}
            elif isinstance(node, ast.Attribute) and node.attr in METHODS and isinstance(node.value, ast.Name):
                found.setdefault(f"{module.__name__[13:]}.{node.value.id}", set()).add(node.attr)
    return found


def texts(pattern: re.Pattern[Any], samples: int, seed: int = 0) -> list[tuple[str, str]]:
    """A beginning, and what to repeat after it: common units, and pieces of texts that the pattern matches."""
    rng = random.Random(seed)
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = parser.parse(source, (pattern.flags & ~re.DEBUG) | (0 if pattern.flags & re.ASCII else re.UNICODE))
    found = [("", unit) for unit in UNITS]
    for _ in range(samples):
        sample = _sample(tree, rng)
        for _ in range(4 if sample else 0):
            start = rng.randrange(len(sample))
            piece = sample[start : start + rng.choice((1, 1, 2, 3, 8, 20))]
            found += [("", piece), (sample[:start], piece)]
    return list(dict.fromkeys(found))


def _sample(tree: Any, rng: random.Random) -> str:
    """A text that a pattern may match: one branch of each choice, repeats a few times."""
    said = []
    for code, value in tree:
        if code is opcodes.LITERAL:
            said.append(chr(value))
        elif code in (opcodes.NOT_LITERAL, opcodes.ANY):
            said.append(rng.choice("a1 ,."))
        elif code is opcodes.IN:
            said.append(_one_of(value, rng))
        elif code is opcodes.BRANCH:
            said.append(_sample(rng.choice(value[1]), rng))
        elif code is opcodes.SUBPATTERN:
            said.append(_sample(value[3], rng))
        elif code is opcodes.ATOMIC_GROUP:
            said.append(_sample(value, rng))
        elif code in (opcodes.MAX_REPEAT, opcodes.MIN_REPEAT, opcodes.POSSESSIVE_REPEAT):
            least, most, inner = value
            times = rng.choice((least, min(least + 1, int(most)), min(least + 2, int(most))))
            said += [_sample(inner, rng) for _ in range(times)]
    return "".join(said)


def _one_of(items: Any, rng: random.Random) -> str:
    negated = items[0][0] is opcodes.NEGATE
    fitting = [char for char in CHARACTERS if any(_is(item, char) for item in items) != negated]
    if fitting:
        return rng.choice(fitting)
    return next((chr(value if code is opcodes.LITERAL else value[0]) for code, value in items[negated:]), "a")


def _is(item: Any, char: str) -> bool:
    code, value = item
    if code is opcodes.LITERAL:
        return chr(value) == char
    if code is opcodes.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    if code is not opcodes.CATEGORY:
        return False
    kinds = {"DIGIT": char.isdigit(), "SPACE": char.isspace(), "WORD": char.isalnum() or char == "_"}
    name = str(value).removeprefix("CATEGORY_")
    return not kinds[name[4:]] if name.startswith("NOT_") else kinds[name]
