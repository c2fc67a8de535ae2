"""What a headline outside English turns to."""

from __future__ import annotations

import pytest

from monitor.core.revisions import turns_abroad


@pytest.mark.parametrize(
    ("old", "new", "turned"),
    [
        ("Polisi cari bocah hilang di Karvin", "Bocah hilang di Karvin ditemukan", True),
        ("Policja szuka sprawcy napadu", "Policja zatrzymała sprawcę napadu", True),
        ("Zirkus in Altdorf plant Gastspiel", "Zirkus in Altdorf sagt Gastspiel ab", True),
        ("Ayuntamiento planea cerrar el muelle", "Ayuntamiento cierra el muelle", True),
        ("Polisi tangkap pencuri perahu", "Pencuri perahu ditangkap polisi", False),
        ("Incendio destruye molino en Altdorf", "Molino de Altdorf, destruido por un incendio", False),
        ("Police hunt boat thief", "Boat thief held by police", False),  # English is read elsewhere
    ],
)
def test_another_event_or_step_turns_a_headline(old: str, new: str, turned: bool) -> None:
    assert bool(turns_abroad.find(old, new)) is turned
