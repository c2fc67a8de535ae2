"""What no visit causes: briefs, deadlines that pass in silence, summaries, channels in trouble, coverage."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.core.decisions import periodic
from monitor.model import (
    Alert,
    Backfilled,
    ChannelStatus,
    Claim,
    Decision,
    Delivery,
    Gap,
    Reason,
    Score,
    Source,
    SourceStatus,
    StoryState,
)
from tests.core.decisions.made import DAY, HERALD, HOUR, NOW, STORY, report

POST = Source("post", "The Post", "https://post.example/feed")
SOURCES = {HERALD.id: HERALD, POST.id: POST}
READ = SourceStatus(HERALD.id, "ok", baseline_at=NOW - HOUR, last_visit_at=NOW - HOUR)
FAILING = SourceStatus(POST.id, "failing", error="timeout", last_visit_at=NOW - HOUR, failures=2)
UNTRIED = SourceStatus(POST.id, "new")


def test_a_brief_waits_for_every_source_once_and_no_longer_than_ten_minutes_for_a_slow_one() -> None:
    assert periodic.baseline_ready([READ, FAILING], NOW)
    assert periodic.baseline_ready([READ, replace(UNTRIED, paused=True)], NOW)
    early = replace(READ, baseline_at=NOW - timedelta(minutes=5))
    assert not periodic.baseline_ready([early, UNTRIED], NOW)
    assert periodic.baseline_ready([early, UNTRIED], NOW + timedelta(minutes=5))
    assert not periodic.baseline_ready([UNTRIED], NOW)


def test_a_brief_says_what_could_not_be_read() -> None:
    stored = [Backfilled(HERALD.id, NOW, 1)]
    brief = periodic.baseline(STORY, [READ, FAILING], SOURCES, [report("a", "Bridge closed", alert_id="")], stored, NOW)
    assert brief.notes[:2] == ("1 of 2 sources read.", "Not yet read: The Post (its server does not answer in time).")
    assert brief.notes[2] == "The Herald had been read before: 1 stored entry was read for this story."
    assert [item.title for item in brief.items] == ["Bridge closed"]


def test_a_source_that_answers_late_has_a_brief_of_its_own() -> None:
    late = replace(FAILING, state="ok", error=None, baseline_at=NOW)
    told = (NOW - 2 * HOUR).isoformat()
    assert periodic.late_baselines([replace(READ, baseline_at=NOW - 3 * HOUR), late, UNTRIED], told) == [late]
    members = [report("a", "Bridge closed", alert_id=""), report("b", "Bridge closed", alert_id="", verdict="repeat")]
    brief = periodic.late_baseline(STORY, late, SOURCES, members, NOW)
    assert brief is not None
    assert brief.notes == ("The Post answered for the first time.",)
    assert periodic.late_baseline(STORY, late, SOURCES, members[1:], NOW) is None


def test_sources_read_before_the_story_began_are_told_with_what_they_brought() -> None:
    stored = [Backfilled(name, NOW, 10) for name in ("post", "herald", *map(str, range(6)))]
    made = decision("a", "development", baseline=True, source_id="post")
    members = [report("a", "Bridge closed", alert_id=""), report("b", "Bridge sold", alert_id="")]
    brief = periodic.late_backfill(STORY, stored, SOURCES, members, [made], NOW)
    assert brief is not None
    assert [item.title for item in brief.items] == ["Bridge closed"]
    assert "and 3 more had been read before: 80 stored entries were read" in brief.notes[0]
    assert periodic.late_backfill(STORY, stored, SOURCES, members, [replace(made, baseline=False)], NOW) is None


def decision(key: str, verdict: str, **changes: object) -> Decision:
    made = Decision(
        entry_key=key, story_id=STORY.id, source_id=HERALD.id, entry_id=key, at=NOW, title="Bridge closed", url="",
        revision=1, score=Score(0.9, 0.5, follow_up=True), verdict=verdict,  # type: ignore[arg-type]
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


DEADLINE = Claim(
    "deadline", "bridge to reopen", "by 30 May", "30 May", date_to="2026-05-30",
    quote="The city promised that the bridge is to reopen by 30 May.",
    at=NOW - 9 * DAY, source="The Herald",
)  # fmt: skip


def test_a_deadline_that_passed_in_silence_is_told() -> None:
    since, memory = (NOW - 20 * DAY).isoformat(), StoryState(STORY.id, claims=(DEADLINE,))
    (alert,) = periodic.overdue(STORY, memory, since, NOW)
    assert (alert.kind, alert.title) == ("story.overdue", "Nothing reported by 2026-05-30: bridge to reopen")
    moved = replace(memory, members=(report("a", "Bridge reopens", at=NOW - 2 * DAY),))
    assert periodic.overdue(STORY, moved, since, NOW) == []
    assert periodic.overdue(STORY, memory, (NOW - HOUR).isoformat(), NOW) == [], "it passed before we watched"
    assert periodic.overdue(STORY, memory, since, NOW - 5 * DAY) == []
    unnamed = replace(memory, claims=(replace(DEADLINE, subject="stated date"),))
    assert "The city promised" in periodic.overdue(STORY, unnamed, since, NOW)[0].title


def test_what_the_daily_limit_kept_quiet_is_one_summary_an_article() -> None:
    why = Reason("figure", 1.0, 1.0, "3 days -> 9 days")
    made = [decision("a", "revision", reasons=(why,)), decision("a", "correction", revision=2), decision("b", "touch")]
    (summary,) = periodic.kept_quiet(STORY, [*made, decision("c", "revision", alert_id="a-1")], NOW)
    assert summary.title == "2 more changes in a day: Bridge closed"
    assert [item.title for item in summary.items] == ["Bridge closed (3 days -> 9 days)", "Bridge closed"]


ALERT = Alert("a-1", "story.development", NOW, "Bridge closed", story_id=STORY.id)
LOST = [(Delivery(f"d-{n}", "a-1", "desk", "", "dead", error="550 no such user"), ALERT) for n in range(2)]


def test_a_channel_that_is_off_is_told_once_and_losses_once_a_day() -> None:
    off = periodic.channel_notice(ChannelStatus("desk", disabled="410 Gone"), LOST, NOW)
    assert off is not None
    assert "is switched off: 410 Gone" in off.title
    assert "monitor resume desk" in off.summary
    assert len(off.items) == 2
    lost = periodic.channel_notice(ChannelStatus("desk"), LOST, NOW)
    assert lost is not None
    assert "could not deliver 2 alerts: 550 no such user" in lost.title
    refused = [(replace(delivery, recipient=f"{n}@example.org"), ALERT) for n, (delivery, _) in enumerate(LOST)]
    for number, whom in ((1, "no such user (0@example.org)"), (2, "no such user (0@example.org and 1 more)")):
        lost = periodic.channel_notice(ChannelStatus("mail"), refused[:number], NOW)
        assert lost is not None
        assert lost.title.endswith(whom)
    assert periodic.channel_notice(ChannelStatus("desk", mourned_at=NOW - HOUR), LOST, NOW) is None
    assert periodic.channel_notice(ChannelStatus("desk"), [], NOW) is None
    assert periodic.channel_notice(ChannelStatus("desk", disabled="410 Gone", told=True), [], NOW) is None


def test_a_digest_ends_with_what_was_covered() -> None:
    silent = replace(READ, source_id="old", last_new_at=NOW - 20 * DAY)
    found = periodic.coverage([READ, FAILING, silent], SOURCES, [Gap(HERALD.id, NOW - DAY, NOW, "all new")], NOW)
    assert (found.polled, found.failing) == (("The Herald", "old"), ("The Post (its server does not answer in time)",))
    assert (found.silent, found.gapped) == (("old",), ("The Herald",))
