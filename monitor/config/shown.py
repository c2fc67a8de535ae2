"""The configuration as people may see it: every value with its place, and no secret."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from monitor import data
from monitor.config import Config
from monitor.config.schema import Table
from monitor.core.presentation.moments import length

# Texts that no table has room for; seeds have a page of their own in the file.
CHARS_MAX = 200


@dataclass(frozen=True, slots=True)
class Setting:
    """A key as it is in force: whether that is the default, and where else it comes from."""

    key: str
    value: str
    default: bool
    place: str


@dataclass(frozen=True, slots=True)
class Group:
    """A section or table of the file."""

    name: str
    about: str
    settings: tuple[Setting, ...]


def groups(config: Config) -> list[Group]:
    """Sections first, then sources, stories and channels as they stand in the file."""
    document = config.document
    found = []
    for name in ("service", "fetch", "hooks", "http", "judge"):
        table: Table = getattr(document, name)
        about = (type(table).__doc__ or "").partition(": ")[2].rstrip(".")
        found.append(Group(f"[{name}]", about, tuple(_settings(config, (name,), table.model_dump()))))
    for kind in ("source", "story", "channel"):
        for position, item in enumerate(getattr(document, kind)):
            values = item if isinstance(item, dict) else item.model_dump(exclude_defaults=True)
            settings = tuple(_settings(config, (kind, position), values))
            found.append(Group(f"[[{kind}]] {values.get('id', '')}", "", settings))
    return found


def _settings(config: Config, location: tuple[str | int, ...], values: Mapping[str, Any]) -> Iterable[Setting]:
    for key, value in values.items():
        place = config.places.get((*location, key), "").removeprefix(f"{config.path} ")
        yield Setting(key, spelt(key, value, len(location) > 1), not place, place)


def spelt(key: str, value: Any, listed: bool) -> str:
    """A value in words. Addresses are shown by their host: a path or a query may be a secret."""
    if value in (None, "", (), [], {}):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if key.endswith("_env"):
        return f"from the environment variable {value}"
    if key.endswith("_file"):
        return f"from the file {value}"
    if isinstance(value, (int, float)) and key in data.words("durations"):
        return length(timedelta(seconds=value))
    if isinstance(value, int) and key.endswith("_max"):
        return f"{value / 1024**2:g} MiB"
    text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    if "://" in text:
        return f"at {urlsplit(text).hostname or 'an address'}"
    if listed and key not in data.words("shown_settings"):
        return "set, not shown" if key != "seed_text" else "written in the file"
    return text if len(text) <= CHARS_MAX else f"{text[:CHARS_MAX]}…"
