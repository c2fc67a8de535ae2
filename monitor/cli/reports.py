"""Verbs that answer: sources, stories, search, timeline, alerts, suppressed, explain."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli import output
from monitor.cli.context import known, read_config, reading, state
from monitor.cli.output import ConfigOption, JsonOption
from monitor.errors import NotFound, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.config import Config
    from monitor.model import ChannelStatus
    from monitor.pipeline import Watchlist
    from monitor.ports import Store

SinceOption = Annotated[str, typer.Option("--since", metavar="T", help="7d, 12h, or an instant.")]
NOTHING_SHARED = 0.005  # below it a score is printed as 0.00
StoryOption = Annotated[str, typer.Option("--story", metavar="STORY", help="Only this story.")]


def workers(config: ConfigOption = None, json: JsonOption = False) -> None:
    """The workers of a shared state: who is there, their version, what they do, and what waits."""
    from monitor.operations import reports
    from monitor.runtime.workers import SILENT_MAX
    from monitor.stores import is_shared

    settings = read_config(config)
    with reading(settings) as store:
        rows = reports.workers(store, store.now() - SILENT_MAX)
    queue = []
    if is_shared(settings.state_url()):
        from monitor.engines.distributed import depths

        queue = [
            {"kind": each.kind, "state": each.state, "count": each.count, "oldest_s": round(each.oldest_s, 1)}
            for each in depths(settings.state_url())
        ]
    if json:
        return output.document({"workers": rows, "queue": queue})
    rows = [row | {"since_at": row["since"]} for row in rows]
    columns = {
        "WORKER": "id", "VERSION": "version", "SINCE (UTC)": "since_at", "SEEN (UTC)": "seen_at", "DOING": "doing",
    }  # fmt: skip
    output.table(rows, columns, "No worker is there; `monitor worker` starts one on a state in PostgreSQL.")
    if queue:
        output.table(queue, {"WORK": "kind", "STATE": "state", "COUNT": "count", "OLDEST (s)": "oldest_s"}, "")
    return None


def sources(config: ConfigOption = None, json: JsonOption = False) -> None:
    """Every source: state, last success, next visit, gaps."""
    from monitor.config.ways import sources as configured
    from monitor.operations import reports

    settings = read_config(config)
    with reading(settings) as store:
        rows = reports.sources(store, configured(settings))
    if json:
        return output.document(rows)
    columns = {
        "SOURCE": "id", "STATE": "state", "ERROR": "error", "LAST GOOD (UTC)": "last_ok_at", "NEXT (UTC)": "next_at",
        "ENTRIES": "entries", "GAPS": "gaps", "READS": "kind", "ADDRESS": "url",
    }  # fmt: skip
    output.table(rows, columns, "No source is configured; `monitor add ARTICLE` adds them.")
    for row in rows:
        if row["error"]:
            output.line(
                f"{row['id']}: {row['detail'] or row['error']} ({output.count(row['failures'], 'failure')} in a row)"
            )
        elif row["state"] == "moved":
            output.line(f"{row['id']}: read at {row['moved_to']} now; write that into {settings.path.name}")
        elif row["detail"] and not row["same_as"]:
            output.line(f"{row['id']}: {row['detail']}")
    return None


def stories(config: ConfigOption = None, json: JsonOption = False) -> None:
    """Every story with its follow-ups, developments and alerts."""
    from monitor.config.ways import bare_stories
    from monitor.operations import reports

    settings = read_config(config)
    with reading(settings) as store:
        rows = reports.stories(store, bare_stories(settings))
    if json:
        return output.document(rows)
    rows = [row | {"state": "paused" if row["paused"] else "watched"} for row in rows]
    columns = {
        "STORY": "id", "STATE": "state", "FOLLOW-UPS": "follow_ups", "DEVELOPMENTS": "developments", "ALERTS": "alerts",
        "LAST MOVED (UTC)": "last_development_at", "TITLE": "title",
    }  # fmt: skip
    return output.table(rows, columns, "No story is configured; `monitor add ARTICLE` adds one.")


def search(
    text: Annotated[str, typer.Argument(metavar="TEXT", help='Words, a "phrase", -without, begin*.')],
    story: StoryOption = "",
    source: Annotated[str, typer.Option("--source", metavar="SOURCE", help="Only this source.")] = "",
    since: SinceOption = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, metavar="N", help="How many.")] = 25,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Everything ever seen that has these words, newest first."""
    from monitor.operations.searching import Search, search, shapes, suggestion
    from monitor.runtime.search_index import index

    settings, asked = read_config(config), Search(text, story, source, since=output.instant(since) if since else None)
    with reading(settings) as store:
        known(settings, store, story, source)
        found = None if store.waiting() else search(store, asked, limit)
    if found is None:  # a replay, or an older version, has left entries that no upkeep has made findable
        with state(settings, sources_too=False) as store:
            while store.waiting():
                index(store)
            found = search(store, asked, limit)
    rows = shapes(found)
    if json:
        return output.document(rows)
    columns = {"SEEN (UTC)": "at", "SOURCE": "source", "STORY": "story", "VERDICT": "verdict", "SCORE": "score",
               "TITLE": "title"}  # fmt: skip
    meant = ""
    if not found.count:
        with reading(settings) as store:
            meant = suggestion(store, asked)
    output.table(_once(rows), columns, f"Nothing seen has these words.{f' Did you mean {meant}?' if meant else ''}")
    if found.count > len(found.rows):
        output.line(f"{output.count(found.count, 'entry')} in all; --limit shows more.")
    return None


def _once(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """An entry in a row for each story that took it; else in the first row alone."""
    taken = {row["key"] for row in rows if row["verdict"]}
    kept: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        if row["verdict"] or row["key"] not in taken:
            kept.setdefault((row["key"], row["story"] if row["verdict"] else ""), row)
    return [*kept.values()]


def timeline(
    story: Annotated[str, typer.Argument(metavar="STORY", help="Its id, as `monitor stories` shows it.")],
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """A story's developments, oldest first, with who reported each."""
    from monitor.operations import reports

    settings = read_config(config)
    with reading(settings) as store:
        known(settings, store, story)
        rows = reports.timeline(store, story)
    if json:
        return output.document(rows)
    for row in rows:
        phase = f" [{row['phase']}]" if row["phase"] else ""
        output.line(f"{output.minute(row['at'])}  {row['title']}{phase}")
        output.line(f"    {row['source']}  {row['url']}")
        origins = output.count(row["origins"], "origin") if row["origins"] else "no origin"
        there = ", there at the first poll" if row["baseline"] else ""
        output.line(f"    {output.count(row['outlets'], 'outlet')}, {origins} known{there}")
        for report in row["reports"]:
            output.line(f"      {report['verdict']}: {report['source']}: {report['title']}")
    if not rows:
        print("Nothing on this story yet.")
    return None


def alerts(
    alert: Annotated[str, typer.Argument(metavar="[ALERT]", help="Only this one, with the log of its attempts.")] = "",
    config: ConfigOption = None, json: JsonOption = False, since: SinceOption = "", story: StoryOption = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, metavar="N", help="How many.")] = 200,
) -> None:  # fmt: skip
    """What was told, newest first, with every delivery; of one alert also every attempt."""
    from monitor.operations import reports

    settings = read_config(config)
    with reading(settings) as store:
        known(settings, store, story)
        if alert:
            rows = [reports.alert(store, alert)]
        else:
            rows = reports.alerts(store, output.instant(since) if since else None, story or None, limit)
        channels = {status.channel_id: status for status in store.channels()}
    if json:
        return output.document(rows)
    for row in rows:
        owner = row.get("story") or row.get("source") or ""
        output.line("  ".join(part for part in (output.minute(row["at"]), row["kind"], owner, row["id"]) if part))
        output.line(f"    {row['title']}")
        for delivery in row["deliveries"]:
            output.line(f"    {_delivery(delivery, channels.get(delivery['channel']))}")
            for attempt in delivery.get("log", ()):
                output.line(f"      {_attempt(attempt)}")
    if not rows:
        print("Nothing was told yet.")
    return None


def _attempt(row: dict[str, Any]) -> str:
    said = f", answer: {row['answer']}" if row["answer"] else ""
    sent = f", {row['request']}" if row["request"] else ""
    detail = f": {row['detail']}" if row["detail"] else ""
    at = f"{row['at'][:10]} {row['at'][11:19]}"  # to the second: two attempts may lie five apart
    return f"{at}  {row['outcome']} in {row['elapsed_s']:.2f} s{detail}{sent}{said}"


def _delivery(row: dict[str, Any], channel: ChannelStatus | None) -> str:
    from monitor.core.times import to_text

    to = f" to {row['recipient']}" if row["recipient"] else ""
    after = f" after {output.count(row['attempts'], 'attempt')}" if row["attempts"] else ""
    again = f", next at {output.minute(row['next_at'])} UTC" if row["next_at"] else ""
    if again and channel and channel.disabled:
        again = f", until `monitor resume {row['channel']}` switches it on"
    elif again and channel and channel.not_before and (until := to_text(channel.not_before)) > row["next_at"]:
        again = f", next at {output.minute(until)} UTC, as its server asked"
    return f"{row['channel']}{to}: {row['state']}{after}{again}{': ' if row['error'] else ''}{row['error'] or ''}"


def suppressed(
    config: ConfigOption = None, json: JsonOption = False, since: SinceOption = "7d", story: StoryOption = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, metavar="N", help="How many.")] = 1000,
) -> None:  # fmt: skip
    """What was considered and not told: verdict, score, and the alert it was folded into."""
    from monitor.operations import reports

    settings = read_config(config)
    with reading(settings) as store:
        known(settings, store, story)
        rows = reports.suppressed(store, output.instant(since) if since else None, story or None, limit)
    if json:
        return output.document(rows)
    columns = {
        "AT (UTC)": "at", "STORY": "story", "SCORE": "score", "VERDICT": "shown", "TOLD WITH": "folded_into",
        "SOURCE": "source", "TITLE": "title",
    }  # fmt: skip
    shown = _held_back(rows)
    output.table(shown, columns, "Nothing was held back in that time; --since 30d looks further back.")
    if len(shown) < len(rows):
        output.line(f"{len(rows) - len(shown)} more share hardly a word with the story; --json has them.")
    return None


def _held_back(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What came near, or was taken and not told, with why in a word."""
    return [
        row | {"shown": "known at first" if row["baseline"] and row["verdict"] else row["verdict"] or "another story"}
        for row in rows
        if row["verdict"] or row["score"] >= NOTHING_SHARED
    ]


def explain(
    entry: Annotated[str, typer.Argument(metavar="ENTRY", help="Key, publisher's id, or URL.")] = "",
    config: ConfigOption = None, json: JsonOption = False,
    story: Annotated[str, typer.Option("--story", metavar="STORY", help="Show what this story's model knows.")] = "",
) -> None:  # fmt: skip
    """Why an entry is a follow-up, or why not: score, threshold, evidence; or what a story's model knows."""
    from datetime import UTC, datetime

    from monitor.config.ways import bare_stories
    from monitor.operations import reports

    settings = read_config(config)
    if not entry and not story:
        raise UsageError("`monitor explain` takes an ENTRY or --story STORY")
    with reading(settings) as store:
        if not entry:
            return _story_model(reports.story_model(_compiled(settings, store), story, datetime.now(UTC)), json)
        made = reports.explain(store, bare_stories(settings), entry, cache(partial(_compiled, settings, store)))
        rows = [row for row in made if story in ("", row["story"])]
        if not rows:
            raise NotFound(f"the story {story!r} does not read the source of this entry")
    if json:
        # One document whatever the number of stories: the surest decision, the others beside it.
        surest = max(rows, key=lambda row: (row["follow_up"], row["score"]))
        return output.document(surest | {"others": [row for row in rows if row is not surest]})
    for row in rows:
        _explain(row)
    return None


def _compiled(settings: Config, store: Store) -> Watchlist:
    """The stories with what each has learnt: half of what a start that needs them costs."""
    from monitor.app.settings import stories as watched
    from monitor.pipeline import Watchlist

    watchlist = Watchlist(watched(settings))
    watchlist.learn(store)
    return watchlist


def _story_model(view: dict[str, Any], json: bool) -> None:
    if json:
        return output.document(view)
    lessons = output.count(view["lessons"], "certain follow-up")
    output.line(f"{view['story']}: learnt from {lessons}; threshold {view['threshold']:.2f}")
    for title, key, shown in (("names", "names", "term"), ("what happens", "acts", "act"), ("terms", "terms", "term")):
        output.line(f"  {title}: " + (", ".join(row[shown] for row in view[key]) or "none"))
    if view["roles"]:
        output.line("  roles: {actor}; {counterparts}; {people}".format(
            actor=view["roles"]["actor"], counterparts=", ".join(view["roles"]["counterparts"]),
            people=", ".join(view["roles"]["people"]),
        ))  # fmt: skip
    output.line("  a headline of nothing but these words would score:")
    output.bullets(f"{row['score']:.2f} {row['headline']}" for row in view["takes"])
    return None


def _explain(row: dict[str, Any]) -> None:
    word = "is a follow-up" if row["follow_up"] else "is not a follow-up"
    output.line(row["title"])
    output.line(f"  {word} of {row['story']}: score {row['score']:.2f}, threshold {row['threshold']:.2f}")
    if row["verdict"]:
        into = f", told with alert {row['folded_into']}" if row["folded_into"] else ""
        into = into or (f", alert {row['alert']}" if row["alert"] else "")
        quiet = ", known from the first poll" if row["baseline"] else ""
        output.line(f"  verdict {row['verdict']}{into}{quiet}; origin {row['origin'] or 'unknown'}")
    for change in row["claims"]:
        output.line(f"  {change['subject']}: {change['before'] or 'not stated'} -> {change['after']}")
    output.bullets(f"{reason['evidence']} ({reason['signal']} {reason['value']:.2f})" for reason in row["reasons"])
    if not row["reasons"]:
        print("  - shares nothing with the story")
