"""The working pipeline, from the configuration and the state."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from monitor import __version__, log
from monitor.app import reused_ids
from monitor.app import settings as nouns
from monitor.app.settings import guard, links, read_channels, stories, trust
from monitor.config import Config
from monitor.config.ways import beside, sources, usual_proxy, visited
from monitor.deferred import Deferred
from monitor.metrics import Metrics
from monitor.model import Destination, Source
from monitor.net import tls
from monitor.net.fence import fenced
from monitor.net.fetch import Extract, HttpFetcher
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

REPLAY_WALL_S = 600.0  # seconds until a parse of a replay is given up; its processor time has a limit of its own (set)


def open_channels(config: Config) -> tuple[dict[str, Channel], tuple[Destination, ...], httpx.AsyncClient | None]:
    """Every configured channel, opened, the destinations they serve, and the client that they share."""
    judge = guard(config, "hooks")
    if not config.document.channel and not config.document.judge.url:
        return {}, (), None
    post = client.client(judge, proxy=usual_proxy(config, "hooks"), context=trust(config, "web"))
    opened: dict[str, Channel] = {}
    destinations: list[Destination] = []
    for position, (settings, module) in enumerate(read_channels(config)):

        def secret(environment: str, file: str, name: str, position: int = position) -> str:
            return config.secret(environment, file, name, "channel", position)

        tools = channels.Tools(
            post, secret, user_agent(config.document.service.contact), trust(config, "mail"), nouns.mailbox(config),
            partial(client.reach, judge, proxy=usual_proxy(config, "hooks"), context=trust(config, "web")),
            partial(fenced, judge), connected,
        )  # fmt: skip
        opened[settings.id] = module.open_channel(settings, tools)
        destinations += settings.destinations()
    return opened, tuple(destinations), post


@dataclass(slots=True)
class App:
    """Everything that runs, joined. Close it when done.

    `leads`: what is in force here is so for every worker of a shared state.
    """

    config: Config
    store: Store
    pipeline: Pipeline
    daemon: Daemon
    sources: Mapping[str, Source]
    metrics: Metrics
    post: httpx.AsyncClient | None
    signing_key: bytes = b""
    leads: bool = False
    refusal: str = ""
    adopting: asyncio.Lock = field(default_factory=asyncio.Lock)
    editing: asyncio.Lock = field(default_factory=asyncio.Lock)

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
        await hang_up(self.post)
        await asyncio.to_thread(self.store.close)  # who decides holds it


def build(config: Config, observer: Any, metrics: Metrics, *, exclusive: bool, clock: Clock | None = None) -> App:
    """A working application on the configured state; `exclusive` takes the state's lock (daemon and `poll`).

    With an `observer`, which a daemon has, it is there to stay.
    """
    configured = sources(config)
    read = visited(configured)
    made = parts(config)
    store = open_store(config.state_url(), exclusive=exclusive, lasting=observer is not None)
    clock = clock or (AgreedClock(store.now()) if store.shared else SystemClock())
    if exclusive:
        store.expire_leases(clock.now())
        store.set_back(clock.now())
    acquaint(config, configured, store, made.watchlist, clock.now(), survey=exclusive)
    key = signing_key(store)
    pipeline = Pipeline(
        store=store, fetcher=made.fetcher, parser=made.parser, clock=clock, watchlist=made.watchlist,
        settings=nouns.pipeline_settings(config), channels=made.channels, links=links(config, key),
        fault=observer.failed if observer else log.fault,
    )  # fmt: skip
    daemon = Daemon(
        pipeline, read, observer, concurrency=config.document.fetch.concurrency,
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
    token = config.secret(table.token_env, table.token_file, "token", "judge")
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
        await asyncio.gather(self.fetcher.close(), self.parser.close(), hang_up(self.post))


async def hang_up(post: httpx.AsyncClient | None) -> None:
    """Close the client that channels share, where there is one."""
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
    return HttpFetcher(door, nouns.fetch_settings(config), extract, ways=ways, sources=found.values())


def acquaint(
    config: Config, configured: Mapping[str, Source], store: Store, watchlist: Watchlist, now: datetime, *,
    survey: bool = True,
) -> None:  # fmt: skip
    """Let the state know what the configuration reads, and the watch what the state knows.

    `survey`: may what is stored be read for stories that are new? Only who decides may.
    """
    store.sync_sources(list(configured.values()), now)
    _pause_configured(config, store)
    watchlist.sources = dict(configured)
    watchlist.learn(store)
    store.watch_stories([story.id for story in watchlist.stories])
    if survey:
        reused_ids.keep(store, watchlist.stories, now)
        watchlist.survey(store, visited(configured))


def _pause_configured(config: Config, store: Store) -> None:
    """`paused = true` in the file pauses a source; resuming is then done in the file too."""
    for status in store.statuses(table.id for table in config.document.source if table.paused).values():
        if not status.paused:
            store.set_status(replace(status, paused=True))


def signing_key(store: Store) -> bytes:
    """The key of feedback and unsubscribe links, made once per state."""
    return bytes.fromhex(store.setting(SIGNING_KEY) or store.keep_setting(SIGNING_KEY, os.urandom(32).hex()))


def offline(config: Config, state: str, clock: Clock, *, baseline: bool, consider_all: bool = False) -> Pipeline:
    """A pipeline for replay: the configured stories, no network, no channels, state in memory or in a file."""
    store = open_store(state or ":memory:", exclusive=bool(state))
    watchlist = Watchlist(stories(config))
    acquaint(config, sources(config), store, watchlist, clock.now(), survey=False)
    settings = Settings(config.document.fetch.interval, False, baseline, consider_all)
    # Decisions hold this loop while documents are parsed ahead: what has waited long was not slow.
    pool = ParserPool(wall_s=REPLAY_WALL_S)
    closed = HttpFetcher(Guard(), nouns.fetch_settings(config), pool.page)
    return Pipeline(
        store=store, fetcher=closed, parser=pool, clock=clock, watchlist=watchlist, settings=settings, aside=at_once
    )
