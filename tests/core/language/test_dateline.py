"""What an agency writes before its first sentence is taken off; what only looks like it stays."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.core.language import dateline
from monitor.core.novelty import claims


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("KELMOUTH, June 22 (IPA) - The chief will go.", "The chief will go."),
        ("SEOUL, March 4 — The minister spoke.", "The minister spoke."),
        ("Berlin, 3. März (dpa) - Der Minister geht.", "Der Minister geht."),
        ("NEW YORK, N.Y., Sept. 3 (AP) -- A judge ruled.", "A judge ruled."),
        ("Rio de Janeiro, 2 de mayo (EFE).- El juez habla.", "El juez habla."),
        ("(IPA) - The firm closes.", "The firm closes."),
        ("Mayor Olsen, who resigned on 5 March - after weeks - said so.", None),
        ("February 3 - the day of the vote - is near.", None),
        ("The Sea Lark - a ferry - sank.", None),
    ],
)
def test_a_dateline_is_taken_off(line: str, rest: str | None) -> None:
    assert dateline.without(line) == (line if rest is None else rest)


def test_the_day_of_a_dateline_is_no_date_of_the_story() -> None:
    text = "ORVANE, March 10 (NW) - The number of people injured is 44, not 31.\n\nVALD, May 2 - is a street."
    found = claims.extract(text, datetime(2026, 3, 10, tzinfo=UTC))
    assert [(claim.kind, claim.value) for claim in found if "March" in claim.value] == []
    assert next(claim for claim in found if claim.value == "44").quote.startswith("The number")
