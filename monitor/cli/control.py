"""Verbs that change a running watch: pause, resume, visit, feedback, test-alert, redeliver."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli import output
from monitor.cli.context import complete, read_config, state
from monitor.cli.output import ConfigOption, JsonOption
from monitor.runtime.clocks import SystemClock

if TYPE_CHECKING:
    from monitor.config import Config

# How long `visit` waits for the answer, in seconds: a whole visit (60) and its turn at a busy host.
VISIT_S = 75
ID_HELP = "Its id, as `monitor sources`, `monitor stories` or the configuration has it."
ROOM_S = 3  # seconds after which it looks whether a full disk is why there is none (set)
# How long `pause` and `resume` wait until the daemon has taken the changed file over, in seconds: compiling a thousand
# stories takes some.
TAKEN_OVER_S = 20


def _taken_over(settings: Config) -> str:
    """Have the running daemon take over what was written to the configuration's file; why it has not, else ""."""
    import time

    from monitor import config as configuration
    from monitor.app import generation
    from monitor.ports import setting_names
    from monitor.runtime.workers import SILENT_MAX
    from monitor.stores import is_held

    with state(settings) as store:

        def runs() -> bool:
            return is_held(settings.state_url()) or bool(store.shared and store.workers(store.now() - SILENT_MAX))

        if not runs():
            return ""
        asked = SystemClock().now().isoformat()
        store.set_setting(setting_names.CHANGED, asked)
        end = time.monotonic() + TAKEN_OVER_S
        heard = refusal = ""
        while heard != asked and time.monotonic() < end and runs():
            time.sleep(0.1)
            heard, _, refusal = store.setting(setting_names.TAKEN_OVER).partition(" ")
        if heard != asked:
            return "the running daemon has not taken it over yet; SIGHUP makes it read its file again" if runs() else ""
        if refusal:
            return f"the running daemon refuses the configuration: {refusal}"
        fresh = configuration.load(settings.path, settings.environ)
        if store.shared and store.setting(generation.DIGEST) != generation.digest(fresh.text, fresh.parts):
            return "the running daemon goes by a file of its own, on another machine or in another folder: change that"
    return ""


def _set_paused(name: str, explicit: Path | None, json: bool, paused: bool) -> None:
    from monitor.config import edit
    from monitor.operations import control

    settings = read_config(explicit)
    document = settings.document
    is_channel = name in [each["id"] for each in document.channel] and name not in [each.id for each in document.source]
    if name in [table.id for table in document.story]:
        path = settings.file_of(name)
        written = edit.load(path)
        edit.set_story(written, name, {"paused": paused or None})
        edit.save(path, written)
        row: dict[str, Any] = {"story": name, "paused": paused}
        if refusal := _taken_over(settings):
            output.complain(f"{path} says so now, but {refusal}")
            raise typer.Exit(1)
    elif not paused and is_channel:
        with state(settings) as store:
            row = control.switch_on(store, name, SystemClock().now())
    else:
        with state(settings) as store:
            status = control.pause(store, name) if paused else control.resume(store, name, SystemClock().now())
        row = {"source": name, "paused": status.paused, "state": "paused" if status.paused else status.state}
    again = "sent to" if "channel" in row else "watched" if "story" in row else "visited"
    now = "paused" if paused else f"{again} again"
    output.answer(row, json, f"{name} is {now}.")


def pause(
    name: Annotated[str, typer.Argument(metavar="SOURCE|STORY", help=ID_HELP)],
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Stop visiting a source, or stop watching a story."""
    _set_paused(name, config, json, True)


def resume(
    name: Annotated[str, typer.Argument(metavar="SOURCE|STORY|CHANNEL", help=ID_HELP)],
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Visit a source again (also one that is gone or under review), watch a story again, or switch a channel on."""
    _set_paused(name, config, json, False)


def visit(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Its id, as `monitor sources` shows it.")],
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Have the running daemon visit a source now, and say what came of it."""
    import time

    from monitor.core import json_views
    from monitor.operations import control
    from monitor.runtime.workers import SILENT_MAX
    from monitor.stores import is_held

    settings = read_config(config)
    with state(settings) as store:
        now = SystemClock().now()
        known = store.statuses([source]).get(source)
        if known and not (is_held(settings.state_url()) or store.workers(now - SILENT_MAX)):
            output.complain("no daemon runs on this state; `monitor poll` visits what is due, once")
            raise typer.Exit(1)
        before = control.visit(store, [source], now)[source]
        begun = time.monotonic()
        while (status := store.statuses([source])[source]).last_visit_at == before:
            waited = time.monotonic() - begun
            if waited > VISIT_S or (waited > ROOM_S and control.room(settings.state_url()) < control.ROOM_LEAST):
                break
            time.sleep(0.2)
    row = json_views.status(next(each.url for each in settings.document.source if each.id == source), status)
    if status.last_visit_at == before:
        full = "the disk is full: visits go on by themselves once there is room" if waited <= VISIT_S else ""
        why = full or f"the daemon has not begun within {VISIT_S} s; `monitor doctor` and its log say what keeps it"
        output.complain(f"{source} is due now and was not visited: {why}")
        raise typer.Exit(1)
    row["entries_new"] = status.entries - (known.entries if known else 0)
    came = row["detail"] or row["error"] or output.count(row["entries_new"], "new entry")
    output.answer(row, json, f"{source}: {row['state']}, {came}")
    if status.error:
        raise typer.Exit(1)


def feedback(
    alert: Annotated[str, typer.Argument(metavar="ALERT|ENTRY")],
    word: Annotated[
        str,
        typer.Argument(
            metavar="WORD", help="Of an alert: no, same-as, important. Of an entry: yes, new, no. Of either: undo."
        ),
    ],
    argument: Annotated[str, typer.Argument(metavar="ID")] = "",
    story: Annotated[str, typer.Option("--story", metavar="STORY", help="Of which story an entry is.")] = "",
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Say that an alert was not this story, the same as another, or important; or of an entry that it was one.

    Of an entry: yes (held back, and was of the story), new (folded as same news, and was a step), no. Undo takes back
    what was said of either.
    """
    from monitor.config.ways import bare_stories
    from monitor.operations import control

    settings = read_config(config)
    with state(settings) as store:
        if word in control.OVERRULING and not (word in ("no", control.UNDO) and store.alerts(alert_id=alert)):
            row = control.overrule(store, alert, word, story, SystemClock().now(), bare_stories(settings))
        else:
            row = control.feedback(store, alert, word, argument, SystemClock().now())
    output.answer(row, json, f"Noted: {alert} {word} {argument}".rstrip())


def test_alert(
    channel: Annotated[str, typer.Argument(metavar="CHANNEL")], config: ConfigOption = None, json: JsonOption = False
) -> None:
    """Send a test alert through one channel now, and say what came of it."""
    from monitor.app.build import build
    from monitor.core import json_views
    from monitor.metrics import Metrics
    from monitor.operations import control
    from monitor.operations.polling import settle

    settings = read_config(config)

    async def act() -> list[dict[str, Any]]:
        app = build(settings, None, Metrics(), exclusive=False)
        try:
            alert = control.make_test(app.pipeline, channel)
            return [json_views.delivery(row) for row in await settle(app.pipeline, alert.id)]
        finally:
            await app.close()

    with output.documents_only(json):
        rows = complete(act())
    lines = []
    for row in rows:
        to = f" to {row['recipient']}" if row["recipient"] else ""
        lines.append(f"{row['channel']}{to}: " + ", ".join(filter(None, (row["state"], row["error"]))))
    output.answer(rows, json, *lines)
    if any(row["state"] != "delivered" for row in rows):
        raise typer.Exit(1)


def redeliver(
    alert: Annotated[str, typer.Argument(metavar="ALERT")] = "",
    since: Annotated[str, typer.Option("--since", metavar="T", help="Everything since 7d, 12h, or an instant.")] = "",
    dead: Annotated[bool, typer.Option("--dead", help="Everything that is dead.")] = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Send again, under the old ids."""
    from monitor.operations import control

    with state(read_config(config)) as store:
        at = output.instant(since) if since else None
        row = control.redeliver(store, SystemClock().now(), alert or None, at, dead)
    verb = "is" if row["deliveries"] == 1 else "are"
    count = output.count(row["deliveries"], "delivery")
    told = f"{count} {verb} to be sent again, by the running daemon or by the next `monitor poll`."
    output.answer(row, json, told if row["deliveries"] else "There is nothing to send again.")
