"""Verbs that measure and try out: parse, diff, replay, eval, schema. They touch no state but what they are told to.

Every verb takes `--config` and `--json`, so that a script may add them always; some of these need neither.
"""

from __future__ import annotations

import json as codec
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast, get_args

import typer

from monitor.cli import output
from monitor.cli.context import complete, read_config, reading
from monitor.cli.output import ConfigOption, JsonOption
from monitor.errors import UsageError
from monitor.runtime.clocks import SystemClock

if TYPE_CHECKING:
    from monitor.model import Feed, SourceKind

LABEL_KEYS = ("entry", "story", "follow_up")
FileArgument = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True)]


def parse(
    file: FileArgument,
    url: Annotated[str, typer.Option("--url", help="Where the document came from: resolves relative links.")] = "",
    content_type: Annotated[
        str, typer.Option("--content-type", metavar="T", help="What the server said it is; may name the encoding.")
    ] = "",
    kind: Annotated[
        str, typer.Option("--kind", metavar="feed|sitemap|page", help="As a [[source]] says; a sitemap shows itself.")
    ] = "",
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Parse a feed document, a sitemap or a section's page as a visit would, within the same limits."""
    from monitor.core.documents import feeds
    from monitor.model import SourceKind

    if kind not in ("", *get_args(SourceKind)):
        raise UsageError(f"--kind is {', '.join(get_args(SourceKind))}, not {kind!r}")
    # Only a source must say that it is a sitemap: there a sitemap in a feed's place is a publisher's mistake.
    reading = cast(SourceKind, kind or "sitemap")
    feed = complete(_parsed(file.read_bytes(), url, content_type, reading))
    if feed.error:
        if json:
            output.document({"error": feed.error, "detail": feed.detail})
        else:
            output.complain(f"{file} is no feed: {feed.error}: {feed.detail}".rstrip(": "))
        raise typer.Exit(1)
    if json:
        return output.document(feeds.to_dict(feed))
    output.line(f"{feed.format}  {feed.title}  {feed.link}")
    return output.table(
        [{"at": e.published_at or "", "title": e.title, "url": e.url} for e in feed.entries],
        {"PUBLISHED": "at", "TITLE": "title", "URL": "url"},
        "A feed without entries.",
    )


async def _parsed(body: bytes, url: str, content_type: str, kind: SourceKind) -> Feed:
    """What a visit would read in such an answer."""
    from monitor.model import Fetched
    from monitor.parser.pool import ParserPool

    fetched = Fetched("file", url, SystemClock().now(), status=200, body=body, content_type=content_type, final_url=url)
    pool = ParserPool(workers=1)
    try:
        return await pool.parse(fetched, kind=kind)
    finally:
        await pool.close()


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", exists=True, dir_okay=False, readable=True)],
    new: Annotated[Path, typer.Argument(metavar="NEW", exists=True, dir_okay=False, readable=True)],
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Classify a revision of an article: none, touch, revision or correction, with what changed."""
    from monitor.core import revisions
    from monitor.core.documents import pages

    before, after, published_at = pages.versions(old.read_bytes(), new.read_bytes(), SystemClock().now())
    revision = revisions.compare(before[1], after[1], published_at, old_title=before[0], new_title=after[0])
    if json:
        return output.document(revisions.to_dict(revision))
    output.line(revision.verdict + (" (unannounced)" if revision.unannounced else ""))
    for change in revision.changes:
        output.line(f"  {change.kind}: {change.before or 'nothing'} -> {change.after or 'nothing'}")
        if change.sentence != change.after:
            output.line(f"    {change.sentence}")
    return None


def replay(
    recording: Annotated[Path, typer.Argument(metavar="RECORDING", help="A folder of sources, or JSON lines.")],
    config: ConfigOption = None,
    alerts: Annotated[Path | None, typer.Option("--alerts", metavar="FILE", help="One webhook body a line.")] = None,
    decisions: Annotated[Path | None, typer.Option("--decisions", metavar="FILE", help="One decision a line.")] = None,
    state: Annotated[Path | None, typer.Option("--state", metavar="FILE", help="Keep the state here.")] = None,
    since: Annotated[str, typer.Option("--since", metavar="T", help="Leave out what came before.")] = "",
    until: Annotated[str, typer.Option("--until", metavar="T", help="Leave out what came after.")] = "",
    json: JsonOption = False,
) -> None:
    """Run a recording through the same pipeline on a virtual clock: no network, nothing sent."""
    from monitor.app.build import offline
    from monitor.config.ways import sources
    from monitor.operations import replaying

    settings = read_config(config)
    if state and state.exists():
        raise UsageError(f"{state} exists already; a replay starts from nothing, name a new file")

    async def act() -> replaying.Summary:
        clock = replaying.VirtualClock()
        pipeline = offline(
            settings, str(state) if state else "", clock, baseline=recording.is_dir(), consider_all=bool(decisions)
        )
        progress = output.Progress("visits")
        with ExitStack() as files:
            opened = [
                files.enter_context(path.open("w", encoding="utf-8")) if path else None for path in (decisions, alerts)
            ]
            try:
                return await replaying.replay(
                    recording, pipeline, clock, sources(settings), since=output.instant(since) if since else None,
                    until=output.instant(until) if until else None, decisions=opened[0], alerts=opened[1],
                    progress=progress,
                )  # fmt: skip
            finally:
                progress.done()
                await pipeline.parser.close()
                await pipeline.fetcher.close()
                pipeline.store.close()

    began = time.monotonic()
    summary = complete(act())
    summary.seconds = time.monotonic() - began
    print(codec.dumps(summary.to_dict()))


def evaluate(
    labels: Annotated[
        Path | None, typer.Argument(metavar="[LABELS]", exists=True, dir_okay=False, readable=True)
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option("--decisions", metavar="FILE", exists=True, dir_okay=False, help="What replay or export wrote."),
    ] = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Precision, recall, repeats told and delay of decisions against labels.

    Without --decisions those of the state are judged, with what feedback changes of them; without LABELS by feedback.
    """
    from monitor.operations import evaluation

    if decisions is None:
        figures = _of_the_state(labels, config)
    elif labels is None:
        raise UsageError("name the labels that --decisions are judged by: monitor eval LABELS --decisions FILE")
    else:
        figures = evaluation.evaluate(
            evaluation.read_lines(labels, LABEL_KEYS),
            evaluation.read_lines(decisions, ("entry", "story", "follow_up", "verdict", "at")),
        )
    if json:
        return output.document(figures)
    changed = figures.pop("changed", [])
    if not figures["entries"]:
        output.note("Nothing is labelled that was decided: `monitor feedback ALERT no`, or ENTRY yes, labels one.")
    for name, value in figures.items() if figures["entries"] else ():
        output.line(f"{name.replace('_', ' ')}: {'-' if value is None else value}")
    for row in changed:
        became = "a follow-up" if row["after"]["follow_up"] else "no follow-up"
        scores = f"{row['before']['score']:.2f} -> {max(0.0, row['after']['score']):.2f}"
        output.line(f"by feedback {became} ({scores}): {row['title']}")
    return None


def _of_the_state(labels: Path | None, config: Path | None) -> dict[str, Any]:
    from monitor.app.settings import stories
    from monitor.operations import evaluation, exporting

    settings = read_config(config)
    with reading(settings) as store:
        rows = map(codec.loads, exporting.labels(store, None))
        wanted = evaluation.read_lines(labels, LABEL_KEYS) if labels else list(rows)
        made = map(codec.loads, exporting.decisions(store, None))
        return evaluation.evaluate(wanted, made) | {"changed": evaluation.taught(store, stories(settings))}


def schema(config: ConfigOption = None, json: JsonOption = False) -> None:
    """Print the JSON Schema of the webhook body."""
    from monitor.core.delivery import messages

    output.document(messages.schema())
