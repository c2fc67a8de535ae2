"""What was to come, and has come."""

from __future__ import annotations

import pytest

from monitor.core import revisions


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ("Storm to bring snow to Lom", "Storm brings snow to Lom", "revision"),
        ("Lom search warrants to be released", "Lom search warrants released", "revision"),
        ("Strain in Lom appears to be milder", "Strain in Lom appears milder", "touch"),
        ("Lund to sing in Lom", "Lund is to sing in Lom", "touch"),
        ("Fog a threat to travel in Lom", "Fog threatens all travelling in Lom", "touch"),
    ],
)
def test_what_has_come_is_a_revision(old: str, new: str, verdict: str) -> None:
    assert revisions.compare("", "", old_title=old, new_title=new).verdict == verdict
