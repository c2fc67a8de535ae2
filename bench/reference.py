"""Writes docs/reference.md and the man page from the code: verbs, settings, questions, metrics, states, exit codes.

`python -m bench.reference` writes both; tests/test_docs.py holds them to the code.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, get_args, get_origin

import typer
from pydantic import BaseModel

from monitor import __version__, channels, errors
from monitor.cli import GROUPS, app
from monitor.config import schema
from monitor.core.presentation import phrases
from monitor.metrics import Metrics
from monitor.model import words
from monitor.operations.questions import QUESTIONS

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference.md"
MANUAL = ROOT / "docs" / "monitor.1"
TABLES: tuple[tuple[str, type[BaseModel]], ...] = (
    ("[service]", schema.Service), ("[fetch]", schema.Fetch), ("[hooks]", schema.Hooks), ("[http]", schema.Http),
    ("[judge]", schema.Judge), ("[[source]]", schema.SourceTable), ("[[story]]", schema.StoryTable),
    ("[[channel]], every type", channels.Common),
)  # fmt: skip
# How the schema's types are called; what is not here is written out by `_written`.
TYPES = {
    "Seconds": "duration", "SizeBytes": "size", "Id": "id", "str": "text", "bool": "true, false", "int": "number",
    "float": "number", "tuple[str, ...]": "texts", "dict[str, str]": "table of texts",
    "dict[str, int]": "table of numbers", "dict[str, Header]": "table", "str | int": "text or number",
    "str | tuple[str, ...]": "text or texts", "Seconds | None": "duration", "float | None": "number",
    "Moment": "date or time",
}  # fmt: skip
EXITS = (
    (0, "It went well."),
    (1, "It found a problem."),
    (2, "The command or the configuration is wrong; the systemd units do not start again after it."),
)


def described(table: type[BaseModel]) -> dict[str, tuple[str, str]]:
    """Of each field of a table: its annotation as written, and the text that stands below it ("" where none does)."""
    node = ast.parse(inspect.getsource(table)).body[0]
    assert isinstance(node, ast.ClassDef)
    found: dict[str, tuple[str, str]] = {}
    for place, statement in enumerate(node.body):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            after = node.body[place + 1] if place + 1 < len(node.body) else None
            text = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else ""
            found[statement.target.id] = ast.unparse(statement.annotation), str(text)
    return found


def settings(table: type[BaseModel]) -> list[tuple[str, str, str, str]]:
    """Key, type, default and description of each field that the table itself declares, or as a chat."""
    rows = []
    as_chat = described(channels.Chat) if issubclass(table, channels.Chat) else {}
    for name, (annotation, text) in (described(table) | as_chat).items():
        field = table.model_fields[name]
        default = "needed" if field.is_required() else _default(annotation, field.default)
        rows.append((field.alias or name, _written(annotation, field.annotation), default, text))
    return rows


def channel_types() -> Iterator[tuple[str, ModuleType]]:
    """Every channel type and its module."""
    for name in channels.names():
        yield name, channels.load(name, "")


def _written(annotation: str, kind: object) -> str:
    if get_origin(kind) is Literal:
        return " | ".join(str(each) for each in get_args(kind))
    if annotation.startswith("Annotated[float"):
        return "duration"
    plain = re.sub(r"Annotated\[(\w+),.*", r"\1", annotation)
    return TYPES[plain]


def _default(annotation: str, value: Any) -> str:
    if value in (None, "", (), {}):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if annotation.startswith(("Seconds", "Annotated[Seconds", "Annotated[float")):
        return next(f"{int(value) // unit}{letter}" for letter, unit in UNITS if value % unit == 0)
    if annotation == "SizeBytes":
        return f"{value // 1024**2}MiB"
    return str(value)


UNITS = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    head = list(head)
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return [*lines, *("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows), ""]


def _help(verb: Any) -> str:
    return " ".join((verb.__doc__ or "").split())


def _about(table: type[BaseModel]) -> str:
    """The docstring without the name that the heading has already; "" where it says no more."""
    text = re.sub(r"^`[^`]*`(: |\.)", "", _help(table))
    return text[:1].upper() + text[1:]


def commands() -> dict[str, Any]:
    """Every verb as the command line knows it."""
    return dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def options(command: Any) -> list[tuple[str, str, str, str]]:
    """Flag or name, what it takes, what it is, its default: of each argument and option of a verb."""
    rows = []
    for each in command.params:
        optional = each.param_type_name == "option"
        flag = ", ".join(each.opts) if optional else _argument(each)
        takes = _takes(each) if optional and not each.is_flag else ""
        default = "" if each.default in (None, False, "", ()) or callable(each.default) else str(each.default)
        rows.append((flag, takes, getattr(each, "help", None) or "", default))
    return rows


def _argument(argument: Any) -> str:
    return str(argument.metavar or argument.name.upper()).strip("[]")


def _takes(option: Any) -> str:
    number = option.type_descriptor.annotation in (int, float)
    return str(option.metavar or ("N" if number else "TEXT"))


def _is_told(flag: str, text: str) -> bool:
    """Is it worth a row: an option that not every verb has, or an argument that has a text?"""
    return flag not in ("--config", "--json", "--help") and bool(text or flag.startswith("-"))


def _verbs() -> list[str]:
    found, known = [], commands()
    for group, members in GROUPS.items():
        found += [f"### {group}", ""]
        for name, verb in members.items():
            usage = " ".join(
                _argument(each) if each.required else f"[{_argument(each)}]"
                for each in known[name].params if each.param_type_name == "argument"
            )  # fmt: skip
            found += [f"#### `monitor {name}{' ' + usage if usage else ''}`", "", _help(verb), ""]
            rows = [
                [f"`{flag}{' ' + takes if takes else ''}`", text + (f" Default: {default}." if default else "")]
                for flag, takes, text, default in options(known[name]) if _is_told(flag, text)
            ]  # fmt: skip
            found += _table(("option", "is"), rows) if rows else []
    return found


def _tables() -> list[str]:
    found = []
    listed = [*TABLES, *((f'[[channel]] type = "{name}"', module.Settings) for name, module in channel_types())]
    for title, table in listed:
        found += [f"### `{title}`", "", _about(table), ""]
        rows = [
            [f"`{key}`", kind, f"`{default}`" if default not in ("", "needed") else default, text]
            for key, kind, default, text in settings(table)
        ]
        found += _table(("key", "type", "default", "is"), rows)
    return found


def _questions() -> list[str]:
    rows = [
        [
            f"`GET /api/v1{each.path}`", f"`{each.name}`", each.about,
            "; ".join(f"`{p.name}`{' (needed)' if p.required else ''}: {p.about.rstrip('.')}" for p in each.parameters),
        ]
        for each in QUESTIONS
    ]  # fmt: skip
    return _table(("path", "tool", "answers", "parameters"), rows)


def _metrics() -> list[str]:
    registry = Metrics().registry
    labels = {
        name: ", ".join(getattr(collector, "_labelnames", ()))
        for collector, names in registry._collector_to_names.items() for name in names
    }  # fmt: skip
    rows = []
    for family in sorted(registry.collect(), key=lambda each: each.name):
        if family.name.startswith("monitor_"):
            name = family.name + ("_total" if family.type == "counter" else "")
            rows.append([f"`{name}`", family.type, labels.get(family.name, ""), family.documentation])
    return _table(("metric", "type", "labels", "is"), rows)


def _states() -> list[str]:
    said = phrases.SOURCE_STATES | phrases.DELIVERY_STATES
    found = ["### Of a source", "", *_table(("state", "is"), _rows(get_args(words.SourceState), said))]
    found += ["### Errors of a visit", "", 'What `error` says of a source, in words after "it cannot be read":', ""]
    found += _table(("error", "is"), _rows(get_args(words.ErrorClass), phrases.FAILURES))
    found += ["### Of a delivery", "", *_table(("state", "is"), _rows(get_args(words.DeliveryState), said))]
    found += ["### Kinds of alert", "", ", ".join(f"`{kind}`" for kind in get_args(words.AlertKind)) + ".", ""]
    return found


def _rows(names: Iterable[str], said: dict[str, str]) -> list[list[str]]:
    return [[f"`{name}`", said[name]] for name in names]


def _exits() -> list[str]:
    found = [*_table(("code", "is"), [[str(code), text] for code, text in EXITS])]
    kinds = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.MonitorError)]
    rows = [[str(each.exit_code), " ".join((each.__doc__ or "").split())] for each in kinds[1:]]
    return [*found, "What a verb says on standard error before the particulars:", "", *_table(("code", "says"), rows)]


HEAD = """# Reference

Written from the code by `python -m bench.reference`; a test holds it to the code.

[Verbs](#verbs) · [Settings](#settings) · [API and tools](#api-and-tools) · [Metrics](#metrics) · [States](#states) ·
[Exit codes](#exit-codes)
"""
VERBS = """Every verb takes `--config FILE` (else `MONITOR_CONFIG`, else `config.toml` in this folder); those that print
take `--json`: one document on standard output, all messages on standard error. Its shapes: [contract.md](contract.md).
"""
SETTINGS = """Durations are written `90s`, `15m`, `6h`, `2d`; sizes `64KiB`, `10MiB`; an hour `"07:30"`. Every
setting of the first four tables has an environment twin: `fetch.interval` is `MONITOR_FETCH__INTERVAL`. Where no
default is given, a key is empty.
"""
ASKED = "Read-only; the same questions are the tools of `monitor mcp`. See [api.md](api.md).\n"
MEASURED = "At `/metrics`, beside figures of the process.\n"


def reference() -> str:
    """docs/reference.md."""
    parts = [
        HEAD, "## Verbs", "", VERBS, *_verbs(), "## Settings", "", SETTINGS, *_tables(),
        "## API and tools", "", ASKED, *_questions(), "## Metrics", "", MEASURED, *_metrics(),
        "## States", "", *_states(), "## Exit codes", "", *_exits(),
    ]  # fmt: skip
    return "\n".join(parts).rstrip() + "\n"


def _roff(text: str) -> str:
    plain = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "")
    return f"\\&{plain}" if plain.startswith((".", "'")) else plain


def manual() -> str:
    """docs/monitor.1, for man(1)."""
    lines = [
        f'.TH MONITOR 1 "" "monitor {__version__}" "User Commands"', ".SH NAME",
        "monitor \\- watches a news story and tells people what changed", ".SH SYNOPSIS", ".B monitor",
        "VERB [OPTIONS] [ARGUMENTS]", ".SH DESCRIPTION",
        "Given one article that names its sources, it polls their feeds, decides which entries are follow\\-ups of "
        "that story, and tells people what is new, confirmed, revised or corrected, with the evidence.",
    ]  # fmt: skip
    known = commands()
    for group, members in GROUPS.items():
        lines.append(f'.SH "{group.upper()}"')
        for name, verb in members.items():
            lines += [".TP", f".B monitor {_roff(name)}", _roff(_help(verb))]
            for flag, takes, text, default in options(known[name]):
                if _is_told(flag, text):
                    after = f" Default: {default}." if default else ""
                    lines += [".RS", ".TP", f".B {_roff(flag)} {_roff(takes)}".rstrip(), _roff(text + after), ".RE"]
    lines += [
        ".SH OPTIONS",
        ".TP", ".B \\-\\-config FILE", "The configuration; else MONITOR_CONFIG, else config.toml.",
        ".TP", ".B \\-\\-json", "Print one JSON document; messages go to standard error.", '.SH "EXIT STATUS"',
    ]  # fmt: skip
    for code, text in EXITS:
        lines += [".TP", f".B {code}", text]
    lines += [
        ".SH FILES", ".TP", ".I config.toml", "What is watched; docs/reference.md lists every setting.", ".TP",
        ".I state/monitor.db", "Everything known, where [service] state names no other place.",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write both."""
    REFERENCE.write_text(reference(), "utf-8")
    MANUAL.write_text(manual(), "utf-8")
    print(f"{REFERENCE.relative_to(ROOT)} and {MANUAL.relative_to(ROOT)} are written")


if __name__ == "__main__":
    main()
