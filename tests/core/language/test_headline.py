"""What a headline itself says: without the name behind it, by its main clause, and whether it only explains."""

from __future__ import annotations

import pytest

from monitor.core.language import headline
from monitor.core.text import words


@pytest.mark.parametrize(
    ("title", "content"),
    [
        ("Mill owner fined over river spill - Valley Courier", "Mill owner fined over river spill"),
        ("Mill owner fined over river spill | BBC News", "Mill owner fined over river spill"),
        ("Mill owner fined over river spill — prosecutor", "Mill owner fined over river spill"),
        ("River spill – two dead", "River spill – two dead"),
        ("Mill owner fined over spill - 40 farms closed", "Mill owner fined over spill - 40 farms closed"),
        ("Spill-proof - at last", "Spill-proof - at last"),
        ("Mill owner fined over spill | Valley Courier - Reuters", "Mill owner fined over spill"),
    ],
)  # fmt: skip
def test_the_name_behind_a_headline_is_no_part_of_it(title: str, content: str) -> None:
    assert headline.content(title) == content


def test_what_is_joined_to_the_main_clause_was_told_before() -> None:
    folded = words("Bridge reopens after lorry crash")
    assert folded[: headline.main_clause(folded)] == ["bridge", "reopens"] or headline.main_clause(folded) == 5
    folded = words("Old iron bridge reopens after lorry crash")
    assert folded[: headline.main_clause(folded)] == ["old", "iron", "bridge", "reopens"]


@pytest.mark.parametrize(
    "title",
    ["What to know about the mill fire", "Explained: the river treaty", "Who is Anna Holt, the new harbour master?",
     "How the ferry sank", "Timeline of a landslide", "The mill fire in pictures", "Could the dam have held?",
     "The court's order, in plain language", "Mill fire: what we know so far",
     "What is in the river treaty? Six questions answered", "Three big questions about the mill fire",
     "Großbrand in Sunne: Was wir wissen", "Incendie du moulin : ce que l'on sait"],
)  # fmt: skip
def test_explainers_are_known_by_their_form(title: str) -> None:
    assert headline.explains(title)


@pytest.mark.parametrize(
    "title",
    ["Mill owner arrested", "Who is Anna Holt? New harbour master says she will quit", "Outbreak over: WHO",
     "Mill fire update: why the owner was arrested", "Minister explains himself to parliament",
     "Minister faces questions over mill fire", "MP asks six questions about mill fire"],
)  # fmt: skip
def test_news_is_no_explainer(title: str) -> None:
    assert not headline.explains(title)


@pytest.mark.parametrize(
    "title",
    ["Viewpoint: Without Sorrel Ridge no green Europe", "The Long Dig (podcast, episode 12): Sorrel Ridge",
     "Picture gallery: Kelmouth queues for water", "The Saturday quiz", "Long read: the night the roof fell",
     "The week in brief: Orvane mourns, mayor quits", "Orvane's dead deserve an answer | Opinion",
     "Kommentar: Orvane braucht Antworten", "Op-ed: Trident must be broken up"],
)  # fmt: skip
def test_a_column_tells_no_news(title: str) -> None:
    assert headline.explains(title)


@pytest.mark.parametrize(
    "title",
    ["Quiz show host arrested over Orvane fraud", "Opinion poll: two in three want Orvane mayor to go",
     "Orvane gallery reopens after roof collapse", "Photos show cracks in Orvane roof months before collapse",
     "Letter warned Orvane council of roof danger in 2024", "Brief blackout hits Kelmouth after pump fails",
     "Editorial staff of Orvane Courier walk out"],
)  # fmt: skip
def test_news_about_columns_is_news(title: str) -> None:
    assert not headline.explains(title)


@pytest.mark.parametrize(
    "title",
    [
        "The week in Selovo: cubs, leaks and a minister gone", "Leak, storm and a lynx: your evening briefing",
        "Selovo this week", "This week in politics: a minister quits", "Varnia news round-up", "The year in review",
        "Today's top stories: exam leak, storm", "Newsletter: the exam leak", "Front pages: minister gone",
    ],
)  # fmt: skip
def test_round_ups_are_of_everything(title: str) -> None:
    assert headline.sums_up(title)
    assert headline.explains(title)


@pytest.mark.parametrize(
    "title",
    [
        "Leak case goes to trial this week", "The day the lake burst", "Police round up forty suspects",
        "Last night's storm: two dead", "This week's strike: trains to stop", "Week of strikes begins",
        "Minister briefs press on this morning's blast", "Last week's blast: inquiry opens",
    ],
)  # fmt: skip
def test_news_of_a_week_is_no_round_up(title: str) -> None:
    assert not headline.sums_up(title)
