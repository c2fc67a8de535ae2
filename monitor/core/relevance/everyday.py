"""What a source writes every day, and what therefore says little there: "Buffalo" in the paper of Buffalo.

The words of entries that no story takes are counted by source (`count_min`), and older ones count less. A word of every
day is as common in an entry of that source as it is there, whatever it is in other news.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import chain

from monitor.core import count_min
from monitor.core.language import rarity
from monitor.core.relevance.features import Glance
from monitor.model import Everyday

# Words commoner than that in all news, one headline in 540, would have to stand in a fifth of a source's to be of every
# day there, and are not counted: their many counts would make those of others uncertain.
RARITY_MIN = 0.5
STEM_CHARS_MAX = 40  # characters of a stem; what is longer is no word (set)
# Entries after which words tell, a few days of a small paper's, and after which all counts are halved (set).
ENTRIES_MIN, ENTRIES_MAX = 50, 2000
# A word of every day stands in so many entries (a share, and a number below which a share is chance), so many times as
# often as in all news: a neighbouring county is one at 1 in 200, the sheriff at 20 times, Ukraine none in Ukrainian
# papers, whose matter it is. One broadcaster's entries that were wrongly taken for three affairs of its counties: 96 at
# 0.03, 60 at 0.005; by the weights after those, 57 at 100 times and 39 at 20 (two years of five newsrooms). What stands
# in more is what the feed is about: the words of a search (set; no town has half of its paper's).
SHARE_MIN, ENTRIES_OF_WORD, TIMES_MIN, SHARE_MAX = 0.005, 8, 20.0, 0.6


def counted(seen: Glance) -> frozenset[str]:
    """The stems of an entry's headline and first sentences that are worth counting."""
    return frozenset(filter(_counts, {*seen.terms, *seen.first_terms}))


@lru_cache(maxsize=20_000)
def _counts(stem: str) -> bool:
    return len(stem) <= STEM_CHARS_MAX and not stem[0].isdigit() and rarity.weight(stem) >= RARITY_MIN


def learn(before: Everyday, entries: Sequence[Collection[str]]) -> Everyday:
    """What is known after these entries more, each as what is counted of it."""
    cells, number = count_min.load(before.cells), before.entries + len(entries)
    for stem in chain.from_iterable(entries):
        count_min.add(cells, stem)
    if number > ENTRIES_MAX:
        number, cells = number // 2, count_min.halved(cells)
    return Everyday(number, count_min.save(cells))


def weights(known: Everyday) -> rarity.Weigh:
    """How much a word says at a source."""
    if known.entries < ENTRIES_MIN:
        return rarity.of
    cells, least = count_min.load(known.cells), max(ENTRIES_OF_WORD, SHARE_MIN * known.entries)

    def weigh(stem: str) -> rarity.Weight:
        if not _counts(stem) or (count := count_min.count(cells, stem)) < least:
            return rarity.of(stem)
        share = count / known.entries
        daily = share <= SHARE_MAX and share >= TIMES_MIN * rarity.share(stem)
        return rarity.within(stem, share) if daily else rarity.of(stem)

    return weigh
