"""A new configuration in force while the program runs."""

from __future__ import annotations

import asyncio

from monitor.app.build import App, acquaint, hang_up, parts, second_look
from monitor.app.generation import lay_down
from monitor.app.settings import links, pipeline_settings
from monitor.config import Config
from monitor.config.ways import sources, visited
from monitor.errors import ConfigError, MonitorError


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
            await asyncio.to_thread(acquaint, config, configured, pipeline.store, made.watchlist, pipeline.clock.now())
        except MonitorError:
            await made.close()
            raise
        old = (pipeline.fetcher, pipeline.parser, app.post, list(pipeline.channels.values()))
        async with pipeline.deciding:
            pipeline.fetcher, pipeline.parser = made.fetcher, made.parser
            pipeline.channels, pipeline.watchlist = made.channels, made.watchlist
            pipeline.settings, pipeline.links = pipeline_settings(config), links(config, app.signing_key)
            app.config, app.sources, app.post, app.daemon.sources = config, read, made.post, read
            app.daemon.second_look = asked
        if app.leads:
            await asyncio.to_thread(lay_down, pipeline.store, config)
        if pending := app.daemon.under_way():
            await asyncio.wait(pending)
        await asyncio.gather(old[0].close(), old[1].close(), hang_up(old[2]), *(each.close() for each in old[3]))
