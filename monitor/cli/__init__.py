"""The command line: a thin skin over `operations`. Exit 0 ok, 1 found a problem, 2 usage or configuration."""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from monitor import __version__
from monitor.cli import admin, assistants, control, evaluate, reports, serve, setup
from monitor.cli.output import complain
from monitor.errors import MonitorError

GROUPS: dict[str, dict[str, Callable[..., None]]] = {
    "Watch": {
        "add": setup.add, "check": setup.check, "run": serve.run, "worker": serve.worker,
        "poll": serve.poll, "demo": serve.demo,
    },
    "Ask": {
        "sources": reports.sources, "workers": reports.workers, "stories": reports.stories,
        "timeline": reports.timeline, "search": reports.search, "alerts": reports.alerts,
        "suppressed": reports.suppressed, "explain": reports.explain, "mcp": assistants.mcp,
    },
    "Act": {
        "pause": control.pause, "resume": control.resume, "visit": control.visit, "feedback": control.feedback,
        "test-alert": control.test_alert, "redeliver": control.redeliver,
    },
    "Measure": {
        "parse": evaluate.parse, "diff": evaluate.diff, "replay": evaluate.replay, "eval": evaluate.evaluate,
        "schema": evaluate.schema,
    },
    "Look after": {
        "export": admin.export, "import": admin.import_opml, "doctor": admin.doctor, "backup": admin.backup,
        "restore": admin.restore,
        "migrate": admin.migrate,
    },
}  # fmt: skip

# What httpx, structlog and httpcore import only in case it is installed, and no verb uses: the terminal client of the
# first, coloured tracebacks, another way through a SOCKS proxy than ours. A seventh of a start (measured). Not numpy:
# psycopg takes a mark of it for the package.
SPARED = ("httpx._main", "rich", "httpcore._sync.socks_proxy", "httpcore._async.socks_proxy")

# Objects made between two rounds of the collector, and rounds between deeper ones (Python: 700, 10, 10). What imports
# make, some 60,000, stays, and nearly all else goes by itself: looking for circles in it was a tenth of a start.
COLLECT_AFTER = (100_000, 20, 20)


class Grouped(TyperGroup):
    """The verbs under headings, each with its whole first sentence."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the headings and their verbs."""
        for heading, verbs in GROUPS.items():
            with formatter.section(heading):
                formatter.write_dl([(name, (verb.__doc__ or "").splitlines()[0]) for name, verb in verbs.items()])


# Plain text rather than boxes: it starts in half the time, and can be searched and piped.
app = typer.Typer(
    name="monitor", cls=Grouped, no_args_is_help=True, invoke_without_command=True, add_completion=True,
    pretty_exceptions_enable=False, rich_markup_mode=None, context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Every verb takes --config FILE; `monitor VERB --help` says the rest.",
)  # fmt: skip


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
    config: Annotated[Path | None, typer.Option("--config", metavar="FILE", hidden=True)] = None,
) -> None:
    """Watches a news story and tells people what changed: once, with the evidence."""
    if version:
        print(f"monitor {__version__}")
        raise typer.Exit
    if config:
        # `monitor --config FILE VERB` means the same as `monitor VERB --config FILE`.
        os.environ["MONITOR_CONFIG"] = str(config)


for _verbs in GROUPS.values():
    for _name, _verb in _verbs.items():
        app.command(_name)(_verb)


def verbs() -> list[str]:
    """Every verb, for the house rule that README names it."""
    return [name for group in GROUPS.values() for name in group]


def main() -> None:
    """Run one verb; what went wrong is one line on standard error."""
    gc.set_threshold(*COLLECT_AFTER)
    atexit.register(gc.freeze)  # the last collections would look through all that was imported: a tenth of a short verb
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # it would read what every installed package declares
    for name in SPARED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # how Python marks what must not be imported
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter shows its number
    try:
        app()
    except MonitorError as error:
        complain(str(error))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # Whoever read us has gone; the interpreter would complain of it again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        complain(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
