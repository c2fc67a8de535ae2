"""Whose word a bare surname, a bare office or a confession is, as a story knows its people."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.core.novelty import cast, origins
from monitor.model import Article, StoryReport

SEED = Article(
    "Ghana weighs lending divers to Orle",
    "The diving firm Abyssal, led by Jonas Lie, would send ten men. Ghana's president, Kofi Badu, is in favour. "
    "Orle waits; the port of Orle asked twice. Iron Bridge is near. Harbour master Livia Sartori said no.",
)


@pytest.mark.parametrize(
    ("title", "whose"),
    [
        ("Sartori: Divers will not dive at night", "Sartori"),
        ("Lie denies that divers were underpaid", "Lie"),
        ("Orle confirms arrival of divers", "Orle"),
        ("No diver will stay, Badu insists", "Ghana's government"),
        ("Divers delayed by a month, ministry says", "Ghana's government"),
        ("Iron Bridge: divers at work", ""),
        ("Orle: Divers at work", ""),
        ("Orle fined 3 million over divers", ""),
        ("Divers at work in Orle", ""),
    ],
)
def test_a_bare_name_is_whoever_the_story_knows(title: str, whose: str) -> None:
    found = origins.find(title, "", "Paper")
    assert cast.whose(found, title, SEED).name == whose


def test_without_a_seed_nobody_is_known() -> None:
    title = "Sartori: Divers will not dive at night"
    assert cast.whose(origins.find(title, "", "Paper"), title, None).name == ""


def member(title: str, origin: str) -> StoryReport:
    return StoryReport("k", "a", "a", "d", "development", datetime(2025, 1, 1, tzinfo=UTC), title, "", "", origin)


def test_who_admits_his_own_deed_is_one_party() -> None:
    title = "Former verger admits setting chapel on fire"
    origin = origins.find(title, "", "Paper")
    assert cast.confesses(title, origin, [member("Retired cantor confesses to chapel fire", "")])
    assert not cast.confesses(title, origin, [member("Chapel fire was arson, police say", "police")])
    assert not cast.confesses(title, origin, [member("Cantor confesses to fire, prosecutor says", "prosecutor")])


def test_unnamed_sources_confirm_nobody_and_can_be_confirmed() -> None:
    found = origins.find("Bank lost its licence, two people familiar with the matter say", "", "Paper")
    assert (found.name, found.stated) == ("unnamed sources", False)
