"""Two versions of one article."""

import json
import time
from datetime import UTC, datetime

import pytest

from bench import revisions as bench
from monitor.core import revisions
from monitor.core.language import proper_names
from tests.data_at import shared

AT = datetime(2025, 11, 5, tzinfo=UTC)
BODY = """\
The governor of the valley said on Tuesday that 30 people had been hurt when a bridge gave way near Altdorf.

Twelve of them were still in hospital, Karla Brandt, a spokeswoman, told reporters. The bridge was built in 1962.

Engineers had not closed the road. "We will look at every bolt of it," Ms Brandt said.

The state has set aside $4.1m for repairs. Work is to begin in March, according to the ministry.

Three firms have offered to help. A second bridge is being checked.

Trains were running again by noon.
"""


def changed(before: str, after: str) -> str:
    assert before in BODY
    return BODY.replace(before, after)


def kinds(new: str) -> set[str]:
    return {change.kind for change in revisions.compare(BODY, new, AT).changes}


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("30 people", "40 people", "figure"),
        ("30 people", "12 people", "figure"),
        ("$4.1m", "$5.6m", "figure"),
        ("on Tuesday", "on Monday", "date"),
        ("by noon", "by 6 p.m.", "date"),
        ("in March", "in June", "date"),
        ("Karla Brandt", "Sonja Weiss", "name"),
        ("near Altdorf", "near Bellinzona", "place"),
        ("according to the ministry", "according to Omnirail", "attribution"),
        ("had not closed", "had closed", "negation"),
        ("every bolt of it", "nothing at all", "quote"),
    ],
)
def test_a_changed_fact_is_an_unannounced_revision(before: str, after: str, kind: str) -> None:
    found = revisions.compare(BODY, changed(before, after), AT)
    assert (found.verdict, found.unannounced) == ("revision", True)
    assert kind in {change.kind for change in found.changes}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("30 people", "thirty people"),
        ("Twelve of them", "12 of them"),
        ("$4.1m", "$4.1 million"),
        ("on Tuesday", "on 4 November"),
        ("by noon", "by 12:00"),
        ("told reporters", "told the press"),
        ("spokeswoman", "spokeswomen"),
        ('"We will look at every bolt of it,"', "“We will look at every bolt of it,”"),
        ("Trains were running", "Trains were runing"),
        ("Three firms have offered to help.", "three firms have offered to help"),
    ],
)
def test_the_same_fact_in_other_words_is_a_touch(before: str, after: str) -> None:
    assert revisions.compare(BODY, changed(before, after), AT).verdict == "touch"


@pytest.mark.parametrize(
    "furniture",
    [
        "Updated 2 hours ago",
        "3 min read",
        "14 comments",
        "Read more: Ten bridges of the world",
        "Share this article",
        "Advertisement",
        "Last updated 5 November 2025 at 17:40",
    ],
)
def test_clocks_counters_and_links_are_touches(furniture: str) -> None:
    for new in (f"{furniture}\n\n{BODY}", f"{BODY}\n\n{furniture}\n"):
        assert revisions.compare(f"A headline\n\n{BODY}", f"A headline\n\n{new}", AT).verdict in ("touch", "none")


@pytest.mark.parametrize(
    "notice",
    [
        "Correction: An earlier version of this story gave the wrong year.",
        "This article was amended on 6 November 2025 to remove a name.",
        "A previous version of this report misspelled the spokeswoman's name.",
        "Clarification, Nov. 6: the road belongs to the canton.",
        "Editor's note: the headline has been changed.",
        "This story has been withdrawn.",
        "An earlier headline incorrectly said the bridge had burned.",
    ],
)
def test_a_notice_makes_a_correction(notice: str) -> None:
    found = revisions.compare(BODY, f"{BODY}\n\n{notice}", AT)
    assert (found.verdict, found.unannounced, found.changes[0].kind) == ("correction", False, "notice")
    assert revisions.compare(f"{BODY}\n\n{notice}", f"{notice}\n\n{BODY}", AT).verdict != "correction"


OTHERS = [
    ("The journal pulled a study of fish.", "The article was retracted because of errors.", "Its authors agreed."),
    (
        "Le ministre est revenu sur ses chiffres.",
        "L'article comportait une erreur et a été corrigé.",
        "Les élus protestent.",
    ),
    ("Deník Mokřina se omluvil lékařce.", "Článek obsahoval nepravdivé údaje.", "Spor tím skončil."),
    ("新聞社が医師に謝罪した。", "記事に誤りがあり、電子版から削除した。", "医師は訴えを取り下げた。"),
]


@pytest.mark.parametrize(("first", "told", "last"), OTHERS)
def test_what_somebody_else_corrected_is_no_notice(first: str, told: str, last: str) -> None:
    assert revisions.compare(f"{first} {last}", f"{first} {told} {last}", AT).verdict != "correction"
    assert revisions.compare(f"{BODY} {last}", f"{BODY} {last}\n{told}", AT).verdict == "correction"


def test_news_about_corrections_is_no_notice() -> None:
    assert revisions.compare(BODY, f"{BODY}\nThe department of corrections said nothing.", AT).verdict != "correction"


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ("Zelensky visits Kyiv troops", "Zelenskyy visits Kiev troops", "touch"),
        ("Zelenskiy: 8 million trees lost", "Zelenskyy: eight million trees lost", "touch"),
        ("U.S. envoy lands in Oslo", "US envoy lands in Oslo", "touch"),
        ("How do I pay the toll?", "The toll: what do I have to pay?", "touch"),
        ("Ferry to leave harbour on Monday", "Ferry leaves harbour", "revision"),
        ("Man missing in flood", "Man found dead after flood", "revision"),
        ("Council delays vote on dam", "Council approves dam", "revision"),
        ("Storm kills two", "Storm kills five", "revision"),
        ("Minister resigned over dam", "Minister resigned over dam, says Brandt", "revision"),
        ("Up to 100 cattle lost", "Cattle lost", "touch"),
        ("School visits moved to Bern", "School visits moved to Basel", "revision"),
        ("Bridge shut", "Bridge shut", "none"),
        ("Bridge  shut", "Bridge shut", "none"),
    ],
)
def test_headlines(old: str, new: str, verdict: str) -> None:
    assert revisions.compare("", "", AT, old_title=old, new_title=new).verdict == verdict
    assert revisions.compare(old, new, AT).verdict == verdict


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("In the evening they were shown the gates by Karla Brandt of the City.", ["Karla Brandt"]),
        ("He told people in North Korea that USS The Sullivans had left.", ["North Korea", "USS The Sullivans"]),
        ("Twenty people fled.", []),
        ("A fire in Altdorf.", ["Altdorf"]),
    ],
)  # fmt: skip
def test_names(sentence: str, found: list[str]) -> None:
    assert proper_names.find(sentence) == found


def test_what_the_summary_said_already_is_no_change_in_the_headline() -> None:
    body = "The bridge near Altdorf was shut on Tuesday after 30 people were hurt."
    found = revisions.compare(body, body, AT, old_title="Bridge shut", new_title="Altdorf bridge shut, 30 hurt")
    assert found.verdict == "touch"


@pytest.mark.parametrize("end", [200, 300, 420])
def test_a_text_broken_off_is_a_touch(end: int) -> None:
    assert revisions.compare(BODY, BODY[:end] + "...", AT).verdict == "touch"


def test_a_body_that_appears_is_a_touch() -> None:
    assert revisions.compare("", BODY, AT, old_title="Bridge shut", new_title="Bridge shut").verdict == "touch"


def test_a_headline_is_told_once_and_whole_whatever_gave_it_away() -> None:
    old, new = "Police look for two missing boys", "Missing boys found alive, uncle arrested and charged"
    found = revisions.compare("", "", AT, old_title=old, new_title=new)
    assert [(each.kind, each.before, each.after) for each in found.changes] == [("headline", old, new)]


def test_a_new_sentence_is_told_once_after_what_took_the_place_of_something() -> None:
    new = changed("30 people", "40 people") + "\nA lorry driver was arrested at the border and charged with fraud."
    first, *_, last = found = [
        (each.kind, each.before, each.after) for each in revisions.compare(BODY, new, AT).changes
    ]
    assert first == ("figure", "30 people", "40 people")
    assert last == ("text", "", "A lorry driver was arrested at the border and charged with fraud.")
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    "after",
    [
        "The deck of Highway 12 was laid by convicts",
        "The S&P 500 was quiet on that day",
        "The bolts came from the Rose Garden works",
        "The rules for bolts were the same as ever",
    ],
)
def test_numbers_and_words_in_names_are_no_facts_of_their_own(after: str) -> None:
    old, new = BODY + "\nThe bridge was quiet.", BODY + f"\n{after}."
    assert not {"figure", "headline"} & {each.kind for each in revisions.compare(old, new, AT).changes}
    assert {each.after for each in revisions.compare(old, new, AT).changes if each.kind == "text"} <= {f"{after}."}


def test_to_compare_is_no_prospect() -> None:
    old = "Wealth does not fully explain the risk compared to white people, new analysis suggests."
    assert revisions.compare(old, old.replace("compared to", "compared with")).verdict == "touch"


def test_as_json() -> None:
    found = revisions.to_dict(revisions.compare(BODY, changed("30 people", "40 people"), AT))
    assert found["changes"][0] | {"sentence": ""} == {
        "kind": "figure", "before": "30 people", "after": "40 people", "sentence": "",
    }  # fmt: skip
    assert "<del>30</del>" in found["html"]
    assert json.loads(json.dumps(found)) == found


def test_time_grows_about_linearly() -> None:
    long = "\n\n".join(f"{BODY} Part {number}." for number in range(60))
    start = time.process_time()
    found = revisions.compare(long, long.replace("30 people", "40 people").replace("the", "a"), AT)
    assert found.verdict == "revision"
    assert time.process_time() - start < 5


@pytest.mark.parametrize("hostile", ["(" * 20_000, "Not " * 20_000, "“" * 10_000, "9-" * 20_000, "A " * 30_000])
def test_hostile_text_is_bounded(hostile: str) -> None:
    start = time.process_time()
    revisions.compare(BODY, hostile)
    revisions.compare(hostile, hostile + "x")
    assert time.process_time() - start < 8


def test_labelled_pairs_reach_the_goal() -> None:
    shared("data/revisions/labelled.jsonl")
    found = bench.labelled()
    assert bench.macro_f1(found["all"]) >= 0.85
    assert bench.macro_f1(found["report"]) >= 0.82
    assert bench.macro_f1(bench.corrections(60)) >= 0.97


TRAM = "The harbour tram runs again from Monday. Work on the quay took four months."


@pytest.mark.parametrize(
    "line",
    [
        "Words by Ingrid Solberg, pictures by Pavel Dvorak.",
        "Our transport team around Ingrid Solberg can be reached on Signal on Tuesdays.",
        "Part two of this series appears on Sunday",
        "3 of 12 | Workers on the quay in Marlow.",
        "Protokoll: Jana Wei\u00df, Mitarbeit: Till Kr\u00fcger",
    ],
)
def test_a_line_at_either_end_that_serves_the_page_is_no_news(line: str) -> None:
    for new in (f"{TRAM}\n\n{line}", f"{line}\n\n{TRAM}"):
        found = revisions.compare(TRAM, new, old_title="Tram to run again", new_title="Tram to run again")
        assert found.verdict == "touch", found.changes


@pytest.mark.parametrize(
    "line",
    [
        "Otto Weiss was arrested on Sunday.",
        "Two workers died on the quay.",
        'The mayor, Anna Berg, said: "We lost a month."',
    ],
)
def test_a_last_line_that_tells_something_is_a_revision(line: str) -> None:
    found = revisions.compare(TRAM, f"{TRAM}\n\n{line}", old_title="Tram to run again", new_title="Tram to run again")
    assert found.verdict == "revision"


@pytest.mark.parametrize(
    "line",
    [
        "A 12-year-old girl died overnight.",
        "Service will not resume before June.",
        "The mayor said the boat should never have sailed.",
        "Four passengers are still missing.",
        "Divers will search the wreck on Thursday.",
        "Der Schaden beträgt 3 Millionen Euro.",
    ],
)
def test_a_line_behind_a_report_that_stayed_is_news_where_it_tells_of_the_matter(line: str) -> None:
    body = "Fire broke out on a car ferry off Port Ellis on Sunday. Rescue boats brought everyone on board ashore."
    assert revisions.compare(body, f"{body}\n\n{line}", old_title="Ferry burns", new_title="Ferry burns").verdict == (
        "revision"
    )


@pytest.mark.parametrize(
    "line",
    [
        "Mehr dazu am Mittwoch um 21.45 Uhr im Ersten.",
        "Testata registrata presso il Tribunale di Como n. 12 del 4/6/2001.",
        "Marta Ruiz, 41, is a freelance reporter who has written on ports since 2009.",
        "Kopiering är inte tillåten utan skriftligt medgivande.",
        "Complaints are answered within 28 days.",
    ],
)
def test_a_line_behind_a_report_that_stayed_is_none_where_it_serves_the_page(line: str) -> None:
    body = "Fire broke out on a car ferry off Port Ellis on Sunday. Rescue boats brought everyone on board ashore."
    assert revisions.compare(body, f"{body}\n\n{line}", old_title="Ferry burns", new_title="Ferry burns").verdict == (
        "touch"
    )


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        # counted by the clock, kicked off, the same day in other words
        ("Harbour closed\n\nAfter two weeks of repairs, few boats are left.",
         "Harbour closed\n\nAfter five weeks of repairs, few boats are left.", "touch"),
        ("Cup final: Orr v Marlow - Diaz on bench", "Cup final: Orr 0-0 Marlow - Diaz on bench", "touch"),
        ("Tram line opens on Monday\n\nThe line opens on 3 June, the council said.",
         "Tram line opens on 3 June\n\nThe line opens on 3 June, the council said.", "touch"),
        ("Captain jailed for three years\n\nA court in Orr jailed the captain for three years.",
         "Captain jailed for five years\n\nA court in Orr jailed the captain for five years.", "revision"),
        ("Cup final: Orr 0-0 Marlow - Diaz on bench", "Cup final: Orr 0-1 Marlow - Diaz on bench", "revision"),
        # a thing by another name is none that took its place
        ("Halley probe takes sharp picture of comet", "Esa craft takes sharp picture of comet", "touch"),
        ("Berg to lead inquiry into dam", "Ruiz to lead inquiry into dam", "revision"),
        # a list of other reports beneath a headline
        ("Minister defends dam\n\nThe minister said on Monday that the dam was safe.",
         "Minister defends dam\n\n• Analysis: Who pays for the dam? • LIVE: Two dead in Orr storm", "touch"),
        # decided, after it was only considered
        ("Council Considers Phasing Out Parking Fees", "Council Will Drop Parking Fees in Old Town", "revision"),
        ("Dam: Unbeaten Orr face Marlow\n\nOrr chase the victory over Marlow which will take them up.",
         "Dam: Orr beat Marlow to go up\n\nOrr chase the victory over Marlow which will take them up.", "revision"),
    ],
)  # fmt: skip
def test_what_an_editor_wants_of_rewritten_headlines(old: str, new: str, verdict: str) -> None:
    found = revisions.compare(old, new).verdict
    assert ("touch" if found == "none" else found) == verdict
