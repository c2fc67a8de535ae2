"""Logs: one record an event, JSON or text, to standard error; never a secret, never a raw control character."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog

# Libraries whose warnings anybody can cause at will, or that repeat every second what /readyz says once: uvicorn's of
# each upgrade asked for and each request that is none, APScheduler's of each tick that finds the last one under way.
_CHATTY = ("uvicorn", "uvicorn.error", "apscheduler")
# Counts of which none says something: nothing is watched.
_COUNTS = ("sources", "stories")
_PLAIN = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))} | {
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def _escape(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Text from outside cannot start a new record or drive a terminal."""
    return {key: value.translate(_PLAIN) if isinstance(value, str) else value for key, value in event.items()}


def _short(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Without what says nothing to a person who reads along."""
    return {
        key: value for key, value in event.items() if (value not in (None, "", 0) or key in _COUNTS) and key != "part"
    }


def configure(form: Literal["json", "text"], level: str) -> None:
    """Set the form and level for the whole process; other libraries' warnings become records of the same form."""
    threshold = getattr(logging, level.upper())
    stamp = structlog.processors.TimeStamper(fmt="iso" if form == "json" else "%Y-%m-%d %H:%M:%S", utc=True)
    renderer: list[Any] = [structlog.processors.JSONRenderer(ensure_ascii=False)]
    if form == "text":
        renderer = [_short, structlog.dev.ConsoleRenderer(12, colors=sys.stderr.isatty(), sort_keys=False)]
    finish = [stamp, structlog.processors.format_exc_info, _escape, *renderer]
    structlog.configure(
        processors=[structlog.processors.add_log_level, *finish],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *finish],
        )
    )
    logging.basicConfig(level=max(threshold, logging.WARNING), handlers=[handler], force=True)
    logging.captureWarnings(True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(threshold, logging.ERROR))


def get(name: str) -> Any:
    """A logger; its records carry `part=name`."""
    return structlog.get_logger(part=name)


def fault(what: str, error: BaseException) -> None:
    """A fault of our own with its traceback, to standard error, where no daemon keeps a log."""
    logging.getLogger("monitor").error(what, exc_info=error)
