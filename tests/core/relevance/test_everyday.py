"""A word that a source writes every day says little in its entries."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.core import count_min, relevance
from monitor.core.language import rarity
from monitor.core.relevance import Example, everyday
from monitor.model import Article, Entry, Everyday, Story

AT = datetime(2026, 5, 14, tzinfo=UTC)
STORY = Story(
    "mill", "Shooting at the mill",
    Article(
        "Gunman kills three at Brackwater mill",
        "A gunman shot dead three workers at the Brackwater paper mill. Police in Brackwater arrested a former worker, "
        "Denzil Orrock. Prosecutors said he would be charged with murder.",
        published_at=AT,
    ),
)  # fmt: skip


def knowing(words: dict[str, int], entries: int = 400) -> Everyday:
    return Everyday(entries, count_min.of(words))


def daily(words: dict[str, int], entries: int = 400) -> set[str]:
    """Which of these words say less there than elsewhere."""
    weigh = everyday.weights(knowing(words, entries))
    return {word for word in words if weigh(word) != rarity.of(word)}


def times(known: Everyday, word: str) -> int:
    return count_min.count(count_min.load(known.cells), word)


def score(title: str, known: Everyday) -> float:
    matcher = relevance.Matcher([relevance.profile(STORY)])
    found = matcher.score(Entry(title=title), AT, everyday=everyday.weights(known))
    return found[0].score.value if found else 0.0


def counted(title: str, summary: str = "") -> frozenset[str]:
    return everyday.counted(relevance.glance(Entry(title=title, summary=summary)))


def test_the_name_of_the_town_says_little_in_the_town_s_own_paper() -> None:
    title = "Man shot by police in Brackwater"
    assert score(title, knowing({"brackwat": 130})) < 0.5 < score(title, Everyday())


def test_the_reasons_say_that_a_word_is_of_every_day_there() -> None:
    matcher, weights = relevance.Matcher([relevance.profile(STORY)]), everyday.weights(knowing({"brackwat": 130}))
    (match,) = matcher.score(Entry(title="Man shot by police in Brackwater"), AT, everyday=weights)
    assert any("its source writes 'brackwater' every day" in reason.evidence for reason in match.score.reasons)


def test_the_story_is_still_found_there_by_what_is_its_own() -> None:
    assert score("Denzil Orrock charged with murder of three mill workers", knowing({"brackwat": 130})) > 0.5


@pytest.mark.parametrize(("number", "entries"), [(0, 400), (9, 1950), (6, 60), (9, 20)])
def test_a_word_that_is_rare_there_or_of_a_source_hardly_known_says_what_it_says_elsewhere(
    number: int, entries: int
) -> None:
    assert daily({"brackwat": number}, entries) == set()


def test_a_name_that_follow_ups_brought_is_the_story_s_though_its_paper_now_writes_it_every_day() -> None:
    lessons = [
        Example(Entry(title=f"Tavish Quell {acts} over shooting at Brackwater mill"), AT)
        for acts in ("arrested", "questioned", "held")
    ]
    matcher = relevance.Matcher([relevance.profile(STORY, lessons)])
    weights = everyday.weights(knowing({"quell": 60, "tavish": 60}))
    scores = [
        matcher.score(Entry(title="Tavish Quell charged with murder"), AT, everyday=known)[0].score.value
        for known in (rarity.of, weights)
    ]
    assert weights("quell") != rarity.of("quell")
    assert scores[0] == scores[1]


def test_what_one_follow_up_happened_to_say_is_not_the_story_s_where_its_paper_writes_it_every_day() -> None:
    lesson = Example(Entry(title="Shooting at Brackwater mill: wounded flown to Halloway"), AT)
    matcher = relevance.Matcher([relevance.profile(STORY, [lesson])])
    entry = Entry(title="Halloway hospital near Brackwater opens ward for workers")
    known, unknown = (
        matcher.score(entry, AT, everyday=weigh) for weigh in (everyday.weights(knowing({"halloway": 60})), rarity.of)
    )
    assert known[0].score.value < unknown[0].score.value


def test_the_words_that_a_feed_was_searched_for_say_what_they_say_elsewhere() -> None:
    assert daily({"brackwat": 380, "orrock": 250}) == set()
    assert daily({"brackwat": 230}) == {"brackwat"}


def test_a_word_of_every_day_never_says_more_than_elsewhere() -> None:
    weigh = everyday.weights(knowing({"counti": 100, "brackwat": 240}))
    assert weigh("brackwat").rarity < 0.1 < rarity.weight("brackwat")
    assert weigh("counti").rarity <= rarity.weight("counti")
    assert weigh("counti").chance >= rarity.chance("counti")


def test_a_county_is_of_every_day_at_one_in_two_hundred_and_what_all_news_write_is_not() -> None:
    assert daily({"brackwat": 10, "ukrain": 100}, 1900) == {"brackwat"}


def test_headline_and_first_sentences_count_common_words_and_figures_do_not() -> None:
    stems = counted("Brackwater choir sings for the first time in 30 years", "The Halloway hall was full.")
    assert {"brackwat", "halloway"} <= stems
    assert stems.isdisjoint({"the", "30", "first", "year"})


def test_what_is_no_word_is_not_counted() -> None:
    assert counted("Zorblatt " + "x" * 400) == {"zorblatt"}


def test_what_was_written_long_ago_counts_less() -> None:
    old = everyday.learn(Everyday(), [frozenset({"flood"})] * everyday.ENTRIES_MAX)
    new = everyday.learn(old, [frozenset({"strike"})] * 500)
    assert new.entries <= everyday.ENTRIES_MAX
    assert times(new, "flood") < times(old, "flood")
    assert times(new, "strike") == 250


def test_what_is_noted_weighs_as_what_is_counted_in() -> None:
    entries = [frozenset({"brackwat", f"word{number}"}) for number in range(60)]
    counted_in = everyday.learn(knowing({"harbour": 40}, 200), entries)
    noted = replace(knowing({"harbour": 40}, 200), noted=everyday.noted(entries))
    assert everyday.counted_in(noted) == counted_in
    assert everyday.weights(noted)("brackwat") == everyday.weights(counted_in)("brackwat") != rarity.of("brackwat")


def test_entries_that_are_only_noted_are_enough_for_words_to_tell() -> None:
    few = Everyday(noted=everyday.noted([frozenset({"brackwat"})] * (everyday.ENTRIES_MIN - 1)))
    assert everyday.weights(few)("brackwat") == rarity.of("brackwat")
    enough = replace(few, noted=few.noted + everyday.noted([frozenset()]))
    assert everyday.counted_in(enough).entries == everyday.ENTRIES_MIN


def test_a_source_is_not_asked_for_what_is_weighed_nowhere() -> None:
    asked = []
    weigh = everyday.Weights(lambda: asked.append(1) or knowing({"brackwat": 100}))
    assert asked == []
    assert weigh("brackwat") == weigh("brackwat") == everyday.weights(knowing({"brackwat": 100}))("brackwat")
    assert asked == [1]
