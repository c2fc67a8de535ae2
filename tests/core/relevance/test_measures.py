"""What an entry shares with a story and what speaks against, each measure by itself."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core import relevance
from monitor.core.relevance import measures
from monitor.core.relevance.features import read
from monitor.model import Article, Entry, Story

AT = datetime(2026, 3, 4, tzinfo=UTC)
STORY = Story(
    "spill", "Tanker Orsolya spills oil off Brekholm",
    Article(
        "Tanker Orsolya spills oil off Brekholm",
        "The tanker Orsolya ran aground off Norway on Tuesday. The harbour office of Brekholm closed the sound.",
        published_at=AT,
    ),
)  # fmt: skip


def measured(
    title: str, days: int = 1, story: Story = STORY, taught: tuple[str, ...] = (), text: str = ""
) -> dict[str, float]:  # fmt: skip
    at = AT + timedelta(days=days)
    profile = relevance.profile(story, [relevance.Example(Entry(title=one), AT) for one in taught])
    reading = read(Entry(title=title, summary=text))
    agreed = measures.agreement(profile, reading, at)
    return measures.measure(profile, reading, at, measures.terms(profile, reading), agreed)


def test_rare_shared_words_are_likely_and_strange_ones_cost() -> None:
    near, far = measured("Orsolya still leaks off Brekholm"), measured("Rates rise as markets wait for central bank")
    assert near["likelihood"] > 5 > 0 > far["likelihood"]
    assert near["name"] > far["name"] == 0


def test_other_names_countries_and_figures_speak_against() -> None:
    other = measured("Tanker Valmira spills 900 tonnes of oil off Peru")
    assert other["foreign_names"] > measured("Tanker spills oil")["foreign_names"] == 0
    assert other["foreign_actors"] == 1
    assert other["foreign_numbers"] == 1


def test_a_story_is_silent_since_its_nearest_lesson_or_its_seed() -> None:
    text = "The crew of the tanker were brought ashore by the harbour office. " * 6
    assert measured("Crew ashore", days=20, text=text)["silence"] == pytest.approx(math.log1p(20))
    profile = relevance.profile(STORY, [relevance.Example(Entry(title="Orsolya leaks"), AT + timedelta(days=18))])
    reading, at = read(Entry(title="Crew ashore", summary=text)), AT + timedelta(days=20)
    found = measures.measure(profile, reading, at, measures.terms(profile, reading), 0.0)
    assert found["silence"] == pytest.approx(math.log1p(2))


def test_what_is_of_another_country_alone_is_elsewhere() -> None:
    nowhere = replace(STORY, seed=replace(STORY.seed, text="The tanker Orsolya ran aground on Tuesday."))
    assert measured("Tanker spills oil off Peru")["elsewhere"] == 1
    assert measured("Peru helps Norway to clean the sound")["elsewhere"] == 0
    assert measured("Peru asks owner of Orsolya for proof")["elsewhere"] == 0
    assert measured("Tanker spills oil off Peru", story=nowhere)["elsewhere"] == 0
    assert measured("Tanker spills oil off Peru", text="The owner has sold it. " * 20)["elsewhere"] == 0


REEFS = Story(
    "reefs", "",
    Article(
        "Central American states look at fining Taiwanese longliners that cut reefs",
        "The governments of Central America study how to fine longliners, most of them of owners in Taiwan, whose "
        "lines cut the reefs. Costa Rica fined one in May. Taiwan called the fine arbitrary. Taiwan's fishers pay.",
        published_at=AT,
    ),
)  # fmt: skip


def test_every_country_of_a_region_is_the_story_s_and_those_of_another_are_not() -> None:
    honduras, fiji = measured("Honduras fines Taiwanese longliner", story=REEFS), measured(
        "Fiji fines Taiwanese longliner", story=REEFS
    )  # fmt: skip
    assert (honduras["foreign_actors"], honduras["elsewhere"]) == (0, 0)
    assert (fiji["foreign_actors"], fiji["elsewhere"]) == (1, 1)
    assert honduras["home_actors"] > fiji["home_actors"]
    assert measured("Taiwan calls reef fines arbitrary", story=REEFS)["elsewhere"] == 0


def test_a_headline_of_sport_is_of_no_other_story() -> None:
    assert measured("Brekholm netball league spills over into Norway")["leisure"] == 1
    assert measured("Orsolya spill reaches Brekholm")["leisure"] == 0
    cup = Story("cup", "", Article("Goalkeeper Orsolya banned from cup", "He took money.", published_at=AT))
    assert measured("Orsolya back in league", story=cup)["leisure"] == 0


@pytest.mark.parametrize(("title", "held"), [
    ("Orsolya wins harbour prize of the year", 2), ("Brekholm opens new oil museum", 2),
    ("Orsolya celebrates 40 years", 2),
    ("Man arrested as Brekholm opens oil museum", 0), ("Brekholm wins appeal over spill", 0),
    ("How Norway won the biggest prize", 0),
])  # fmt: skip
def test_prizes_and_ribbons_are_of_no_other_story(title: str, held: int) -> None:
    assert measured(title)["leisure"] == held


def test_they_are_of_a_story_of_a_prize() -> None:
    prize = Story("prize", "", Article("Orsolya wins medal for rescue", "She took it.", published_at=AT))
    assert measured("Orsolya wins second medal", story=prize)["leisure"] == 0


def test_what_nature_does_to_a_country_of_the_story_is_another_matter() -> None:
    assert measured("Typhoon kills twelve off Norway")["elsewhere"] == 1
    assert measured("Storm spreads oil of the Orsolya")["elsewhere"] == 0
    quake = Story("quake", "", Article("Earthquake shakes Brekholm", "Roofs fell in Norway.", published_at=AT))
    assert measured("Second earthquake off Norway", story=quake)["elsewhere"] == 0


def test_what_happens_is_at_home_or_foreign() -> None:
    assert measured("Orsolya crew go on strike over pay")["foreign_act"] > 0
    assert measured("Orsolya aground: oil spills on")["foreign_act"] == 0


def test_what_lessons_say_is_known_but_one_lesson_makes_no_name() -> None:
    before, once = measured("Captain Hallgrim held"), measured("Captain Hallgrim held", taught=("Hallgrim held",))
    twice = measured("Captain Hallgrim held", taught=("Hallgrim held", "Police question Hallgrim"))
    assert before["foreign_names"] == once["foreign_names"] > twice["foreign_names"]
    assert twice["likelihood"] > before["likelihood"]


@pytest.mark.parametrize(
    ("title", "namesake"),
    [
        ("Orsolya captain arrested", 0.5), ("Orsolya owner sued in Peru", 0.5), ("Orsolya leaks oil", 0.0),
        ("Orsolya sold at auction", 1.0), ("Orsolya wins award", 1.0), ("Orsolya sponsors regatta", 1.0),
        ("Orsolya crew go on strike over pay", 1.0),
        ("Police arrest thief of Orsolya paintings at gallery opening", 1.0),
    ],
)  # fmt: skip
def test_what_may_follow_any_event_is_half_a_namesake(title: str, namesake: float) -> None:
    assert measured(title)["namesake"] == namesake


@pytest.mark.parametrize(
    ("title", "namesake"),
    [
        ("Skolnes school gets a second teacher", 1.0), ("Ferry to Skolnes and Vardby cancelled", 1.0),
        ("Skolnes lighthouse reaches new site", 0.0), ("Vollan leaves Skolnes", 0.0),
        ("Vollan writes memoir", 0.0), ("Bishop of Skolnes wins award", 1.0),
        ("Bakers of Vardby and Skolnes agree on prices", 1.0), ("Grénholt airport gets runway", 1.0),
        ("Tofte airport gets runway", 1.0), ("Skolnes man charged with theft", 1.0),
        ("Lyngby airport gets runway", 0.0),
    ],
)  # fmt: skip
def test_the_places_of_a_story_alone_are_a_namesake_whatever_happens_there(title: str, namesake: float) -> None:
    text = (
        "GRÉNHOLT - The tower in Skolnes is to be pushed inland, Vollan says. Machines are loaded at Vardby; 340 live "
        "on Skolnes, north of Tofte. So Grénholt paid, and Tofte did not."
    )
    story = Story("light", "", Article("Lighthouse of Skolnes to move inland", text, published_at=AT))
    below = "It was said so yesterday by those who know it best and wish well."
    assert measured(title, story=story, text=below)["namesake"] == namesake
    assert measured(title, story=story)["namesake"] == namesake


def test_age_grows_and_pace_counts_the_last_days() -> None:
    assert measured("Orsolya", days=300)["age"] > measured("Orsolya", days=3)["age"]
    assert measured("Orsolya", days=1, taught=("Orsolya leaks",))["pace"] > measured("Orsolya", days=1)["pace"]
    assert measured("Orsolya", days=30, taught=("Orsolya leaks",))["pace"] == 0


@pytest.mark.parametrize("title", ["", "!!!", "北" * 200, "A " * 400, "1 2 3 4"])
def test_any_headline_can_be_measured(title: str) -> None:
    assert all(math.isfinite(value) for value in measured(title).values())
