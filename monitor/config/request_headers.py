"""Headers that a source may set: which names, and what a value can carry."""

from __future__ import annotations

import re

from monitor import data

COUNT_MAX = 20  # of one source; set here: a browser sends about 15
CHARS_MAX = 4096  # of one header of a source; set here: cookies have at most 4096 bytes (RFC 6265, 6.1)
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")


def value(name: str, text: str) -> str:
    """A value that a header can carry; ValueError without quoting it, for it may be a secret."""
    if len(text) > CHARS_MAX or not (text.isascii() and text.isprintable()):
        raise ValueError(f"{name}: write plain characters on one line, at most {CHARS_MAX}")
    return text


def check_name(name: str) -> None:
    """ValueError for a name that is no header's, or a header that is ours to set."""
    if not _TOKEN.fullmatch(name) or name.lower() in data.words("own_headers"):
        instead = "; write user_agent" if name.lower() == "user-agent" else ""
        raise ValueError(f"{name[:40]!r} is no header that a source can set{instead}")
