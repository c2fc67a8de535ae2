"""Verbs about what is watched: add (an article becomes a watch), check (does everything it needs work)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli import output
from monitor.cli.context import complete, disabled_channels, read_config, reading
from monitor.cli.output import ConfigOption, JsonOption
from monitor.runtime.clocks import SystemClock

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.config import Config
    from monitor.config.schema import StoryTable
    from monitor.model import Article


def add(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="A text or HTML file, or an address.")],
    config: ConfigOption = None,
    json: JsonOption = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written, write nothing.")] = False,
    story_id: Annotated[str, typer.Option("--id", metavar="ID", help="The story's id; else made of its title.")] = "",
    title: Annotated[str, typer.Option("--title", help="The story's title; else the article's.")] = "",
    source: Annotated[
        list[str] | None,
        typer.Option("--source", metavar="NAME=URL", help="A source, or the page where its feed is; may be repeated."),
    ] = None,
) -> None:
    """Read an article, find its sources' feeds, and write a watch into the configuration."""
    from monitor import config as configuration
    from monitor.app.add import plan_watch, wishes, write_watch
    from monitor.operations.setup import neighbours

    path = configuration.locate(str(config) if config else None, os.environ)
    settings = configuration.load(path) if path.exists() else configuration.parse("", path, os.environ)
    progress = output.Progress("outlets looked for", every=1)
    with reading(settings) as store:
        wanted = wishes(settings, store, story_id, title, source or ())
        plan = complete(plan_watch(settings, store, article, progress, wanted))
        progress.done()
        near = neighbours(plan, store, SystemClock().now())
    written = None if dry_run else write_watch(settings, plan)
    if json:
        return output.document(plan.to_dict() | {"neighbours": near} | ({"written": written} if written else {}))
    _print(plan.to_dict(), near)
    twin = next((t.id for t in settings.document.story if _watches(t, plan.article)), "")
    if twin:
        output.note(f"This article is watched already, as story {twin}: a second watch tells everything twice.")
    if written:
        listed = ", ".join(written["sources"])
        cited = plan.to_dict()["sources"]
        read = listed if listed and cited and all(source["feed"] for source in cited) else ""
        told = read or f"every configured source{f' ({listed} among them)' if listed else ''}"
        output.line(f"\nWritten to {path}: story {written['story']}, reading {told}.")
        print("Next: `monitor check` tries every feed and channel, `monitor run` watches.")
        print("A daemon that runs already takes it over on SIGHUP.")
    else:
        print("\nNothing was written.")
    return None


def _watches(table: StoryTable, article: Article) -> bool:
    """Whether a story's table holds this very article."""
    same = bool(article.url) and table.seed_url == article.url
    return same or (table.seed_text or "").strip().split("\n", 1)[0] == article.title


def _print(found: dict[str, Any], near: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    from monitor.core.presentation import phrases

    story = found["story"]
    output.line(story["title"])
    output.line(f"published {story['published_at'][:10] if story['published_at'] else 'on an unknown day'}\n")
    rows = [
        source | {"covered": "yes" if source["validated"] else "no" if not source["feed"] else "not checked",
                  "count": len(source["cited"]), "kind": source["kind"] if source["feed"] else None}
        for source in (*found["sources"], *([found["own"]] if found["own"] else ()))
    ]  # fmt: skip
    columns = {
        "SOURCE": "name", "CITED": "count", "FOUND BY": "how", "COVERED": "covered", "ERROR": "error", "READS": "kind",
        "ADDRESS": "feed",
    }  # fmt: skip
    output.table(rows, columns, "No source is named in the article; name its story's sources in the configuration.")
    lacking = [row["name"] for row in rows if not row["feed"]]
    for name in lacking:
        output.line(f"{name} is not covered: no feed was found.")
    if lacking:
        output.line(f'Where you know an address: --source "{lacking[0]}=ADDRESS", or a [[source]].')
    for row in rows:
        if row["feed"] and row["error"]:
            output.line(f"{row['name']}: {phrases.failure(row['error'], None)}.")
    if any(row["error"] == "blocked_address" for row in rows):
        output.line("A private address that is meant stands in [fetch] allow_private.")
    if found["own"]:
        output.line(f"{found['own']['name']} is the article's own outlet; it is read where its feed answers.")
    print()
    for heading, values in found["profile"].items():
        if values:
            output.line(f"{heading}: {', '.join(values)}")
    if shown := [claim for claim in found["claims"] if claim["kind"] not in ("attribution", "stance")]:
        print("\nclaims:")
        for text in dict.fromkeys(f"  {claim['kind']}: {_claimed(claim)}" for claim in shown):
            output.line(text)
    for heading, neighbours in near.items():
        if neighbours:
            print(f"\nentries just {heading} the threshold:")
            for row in neighbours:
                output.line(f"  {row['score']:.2f}  {row['title']}")


def _claimed(claim: dict[str, Any]) -> str:
    """A claim as it is written; a deadline such as "Sunday" with the day that it means, for that is waited for."""
    told, by = str(claim["text"]).rstrip("."), str(claim["by"] or "")
    return f"{told} ({by})" if claim["kind"] == "deadline" and by[:4] not in told else told


def check(config: ConfigOption = None, json: JsonOption = False) -> None:
    """Validate configuration, feeds and channels (connect, TLS, login; nothing is sent), and name what is lacking."""
    from monitor.app.build import parts
    from monitor.config.ways import has_proxy, visited
    from monitor.config.ways import sources as configured
    from monitor.operations import checkup, setup

    settings = read_config(config)
    sources = configured(settings)

    async def act() -> dict[str, Any]:
        made = parts(settings)
        progress = output.Progress("visits")
        try:
            rows = await setup.check_sources(made.fetcher, made.parser, sources.values(), SystemClock().now(), progress)
            failures = await checkup.probe(made.channels)
        finally:
            progress.done()
            for channel in made.channels.values():
                await channel.close()
            await made.close()
        channels = _channel_rows(settings, failures)
        stories = [setup.coverage(story, sources) for story in made.watchlist.stories]
        problems = checkup.twins(sources) + checkup.unread(visited(sources), made.watchlist.stories)
        problems += checkup.pages(rows) + checkup.same_articles(made.watchlist.stories)
        problems += checkup.links([row["type"] for row in channels], settings.document.http.public_url)
        return {
            "config": str(settings.path), "sources": rows, "stories": stories, "channels": channels,
            "problems": problems, "notices": checkup.unheeded(settings.environ, has_proxy(settings)),
        }  # fmt: skip

    found = complete(act())
    output.document(found) if json else _print_check(found)
    unusable = any(channel["off"] or channel["error"] for channel in found["channels"]) or not found["channels"]
    if any(row["error"] for row in found["sources"]) or unusable or found["problems"]:
        raise typer.Exit(1)


def _channel_rows(settings: Config, failures: Mapping[str, str]) -> list[dict[str, Any]]:
    off = disabled_channels(settings)
    return [
        {
            "channel": str(table["id"]), "type": table["type"], "off": off.get(str(table["id"])),
            "error": failures[str(table["id"])] or None,
        }
        for table in settings.document.channel
    ]  # fmt: skip


def _print_check(found: dict[str, Any]) -> None:
    counts = [
        output.count(len(found[key]), noun)
        for key, noun in (("stories", "story"), ("sources", "source"), ("channels", "channel"))
    ]
    output.line(f"{found['config']} is valid: {', '.join(counts)}.\n")
    columns = {"SOURCE": "source", "ENTRIES": "entries", "ERROR": "error", "DETAIL": "detail", "FEED": "url"}
    output.table(found["sources"], columns, "No source is configured; `monitor add ARTICLE` adds them.")
    for story in found["stories"]:
        if story["not_covered"]:
            output.line(f"\nNot covered for {story['story']}: {', '.join(story['not_covered'])}")
    for problem in found["problems"]:
        output.line(f"\nNOT right: {problem['detail']}.")
    for notice in found["notices"]:
        output.line(f"\n{notice}.")
    for channel in found["channels"]:
        if channel["error"]:
            output.line(f"\nChannel {channel['channel']} cannot be reached: {channel['error']}")
        if channel["off"]:
            again = f"`monitor resume {channel['channel']}` switches it on again."
            output.line(f"\nChannel {channel['channel']} is switched off: {channel['off']}. {again}")
    if not found["channels"]:
        print("\nNo channel is configured: nobody will be told. Add a [[channel]].")
    else:
        listed = ", ".join(channel["channel"] for channel in found["channels"])
        output.line(f"\n`monitor test-alert CHANNEL` shows whether alerts arrive ({listed}).")
