"""How rare a word is: names of one week's event stay rare, words of every week are common."""

from __future__ import annotations

from monitor.core.language import rarity
from monitor.core.language.words import stem


def test_a_word_that_nobody_saw_is_the_rarest() -> None:
    assert rarity.weight("xqzzy") == 1.0
    assert rarity.headlines("xqzzy") == rarity.UNSEEN_HEADLINES


def test_common_words_weigh_little_and_rare_ones_much() -> None:
    weights = [rarity.weight(stem(word)) for word in ("trump", "fire", "museum", "scaffolding", "ombudswoman")]
    assert weights[:3] == sorted(weights[:3])
    assert weights[0] < 0.3 and min(weights[3:]) > 0.7


def test_a_burst_of_some_weeks_makes_no_common_word() -> None:
    # A virus that filled 16 of 45 weeks with a thousand headlines is still a rare word.
    assert rarity.headlines("hantavirus") < 50


def test_chances_are_shares() -> None:
    assert 0 < rarity.chance("xqzzy") < rarity.chance("fire") < 0.01
