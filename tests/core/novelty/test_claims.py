"""Claims of a text and how they differ from a ledger."""

from datetime import UTC, datetime

import pytest

from monitor.core.language import dates, statements
from monitor.core.novelty import claim_changes, claims
from monitor.model import Claim

AT = datetime(2023, 2, 3, tzinfo=UTC)
ARTICLE = """\
The ministry promised to send 800 to 1,000 workers to the valley. They were first to go in early November 2022.

According to Radio Gorno's source in the capital, the order was issued on 20 January. Companies have until the end of \
January to finalise their lists. The chosen recruits are young men aged between 19 and 27. It is likely the personnel \
will be sent in mid-February or March, and the first batch will be about 300 to 500 men.
"""


def said(headline: str, source: str = "") -> tuple[Claim, ...]:
    return claims.extract("", AT, title=headline, source=source)


def one(kind: str, value: str) -> Claim:
    return next(
        claim for claim in claims.extract(ARTICLE, AT, source="seed") if claim.kind == kind and value in claim.value
    )


def test_figures_carry_range_unit_and_subject() -> None:
    workers, men = one("quantity", "800"), one("quantity", "300")
    assert (workers.low, workers.high, workers.unit, workers.subject) == (800, 1000, "workers", "workers to be sent")
    assert (men.low, men.high, men.unit, men.qualifier) == (300, 500, "people", "about")
    assert one("age", "19").subject == "age of men"
    assert "800 to 1,000 workers" in workers.quote
    assert (workers.source, workers.at) == ("seed", AT)


def test_dates_and_deadlines_are_told_apart() -> None:
    assert one("date", "20 January").date_from == "2023-01-20"
    assert one("date", "November").date_to == "2022-11-10"
    assert one("deadline", "end of January").date_to == "2023-01-31"
    assert (one("deadline", "February").date_from, one("deadline", "February").date_to) == ("2023-02-11", "2023-03-31")


@pytest.mark.parametrize(
    ("sentence", "until"),
    [
        ("The maker was warned by a supplier in May.", "2026-05-31"),
        ("The harbour master resigned on 12 January.", "2026-01-12"),
        ("Inspectors had been to the dam in early March.", "2026-03-10"),
        ("The commission is to report in May.", "2027-05-31"),
        ("The hearing was postponed to 12 January.", "2027-01-12"),
        ("The hearing was scheduled for 12 January.", "2027-01-12"),
        ("The bridge will be closed in March.", "2027-03-31"),
    ],
)
def test_a_month_that_a_clause_looks_back_to_is_no_date_to_wait_for(sentence: str, until: str) -> None:
    (claim,) = (
        claim
        for claim in claims.extract(sentence, datetime(2026, 11, 29, tzinfo=UTC), source="a")
        if claim.kind in ("date", "deadline")
    )
    assert claim.date_to == until


def test_a_date_ends_before_its_sentence_does() -> None:
    (claim,) = (c for c in claims.extract("Offers are due by 18 December.", AT, source="a") if c.kind == "deadline")
    assert (claim.value, claim.text) == ("18 December", "18 December")


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("Laboratory reports seen by Harbour Post put the lead at 40 micrograms.", []),
        ("Internal Ministry estimates shared with Le Monde put the dead at 40.", []),
        ("Government claims by Anna Berg were false.", []),
        ("Ministry reports 40 dead.", ["Ministry"]),
        ("Anna Berg said by telephone that 40 were dead.", ["Anna Berg"]),
    ],
)
def test_a_report_that_somebody_has_seen_says_nothing(sentence: str, who: list[str]) -> None:
    assert list(statements.attributions(sentence)) == who


BEYOND_LATIN = {
    "Погибли 12 человек, ещё 7 пропали без вести": [("человек killed", "12", "people")],
    "Загинули 5 осіб, 12 поранених": [("осіб killed", "5", "people"), ("people wounded", "12", "people")],
    "Суд оштрафовал компанию на 5 млн рублей": [("money", "5 млн", "rub")],
    "مقتل 18 شخصا وإصابة 45 آخرين": [("شخصا killed", "18", "people"), ("شخصا wounded", "45", "people")],
    "وقدرت التكلفة بنحو 40 مليون دولار": [("money", "40 مليون", "usd")],
    "死者12人、負傷者45人": [("人 killed", "12", "people"), ("人 wounded", "45", "people")],
    "修理費は40億円に上る": [("money", "40億", "jpy")],
    "사망자 12명, 부상자 45명": [("명 killed", "12", "people"), ("명 wounded", "45", "people")],
    "За 12 часов выпало 40 мм осадков": [],
}  # fmt: skip


@pytest.mark.parametrize("sentence", BEYOND_LATIN)
def test_people_and_money_are_counted_beyond_latin_letters(sentence: str) -> None:
    found = [(claim.subject, claim.value, claim.unit) for claim in said(sentence) if claim.kind == "quantity"]
    assert found == BEYOND_LATIN[sentence]


def test_a_day_of_an_arabic_month_is_a_deadline() -> None:
    (deadline,) = (claim for claim in said("وأمرت الحكومة بإجلاء السكان قبل 15 مارس") if claim.date_to)
    assert (deadline.kind, deadline.date_to) == ("deadline", "2023-03-15")


def test_attribution_names_the_source() -> None:
    assert one("attribution", "Radio Gorno").value == "Radio Gorno's source in the capital"


def test_little_junk() -> None:
    assert len(claims.extract(ARTICLE, AT)) <= 12


@pytest.mark.parametrize(
    ("before", "after", "delta"),
    [
        (
            "Norland to send 30,000 troops",
            "Norland to send up to 50,000 troops, Ruritania says",
            ("30,000", "up to 50,000"),
        ),
        ("Norland sends 300 to 500 men", "Norland sends 5,000 construction troops", ("300 to 500", "5,000")),
        ("Norland to send 30,000 troops", "Norland will send thirty thousand soldiers", None),
        ("Norland sends 10,000 troops", "10,000 Norland troops deployed to the border", None),
        ("Norland sends 12,000 troops", "Norland sends 1,000 sappers", None),
        ("Norland sends 12,000 troops", "4,000 Norland troops killed", None),
        ("Norland sends 12,000 troops", "Norland paid $20 billion for troops", None),
        ("Norland sends 12,000 troops", "Norland sends troops in 2025", None),
    ],
)
def test_compares_like_with_like(before: str, after: str, delta: tuple[str, str] | None) -> None:
    found = claim_changes.compare(said(before, "Alpha"), said(after, "Beta")).updates
    assert [(d.before, d.after, d.before_source) for d in found] == ([(*delta, "Alpha")] if delta else [])


@pytest.mark.parametrize(
    ("title", "texts"),
    [
        ("Death Toll Rises to 128 in Hill Town High-Rise Fire", ["128 dead"]),
        ("Brannvesenet: Fire døde i brann", ["Fire døde"]),
        ("Fans can meet team legends at Big Show 2 Oct. 3-4", ["2 fans", "Oct. 3-4"]),
        ("Death toll of fire up to 151", ["151 dead"]),
    ],
)
def test_what_looks_like_another_language_or_another_month_is_read_as_it_stands(title: str, texts: list[str]) -> None:
    assert [claim.text for claim in claims.extract("", datetime(2025, 9, 28, tzinfo=UTC), title=title)] == texts


def test_a_figure_that_the_ledger_has_had_is_no_change() -> None:
    ledger = (*said("Norland sends 10,000 troops"), *said("Norland sends 12,000 troops"))
    assert claim_changes.compare(ledger, said("Norland sends 10,000 soldiers")) == claim_changes.Changes()


@pytest.mark.parametrize(
    ("text", "phase"),
    [
        ("Norland plans to send troops", "planned"),
        ("Norland orders firms to choose workers", "ordered"),
        ("Norland delays sending of workers", "delayed"),
        ("Troops have arrived and work has begun", "under way"),
        ("Moscow confirms troops cleared mines", "confirmed"),
        ("Minister denies plan to send troops", "denied"),
        ("Norland calls off the deployment", "reversed"),
        ("A quiet day in the valley", None),
        ("No deal on divers for Malta, says Rome", "denied"),
        ("No deal is perfect", None),
        ("Moretti: Divers will not be sent to Malta", "denied"),
        ('Moretti: "I will not be late"', None),
        ("Recruitment of divers for Malta in full swing", "under way"),
        ("Rome and Valletta in exclusive talks", "under way"),
        ("Divers search Malta harbour for third day", "under way"),
        ("Ministry denies request for engineers", "reversed"),
        ("Council refused the village's request for a bus", "reversed"),
        ("Ministry considers request for engineers", "planned"),
        ("Russia denies request for engineers was made", "denied"),
    ],
)
def test_phase(text: str, phase: str | None) -> None:
    assert statements.phase(text) == phase


def test_overdue_only_once_the_stated_day_is_over() -> None:
    ledger = claims.extract("The personnel will be sent in mid-February or March.", AT)
    assert claims.overdue(ledger, datetime(2023, 3, 31, 23, tzinfo=UTC)) == ()
    assert [c.date_to for c in claims.overdue(ledger, datetime(2023, 4, 1, 1, tzinfo=UTC))] == ["2023-03-31"]


def test_a_weekday_named_on_itself_is_not_over_with_the_day() -> None:
    """Saturday morning in Auckland is Friday in UTC: "by Friday" is in six days."""
    written = datetime(2026, 4, 17, 20, 10, tzinfo=UTC)
    later = datetime(2026, 4, 20, tzinfo=UTC)
    assert claims.overdue(claims.extract("He must hand over the ship by Friday.", written), later) == ()
    assert claims.overdue(claims.extract("He must hand over the ship by Saturday.", written), later)


@pytest.mark.parametrize(
    ("said", "overdue"),
    [
        ("Norland must withdraw by 20 March, the mediator said.", True),
        ("The company promised to publish the list in March.", True),
        ("The troops are to leave within 30 days.", True),
        ("The report is due on 1 March.", True),
        ("Die Firma muss bis zum 30. April antworten.", True),
        ("Le pont rouvrira avant le 15 mars, promet le président.", True),
        ("La empresa debe responder antes del 30 de abril.", True),
        ("Il ponte riaprirà entro il 15 marzo.", True),
        ("Das Festival dauert vom 1. bis 5. März.", False),
        ("Le procès s'ouvrira le 3 mars.", False),
        ("The league will resume its games on 4 March after players protested.", False),
        ("An autopsy will be conducted this week on the remains.", False),
        ("The concert was postponed to 10 March.", False),
    ],
)
def test_only_a_day_that_binds_can_be_overdue(said: str, overdue: bool) -> None:
    found = claims.overdue(claims.extract(said, AT), datetime(2023, 9, 1, tzinfo=UTC))
    assert bool(found) is overdue, found


def test_figures_of_a_headline() -> None:
    assert claims.figures("Norland sends 5,000 troops for $2bn") == ((5000.0, 5000.0, "troops"), (2e9, 2e9, "usd"))
    assert claims.figures("No figures in 2024") == ()


def test_hostile_text_is_bounded() -> None:
    assert len(claims.extract("7 men died. " * 5000 + "said " * 50_000, AT)) <= 40


@pytest.mark.parametrize(
    ("said", "figures"),
    [
        ("Nobody was killed; eleven children and a driver were hurt.", [("children wounded", "eleven")]),
        ("No one died, but 23 people were injured.", [("people wounded", "23")]),
        ("Two of the nine miners trapped are dead.", [("miners killed", "Two"), ("miners", "nine")]),
        ("Of the 230 passengers, 41 were hurt.", [("passengers", "230"), ("passengers wounded", "41")]),
        ("None of the 54 workers was hurt.", [("workers", "54")]),
        ("One of 12 children hurt in the crash has died.", [("children wounded", "12")]),
        ("Thirty passengers have felt unwell and two died.", [("passengers ill", "Thirty"), ("people killed", "two")]),
        ("Nine guests are at home and 3 were arrested.", [("guests", "Nine"), ("guests arrested", "3")]),
        ("Twelve soldiers and 3 guards were killed.", [("soldiers killed", "Twelve"), ("guards killed", "3")]),
        ("A man of 33 was rescued.", [("age of man", "33")]),
        ("A boy of nine drowned.", [("age of boy", "nine")]),
        ("The nine-year-old Caleb Thorsby went home with his parents.", [("age of Thorsby", "nine")]),
        ("A nine-year-old Canadian boy went home with his parents.", [("age of boy", "nine")]),
        ("Caleb Thorsby, 9, went home with his parents.", [("age of Thorsby", "9")]),
        ("A mother of three was killed.", []),
        ("The men, 33 and 41, are well.", [("age of men", "33"), ("age of men", "41")]),
    ],
)
def test_a_figure_counts_only_those_of_whom_it_is_said(said: str, figures: list[tuple[str, str]]) -> None:
    found = claims.extract(said, AT)
    assert [(one.subject, one.value) for one in found if one.kind in ("quantity", "age")] == figures


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        ("The company was warned by a supplier in May.", "2026-05-31"), ("Sales fell on 3 March.", "2026-03-03"),
        ("He was arrested in January and goes on trial in April.", "2027-04-30"), ("In March, it sank.", "2026-03-31"),
        ("It will open in May.", "2027-05-31"), ("The law takes effect on 3 March.", "2027-03-03"),
        ("She was born on 3 January.", "2026-01-03"), ("The firm said the bridge opens on 5 May.", "2027-05-05"),
        ("Talks were postponed to April.", "2027-04-30"), ("The army must be gone by March.", "2027-03-31"),
    ],
)  # fmt: skip
def test_what_has_happened_was_the_last_such_day_and_what_is_to_come_the_next(said: str, ends: str) -> None:
    found = dates.find(said, datetime(2026, 11, 24, tzinfo=UTC))
    assert [str(one.last) for one in found][-1] == ends


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("We will not take a risk with a structure that is sixty years old.", "sixty years old"),
        ("The sixty-year-old dam leaks.", "sixty-year-old"),
        ("A man in his 30s was rescued.", "30s"),
    ],
)
def test_an_age_is_quoted_as_it_is_written(text: str, written: str) -> None:
    assert [claim.text for claim in claims.extract(text, None) if claim.kind == "age"] == [written]


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("Four beekeepers arrested", "people arrested"), ("Court jails four stockbrokers", "people jailed"),
        ("Two herders killed in flood", "people killed"), ("Five monks hurt", "people wounded"),
        ("Two tigers killed in Assam", ""), ("Two trawlers missing", ""), ("Eight bakers fined", ""),
        ("Two posters missing", ""), ("Three elevators missing", ""),
    ],
)  # fmt: skip
def test_who_is_arrested_or_works_is_people_whatever_the_word(title: str, subject: str) -> None:
    found = [claim.subject for claim in claims.extract("", None, title=title) if claim.kind == "quantity"]
    assert found == ([subject] if subject else [])


@pytest.mark.parametrize(
    ("sentence", "subject"),
    [
        ("Some 8,000 people walked through Orvane in memory of the 12 who died.", "people"),
        ("About 300 people lit candles for the nine victims killed on Tuesday.", "people"),
        ("Some 27 people in the 3 villages were told that 40 people died.", "people"),
        ("Some 27 people in three villages were killed.", "people killed"),
    ],
)
def test_what_befell_others_did_not_befall_the_counted(sentence: str, subject: str) -> None:
    assert next(claim for claim in claims.extract(sentence, AT) if claim.kind == "quantity").subject == subject


@pytest.mark.parametrize(
    "title",
    [
        "Mill's shares at lowest since April as rival makes offer",
        "City rings in 2026 without fireworks after fire",
        "City welcomes 2026 in silence",
        "Who will replace anchor at Olympics 2026?",
        "NPC 2026: defence budget rises",
        "Mine unlikely to open before 2026, source says",
        "Widow on the cover of the January issue of a magazine",
        "After the fire: inside the 15 December Harbour Weekly",
    ],
)
def test_what_is_named_after_a_time_or_seen_in_is_no_day_to_wait_for(title: str) -> None:
    found = claims.extract("", datetime(2025, 12, 10, tzinfo=UTC), title=title)
    assert not [claim for claim in found if claim.kind in ("date", "deadline") and claim.date_to > "2025-12-10"]


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("Mine to open in 2026", "2026-12-31"),
        ("Verdict due in April", "2026-04-30"),
        ("Mine shut until May 2026", "2026-05-31"),
    ],
)
def test_a_time_that_something_waits_for_is(title: str, day: str) -> None:
    found = claims.extract("", datetime(2025, 12, 10, tzinfo=UTC), title=title)
    assert [claim.date_to for claim in found if claim.kind == "deadline"] == [day]


@pytest.mark.parametrize(
    ("title", "counted"),
    [
        ("Two suspects in jewel case arrested in Vess", ["suspects arrested"]),
        ("Two suspects in jewel case seen in Vess", ["suspects"]),
        ("Two suspected cases of fever reported by hospital", ["cases"]),
        ("Trial for 5/14 tram shooting to begin", []),
        ("Ada Berg would have turned 27, demonstrators say", []),
        ("Fever cases top 1,000 in Vess as virus infects workers", ["cases"]),
        ("Firefighters make final search after blaze kills 94", ["people killed"]),
        ("Thousands protest outside station", ["people"]),
        ("Tens of thousands gather in Vess", ["people"]),
        ("One family's return to the burnt tower", []),
        ("Family fears the worst as search enters day 24", []),
        ("Norland launches $108bn bid for tram maker", ["money"]),
        ("Norland pays $2m for bridge", ["money paid"]),
        ("21 bodies found in river, nine people still missing", ["people killed", "people missing"]),
        ("Divers recover two more bodies", ["people killed"]),
        ("Three bodies to oversee banks", []),
    ],
)
def test_what_is_counted_and_what_happens_to_it(title: str, counted: list[str]) -> None:
    found = claims.extract("", datetime(2026, 6, 1, tzinfo=UTC), title=title)
    assert [claim.subject for claim in found if claim.kind == "quantity"] == counted
