"""Headers that a source may set: which names, and what a value can carry."""

from __future__ import annotations

import re

COUNT_MAX = 20  # of one source; set here: a browser sends about 15
CHARS_MAX = 4096  # of one header of a source; set here: cookies have at most 4096 bytes (RFC 6265, 6.1)
# Headers that are ours to set: what they say decides how an answer is read.
OURS = frozenset({
    "host", "user-agent", "accept-encoding", "connection", "content-length", "transfer-encoding", "te", "trailer",
    "upgrade", "keep-alive", "expect", "range", "if-none-match", "if-modified-since", "if-match", "if-range",
    "if-unmodified-since", "proxy-authorization", "proxy-connection",
})  # fmt: skip
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")


def value(name: str, text: str) -> str:
    """A value that a header can carry; ValueError without quoting it, for it may be a secret."""
    if len(text) > CHARS_MAX or not (text.isascii() and text.isprintable()):
        raise ValueError(f"{name}: write plain characters on one line, at most {CHARS_MAX}")
    return text


def check_name(name: str) -> None:
    """ValueError for a name that is no header's, or a header that is ours to set."""
    if not _TOKEN.fullmatch(name) or name.lower() in OURS:
        instead = "; write user_agent" if name.lower() == "user-agent" else ""
        raise ValueError(f"{name[:40]!r} is no header that a source can set{instead}")
