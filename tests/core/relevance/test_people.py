"""What is done to somebody of the article whom hardly any news names is its story, whatever words the headline has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.core import count_min, relevance
from monitor.core.relevance import everyday, features, measures
from monitor.model import Article, Entry, Everyday, Story

AT = datetime(2026, 10, 5, tzinfo=UTC)
STORY = Story(
    "surgeon", "Surgeon without a degree",
    Article(
        "Surgeon at Kestervik hospital had no medical degree, inquiry finds",
        "A man who operated on more than 300 patients at Kestervik General Hospital in Norway never finished medical "
        "school. Dragnea, 44, worked there for six years. The hospital's director, Synne Haugland, apologised. A "
        "nurse, Berit Olsvik, had raised doubts. Police are considering charges, said Prime Minister Keir Starmer's "
        "office.",
        published_at=AT,
    ),
)  # fmt: skip
GERMAN = Story(
    "fluss", "Fische in der Erlau",
    Article(
        "Tonnenweise tote Fische in der Erlau: Behörden suchen nach der Ursache",
        "In der Erlau sind am Sonntag Tausende tote Fische gefunden worden. Der Leiter der Galvanik, Kaspar "
        "Trautwinkel, sagte, aus seinem Werk sei nichts ausgetreten. Die Polizei ermittelt.",
        published_at=AT,
    ),
)  # fmt: skip


def befalls(title: str, story: Story = STORY, known: Everyday | None = None) -> bool:
    entry = features.read(Entry(title=title), everyday.weights(known or Everyday()))
    return measures.befalls(relevance.profile(story), entry)


@pytest.mark.parametrize("title", [
    "Dragnea charged with fraud", "Dragnea held at Oslo airport", "Court convicts Dragnea on 31 counts",
    "Synne Haugland resigns", "Olsvik sues former employer", "Haugland questioned for six hours",
    "Haugland files released after two years", "Petition to recall Dragnea gathers 4,000 signatures",
])  # fmt: skip
def test_the_next_chapter_of_somebody_in_the_article_is_known_by_the_name_alone(title: str) -> None:
    matcher = relevance.Matcher([relevance.profile(STORY)])
    summary = "Nobody in Bergen wished to say more on Monday, as the lawyers read what had been filed over the weekend."
    (match,) = matcher.score(Entry(title=title, summary=summary), AT + timedelta(days=12))
    assert befalls(title) and match.score.value >= 0.5


@pytest.mark.parametrize("title", [
    "Haugland sings in charity choir", "Radu Dragnea arrested over Cluj drug ring", "Kestervik man charged with theft",
    "Starmer sued over donor's flat", "Haugland banned for three matches after red card in cup tie",
    "Olsvik family opens bakery", "Haugland honoured for 40 years of choirs", "Dragnea named auditor of power company",
    "Olsvik wins seat on parish council", "Haugland explains her garden",
])  # fmt: skip
def test_their_other_news_and_that_of_namesakes_places_and_the_famous_is_not(title: str) -> None:
    assert not befalls(title)


def test_a_name_that_a_source_writes_every_day_is_not_enough_there() -> None:
    often = Everyday(1900, count_min.of({"haugland": 60}))
    assert befalls("Haugland questioned over bridge") and not befalls("Haugland questioned over bridge", known=often)


def test_it_holds_in_the_article_s_language() -> None:
    assert befalls("Trautwinkel verhaftet", GERMAN) and not befalls("Trautwinkel lobt Feuerwehr", GERMAN)
