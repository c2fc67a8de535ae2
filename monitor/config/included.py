"""Files that a configuration includes: sources and stories by the thousand, each file of a size that can be edited."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.config.line_numbers import Location, lines
from monitor.errors import ConfigError

FILE_BYTES_MAX = 1024 * 1024  # bytes of one file (contract)
FILES_MAX = 1000  # files included (set: a hundred hold a hundred thousand sources and ten thousand stories)
TABLES = ("source", "story")


@dataclass(frozen=True, slots=True)
class Part:
    """An included file: its name as it was found, and what stands in it."""

    name: str
    text: str


def read(path: Path) -> str:
    """A file of the configuration; ConfigError where it cannot be read or is too large."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read ({error.strerror}); write one with `monitor add ARTICLE` or name one with --config"
        ) from error
    if len(raw) > FILE_BYTES_MAX:
        raise ConfigError(f"{path} is over 1 MiB: let it `include` others")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 (byte {error.start})") from error


def find(folder: Path, patterns: Iterable[str]) -> tuple[Part, ...]:
    """The files that these patterns name, in their order and by name, each once; each pattern must find one."""
    found: dict[str, None] = {}
    for pattern in patterns:
        try:
            names = sorted(str(path.relative_to(folder)) for path in folder.glob(pattern))
        except (ValueError, NotImplementedError) as error:
            raise ConfigError(
                f"service.include: {pattern!r}: write a path below {folder}, such as feeds/*.toml"
            ) from error
        if not names:
            raise ConfigError(f"service.include: no file is named {pattern!r} in {folder}")
        found |= dict.fromkeys(names)
    if len(found) > FILES_MAX:
        raise ConfigError(f"service.include names {len(found)} files; write at most {FILES_MAX}")
    return tuple(Part(name, read(folder / name)) for name in found)


def join(table: dict[str, Any], places: dict[Location, str], folder: Path, parts: Iterable[Part]) -> None:
    """Add the sources and stories of these parts to those of a configuration, with where each stands."""
    for part in parts:
        path = folder / part.name
        try:
            more = tomllib.loads(part.text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise ConfigError(f"{path}: {error}") from error
        for name, rows in more.items():
            if name not in TABLES or not isinstance(rows, list):
                raise ConfigError(f"{path}: [{name}]: write [[source]] and [[story]] only; the rest is for config.toml")
        offset = {name: len(table.get(name, ())) for name in TABLES}
        for location, place in lines(part.text, path).items():
            if len(location) > 1 and isinstance(location[1], int) and location[0] in offset:
                places[location[0], offset[str(location[0])] + location[1], *location[2:]] = place
        for name, rows in more.items():
            table[name] = [*table.get(name, ()), *rows]


def story_file(folder: Path, parts: Iterable[Part], story_id: str) -> Path | None:
    """The included file in which a story stands."""
    for part in parts:
        rows: Iterable[Mapping[str, Any]] = tomllib.loads(part.text).get("story", ()) if story_id in part.text else ()
        if any(row.get("id") == story_id for row in rows):
            return folder / part.name
    return None
