"""Verbs that run the pipeline: run (the daemon), poll (one pass), demo (a shipped recording, played at speed)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor.cli import output
from monitor.cli.context import complete, read_config
from monitor.cli.output import ConfigOption, JsonOption
from monitor.errors import ConfigError


def run(config: ConfigOption = None) -> None:
    """The daemon: visits, delivery and the status page, until SIGTERM; SIGHUP reloads the configuration."""
    from monitor.serve import serve

    settings = read_config(config)
    raise typer.Exit(complete(serve(settings)))


def worker(
    config: ConfigOption = None,
    listen: Annotated[
        str,
        typer.Option(
            "--listen", envvar="MONITOR_WORKER_LISTEN", help="Address for probes and figures; none without it."
        ),
    ] = "",
) -> None:
    """Share the work of a state in PostgreSQL with other workers: visits and delivery, without a status page."""
    from monitor.serve import serve
    from monitor.stores import is_shared

    settings = read_config(config)
    if not is_shared(settings.state_url()):
        where = settings.where("service", "state")
        raise ConfigError(f"{where}: workers share a state in PostgreSQL; write postgresql://USER@HOST/DATABASE")
    # Workers of one machine read one configuration: its listen is the daemon's.
    raise typer.Exit(complete(serve(settings.listening(listen), probes_only=True)))


def poll(
    config: ConfigOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Visit also what is not due yet.")] = False,
    json: JsonOption = False,
) -> None:
    """One pass now: visit what is due, deliver, exit."""
    from monitor.app.build import build
    from monitor.metrics import Metrics
    from monitor.operations.polling import poll as pass_over

    settings = read_config(config)

    async def act() -> dict[str, Any]:
        app = build(settings, None, Metrics(), exclusive=True)
        progress = output.Progress("visits")
        try:
            return await pass_over(
                app.pipeline, app.sources, everything=everything, concurrency=settings.document.fetch.concurrency,
                seen=progress, limit_s=settings.document.fetch.poll_limit,
            )  # fmt: skip
        finally:
            progress.done()
            await app.close()

    with output.documents_only(json):
        figures = complete(act())
    if json:
        return output.document(figures)
    waiting = figures["put_off"] + figures["left"]
    if not figures["visited"] and not waiting and settings.document.source:
        print("No source is due yet; `monitor sources` says when, --all visits them now.")
    if figures["put_off"]:
        print(f"{output.count(figures['put_off'], 'source')} not asked: the server wants to be left alone for now.")
    if figures["left"]:
        print(
            f"{output.count(figures['left'], 'source')} not reached in time and still due; "
            "the next pass goes on there, a longer fetch.poll_limit reaches more."
        )
    return output.line(
        f"{output.count(figures['visited'], 'visit')} ({figures['failed']} failed), "
        f"{output.count(figures['entries_new'], 'new entry')}, {output.count(figures['matched'], 'follow-up')}, "
        f"{output.count(figures['alerts'], 'alert')}, {figures['delivered']} delivered in {figures['seconds']:.1f} s"
    )


def demo(
    speed: Annotated[
        float, typer.Option("--speed", min=0.1, max=1000, metavar="N", help="1 plays the story in under a minute.")
    ] = 1,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, metavar="PORT", help="Of the status page; 0 takes a free one.")
    ] = 8765,
    keep: Annotated[
        Path | None, typer.Option("--keep", metavar="FOLDER", help="Leave state and configuration in this new folder.")
    ] = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Play a shipped recording over loopback: baseline, developments, repeats, a changed figure, a correction."""
    from monitor.cli.demo import play

    with output.documents_only(json):
        steps = complete(play(speed, port, stay=sys.stdout.isatty() and not json, keep=keep))
    if json:
        output.document(steps)
