"""Whole sentences that came or went."""

from __future__ import annotations

from monitor.core import revisions

TITLE = "Lift in hospital stuck: 4 rescued"
TOLD = "The hospital's Oxford-educated director said the Finnish-made cabin had stopped for the second time this month."


def test_one_sentence_beneath_a_bare_headline_is_told_whole_and_none_of_its_facts_apart() -> None:
    found = revisions.compare("", TOLD, old_title=TITLE, new_title=TITLE)
    assert found.verdict == "revision"
    assert [(change.kind, change.after) for change in found.changes] == [("text", TOLD)]


def test_a_teaser_beneath_a_bare_headline_tells_nothing() -> None:
    teaser = "Follow live text and audio commentary from the hospital of Marsh End"
    assert revisions.compare("", teaser, old_title=TITLE, new_title=TITLE).verdict == "touch"


def test_a_whole_article_beneath_a_bare_headline_is_a_touch() -> None:
    body = f"{TOLD} Engineers were called at noon. The stairs were blocked by beds."
    assert revisions.compare("", body, old_title=TITLE, new_title=TITLE).verdict == "touch"
