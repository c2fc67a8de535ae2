"""Values of `model` as rows: JSON of every noun, packed bytes, and text that both databases can hold."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from monitor.core import count_min, times
from monitor.core.codec import from_json as from_json
from monitor.core.codec import to_json as to_json
from monitor.model import ChannelStatus, Delivery, Everyday, Marked

T = TypeVar("T")

PACK_BYTES_MIN = 200  # bytes below which compressing gains nothing (measured on stored entries)
# What is compressed at a time is short: with the memory that zlib takes for streams it does nothing but clear it, which
# takes longer than the rest (half of the time, for the same bytes).
ZLIB_LEVEL, ZLIB_MEMORY = 1, 5
SITE_BYTES, CONTENT_BYTES = 2, 14  # bytes of a fingerprint that are of the site, and of the content (set)
SITES_KEPT = 1024  # sites whose part is remembered (set)
OBJECT = b"{"  # how JSON begins, as which earlier versions kept what is kept in columns now
ZLIB_FIRST_BYTE = 0x78  # how a zlib stream begins (RFC 1950, 2.2); JSON never does

DELIVERY_COLUMNS = (
    "id, alert_id, channel_id, recipient, state, attempts, created_at, next_at, error, seq, previous_id, unknown,"
    " claim, folded_into, digest, handed, since_at"
)
CHANNEL_COLUMNS = "channel_id, disabled, failing_since, failed_at, told, mourned_at, not_before"


def pack(text: str) -> bytes:
    """The bytes to store: compressed where that makes them smaller. JSON never begins like a zlib stream."""
    raw = text.encode("utf-8")
    if len(raw) < PACK_BYTES_MIN:
        return raw
    stream = zlib.compressobj(ZLIB_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS, ZLIB_MEMORY)
    squeezed = stream.compress(raw) + stream.flush()
    return squeezed if len(squeezed) < len(raw) else raw


def unpack(stored: bytes) -> bytes:
    """The text, in UTF-8, that `pack` was given."""
    return zlib.decompress(stored) if stored[:1] and stored[0] == ZLIB_FIRST_BYTE else bytes(stored)


def load(kind: type[T], stored: bytes) -> T:
    """The noun in a packed column."""
    return from_json(kind, unpack(stored))


def load_plain(stored: bytes) -> dict[str, Any]:
    """The fields of the noun in a packed column as JSON has them, but for those that have their default."""
    found: dict[str, Any] = json.loads(unpack(stored))
    return found


def save(value: Any) -> bytes:
    """A noun as a packed column."""
    return pack(to_json(value))


def save_marks(marked: Mapping[str, Marked]) -> bytes:
    """What is kept of a source's document."""
    kept = marked.values()
    return _save_columns(marked, [each.key for each in kept], [each.published for each in kept])


def load_marks(stored: bytes) -> dict[str, Marked]:
    """What `save_marks` was given."""
    text = unpack(stored)
    if text[:1] == OBJECT:
        return {mark: Marked(key, published) for mark, (key, published) in json.loads(text).items()}
    names, keys, published = _columns(text)
    return dict(zip(names, map(Marked, keys, published), strict=True)) if names != [""] else {}


def save_everyday(known: Everyday) -> bytes:
    """What a source writes anyway: how many entries were read, in four bytes, and the counters."""
    return known.entries.to_bytes(4, "big") + known.cells


def load_everyday(stored: bytes) -> Everyday:
    """What `save_everyday` was given."""
    return Everyday(int.from_bytes(stored[:4], "big"), bytes(stored[4:]))


def load_everyday_words(stored: bytes) -> Everyday:
    """What a version before 2026-11-30 kept of it: its most frequent words, as JSON or in columns."""
    text = unpack(stored)
    if text[:1] == OBJECT:
        known = json.loads(text)
        return Everyday(known["entries"], count_min.of(known["words"]))
    entries, words, counts = _columns(text)
    kept = dict(zip(words, map(int, counts), strict=True)) if words != [""] else {}
    return Everyday(int(entries[0]), count_min.of(kept))


def _save_columns(*columns: Iterable[str]) -> bytes:
    """Lists of words without spaces, a line each: what every visit reads and writes, in half the time of JSON."""
    return pack("\n".join(map(" ".join, columns)))


def _columns(text: bytes) -> list[list[str]]:
    return [line.split(" ") for line in text.decode().split("\n")]


def fingerprint(text: str, url: str) -> str:
    """128 bits of BLAKE2b in hexadecimal, by which equal contents, which have one address, are stored once.

    The first 16 bits are of the site: what one document brings lies side by side in every index, and not on a page of
    its own each, which takes half of the time to write.
    """
    return _site(url.partition("://")[2].partition("/")[0]) + _digest(text, CONTENT_BYTES)


@lru_cache(SITES_KEPT)
def _site(host: str) -> str:
    return _digest(host, SITE_BYTES)


def _digest(text: str, size: int) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()


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
