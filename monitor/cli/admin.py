"""Verbs that look after things: export, import, doctor, backup, migrate."""

from __future__ import annotations

import json as codec
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor.cli import output
from monitor.cli.context import read_config, reading, state
from monitor.cli.output import ConfigOption, JsonOption
from monitor.errors import UsageError
from monitor.runtime.clocks import SystemClock

# What fits a terminal; the rest is counted.
LEFT_OUT_SHOWN = 50


def doctor(config: ConfigOption = None, json: JsonOption = False) -> None:
    """Check configuration, state, channels and sources; exit 1 where something needs you."""
    from monitor.app import reused_ids
    from monitor.app.settings import stories
    from monitor.config.ways import sources as configured
    from monitor.operations import checkup, control
    from monitor.stores import shown

    settings = read_config(config)
    rows = [{"check": "configuration", "ok": True, "detail": str(settings.path)}]
    stories(settings)
    with reading(settings) as store:
        rows += control.doctor(
            store, shown(settings.state_url()), [str(each["id"]) for each in settings.document.channel],
            SystemClock().now(),
        )  # fmt: skip
        for said in reused_ids.replaced(store, stories(settings), SystemClock().now()).values():
            rows.append({"check": "each story its own", "ok": False, "detail": said})
        sources = configured(settings)
        statuses = store.statuses(sources)
    failing = sorted(s.source_id for s in statuses.values() if s.state in ("failing", "blocked", "gone", "review"))
    answered = sum(status.last_ok_at is not None for status in statuses.values())
    unread = len(sources) - answered
    listed = f"{answered}" + (f", and {unread} not visited yet" if unread else "")
    if failing:
        listed = f"{', '.join(failing)}; `monitor sources` says why"
    rows.append({"check": "sources answer", "ok": not failing, "detail": listed})
    rows += [{"check": "each feed once", "ok": False, "detail": twin["detail"]} for twin in checkup.twins(sources)]
    lines = (f"{'ok ' if row['ok'] else 'NOT'}  {row['check']}: {row['detail'] or '-'}" for row in rows)
    output.answer(rows, json, *lines)
    if not all(row["ok"] for row in rows):
        raise typer.Exit(1)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")],
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Write a consistent copy of the state, also while the daemon runs."""

    if file.exists():
        raise UsageError(f"{file} exists already; name a new file")
    if not file.parent.is_dir():
        raise UsageError(f"{file.parent} is no folder")
    with reading(read_config(config), needed=True) as store:
        store.backup(str(file))
    said = f"{file} holds a copy of the state; to restore it, stop the daemon and run: monitor restore {file}"
    output.answer({"backup": str(file), "bytes": file.stat().st_size}, json, said)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A copy that `monitor backup` made.")],
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Put a copy in the place of the state, with the daemon stopped; the old state is kept beside it."""
    from monitor.stores import restore as put_back
    from monitor.stores import shown

    url = read_config(config).state_url()
    kept = put_back(url, str(file), SystemClock().now())
    before = f"What was there, with its -wal and -shm, is kept as {kept}." if kept else "There was no state before."
    row = {"state": shown(url), "restored": str(file), "kept": kept or None}
    output.answer(row, json, f"{shown(url)} is now the copy {file}. {before}")


def migrate(
    to: Annotated[str, typer.Option("--to", metavar="STATE", help="Copy everything into this new state.")] = "",
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Bring the state to this version's schema, as the daemon does when it starts; or move it with --to."""
    from monitor.stores import open_store, shown

    settings = read_config(config)
    if to:
        from contextlib import closing

        from monitor.operations import control

        with closing(open_store(settings.state_url(), exclusive=True)) as store, closing(open_store(to)) as target:
            rows = control.move(store, target, SystemClock().now())
        said = f'{output.count(rows, "row")} copied. Now write service.state = "{shown(to)}" and start again.'
        return output.answer({"state": shown(to), "rows": rows}, json, said)
    with state(settings) as store:
        problems = store.check()
    name = shown(settings.state_url())
    return output.answer({"state": name, "problems": problems}, json, f"{name} is at this version's schema.")


def export(
    what: Annotated[str, typer.Argument(metavar="opml|jsonl|labels|bundle")],
    story: Annotated[str, typer.Argument(metavar="STORY")] = "",
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Sources as OPML, decisions or labels (from feedback) as JSON lines, or all that is known of one story."""
    from monitor.config.ways import sources as configured
    from monitor.operations import exporting

    settings = read_config(config)
    if what == "opml":
        listed = configured(settings).values()
        return output.document(exporting.feeds(listed)) if json else print(exporting.opml(listed), end="")
    with reading(settings) as store:
        if what in ("jsonl", "labels"):
            lines = exporting.decisions if what == "jsonl" else exporting.labels
            if json:
                return output.document([codec.loads(line) for line in lines(store, story or None)])
            for line in lines(store, story or None):
                print(line)
        elif what == "bundle" and story:
            output.document(exporting.bundle(store, story))
        else:
            raise UsageError("write: export opml, export jsonl [STORY], export labels [STORY], or export bundle STORY")
    return None


def import_opml(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False)],
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Add the feeds of an OPML file to the configuration as sources."""
    from monitor import config as configuration
    from monitor.config import edit
    from monitor.core.documents import opml

    path = configuration.locate(str(config) if config else None, os.environ)
    # A configuration that is wrong is not written into.
    listed = read_config(config).listed() if path.exists() else {}
    found = opml.read(file.read_bytes(), str(file))
    feeds = [(one.name, one.url, one.homepage) for one in found.feeds]
    added: list[dict[str, Any]] = edit.add_sources(path, feeds, listed)
    if found.left_out:
        output.note(f"{output.count(len(found.left_out), 'outline')} left out:")
        for name, reason in found.left_out[:LEFT_OUT_SHOWN]:
            output.note(f"  {name}: {reason}")
        if len(found.left_out) > LEFT_OUT_SHOWN:
            output.note(f"  and {len(found.left_out) - LEFT_OUT_SHOWN} more")
    there = "" if len(added) == len(found.feeds) else "; the others are there already"
    said = f"{len(added)} of {output.count(len(found.feeds), 'feed')} added to {path}{there}."
    taken_over = ["A daemon that runs already takes them over on SIGHUP."] if added else []
    return output.answer(added, json, said, *taken_over)
