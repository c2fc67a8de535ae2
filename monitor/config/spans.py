"""Durations and sizes as people write them in `config.toml`."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

_DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_SIZE = re.compile(r"(\d+)\s*(B|KiB|MiB)?")
_UNITS = {None: 1, "B": 1, "KiB": 1024, "MiB": 1024**2}


def seconds(value: Any) -> Any:
    """ "15m", "1h30m", "90s", "2d" -> seconds; a number is taken as seconds."""
    if isinstance(value, str):
        match = _DURATION.fullmatch(value.strip())
        if not match or not any(match.groups()):
            raise ValueError(f'{value[:40]!r} is no duration; write one such as "90s", "15m", "6h" or "2d"')
        days, hours, minutes, rest = (int(part or 0) for part in match.groups())
        return ((days * 24 + hours) * 60 + minutes) * 60 + rest
    return value


def size_bytes(value: Any) -> Any:
    """ "10MiB", "64KiB", "500B" -> bytes."""
    if isinstance(value, str):
        match = _SIZE.fullmatch(value.strip())
        if not match:
            raise ValueError(f'{value[:40]!r} is no size; write one such as "10MiB" or "64KiB"')
        return int(match[1]) * _UNITS[match[2]]
    return value


Seconds = Annotated[int, BeforeValidator(seconds)]
SizeBytes = Annotated[int, BeforeValidator(size_bytes), Field(ge=1024, le=1024**3)]
