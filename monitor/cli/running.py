"""Verbs that run the lane: run (the daemon), poll (one pass), demo (a shipped recording, played at speed)."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import typer

from monitor.cli import show
from monitor.cli.opening import read_config
from monitor.cli.show import ConfigOption, JsonOption


def run(config: ConfigOption = None) -> None:
    """The daemon: visits, delivery and the status page, until SIGTERM. SIGHUP reloads the configuration."""
    from monitor.service import serve

    settings = read_config(config)
    raise typer.Exit(asyncio.run(serve(settings)))


def poll(
    config: ConfigOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Visit also what is not due yet.")] = False,
    json: JsonOption = False,
) -> None:
    """One pass now: visit what is due, deliver, exit."""
    from monitor.app import build
    from monitor.metrics import Metrics
    from monitor.operations.polling import poll as pass_over

    settings = read_config(config)

    async def act() -> dict[str, Any]:
        app = build(settings, None, Metrics(), exclusive=True)
        progress = show.Progress("visits")
        count = 0

        def seen(_: object) -> None:
            nonlocal count
            count += 1
            progress(count)

        try:
            return await pass_over(
                app.lane, app.sources, everything=everything, concurrency=settings.document.fetch.concurrency, seen=seen
            )
        finally:
            progress.done()
            await app.close()

    figures = asyncio.run(act())
    if json:
        return show.document(figures)
    return show.line(
        f"{figures['visited']} visited ({figures['failed']} failed), {figures['entries_new']} new entries, "
        f"{figures['matched']} follow-ups, {figures['alerts']} alerts, {figures['delivered']} delivered "
        f"in {figures['seconds']} s"
    )


def demo(
    speed: Annotated[
        float, typer.Option("--speed", min=0.1, max=1000, help="1 plays the story in under a minute.")
    ] = 1,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Of the status page.")] = 8765,
) -> None:
    """Play a shipped recording over loopback: baseline, developments, repeats, a changed figure, a correction."""
    from monitor.demo import play

    asyncio.run(play(speed, port))
