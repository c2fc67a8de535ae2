"""The one place that builds things and joins them: configuration in, a working lane out."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from monitor import __version__, log
from monitor.config import Config
from monitor.config.ways import bare_stories, beside, usual_proxy, visited
from monitor.config.ways import sources as sources
from monitor.core.delivery.links import Links as Links
from monitor.core.documents import seed
from monitor.deferred import Deferred
from monitor.errors import ArticleError, ConfigError, MonitorError
from monitor.metrics import Metrics
from monitor.model import Destination, Source, Story
from monitor.net import descriptors, tls
from monitor.net.fence import fenced
from monitor.net.fetch import Extract, FetchSettings, HttpFetcher
from monitor.net.guard import Guard, Ways
from monitor.net.race import connected
from monitor.net.requests import user_agent
from monitor.parser.pool import ParserPool
from monitor.pipeline import Pipeline, Settings, Watchlist, at_once
from monitor.ports import Channel, Clock, Store
from monitor.ports.setting_names import SIGNING_KEY
from monitor.runtime.clocks import AgreedClock, SystemClock
from monitor.runtime.daemon import Daemon
from monitor.runtime.jobs import Jobs
from monitor.runtime.workers import Membership
from monitor.stores import open_store

# Only those who are told something by somebody need what tells.
if TYPE_CHECKING:
    import httpx

    from monitor import channels
    from monitor.net import client
    from monitor.runtime.second_look import SecondLook
else:
    channels = Deferred("monitor.channels")
    client = Deferred("monitor.net.client")

SEED_BYTES_MAX = 5 * 1024 * 1024  # bytes of an article's file (see core.documents.seed)
REPLAY_WALL_S = 600.0  # seconds until a parse of a replay is given up; its processor time has a limit of its own (set)
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


def open_channels(
    config: Config,
) -> tuple[dict[str, Channel], tuple[Destination, ...], httpx.AsyncClient | None]:  # fmt: skip
    """Every configured channel, opened, the destinations they serve, and the client that they share."""
    judge = guard(config, "hooks")
    if not config.document.channel and not config.document.judge.url:
        return {}, (), None
    post = client.client(judge, proxy=usual_proxy(config, "hooks"), context=trust(config, "web"))
    opened: dict[str, Channel] = {}
    destinations: list[Destination] = []
    for position, (settings, module) in enumerate(read_channels(config)):

        def secret(environment: str, file: str, key: str, position: int = position) -> str:
            return config.secret(environment, file, ("channel", position, key))

        tools = channels.Tools(
            post, secret, user_agent(config.document.service.contact), trust(config, "mail"), mailbox(config),
            partial(client.reach, judge, proxy=usual_proxy(config, "hooks"), context=trust(config, "web")),
            partial(fenced, judge), connected,
        )  # fmt: skip
        opened[settings.id] = module.open_channel(settings, tools)
        destinations += module.destinations(settings)
    return opened, tuple(destinations), post


@dataclass(slots=True)
class App:
    """Everything that runs, joined. Close it when done."""

    config: Config
    store: Store
    pipeline: Pipeline
    daemon: Daemon
    sources: Mapping[str, Source]
    metrics: Metrics
    post: httpx.AsyncClient | None
    signing_key: bytes = b""
    adopting: asyncio.Lock = field(default_factory=asyncio.Lock)

    def jobs(self) -> Jobs:
        """This process's part of the work on a state that many share."""
        agree = self.pipeline.clock.agree if isinstance(self.pipeline.clock, AgreedClock) else lambda at: None
        return Jobs(self.daemon, Membership(self.store, self.pipeline.clock, __version__, agree))

    async def close(self) -> None:
        """Release connections, children and the state, in that order."""
        for channel in self.pipeline.channels.values():
            await channel.close()
        await self.pipeline.fetcher.close()
        await self.pipeline.parser.close()
        await _hang_up(self.post)
        await asyncio.to_thread(self.store.close)  # who decides holds it


def fetch_settings(config: Config) -> FetchSettings:
    """`[fetch]` as the door takes it."""
    table = config.document.fetch
    return FetchSettings(
        contact=config.document.service.contact, timeout_s=table.timeout, connect_s=table.connect_timeout,
        idle_s=table.idle_timeout, body_bytes_max=table.body_max, spacing_s=table.host_spacing,
        in_flight_max=descriptors.room(table.concurrency, log.get("fetch").warning),
    )  # fmt: skip


def build(config: Config, witness: Any, metrics: Metrics, *, exclusive: bool, clock: Clock | None = None) -> App:
    """A working application on the configured state; `exclusive` takes the state's lock (daemon and `poll`)."""
    configured = sources(config)
    read = visited(configured)
    made = parts(config)
    store = open_store(config.state_url(), exclusive=exclusive)
    clock = clock or (AgreedClock(store.now()) if store.shared else SystemClock())
    if exclusive and not store.shared:
        store.expire_leases(clock.now())
    store.sync_sources(list(configured.values()), clock.now())
    pause_configured(config, store)
    made.watchlist.learn(store)
    store.watch_stories([story.id for story in made.watchlist.stories])
    if exclusive:
        made.watchlist.survey(store, read)
    key = signing_key(store)
    pipeline = Pipeline(
        store=store, fetcher=made.fetcher, parser=made.parser, clock=clock, watchlist=made.watchlist,
        settings=lane_settings(config), channels=made.channels, links=links(config, key),
        fault=witness.failed if witness else log.fault,
    )  # fmt: skip
    daemon = Daemon(
        pipeline, read, witness, concurrency=config.document.fetch.concurrency,
        keep_days=config.document.service.keep // 86_400,
    )  # fmt: skip
    daemon.second_look = second_look(config, made.post)
    return App(config, store, pipeline, daemon, read, metrics, made.post, key)


def second_look(config: Config, post: httpx.AsyncClient | None) -> SecondLook | None:
    """The reader's own judge, None where there is none; it is reached as webhooks are."""
    table = config.document.judge
    if not table.command and not (table.url and post):
        return None
    from monitor.net.judge import CommandJudge, HttpJudge
    from monitor.runtime.second_look import SecondLook

    if not post or table.command:
        program = CommandJudge(table.command, config.folder, table.model, table.timeout)
        return SecondLook(program, table.model or "your judge", table.asks_a_day)
    token = config.secret(
        table.token_env, table.token_file, ("judge", "token_env" if table.token_env else "token_file")
    )
    judge = HttpJudge(post, table.url, table.model, table.timeout, token)
    return SecondLook(judge, table.model or "your judge", table.asks_a_day)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the configuration alone decides."""

    fetcher: HttpFetcher
    parser: ParserPool
    post: httpx.AsyncClient | None
    channels: dict[str, Channel]
    watchlist: Watchlist

    async def close(self) -> None:
        """Release connections and children."""
        await asyncio.gather(self.fetcher.close(), self.parser.close(), _hang_up(self.post))


async def _hang_up(post: httpx.AsyncClient | None) -> None:
    if post:
        await post.aclose()


def parts(config: Config) -> Parts:
    """Everything that the configuration alone decides; ConfigError before anything was touched."""
    watched = stories(config)
    pool = ParserPool()
    fetcher = open_fetcher(config, pool.page)
    opened, destinations, post = open_channels(config)
    return Parts(fetcher, pool, post, opened, Watchlist(watched, destinations))


def open_fetcher(config: Config, extract: Extract) -> HttpFetcher:
    """The fetcher with its ways out, each tried as far as that goes without a visit: ConfigError names what fails."""
    door = guard(config, "fetch")
    trust(config, "web")
    found = sources(config)
    ways = Ways(door, usual_proxy(config, "fetch"), beside(config, config.document.service.ca_file))
    for position, source in enumerate(found.values()):
        if source.ca_file:
            tls.context("web", source.ca_file, config.where("source", position, "ca_file"))
    return HttpFetcher(door, fetch_settings(config), extract, ways=ways, sources=found.values())


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


def lane_settings(config: Config) -> Settings:
    """The settings that the lane itself needs."""
    document = config.document
    return Settings(
        base_s=document.fetch.interval, follow_pages=document.fetch.follow_pages, operators=document.service.operators
    )


async def adopt(app: App, config: Config) -> None:
    """Put a new configuration into force while running, one at a time; ConfigError leaves the old one untouched."""
    async with app.adopting:
        if config.state_url() != app.config.state_url() or config.document.http != app.config.document.http:
            raise ConfigError("service.state and [http] change only with a restart")
        pipeline = app.pipeline
        # Compiling stories takes a core, and a locked state a wait: neither may keep the endpoint from answering.
        configured, made = await asyncio.to_thread(lambda: (sources(config), parts(config)))
        read = visited(configured)
        try:
            asked = second_look(config, made.post)
            await asyncio.to_thread(_synced, config, configured, made, pipeline)
        except MonitorError:
            await made.close()
            raise
        old = (pipeline.fetcher, pipeline.parser, app.post, list(pipeline.channels.values()))
        async with pipeline.deciding:
            pipeline.fetcher, pipeline.parser = made.fetcher, made.parser
            pipeline.channels, pipeline.watchlist = made.channels, made.watchlist
            pipeline.settings, pipeline.links = lane_settings(config), links(config, app.signing_key)
            app.config, app.sources, app.post, app.daemon.sources = config, read, made.post, read
            app.daemon.second_look = asked
        pending = (*app.daemon.busy.values(), *app.daemon.dispatcher.sending, *app.daemon.reading)
        await asyncio.gather(*pending, return_exceptions=True)
        await asyncio.gather(old[0].close(), old[1].close(), _hang_up(old[2]), *(each.close() for each in old[3]))


def _synced(config: Config, configured: Mapping[str, Source], made: Parts, pipeline: Pipeline) -> None:
    """Let the state know what a new configuration reads, and the new watch what the state knows."""
    pipeline.store.sync_sources(list(configured.values()), pipeline.clock.now())
    pause_configured(config, pipeline.store)
    made.watchlist.learn(pipeline.store)
    pipeline.store.watch_stories([story.id for story in made.watchlist.stories])
    made.watchlist.survey(pipeline.store, visited(configured))


def pause_configured(config: Config, store: Store) -> None:
    """`paused = true` in the file pauses a source; resuming is then done in the file too."""
    for status in store.statuses(table.id for table in config.document.source if table.paused).values():
        if not status.paused:
            store.set_status(replace(status, paused=True))


def signing_key(store: Store) -> bytes:
    """The key of feedback and unsubscribe links, made once per state."""
    return bytes.fromhex(store.setting(SIGNING_KEY) or store.keep_setting(SIGNING_KEY, os.urandom(32).hex()))


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


def offline(config: Config, state: str, clock: Clock, *, baseline: bool, consider_all: bool = False) -> Pipeline:
    """A lane for replay: the configured stories, no network, no channels, state in memory or in a file."""
    store = open_store(state or ":memory:", exclusive=bool(state))
    read = sources(config)
    store.sync_sources(list(read.values()), clock.now())
    watchlist = Watchlist(stories(config))
    watchlist.learn(store)
    store.watch_stories([story.id for story in watchlist.stories])
    settings = Settings(config.document.fetch.interval, False, baseline, consider_all)
    # Decisions hold this loop while documents are parsed ahead: what has waited long was not slow.
    pool = ParserPool(wall_s=REPLAY_WALL_S)
    closed = HttpFetcher(Guard(), fetch_settings(config), pool.page)
    return Pipeline(
        store=store, fetcher=closed, parser=pool, clock=clock, watchlist=watchlist, settings=settings, aside=at_once
    )  # fmt: skip


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
