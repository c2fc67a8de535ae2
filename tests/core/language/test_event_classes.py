"""Kinds of events: words of one kind agree, words of several speak against none, phrases come before their words."""

from __future__ import annotations

import pytest

from monitor import data
from monitor.core.language import event_classes
from monitor.core.text import words


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Harbour master steps down over the missing crane", "resign"),
        ("Two brothers detained in Lodz over lottery fraud", "arrest"),
        ("Ferry firm lays off forty deckhands", "layoff"),
        ("Valley council votes down the wind park", "reject"),
        ("Court quashes bridge toll", "rule"),
        ("Bakery chain files for a cease-fire with its landlord", "truce"),
        ("Skipper pleads guilty to ramming the pier", "plead"),
        ("Zoo reopens after flood", "open"),
        ("Volcano observatory evacuated", "evacuate"),
        ("Choir apologises to the bishop", "apologise"),
        ("Harbour chief hands in her notice", "resign"),
        ("Zoo director throws in the towel", "resign"),
        ("Bishop gives up office", "resign"),
        ("Prosecutors open file on toll", "investigate"),
    ],
)  # fmt: skip
def test_a_text_says_what_happens(text: str, name: str) -> None:
    assert name in event_classes.classes(event_classes.find(words(text)))


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("Police search the works of Orlik Press", ["search"]), ("Minister urges press to wait", ["urges", "press"]),
        ("Police Raid Press", ["raid", "press"]), ("Power station floods", ["floods"]),
    ],
)  # fmt: skip
def test_a_word_of_a_name_is_no_act(text: str, acts: list[str]) -> None:
    assert [act.word for act in event_classes.of_text(text)] == acts


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Plant manager quits", "resign"), ("Rector quits as guest", "resign"),
        ("Zoo chief leaves after fair", "resign"),
        ("Minister leaves for Oslo", "depart"), ("Team quits league", "withdraw"),
    ],
)  # fmt: skip
def test_who_holds_an_office_leaves_that(text: str, name: str) -> None:
    found = event_classes.classes(event_classes.find(words(text)))
    assert name in found and (name == "resign") == (found == {"resign"})


@pytest.mark.parametrize(
    ("text", "resigns"),
    [
        ("Bürgermeister tritt nach Kritik zurück", True),
        ("Le président du club jette l'éponge", True),
        ("El ministro deja el cargo", True),
        ("O diretor deixa o cargo", True),
        ("Directeur legt functie neer", True),
        ("Zug tritt Reise an", False),
        ("El barco deja el puerto", False),
    ],
)
def test_a_verb_abroad_takes_what_stands_behind_it(text: str, resigns: bool) -> None:
    assert any("resign" in names for names in event_classes.of_words_abroad(words(text))) is resigns


def test_a_phrase_counts_before_its_words() -> None:
    acts = event_classes.find(words("Union calls off march"))
    assert ("calls off", True) in [(act.word, "cancel" in act.classes) for act in acts]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Three detained over orchard theft", "Woman charged over orchard theft"),
        ("Museum reopens", "Museum director resigns"),
        ("Peacekeepers deployed to the strait", "Peacekeepers withdrawn from the strait"),
        ("Driver sentenced", "Driver appeals"),
    ],
)
def test_two_steps_are_two_events(one: str, other: str) -> None:
    assert event_classes.conflict(event_classes.find(words(one)), event_classes.find(words(other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bosun arrested", "Bosun taken into custody"),
        ("Minister quits", "Minister sacked"),
        ("Dock workers strike", "Dock workers walk out"),
        ("Toll rises to nine dead", "Ninth victim dies"),
    ],
)
def test_two_words_for_one_step_agree(one: str, other: str) -> None:
    first, second = (event_classes.find(words(text)) for text in (one, other))
    assert event_classes.steps(first) & event_classes.steps(second)
    assert not event_classes.conflict(first, second)


def test_a_word_of_several_kinds_speaks_against_none() -> None:
    strike = event_classes.find(words("Strike at the quarry"))
    assert not event_classes.conflict(strike, event_classes.find(words("Quarry workers walk out")))
    assert not event_classes.conflict(strike, event_classes.find(words("Quarry shelled")))


def test_every_row_names_a_class_once_and_has_words() -> None:
    rows = data.rows("event_classes.tsv")
    assert len({row[0] for row in rows}) == len(rows)
    assert all(len(row) == 3 and row[2] for row in rows)


@pytest.mark.parametrize(
    ("headline", "kinds"),
    [
        ("Police opened an investigation", {"investigate"}),
        ("Board launches inquiry", {"investigate"}),
        ("Minister opens bridge", {"open", "start"}),
        ("Trial opens in Rome", {"try", "open", "start"}),
    ],
)
def test_what_only_begins_what_is_named_behind_it_is_no_act_of_its_own(headline: str, kinds: set[str]) -> None:
    assert event_classes.classes(event_classes.find(words(headline))) == kinds


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Chief executive opens bakery", "kill"), ("Nations cup begins in Lodz", "seize"),
        ("Choir sings at hospital", "injure"), ("According to the bishop, all is well", "agree"),
        ("Port authorities move house", "approve"), ("Department of fisheries grows", "depart"),
        ("Important notes of a pianist", "transfer"), ("Hall completely repainted", "end"),
        ("Back in the valley", "support"), ("Storm damage at the pier", "settle"), ("Mobile library tours", "deploy"),
        ("New location for zoo", "find"), ("Shells on the beach", "attack"), ("Harvest fund grows", "invest"),
    ],
)  # fmt: skip
def test_a_word_of_the_same_stem_is_none(text: str, kind: str) -> None:
    assert all(kind not in act.classes for act in event_classes.find(words(text)))
