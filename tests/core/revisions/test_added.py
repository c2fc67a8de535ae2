"""Sentences put into a report that otherwise stayed: news is told in its own words, background is not."""

from __future__ import annotations

import pytest

from monitor.core import revisions
from monitor.core.revisions import added, versions

TITLE = "Cable car stuck above Sorvan"
BODY = (
    "A cable car with 22 people on board stopped above Sorvan on Sunday morning. Rescuers lowered them by rope, the "
    "fire service said.\n\nThe operator, Montara, spoke of a fault in the drive. The mayor thanked the rescuers."
)
ABROAD = (
    "Ein Bus mit 40 Reisenden ist am Sonntag bei Sorvan verunglückt. Elf Menschen wurden verletzt, teilte die Polizei "
    "mit."
)


def told(line: str, body: str = BODY, title: str = TITLE) -> revisions.Revision:
    return revisions.compare(body, f"{body}\n\n{line}", old_title=title, new_title=title)


@pytest.mark.parametrize(
    "line",
    [
        "A woman of 71 died in hospital on Monday.",
        "Prosecutors have charged Montara's head of safety with negligence.",
        "Montara said on Monday it would close the line until spring.",
        "The regional government withdrew the operator's licence.",
        "A worn bolt caused the stop, investigators said.",
    ],
)
def test_what_happened_is_told_in_its_own_words(line: str) -> None:
    found = told(line)
    assert found.verdict == "revision"
    assert ("text", "", line) in [(change.kind, change.before, change.after) for change in found.changes]


@pytest.mark.parametrize(
    "line",
    [
        "The line was opened in 1967 and carries 300,000 people a year.",
        "Montara, which has its seat in Lugar, runs eleven cable cars and 40 lifts.",
        "In 2009 a car of the same make had stopped for six hours above Brell.",
        "A cable car hangs from a rope that is moved by a motor in the valley.",
        "“It was like being in a swing,” said Paul Remer, who had come for the day.",
    ],
)
def test_what_was_so_before_is_a_touch_whatever_names_and_figures_it_has(line: str) -> None:
    assert told(line).verdict == "touch"


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("Der Fahrer wurde am Montag festgenommen.", "revision"),
        ("Eine Frau ist im Krankenhaus gestorben.", "revision"),
        ("Sorvan hat 4.200 Einwohner und liegt auf 900 Metern Höhe.", "touch"),
        ("Die Straße wurde 1931 gebaut und ist 14 Kilometer lang.", "touch"),
    ],
)
def test_other_languages_are_read_by_their_own_words(line: str, verdict: str) -> None:
    assert told(line, ABROAD, "Busunglück bei Sorvan").verdict == verdict


def test_background_is_not_listed_beside_news() -> None:
    news, history = "A woman of 71 died in hospital on Monday.", "The line was opened in 1967 by Karl Amrein."
    found = told(f"{news}\n\n{history}")
    assert found.verdict == "revision"
    assert not any("1967" in change.sentence or "Amrein" in change.after for change in found.changes)


def test_where_the_text_did_not_stay_nothing_is_weighed_by_itself() -> None:
    other = "Forecasters warn of gales. Ferries to the islands are cancelled. The line was opened in 1967."
    both = versions.read(f"{TITLE}\n\n{BODY}", f"{TITLE}\n\n{other}", [])
    assert both is not None
    assert added.news(both) == {}
