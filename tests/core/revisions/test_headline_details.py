"""Another one of what a headline told of, and which thing its general word meant."""

from __future__ import annotations

import pytest

from monitor.core import revisions

BODY = "A second diver and the mayor of Orva were at the lake."


def verdict(old: str, new: str, text: str = "") -> str:
    return revisions.compare(text, text, old_title=old, new_title=new).verdict


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Searchers find body in Lake Orrin", "Searchers find second body in Lake Orrin"),
        ("Two planes grounded after engine fault", "Two more planes grounded after engine fault"),
        ("Court frees protester", "Court frees another six protesters"),
        ("Second wolf pup dies at Tarn zoo", "Third wolf pup dies at Tarn zoo"),
        ("Bank closes branch in Denby", "Bank closes fourth branch in Denby"),
        ("Hospital in Kell reports measles case", "Hospital in Kell reports five further measles cases"),
    ],
)
def test_a_further_one_is_a_revision(old: str, new: str) -> None:
    assert verdict(old, new) == "revision"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Third whale found dead on Orrin beach", "Whale found dead on Orrin beach, the third"),
        ("Berg wins second set in Marlow", "Berg takes second set in Marlow"),
        ("More rain forecast for flooded Kell", "More rain expected in flooded Kell"),
        ("Relay team miss out on medal by hundredth", "Hundredth of a second costs relay team a medal"),
    ],
)
def test_what_was_counted_before_is_none(old: str, new: str) -> None:
    assert verdict(old, new) == "touch"


@pytest.mark.parametrize(
    ("general", "specific"),
    [
        ("Official arrested in bribery case in Orva", "Mayor arrested in bribery case in Orva"),
        ("Animal that escaped from circus shot", "Lion that escaped from circus shot"),
        ("Vehicle hits crowd at market", "Police van hits crowd at market"),
        ("Substance found in Kell tap water", "Lead found in Kell tap water"),
        ("Building evacuated in central Marlow", "Courthouse evacuated in central Marlow"),
    ],
)
def test_which_thing_it_is_is_a_revision_and_a_general_word_in_its_place_none(general: str, specific: str) -> None:
    assert verdict(general, specific) == "revision"
    assert verdict(specific, general) == "touch"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Firm fined over river spill", "Company fined over river spill"),
        ("Vessel aground off Samsa", "Ship aground off Samsa"),
        ("Official hurt in boat fire at lake", "Mayor of Orva hurt in boat fire at lake"),
        ("Diver found in lake", "Second diver found in lake"),
    ],
)
def test_another_general_word_and_what_the_text_said_are_none(old: str, new: str) -> None:
    assert verdict(old, new, BODY) == "touch"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Budget vote set for this autumn", "Budget vote set for next spring", "revision"),
        ("Fire destroys part of abbey", "Fire destroys whole of abbey", "revision"),
        ("Part of Denby pier collapses", "Denby pier partly collapses", "touch"),
    ],
)
def test_another_season_and_another_share_are_revisions(old: str, new: str, expected: str) -> None:
    assert verdict(old, new) == expected
