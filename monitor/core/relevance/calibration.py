"""One calibrated decision: the measures of a pair joined by a logistic model whose weights are a shipped table.

The weights were fitted by `python -m bench.relevance_fit` and, of briefs, `bench.relevance_fit_briefs` on labelled
stories, each with the sign that its measure must have; they are apart for headlines alone, for those with a sentence or
two and for texts. How good they are is measured on stories that they were not fitted on (docs/quality/relevance.md).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from monitor import data
from monitor.core.relevance.features import Kind

LOGIT_MAX = 30.0  # beyond it a chance is 0 or 1 to a double's precision
# Which measures are shown together as one reason, and how it is called.
GROUPS = {
    "words": frozenset({
        "likelihood", "first_term", "second_term", "third_term", "telling_terms", "seed_share", "story_share", "matter",
        "second_matter", "surprise", "title_met", "unknown_terms", "length", "agreement", "opening_likelihood",
    }),
    "names": frozenset({
        "name", "second_name", "name_and_matter", "home_actors", "actor", "actor_and_matter", "rarest_title_name",
        "rare_names",
    }),
    "acts": frozenset({"act", "learnt_act", "foreign_act", "namesake"}),
    "against": frozenset({"foreign_names", "foreign_actors", "foreign_numbers", "elsewhere", "leisure"}),
    "time": frozenset({"age", "pace", "silence"}),
}  # fmt: skip


_GROUP_OF = {name: group for group, names in GROUPS.items() for name in names}


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model: its bias and the weight and the mean of each measure."""

    bias: float
    weights: Mapping[str, float]
    means: Mapping[str, float]


class Models(NamedTuple):
    """One model for headlines only, one for briefs, one for texts (`features.Kind`)."""

    headline: Weights
    brief: Weights
    text: Weights

    def of(self, kind: Kind) -> Weights:
        """The model for a kind of entry."""
        return self.brief if kind == "brief" else self.headline if kind == "headline" else self.text


@cache
def shipped() -> Models:
    """The shipped models."""
    return load(data.read("relevance_weights.tsv"))


def load(table: str) -> Models:
    """Models from the text of a table: kind (of `features.Kind`), measure (or "bias"), weight, mean."""
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    models = []
    for kind in Models._fields:
        mine = {row[1]: (float(row[2]), float(row[3])) for row in rows if row[0] == kind}
        bias = mine.pop("bias")[0]
        models.append(Weights(bias, {n: w for n, (w, _) in mine.items()}, {n: mean for n, (_, mean) in mine.items()}))
    return Models(*models)


def chance(model: Weights, measures: Mapping[str, float]) -> float:
    """The chance, 0..1, that a pair with these measures is a follow-up."""
    sum_ = model.bias
    for name, weight in model.weights.items():
        sum_ += weight * measures[name]
    return 1 / (1 + math.exp(-max(-LOGIT_MAX, min(LOGIT_MAX, sum_))))


def shifted(chance: float, logits: float) -> float:
    """A chance moved by so many logits."""
    return 1 / (1 + math.exp(-logits) * (1 - chance) / chance)


def contributions(model: Weights, measures: Mapping[str, float]) -> dict[str, float]:
    """How much each group of measures moves the decision against an average pair, in logits."""
    parts = dict.fromkeys(GROUPS, 0.0)
    for name, weight in model.weights.items():
        parts[_GROUP_OF[name]] += weight * (measures[name] - model.means[name])
    return parts
