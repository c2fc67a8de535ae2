"""The step that a headline states: of the act's own clause, never of another's."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.core.novelty import phases


@pytest.mark.parametrize(
    ("title", "phase"),
    [
        ("Governor decorated with the Order of the Crown", None),
        ("King hands Orders of Merit to lifeboat crews", None),
        ("Judge orders ferry firm to pay divers", None),
        ("Sailors stranded in Vess as owner hesitates", None),
        ("Harbour board admits mistakes over crane", None),
        ("Army ordered to clear the dam", "ordered"),
        ("Port to open second quay in May", "planned"),
        ("Vess asks the mainland for two more lifeboats", "planned"),
        ("Island seeks 400 more doctors", "planned"),
        ("Kestrel crew in line for islanders' medal", "planned"),
        ("Lifeboatmen to be decorated by queen", "planned"),
        ("Harbour needs three more tugs", "planned"),
        ("Norland owns up to sinking of tug", "confirmed"),
        ("It is official: tugs are in Vess", "confirmed"),
        ("Clinic admits 40 sailors' children", None),
        ("Rovers concede two late goals", None),
        ("Harbour town denied clean water", None),
        ("Access to the pier denied to divers", None),
        ("Court denies the ferry firm's appeal", None),
        ("Board refuses to rule out sale of the pier", None),
        ("Board stops denying that tugs are in Vess", None),
        ("Board rules out sale of the pier", "denied"),
        ("Vess denies request for tugs was made", "denied"),
        ("Norland rebuts claim that tugs are in Vess", "denied"),
        ("Norland scotches rumours of a sale", "denied"),
        ("'Not one tug will leave for Vess,' Norland vows", "denied"),
        ("Floor plan of lighthouse found", None),
        ("Vess appeals to Norland for six tugs", "planned"),
        ("Norland pilots to receive islanders' medal", "planned"),
        ("Minister rejects harbour chief's talk of forty more tugs", "denied"),
        ("Nothing agreed on second ferry, says Oslo", "denied"),
        ("Sale of lighthouse is fiction, council says", "denied"),
        ("Talks of peace in harbour town", None),
        ("Divers fail to reach the hull", None),
        ("Ferry firm cancels night crossing", "reversed"),
        ("Union calls off strike after talks", "reversed"),
        ("Ministry denies sending sappers", "denied"),
        ("Island acknowledges loss of two boats", "confirmed"),
        ("Vote on bridge put off", "delayed"),
        ("Harbour pushes opening of quay to Tuesday", "delayed"),
        ("Opening of quay put back again, to 15 May", "delayed"),
        ("Verdict on pilot slips to late March", "delayed"),
        ("Island pauses work on quay", "delayed"),
        ("Team slips to second place", None),
        ("Police push marchers into the harbour", None),
        ("Appeal judges quash licence of quarry", "reversed"),
        ("Central bank to withdraw one-crown note", "planned"),
        ("Withdrawal limits end for savers of island bank", None),
        ("Engineer in charge of the dam suspended", None),
        ("Ferry firm suspends night crossing", "delayed"),
        ("Island lets soap back on shelves", None),
        ("Seven in ten porters say yes to settlement", None),
        ("Diver dies in operation to save crew", None),
        ("La réouverture du quai repoussée au 20 avril", "delayed"),
        ("Eröffnung des Kais verschoben", "delayed"),
        ("Processo al capitano rinviato a marzo", "delayed"),
        ("Concierto cancelado en el puerto", "reversed"),
        ("Ministerie ontkent sluiting van de haven", "denied"),
        ("Farmers seek to overturn licence of quarry", "planned"),
        ("Boy found alive near an abandoned cabin", None),
        ("Suspended harbour master returns to work", None),
        ("Suspended for three days: the harbour master", "delayed"),
        ("The delayed ferry reaches port", None),
        ("Can the island really join the union?", None),
        ("Tessvale dam: Havik suspended as director", None),
        ("Havik suspended as head of the water authority", None),
        ("Ferry service suspended as a precaution", "delayed"),
        ("Talks on the dam suspended as leaders meet", "delayed"),
    ],
)  # fmt: skip
def test_the_phase_is_the_acts_own(title: str, phase: str | None) -> None:
    assert phases.of_headline(title) == phase


def test_phases_are_read_in_the_words_of_many_desks() -> None:
    lines = Path(__file__).with_name("stated_phases.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    wrong = [(title, phase, found) for title, phase in rows if (found := phases.of_headline(title) or "") != phase]
    assert len(rows) > 100 and not wrong, wrong


ABOUT = phases.matter(
    "Norwegian tunnellers may help dig out mine", "Oslo could send 80 tunnellers to Huari, where a mine collapsed."
)


@pytest.mark.parametrize(
    ("title", "phase"),
    [
        ("Huari council orders stray dogs caught around Norwegian tunnellers' camp", None),
        ("Huari school puts exams on hold as tunnellers camp there", None),
        ("Caterer concedes slip in menu for Norwegian tunnellers", None),
        ("Knights of an old order welcome Norwegian tunnellers", None),
        ("Oslo orders tunnellers to Huari", "ordered"),
        ("Norway postpones tunnellers' departure", "delayed"),
        ("Norway acknowledges that a tunneller died", "confirmed"),
        ("Bolivia calls on Norway for 30 further tunnellers", "planned"),
        ("Tunnellers walk out over pay", "under way"),
        ("Union calls tunnellers out on strike", "ordered"),
        ("No tunnellers will go to Huari, minister says", "denied"),
        ("Union denies strike is about pay", None),
        ("Court suspends order to send tunnellers", "delayed"),
        ("Oslo denies knowing of letters", "denied"),
        ("Baker denies knowing of letters", None),
        ("Court suspends order to close bakery", None),
    ],
)
def test_what_others_order_admit_or_put_off_is_no_step_of_the_story(title: str, phase: str | None) -> None:
    assert phases.of_headline(title, ABOUT) == phase


@pytest.mark.parametrize(
    ("lead", "phase"),
    [
        ("The company has postponed the timetable because of missing crews.", "delayed"),
        ("In a speech, the mayor denied that money had been taken.", "denied"),
        ("She was pulled out by firefighters.", None),
        ("The planned quarry harms the spring.", None),
        ("She treated patients whose operations had been cancelled.", None),
        ("He was led away after he had been ordered to stop.", None),
        ("Der Wirt soll jahrelang Gäste betrogen haben.", None),
        ("Did the mayor deny it?", None),
    ],
)
def test_first_lines_state_a_phase_in_a_main_clause_only(lead: str, phase: str | None) -> None:
    assert phases.of_lead(lead) == phase
