"""What is left of two headlines when the story's own words weigh nothing."""

from __future__ import annotations

from monitor.core.novelty import wording

TOLD = [
    wording.read(title)
    for title in (
        "Ferry Aldermoor sinks off Vess",
        "Divers search ferry Aldermoor off Vess",
        "Ferry Aldermoor: crew rescued off Vess",
        "Owner of ferry Aldermoor questioned in Vess",
    )
]


def test_words_of_every_headline_weigh_next_to_nothing() -> None:
    story = wording.StoryWords(TOLD)
    assert story.weight("aldermoor") < 0.25 * story.weight("diver")


def test_story_words_alone_make_nothing_alike() -> None:
    story = wording.StoryWords(TOLD)
    one, other = (
        wording.read("Ferry Aldermoor museum opens in Vess"),
        wording.read("Ferry Aldermoor captain jailed in Vess"),
    )
    copy = wording.read("Museum of the ferry Aldermoor opens its doors in Vess")
    assert story.alike(one.terms, other.terms) < 0.15 < 0.5 < story.alike(one.terms, copy.terms)


def test_a_place_is_one_word_under_all_its_names() -> None:
    assert wording.read("Britain bans mink farms").terms & wording.read("UK to ban mink farms").terms >= {
        "mink",
        "farm",
    }
    assert any(
        t.startswith("place:") for t in wording.read("Britain bans mink").terms & wording.read("UK bans mink").terms
    )


def test_the_clause_leaves_out_what_is_joined_to_it() -> None:
    said = wording.read("Harbour master resigns after ferry Aldermoor sinking")
    assert "resign" in said.clause and "aldermoor" not in said.clause
    assert [act.word for act in said.clause_acts] == ["resigns"]


def test_nothing_told_weighs_by_the_news_alone() -> None:
    story = wording.StoryWords([])
    assert story.weight("aldermoor") > story.weight("say") >= 0
    assert story.alike(frozenset(), frozenset()) == 0.0
