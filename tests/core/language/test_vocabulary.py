"""Which language a text is in, and what is common there."""

from __future__ import annotations

import pytest

from monitor import data
from monitor.core.language import event_classes, rarity, vocabulary, words
from monitor.core.text import fold


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Die Polizei hat in der Nähe des Hafens nach einem Mann gesucht, der seit zwei Tagen vermisst wird.", "de"),
        ("Le maire a déclaré que les travaux du pont ne seront pas terminés avant la fin de l'année.", "fr"),
        ("El tribunal dijo que la empresa no ha pagado a los trabajadores desde que cerró la planta.", "es"),
        ("Суд признал, что директор завода не сообщил об аварии и его заместитель тоже знал о ней.", "ru"),
        ("The court said that the firm had not paid its workers since the plant was closed in May.", "en"),
        ("Kestrel Yard fire", "en"),
        ("", "en"),
    ],
)  # fmt: skip
def test_a_text_is_in_the_language_whose_commonest_words_it_has(text: str, language: str) -> None:
    assert vocabulary.language_of(text) == language


def test_a_word_is_as_common_as_it_is_in_its_language() -> None:
    german = vocabulary.background("de")
    (prosecutors,) = words.terms("Staatsanwaltschaft")
    assert rarity.weight(prosecutors) == 1.0
    assert german[prosecutors].rarity < 0.8
    assert german[prosecutors].chance > rarity.chance(prosecutors)
    assert german["die"].rarity < 0.2
    assert "kestrelhof" not in german
    assert not vocabulary.background("en")


def test_every_language_has_its_table() -> None:
    for language, *_ in data.rows("vocabulary/commonest.tsv"):
        if language != vocabulary.ENGLISH:
            assert len(vocabulary.background(language)) > 10_000, language


@pytest.mark.parametrize(
    "text",
    [
        "Harbour pilots reject offer", "Le Pen wins appeal in Lyon", "Two hurt in café fire", "Ten dead as ferry sinks",
        "EU to stockpile salt", "12 min walk to the gate", "France sends 300 engineers", "Sales rose 4 per cent",
        "Seven die in crash", "Quay clocks recovered", "Skerra ferry sinks", "Denax fined",
    ],
)  # fmt: skip
def test_a_few_words_are_english_unless_they_are_others(text: str) -> None:
    assert vocabulary.is_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "Der Hafen bleibt geschlossen", "El puerto sigue cerrado", "Port w Gdyni zamknięty", "Порт закрыт",
        "Tåget försenat i tre timmar", "Dużo śniegu na drogach", "Liman kapatıldı, 12 kişi yaralandı", "3 Mrd. Euro",
        "Koszt to 3 mln zł", "Die Zahl der Verletzten steigt", "12 civils et 5 soldats", "diecisiete barcos",
        "Kepala desa menjauhi lokasi", "Warga diminta menjauhi jembatan",
    ],
)  # fmt: skip
def test_a_few_words_of_other_languages_are_no_english(text: str) -> None:
    assert not vocabulary.is_english(text)


@pytest.mark.parametrize(
    ("word", "act"),
    [("festgenommen", "arrest"), ("meurt", "die"), ("dimite", "resign"), ("sciopero", "walkout"), ("погибли", "die")],
)
def test_acts_are_known_in_other_languages(word: str, act: str) -> None:
    assert act in event_classes.abroad(fold(word))


def test_the_acts_of_other_languages_are_folded_and_of_known_classes() -> None:
    known = {row[0] for row in data.rows("event_classes.tsv")}
    for name, spellings in data.rows("event_classes_abroad.tsv"):
        assert name in known
        assert spellings == fold(spellings)


def test_small_words_of_other_languages_are_no_terms_and_elided_articles_are_none() -> None:
    assert words.terms("Streit nach Brand: auch wird") == ["streit", "brand"]
    assert words.terms("l'usine") == words.terms("usine")
    assert words.terms("O'Brien, Cummings") == ["o'brien", "cum"]


def test_evidence_is_shown_as_it_is_written() -> None:
    assert words.surfaces(["Schüler fordern l'égalité"])["schuler"] == "schüler"
    assert words.surfaces(["l'égalité"])[words.terms("égalité")[0]] == "l'égalité"
