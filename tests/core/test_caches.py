"""What is remembered of texts from outside is bounded: a feed of ever new words fills no machine."""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
import random
import tracemalloc
from collections.abc import Iterator
from typing import Any

import monitor.core
from monitor.core.novelty import similarity, wording

# Entries of one cache: by word (some 150 bytes each), and by text. Set here: seven caches of words stay within 25 MiB.
WORDS_MAX = 20_000
TEXTS_MAX = 32_768
# Bytes for 1200 reports of nothing but new words: 44 MiB measured, 65 and rising with caches of up to 200,000 words.
GROWTH_MAX = 56 * 2**20


def caches() -> Iterator[Any]:
    for module in pkgutil.walk_packages(monitor.core.__path__, "monitor.core."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, functools._lru_cache_wrapper) and value.__module__ == module.name:
                yield value


def test_every_cache_of_what_comes_from_outside_is_bounded() -> None:
    found = list(caches())
    assert len(found) > 20
    for cache in found:
        size, taken = cache.cache_parameters()["maxsize"], inspect.signature(cache.__wrapped__).parameters
        if size is None:
            switches = all(parameter.annotation == "bool" for parameter in taken.values())
            assert switches, f"{cache.__module__}.{cache.__name__} keeps all that it was ever asked"
        else:
            assert size <= (WORDS_MAX if set(taken) & {"word", "stem", "term"} else TEXTS_MAX), cache.__name__


def test_ever_new_words_cost_no_more_than_their_caches_hold() -> None:
    chosen = random.Random(7)

    def words(count: int) -> str:
        return " ".join("".join(chosen.choices("aeiourstnlkmd", k=8)) for _ in range(count))

    wording.read("Dam breaks in the north", "A dam broke.")
    tracemalloc.start(1)
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(1200):
        read = wording.read(words(12), words(44)[: similarity.LEAD_CHARS_MAX])
        for term in read.whole | read.shape.whole:
            wording.news_rarity(term)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < GROWTH_MAX, f"{grown / 2**20:.0f} MiB"
    wording.read.cache_clear()
