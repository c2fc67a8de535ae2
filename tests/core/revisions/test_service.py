"""Lines at the ends of a text that serve the page, and such as tell news."""

from __future__ import annotations

import pytest

from monitor.core import revisions

TITLE = "Ferry aground off Port Ellis"
BODY = "The ferry Marigold ran aground on Sunday. Forty people were taken off."


def verdict(line: str) -> str:
    return revisions.compare(BODY, f"{BODY}\n\n{line}", old_title=TITLE, new_title=TITLE).verdict


@pytest.mark.parametrize(
    "line",
    [
        "Ana Pell has covered shipping since 2014 and won the Quill in 2022.",
        "Die dritte Folge läuft am 12. Mai um 20.15 Uhr auf Kanal 9.",
        "Versão atualizada às 18h20 com a íntegra da nota.",
        "The Courier asked the operator for comment and will add its answer here.",
    ],
)
def test_lines_that_serve_the_page_change_nothing(line: str) -> None:
    assert verdict(line) == "touch"


@pytest.mark.parametrize(
    "line",
    [
        "Three people were killed and the ferry sank, the captain told our reporter.",
        "Police said two people were killed when the ferry hit the rocks off our coast.",
        "Police arrested the captain, Dana Whitlock, on Monday.",
    ],
)
def test_news_is_told_also_where_somebody_says_we(line: str) -> None:
    assert verdict(line) == "revision"


def test_a_line_that_was_edited_is_compared_whatever_it_sounds_like() -> None:
    before, after = ("The hearing in Tarn lasts from 2019 to 2021.", "The hearing in Tarn lasts from 2018 to 2021.")
    rest = "\n\nThe judge has heard nine witnesses. Nobody was hurt."
    assert revisions.compare(before + rest, after + rest, old_title=TITLE, new_title=TITLE).verdict == "revision"
