"""The command line: a thin skin over `operations`. Exit 0 ok, 1 found a problem, 2 usage or configuration."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from monitor import __version__
from monitor.cli import acting, keeping, measuring, reading, running, watching
from monitor.cli.show import complain
from monitor.errors import MonitorError

VERBS: dict[str, Callable[..., None]] = {
    "add": watching.add, "check": watching.check, "run": running.run, "poll": running.poll, "demo": running.demo,
    "sources": reading.sources, "stories": reading.stories, "timeline": reading.timeline, "alerts": reading.alerts,
    "suppressed": reading.suppressed, "explain": reading.explain, "pause": acting.pause, "resume": acting.resume,
    "feedback": acting.feedback, "test-alert": acting.test_alert, "redeliver": acting.redeliver,
    "parse": measuring.parse, "diff": measuring.diff, "replay": measuring.replay, "eval": measuring.evaluate,
    "schema": measuring.schema, "export": keeping.export, "import": keeping.import_opml, "doctor": keeping.doctor,
    "backup": keeping.backup, "migrate": keeping.migrate,
}  # fmt: skip

app = typer.Typer(
    name="monitor", no_args_is_help=True, invoke_without_command=True,
    add_completion=False, pretty_exceptions_enable=False,
)  # fmt: skip


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """Watches a news story and tells people what changed."""
    if version:
        print(f"monitor {__version__}")
        raise typer.Exit


for _name, _verb in VERBS.items():
    app.command(_name)(_verb)


def verbs() -> list[str]:
    """Every verb, for the house rule that README names it."""
    return list(VERBS)


def main() -> None:
    """Run one verb; an error is one line on standard error."""
    try:
        app()
    except MonitorError as error:
        complain(str(error))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
    except KeyboardInterrupt:
        sys.exit(130)
