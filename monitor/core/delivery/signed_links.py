"""Signed links: a token that only this state could have made, so that the page behind it needs no login.

A token is the URL-safe base64 of its parts and of their HMAC-SHA256 (RFC 2104), 128 bits of it kept. The purpose is
part of what is signed: a feedback link does not unsubscribe.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json

SIGNATURE_BYTES = 16  # bytes of a signature: 128 bits are not guessed (NIST SP 800-107, 5.3.3)
TOKEN_CHARS_MAX = 2000  # characters of a token worth looking at (set)


def sign(secret: bytes, purpose: str, *parts: str) -> str:
    """A token carrying `parts`."""
    payload = json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_signature(secret, purpose, payload) + payload).decode().rstrip("=")


def verify(secret: bytes, purpose: str, token: str) -> tuple[str, ...] | None:
    """The parts of a token made by `sign` with this secret and purpose, else None."""
    if not token or len(token) > TOKEN_CHARS_MAX or not token.isascii():
        return None
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    signature, payload = raw[:SIGNATURE_BYTES], raw[SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _signature(secret, purpose, payload)):
        return None
    return tuple(json.loads(payload))


def _signature(secret: bytes, purpose: str, payload: bytes) -> bytes:
    return hmac.new(secret, purpose.encode() + b"\0" + payload, hashlib.sha256).digest()[:SIGNATURE_BYTES]
