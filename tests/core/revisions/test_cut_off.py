"""A feed that breaks its text off takes nothing back."""

from __future__ import annotations

import pytest

from monitor.core.revisions import versions

FULL = (
    "Regulator fines Kestrel Bank over loans\n\nThe regulator fined Kestrel Bank 12.5 million euros on Tuesday, saying "
    "the lender had not checked 4,300 loans to small firms between 2019 and 2023. Chief executive Dara Holm said the "
    "bank “accepts the decision” and would repay 1,120 customers by 30 June. According to the regulator, managers in "
    "Norbury had known of the faults since March 2021, and wrongly said in an earlier report that there were none."
)
MARKS = (
    "", "…", " [...]", " […]", "... Read more", "… weiterlesen", " [&#8230;]", "&hellip;", " Lire la suite",
    "… [+2314 chars]", " Continue reading →", "... (Weiterlesen)", "続きを読む",
    "…\n\nThe post Regulator fines bank appeared first on Alder Ledger.",
)  # fmt: skip


@pytest.mark.parametrize("mark", MARKS)
def test_a_text_broken_off_anywhere_is_a_touch(mark: str) -> None:
    for end in range(150, len(FULL), 7):
        found = versions.compare(FULL, FULL[:end].rstrip() + mark)
        assert found.verdict in ("touch", "none"), FULL[end - 30 : end] + mark


def test_what_goes_on_otherwise_is_not_broken_off() -> None:
    other = FULL.replace("1,120 customers", "1,180 customers")[:340] + "…"
    assert versions.compare(FULL, other).verdict == "revision"
