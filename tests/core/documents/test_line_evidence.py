"""What speaks for a line being a notice or one that serves the page."""

from __future__ import annotations

import pytest

from monitor.core.documents import line_evidence

TEXT = "The ferry Marigold left Port Ellis on Sunday with 40 people aboard. Captain Dana Whitlock was questioned."


def notice(line: str) -> float:
    features = line_evidence.shape(line, TEXT) | line_evidence.telling(line, TEXT)
    return line_evidence.score("notice", line, features)


def test_a_line_is_read_by_what_it_has_in_common_with_its_text() -> None:
    shape = line_evidence.shape("It was Captain Whitlock, and 40 people rather than 14.", TEXT)
    assert {"figure of the text", "figure of its own", "name of the text", "two figures"} <= shape.keys()
    assert "name of its own" not in shape
    assert shape["shared words"] > line_evidence.shape("Send us a photo by Monday!", TEXT).get("shared words", 0.0)


def test_months_are_no_names() -> None:
    assert "name of its own" not in line_evidence.shape("It sails again in June.", TEXT)
    assert "name of its own" in line_evidence.shape("It sails again for Bergen.", TEXT)


def test_pieces_of_words_are_read_in_scripts_with_and_without_blanks() -> None:
    assert {":fix", "=_fix", ":0"} <= line_evidence.grams("Fix 1987")
    assert {"=訂", "=訂正"} <= line_evidence.grams("訂正")


@pytest.mark.parametrize(
    "line",
    [
        "We had the number of people aboard as 14; it is 40.",
        "Frau Whitlock ist Kapitänin, nicht Lotsin, wie es hier zunächst hieß.",
        "Le nom de la capitaine a été corrigé après publication.",
    ],
)
def test_who_takes_back_what_the_text_says_speaks_for_a_notice(line: str) -> None:
    assert notice(line) > 0


@pytest.mark.parametrize(
    "line",
    [
        "The Courier corrects its mistakes as soon as it hears of them.",
        "Haben Sie einen Fehler entdeckt? Schreiben Sie der Redaktion.",
        "Texte relu par Anne Morand.",
        "The coastguard has asked for witnesses.",
    ],
)
def test_who_promises_asks_or_reports_does_not(line: str) -> None:
    assert notice(line) < 0


def test_a_unit_says_something_where_what_it_reads_adds_up_to_more_than_nothing() -> None:
    layer = {"bias": (0.5, -1.0, 0.0), "asked": (-1.0, 0.5, 1.0), "length": (0.0, 0.5, 2.0), "quoted": (9.0, 9.0, 9.0)}
    assert line_evidence.units(layer, {"asked": 1.0, "length": 2.0, "linked": 1.0}) == {"unit 1": 0.5, "unit 2": 5.0}


def test_lines_are_weighed_by_the_layer_too(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (
        "Le nom de la capitaine a été corrigé après publication.",
        "Haben Sie einen Fehler entdeckt? Schreiben Sie.",
    )
    scores = [notice(line) for line in lines]
    monkeypatch.setattr(line_evidence, "_layer", dict)
    assert all(abs(notice(line) - score) > 0.5 for line, score in zip(lines, scores, strict=True))
