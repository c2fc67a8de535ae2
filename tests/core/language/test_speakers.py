"""Who speaks in a sentence, where a town or a competition stands for nobody."""

from __future__ import annotations

import pytest

from monitor.core.language import speakers


@pytest.mark.parametrize(
    ("headline", "name"),
    [
        ("Koeman is our man, says Barcelona president", "Barcelona president"),
        ("Mumbai says no to third airport", "Mumbai"),
        ("Madrid says no to third airport", "Spain's government"),
        ("Canberra says no to third airport", "Australia's government"),
    ],
)
def test_a_capital_speaks_for_its_country_and_another_town_does_not(headline: str, name: str) -> None:
    speaker = speakers.find(headline, headline=True)
    assert speaker is not None and speaker.name == name


def test_a_competition_before_a_colon_is_what_the_headline_is_about() -> None:
    assert speakers.find("Champions League: Inspired keeper lifts Leiden into last eight", headline=True) is None
    assert speakers.find("Champions League says it will play the match again", headline=True) is not None


def test_who_speaks_is_named_as_it_is_written() -> None:
    said = speakers.party("Mirela Havik of the Korin water authority")
    assert said is not None
    assert said.name == "Mirela Havik of the Korin water authority"


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Según admitió la Armada, un operador no dio aviso.", "Armada"),
        ("Detectives do not rule out sabotage.", "police"),
        ("According to documents officials knew of damage.", ""),
    ],
)
def test_verbs_and_papers_around_who_speaks_are_no_part_of_the_name(sentence: str, name: str) -> None:
    speaker = speakers.find(sentence)
    assert (speaker.name if speaker else "") == name
