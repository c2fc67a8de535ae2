"""The dataclass of the nouns: frozen for who writes code and for the type checker, and cheap where it runs.

A start defines fifty of them and a document makes hundreds. What `frozen` does at run time makes a noun four times as
slow to make, and writing the methods of each class anew is a twentieth of a short pass (both measured): here nothing
guards a field but the type checker, and the classes share what compares, hashes and shows them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from dataclasses import replace as replace
else:

    def dataclass(*, frozen: bool, slots: bool) -> Callable[[type], type]:
        """A dataclass with slots that compares, hashes and shows itself as a frozen one does."""

        def define(kind: type) -> type:
            made = dataclasses.dataclass(slots=slots, repr=False, eq=False)(kind)
            values = made._values = attrgetter(*(each.name for each in dataclasses.fields(made)))  # two or more

            def equal(one: Any, other: object) -> Any:
                return values(one) == values(other) if type(one) is type(other) else NotImplemented

            made.__eq__, made.__hash__, made.__repr__ = equal, lambda one: hash(values(one)), _shown
            return made

        return define

    def replace(noun: Any, **changes: Any) -> Any:
        """The noun with other values in some fields, in a quarter of the time that `dataclasses.replace` takes."""
        kind = type(noun)
        made = kind(*kind._values(noun))
        for name, value in changes.items():
            setattr(made, name, value)
        return made


def _shown(noun: Any) -> str:
    fields = (f"{each.name}={getattr(noun, each.name)!r}" for each in dataclasses.fields(noun) if each.repr)
    return f"{type(noun).__name__}({', '.join(fields)})"
