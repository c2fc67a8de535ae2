"""What goes which way: sources with credentials, headers and proxies, as the configuration and its secrets have it."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.config import Config, request_headers
from monitor.config.schema import Fetch, Hooks, Secret, SourceTable
from monitor.core import proxy
from monitor.core.proxy import Proxy
from monitor.core.text import clean
from monitor.core.urls import canonical
from monitor.errors import ConfigError
from monitor.model import Article, Source, Story

Location = tuple[str | int, ...]
TITLE_CHARS_MAX = 200  # characters of a story's title that are shown (set: a long headline has 120)


def sources(config: Config) -> dict[str, Source]:
    """The configured sources by id, secrets read."""
    found, doubles = {}, twins(config)
    for position, table in enumerate(config.document.source):
        place = ("source", position)
        found[table.id] = Source(
            id=table.id, name=table.name or table.id, url=table.url, homepage=table.homepage,
            interval_s=table.interval, username=table.username, language=table.language, kind=table.kind,
            password=config.secret(table.password_env, table.password_file, "password", *place),
            user_agent=table.user_agent, headers=_headers(config, table, place),
            proxy=_proxy_text(config, table, place), ca_file=beside(config, table.ca_file),
            same_as=doubles.get(table.id, ""),
        )  # fmt: skip
    return found


def twins(config: Config) -> dict[str, str]:
    """Sources whose feed is named before, each with the id under which it is visited: of one that is not paused."""
    first: dict[object, str] = {}
    found: dict[str, str] = {}
    for table in sorted(config.document.source, key=lambda each: each.paused):
        # What is asked for: with another login or other headers the same address may answer something else.
        headers = tuple(sorted((name, repr(value)) for name, value in table.headers.items()))
        asked = (canonical(table.url), table.kind, table.username, headers, table.user_agent)
        if first.setdefault(asked, table.id) != table.id:
            found[table.id] = first[asked]
    return found


def visited(configured: Mapping[str, Source]) -> dict[str, Source]:
    """The sources that are visited: each feed once, however often it is named."""
    return {source.id: source for source in configured.values() if not source.same_as}


def bare_stories(config: Config) -> tuple[Story, ...]:
    """The configured stories; their articles are not read."""
    doubles = twins(config) if any(table.sources for table in config.document.story) else {}
    return tuple(
        Story(
            id=table.id, title=clean(table.title, TITLE_CHARS_MAX) or table.id, seed=Article(table.title, ""),
            channel_ids=table.channels,
            source_ids=tuple(dict.fromkeys(doubles.get(name, name) for name in table.sources)),
            threshold=table.threshold, must=table.must, any=table.any, never=table.never, ignore=table.ignore,
            like=table.like, unlike=table.unlike, paused=table.paused, mute_until=table.mute_until,
        )
        for table in config.document.story
    )  # fmt: skip


def beside(config: Config, file: str) -> str:
    """A file of the configuration, which is relative to it; "" stays so."""
    return str(config.folder / file) if file else ""


def usual_proxy(config: Config, section: str) -> Proxy | None:
    """The proxy of `[fetch]` or `[hooks]`, None where none is configured."""
    table: Fetch | Hooks = getattr(config.document, section)
    text = _proxy_text(config, table, (section,))
    return proxy.read(text) if text and text != proxy.DIRECT else None


def has_proxy(config: Config) -> bool:
    """Does anything go through a proxy, or past one on purpose?"""
    tables: list[Fetch | Hooks | SourceTable] = [config.document.fetch, config.document.hooks, *config.document.source]
    return any(table.proxy or table.proxy_env or table.proxy_file for table in tables)


def _proxy_text(config: Config, table: Fetch | Hooks | SourceTable, place: Location) -> str:
    if not (table.proxy_env or table.proxy_file):
        return table.proxy
    text = config.secret(table.proxy_env, table.proxy_file, "proxy", *place)
    try:
        proxy.read(text)
    except ValueError as error:
        key = "proxy_env" if table.proxy_env else "proxy_file"
        raise ConfigError(f"{config.where(*place, key)}: {error}") from error
    return text


def _headers(config: Config, table: SourceTable, place: Location) -> tuple[tuple[str, str], ...]:
    found = []
    for name, content in table.headers.items():
        where = config.where(*place, "headers")
        value = config.secret_at(content.env, content.file, where) if isinstance(content, Secret) else content
        try:
            found.append((name, request_headers.value(name, value)))
        except ValueError as error:
            raise ConfigError(f"{where}: {error}") from error
    return tuple(found)
