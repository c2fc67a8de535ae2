"""A flood of reports costs each a bounded number of comparisons: the newest and the nearest count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.core.novelty import claim_changes, claims, developments
from monitor.core.novelty.comparison import Development
from monitor.model import Article, Claim, Story, StoryReport, StoryState
from monitor.pipeline import watchlist
from monitor.stores import open_store

AT = datetime(2026, 3, 4, 9, tzinfo=UTC)
PARTS = ("bridge", "school", "mill", "harbour", "market", "station", "museum", "farm", "prison", "church")
DEEDS = ("floods", "evacuates", "inspects", "closes", "repairs", "blames", "visits", "sues", "films", "insures")
WHO = ("mayor", "engineer", "owner", "bishop", "miller", "tourist", "lawyer", "judge", "doctor", "fisher")


def many() -> list[Development]:
    found = []
    for number in range(300):
        who, deed, part = WHO[number % 10], DEEDS[number // 10 % 10], PARTS[number // 100 + number % 7]
        title, at = f"{who} {deed} {part} after dam breaks", AT + timedelta(minutes=number)
        member = StoryReport(f"e{number}", "o", "o", f"d{number}", "development", at, title, "", "", "")
        found.append(Development(f"d{number}", (member,), (developments.report(title, "", "o", at),)))
    return found


def test_of_many_developments_the_most_alike_are_asked() -> None:
    told = many()
    new = developments.report("judge sues owner of mill after dam breaks", "", "wire", AT + timedelta(hours=6))
    words = developments.weights(developments.SeedWords(), told)
    asked = list(developments.candidates(new, "judge sues owner of mill after dam breaks", told, words, AT))
    assert len([one for one in asked if not one.copied]) == developments.ASKED_MAX
    assert any("judge sues" in one.nearest.title for one in asked)


def killed(number: int) -> Claim:
    (found,) = claims.extract(f"{number} people were killed when the dam broke", AT, title="", source="wire")
    return found


def test_a_figure_is_held_against_the_newest_of_a_flood() -> None:
    first, flood = killed(12), [killed(40)] * claim_changes.LIKE_MAX
    assert claim_changes.compare([first, *flood[1:]], [killed(12)]) == claim_changes.Changes()
    (delta,) = claim_changes.compare([first, *flood], [killed(12)]).others
    assert (delta.before, delta.after) == ("40", "12")


def test_what_a_story_remembers_is_bounded_and_keeps_its_seed() -> None:
    story = Story(
        "dam", "Dam", Article("Dam breaks", "The dam broke and 31 people were killed, police said.", published_at=AT)
    )
    watched = watchlist.Watchlist((story,))
    store = open_store(":memory:")
    seeds = watched.memory(store, story.id, AT).claims
    assert seeds
    told = StoryState(story.id, claims=(*seeds, *[killed(9)] * (watchlist.CLAIMS_MAX + 1)))
    watched.memories[story.id] = told
    kept = watched.memory(store, story.id, AT)
    assert len(kept.claims) < watchlist.CLAIMS_MAX
    assert kept.claims[: len(seeds)] == seeds
