"""How rare a word is in the news: the background that every agreement of words is weighed against.

The table counts stems over ten months of headlines of many outlets. It counts robustly: as many headlines as the weeks
in which a stem occurs imply, if it came evenly, and never more than it has. So the names of one week's event stay rare,
however often that week wrote them. `python -m bench.background` makes the table.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple

from monitor import data
from monitor.core.language import unspaced
from monitor.core.remembered import by_word


class Weight(NamedTuple):
    """How rare a stem is, 0..1, and how likely any word of a headline is it."""

    rarity: float
    chance: float


Weigh = Callable[[str], Weight]

# A stem that the table lacks stood in fewer than five headlines (bench/background.py keeps no rarer word): call it two.
UNSEEN_HEADLINES = 2
# A piece of a script without spaces is no word that nobody used yet, but a part of many: as many as one stem in five
# has (set on a sheet of stories in Japanese, Chinese and Thai, held against a second one).
PIECE_HEADLINES = 100
# Stems that a headline has on average, small words included: measured over the recorded headlines.
STEMS_A_HEADLINE = 8.0


@cache
def _table() -> tuple[int, dict[str, int]]:
    # Not `data.rows`: twenty thousand rows, each taken apart and kept, are a hundredth of a pass with news.
    rows = (line.split("\t") for line in data.read("stem_headlines.tsv").splitlines() if line[:1] != "#")
    _, total = next(rows)
    return int(total), {stem: int(headlines) for stem, headlines in rows}


def headlines(stem: str) -> int:
    """In how many headlines of the background a stem stands, bursts evened out."""
    unseen = PIECE_HEADLINES if unspaced.is_piece(stem) else UNSEEN_HEADLINES
    return max(UNSEEN_HEADLINES, _table()[1].get(stem, unseen))


@lru_cache(maxsize=20_000)
def weight(stem: str) -> float:
    """Inverse document frequency (Sparck Jones 1972), 0..1: 0 for words in every headline, 1 for words never seen."""
    total = _table()[0]
    return math.log(total / headlines(stem)) / math.log(total / UNSEEN_HEADLINES)


@by_word(20_000)
def squared(stem: str) -> float:
    """The weight by itself, of which vectors are made."""
    return weight(stem) ** 2


def share(stem: str) -> float:
    """In what share of the background's headlines a stem stands."""
    return headlines(stem) / _table()[0]


@lru_cache(maxsize=20_000)
def chance(stem: str) -> float:
    """How likely a word of any headline is this stem."""
    return share(stem) / STEMS_A_HEADLINE


@lru_cache(maxsize=20_000)
def of(stem: str) -> Weight:
    """How much a stem says in all news."""
    return Weight(weight(stem), chance(stem))


def within(stem: str, share: float) -> Weight:
    """How much a stem says where this share of the headlines has it: no more than in all news."""
    rare = -math.log(min(share, 1.0)) / math.log(_table()[0] / UNSEEN_HEADLINES)
    return Weight(min(weight(stem), rare), max(chance(stem), share / STEMS_A_HEADLINE))
