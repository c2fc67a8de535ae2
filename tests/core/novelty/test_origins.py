"""Whom a report rests on, and how many independent origins a development has."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.core.language import parties
from monitor.core.novelty import origins
from monitor.model import StoryReport

AT = datetime(2025, 3, 1, 12, tzinfo=UTC)
SPOKEN_HEADLINES = Path(__file__).with_name("spoken_headlines.tsv")


def member(source: str, title: str, text: str = "", origin: str = "", url: str = "") -> StoryReport:
    found = origins.find(title, text, source, url).name
    return StoryReport(source + title, source, source, "d1", "repeat", AT, title, text, url, origin or found)


@pytest.mark.parametrize(
    ("title", "text", "source", "origin"),
    [
        ("Pyongyang ships 3,000 more men to the front: Seoul", "", "Paper", "South Korea's government"),
        ("Pyongyang ships 3,000 more men to the front – Seoul", "", "Paper", "South Korea's government"),
        ("Ministry counts fewer crossings, Yonhap reports", "", "Paper", "Yonhap"),
        ("Kremlin: talks on workers go on", "", "Paper", "The Kremlin"),
        ("North Korean Kim hails sappers", "", "Paper", "North Korea's government"),
        ("North Korea's Kim Jong Un hails sappers", "", "Paper", "North Korea's government"),
        ("Span near collapse, engineers say", "", "Paper", "engineers"),
        ("Talks to resume, says envoy", "", "Paper", "envoy"),
        ("Sappers decorated at a ceremony, KCNA says", "", "Paper", "KCNA"),
        ("Kim decorates sappers, state media says", "", "Paper", "KCNA"),
        ("Tehran parades new drones, state TV reports", "", "Paper", "IRNA"),
        ("New drones shown", "PARIS (Reuters) - Drones were shown to the press on Monday.", "Paper", "Reuters"),
        ("Workers on their way", "The men left by train, Ukraine's military intelligence said.", "Paper",
         "Ukraine's military intelligence"),
        ("Workers on their way", "The Evening Post, citing The Harbour Gazette, writes of a train.", "Paper",
         "Harbour Gazette"),
        ("Workers on their way", "A source in North Hamgyong told Daily NK of a train.", "Daily NK",
         "Daily NK's source in North Hamgyong"),
        ("Workers on their way", "According to Daily NK’s source in Russia, a train has left.", "Paper",
         "Daily NK's source in Russia"),
        ("Workers on their way", "", "tass.com", ""),
        ("Workers on their way", "", "Unlisted Herald", ""),
        ("Moscow rejects talk of workers as invented", "", "Paper", "Russia's government"),
        ("Guard dismissed, who says he never slept", "", "Paper", ""),
        ("Beijing, Moscow reject the new sanctions", "", "Paper", ""),
        ("Ferry sinks", "The Harbour Gazette first reported that the captain slept.", "Paper", "Harbour Gazette"),
        ("Ferry sinks", "Sources close to the inquiry told Le Monde that the doors were open.", "Paper",
         "Le Monde's source close to the inquiry"),
        ("Rain to go on", "The forecast, according to Hill Weather.\nThe rain began on Monday.", "Paper",
         "Hill Weather"),
        ("A walk through Seoul, North Korea watchers in tow", "", "Paper", ""),
        ("Dam was known to be unsafe, documents seen by Reuters show", "", "Paper", "Reuters"),
        ("Water had lead in it", "Laboratory reports seen by the Harbour Post show lead in it.", "Paper",
         "Harbour Post"),
        ("Police reports obtained by Le Monde name two officers", "", "Paper", "Le Monde"),
        ("Dam was known to be unsafe, letters seen by the Tribune show", "", "The Tribune", "The Tribune"),
        ("Dam was known to be unsafe, letters seen by this newspaper show", "", "Paper", "Paper"),
        ("Dam was known to be unsafe, letters obtained by police show", "", "Paper", ""),
        ("Dam was known to be unsafe, letters seen by the Environment Agency show", "", "Paper", ""),
        ("Court orders issued by Judge Berg stand", "", "Paper", ""),
    ],
)  # fmt: skip
def test_origin(title: str, text: str, source: str, origin: str) -> None:
    assert origins.find(title, text, source).name == origin


SPOKEN = (
    ("Britain's prime minister says ferry law will pass", "UK government"),
    ("Britain's regulator launches inquiry into ferry firm", "Britain regulator"),
    ("Ada Berg Police Shooting: Governor orders review of raid", "governor"),
    ("China's Wanlin, owner of the yard, expects wider loss", "China's Wanlin"),
    ("Ferry row is not over — senior Bulgarian MP", "Bulgaria's MP"),
    # what an office or a firm does speaks for it
    ("Brightwater Energy confirms leak at northern terminal", "Brightwater Energy"),
    ("Korvan Air cancels all flights over strike", "Korvan Air"),
    ("Europol dismantles drug ring", "Europol"),
    ("Customs seize two tonnes of ivory at port of Marlow", "customs"),
    ("Statistics office revises growth down", "statistics office"),
    ("Constitutional court upholds ban on rallies", "constitutional court"),
    ("Rescue chief: no hope of finding more survivors", "rescue chief"),
    ("Notenbank senkt Leitzins", "central bank"),
    ("Ghent prosecutors charge two over ferry sinking", "Ghent prosecutors"),
    ("Prosecutors in Ghent say the ferry was overloaded", "Ghent prosecutors"),
    ("Ferry was overloaded, say prosecutors in Ghent", "Ghent prosecutors"),
    ("Ferry was overloaded, according to the Ghent prosecutor's office", "Ghent prosecutors"),
    ("Twelve dead in ferry sinking - police", "police"),
    ("Twelve dead in ferry sinking, Ostend police say - Reuters", "Ostend police"),
    ("Police in Ostend confirm twelve deaths | Harbour Gazette", "Ostend police"),
    ("Ferry captain to stay in custody, judge rules", "court"),
    ("A court in Lyon orders the release of the captain", "Lyon court"),
    ("Appeals court rejects bid to raise wreck", "appeals court"),
    ("Harbour Steel expects to close two mills", "Harbour Steel"),
    ("Harbour Steel CEO warns of job losses", "Harbour Steel"),
    ("Dam is safe, says operator", "operator"),
    ("Airline apologises for stranded passengers", "airline"),
    ("Bank of Ostend denies run on deposits", "Bank of Ostend"),
    ("Nurses' union rejects pay offer", "Nurses' union"),
    ("Dockers' union vows to strike until June", "Dockers' union"),
    ("Union: members will walk out on Monday", "union"),
    ("All patients moved in time, hospital says", "hospital"),
    ("Hospital in Namur says three children are stable", "Namur hospital"),
    ("Rebels in Kivu claim capture of mining town", "Kivu rebels"),
    ("Kivu rebels claim capture of mining town", "Kivu rebels"),
    ("Khartoum says talks are off", "Sudan's government"),
    ("Talks are off, Khartoum says - AFP", "Sudan's government"),
    ("Burhan expects nine thousand more men", "Sudan's government"),
    ("Starmer says troops may go to Kyiv", "UK government"),
    ("Border is open, says Pashinyan", "Armenia's government"),
    ("Asmara denies part in fighting", "Eritrea's government"),
    ("N'Djamena confirms attack on convoy", "Chad's government"),
    ("Eritrea opens museum, state TV says", "Eritrea's government"),
    ("Chadian defence ministry confirms attack", "Chad's defence ministry"),
    ("Sudanese army says it took Bara", "Sudan's army"),
    ("Sudan's army denies losing Bara", "Sudan's army"),
    ("French foreign ministry condemns arrest of envoy", "France's government"),
    ("Army chief Okello seeks longer mandate", "Army chief Okello"),
    ("Spokesman for the interior ministry says border stays shut", "interior ministry"),
    ("The president's office confirms the resignation", "president's office"),
    ("Lena Voss wants inquiry into dam", "Lena Voss"),
    ("Lena Voss Says Dam Will Hold", "Lena Voss"),
    ("Norvik to cut 400 jobs: union", "union"),
    ("Eruption possible within days, scientists warn", "scientists"),
    ("Coast guard says eight rescued", "coast guard"),
    ("Okello heaps praise on volunteers", "Okello"),
    ("Mayor tells residents to boil water", "mayor"),
    ("Residents flee as officials say dam may burst", "officials"),
    ("Two hurt in blast, according to the health ministry", "health ministry"),
)
SILENT = (
    "Others say talks failed",
    "Tropical Storm Ines threatens coast, kills two in Vess",
    "Fever and rabies outbreaks warn us to be better prepared",
    "US states prepare lawsuit to block mill deal",
    "US states preparing lawsuit to block mill deal",
    "Police station burns in Ghent", "Bank shares tumble after fraud claim", "Court case over dam enters third year",
    "University students protest fee rise", "Steel makers count cost of tariffs", "Judge found dead at home",
    "Police station burns down", "Minister resigns", "Orders of Courage handed to sappers",
    "Company ordered to pay fine",
    "Police told to apologise", "Minister denied entry to club", "Police report stolen from car",
    "Union warned over picket line", "Hospital burns down in Namur", "Sudan: 40 killed in market strike",
    "Court orders of the past century", "Study says coffee does no harm", "Ferry sinks off Ostend - Harbour Gazette",
    "Ferry sinks off Ostend | Reuters", "Striking teachers march on capital", "Prosecutor shot in Namur",
    "What police say about the crash", "Everyone wants a piece of Voss", "Heavy rain warns drivers",
    "Claims of fraud mount", "Rising rivers threaten dam", "Why nobody says no to the dam",
)  # fmt: skip


@pytest.mark.parametrize(("title", "origin"), SPOKEN)
def test_who_speaks_is_the_origin(title: str, origin: str) -> None:
    found = origins.find(title, "", "Paper")
    assert (found.name, found.stated) == (origin, True)


@pytest.mark.parametrize("title", SILENT)
def test_where_nobody_speaks_the_origin_is_unknown(title: str) -> None:
    found = origins.find(title, "", "Paper")
    assert (found.name, found.stated) == ("", False)


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("OSTEND - Twelve people died, police in Ostend said on Monday. The union denies blame.", "Ostend police"),
        ("Twelve people died on Monday. Lena Voss, the mayor, said the harbour was shut.", "Lena Voss"),
        ("Reuters reported on Monday that twelve people died.", "Reuters"),
        ("Twelve people died on Monday, aid workers said.", "aid workers"),
        ("Freed hostage Lina Maro said twelve people died.", "Lina Maro"),
        ("Lorne dam: 4,000 residents told to leave. Water rises.", ""),
        ("Residents told Reuters that they had to leave.", "residents"),
        ("Ten trucks were turned back, the US Geological Survey said.", "US Geological Survey"),
        ("Ruiz is free on bail, his lawyer, Carla Diaz, told journalists outside the court.", "lawyer"),
        ("A federal judge on Friday ordered Kestrel Petroleum to pay for the spill.", "federal court"),
        ("The Ostend coroner told Reuters that twelve people died.", "Ostend coroner"),
        ("Blood bank in Ostend appeals for donors.", "Ostend Blood bank"),
        ("Casa de Pedra says that twelve people died.", "Casa de Pedra"),
        ("Fever claims fifth life in Ostend.", ""),
        ("A second sample confirms the substance.", ""),
        ("The European Medicines Agency said the drug was safe.", "European Medicines Agency"),
        ("Talks will go on, the EU said on Monday.", "European Union"),
        ("340 people lose their work after the EU turned down the drug.", ""),
        ("340 people lose their work after the court rejected the appeal.", "court"),
        ("340 people lose their work after a union said no.", "union"),
    ],
)
def test_the_first_sentences_say_who_speaks(text: str, origin: str) -> None:
    assert origins.find("Ferry sinks off the cape", text, "Paper").name == origin


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("France's authorities", "France's government", True), ("France's authorities", "Paris prosecutors", True),
        ("France's authorities", "Ghent police", False), ("Britain regulator", "UK regulator", True),
        ("UK regulator", "UK government", False), ("Ada Berg family", "Lina Berg", True),
        ("Ghent prosecutors", "prosecutors", True), ("Ghent prosecutors", "Ostend prosecutors", False),
        ("police", "interior ministry", False), ("Army chief Okello", "Okello", True),
        ("Lena Voss", "Voss", True), ("Lena Voss", "Jan Voss", False), ("operator", "company", True),
        ("Sudan's government", "Sudan's army", False), ("airline", "Altair Air", True), ("airline", "police", False),
        ("Kenyan Kipchoge", "Kenya's Eliud Kipchoge", True), ("Kenyan Kipchoge", "Kenya's Ruto", False),
        ("The Kremlin", "TASS", True), ("EMA", "European Medicines Agency", True), ("EMA", "EU regulator", True),
        ("OFB", "Ostend Ferry Board", True), ("EMA", "FDA", False), ("NASA", "Ghent police", False),
        ("Danish company", "Nordholm", True), ("Danish company", "Swedish company", False),
        ("EU regulator", "European Medicines Agency", True), ("UN agency", "NHS hospital", False),
        ("Uzbekistan's government", "Tashkent culture ministry", True),
        ("Uzbekistan's government", "Tashkent court", False),
        ("Georgia's government", "Georgia's interior ministry", True),
        ("Georgia's government", "Armenia's interior ministry", False),
    ],
)  # fmt: skip
def test_one_party(one: str, other: str, same: bool) -> None:
    assert origins.one_party(one, other) is same


def test_an_outlet_is_known_by_name_and_by_address() -> None:
    assert origins.outlet("The Guardian") == "The Guardian"
    assert origins.outlet("theguardian.com") == "The Guardian"
    assert origins.outlet("feed 7", "https://www.theguardian.com/world/1") == "The Guardian"
    assert origins.outlet("Harbour Gazette", "https://gazette.example/1") == "Harbour Gazette"


def test_an_archive_copy_is_no_outlet_of_its_own() -> None:
    copy = "https://web.archive.org/web/20250301000000/https://www.theguardian.com/world/1"
    assert origins.outlet("web.archive.org", copy) == "The Guardian"
    assert origins.outlet("archive.ph", "https://archive.ph/AbC12") == ""
    assert origins.outlet("Harbour Gazette", copy) == "The Guardian"
    reports = [
        member("The Guardian", "Ferry sinks off Ostend"),
        member("web.archive.org", "Ferry sinks off Ostend", url=copy),
        member("archive.ph", "Ferry sinks off Ostend", url="https://archive.ph/AbC12"),
    ]
    assert {origins.outlet(each.source_name, each.url) for each in reports} == {"The Guardian", ""}


def test_voices_of_one_party_are_one() -> None:
    assert origins.party("TASS") == origins.party("The Kremlin") == origins.party("Russia's defence ministry")
    assert origins.party("Reuters") != origins.party("AP")


def test_a_chain_of_citations_ends_at_its_first_link() -> None:
    first = member("Daily NK", "Workers picked", "A source in Russia told Daily NK that firms chose the men.")
    second = member("Daily Beast", "Workers picked", "As reported by Daily NK, firms chose the men.")
    found = origins.find("Workers picked", "The Daily Beast reported it, according to Daily Beast.", "Insider", "",
                         [first, second])  # fmt: skip
    assert found.name == "Daily NK's source in Russia"


def test_a_shared_quotation_shows_the_origin() -> None:
    said = "“we will not send a single man across that river”"
    first = member("Harbour Gazette", f"General: {said}", "", origin="General staff")
    found = origins.find(f"No man to cross: {said}", "", "Evening Post", "", [first])
    assert (found.name, found.stated) == ("General staff", True)


def test_a_copy_takes_over_the_origin_of_what_it_copies() -> None:
    first = member("Harbour Gazette", "Ferry sinks off the cape, Kyodo reports")
    found = origins.find("Ferry sinks off the cape", "", "Evening Post", "", [], first)
    assert found.name == "Kyodo"


def test_names_of_one_party_are_one_origin() -> None:
    reports = [
        member("Harbour Gazette", "Pyongyang ships 3,000 men: Seoul"),
        member("Evening Post", "Seoul says Pyongyang ships 3,000 men"),
        member("Morning Star", "3,000 men on their way"),
        member("Kyiv Weekly", "Kyiv confirms 3,000 men on their way"),
        member("tass.com", "Kremlin: nothing known of any men"),
        member("ria.ru", "Nothing known of any men, TASS reports"),
    ]
    assert origins.independent(each.origin for each in reports) == 3
    assert origins.independent([]) == 0


def test_the_table_is_sound() -> None:
    from monitor import data

    for row in data.rows("agencies.tsv"):
        assert len(row) in (4, 5), row
        assert row[2] in ("agency", "state", "outlet", "authority"), row


def test_hostile_text_is_read_in_time() -> None:
    text = "citing " + "A" * 5000 + " (" * 2000 + "'" * 3000 + ", said " * 500
    assert origins.find(text[:1000], text, "Paper").name


def test_who_speaks_in_headlines_labelled_by_hand() -> None:
    rows = [line.split("\t") for line in SPOKEN_HEADLINES.read_text("utf-8").splitlines() if not line.startswith("#")]
    wrong = []
    for title, who in rows:
        name = origins.find(title, "", "Paper").name.lower()
        if not (any(each in name for each in who.lower().split("|")) if who else not name):
            wrong.append((title, who, name))
    assert len(rows) > 100 and len(wrong) <= 0.06 * len(rows), wrong


@pytest.mark.parametrize(
    ("one", "other", "introduced"),
    [
        ("Sporfolk", "Tram drivers' union", True), ("union", "Sporfolk", True), ("Nordholm", "Danish company", True),
        ("firm", "Corrie", True), ("Lindholt Trams", "union", False), ("police", "union", False),
        ("Sporfolk", "Nordholm", False),
    ],
)  # fmt: skip
def test_a_text_says_whose_name_it_is(one: str, other: str, introduced: bool) -> None:
    text = "The union, Sporfolk, wants more. Nordholm, the Danish drug company, fell. Rocket firm Corrie waits."
    assert parties.introduced(one, other, ["", text]) is introduced
    assert not parties.introduced(one, other, ["The union met Sporfolk and Nordholm in front of the firm."])


@pytest.mark.parametrize(
    ("one", "other", "house"),
    [
        ("Varro", "Oskara transport ministry", True), ("Halse", "seamen's union", True), ("Tolle", "Skylark", True),
        ("Soll", "Borealis", True), ("Soll", "Skylark", False), ("Tolle", "Borealis", False),
    ],
)  # fmt: skip
def test_a_text_says_whose_head_somebody_is(one: str, other: str, house: bool) -> None:
    text = (
        "Transport minister Inga Varro said so. The seamen's union, led by Tor Halse, waits. Skylark's head, "
        "Mina Tolle, is silent. Borealis would close a base. Its chairman, Erik Soll, wants an answer."
    )
    assert parties.introduced(one, other, [text]) is house


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("mayor Horan", "Drava mayor", True), ("Lestra hospital", "Lestra hospital doctor", True),
        ("union leader Halse", "seamen's union", True), ("ministry", "Ghana's government", True),
        ("Tashkent culture ministry", "Uzbekistan's government", True),
        ("Holt lawyer", "lawyer Stein", True), ("Ghent police", "Bruges police", False),
        ("police", "prosecutors", False), ("Ghana's government", "Togo's government", False),
    ],
)  # fmt: skip
def test_an_office_and_who_speaks_for_it_are_one_party(one: str, other: str, same: bool) -> None:
    assert parties.same(one, other) is same


@pytest.mark.parametrize(
    ("title", "text", "name"),
    [
        ("Mayor's former aide named suspect in bribery case", "", ""),
        ("Twelve US states sue tyre maker", "", ""),
        ("Poisoning a test for the West", "The trace points east, Jonas Weller writes.", ""),
        ("Jonas Weller, minister, says trace points east", "", "Jonas Weller"),
    ],
)
def test_who_is_spoken_of_or_signs_a_comment_is_no_origin(title: str, text: str, name: str) -> None:
    assert origins.find(title, text, "Harbour Gazette").name == name
