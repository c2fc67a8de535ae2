"""What was worked out before: of a word by a look into a dictionary, of a noun once, where it is first asked for.

A headline asks a hundred times after words, and a reading has a dozen things that are worked out late. `lru_cache`
takes twice as long to find a word, for the order of use that it keeps; `cached_property` twice as long to work out a
value, for a lock that no value needs that is the same whoever makes it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

T = TypeVar("T")

if TYPE_CHECKING:
    from functools import cached_property

    once = cached_property
else:

    class once:
        """A property that is worked out when it is first asked for, and kept by its object."""

        def __init__(self, make: Callable[[Any], Any]) -> None:
            """`make` takes the object."""
            self._make, self._name, self.__doc__ = make, make.__name__, make.__doc__

        def __get__(self, owner: Any, kind: type | None = None) -> Any:
            """Asked for the first time: from then on the object has the value itself."""
            if owner is None:
                return self
            value = owner.__dict__[self._name] = self._make(owner)
            return value


class Words(dict[str, T]):
    """What a function comes to, by word; all is forgotten once there are as many as may be kept."""

    def __init__(self, make: Callable[[str], T], words_max: int) -> None:
        """`make` is a pure function."""
        self._make, self.words_max = make, words_max

    def __missing__(self, word: str) -> T:
        """Work it out, and keep it."""
        if len(self) >= self.words_max:
            self.clear()
        value = self[word] = self._make(word)
        return value


def by_word(words_max: int) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """A decorator: keep what the function comes to for so many words."""
    return lambda make: Words(make, words_max).__getitem__
