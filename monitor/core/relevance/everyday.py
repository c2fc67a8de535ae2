"""What a source writes every day, and what therefore says little there: "Buffalo" in the paper of Buffalo.

The words of entries that no story takes are counted by source (`count_min`), and older ones count less. A word of every
day is as common in an entry of that source as it is there, whatever it is in other news.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from monitor.core import count_min
from monitor.core.language import rarity
from monitor.core.relevance.features import Glance
from monitor.core.remembered import by_word, once
from monitor.model import Everyday
from monitor.model.nouns import replace

# Words commoner than that in all news, one headline in 540, would have to stand in a fifth of a source's to be of every
# day there, and are not counted: their many counts would make those of others uncertain.
RARITY_MIN = 0.5
STEM_CHARS_MAX = 40  # characters of a stem; what is longer is no word (set)
# Entries after which words tell, a few days of a small paper's, and after which all counts are halved (set).
ENTRIES_MIN, ENTRIES_MAX = 50, 2000
# What entries bring is noted, a thirtieth of a page each, and counted in every so many entries of the source (set).
COUNTED_EVERY = 32
ENDS = "."  # behind the words of each
# A word of every day stands in so many entries (a share, and a number below which a share is chance), so many times as
# often as in all news: a neighbouring county is one at 1 in 200, the sheriff at 20 times, Ukraine none in Ukrainian
# papers, whose matter it is. One broadcaster's entries that were wrongly taken for three affairs of its counties: 96 at
# 0.03, 60 at 0.005; by the weights after those, 57 at 100 times and 39 at 20 (two years of five newsrooms). What stands
# in more is what the feed is about: the words of a search (set; no town has half of its paper's).
SHARE_MIN, ENTRIES_OF_WORD, TIMES_MIN, SHARE_MAX = 0.005, 8, 20.0, 0.6


def counted(seen: Glance) -> frozenset[str]:
    """The stems of an entry's headline and first sentences that are worth counting."""
    return frozenset(filter(_counts, {*seen.terms, *seen.first_terms}))


@by_word(20_000)
def _counts(stem: str) -> bool:
    return len(stem) <= STEM_CHARS_MAX and not stem[0].isdigit() and rarity.weight(stem) >= RARITY_MIN


def noted(entries: Sequence[Collection[str]]) -> str:
    """Entries, each as what is counted of it, as they are kept until they are counted in."""
    return "".join([f"{count_min.noted(sorted(stems))}{ENDS}" for stems in entries])


def is_counted_in(before: int, after: int) -> bool:
    """Whether what was noted is counted in now: the counters take 16 KiB to write, however little they change.

    `before` and `after` are how many entries of a source there were, and are with those that came just now.
    """
    return before // COUNTED_EVERY != after // COUNTED_EVERY


def learn(before: Everyday, entries: Sequence[Collection[str]]) -> Everyday:
    """What is known after these entries more, each as what is counted of it."""
    return counted_in(replace(before, noted=before.noted + noted(entries)))


def counted_in(known: Everyday) -> Everyday:
    """The same with all that was noted counted in."""
    *entries, _ = known.noted.split(ENDS)
    if not entries:
        return known
    cells, number = count_min.load(known.cells), known.entries + len(entries)
    for stems in entries:
        count_min.add_noted(cells, stems)
    if number > ENTRIES_MAX:
        number, cells = number // 2, count_min.halved(cells)
    return Everyday(number, count_min.save(cells))


class Weights:
    """`weights` of what is known of a source, which is read when a word is first weighed."""

    def __init__(self, read: Callable[[], Everyday]) -> None:
        """`read` says what is known."""
        self._read = read

    @once
    def weigh(self) -> rarity.Weigh:
        """For who weighs many words."""
        return weights(self._read())

    def __call__(self, stem: str) -> rarity.Weight:
        """One word."""
        return self.weigh(stem)


def weights(known: Everyday) -> rarity.Weigh:
    """How much a word says at a source."""
    if known.entries + known.noted.count(ENDS) < ENTRIES_MIN:
        return rarity.of
    known = counted_in(known)
    cells, least = count_min.load(known.cells), max(ENTRIES_OF_WORD, SHARE_MIN * known.entries)

    def weigh(stem: str) -> rarity.Weight:
        if not _counts(stem) or (count := count_min.count(cells, stem)) < least:
            return rarity.of(stem)
        share = count / known.entries
        daily = share <= SHARE_MAX and share >= TIMES_MIN * rarity.share(stem)
        return rarity.within(stem, share) if daily else rarity.of(stem)

    return weigh
