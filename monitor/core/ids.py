"""Ids are computed from content, never allocated: a replay collides with itself and both databases agree.

`key` of an entry, id of a development, alert and delivery: a letter, then 80 bits of BLAKE2b in base32 (16 characters).
With a million ids of one kind the chance of any collision is below 10^-12 (birthday bound n^2 / 2^81).
"""

from __future__ import annotations

import base64
import hashlib


def digest(kind: str, *parts: str | int) -> str:
    """A stable id, for example `digest("a", story_id, "story.development", entry_key)` -> "a" + 16 characters."""
    joined = "\x1f".join(str(part) for part in parts).encode("utf-8", "surrogatepass")
    raw = hashlib.blake2b(joined, digest_size=10, person=kind.encode()[:16]).digest()
    return kind + base64.b32encode(raw).decode("ascii").lower()


def entry_key(source_id: str, identity: str) -> str:
    """The stable key of an entry, from the identity it had when first seen."""
    return digest("e", source_id, identity)


def development_id(story_id: str, entry: str, revision: int) -> str:
    """The id shared by every entry that reports the same development: made from its first report."""
    return digest("d", story_id, entry, revision)


def alert_id(owner: str, kind: str, subject: str, revision: int | str = 1) -> str:
    """The id of an alert: story or source, kind, entry (or occasion), revision."""
    return digest("a", owner, kind, subject, revision)


def delivery_id(alert: str, channel_id: str, recipient: str) -> str:
    """The id of a delivery: webhook-id, idempotency key, and the seed of Message-ID."""
    return digest("m", alert, channel_id, recipient)
