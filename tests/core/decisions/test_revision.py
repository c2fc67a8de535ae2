"""What a new version of an article means: told once, however often and wherever it shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.core.decisions import readings, revision
from monitor.model import Candidate, Decision, Judgement, Revision, Score, Sighting, StoryState, TextChange, ToldChange
from tests.core.decisions.made import DAY, HERALD, HOUR, NOW, STORY, entry, known, report, sighting

OLD = "The Rhine bridge closes for 3 days, the city says."
MINE = report("urn:1", "Rhine bridge closes for 3 days", OLD, source_id=HERALD.id)
FIGURE = TextChange("figure", "3 days", "9 days", "The Rhine bridge closes for 9 days.")
CHANGED = Revision("revision", (FIGURE,))


def seen(title: str = "Rhine bridge closes for 9 days", text: str = "It closes for 9 days, the city says.") -> Sighting:
    return sighting(entry(title, text, id="urn:1"), "urn:1", previous=known(entry(MINE.title, OLD, id="urn:1")))


def judge(change: Revision, of: Sighting | None = None, **state: object) -> Judgement:
    found = of or seen()
    memory = replace(StoryState(STORY.id, members=(MINE,)), **state)  # type: ignore[arg-type]
    decision = Decision(
        entry_key="urn:1", story_id=STORY.id, source_id=HERALD.id, entry_id="urn:1", at=NOW, title=found.entry.title,
        url=found.entry.url, revision=2, score=Score(0.9, 0.5, follow_up=True),
    )  # fmt: skip
    return revision.judge(Candidate(STORY, HERALD, found, memory, NOW), decision, MINE, change)


def told(at: timedelta, *changes: TextChange, key: str = "urn:1") -> ToldChange:
    return ToldChange(key, NOW - at, changes)


def test_a_touch_updates_what_the_story_remembers_and_tells_nobody() -> None:
    made = judge(Revision("touch", ()))
    assert (made.decision.verdict, made.alert) == ("touch", None)
    assert made.memory.members[0].title == "Rhine bridge closes for 9 days"


def test_what_only_a_touch_put_in_is_not_known_to_the_story() -> None:
    live = judge(Revision("touch", ()), seen(MINE.title, f"10:00 Nine days now. {OLD}"))
    assert live.memory.members[0].text == OLD
    assert judge(CHANGED).memory.members[0].text != OLD


def test_a_changed_fact_is_told_with_old_and_new() -> None:
    made = judge(CHANGED)
    assert made.alert is not None
    assert (made.decision.verdict, made.alert.changes) == ("revision", (FIGURE,))
    assert made.decision.alert_id == made.alert.id
    assert made.memory.told[-1].changes == (FIGURE,)
    assert judge(Revision("correction", (FIGURE,))).decision.verdict == "correction"


def test_the_same_change_is_not_told_twice_in_a_day() -> None:
    again = judge(CHANGED, told=(told(3 * HOUR, FIGURE),))
    assert (again.decision.verdict, again.alert) == ("touch", None)
    assert judge(CHANGED, told=(told(2 * DAY, FIGURE),)).alert is not None
    other = TextChange("figure", "9 days", "12 days", "It closes for 12 days.")
    assert judge(Revision("revision", (other,)), told=(told(3 * HOUR, FIGURE),)).alert is not None
    assert judge(CHANGED, told=(told(3 * HOUR, FIGURE, key="urn:2"),)).alert is not None, "of another article"


def test_words_around_a_told_change_are_not_news_within_the_hour() -> None:
    worded = TextChange("headline", "Bridge shut", "Bridge shut for long", "Bridge shut for long")
    assert judge(Revision("revision", (worded,)), told=(told(HOUR / 2, FIGURE),)).alert is None
    assert judge(Revision("revision", (worded,)), told=(told(3 * HOUR, FIGURE),)).alert is not None


def test_an_article_that_never_rests_is_kept_quiet_after_two_alerts_a_day() -> None:
    figures = [TextChange("figure", f"{n} days", f"{n + 1} days", f"It closes for {n + 1} days.") for n in (20, 30)]
    made = judge(CHANGED, told=tuple(told(n * 3 * HOUR, each) for n, each in enumerate(figures, 1)))
    assert (made.decision.verdict, made.alert) == ("revision", None)
    assert made.decision.reasons[-1].signal == "unstable"


def test_what_another_outlet_told_already_is_a_touch() -> None:
    title, text = (
        "Court orders demolition of Rhine crossing",
        "A court in Cologne ordered the demolition of the crossing.",
    )
    teller = report("x", title, text, at=NOW - HOUR)
    rewritten = TextChange("headline", MINE.title, title, title)
    made = judge(Revision("revision", (rewritten,)), seen(title, text), members=(MINE, teller))
    assert (made.decision.verdict, made.alert) == ("touch", None)
    assert "The Post" in made.decision.reasons[-1].evidence


def test_only_text_that_both_versions_have_is_compared() -> None:
    assert readings.compare_versions(MINE.title, OLD, seen(MINE.title, "")).verdict in ("none", "touch")
    assert readings.compare_versions(MINE.title, "", seen(MINE.title)).verdict in ("none", "touch")
    assert readings.compare_versions(MINE.title, OLD, seen()).verdict == "revision"


def test_a_page_moves_on_only_where_it_shares_little() -> None:
    other = entry("Live: football results", "Ajax beat Porto in the evening.", id="urn:1")
    low, high = Score(0.1, 0.5, follow_up=False), Score(0.9, 0.5, follow_up=True)
    assert revision.moved_on(MINE, other, CHANGED, low)
    assert not revision.moved_on(MINE, seen().entry, CHANGED, low)
    assert not revision.moved_on(MINE, other, CHANGED, high)


def test_a_page_that_turned_to_another_matter_is_told_only_where_that_is_the_storys_by_its_own_words() -> None:
    other = entry("Live: football results", "Ajax beat Porto in the evening.", id="urn:1")
    turned = replace(CHANGED, moved_on=True)
    assert revision.moved_on(MINE, other, turned, Score(0.1, 0.0, follow_up=True))
    assert not revision.moved_on(MINE, other, turned, Score(0.9, 0.5, follow_up=True))


def test_a_report_that_the_memory_has_forgotten_is_judged_all_the_same() -> None:
    made = judge(CHANGED, members=(replace(MINE, entry_key="urn:7"),))
    assert made.member is None
    assert made.alert is not None
