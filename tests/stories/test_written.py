"""The sets written beforehand: both halves together stay above these floors (figures in docs/quality/relevance.md)."""

from __future__ import annotations

import pytest

from bench import quality_written
from bench.quality_measure import figures, replay


@pytest.mark.parametrize("name,load", quality_written.available())
def test_written_sets_keep_their_level(name: str, load: quality_written.Loader) -> None:
    sample = load()
    found = figures(sample, replay(sample))
    assert found.forgiven >= 0.85
    assert found.recall >= 0.7
