"""Follow-ups of a story: by the same words soon after, by the same roles years later, and nothing else."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core import relevance
from monitor.core.relevance.calibration import Models, Weights
from monitor.core.relevance.scoring import FIRST_LESSONS
from monitor.core.relevance.story_model import LESSONS_MAX
from monitor.model import Article, Entry, Score, Story

SEED = Article(
    "Northland holds back workers",
    "North Korea had promised Russia to send workers to occupied Ukraine, but they never left. North Korea now picks "
    "soldiers and police instead, a source told reporters. Trading companies of North Korea in Russia were ordered to "
    "choose them. The soldiers and workers would repair roads in Ukraine for Russia. The first may go in March.",
    published_at=datetime(2023, 2, 3, tzinfo=UTC),
)
STORY = Story("nk", "North Koreans for occupied Ukraine", SEED)
LATER = datetime(2025, 11, 4, tzinfo=UTC)
QUAKE = Story(
    "quake", "Quake in Tarvaland",
    Article(
        "Earthquake flattens villages near Melkoria in Tarvaland",
        "A strong earthquake struck Tarvaland before dawn and destroyed villages near Melkoria. Rescuers dig for "
        "survivors. The governor Ilsa Brandvik asked for tents and doctors.",
        published_at=LATER,
    ),
)  # fmt: skip


def score(title: str, story: Story = STORY, at: datetime = LATER, summary: str = "") -> Score:
    """The score of one headline."""
    found = relevance.Matcher([relevance.profile(story)]).score(Entry(title=title, summary=summary), at)
    return found[0].score if found else Score(0.0, relevance.DEFAULT_THRESHOLD, False)


@pytest.mark.parametrize("title", [
    "Pyongyang sends 5,000 sappers to Russia",
    "Kim Jong Un greets troops back from Kursk",
    "North Korean prisoners of war in Ukraine ask for asylum",
    "Zelensky warns of 30,000 more North Korean soldiers",
    "N. Korea to send thousands of workers to Russian drone factory",
    "Pentagon: 10,000 North Koreans sent to train in Russia",
    "South Korea condemns dispatch of North Korean troops",
    "Korean sappers return to DPRK from Kursk",
    "Kim decorates soldiers who fought in Kursk",
    "Kim's Soldiers Fight Beside Russians in Kursk",
    "Seoul: North sends more troops to Russia",
    "N.K. units reach Kursk, Kyiv says",
    "Thousands of North Koreans work in Russia on student visas",
    "Putin thanks North Korean military for its help in Kursk",
    "North Korean workers build stadium in Russia's Kursk",
])  # fmt: skip
def test_roles_tell_a_story_years_later(title: str) -> None:
    found = score(title)
    assert found.follow_up
    assert found.reasons[0].signal == "roles"


@pytest.mark.parametrize("title", [
    "North Korea fires missile into the sea",
    "Putin hosts North Korea's foreign minister",
    "Russian troops shell a town in Ukraine",
    "North Korean soldier crosses the border to South Korea",
    "Workers at a Ukrainian steel plant go on strike",
    "Medvedev attends Workers' Party parade in Pyongyang",
    "Wounded Russian soldiers treated in North Korea",
    "North Korea slams US troops' drill; Russia voices support",
    "Russian military police chief visits Pyongyang",
    "Russia and Ukraine swap prisoners of war",
    "Russian war veterans holiday in North Korea",
    "North Korean workers' club beats Russia to win table tennis title",
    "North Korea protests as Seoul's soldiers fly drone; Russia condemns flight",
    "North Korean art troupe performs in Moscow",
    "Lawmaker lays wreath for Soviet soldiers in Pyongyang, Russian agency says",
    "North Korean IT worker fraud run from Russia, US says",
    "Actor Kim Min-seok plays soldier in film shot in Russia",
    "France arrests two men over a stolen painting",
    "North Korea and Russia join forces against forest fires",
    "Pyongyang rejects talks as Moscow pulls soldiers from border",
    "Russia and North Korea set up task force on tourism",
    "North Korean military delegation tours Russian arms fair",
])  # fmt: skip
def test_neighbouring_stories_are_not_follow_ups(title: str) -> None:
    assert not score(title).follow_up


def test_what_a_seed_sets_apart_is_not_its_subject() -> None:
    text = "North Korea wants to send soldiers rather than civilians. " * 4 + SEED.text
    assert "civilians" not in relevance.profile(replace(STORY, seed=replace(SEED, text=text))).people


def test_evidence_names_what_was_found() -> None:
    evidence = score("Pyongyang sends 5,000 sappers to Russia").reasons[0].evidence
    assert "names North Korea ('pyongyang')" in evidence
    assert "names Russia" in evidence
    assert "'sappers' is a kind of soldiers" in evidence


def test_words_tell_the_same_event_soon_after() -> None:
    found = score("Tarvaland earthquake: rescuers dig on near Melkoria", QUAKE, LATER + timedelta(days=1))
    assert found.follow_up
    assert found.reasons[0].signal == "words"
    assert "'melkoria'" in found.reasons[0].evidence


def test_another_event_of_the_same_kind_is_no_follow_up() -> None:
    assert not score("Earthquake kills two in Orvenia", QUAKE, LATER + timedelta(days=1)).follow_up
    assert not score("14 killed in 2025 earthquake", QUAKE, LATER + timedelta(days=200)).follow_up


MUSEUM = Story(
    "museum", "Lindqvist Museum",
    Article(
        "Thieves empty the jewel room of the Lindqvist Museum in Uppsala",
        "Burglars broke into the Lindqvist Museum in Uppsala at night and stole nine brooches. Police look for three "
        "men who fled on a motorboat. The director, Aino Brandt, called it an attack on memory.",
        published_at=LATER,
    ),
)  # fmt: skip


def test_a_name_alone_never_suffices() -> None:
    at = LATER + timedelta(days=40)
    for title in ("Lindqvist robbery: two men arrested", "Police recover brooches stolen from Lindqvist Museum"):
        assert score(title, MUSEUM, at).follow_up, title
    for title in ("Lindqvist Museum workers strike over pay", "Lindqvist Museum raises entrance fees"):
        assert not score(title, MUSEUM, at).follow_up, title


def test_agreement_of_words_fades_with_time() -> None:
    title = "Villages near Melkoria wait for tents"
    soon = score(title, QUAKE, LATER + timedelta(days=1))
    late = score(title, QUAKE, LATER + timedelta(days=300))
    assert soon.value > late.value


def test_never_vetoes_must_demands_and_any_needs_one() -> None:
    title = "Pyongyang sends 5,000 sappers to Russia"
    assert score(title, replace(STORY, must=("sappers",))).follow_up
    assert not score(title, replace(STORY, must=("sappers", "Kursk"))).follow_up
    assert not score(title, replace(STORY, never=("Sappers",))).follow_up
    assert score(title, replace(STORY, any=("Kursk", "to russia"))).follow_up
    assert not score(title, replace(STORY, any=("Kursk", "museum"))).follow_up


def test_threshold_zero_takes_every_entry() -> None:
    found = relevance.Matcher([relevance.profile(replace(STORY, threshold=0.0))]).score(Entry(title="Weather"), LATER)
    assert [match.score.follow_up for match in found] == [True]


def test_threshold_of_the_story_decides() -> None:
    title = "Pyongyang sends 5,000 sappers to Russia"
    assert score(title, replace(STORY, threshold=0.1)).threshold == 0.1
    assert not score(title, replace(STORY, threshold=1.01)).follow_up


def test_growth_is_bounded_and_changes_nothing_by_being_repeated() -> None:
    made = relevance.profile(QUAKE)
    for number in range(100):
        made = relevance.grow(made, relevance.Example(Entry(title=f"Report {number} from Melkoria"), LATER))
    assert len(made.learnt.lessons) == LESSONS_MAX


def test_a_certain_follow_up_helps_to_find_its_like() -> None:
    taught = Entry(title="Governor Brandvik of Tarvaland resigns over late quake relief")
    like = Entry(title="Brandvik resigns as governor over late quake relief")
    at = LATER + timedelta(days=3)
    made = relevance.profile(QUAKE)
    before = relevance.Matcher([made]).score(like, at)[0].score.value
    grown = relevance.grow(made, relevance.Example(taught, at))
    assert relevance.Matcher([grown]).score(like, at)[0].score.value > before


@pytest.mark.parametrize(("title", "teaches"), [
    ("Police of Kenya meet gangs in Haiti", True),
    ("Odalys barrels towards Haiti", False),
    ("Odalys leaves Jamaica and Haiti flooded", False),
    ("Quemorada wakes up to another day", True),
])  # fmt: skip
def test_one_word_of_the_seed_teaches_only_where_hardly_any_news_has_it(title: str, teaches: bool) -> None:
    police = Article(
        "First Kenyan police land in Haiti to fight gangs",
        "Police officers from Kenya landed in Haiti. They will fight the gangs of Quemorada. Haiti had asked for them.",
        published_at=LATER,
    )
    sure = Weights(9.0, {}, {})
    matcher = relevance.Matcher([relevance.profile(Story("police", "", police))], {"police": Models(sure, sure, sure)})
    found = matcher.score(Entry(title=title), LATER)[0].score
    assert found.follow_up
    assert found.certain is teaches


def test_the_first_lessons_must_be_surer() -> None:
    likely = Weights(math.log(0.6 / 0.4), {}, {})
    for lessons, teaches in ((0, False), (FIRST_LESSONS - 1, False), (FIRST_LESSONS, True)):
        matcher = relevance.Matcher([chain([1] * lessons)], {"quake": Models(likely, likely, likely)})
        found = matcher.score(Entry(title="Rescuers dig near Melkoria"), LATER)[0].score
        assert (found.follow_up, found.certain) == (True, teaches)


def test_the_very_first_lesson_names_somebody_of_the_article_or_is_surer_still() -> None:
    likely = Weights(math.log(0.8 / 0.2), {}, {})
    nameless = Entry(title="Rescuers dig on, relief convoys late")
    for entry, lessons, teaches in (
        (nameless, 0, False), (nameless, FIRST_LESSONS, True), (Entry(title="Rescuers dig near Melkoria"), 0, True),
    ):  # fmt: skip
        matcher = relevance.Matcher([chain([1] * lessons)], {"quake": Models(likely, likely, likely)})
        found = matcher.score(entry, LATER)[0].score
        assert (found.follow_up, found.certain) == (True, teaches)


def test_a_watch_that_has_looked_for_weeks_and_learnt_nothing_asks_more_of_a_headline() -> None:
    likely = Weights(math.log(0.85 / 0.15), {}, {})
    headline, shown = (
        Entry(title="Rescuers dig near Melkoria"),
        Entry(title="Rescuers dig", summary="Melkoria digs. " * 6),
    )
    at = LATER + timedelta(days=60)
    for entry, watched_days, lessons, taken in (
        (headline, 46, 0, False), (headline, 44, 0, True), (headline, None, 0, True), (headline, 46, 1, True),
        (shown, 46, 0, True),
    ):  # fmt: skip
        since = None if watched_days is None else at - timedelta(days=watched_days)
        models = {"quake": Models(likely, likely, likely)}
        (match,) = relevance.Matcher([chain([1] * lessons)], models, {"quake": since}.get).score(entry, at)
        assert match.score.follow_up is taken, (entry.title, watched_days, lessons)
        assert ("nothing has come of the story yet" in [reason.evidence for reason in match.score.reasons]) is not taken


def chain(days: list[int]) -> relevance.Profile:
    """The quake's profile after certain follow-ups so many days after its seed."""
    made = relevance.profile(QUAKE)
    for day in days:
        report = Entry(title=f"Tarvaland earthquake, day {day}: rescuers dig near Melkoria")
        made = relevance.grow(made, relevance.Example(report, LATER + timedelta(days=day)))
    return made


def test_a_story_that_goes_on_does_not_grow_old() -> None:
    at = LATER + timedelta(days=70)
    assert chain([5, 15, 25, 35, 45, 60]).distance(at) < chain([]).distance(at)
    assert chain([60] * 12).distance(at) == chain([]).distance(at)  # nothing joins these to the seed: another quake
    assert chain([5, 15, 25]).distance(at) == chain([]).distance(at)


def test_a_profile_made_anew_from_the_newest_examples_is_the_same() -> None:
    days = list(range(0, 600, 5))
    assert chain(days) == chain(days[-LESSONS_MAX:])


def test_feedback_no_pushes_its_like_away() -> None:
    refused = Entry(title="Tarvaland earthquake charity concert near Melkoria sells out")
    made = relevance.profile(QUAKE)
    before = relevance.Matcher([made]).score(refused, LATER)[0].score
    told = relevance.profile(QUAKE, feedback=[relevance.Feedback(refused, "no")])
    after = relevance.Matcher([told]).score(refused, LATER)[0].score
    assert after.value < before.value
    assert not after.follow_up


def test_an_undated_seed_still_works() -> None:
    undated = replace(STORY, seed=replace(SEED, published_at=None))
    assert score("Pyongyang sends 5,000 sappers to Russia", undated).follow_up
    assert not score("North Korea fires missile into the sea", undated).follow_up
    event = replace(QUAKE, seed=replace(QUAKE.seed, published_at=None))
    assert score("Earthquake in Tarvaland: villages near Melkoria flattened", event).follow_up


def test_among_a_thousand_stories_the_right_one_is_found() -> None:
    others = [
        Story(
            f"s{n}",
            f"Town {n}",
            Article(f"Council of Dorf{n} votes on road {n}", f"The road of Dorf{n} will be mended."),
        )
        for n in range(1000)
    ]
    matcher = relevance.Matcher([relevance.profile(story) for story in [*others, STORY, QUAKE]])
    found = matcher.score(Entry(title="Pyongyang sends 5,000 sappers to Russia"), LATER)
    assert [match.story_id for match in found if match.score.follow_up] == ["nk"]
    found = matcher.score(Entry(title="Council of Dorf77 votes on road"), LATER)
    assert max(found, key=lambda match: match.score.value).story_id == "s77"


def test_an_event_that_a_crowd_watches_is_told_to_each_of_them() -> None:
    article = Article("Council of Dorf votes on road", "The road of Dorf will be mended.", published_at=LATER)
    crowd = [Story(f"desk{n}", "Dorf", article) for n in range(40)]
    others = [Story(f"s{n}", "", Article(f"Road of Ort{n} closed", "Council of Ort votes.")) for n in range(100)]
    found = relevance.Matcher([relevance.profile(story) for story in [*others, *crowd]]).score(
        Entry(title="Council of Dorf approves road"), LATER
    )
    assert {match.story_id for match in found if match.score.follow_up} == {story.id for story in crowd}


def test_only_the_stories_asked_for_are_scored() -> None:
    matcher = relevance.Matcher([relevance.profile(STORY), relevance.profile(QUAKE)])
    entry = Entry(title="Pyongyang sends 5,000 sappers to Russia as quake hits Tarvaland near Melkoria")
    assert {match.story_id for match in matcher.score(entry, LATER, ["quake"])} <= {"quake"}


@pytest.mark.parametrize("title", ["", " ", "\x00", "a", "😀" * 50, "北" * 3000, "US " * 2000, "�" * 10])
def test_any_text_gets_a_score(title: str) -> None:
    assert 0.0 <= score(title, summary=title * 2).value <= 1.0


def test_profile_is_described_for_people() -> None:
    told = relevance.describe(relevance.profile(STORY))
    assert told["places"][:2] == ["North Korea", "Russia"] or set(told["places"]) >= {
        "North Korea",
        "Russia",
        "Ukraine",
    }
    assert "soldiers" in told["terms"]


def test_names_abroad_are_those_that_the_story_is_known_by() -> None:
    """In German every noun has a capital, and so has the first word of a sentence."""
    text = (
        "Ein Kabelbrand hat am Freitag den Hafen von Nordhamm lahmgelegt. Nach Angaben der Behörde fielen die Kräne "
        "aus. Die Chefin Greta Solveig rechnet damit, dass der Betrieb bis zum Dezember ruht. Die Polizei ermittelt."
    )
    told = relevance.describe(relevance.profile(Story("port", "Brand", Article("Brand legt Nordhamm lahm", text))))
    assert {"Nordhamm", "Chefin Greta Solveig"} <= set(told["names"])
    assert not {"Freitag", "Nach Angaben", "Betrieb", "Dezember", "Die Polizei"} & set(told["names"])


def test_scores_are_the_same_every_time() -> None:
    entry = Entry(title="Pyongyang sends 5,000 sappers to Russia", summary="Officials in Seoul said so on Tuesday.")
    once = relevance.Matcher([relevance.profile(STORY), relevance.profile(QUAKE)]).score(entry, LATER)
    again = relevance.Matcher([relevance.profile(QUAKE), relevance.profile(STORY)]).score(entry, LATER)
    assert once == again


def test_a_word_of_a_name_that_is_written_as_a_thing_is_one() -> None:
    """ "Ferry Aldermoor" in the seed, "Aldermoor ferry" in the headline: no other thing that bears the name."""
    text = "The ferry Aldermoor sank off the port of Vess. An inquiry was opened; the bow door is said to have failed."
    story = Story("ferry", "Ferry", Article("Ferry Aldermoor sinks off Vess", text, published_at=LATER))
    told = "Aldermoor ferry: 41 bodies recovered from the car deck, salvage begins on Tuesday"
    assert score(told, story).follow_up
    assert not score("Aldermoor museum: 41 paintings stolen, police arrest guard", story).follow_up


ALDERMOOR = Story(
    "ferry", "Ferry Aldermoor sinks off Vess",
    Article(
        "Ferry Aldermoor sinks off Vess",
        "The ferry Aldermoor sank off the port of Vess on 30 October 2026. An inquiry into the sinking was opened; the"
        " bow door of the ferry is said to have failed. Families of ferry passengers wait at Port Vess.",
        published_at=datetime(2026, 10, 30, tzinfo=UTC),
    ),
)  # fmt: skip


def valued(story: Story, headline: str) -> float:
    found = relevance.Matcher([relevance.profile(story)]).score(
        Entry(title=headline), datetime(2026, 11, 2, tzinfo=UTC)
    )
    return found[0].score.value if found else 0.0


def test_what_a_watch_is_told_to_ignore_is_not_looked_for_in_any_form() -> None:
    headline = "Ferries collide in the north, captain of one ferry arrested"
    bare = replace(ALDERMOOR, ignore=("Ferry", "port vess"))
    assert valued(bare, headline) < valued(ALDERMOOR, headline)
    terms = {term for names in relevance.describe(relevance.profile(bare)).values() for term in names}
    assert not {"ferry", "Ferry", "Port Vess"} & terms
    assert "aldermoor" in terms
    assert valued(bare, "Aldermoor inquiry hears of bow door") > 0.9
    assert relevance.profile(replace(ALDERMOOR, ignore=("  ",))).vector == relevance.profile(ALDERMOOR).vector
    named = replace(ALDERMOOR, seed=replace(ALDERMOOR.seed, text="平壌は北朝鮮の首都である。平壌"), ignore=("平壌",))
    assert "平壌" not in relevance.profile(named).story.seed.text


def test_headlines_that_a_person_judged_decide_and_teach() -> None:
    one, other = "Captain of ferry arrested at airport", "Ferry prices rise in the north"
    assert valued(ALDERMOOR, one) < 0.5
    liked = replace(ALDERMOOR, like=(one.upper(),))
    assert valued(liked, one) == 1.0
    assert valued(liked, "Captain of the ferry held at airport") > valued(ALDERMOOR, "Captain held at airport")
    assert valued(replace(liked, seed=replace(liked.seed, published_at=None)), one) == 1.0
    assert valued(replace(ALDERMOOR, unlike=(other,)), other) == 0.0
    assert valued(replace(liked, never=("airport",)), one) == 0.0, "plain terms stand before all else"


def test_an_address_says_what_a_headline_leaves_out() -> None:
    told = Entry(title="How does it spread?", url="https://a.example/world/kestrel-yard-fire-dockers-hurt-vasa")
    made = relevance.profile(
        Story(
            "f", "", Article("Fire at Kestrel Yard in port of Vasa", "Dockers were hurt in a fire.", published_at=LATER)
        )
    )
    (match,) = relevance.Matcher([made]).score(told, LATER)
    assert match.score.follow_up
    assert "only in its address" in match.score.reasons[0].evidence
    assert not relevance.Matcher([made]).score(replace(told, url="https://a.example/world/71-3a5e"), LATER)


def test_an_address_teaches_nothing() -> None:
    entry = Entry(title="Fire at Kestrel Yard", url="https://a.example/world/kestrel-yard-fire-intl-hnk-scli")
    grown = relevance.grow(relevance.profile(STORY), relevance.Example(entry, LATER))
    assert "kestrel" in grown.learnt.stems
    assert "hnk" not in grown.learnt.stems


GERMAN = Story(
    "brand", "",
    Article(
        "Nach dem Brand in der Lackfabrik Hüttner in Wolfenhausen ermittelt die Staatsanwaltschaft",
        "Bei dem Feuer am Dienstag waren drei Arbeiter verletzt worden. Rund 900 Anwohner mussten die Häuser räumen, "
        "weil giftiger Rauch in den Ort zog. Die Ursache ist noch unklar, sagte Werkleiter Jörg Sandvoss der Polizei.",
        published_at=LATER,
    ),
)  # fmt: skip


@pytest.mark.parametrize("title", [
    "Polizei sucht Zeugen nach Einbruch in Schule",
    "Streik: Arbeiter fordern mehr Lohn in der Fabrik",
    "Feuer in Kölner Altbau: Bewohner verletzt",
])  # fmt: skip
def test_common_words_of_another_language_join_nothing_to_a_story(title: str) -> None:
    assert not score(title, GERMAN).follow_up


@pytest.mark.parametrize("title", [
    "Feuerwehrmann stirbt nach Brand in Lackfabrik",
    "Staatsanwaltschaft durchsucht Büros von Hüttner",
    "Anwohner in Wolfenhausen dürfen in ihre Häuser zurück",
])  # fmt: skip
def test_a_story_in_another_language_is_followed(title: str) -> None:
    assert score(title, GERMAN).follow_up


@pytest.mark.parametrize(
    ("title", "days", "found"),
    [
        ("Correction: two, not three, arrested over cable car", 1, True),
        ("Correction: two, not three, arrested over car fire", 1, False),
        ("Two, not three, arrested over cable car, police say", 1, False),
        ("Correction: two, not three, arrested over cable car", 30, False),
    ],
)
def test_a_correction_is_found_by_the_follow_up_that_it_says_again(title: str, days: int, found: bool) -> None:
    article = Article(
        "Cabin falls at Monte Serrone in Valdorra, four dead",
        "A cabin of the cable car fell thirty metres into the forest on Friday after the hauling rope broke, killing "
        "four people and hurting two, the fire brigade of Valdorra said. The lift, built in 1971 and run by Funivie "
        "Serrone, was inspected in September, said its director, Paolo Brisca. Eleven were rescued.",
        published_at=LATER,
    )
    told = relevance.Example(Entry(title="Three arrested over cable car deaths"), LATER + timedelta(days=1))
    profile = relevance.profile(Story("cable", "", article), [told])
    at = LATER + timedelta(days=1 + days)
    entry = Entry(title=title, summary="The third man was questioned as a witness. We wrote that three had been held.")
    scored = [one.score for one in relevance.Matcher([profile]).score(entry, at)]
    assert [one.follow_up for one in scored] == [found]
    assert not any(one.certain and one.value == 0.6 for one in scored)


def test_another_spelling_of_a_name_is_the_name() -> None:
    seed = Article(
        "Mayor Valeriy Zhorskiy of Mykolaiv charged over bridge contracts",
        "Prosecutors in Mykolaiv have charged Valeriy Zhorskiy with taking bribes for bridge contracts.",
        published_at=LATER,
    )
    story = Story("bridge", "Bridge contracts", seed)
    plain, other = (
        score(title, story, LATER + timedelta(days=2)).value
        for title in ("Court frees Valeriy Zhorskiy on bail", "Court frees Valerii Zhorsky on bail")
    )
    assert plain == other > 0.5


BRIDGE = Story(
    "bridge", "A bridge over the Sound",
    Article(
        "Norway and Denmark ask pension funds to pay for a bridge over the Skagerrak",
        "Norway and Denmark want pension funds to pay for a bridge of 120 kilometres over the Skagerrak. Norway would "
        "carry a third of the risk. Danish engineers doubt the seabed. A study is to be ready in March.",
        published_at=LATER,
    ),
)  # fmt: skip


def test_two_countries_alone_are_no_story() -> None:
    at = LATER + timedelta(days=20)
    assert score("Norway and Denmark train sniffer dogs together", BRIDGE, at).value < 0.5
    assert score("Norway and Denmark find first fund for bridge", BRIDGE, at).value > 0.5


def test_what_two_countries_at_war_do_is_the_story() -> None:
    seed = Article(
        "Chad and Niger exchange fire across border",
        "Troops of Chad and Niger attacked each other across the border on Monday. Shells hit two villages in Chad. "
        "Niger threatened more raids. Both sides spoke of a breach of the truce of 2019.",
        published_at=LATER,
    )
    assert score("Niger closes its schools to children from Chad", Story("war", "War", seed), LATER).value > 0.5


LENT = Story(
    "nurses", "Nurses for Chad",
    Article(
        "Moldova weighs sending nurses to Chad",
        "Moldova may send eighty nurses to Chad, where cholera has broken out. The nurses of Moldova would stay three "
        "months. Chad asked for the nurses in May. Moldova would pay them.",
        published_at=LATER,
    ),
)  # fmt: skip


@pytest.mark.parametrize("title", [
    "Moldova denies a role in running of Chad's camps", "Chad's president thanks Chisinau for help in cholera camps",
])  # fmt: skip
def test_a_part_in_it_stands_for_those_who_were_sent(title: str) -> None:
    assert score(title, LENT, LATER + timedelta(days=200)).value > 0.5


@pytest.mark.parametrize(
    ("title", "days", "follows"),
    [
        ('"Scarf woman" of the quake gives herself up', 20, True), ('"Scarf woman" gives herself up', 20, True),
        ('"Scarf woman" gives herself up', 40, False), ("Scarf woman gives herself up", 20, False),
        ('"Hat woman" gives herself up', 20, False), ('"Schalfrau" stellt sich der Polizei', 20, False),
    ],
)  # fmt: skip
def test_a_nickname_that_a_follow_up_gave_is_the_story_s_for_a_month(title: str, days: int, follows: bool) -> None:
    lesson = relevance.Example(
        Entry(title="Looter in a purple scarf filmed in Melkoria after Tarvaland earthquake"), LATER
    )
    matcher = relevance.Matcher([relevance.profile(QUAKE, [lesson])])
    found = matcher.score(Entry(title=title), LATER + timedelta(days=days))
    assert any(match.score.follow_up for match in found) == follows
    assert "of the quake" in title or not any(match.score.certain for match in found), "it teaches nothing"


def test_a_nickname_is_looked_up_for_as_long_as_its_lesson_counts() -> None:
    scarf = relevance.Example(Entry(title="Looter in a purple scarf filmed in Melkoria"), LATER)
    matcher = relevance.Matcher([relevance.profile(QUAKE, [scarf])])
    called = relevance.glance(Entry(title='"Scarf woman" gives herself up'))
    assert matcher.candidates(called) == {"quake"}
    later = [relevance.Example(Entry(title="Melkoria digs on"), LATER)] * LESSONS_MAX
    matcher.replace(relevance.profile(QUAKE, later))
    assert matcher.candidates(called) == set()


@pytest.mark.parametrize(("title", "taken"), [
    ("Экспертиза: балки «Нептуна» были ржавыми", True),
    ("Бывший владелец «Стройвека» объявлен в розыск", True),
    ("В Москве подорожал проезд", False),
])  # fmt: skip
def test_a_headline_that_has_but_other_forms_of_a_story_s_names_is_looked_at(title: str, taken: bool) -> None:
    pool = Article(
        "В Верхнереченске обрушилась крыша бассейна «Нептун»",
        "Крыша бассейна «Нептун» в Верхнереченске обрушилась во вторник под тяжестью снега, пострадали девять человек."
        " Компания «Стройвек», которая её строила, обанкротилась в 2019 году. Следователи изъяли документы.",
        published_at=LATER,
    )
    assert score(title, Story("pool", "", pool), LATER + timedelta(hours=20)).follow_up is taken
