"""`config.toml` and its environment twins, checked whole before anything starts.

Every mistake is reported with the file, the line and what to do; unknown keys with the nearest right name. Secrets come
from the environment or files only, so a dump of a `Config` never shows one.
"""

from __future__ import annotations

import difflib
import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import ada_url
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from monitor.errors import ConfigError

FILE_BYTES_MAX = 1024 * 1024
ENV_PREFIX = "MONITOR_"
_DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_SIZE = re.compile(r"(\d+)\s*(B|KiB|MiB)?")
_UNITS = {None: 1, "B": 1, "KiB": 1024, "MiB": 1024**2}
_ID = re.compile(r"[a-z0-9-]{1,64}")


def seconds(value: Any) -> Any:
    """ "15m", "1h30m", "90s", "2d" -> seconds; a number is taken as seconds."""
    if isinstance(value, str):
        match = _DURATION.fullmatch(value.strip())
        if not match or not any(match.groups()):
            raise ValueError('write a duration such as "90s", "15m", "6h" or "2d"')
        days, hours, minutes, rest = (int(part or 0) for part in match.groups())
        return ((days * 24 + hours) * 60 + minutes) * 60 + rest
    return value


def size_bytes(value: Any) -> Any:
    """ "10MiB", "64KiB", "500B" -> bytes."""
    if isinstance(value, str):
        match = _SIZE.fullmatch(value.strip())
        if not match:
            raise ValueError('write a size such as "10MiB" or "64KiB"')
        return int(match[1]) * _UNITS[match[2]]
    return value


Seconds = Annotated[int, BeforeValidator(seconds)]
SizeBytes = Annotated[int, BeforeValidator(size_bytes), Field(ge=1024, le=1024**3)]


class Table(BaseModel):
    """A table of the file: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Service(Table):
    """`[service]`: where the state lies, who runs this, how it logs, which channels hear of sources in trouble."""

    state: str = "state/monitor.db"
    contact: str = ""
    log: Literal["json", "text"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    operators: tuple[str, ...] = ()
    keep: Seconds = Field(default=400 * 86400, ge=90 * 86400)


class Fetch(Table):
    """`[fetch]`: how often and how carefully the sources are visited. Durations in seconds once read."""

    interval: Seconds = Field(default=900, ge=300, le=86400)
    allow_private: tuple[str, ...] = ()
    timeout: Seconds = Field(default=60, ge=1, le=600)
    connect_timeout: Seconds = Field(default=10, ge=1, le=60)
    idle_timeout: Seconds = Field(default=15, ge=1, le=120)
    body_max: SizeBytes = 10 * 1024**2
    follow_pages: bool = True
    host_spacing: Annotated[float, BeforeValidator(seconds)] = Field(default=2.0, ge=0, le=60)
    concurrency: int = Field(default=200, ge=1, le=1000)


class Hooks(Table):
    """`[hooks]`: private addresses that webhooks may reach."""

    allow_private: tuple[str, ...] = ()


class Http(Table):
    """`[http]`: the operator's endpoint. Another address than loopback needs a token."""

    listen: str = "127.0.0.1:8765"
    token_env: str = ""
    token_file: str = ""
    public_url: str = ""
    enabled: bool = True

    @field_validator("listen")
    @classmethod
    def _address(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit() or not 0 <= int(port) <= 65535:
            raise ValueError('write an address and a port such as "127.0.0.1:8765"')
        return value

    @property
    def host(self) -> str:
        """The address part of `listen`, without brackets."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port part of `listen`."""
        return int(self.listen.rpartition(":")[2])

    @model_validator(mode="after")
    def _token(self) -> Http:
        if self.host not in ("127.0.0.1", "::1", "localhost") and not (self.token_env or self.token_file):
            raise ValueError("an address other than loopback needs token_env or token_file")
        return self


def _id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise ValueError("write an id of a-z, 0-9 and -, at most 64 characters")
    return value


Id = Annotated[str, BeforeValidator(lambda value: _id(value) if isinstance(value, str) else value)]


def _web_address(value: str) -> str:
    if value:
        try:
            parts = ada_url.URL(value)
        except ValueError as error:
            raise ValueError(f"{value!r} is no web address") from error
        if parts.protocol not in ("http:", "https:"):
            raise ValueError(f"{value!r}: only http and https are visited")
        if parts.username or parts.password:
            raise ValueError("write username and password_env beside the url, not inside it")
    return value


class SourceTable(Table):
    """`[[source]]`: a feed to visit."""

    id: Id
    name: str = ""
    url: Annotated[str, Field(min_length=1)]
    homepage: str = ""
    interval: Seconds | None = Field(default=None, ge=300, le=86400)
    language: str = ""
    username: str = ""
    password_env: str = ""
    password_file: str = ""
    paused: bool = False
    _check = field_validator("url", "homepage")(_web_address)


class StoryTable(Table):
    """`[[story]]`: what is watched: the seed article, its sources and channels, and optional plain terms."""

    id: Id
    title: Annotated[str, Field(min_length=1, max_length=200)]
    seed: str = ""
    seed_text: str = ""
    seed_url: str = ""
    sources: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    threshold: float | None = Field(default=None, ge=0, le=1)
    must: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    paused: bool = False

    @model_validator(mode="after")
    def _seeded(self) -> StoryTable:
        if bool(self.seed) == bool(self.seed_text):
            raise ValueError("give either seed (a file) or seed_text (the article itself)")
        return self


class Document(Table):
    """The whole file. Channel tables are checked by the channel that they name."""

    service: Service = Service()
    fetch: Fetch = Fetch()
    hooks: Hooks = Hooks()
    http: Http = Http()
    source: tuple[SourceTable, ...] = ()
    story: tuple[StoryTable, ...] = ()
    channel: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """A checked configuration: the document, the folder its paths are relative to, and how to name its lines."""

    document: Document
    path: Path
    environ: Mapping[str, str]
    lines: Mapping[tuple[str | int, ...], int]

    @property
    def folder(self) -> Path:
        """The folder that relative paths start from."""
        return self.path.parent

    def state_url(self) -> str:
        """`service.state`, a relative path made absolute."""
        state = self.document.service.state
        return state if "://" in state else str((self.folder / state).resolve())

    def where(self, *location: str | int) -> str:
        """ "config.toml line 12, [[source]] 2: url" for messages about one key."""
        return _where(self.path, self.lines, location)

    def secret(self, environment: str, file: str, location: tuple[str | int, ...]) -> str:
        """The secret named by `*_env` or `*_file`, or "" where neither is set; ConfigError where it is missing."""
        if environment:
            value = self.environ.get(environment, "")
            if not value:
                raise ConfigError(f"{self.where(*location)}: the environment variable {environment} is not set")
            return value
        return read_secret(self.folder / file, self.where(*location)) if file else ""


def read_secret(path: Path, where: str) -> str:
    """The first line of a secret file that only its owner can read."""
    try:
        mode = path.stat().st_mode
        if stat.S_IMODE(mode) & 0o077:
            raise ConfigError(f"{where}: {path} can be read by others; run: chmod 600 {path}")
        value = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{where}: {path} cannot be read ({error})") from error
    if not value:
        raise ConfigError(f"{where}: {path} is empty")
    return value


def locate(explicit: str | None, environ: Mapping[str, str]) -> Path:
    """`--config`, else MONITOR_CONFIG, else config.toml in the current folder."""
    return Path(explicit or environ.get("MONITOR_CONFIG") or "config.toml")


def load(path: Path, environ: Mapping[str, str] | None = None) -> Config:
    """Read and check the configuration. ConfigError names file, line, key and the nearest right name."""
    environ = os.environ if environ is None else environ
    try:
        raw = path.read_bytes() if path.stat().st_size <= FILE_BYTES_MAX else None
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read ({error.strerror}); write one with `monitor add ARTICLE` or name one with --config"
        ) from error
    if raw is None:
        raise ConfigError(f"{path} is over 1 MiB")
    try:
        return parse(raw.decode("utf-8"), path, environ)
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 (byte {error.start})") from error


def parse(text: str, path: Path, environ: Mapping[str, str]) -> Config:
    """`load` for a text already read."""
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{path}: {error}") from error
    lines = _lines(text)
    _overlay(table, environ)
    try:
        document = Document.model_validate(table)
    except ValidationError as error:
        raise ConfigError(_explain(error, path, lines)) from error
    config = Config(document=document, path=path, environ=environ, lines=lines)
    _cross_check(config)
    return config


def _overlay(table: dict[str, Any], environ: Mapping[str, str]) -> None:
    """Lay MONITOR_SECTION__KEY over the file; a list is written with commas."""
    sections: dict[str, type[Table]] = {"service": Service, "fetch": Fetch, "hooks": Hooks, "http": Http}
    for name in sorted(environ):
        section, divider, key = name.removeprefix(ENV_PREFIX).lower().partition("__")
        if not name.startswith(ENV_PREFIX) or not divider:
            continue
        if section not in sections or key not in sections[section].model_fields:
            known = [f"{s}__{k}" for s, t in sections.items() for k in t.model_fields]
            raise ConfigError(f"environment variable {name}: no such setting{_nearest(f'{section}__{key}', known)}")
        value: Any = environ[name]
        if "tuple" in str(sections[section].model_fields[key].annotation):
            value = [part.strip() for part in value.split(",") if part.strip()]
        table.setdefault(section, {})[key] = value


def _cross_check(config: Config) -> None:
    document = config.document
    for kind in ("source", "story", "channel"):
        seen: dict[str, int] = {}
        for position, item in enumerate(getattr(document, kind)):
            name = item.get("id", "") if isinstance(item, dict) else item.id
            if not isinstance(name, str) or not _ID.fullmatch(name):
                raise ConfigError(f"{config.where(kind, position, 'id')}: every channel needs an id of a-z, 0-9 and -")
            if name in seen:
                raise ConfigError(f"{config.where(kind, position, 'id')}: the id {name!r} is used twice")
            seen[name] = position
    known = {
        "sources": [source.id for source in document.source],
        "channels": [str(channel["id"]) for channel in document.channel],
    }
    for position, story in enumerate(document.story):
        for key, names in known.items():
            for name in getattr(story, key):
                if name not in names:
                    where = config.where("story", position, key)
                    raise ConfigError(f"{where}: there is no {key[:-1]} {name!r}{_nearest(name, names)}")
    for name in document.service.operators:
        if name not in known["channels"]:
            where = config.where("service", "operators")
            raise ConfigError(f"{where}: there is no channel {name!r}{_nearest(name, known['channels'])}")


def _explain(error: ValidationError, path: Path, lines: Mapping[tuple[str | int, ...], int]) -> str:
    first = error.errors()[0]
    location = tuple(part for part in first["loc"] if isinstance(part, (str, int)))
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        message = f"unknown key {location[-1]!r}{_nearest(str(location[-1]), _known_keys(location))}"
    elif first["type"] == "missing":
        message = f"the key {location[-1]!r} is missing"
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{_where(path, lines, location)}: {message}{more}"


def _known_keys(location: tuple[str | int, ...]) -> list[str]:
    tables: dict[str, type[Table]] = {
        "service": Service, "fetch": Fetch, "hooks": Hooks, "http": Http, "source": SourceTable, "story": StoryTable,
    }  # fmt: skip
    table = tables.get(str(location[0]), Document) if len(location) > 1 else Document
    return list(table.model_fields)


def _nearest(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else ""


def _where(path: Path, lines: Mapping[tuple[str | int, ...], int], location: tuple[str | int, ...]) -> str:
    for length in range(len(location), 0, -1):
        if location[:length] in lines:
            return f"{path} line {lines[location[:length]]}, {_spell(location)}"
    return f"{path}, {_spell(location)}" if location else str(path)


def _spell(location: tuple[str | int, ...]) -> str:
    if len(location) > 1 and isinstance(location[1], int):
        head = f"[[{location[0]}]] {location[1] + 1}"
        return f"{head}: {'.'.join(map(str, location[2:]))}" if len(location) > 2 else head
    return f"[{location[0]}] {'.'.join(map(str, location[1:]))}".rstrip() if len(location) > 1 else str(location[0])


_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\-\"' ]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-]+|\"[^\"]+\"|'[^']+')\s*=(.*)$")


def _lines(text: str) -> dict[tuple[str | int, ...], int]:
    """Line numbers of tables and keys; multi-line strings are skipped. TOML libraries do not keep them."""
    found: dict[tuple[str | int, ...], int] = {}
    table: tuple[str | int, ...] = ()
    counts: dict[str, int] = {}
    closing = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if closing:
            closing = "" if closing in line else closing
            continue
        if header := _HEADER.match(line):
            name = header[2].strip("\"' ")
            if header[1] == "[[":
                counts[name] = counts.get(name, -1) + 1
                table = (name, counts[name])
            else:
                table = tuple(part.strip("\"' ") for part in name.split("."))
            found.setdefault(table, number)
        elif pair := _KEY.match(line):
            found.setdefault((*table, pair[1].strip("\"'")), number)
            for quotes in ('"""', "'''"):
                if pair[2].count(quotes) == 1:
                    closing = quotes
    return found
