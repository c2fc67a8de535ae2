"""How surely a report tells a development again: a logistic of the measures, its weights a shipped table.

The weights were learnt on nine long stories, labelled headline by headline, by `python -m bench.sameness`, which also
says how well weights that never saw a story do on it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache

from monitor import data

BIAS = "bias"


@cache
def weights() -> Mapping[str, float]:
    """Weight by measure; `BIAS` is what is there before any is asked."""
    return {row[0]: float(row[1]) for row in data.rows("sameness.tsv")}


def probability(measures: Mapping[str, float], by: Mapping[str, float] | None = None) -> float:
    """How surely both tell the same, 0..1."""
    table = weights() if by is None else by
    odds = table[BIAS] + sum([weight * measures[name] for name, weight in table.items() if name != BIAS])
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, odds))))
