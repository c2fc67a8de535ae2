"""What a story has been told of: its seed first; which of it a new report may tell again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.novelty import comparison, developments, verdict
from monitor.core.novelty.comparison import Development
from monitor.model import Article, Citation, Entry, Novelty, Source, StoryReport, StoryState

AT = datetime(2025, 3, 4, 9, tzinfo=UTC)
SEED = Article(
    "Police hunt thieves who emptied the clock hall of Riga's Dunte museum",
    "Four hooded women took nine astronomical clocks from the Dunte museum on Sunday and left in a bakery van."
    " They broke a skylight with a sledgehammer and were gone in six minutes. Nobody was hurt. A brass globe fell on"
    " the stairs and was found dented. The museum stayed shut on Monday. Nobody has been arrested.",
    published_at=AT, cited=(Citation("Baltic Wire", "Clock heist in Riga: what was taken"),),
)  # fmt: skip


def asked(title: str, hours: float, *told: tuple[float, str], text: str = "", source: str = "wire") -> Novelty:
    """The verdict on a report of `source`, after what others (o0, o1, ...) told before."""
    state = StoryState("clocks")
    for number, (when, earlier) in enumerate(told):
        at = AT + timedelta(hours=when)
        found = verdict.compare(
            Entry(title=earlier), f"e{number}", Source(f"o{number}", f"o{number}", ""), at, "clocks", state, seed=SEED
        )
        member = StoryReport(
            f"e{number}",
            f"o{number}",
            f"o{number}",
            found.development,
            found.verdict,
            at,
            earlier,
            "",
            "",
            found.origin,
        )
        state = StoryState("clocks", (*state.members, member))
    at = AT + timedelta(hours=hours)
    entry = Entry(title=title, summary=text)
    return verdict.compare(entry, "new", Source(source, source, ""), at, "clocks", state, seed=SEED)


@pytest.mark.parametrize(
    "title",
    ["Hooded gang takes astronomical clocks from Dunte museum, flees in bakery van",
     "Brass globe found dented on stairs after Dunte museum theft"],
)  # fmt: skip
def test_what_the_seed_says_is_told(title: str) -> None:
    assert asked(title, 8).verdict == "repeat"


def test_a_headline_in_other_words_repeats_the_seed_where_its_first_lines_do() -> None:
    title = "Raid on a Latvian collection"
    text = "Four hooded women took nine astronomical clocks from the Dunte museum on Sunday and left in a bakery van."
    assert asked(title, 8).verdict == asked(title, 8, text="A ransom was asked for in Oslo.").verdict == "development"
    assert asked(title, 8, text=text).verdict == "repeat"
    assert asked("Two women arrested over Dunte clock heist", 30, text=text).verdict == "development"


@pytest.mark.parametrize(
    "title",
    ["Two women arrested over Dunte clock heist", "Dunte museum director resigns over clock heist",
     "Dunte thieves took 14 clocks, museum now says"],
)  # fmt: skip
def test_what_the_seed_denies_or_does_not_say_is_news(title: str) -> None:
    assert asked(title, 30).verdict == "development"


@pytest.mark.parametrize(
    ("before", "hours", "after"),
    [
        ("Who is the woman filmed after the Dunte heist", 9, "Two suspects arrested over Dunte clock heist"),
        ("Dunte museum reopens after clock heist", 8, "Dunte museum director offers to resign over clock heist"),
        ("Three more arrested in Dunte clock heist", 36, "Cleaner charged over Dunte clock heist"),
        ("Dunte museum to get new locks - Riga Courier", 7.5, "Dunte clocks offered to Oslo dealer - Riga Courier"),
    ],
)  # fmt: skip
def test_the_storys_own_words_are_no_sameness(before: str, hours: float, after: str) -> None:
    assert asked(after, 100 + hours, (100, before)).verdict == "development"


def test_a_step_beyond_the_article_is_news_however_soon() -> None:
    assert asked("Two women arrested over theft from Dunte museum", 3).verdict == "development"
    assert asked("Thieves steal clocks from Riga's Dunte museum", 3).verdict == "repeat"
    told = (2, "Museum in Riga robbed of clocks by hooded women")
    assert asked("Two hooded women arrested over robbed museum in Riga", 4, told).verdict == "development"


def test_a_name_in_common_is_no_sameness() -> None:
    told = [
        (85, "Insurer offers reward"),
        (90, "Two arrested in Riga"),
        (100, "Burnt van found on shore of Lake Kisezers"),
    ]
    assert asked("Divers end first day in Lake Kisezers without result", 104, *told).verdict == "development"
    assert asked("Burnt out van found beside Lake Kisezers", 104, *told).verdict == "repeat"


def test_a_verb_of_any_news_in_common_is_no_sameness() -> None:
    told = (100, "Burnt van found on shore of Lake Kisezers")
    assert asked("Oldest of the Dunte clocks found unharmed", 101, told).verdict == "development"
    assert asked("Bakery van of the thieves found on fire", 101, told).verdict == "repeat"


def test_one_outlets_two_reports_soon_after_one_another_are_two_matters() -> None:
    told = (100, "Dunte clocks leave Riga by ship")
    after = "Contact lost with freighter that carries the Dunte loot"
    assert asked(after, 100.4, told).verdict == "repeat"
    assert asked(after, 100.4, told, source="o0").verdict == "development"


def test_an_explainer_tells_nothing_new() -> None:
    told = (100, "Two more suspects charged over Dunte clock heist")
    assert asked("What to know about the four suspects in the Dunte clock heist", 124, told).verdict == "repeat"
    assert asked("Explained: how Riga guards its museums", 24 * 40, told).verdict == "development"


def test_who_cites_the_teller_tells_it_again() -> None:
    told = (100, "Dunte clocks offered to Oslo dealer, Baltic Wire reports")
    assert asked("According to Baltic Wire, an antiquarian in Norway saw the Riga loot", 105, told).verdict == "repeat"


EXAM = Article(
    "Maths exam of 90,000 pupils leaked in Varnia",
    "The exam board would decide within days whether the exam had to be repeated. Police opened an inquiry. The papers"
    " are printed by Orlik Press in Selovo. The power station of the board's data centre stands still.",
    published_at=AT,
)


@pytest.mark.parametrize(("title", "verdict_"), [
    ("Maths exam must be repeated, Varnia exam board decides", "development"),
    ("Leaked maths exam: police search Orlik Press in Selovo", "development"),
    ("Power station of exam board's data centre runs again", "development"),
    ("Power station of exam board's data centre finished", "development"),
    ("Varnia: maths exam of 90,000 pupils leaked, papers printed by Orlik Press", "repeat"),
])  # fmt: skip
def test_what_is_done_about_it_is_more_than_the_article_says(title: str, verdict_: str) -> None:
    at = AT + timedelta(hours=3)
    made = verdict.compare(
        Entry(title=title), "new", Source("wire", "wire", ""), at, "exam", StoryState("exam"), seed=EXAM
    )
    assert made.verdict == verdict_, made.reasons


@pytest.mark.parametrize(("told", "title", "verdict_"), [
    ("Orlik Press says copies were locked away", "Orlik Press fined 3 million", "development"),
    ("Orlik Press fined 3 million", "Printer penalised by exam board of Varnia", "repeat"),
    ("Teachers say copies were locked away", "Court bars Orlik Press from tenders", "development"),
    ("Maths exam leaked to pupils of Varnia", "Inquiry opened into maths exam of Varnia", "development"),
    ("Orlik Press withdraws from tender", "Head of exam board quits over leak", "development"),
    ("Ruling on repeated exam due on Tuesday", "Pupils need not sit again, judge finds", "development"),
    ("Ruling on repeated exam due on Tuesday", "Judge to rule on repeated exam", "repeat"),
    ("Exam board of Varnia to meet parents", "Pupils' parents invited by exam board", "repeat"),
])  # fmt: skip
def test_a_step_of_its_own_is_told_however_soon(told: str, title: str, verdict_: str) -> None:
    first = StoryReport("e0", "post", "post", "d0", "development", AT + timedelta(hours=70), told, "", "", "")
    made = verdict.compare(
        Entry(title=title), "new", Source("wire", "wire", ""), AT + timedelta(hours=72), "exam",
        StoryState("exam", (first,)), seed=EXAM,
    )  # fmt: skip
    assert ("repeat" if made.verdict == "confirmation" else made.verdict) == verdict_, made.reasons


def test_in_doubt_it_is_told_and_marked() -> None:
    found = [
        asked(title, 140, (100, "Oslo dealer offered Dunte clocks"), (120, "Police search flat in Jurmala for clocks"))
        for title in (
            "Flat searched in clock case",
            "Clock theft: house in Jurmala combed",
            "Insurer sues museum",
            "Museum sues Oslo dealer",
        )
    ]
    assert {one.verdict for one in found} >= {"development"}
    assert all(one.doubtful is False for one in found if one.verdict == "repeat")
    assert "in doubt" in next(one.reasons[0].evidence for one in found if one.doubtful)


@pytest.mark.parametrize(
    ("told", "again", "same"),
    [
        ("Orrel Steel chief steps down", "Head of Orrel Steel resigns", True),
        ("Boss of Marlow Ferries quits", "Marlow Ferries chief resigns", True),
        ("Mill owner detained in Marlow", "Mill owner arrested in Marlow", True),
        ("Orrel Steel chief steps down", "Orrel Steel deputy chief resigns", False),
        ("Orrel Steel chief steps down", "Orrel Steel appoints new chief", False),
        ("Mill owner arrested in Marlow", "Mill owner charged in Marlow", False),
    ],
)
def test_one_step_of_the_same_names_in_another_verb_is_told_again(told: str, again: str, same: bool) -> None:
    at = datetime(2026, 6, 3, 9, tzinfo=UTC)
    first, second = (developments.report(title, "", "paper", at) for title in (told, again))
    assert comparison.restates(second, Development("d1", (), (first,))) is same


@pytest.mark.parametrize(
    ("told", "again", "same"),
    [
        (("Garrity steps down", "The chief said he had become a distraction."),
         ("Northmere boss quits over lead in taps", "Paul Garrity resigned on Friday evening."), True),
        (("Garrity steps down", "The chief said he had become a distraction."),
         ("Deputy of Northmere boss quits", "Moira Lund resigned on Friday evening."), False),
        (("Judge jails Dodd", "He stole lead from a chapel."),
         ("Roof thief is sentenced to two years", "The court sentenced Liam Dodd, 29, on Friday."), True),
        (("Police arrest Dodd", "He stole lead from a chapel."),
         ("Roof thief arrested again", "Officers arrested Liam Dodd, 29, on Friday."), False),
    ],
)  # fmt: skip
def test_what_befalls_a_person_once_is_told_again_whoever_is_named_where(
    told: tuple[str, str], again: tuple[str, str], same: bool
) -> None:
    at = datetime(2026, 6, 3, 9, tzinfo=UTC)
    first, second = (developments.report(title, lead, "paper", at) for title, lead in (told, again))
    assert comparison.restates(second, Development("d1", (), (first,))) is same


@pytest.mark.parametrize(
    ("title", "more"),
    [
        ("Lead found in water at five more schools", True),
        ("Another school turns off its taps", True),
        ("Lead in water at two schools", False),
        ("Two more years of brown water in Eskdale", False),
        ("More than 31,000 homes told not to drink", False),
    ],
)
def test_what_comes_on_top_of_what_the_article_counts_is_told(title: str, more: bool) -> None:
    seed = developments.of_seed(Article("Brown water in Eskdale", "Tests at two schools found lead.", published_at=AT))
    assert developments.adds(developments.report(title, "", "paper", AT), seed) is more


KILN = Article(
    "Kiln blast at Corlan Tileworks kills four in Umbria",
    "A gas kiln exploded at the Corlan Tileworks near Gubbio on Monday, killing four workers. Owner Renzo Corlan said"
    " that the kiln had been serviced in January. Prosecutors sealed the works.",
    published_at=AT,
)


@pytest.mark.parametrize(("hours", "title", "expected"), [
    (8, "Renzo Corlan questioned over kiln blast at Gubbio", "development"),
    (8, "Corlan Tileworks kiln had no gas alarm", "development"),
    (8, "Thousands at funeral of Umbria kiln blast victims", "repeat"),
    (8, "Victims of Gubbio kiln blast buried", "repeat"),
])  # fmt: skip
def test_after_hours_words_of_the_article_make_no_sameness_without_an_act_in_common(
    hours: float, title: str, expected: str
) -> None:
    before = AT + timedelta(days=140)
    told = StoryReport(
        "a", "a", "a", "d", "development", before, "Thousands at funeral of Gubbio kiln blast victims", "", "", ""
    )
    at = before + timedelta(hours=hours)
    found = verdict.compare(
        Entry(title=title), "e", Source("b", "b", ""), at, "kiln", StoryState("kiln", (told,)), seed=KILN
    )
    assert found.verdict == expected
