"""Modules that are imported when something of them is first asked for.

Half of a start is reading what no pass without news uses: languages, tables, the rules of what is new. Who needs them
now and then names them here, beside an ordinary import under TYPE_CHECKING:

    if TYPE_CHECKING:
        from monitor.core.novelty import claims
    else:
        claims = Deferred("monitor.core.novelty.claims")
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any


class Deferred:
    """Stands for a module; attributes are the module's."""

    def __init__(self, name: str) -> None:
        """The module's full name; nothing is imported yet."""
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        """From the module, imported by now."""
        return getattr(sys.modules.get(self._name) or import_module(self._name), attribute)
