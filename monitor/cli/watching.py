"""Verbs about what is watched: add (an article becomes a watch), check (does everything it needs work)."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor import config as configuration
from monitor.cli import show
from monitor.cli.opening import read_config
from monitor.cli.show import ConfigOption, JsonOption


def add(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="A text or HTML file, or an address.")],
    config: ConfigOption = None,
    json: JsonOption = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written, write nothing.")] = False,
) -> None:
    """Read an article, find its sources' feeds, and write a watch into the configuration."""
    from monitor.app import plan_watch, write_watch

    path = configuration.locate(str(config) if config else None, os.environ)
    settings = configuration.load(path) if path.exists() else configuration.parse("", path, os.environ)
    plan = asyncio.run(plan_watch(settings, article))
    near = _neighbours(settings, plan)
    written = None if dry_run else write_watch(settings, plan)
    if json:
        return show.document(plan.to_dict() | {"neighbours": near} | ({"written": written} if written else {}))
    _print(plan.to_dict())
    for heading, rows in near.items():
        if rows:
            print(f"\nstored entries just {heading} the threshold:")
            for row in rows:
                show.line(f"  {row['score']:.2f}  {row['title']}")
    if written:
        show.line(f"\nWritten to {path}: story {written['story']}, sources {', '.join(written['sources']) or 'none'}.")
        show.line("A running daemon takes it over on SIGHUP; `monitor check` tries every feed and channel.")
    return None


def _neighbours(settings: configuration.Config, plan: Any) -> dict[str, list[dict[str, Any]]]:
    """Where a state exists already: what of it this watch would and would not have told."""
    from monitor.operations import watching
    from monitor.stores import open_store

    if "://" in settings.state_url() or not Path(settings.state_url()).exists():
        return {"above": [], "below": []}
    store = open_store(settings.state_url())
    try:
        return watching.neighbours(store, plan.story)
    finally:
        store.close()


def _print(found: dict[str, Any]) -> None:
    story = found["story"]
    show.line(f"{story['title']}")
    show.line(f"published {story['published_at'] or 'on an unknown day'}\n")
    rows = [
        source | {"covered": "yes" if source["validated"] else "not covered" if not source["feed"] else "not validated",
                  "count": len(source["cited"])}
        for source in found["sources"]
    ]  # fmt: skip
    columns = {
        "SOURCE": "name", "CITED": "count", "FOUND BY": "how", "COVERED": "covered", "ERROR": "error", "FEED": "feed",
    }  # fmt: skip
    show.table(rows, columns, "No source is named in the article; give its story sources by hand in config.toml.")
    for heading, values in found["profile"].items():
        if values:
            show.line(f"\n{heading}: {', '.join(values)}")
    if found["claims"]:
        print("\nclaims:")
        for claim in found["claims"]:
            show.line(f"  {claim['kind']}: {claim['text']}")


def check(config: ConfigOption = None, json: JsonOption = False) -> None:
    """Validate the configuration, every feed and every channel; exit 1 where something is not covered."""
    from monitor.app import parts, sources
    from monitor.model import SourceStatus, Visit

    settings = read_config(config)

    async def act() -> list[dict[str, Any]]:
        made = parts(settings)
        try:
            return list(await asyncio.gather(*(one(made, source) for source in sources(settings).values())))
        finally:
            await made.fetcher.close()
            await made.parser.close()
            await made.post.aclose()

    async def one(made: Any, source: Any) -> dict[str, Any]:
        from monitor.app import SystemClock

        visit = Visit(source, SourceStatus(source.id), SystemClock().now(), unconditional=True)
        fetched = await made.fetcher.fetch(visit)
        error, detail, entries = fetched.error, fetched.detail, 0
        if error is None:
            feed = await made.parser.parse(fetched)
            error, detail, entries = feed.error, feed.detail, len(feed.entries)
        return {"source": source.id, "url": source.url, "error": error, "detail": detail or None, "entries": entries}

    rows = asyncio.run(act())
    stories = [
        {"story": story.id, "sources": list(story.sources) or [source.id for source in settings.document.source]}
        for story in settings.document.story
    ]
    channels = [{"channel": str(channel["id"]), "type": channel["type"]} for channel in settings.document.channel]
    found = {"config": str(Path(settings.path)), "sources": rows, "stories": stories, "channels": channels}
    if json:
        show.document(found)
    else:
        show.line(f"{settings.path} is valid: {len(stories)} stories, {len(rows)} sources, {len(channels)} channels")
        columns = {"SOURCE": "source", "ENTRIES": "entries", "ERROR": "error", "DETAIL": "detail", "FEED": "url"}
        show.table(rows, columns, "No source is configured.")
        if not channels:
            print("No channel is configured: nobody will be told. Add a [[channel]].")
    if any(row["error"] for row in rows) or not channels:
        raise typer.Exit(1)
