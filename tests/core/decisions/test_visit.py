"""What a visit amounts to: who is told of what, what is kept quiet, and what is left for later."""

from __future__ import annotations

from dataclasses import replace

from monitor.core.decisions import visit as visits
from monitor.model import Feed, Page, Score, StoryState
from tests.core.decisions.made import (
    DAY,
    HERALD,
    HOUR,
    NOW,
    STORY,
    context,
    entry,
    fetched,
    known,
    report,
    sighting,
    visit,
)

FEED = Feed(title="The Herald")


def test_a_new_follow_up_is_told_and_remembered() -> None:
    seen = sighting(entry("Rhine bridge reopens to lorries", "The bridge over the Rhine reopened on Monday."))
    outcome, memories = visits.decide(visit(), fetched(), FEED, [seen], context(seen))
    (decision,), (alert,), (delivery,) = (
        outcome.judgements.decisions, outcome.judgements.alerts, outcome.judgements.deliveries,
    )  # fmt: skip
    assert (decision.verdict, alert.kind, delivery.channel_id) == ("development", "story.development", "desk")
    assert decision.alert_id == alert.id == outcome.judgements.members[0][1].alert_id == delivery.alert_id
    assert memories[STORY.id].members[-1].title == seen.entry.title
    assert memories[STORY.id].last_development_at == NOW
    assert set(outcome.judgements.moved_stories) == {STORY.id}
    assert (outcome.entries_new, outcome.changed) == (1, True)


def test_what_scores_too_low_is_kept_and_told_nobody() -> None:
    seen = sighting(entry("Mayor opens a swimming pool"))
    low = Score(0.2, 0.5, follow_up=False)
    outcome, memories = visits.decide(visit(), fetched(), FEED, [seen], context(seen, score=low))
    assert [made.verdict for made in outcome.judgements.decisions] == [None]
    assert outcome.judgements.alerts == outcome.judgements.members == ()
    assert memories[STORY.id].members == ()
    assert outcome.judgements.moved_stories == {}


def test_the_first_poll_is_quiet_and_says_which_stories_began() -> None:
    seen = sighting(entry("Rhine bridge reopens to lorries"))
    outcome, memories = visits.decide(visit(baseline=False), fetched(), FEED, [seen], context(seen))
    assert outcome.judgements.alerts == ()
    assert outcome.judgements.decisions[0].baseline
    assert memories[STORY.id].members[0].alert_id == ""
    assert outcome.begun == (STORY.id,)


def test_without_baselines_the_first_poll_is_told() -> None:
    seen = sighting(entry("Rhine bridge reopens to lorries"))
    outcome, _ = visits.decide(visit(baseline=False), fetched(), FEED, [seen], context(seen, baseline=False))
    assert len(outcome.judgements.alerts) == 1


def test_the_same_again_is_folded_into_its_alert() -> None:
    told = report("first", "Rhine bridge reopens to lorries on Monday", at=NOW - HOUR)
    seen = sighting(entry("Rhine bridge reopens to lorries on Monday"))
    outcome, _ = visits.decide(
        visit(), fetched(), FEED, [seen], context(seen, memory=StoryState(STORY.id, members=(told,)))
    )  # fmt: skip
    (decision,) = outcome.judgements.decisions
    assert (decision.verdict, decision.folded_into, decision.development) == ("repeat", "a-first", "d-first")
    assert outcome.judgements.alerts == ()


def test_the_oldest_report_of_a_visit_is_the_development() -> None:
    title = "Rhine bridge reopens to lorries on Monday"
    later = sighting(entry(title, id="urn:later"))
    earlier = sighting(entry(title, id="urn:earlier", published_at=NOW - HOUR))
    outcome, _ = visits.decide(visit(), fetched(), FEED, [later, earlier], context(later, earlier))
    verdicts = {made.entry_key: made.verdict for made in outcome.judgements.decisions}
    assert verdicts == {"urn:earlier": "development", "urn:later": "repeat"}


def test_a_story_that_moves_after_a_month_is_reawakened() -> None:
    seen = sighting(entry("Rhine bridge to be torn down, minister decides"))
    memory = StoryState(STORY.id, last_development_at=NOW - 40 * DAY)
    outcome, _ = visits.decide(visit(), fetched(), FEED, [seen], context(seen, memory=memory))
    assert [alert.kind for alert in outcome.judgements.alerts] == ["story.reawakened"]


def test_a_burst_is_rolled_into_one_digest_that_all_point_to() -> None:
    steps = (
        "opened", "sold", "painted", "burnt", "blessed", "filmed", "robbed", "sued", "fined", "praised", "mapped",
        "measured", "flooded", "guarded", "blocked", "lit", "renamed", "insured", "toured", "cleaned", "closed",
        "swept", "taxed", "weighed", "shelled", "leased", "fenced", "drained", "raised",
    )  # fmt: skip
    score = Score(1.0, 0.0, follow_up=True)
    seen = [sighting(entry(f"{word.title()} {n}: {word}", id=f"urn:{n}")) for n, word in enumerate(steps)]
    outcome, memories = visits.decide(visit(), fetched(), FEED, seen, context(*seen, score=score))
    digests = [alert for alert in outcome.judgements.alerts if alert.kind == "story.digest"]
    assert len(digests) == 1
    sent = {alert.id for alert in outcome.judgements.alerts}
    assert len(sent) < len(outcome.judgements.decisions)
    assert {made.alert_id for made in outcome.judgements.decisions if made.verdict == "development"} == sent
    assert {member.alert_id for member in memories[STORY.id].members if member.verdict == "development"} == sent


def test_who_stopped_the_story_gets_nothing_of_it() -> None:
    seen = sighting(entry("Rhine bridge reopens to lorries"))
    muted = frozenset({(STORY.id, "desk", "")})
    outcome, _ = visits.decide(visit(), fetched(), FEED, [seen], context(seen, muted=muted))
    assert outcome.judgements.deliveries == ()
    assert len(outcome.judgements.alerts) == 1


def test_what_follows_on_an_important_development_is_urgent() -> None:
    seen = sighting(entry("Rhine bridge reopens to lorries"))
    first, _ = visits.decide(visit(), fetched(), FEED, [seen], context(seen))
    important = frozenset({first.judgements.decisions[0].development})
    outcome, _ = visits.decide(visit(), fetched(), FEED, [seen], context(seen, important=important))
    assert outcome.judgements.alerts[0].severity == "high"


def test_a_page_that_was_read_decides_in_place_of_the_summary() -> None:
    seen = sighting(entry("Rhine bridge reopens"))
    page = Page(
        seen.entry.url, NOW, title="Rhine bridge reopens", text="Rhine bridge reopens\n5,000 lorries crossed it."
    )
    outcome, memories = visits.decide(
        visit(), fetched(), FEED, [seen], context(seen, pages={seen.key: page}, follow=True)
    )  # fmt: skip
    assert "5,000 lorries" in memories[STORY.id].members[0].text
    assert [claim.text for _, _, claim in outcome.judgements.claims] != []
    (followed,) = outcome.followed
    assert followed.page is not None


def test_a_changed_article_is_compared_with_what_the_story_took_in() -> None:
    old = known(entry("Rhine bridge closes for 3 days", "It closes for 3 days.", id="urn:1"))
    new = sighting(entry("Rhine bridge closes for 9 days", "It closes for 9 days.", id="urn:1"), "urn:1", previous=old)
    member = report("urn:1", old.entry.title, old.entry.summary, source_id=HERALD.id)
    memory = StoryState(STORY.id, members=(member,))
    outcome, _ = visits.decide(visit(), fetched(), FEED, [new], context(new, memory=memory))
    assert [alert.kind for alert in outcome.judgements.alerts] == ["story.revision"]
    forgotten = context(new, recalled={(STORY.id, "urn:1"): member})
    again, _ = visits.decide(visit(), fetched(), FEED, [new], forgotten)
    assert [alert.kind for alert in again.judgements.alerts] == ["story.revision"], "however long ago it was accepted"


def test_an_article_stays_on_its_story_however_it_is_worded_and_leaves_it_when_it_moves_on() -> None:
    old = known(
        entry("Rhine bridge closes for 3 days", "The Rhine bridge closes for 3 days, the city says.", id="urn:1")
    )
    low = Score(0.1, 0.5, follow_up=False)
    memory = StoryState(STORY.id, members=(report("urn:1", old.entry.title, old.entry.summary),))
    reworded = sighting(
        entry("Rhine bridge closes for 9 days", "The Rhine bridge closes for 9 days, the city says.", id="urn:1"),
        "urn:1", previous=old,
    )  # fmt: skip
    outcome, _ = visits.decide(visit(), fetched(), FEED, [reworded], context(reworded, score=low, memory=memory))
    assert outcome.judgements.decisions[0].score.follow_up
    assert outcome.judgements.decisions[0].reasons[0].signal == "followed"
    assert "followed since it was accepted" in outcome.judgements.decisions[0].reasons[0].evidence
    other = sighting(entry("Live: football results", "Ajax beat Porto.", id="urn:1"), "urn:1", previous=old)
    outcome, _ = visits.decide(visit(), fetched(), FEED, [other], context(other, score=low, memory=memory))
    (decision,) = outcome.judgements.decisions
    assert decision.verdict is None
    assert decision.reasons[-1].signal == "moved on"


def test_a_document_of_nothing_but_news_may_have_lost_some() -> None:
    seen = [sighting(entry(f"Matter {n}", id=f"urn:{n}")) for n in range(3)]
    outcome, _ = visits.decide(visit(), fetched(), FEED, seen, context(*seen))
    assert [gap.source_id for gap in outcome.gaps] == [HERALD.id]
    reaches_back = [*seen[:2], sighting(entry("Old matter", id="urn:9", published_at=NOW - 3 * HOUR))]
    assert visits.decide(visit(), fetched(), FEED, reaches_back, context(*reaches_back))[0].gaps == ()
    assert visits.decide(visit(entries=0), fetched(), FEED, seen, context(*seen))[0].gaps == ()


def test_an_aggregator_is_nobodys_origin() -> None:
    seen = sighting(entry("Rhine bridge reopens", outlet="Cologne Courier"))
    outcome, _ = visits.decide(visit(), fetched(), FEED, [seen], context(seen))
    assert outcome.judgements.alerts[0].article_source == "Cologne Courier"
    assert visits.publisher_of(HERALD, replace(seen.entry, outlet="")) is HERALD


def test_a_story_that_takes_everything_takes_what_shares_nothing_with_it() -> None:
    assert visits.zero(replace(STORY, threshold=0.0)).follow_up
    assert not visits.zero(replace(STORY, threshold=0.0, must=("Rhine",))).follow_up
    assert not visits.zero(STORY).follow_up


def test_an_article_that_corrects_what_was_told_is_an_urgent_correction() -> None:
    told = report("first", "Rhine bridge closed after crack is found", at=NOW - HOUR)
    seen = sighting(entry("Correction: no crack found in Rhine bridge"))
    outcome, _ = visits.decide(
        visit(), fetched(), FEED, [seen], context(seen, memory=StoryState(STORY.id, members=(told,)))
    )  # fmt: skip
    (decision,), (alert,) = outcome.judgements.decisions, outcome.judgements.alerts
    assert (decision.verdict, alert.kind, alert.severity) == ("correction", "story.correction", "high")
    assert decision.development == told.development
    assert [change.kind for change in alert.changes] == ["notice"]
