"""What a source writes every day, and what therefore says little there: "Buffalo" in the paper of Buffalo.

The words of entries that no story takes are counted by source, the most frequent of them only (Misra and Gries
1982, merged as by Agarwal et al., *Mergeable Summaries*, PODS 2012), and older ones count less. A word of every day is
as common in an entry of that source as it is there, whatever it is in other news.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import chain

from monitor.core.language import rarity
from monitor.core.relevance.features import Glance
from monitor.model import Everyday

# Words kept of a source: with some 9 words counted of an entry a count is too low by at most 9/513 of the entries, so
# that a word of one entry in thirty keeps half of its count (256, and 13 an entry, lost the county of a paper).
WORDS_MAX = 512
# Words commoner than that in all news, one headline in 540, would have to stand in a fifth of a source's to be of every
# day there, and are not counted: their many counts would crowd out the rest.
RARITY_MIN = 0.5
STEM_CHARS_MAX = 40  # characters of a stem; what is longer is no word, and would fill the state (set)
# Entries after which words tell, a few days of a small paper's, and after which all counts are halved (set).
ENTRIES_MIN, ENTRIES_MAX = 50, 2000
# A word of every day stands in so many entries (a share, and a number below which a share is chance), so many times as
# often as in all news: the county of a paper is one at 1 in 20, Ukraine none in Ukrainian papers, whose matter it is.
# On two years of five newsrooms 50 and 100 times do the same; 200 leave out "county" (seven stories: 73 false, then
# 470). What stands in more is what the feed is about: the words of a search (set; no town has a half of its paper's).
SHARE_MIN, ENTRIES_OF_WORD, TIMES_MIN, SHARE_MAX = 0.03, 8, 100.0, 0.6


def counted(seen: Glance) -> frozenset[str]:
    """The stems of an entry's headline and first sentences that are worth counting."""
    return frozenset(filter(_counts, {*seen.terms, *seen.first_terms}))


@lru_cache(maxsize=20_000)
def _counts(stem: str) -> bool:
    return len(stem) <= STEM_CHARS_MAX and not stem[0].isdigit() and rarity.weight(stem) >= RARITY_MIN


def learn(before: Everyday, entries: Sequence[Collection[str]]) -> Everyday:
    """What is known after these entries more, each as what is counted of it."""
    words = Counter(before.words)
    words.update(chain.from_iterable(entries))
    number = before.entries + len(entries)
    if len(words) > WORDS_MAX:
        least = sorted(words.values(), reverse=True)[WORDS_MAX]
        words = Counter({word: count - least for word, count in words.items() if count > least})
    if number > ENTRIES_MAX:
        number, words = number // 2, Counter({word: count // 2 for word, count in words.items() if count > 1})
    return Everyday(number, dict(words))


def weights(known: Everyday) -> Mapping[str, rarity.Weight]:
    """How much the words of every day say at a source."""
    if known.entries < ENTRIES_MIN:
        return rarity.NO_WEIGHTS
    least = max(ENTRIES_OF_WORD, int(SHARE_MIN * known.entries))  # spares most words the division
    shares = {word: count / known.entries for word, count in known.words.items() if count >= least}
    return {
        word: rarity.within(word, share)
        for word, share in shares.items()
        if SHARE_MIN <= share <= SHARE_MAX and share >= TIMES_MIN * rarity.share(word)
    }
