"""A configuration as the program's own nouns: stories, ways out, trust, links."""

from __future__ import annotations

import resource
import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from monitor import log
from monitor.config import Config
from monitor.config.ways import bare_stories, beside
from monitor.core.delivery.links import Links
from monitor.core.documents import seed
from monitor.core.text import counted
from monitor.deferred import Deferred
from monitor.errors import ArticleError, ConfigError
from monitor.model import Story
from monitor.net import tls
from monitor.net.fetch import FetchSettings
from monitor.net.guard import Guard
from monitor.pipeline import Settings

# Only those who are told something by somebody need what tells.
if TYPE_CHECKING:
    from monitor import channels
else:
    channels = Deferred("monitor.channels")

SEED_BYTES_MAX = 5 * 1024 * 1024  # bytes of an article's file (see core.documents.seed)
# Descriptors that are not for visits: state, logs, the endpoint and who asks it, children that parse, mail and hooks
# under way. Set here: a daemon at rest holds about 20, and 16 deliveries may be on their way.
RESERVED = 40
LEAST = 8  # connections that are tried whatever the limit: each waits for a descriptor where there is none (set)
EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - compared with, nothing is bound here


def stories(config: Config) -> tuple[Story, ...]:
    """The configured stories, each with its seed article read."""
    found = []
    for position, (table, story) in enumerate(zip(config.document.story, bare_stories(config), strict=True)):
        try:
            content: str | bytes = seed_file(config.folder / table.seed) if table.seed else table.seed_text
            article = seed.read(content, url=table.seed_url)
        except ArticleError as error:
            key = "seed" if table.seed else "seed_text"
            raise ConfigError(f"{config.where('story', position, key)}: {error.args[0]}") from error
        found.append(replace(story, seed=article))
    return tuple(found)


def read_channels(config: Config) -> list[tuple[Any, ModuleType]]:
    """Every configured channel's settings, checked, and its module; no secret is read yet."""
    return channels.read_all(config.document.channel, config.where) if config.document.channel else []


def fetch_settings(config: Config) -> FetchSettings:
    """`[fetch]` as the door takes it."""
    table = config.document.fetch
    return FetchSettings(
        contact=config.document.service.contact, timeout_s=table.timeout, connect_s=table.connect_timeout,
        idle_s=table.idle_timeout, body_bytes_max=table.body_max, spacing_s=table.host_spacing,
        in_flight_max=room(table.concurrency, log.get("fetch").warning),
    )  # fmt: skip


def room(wanted: int, told: Callable[[str], None]) -> int:
    """How many of the `wanted` connections there may be; `told` hears where these are fewer, and what to raise."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft - RESERVED >= wanted:
        return wanted
    found = min(wanted, max(LEAST, soft - RESERVED))
    if found < wanted:
        visits = counted(found, "visit")
        told(f"{soft} descriptors: {visits} at once, not {wanted}; raise RLIMIT_NOFILE (ulimit -n) for more")
    return found


def trust(config: Config, use: tls.Use) -> ssl.SSLContext:
    """The certificates that are trusted: the process's one store, and the company's own."""
    file = beside(config, config.document.service.ca_file)
    return tls.context(use, file, config.where("service", "ca_file"), config.environ)


def guard(config: Config, section: str) -> Guard:
    """The address check of `[fetch]` or `[hooks]`."""
    try:
        return Guard(getattr(config.document, section).allow_private, setting=f"[{section}] allow_private")
    except ConfigError as error:
        raise ConfigError(f"{config.where(section, 'allow_private')}: {error.args[0]}") from error


def pipeline_settings(config: Config) -> Settings:
    """The settings that the pipeline itself needs."""
    document = config.document
    return Settings(
        base_s=document.fetch.interval, follow_pages=document.fetch.follow_pages, operators=document.service.operators
    )


def public_url(config: Config) -> str:
    """Where links in alerts point to, without a trailing slash."""
    http = config.document.http
    place = f"127.0.0.1:{http.port}" if http.host in EVERY_ADDRESS else http.listen
    return (http.public_url or f"http://{place}").rstrip("/")


def mailbox(config: Config) -> str:
    """The operator's mail address, "" where `service.contact` is none."""
    contact = config.document.service.contact
    return contact.removeprefix("mailto:").partition("?")[0] if contact.startswith("mailto:") else ""


def links(config: Config, key: bytes) -> Links:
    """Links to the endpoint for whom they lead somewhere: nobody where it is off, only this machine on loopback."""
    http = config.document.http
    if not http.enabled:
        return Links("", key)
    near = None if http.reached_from_elsewhere else frozenset(s.id for s, _ in read_channels(config) if s.near)
    return Links(public_url(config), key, near)


def seed_file(path: Path) -> bytes:
    """The bytes of an article file, within the limit; ArticleError where it cannot be read."""
    try:
        if path.stat().st_size > SEED_BYTES_MAX:
            raise ArticleError(f"{path} is over 5 MiB")
        return path.read_bytes()
    except OSError as error:
        raise ArticleError(f"{path}: {error.strerror}") from error


def replace_channels(config: Config) -> Config:
    """The configuration without stories and channels: adding one must not fail for another's secret."""
    return replace(config, document=config.document.model_copy(update={"story": (), "channel": ()}))
