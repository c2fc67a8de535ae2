"""What an alert says: who else reports it, who still carries an old fact, what became of a source."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.core.decisions import alerts
from monitor.core.delivery import messages
from monitor.core.delivery.messages import words
from monitor.model import (
    Candidate,
    Decision,
    Reason,
    Revision,
    Score,
    SourceStatus,
    StoryReport,
    StoryState,
    TextChange,
)
from tests.core.decisions.made import DAY, HERALD, HOUR, NOW, STORY, entry, report, sighting


def candidate(*members: StoryReport) -> Candidate:
    memory = StoryState(STORY.id, members=members, last_development_at=NOW - 40 * DAY)
    return Candidate(STORY, HERALD, sighting(entry("Rhine bridge reopens", id="urn:1")), memory, NOW)


DECISION = Decision(
    entry_key="urn:1", story_id=STORY.id, source_id=HERALD.id, entry_id="urn:1", at=NOW, title="Rhine bridge reopens",
    url="https://herald.example/1", revision=1, score=Score(0.9, 0.5, follow_up=True), verdict="development",
    development="d-1", origin="City",
)  # fmt: skip
FIGURE = TextChange("figure", "300 men", "500 men", "")


def test_an_alert_names_who_else_tells_the_same_development() -> None:
    fellow, other = report("x", "Bridge open again", development="d-1", origin="Police"), report("y", "Bridge sold")
    alert = alerts.of_entry("story.development", candidate(fellow, other), DECISION)
    assert [each.title for each in alert.also_reported_by] == ["Bridge open again"]
    assert (alert.article_source, alert.story_title) == ("The Herald", STORY.title)
    assert alert.id == alerts.of_entry("story.development", candidate(), DECISION).id, "an id is made of content"


def test_what_somebody_called_important_is_urgent() -> None:
    alert = alerts.of_entry("story.development", candidate(), DECISION)
    assert alerts.raised(alert, {"d-1"}).severity == "high"
    assert alerts.raised(alert, {"d-2"}) is alert


@pytest.mark.parametrize(
    ("change", "carrying"),
    [
        (FIGURE, ["a"]),
        (TextChange("name", "Anna Berg", "Anne Berg", ""), ["b"]),
        (TextChange("text", "300 men", "many men", ""), []),
        (TextChange("figure", "", "500 men", ""), []),
    ],
)
def test_a_correction_names_who_still_carries_the_old_fact(change: TextChange, carrying: list[str]) -> None:
    members = (
        report("a", "300 men at the bridge"), report("b", "Anna Berg visits the bridge"),
        report("c", "500 men, not 300 men, at the bridge"), report("d", "Anne Berg, not Anna Berg"),
        report("urn:1", "300 men and Anna Berg"),
    )  # fmt: skip
    alert = alerts.of_revision(candidate(*members), DECISION, Revision("correction", (change,)))
    assert (alert.kind, alert.severity) == ("story.correction", "high")
    assert [each.url.rpartition("/")[2] for each in alert.still_carrying] == carrying


def test_a_doubt_names_what_may_be_told_again_and_is_said_once() -> None:
    doubt = "in doubt: it may tell again what The Herald told: Bridge closed"
    reasons = (Reason("words", 0.9, 1.0, "shares 'bridge'; 0.90"), Reason("new", 0.2, 1.0, doubt))
    made = alerts.of_entry("story.development", candidate(), replace(DECISION, reasons=reasons, doubtful=True))
    assert (made.severity, made.notes) == ("low", (f"I{doubt[1:]}",))
    assert words.why(made) == ["shares 'bridge'"]
    assert messages.text(made, {}).count("Bridge closed") == 1
    unnamed = alerts.of_entry("story.development", candidate(), replace(DECISION, reasons=(), doubtful=True))
    assert unnamed.notes == ("In doubt: it may tell again what was told before",)


def test_a_silent_change_is_said_to_be_one() -> None:
    changed = Revision("revision", (FIGURE,))
    silent = alerts.of_revision(candidate(report("a", "300 men")), DECISION, replace(changed, unannounced=True))
    assert silent.notes == ("Changed without a correction note.",)
    assert silent.still_carrying == ()
    assert alerts.of_revision(candidate(), DECISION, replace(changed, unannounced=False)).notes == ()


def test_a_live_page_is_written_on_and_hides_nothing() -> None:
    hour = TextChange("date", "", "12:10", "12:10 The mayor speaks.")
    toll = TextChange("figure", "5 dead", "7 dead", "12:10 There are 7 dead.")
    changed = Revision("revision", (hour, toll), unannounced=True)
    of = candidate()
    live = replace(
        of, sighting=replace(of.sighting, entry=replace(of.sighting.entry, title="Rhine bridge live: 7 dead"))
    )
    told = alerts.of_revision(live, DECISION, changed)
    assert (told.notes, told.changes) == ((), (toll,))
    assert alerts.of_revision(of, DECISION, changed).changes == (hour, toll)


def test_trouble_with_a_source_is_told_in_words() -> None:
    status = SourceStatus(HERALD.id, "failing", error="timeout", detail="60 s", failures=4, failing_since=NOW - HOUR)
    trouble = alerts.of_source(HERALD, status, "trouble", NOW)
    assert trouble.title == "The Herald cannot be read: its server does not answer in time"
    assert trouble.summary == "4 failures in a row: 60 s. It is tried again by itself."
    gone = alerts.of_source(HERALD, replace(status, state="gone"), "trouble", NOW)
    assert "gone for good" in gone.title
    assert f"`monitor resume {HERALD.id}`" in gone.summary
    other = replace(status, state="review", detail="the feed now calls itself 'Casino'")
    review = alerts.of_source(HERALD, other, "review", NOW)
    assert "another feed" in review.title
    assert review.summary.startswith("The feed now calls itself 'Casino'. No alerts until `monitor resume")
    back = alerts.of_source(HERALD, status, "recovered", NOW)
    assert (back.kind, back.severity) == ("source.recovered", "low")
    assert len({trouble.id, review.id, back.id}) == 3


def test_a_brief_has_a_line_for_each_development_the_newest_first() -> None:
    first = report("a", "Bridge closed", at=NOW - 3 * DAY)
    same = report("b", "Bridge is closed", development="d-a", at=NOW - 2 * DAY)
    last = report("c", "Bridge sold", at=NOW - DAY)
    brief = alerts.baseline(STORY, [last, same, first], ["2 of 2 sources read."], "first", NOW)
    assert [item.title for item in brief.items] == ["Bridge sold", "Bridge closed"]
    assert "2 developments" in brief.title
    assert "nothing on this story" in alerts.baseline(STORY, [], [], "first", NOW).title
