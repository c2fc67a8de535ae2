"""Numbers in running text."""

import pytest

from monitor.core.language import quantities


@pytest.mark.parametrize(
    ("text", "low", "high", "unit", "bound"),
    [
        ("They want 800 to 1,000 workers.", 800, 1000, "workers", ""),
        ("between 300 and 500 men", 300, 500, "people", ""),
        ("300–500 men", 300, 500, "people", ""),
        ("up to 50,000 soldiers", 50_000, 50_000, "troops", "max"),
        ("more than 30,000 troops", 30_000, 30_000, "troops", "min"),
        ("Mayor sued over 12 soldiers", 12, 12, "troops", ""),
        ("over 12 soldiers", 12, 12, "troops", "min"),
        ("Hundreds faced hours of waiting", 200, 999, "people", ""),
        ("5k construction troops", 5000, 5000, "troops", ""),
        ("two hundred and fifty soldiers", 250, 250, "troops", ""),
        ("tens of thousands of people", 20_000, 99_999, "people", ""),
        ("half a million refugees", 500_000, 500_000, "people", ""),
        ("3.4 million people", 3.4e6, 3.4e6, "people", ""),
        ("20 to 30 million voters", 2e7, 3e7, "people", ""),
        ("a fee of $600m", 6e8, 6e8, "usd", ""),
        ("£1.2 billion in aid", 1.2e9, 1.2e9, "gbp", ""),
        ("40 per cent", 40, 40, "percent", ""),
        ("40%", 40, 40, "percent", ""),
        ("men aged between 19 and 27", 19, 27, "age", ""),
        ("a nine-year-old girl", 9, 9, "age", ""),
        ("a man in his 30s", 30, 39, "age", ""),
        ("within 48 hours", 2, 2, "days", ""),
        ("a 4-1 win", 4, 1, "score", ""),
        ("the 3rd battalion", 3, 3, "rank", ""),
        ("12 dead", 12, 12, "people", ""),
        ("45 square kilometres", 45e6, 45e6, "square metres", ""),
        ("45km² of forest", 45e6, 45e6, "square metres", ""),
        ("200 sq ft", 18.580608, 18.580608, "square metres", ""),
        ("90 m³ of mud", 90, 90, "cubic metres", ""),
        ("une zone de 12 kilomètres carrés", 12e6, 12e6, "square metres", ""),
        ("un détour de 38 kilomètres", 38_000, 38_000, "metres", ""),
        ("two and a half million people", 2.5e6, 2.5e6, "people", ""),
        ("a million and a half euros", 1.5e6, 1.5e6, "eur", ""),
        ("le pont coûtera onze millions et demi d'euros", 11.5e6, 11.5e6, "eur", ""),
        ("le pont coûtera 11 millions et demi d'euros", 11.5e6, 11.5e6, "eur", ""),
        ("die Brücke kostet zweieinhalb Millionen Euro", 2.5e6, 2.5e6, "eur", ""),
        ("die Brücke kostet eine halbe Million Euro", 5e5, 5e5, "eur", ""),
        ("de brug kost drie en een half miljoen euro", 3.5e6, 3.5e6, "eur", ""),
        ("el puente costará dos millones y medio de euros", 2.5e6, 2.5e6, "eur", ""),
    ],
)
def test_reads_what_is_written(text: str, low: float, high: float, unit: str, bound: str) -> None:
    (found,) = quantities.find(text)
    assert (found.low, found.high, found.unit, found.bound) == (pytest.approx(low), pytest.approx(high), unit, bound)


@pytest.mark.parametrize(
    "text",
    [
        "the I-190 bridge",
        "COP26 and Covid-19",
        "an F-35B",
        "one of them",
        "no one came",
        "net zero does it",
        "one of the largest mills",
        "her 401k funds",
        "in 2024 it rained",
    ],
)
def test_leaves_names_and_years_alone(text: str) -> None:
    assert quantities.find(text) == ()


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("eight million trees", "8m trees", True),
        ("a ransom of N20 million", "a ransom of 20m naira", True),
        ("a fine of Ksh 300,000", "a fine of 300,000 shillings", True),
        ("The queue was 1½ miles long", "The queue was 1.5 miles long", True),
        ("Es brannte ein Drittel der Häuser", "Es brannten 33 Prozent der Häuser", True),
        ("Dos tercios de los votos", "El 67% de los votos", True),
        ("El banco sube la tasa medio punto", "El banco sube la tasa un cuarto de punto", False),
        ("ten years", "10 years", True),
        ("24 hours", "one day", True),
        ("$4.1m", "$4m", True),
        ("800 to 1,000 workers", "between 800 and 1,000 workers", True),
        ("40 percent", "40%", True),
        ("thousands of people", "6,000 people", True),
        ("$6.6m", "$7.8m", False),
        ("Ambos pilotos murieron en el choque", "Los dos pilotos murieron en el choque", True),
        ("19 killed", "20 killed", False),
        ("hundreds of anglers", "scores of anglers", False),
        ("30,000 troops", "50,000 troops", False),
    ],
)
def test_equal_when_equal(one: str, other: str, equal: bool) -> None:
    (left,), (right,) = quantities.find(one), quantities.find(other)
    assert quantities.same(left, right) is equal
    assert quantities.same(right, left) is equal


def test_a_million_characters_without_blanks_do_not_stall() -> None:
    assert quantities.find("9" * 100_000 + "-" * 1000) == ()
    assert quantities.find("a" * 200_000) == ()


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("Nach dem Brand hat die Polizei am Samstag zwei Männer festgenommen.", [(2, "männer")]),
        ("Im Hafen hat zwölf Stunden lang ein Feuer gewütet.", [(12, "stunden")]),
        ("On a arrêté deux hommes.", [(2, "hommes")]),
        ("O presidente dos trabalhadores foi ferido.", []),
        ("Er sei ein Arbeiter, sagte die Polizei, und nicht verletzt worden.", []),
        ("Vláda to uvedla v úterý, pracovníci stávkují.", []),
        ("Dos trabajadores murieron en el incendio de la fábrica.", [(2, "trabajadores")]),
        ("To menn er døde etter en brann.", [(2, "menn")]),
        ("On yedi kişi yaralandı.", [(17, "yaralandı")]),
    ],
)
def test_a_number_word_counts_in_its_own_language_only(text: str, counted: list[tuple[float, str]]) -> None:
    assert [(found.low, found.noun) for found in quantities.find(text)] == counted


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("Bei dem Brand wurden 40 Autos zerstört und drei Arbeiter verletzt.", [(40, "autos"), (3, "arbeiter")]),
        ("Nach dem Unfall kamen zwölf Kölner Polizisten in eine Klinik.", [(12, "polizisten")]),
        ("Bei dem Brand wurden 12 VW-Arbeiter verletzt.", [(12, "arbeiter")]),
        (
            "Von elf der zwölf Kräne ist nichts übrig, drei Arbeiter starben.",
            [(11, "kräne"), (12, "kräne"), (3, "arbeiter")],
        ),
        (
            "Dos de las tres grúas fallaron; cuatro obreros resultaron heridos.",
            [(2, "grúas"), (3, "grúas"), (4, "obreros")],
        ),
    ],
)
def test_what_is_counted_abroad_is_what_stands_behind_the_figure(text: str, counted: list[tuple[float, str]]) -> None:
    assert [(found.low, found.noun) for found in quantities.find(text)] == counted


def test_a_row_of_digits_without_an_end_counts_nothing() -> None:
    assert quantities.find(f"{'9' * 400} people were killed and 1{'0' * 320} euros paid") == ()
    (found,) = quantities.find("9 trillion euros were paid")
    assert found.high == 9e12


def test_others_beside_who_is_named_are_no_count_of_all() -> None:
    assert not quantities.find("Ines Brenn and four others missing in cave")
    assert [found.low for found in quantities.find("Avalanche kills two and injures four others")] == [2, 4]


@pytest.mark.parametrize(
    ("exact", "other", "down"),
    [
        ("120 flights", "more than 100 flights", True), ("22 dead", "at least 20 dead", True),
        ("120 flights", "more than 119 flights", False), ("190 flights", "more than 100 flights", False),
        ("more than 120 flights", "more than 100 flights", False), ("120 flights", "more than 200 flights", False),
        ("120 flights", "nearly 100 flights", False),
    ],
)  # fmt: skip
def test_a_round_number_that_it_is_over_tells_a_number(exact: str, other: str, down: bool) -> None:
    (left,), (right,) = quantities.find(exact), quantities.find(other)
    assert quantities.rounded_down(left, right) is down


def test_a_telephone_number_counts_nothing() -> None:
    for said in ("call +1 617 555 0100", "ring +44 20 7946 0018", "+49 30 901820", "+371 67 085 000"):
        assert not quantities.find(said), said
    assert [found.low for found in quantities.find("+12 500 000 jobs, +3 percent")] == [12_500_000, 3]
