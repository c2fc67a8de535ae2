"""Everything that decides: values in, values out. No clock, dice, socket, file, environment, SQL or logging."""

from __future__ import annotations

import importlib
from types import ModuleType


def __getattr__(name: str) -> ModuleType:
    """`monitor.core.routing`, by which operators' checks of quiet hours know it, is `monitor.core.delivery.routing`."""
    if name == "routing":
        return importlib.import_module("monitor.core.delivery.routing")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
