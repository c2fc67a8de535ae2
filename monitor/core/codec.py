"""Values of `model` as JSON and back: for the columns of a state, and for the pipe from the parsing child.

Only what differs from a field's default is written, so a newer model reads older rows; unknown names are passed over.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from monitor.core import times

_ENCODER = json.JSONEncoder(separators=(",", ":"))  # one for all: `dumps` makes one each time
T = TypeVar("T")
Convert = Callable[[Any], Any]
KINDS_MAX = 512  # kinds of fields whose conversion is kept: the model has fewer than a hundred (set)


def to_json(value: Any) -> str:
    """A noun of `model` as JSON text: ASCII only, so that stray surrogates and NULs survive any database."""
    return _ENCODER.encode(_to_plain(cast(Hashable, type(value)))(value))


def from_json(kind: type[T], text: str | bytes) -> T:
    """The noun that `to_json` or `to_bytes` wrote; ValueError or TypeError where the text is none."""
    plain = json.loads(text)
    if not isinstance(plain, dict):
        raise TypeError(f"a {type(plain).__name__} is no {kind.__name__}")
    built: T = _from_plain(cast(Hashable, kind))(plain)
    return built


def to_bytes(value: Any) -> bytes:
    """A noun for a pipe, in UTF-8: lone surrogates, which have none, become question marks."""
    plain = _to_plain(cast(Hashable, type(value)))(value)
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


@lru_cache(KINDS_MAX)
def _to_plain(kind: Any) -> Convert:
    """The function from a noun to a dictionary of JSON values."""
    hints = get_type_hints(kind)
    plan = [(each.name, _default(each), _writer(hints[each.name])) for each in fields(kind)]

    def write(value: Any) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for name, default, convert in plan:
            part = getattr(value, name)
            if part is default or (part == default and type(part) is type(default)):
                continue
            out[name] = part if convert is None or part is None else convert(part)
        return out

    return write


@lru_cache(KINDS_MAX)
def _from_plain(kind: Any) -> Convert:
    """The function from a dictionary of JSON values to a noun."""
    hints = get_type_hints(kind)
    readers = {each.name: _reader(hints[each.name]) for each in fields(kind)}

    def read(values: Mapping[str, Any]) -> Any:
        arguments = {}
        for name, part in values.items():
            if name in readers:
                convert = readers[name]
                arguments[name] = part if convert is None or part is None else convert(part)
        return kind(**arguments)

    return read


def _default(each: Field[Any]) -> Any:
    if each.default is not MISSING:
        return each.default
    return each.default_factory() if each.default_factory is not MISSING else MISSING


def _inner(hint: Any) -> Any:
    """X of `X | None`; the hint itself otherwise."""
    if get_origin(hint) in (Union, types.UnionType):
        return next(part for part in get_args(hint) if part is not type(None))
    return hint


def _writer(hint: Any) -> Convert | None:
    """How a value of this type becomes JSON; None where it is JSON already."""
    hint = _inner(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is datetime:
        return times.to_sortable
    if is_dataclass(hint) and isinstance(hint, type):
        return _to_plain(hint)
    if origin is tuple:
        return _sequence([_writer(part) for part in arguments], Ellipsis in arguments, list)
    if origin is frozenset:
        return sorted
    return dict if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping) else None


def _reader(hint: Any) -> Convert | None:
    """How JSON becomes a value of this type; None where it is one already."""
    hint = _inner(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is datetime:
        return times.from_text
    if is_dataclass(hint) and isinstance(hint, type):
        return _from_plain(hint)
    if origin is tuple:
        return _sequence([_reader(part) for part in arguments], Ellipsis in arguments, tuple)
    return frozenset if origin is frozenset else None


def _sequence(parts: list[Convert | None], repeated: bool, kind: Callable[[Any], Any]) -> Convert:
    """Convert a homogeneous tuple (`repeated`) or one with a type for each place."""
    if repeated:
        one = parts[0]
        return kind if one is None else lambda values: kind([one(value) for value in values])
    return lambda values: kind([v if p is None else p(v) for p, v in zip(parts, values, strict=True)])
