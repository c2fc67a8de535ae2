"""What one more reading of a followed article amounts to, for every story that took it in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.core.decisions import recheck, recheck_schedule
from monitor.model import Page, StoryState, WatchedArticle
from tests.core.decisions.made import DAY, HERALD, HOUR, NOW, STORY, context, entry, known, report

URL = "https://herald.example/1"
OLD = "The Rhine bridge closes for 3 days, the city said on Monday. Lorries take the ferry."
NEW = "The Rhine bridge closes for 9 days, the city said on Monday. Lorries take the ferry."
KNOWN = known(entry("Rhine bridge closes", OLD, id="urn:1"))
MEMBER = report("urn:1", "Rhine bridge closes", OLD, source_id=HERALD.id)


def page(text: str, title: str = "Rhine bridge closes", **changes: object) -> Page:
    return replace(Page(URL, NOW, title=title, text=text), **changes)  # type: ignore[arg-type]


FOLLOWED = WatchedArticle("urn:1", HERALD.id, URL, NOW - DAY, NOW, page=page(OLD, at=NOW - DAY))
SURE = replace(FOLLOWED, unsure=page(NEW, at=NOW - HOUR))
CONTEXT = context(memory=StoryState(STORY.id, members=(MEMBER,)))


def test_a_change_is_believed_at_the_second_look_and_told_once() -> None:
    first, memories = recheck.decide(FOLLOWED, page(NEW), KNOWN, HERALD, CONTEXT)
    assert (first.judgements.alerts, memories, first.version) == ((), {}, None)
    assert first.followed.unsure is not None
    second, memories = recheck.decide(SURE, page(NEW), KNOWN, HERALD, CONTEXT)
    (alert,) = second.judgements.alerts
    assert alert.kind == "story.revision"
    assert "9 days" in alert.changes[0].after
    assert second.version is not None
    assert second.version[0] == 2
    assert [delivery.channel_id for delivery in second.judgements.deliveries] == ["desk"]
    assert memories[STORY.id].told[0].entry_key == "urn:1"


def test_a_story_that_never_took_the_article_in_hears_nothing() -> None:
    other, memories = recheck.decide(SURE, page(NEW), KNOWN, HERALD, context())
    assert other.judgements.decisions == ()
    assert memories == {}
    assert other.version is not None, "the version is kept all the same"


def test_a_headline_that_changed_is_the_entrys_new_headline() -> None:
    new = page(OLD, title="Rhine bridge collapses, two dead")
    seen_before = replace(FOLLOWED, unsure=replace(new, at=NOW - timedelta(hours=12)))
    reread, _ = recheck.decide(seen_before, new, KNOWN, HERALD, CONTEXT)
    assert reread.judgements.decisions[0].title == "Rhine bridge collapses, two dead"


def test_an_article_that_is_gone_twice_is_withdrawn() -> None:
    gone = replace(FOLLOWED, unsure=page("", state="gone", at=NOW - 2 * HOUR))
    reread, _ = recheck.decide(gone, page("", state="gone"), KNOWN, HERALD, CONTEXT)
    (alert,) = reread.judgements.alerts
    assert (alert.kind, alert.notes) == ("story.correction", (recheck_schedule.WITHDRAWN,))
    assert reread.followed.next_at is None
