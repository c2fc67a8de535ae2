"""Modules that are imported when something of them is first asked for.

Half of a start is reading what no pass without news uses: languages, tables, the rules of what is new. Who needs them
now and then names them here, beside an ordinary import under TYPE_CHECKING:

    if TYPE_CHECKING:
        from monitor.core.novelty import claims
    else:
        claims = Deferred("monitor.core.novelty.claims")
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any


class Deferred:
    """Stands for a module; attributes are the module's."""

    def __init__(self, name: str) -> None:
        """The module's full name; nothing is imported yet."""
        self._name = name
        self._module: ModuleType | None = None

    def __getattr__(self, attribute: str) -> Any:
        """From the module, imported by now; where another thread is at it, once that is through."""
        if self._module is None:
            self._module = import_module(self._name)  # not from sys.modules, where half a module may stand
        return getattr(self._module, attribute)
