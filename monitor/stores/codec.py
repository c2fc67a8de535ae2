"""Values of `model` as rows: JSON of every noun, packed bytes, and text that both databases can hold.

Only what differs from a field's default is written, so a newer model reads older rows; unknown names are passed over.
"""

from __future__ import annotations

import base64
import hashlib
import json
import types
import zlib
from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from monitor.core import times
from monitor.model import ChannelStatus, Delivery

T = TypeVar("T")
Convert = Callable[[Any], Any]

PACK_BYTES_MIN = 200  # bytes below which compressing gains nothing (measured on stored entries)
ZLIB_FIRST_BYTE = 0x78  # how a zlib stream begins (RFC 1950, 2.2); JSON never does

DELIVERY_COLUMNS = (
    "id, alert_id, channel_id, recipient, state, attempts, created_at, next_at, error, seq, previous_id, unknown,"
    " claim, folded_into, digest, handed, since_at"
)
CHANNEL_COLUMNS = "channel_id, disabled, failing_since, failed_at, told, mourned_at, not_before"


def to_json(value: Any) -> str:
    """A noun of `model` as JSON text: ASCII only, so that stray surrogates and NULs survive any database."""
    return json.dumps(_to_plain(cast(Hashable, type(value)))(value), separators=(",", ":"))


def from_json(kind: type[T], text: str | bytes) -> T:
    """The noun that `to_json` wrote; ValueError or TypeError where the text is none."""
    built: T = _from_plain(cast(Hashable, kind))(json.loads(text))
    return built


def pack(text: str) -> bytes:
    """The bytes to store: compressed where that makes them smaller. JSON never begins like a zlib stream."""
    raw = text.encode("utf-8")
    if len(raw) < PACK_BYTES_MIN:
        return raw
    squeezed = zlib.compress(raw, 1)
    return squeezed if len(squeezed) < len(raw) else raw


def unpack(stored: bytes) -> bytes:
    """The text, in UTF-8, that `pack` was given."""
    return zlib.decompress(stored) if stored[:1] and stored[0] == ZLIB_FIRST_BYTE else bytes(stored)


def load(kind: type[T], stored: bytes) -> T:
    """The noun in a packed column."""
    return from_json(kind, unpack(stored))


def save(value: Any) -> bytes:
    """A noun as a packed column."""
    return pack(to_json(value))


def fingerprint(text: str) -> str:
    """128 bits of BLAKE2b in hexadecimal, by which equal contents are stored once."""
    return hashlib.blake2b(text.encode("utf-8"), digest_size=16).hexdigest()


def plain(text: str) -> str:
    """Outside text as a column: lone surrogates and NUL, which a database may refuse, replaced."""
    if text.isascii():
        return text.replace("\0", "�") if "\0" in text else text
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "�")


def instant(at: datetime | None) -> str:
    """An instant as a column that sorts; empty for none."""
    return "" if at is None else times.to_sortable(at)


def from_column(text: str) -> datetime:
    """The instant of a column that is never empty."""
    return times.from_text(text)


def parsed(text: str | None) -> datetime | None:
    """The instant of a column, None for an empty one."""
    return times.from_text(text) if text else None


def delivery(row: tuple[Any, ...]) -> Delivery:
    """A delivery from its `DELIVERY_COLUMNS`."""
    return Delivery(
        id=row[0], alert_id=row[1], channel_id=row[2], recipient=row[3], state=row[4], attempts=row[5],
        created_at=parsed(row[6]), next_at=parsed(row[7]), error=row[8], seq=row[9], previous_id=row[10],
        unknown=row[11], claim=row[12], folded_into=row[13], digest=bool(row[14]), handed=bool(row[15]),
        since_at=parsed(row[16]),
    )  # fmt: skip


def channel(row: tuple[Any, ...]) -> ChannelStatus:
    """A channel's standing from its `CHANNEL_COLUMNS`."""
    return ChannelStatus(
        channel_id=row[0], disabled=row[1], failing_since=parsed(row[2]), failed_at=parsed(row[3]), told=bool(row[4]),
        mourned_at=parsed(row[5]), not_before=parsed(row[6]),
    )  # fmt: skip


@cache
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


@cache
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
    if hint is bytes:
        return lambda value: base64.b64encode(value).decode("ascii")
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
    if hint is bytes:
        return base64.b64decode
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
