"""`config.toml` and its environment twins, checked whole before anything starts.

Every mistake is reported with the file, the line and what to do; unknown keys with the nearest right name. Secrets come
from the environment or files only, so a dump of a `Config` never shows one.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from monitor.config import included, secrets
from monitor.config.included import Part
from monitor.config.line_numbers import Location, lines
from monitor.config.line_numbers import name as name_place
from monitor.config.schema import ID, Document, Fetch, Hooks, Http, Judge, Service, SourceTable, StoryTable, Table
from monitor.core import did_you_mean
from monitor.errors import ConfigError

ENV_PREFIX = "MONITOR_"
SECTIONS: dict[str, type[Table]] = {"service": Service, "fetch": Fetch, "hooks": Hooks, "http": Http, "judge": Judge}


@dataclass(frozen=True, slots=True)
class Config:
    """A checked configuration: the document, the folder its paths are relative to, and how to name its lines.

    `own_endpoint` is that of this process, where it is another than the `[http]` of all who read the file. `text` is
    that of the file, `parts` are those that it includes.
    """

    document: Document
    path: Path
    environ: Mapping[str, str]
    places: Mapping[Location, str]
    own_endpoint: Http | None = None
    text: str = field(default="", repr=False)
    parts: tuple[Part, ...] = field(default=(), repr=False)

    @property
    def folder(self) -> Path:
        """The folder that relative paths start from."""
        return self.path.parent

    def state_url(self) -> str:
        """`service.state`, a relative path made absolute."""
        state = self.document.service.state
        return state if "://" in state else str((self.folder / state).resolve())

    def file_of(self, story_id: str) -> Path:
        """The file in which a story stands."""
        return included.story_file(self.folder, self.parts, story_id) or self.path

    def listed(self) -> dict[str, str]:
        """The id of each source by its address."""
        return {source.url: source.id for source in self.document.source}

    def rewritten(self, path: Path, text: str) -> Config:
        """The same with another text of one of its files, checked."""
        if path == self.path:
            return parse(text, path, self.environ)
        parts = tuple(replace(part, text=text) if self.folder / part.name == path else part for part in self.parts)
        return parse(self.text, self.path, self.environ, parts)

    def where(self, *location: str | int) -> str:
        """ "config.toml line 12, [[source]] 2: url" for messages about one key."""
        return name_place(self.path, self.places, location)

    @property
    def endpoint(self) -> Http:
        """What this process listens on; links lead to `document.http`, whoever serves that."""
        return self.own_endpoint or self.document.http

    def listening(self, address: str) -> Config:
        """The same for a process that listens on another address, checked; on none where it is ""."""
        table = self.document.http.model_dump() | {"enabled": bool(address)} | ({"listen": address} if address else {})
        try:
            return replace(self, own_endpoint=Http.model_validate(table))
        except ValidationError as error:
            raise ConfigError(f"--listen: {did_you_mean.sentence(dict(error.errors()[0]), [])}") from error

    def secret(self, environment: str, file: str, name: str, *table: str | int) -> str:
        """The secret named by a table's `NAME_env` or `NAME_file`, "" where neither is; ConfigError where it lacks."""
        where = self.where(*table, f"{name}_env" if environment else f"{name}_file")
        return self.secret_at(environment, file, where)

    def secret_at(self, environment: str, file: str, where: str) -> str:
        """The same for one that stands elsewhere."""
        if environment:
            value = self.environ.get(environment, "")
            if not value:
                raise ConfigError(f"{where}: the environment variable {environment} is not set")
            return value
        return secrets.read(self.folder / file, where, self.environ) if file else ""


def locate(explicit: str | None, environ: Mapping[str, str]) -> Path:
    """`--config`, else MONITOR_CONFIG, else config.toml in the current folder."""
    return Path(explicit or environ.get("MONITOR_CONFIG") or "config.toml")


def load(path: Path, environ: Mapping[str, str] | None = None) -> Config:
    """Read and check the configuration. ConfigError names file, line, key and the nearest right name."""
    return parse(included.read(path), path, os.environ if environ is None else environ)


def parse(text: str, path: Path, environ: Mapping[str, str], parts: tuple[Part, ...] | None = None) -> Config:
    """`load` for a text already read; `parts`: what it includes, where that was read as well."""
    try:
        table = {name: {} for name in SECTIONS} | tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{path}: {error}") from error
    places: dict[Location, str] = dict(lines(text, path))
    _overlay(table, environ, places)
    if parts is None:
        named = table["service"].get("include", ()) if isinstance(table["service"], dict) else ()
        wanted = [each for each in named if isinstance(each, str)] if isinstance(named, list) else []
        parts = included.find(path.parent, wanted)
    included.join(table, places, path.parent, parts)
    try:
        document = Document.model_validate(table)
    except ValidationError as error:
        raise ConfigError(_explain(error, path, places)) from error
    config = Config(document=document, path=path, environ=environ, places=places, text=text, parts=parts)
    _cross_check(config)
    return config


def _overlay(table: dict[str, Any], environ: Mapping[str, str], places: dict[Location, str]) -> None:
    """Lay MONITOR_SECTION__KEY over the file; a list is written with commas."""
    for name in sorted(environ):
        section, divider, key = name.removeprefix(ENV_PREFIX).lower().partition("__")
        if not name.startswith(ENV_PREFIX) or not divider:
            continue
        if section not in SECTIONS or key not in SECTIONS[section].model_fields:
            known = [f"{ENV_PREFIX}{s}__{k}".upper() for s, t in SECTIONS.items() for k in t.model_fields]
            raise ConfigError(f"environment variable {name}: no such setting{did_you_mean.nearest(name, known)}")
        value: Any = environ[name]
        if "tuple" in str(SECTIONS[section].model_fields[key].annotation):
            value = [part.strip(" \"'") for part in value.strip("[] ").split(",") if part.strip()]
        if isinstance(table.setdefault(section, {}), dict):
            table[section][key] = value
            places[section, key] = f"environment variable {name}"


def _cross_check(config: Config) -> None:
    document = config.document
    for kind in ("source", "story", "channel"):
        seen: dict[str, int] = {}
        for position, item in enumerate(getattr(document, kind)):
            name = item.get("id", "") if isinstance(item, dict) else item.id
            if not isinstance(name, str) or not ID.fullmatch(name):
                raise ConfigError(
                    f"{config.where(kind, position, 'id')}: every channel needs an id of a-z, 0-9 and -, at most 64"
                )
            if name in seen:
                raise ConfigError(f"{config.where(kind, position, 'id')}: the id {name!r} is used twice")
            seen[name] = position
    known = {
        "sources": dict.fromkeys(source.id for source in document.source),
        "channels": dict.fromkeys(str(channel["id"]) for channel in document.channel),
    }
    stories = dict.fromkeys(story.id for story in document.story)
    for position, story in enumerate(document.story):
        for key, names in known.items():
            _check_names(config, ("story", position, key), getattr(story, key), names)
    for position, channel in enumerate(document.channel):
        _check_names(config, ("channel", position, "stories"), channel.get("stories"), stories)
    _check_names(config, ("service", "operators"), document.service.operators, known["channels"])


def _check_names(config: Config, location: Location, given: Any, known: Collection[str]) -> None:
    """Names that point to another table must be those of one; a value that is no list is judged elsewhere."""
    for name in given if isinstance(given, (list, tuple)) else ():
        if name not in known:
            kind = {"operators": "channel", "stories": "story"}.get(str(location[-1]), str(location[-1])[:-1])
            raise ConfigError(
                f"{config.where(*location)}: there is no {kind} {name!r}{did_you_mean.nearest(str(name), [*known])}"
            )


def _explain(error: ValidationError, path: Path, places: Mapping[Location, str]) -> str:
    first = error.errors()[0]
    location = tuple(part for part in first["loc"] if isinstance(part, (str, int)))
    wrong = did_you_mean.sentence(dict(first), _known_keys(location))
    if len(location) == 1 and location[0] in ("source", "story", "channel"):
        wrong = f"write [[{location[0]}]], with two brackets"
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{name_place(path, places, location)}: {wrong}{more}"


def _known_keys(location: Location) -> list[str]:
    table = (SECTIONS | {"source": SourceTable, "story": StoryTable}).get(str(location[0]), Document)
    return list((table if len(location) > 1 else Document).model_fields)
