"""A story as cards: who leads, what stands beside the steps, silences; and who told what."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

from monitor.core.presentation import coverage, timeline
from monitor.model import Gap
from tests.stores.made import DAY, HOUR, NOW, alert, decision, sighting


def made(number: int, development: str, source: str, at: timedelta, **changes: object) -> object:
    return decision(
        sighting(number), development=development, source_id=source, at=NOW + at, origin="an agency", **changes
    )


TOLD = alert("1", development="d1")
DECISIONS = [
    made(1, "d1", "post", timedelta()), made(2, "d1", "herald", HOUR, alert_id=TOLD.id),
    made(3, "d1", "ledger", 2 * HOUR, verdict="repeat"), made(4, "d2", "post", 30 * DAY),
]  # fmt: skip


def test_the_report_that_was_told_leads_and_steps_are_numbered_in_time() -> None:
    newest, oldest = timeline.cards(DECISIONS, [(TOLD, True)])
    assert (newest.number, oldest.number) == (2, 1)
    assert (oldest.source, oldest.path, oldest.unread) == ("herald", f"/alerts/{TOLD.id}", True)
    assert [each.source_id for each in oldest.others] == ["post", "ledger"]
    assert newest.silence == 30 * DAY - HOUR
    assert oldest.silence is None
    assert timeline.origins([newest, oldest]) == {"an agency": [2, 1]}


def test_one_voice_is_one_origin_under_its_fullest_name_and_two_are_two() -> None:
    names = ("Brandt", "Tomas Brandt", "operator", "operator Sylva Minerals", "Governor Varga", "")
    rows = [replace(made(n, "d1", "post", n * HOUR), origin=name) for n, name in enumerate(names, 1)]
    (card,) = timeline.cards(rows, [])
    fullest = {"Tomas Brandt": [1], "operator Sylva Minerals": [1], "Governor Varga": [1]}
    assert timeline.origins([card]) == fullest
    assert all(name in timeline.state([card], NOW + DAY, UTC)[-1][1] for name in fullest)


def test_a_correction_is_a_card_of_its_own_and_marks_its_step() -> None:
    fix = replace(alert("fix", NOW + DAY, kind="story.correction"), development="d1", revision=2)
    cards = timeline.cards(DECISIONS, [(TOLD, False), (fix, True)])
    assert [(card.number, card.tag.word) for card in cards] == [(2, "New"), (0, "Correction"), (1, "New")]
    assert cards[2].corrected
    assert "version 2" in cards[1].notes


def test_nothing_yet() -> None:
    assert timeline.cards([], []) == []
    assert timeline.state([], NOW, NOW.tzinfo)[0][1] == "Nothing of this story was seen yet."


def test_who_told_what() -> None:
    cards = timeline.cards(DECISIONS, [(TOLD, False)])
    gap = Gap("herald", NOW + 30 * DAY - HOUR, NOW + 30 * DAY + HOUR)
    days = {"ledger": {f"{NOW + 30 * DAY:%Y-%m-%d}": (4, 4, 0)}}
    blind = coverage.blindness([gap], days)
    steps, rows = coverage.matrix(cards, ["herald", "post", "ledger", "silent"], blind)
    assert [card.number for card in steps] == [1, 2]
    assert dict(rows) == {
        "herald": ["too", "blind"], "post": ["first", "first"], "ledger": ["too", "blind"], "silent": ["none", "none"],
    }  # fmt: skip


def test_where_it_stands_in_a_sentence() -> None:
    cards = timeline.cards(DECISIONS, [(TOLD, False)])
    soon = " ".join(words for _, words in timeline.state(cards, NOW + 30 * DAY + HOUR, NOW.tzinfo))
    assert soon.startswith("Moved today at ")
    assert "after 29 days of silence" in soon
    assert "1 outlet tells it, traced to an agency." in soon
    late = " ".join(words for _, words in timeline.state(cards, NOW + 60 * DAY, NOW.tzinfo))
    assert late.startswith("Quiet for 30 days, since 28 April 2026:")
