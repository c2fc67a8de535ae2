"""What stands on a page and is no part of the article."""

import pytest

from monitor.core.documents import boilerplate


@pytest.mark.parametrize(
    "line", ["Updated 5 minutes ago", "4 min read", "1,204 views", "Read more: Ten dams", "⋙ Ten dams", "Most popular"]
)
def test_goes(line: str) -> None:
    assert boilerplate.without(f"A headline\n{line}\nThe dam holds.") == "A headline\nThe dam holds."


@pytest.mark.parametrize(
    "line",
    [
        "Video footage shows people running.",
        "Updated guidance says masks are needed.",
        "Published figures show 3 deaths.",
        "Comments by the minister angered farmers.",
    ],
)
def test_prose_stays(line: str) -> None:
    assert line in boilerplate.without(f"A headline\n{line}")


@pytest.mark.parametrize(
    "line",
    [
        "The trial opens on 3 June 2026 at 10:00.",
        "Listen to this story of the flood: 40 died.",
        "The firm, registered in Panama, owes two creditors 3 million.",
        "From £5 a week, tenants pay for heat.",
        "30 minutes later the dam broke.",
    ],
)
def test_prose_is_no_furniture(line: str) -> None:
    assert not boilerplate.is_furniture(line)


@pytest.mark.parametrize(
    "line", ["3 June 2026, 14:20 BST", "Gepubliceerd op 3 juni 2026 om 14:20.", "Lesedauer: 3 Minuten"]
)
def test_stamps_and_lengths_are_furniture(line: str) -> None:
    assert boilerplate.is_furniture(line)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("It meets again on 4 February.\nShares in Nordholm fell 31 per cent.", True),
        ("The fund sold 12,000 shares on Monday.", True),
        ("Its film has 3 million views.", True),
        ("12 comments | 3.4k shares", False),
        ("The bridge has reopened. 34 comments", False),
    ],
)
def test_counters_stand_by_themselves_and_shares_are_sold_in_sentences(text: str, left: bool) -> None:
    assert (boilerplate.without(text) == text) == left


@pytest.mark.parametrize(
    "line",
    [
        "Win two tickets to the harbour concert.",
        "Domani in edicola: perché il porto ha bisogno di 400 milioni",
        "The Ledger’s sports desk won two prizes in 2025.",
        "Ein Euro kostet derzeit 1,08 Dollar.",
        "Rättelser finns varje dag på sidan 2.",
        "Live blog closed at 22:30.",
    ],
)
def test_an_outlet_that_sells_itself_closes_a_text(line: str) -> None:
    assert boilerplate.is_closing_line(line)


def test_the_date_behind_a_headline_is_a_mark() -> None:
    assert boilerplate.without_marks("Reservoir drained for repairs - 3 June 2026") == "Reservoir drained for repairs"
