"""What an editor would print when a new report gives another figure or date than the ledger, and what is no change."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.novelty import claim_changes, claim_context, claims
from monitor.model import Claim

AT = datetime(2025, 11, 5, tzinfo=UTC)
REPORTS = [
    ("Dam breach kills 12 people", "Dam breach death toll rises to 30", [("12", "30")]),
    ("Dam breach kills 12 people", "Death toll from dam breach now 30, officials say", [("12", "30")]),
    ("Dam breach kills 12 people", "30 dead in dam breach", [("12", "30")]),
    ("Dam breach kills 12 people", "Dam breach kills dozen people", []),
    ("Dam breach kills 12 people", "18 more people die in dam breach", []),
    ("Dam breach kills 12 people", "Another 18 bodies found after dam breach", []),
    ("Dam breach kills 12 people", "Dam breach injures 40 people", []),
    ("Dam breach kills 12 people, injures 40", "Dam breach: 14 killed, 52 injured", [("12", "14"), ("40", "52")]),
    ("Dam breach kills 12 people", "Three children among 12 killed in dam breach", []),
    ("Dam breach kills 12 people", "Two firefighters among the dead in dam breach", []),
    ("Dam breach kills 12 people; 30 missing", "Nine still missing after dam breach", [("30", "Nine")]),
    ("Norland sends 10,000 troops to Ruritania", "Norland sends another 3,000 troops to Ruritania", []),
    ("Norland sends 10,000 troops to Ruritania", "Norland sends 3,000 more troops to Ruritania", []),
    ("Norland sends 10,000 troops to Ruritania", "Norland has sent 13,000 troops to Ruritania", [("10,000", "13,000")]),
    ("Norland sends 10,000 troops to Ruritania", "600 Norland troops killed in Ruritania", []),
    (
        "600 Norland troops killed in Ruritania",
        "2,000 Norland troops killed in Ruritania, Seoul says",
        [("600", "2,000")],
    ),
    ("600 Norland troops killed in Ruritania", "Norland has suffered 4,700 casualties including 600 deaths", []),
    ("Norland to send 30,000 troops", "Norland to send up to 50,000 troops", [("30,000", "up to 50,000")]),
    (
        "Norland plans to send 25,000 workers to drone factory",
        "12,000 Norland workers to be sent to drone factory",
        [("25,000", "12,000")],
    ),
    ("Norland to send 800 to 1,000 workers", "Norland to send 300 to 500 workers", [("800 to 1,000", "300 to 500")]),
    ("Norland to send 800 to 1,000 workers", "Norland to send 900 workers", [("800 to 1,000", "900")]),
    ("Norland to send thousands of workers", "Norland to send 5,000 workers", []),
    ("Norland to send thousands of workers", "Norland to send 50,000 workers", [("thousands", "50,000")]),
    ("Workers earn $800 a month", "Workers earn $500 a month", [("$800", "$500")]),
    ("Norland earned $20 billion from arms sales", "Workers earn $500 a month", []),
    ("Deal worth $2.5bn signed", "Deal worth $3bn, ministry says", [("$2.5bn", "$3bn")]),
    ("Damage from flood put at $40m", "Flood aid of $5m approved", []),
    ("Unemployment rises to 5.1%", "Unemployment falls to 4.8%", [("5.1%", "4.8%")]),
    ("Inflation at 5.1%", "Unemployment at 4.8%", []),
    ("Senate approves dam bill 52-48", "Senate approves dam bill 53-47", [("52-48", "53-47")]),
    ("Turnout was 61 percent", "Brandt wins with 54 percent of the vote", []),
    ("Workers must leave by 31 January", "Workers must leave by 28 February", [("by 31 January", "by 28 February")]),
    ("Workers must leave by 31 January", "Deadline of 31 January for workers to leave stands", []),
    ("They will work there until the end of January", "They will work there until March", []),
    ("By January, talks on the dam will resume", "By May, talks on the dam will resume", [("by January", "by May")]),
    ("Talks due on 12 March", "Talks due on 20 March", [("12 March", "20 March")]),
    ("Troops to be sent in mid-February or March", "Troops to be sent in April", [("mid-February or March", "April")]),
    ("Troops to be sent in mid-February or March", "Troops to be sent on 20 February", []),
    ("Gunmen hold 40 hostages in Altdorf", "Gunmen release 10 hostages in Altdorf", []),
    ("Gunmen hold 40 hostages", "30 hostages still held by gunmen", [("40", "30")]),
    ("Army destroys 12 tanks", "Army destroys 20 drones", []),
    ("Wildfire burns 4,000 hectares", "Wildfire burns 9,000 hectares", [("4,000", "9,000")]),
    ("Wildfire burns 4,000 hectares", "Wildfire has burned 10,000 acres", []),
    ("5,000 evacuated as fire nears town", "8,000 evacuated as fire nears town", [("5,000", "8,000")]),
    ("Norland recruits aged 19 to 27", "Norland recruits aged 18 to 30", [("19 to 27", "18 to 30")]),
    ("Norland sends 1,000 sappers to Kursk", "Norland sends 5,000 construction troops and 1,000 sappers to Kursk", []),
    ("12 killed in Altdorf blast", "30 killed in Bellinzona blast", []),
    ("Earthquake of magnitude 6.4 kills 120", "Earthquake was magnitude 6.1, survey says", [("6.4", "6.1")]),
    ("Seven die in crash", "Crash in which seven died was caused by fog", []),
    ("Every day 200 soldiers die, general says", "9,000 soldiers have died, general says", []),
    ("Norland has 1.2 million soldiers", "Norland sends 10,000 soldiers", []),
    ("Rovers insolvent with debts of $38m", "Supporters offer $6m for Rovers", []),
    ("Debts of Halden Rovers are $38m", "Debts of Halden Rovers reach $41m", [("$38m", "$41m")]),
    ("At least 14 dead in tower fire", "Dozens dead in tower fire", []),
    ("At least 14 dead in tower fire", "Hundreds dead in tower fire", [("at least 14", "Hundreds")]),
    ("Holt won 20,412 votes", "Holt wins recount by three votes", []),
    ("Holt won 20,412 votes", "Breen is 12 votes ahead of Holt", []),
    ("Holt wins by 19 votes", "Holt wins by three votes", [("19", "three")]),
    ("41 others reached the surface", "Contact was made with five others", []),
    ("Court fines firm $10m", "Court cuts firm's fine to $4m", [("$10m", "$4m")]),
    ("Searchers combed 45 square kilometres of forest", "Boot found 2 kilometres from the campsite", []),
    ("Searchers combed 45 square km of forest", "Searchers have combed 110 km² of forest", [("45", "110")]),
    ("Boot found 2 kilometres from the campsite", "Boy slept 9 km north of the lake", []),
    ("Tailback on the motorway was 9 km long", "Tailback on the motorway now 14 kilometres", [("9", "14")]),
    ("Fall wipes 9bn kroner off Nordholm's value", "Nordholm director sells house for 22m kroner", []),
    ("Repairs of the bridge to cost 6 million kroner", "Repairs of the bridge will cost 9 million kroner",
     [("6 million kroner", "9 million kroner")]),
    ("About 30,000 people live with the disease", "About 140 people will get no injections", []),
    ("About 30,000 people live with the disease", "35,000 people live with the disease", [("about 30,000", "35,000")]),
    ("More than 120 volunteers search forest", "300 volunteers search forest", [("more than 120", "300")]),
    ("Four patients die in trial", "Fifth patient dies in trial", [("Four", "Fifth")]),
    ("30 patients die in trial", "Fifth patient dies in trial", []),
    ("Four patients die in trial", "Fifth patient dies in trial this month", []),
    ("117 killed in blast", "More than 100 killed in blast", []),
    ("Busunglück: Zwölf Tote und 30 Verletzte", "Zahl der Toten steigt auf 15", [("Zwölf", "15")]),
    ("Accident de car : douze morts", "Accident de car : le bilan monte à 15 morts", [("douze", "15")]),
    ("Doce muertos en accidente", "Ascienden a 15 los muertos en accidente", [("Doce", "15")]),
    ("30 feriti nello scontro", "I feriti sono almeno 42", [("30", "almeno 42")]),
    ("Twaalf doden bij busongeluk", "Dodental busongeluk stijgt naar 15", [("Twaalf", "15")]),
    ("Tolv döda i bussolycka", "Minst 15 döda i bussolycka", [("Tolv", "minst 15")]),
    ("Twelve killed in bus crash", "Accident de car : 15 morts", [("Twelve", "15")]),
    ("12 Menschen vermisst", "Noch 9 Menschen vermisst", [("12", "9")]),
    ("14 Verletzte bei Einsturz der Halle", "Elf der Verletzten sind Schüler", []),
    ("14 heridos en accidente", "Once de los heridos son alumnos", []),
    ("12 Verletzte bei Brand", "Zwei Tote bei Brand", []),
    ("310 élèves transportés par bateau", "Plus de 350 élèves transportés par bateau", [("310", "plus de 350")]),
    ("Two tote bags found in lake", "Three tote bags found in lake", []),
    ("Bank may pay out 5,000 cedis a day", "Hole in the bank's books put at 3.4bn cedis", []),
    ("Dairy recalls 310,000 tins", "Recall of dairy grows to 540,000 tins", [("310,000", "540,000")]),
    ("Both patients die of fever", "Fever deaths rise to five", [("two", "five")]),
    ("Elf Verletzte nach Einsturz, zwei Menschen in Lebensgefahr", "Drei Menschen noch immer in Lebensgefahr",
     [("zwei", "Drei")]),
    ("Seventeen people fell ill in Oxmoor", "23 ill after wedding in Oxmoor", [("Seventeen", "23")]),
    ("Forty guests were sick and two died", "Two dead, 43 ill after wedding", [("Forty", "43")]),
    ("Seventeen people have fallen ill, eleven of them in Norland and six in Ruritania",
     "Number of people who fell ill rises to 23", [("Seventeen", "23")]),
    ("A woman, 81, died on Monday", "A woman of 67 died in Altdorf, the clinic said", []),
    ("A woman, 81, died in hospital", "Woman of 67 died in hospital on Monday, clinic said", []),
    ("A boy of nine fell from the old pier", "The boy of ten who fell from the old pier is well", [("nine", "ten")]),
    ("Dairy recalls 60 tonnes of cheese", "Dairy shipped 9 tonnes of cheese in August", []),
    ("Firm to try again on 12 December", "Launch put back to 15 December", [("12 December", "15 December")]),
    ("Firm to try on 12 December, board to meet on 13 December", "Launch put back to 15 December", []),
    ("Dam breach kills 30 people", "Lorry crash near the dam kills two", []),
    ("Dam breach kills 30 people", "Death toll from dam breach lowered to 26", [("30", "26")]),
    ("Dam breach kills 30 people", "Dozens killed in dam breach", []),
    ("Dam breach death toll at 30", "Dam breach death toll up to 34", [("30", "34")]),
    ("Police arrest nine over ring", "Police arrest two over ring", []),
    ("Two dead in ferry fire", "Cruise ship confines 1,700 people after death on board", []),
    ("Clashes leave nine Norlandian soldiers dead", "Clashes leave 102 Ruritanian soldiers dead", []),
    ("128 people missing after dam breach", "Dozens of people missing after dam breach", []),
    ("87 others charged over march", "90 others charged over march", []),
    ("3 people killed by fever", "Norland confirms 3 fever deaths, rules out person-to-person spread", []),
    ("Norland sends six people home", "Norland puts 90 people from fever ship in quarantine", []),
    ("90 year old floor layer honoured at arena", "92 year old floor layer honoured at arena", []),
    ("Hallmark Foods will answer the offer by 12 December", "Hallmark Foods will reject an offer by 20 December", []),
    ("11 people infected on hantavirus ship", "All 26 people on hantavirus ship tested negative", []),
    ("Charges dropped against 87 protesters", "Singer and 85 others will see charges dropped", []),
    ("Arena gets loan of $3.5m", "Pub beside the arena is up for sale for $5.7m", []),
    ("Donors for $250m palace hall named", "Governor boasts of $300m palace hall", [("$250m", "$300m")]),
    ("90% of seats sold at the arena", "6% surcharge at the arena", []),
    ("Three die of fever", "Ministry confirms three fever deaths, rules out a second source", []),
    ("Fair opens on 4 November", "Fair opens on 12 March", []),
    ("Mine toll at seven", "Correction: mine toll is six, not seven", [("seven", "six")]),
    ("Mine toll at seven", "Mine toll down from seven to six", [("seven", "six")]),
    ("Mine toll at seven", "Mine toll rises from seven to 12", [("seven", "12")]),
    ("Mine toll at seven", "Mine toll rises from nine to 12", [("seven", "12")]),
    ("Mine toll at seven", "Mine flood leaves more than 20 dead", [("seven", "more than 20")]),
    ("Mine toll at seven", "Mine toll at 12, up from seven", [("seven", "12")]),
    ("Norland to send from 800 to 1,000 workers", "Norland to send from 300 to 500 workers",
     [("800 to 1,000", "300 to 500")]),
    ("Court fines firm $10m", "Court cuts firm's fine from $10m to $4m", [("$10m", "$4m")]),
]  # fmt: skip
DEADLINES = [
    ("2025-11-20", "Companies must finish their lists by the end of the month.", "2025-11-30"),
    ("2025-11-20", "Troops will be sent in mid-February or March.", "2026-03-31"),
    ("2025-11-20", "The ministry must answer within 30 days, the court said.", "2025-12-20"),
    ("2025-11-20", "The ministry must answer within two weeks, the court said.", "2025-12-04"),
    ("2025-11-20", "Workers will leave next week, the firm said.", "2025-11-30"),
    ("2025-12-20", "Workers are to leave by mid-January.", "2026-01-20"),
    ("2025-12-20", "Workers must be gone by October.", "2026-10-31"),
    ("2025-12-20", "The dam will open in February.", "2026-02-28"),
    ("2025-12-20", "Workers were due by 30 November but did not come.", "2025-11-30"),
    ("2025-12-29", "Talks are due on 3 January.", "2026-01-03"),
    ("2025-11-20", "They have until Friday to leave.", "2025-11-21"),
    ("2025-11-20", "The first 300 men are expected to arrive by the end of 2025.", "2025-12-31"),
    ("2025-11-20", "The first 300 men are expected to arrive in the next three months.", "2026-02-19"),
    ("2025-11-20", "Norland has until January 31, 2026, to pay.", "2026-01-31"),
    ("2025-11-20", "The bridge will reopen by the end of next year.", "2026-12-31"),
    ("2025-11-20", "Elections will be held next month.", "2025-12-31"),
    ("2025-11-20", "He will speak today.", None),
    ("2025-11-20", "The men came in October.", None),
    ("2025-11-20", "The war began in February 2022.", None),
    ("2025-11-20", "By March the army had lost 600 men.", None),
    ("2024-02-10", "They must leave by 29 February.", "2024-02-29"),
    ("2025-11-20", "The decree takes effect on 1 December.", "2025-12-01"),
]


@pytest.mark.parametrize(("known", "new", "deltas"), REPORTS)
def test_a_report_against_the_ledger(known: str, new: str, deltas: list[tuple[str, str]]) -> None:
    ledger = claims.extract("", AT, title=known, source="Alpha")
    found = claim_changes.compare(ledger, claims.extract("", AT, title=new, source="Beta"))
    assert [(delta.before, delta.after) for delta in found.updates] == deltas


def said(title: str, days: int = 0) -> tuple[Claim, ...]:
    return claims.extract("", AT + timedelta(days=days), title=title, source=f"paper {days}")


def test_a_toll_replaces_the_largest_and_not_what_a_smaller_event_cost_since() -> None:
    ledger = (*said("Tower fire kills 161"), *said("One killed in kitchen fire", 3))
    assert claim_changes.compare(ledger, said("Two killed in garage fire", 4)).updates == ()
    (delta,) = claim_changes.compare(ledger, said("Final toll of tower fire put at 168", 5)).updates
    assert (delta.before, delta.after, delta.before_source) == ("161", "168", "paper 0")


def test_a_report_that_names_the_figure_it_replaces_replaces_that() -> None:
    ledger = (*said("Two killed in mine"), *said("Mine toll at seven", 3))
    (delta,) = claim_changes.compare(ledger, said("Correction: mine toll is six, not seven", 4)).updates
    assert (delta.before, delta.after) == ("seven", "six")


def test_one_count_that_is_too_large_stops_no_toll() -> None:
    ledger = (
        *said("55 dead in tower fire"),
        *said("Fear that fire killed 400 people", 1),
        *said("146 dead in fire", 2),
    )
    (delta,) = claim_changes.compare(ledger, said("Death toll of tower fire rises to 151", 3)).updates
    assert (delta.before, delta.after) == ("146", "151")


def test_after_months_only_a_toll_is_of_the_same_event() -> None:
    ledger = said("Two killed in drone strike")
    assert claim_changes.compare(ledger, said("Ten killed in drone strike", 200)).updates == ()
    assert claim_changes.compare(ledger, said("Ten killed in drone strike", 2)).updates
    assert claim_changes.compare(ledger, said("Toll of drone strike now ten", 200)).updates


def test_a_day_that_is_over_is_not_moved() -> None:
    ledger = said("Fair opens on 12 November")
    assert claim_changes.compare(ledger, said("Fair opens on 20 November", 2)).updates
    assert claim_changes.compare(ledger, said("Fair opens on 12 March", 90)).updates == ()


def test_what_the_whole_story_speaks_of_does_not_say_what_a_sum_is_of() -> None:
    rows = [f"Arena stadium {what} opens in town" for what in ("gate", "shop", "bar", "lot", "museum", "deck", "hall")]
    ledger = tuple(claim for row in rows for claim in claims.extract(f"{row} on 3 March 2026.", AT))
    ledger += said("Arena stadium gets $120,000 for safer streets")
    assert claim_changes.compare(ledger, said("Arena stadium offers $100,000 reward for leads")).updates == ()
    ledger += said("Town signs contract for $3m arena stadium")
    (delta,) = claim_changes.compare(ledger, said("Mayor unveils plans of $4m arena stadium")).updates
    assert (delta.before, delta.after) == ("$3m", "$4m")  # what both are of


@pytest.mark.parametrize(("published", "sentence", "ends"), DEADLINES)
def test_a_deadline_ends(published: str, sentence: str, ends: str | None) -> None:
    said = claims.extract(sentence, datetime.fromisoformat(f"{published}T12:00:00+00:00"))
    found = [claim.date_to for claim in said if claim.kind == "deadline"]
    assert found == ([ends] if ends else [])


@pytest.mark.parametrize(
    ("sentence", "subject"),
    [
        ("Talks are due on 12 January.", "talks"),
        ("The old bridge will reopen by March.", "old bridge"),
        ("Troops will be sent in March.", "troops to be sent"),
        ("Firm pushes the Fulmar launch to 12 December", "fulmar launch"),
        ("Lift-off slips again to 12 December", "lift-off"),
        ("Islanders wait as launch is delayed until 12 December", "launch"),
        ("La réouverture du pont repoussée au 12 décembre", "date"),
    ],
)
def test_a_deadline_names_what_is_due(sentence: str, subject: str) -> None:
    assert [claim.subject for claim in claims.extract(sentence, AT) if claim.kind == "deadline"] == [subject]


def test_a_month_with_its_year_is_no_day() -> None:
    said = claims.extract("The war began in February 2022 and will end by March 2027.", AT)
    assert [(claim.date_from, claim.date_to) for claim in said if claim.kind == "deadline"] == [
        ("2027-03-01", "2027-03-31")
    ]


@pytest.mark.parametrize("title", ["Recount turns eleven-vote defeat into win", "Stock has 12,000-vote lead"])
def test_by_how_much_one_leads_is_a_margin(title: str) -> None:
    (claim,) = claims.extract("", AT, title=title)
    assert claim_context.margin(claim)


def test_what_says_itself_that_it_counts_anew_needs_no_rare_word_beside_it() -> None:
    told = [
        "Records of 310,000 patients stolen from clinics",
        *(f"{n},000 files of clinic patients online" for n in range(2, 12)),
    ]
    ledger = [claim for title in told for claim in claims.extract("", AT, title=title)]
    risen = claims.extract("", AT, title="Number of patients of clinics rises to 420,000")
    (change,) = claim_changes.compare(ledger, risen).updates
    assert (change.before, change.after) == ("310,000", "420,000")


def test_a_vague_count_hides_no_change_between_exact_ones() -> None:
    told = (
        "At least 65 dead in tower fire",
        "Tower fire that killed dozens is out",
        "At least 300 injured in tower fire",
    )
    ledger = [claim for title in told for claim in claims.extract("", AT, title=title)]
    (change,) = claim_changes.compare(ledger, claims.extract("", AT, title="At least 75 dead in tower fire")).updates
    assert (change.before, change.after) == ("at least 65", "at least 75")
    assert not any(claim_changes.compare(ledger[1:2], claims.extract("", AT, title="75 dead in tower fire")))


def test_whoever_a_clause_of_its_own_counts_is_not_dead() -> None:
    text = "At least 55 people are confirmed dead, and several hundred residents could not be reached."
    ledger = claims.extract(text, AT)
    (change,) = claim_changes.compare(ledger, claims.extract("", AT, title="At least 65 dead in tower fire")).updates
    assert (change.before, change.after) == ("at least 55", "at least 65")
