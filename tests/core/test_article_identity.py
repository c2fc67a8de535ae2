"""One article and another: edited, cut, translated in part, or of another matter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.core import article_identity
from monitor.model import Article

AT = datetime(2026, 11, 20, tzinfo=UTC)
FERRY = Article(
    "Ferry Aldermoor sinks off Vess with 300 on board",
    "The ferry Aldermoor sank off the port of Vess, said Ana Orr of the coastguard. An inquiry into the sinking was "
    "opened; the bow door of the ferry is said to have failed.",
)
DAM = Article(
    "Tessvale dam shows cracks after week of rain",
    "Engineers found cracks in the Tessvale dam, the water authority said. 2,000 people were moved out of the valley.",
)


def test_the_same_article_is_kept_as_it_is() -> None:
    first = article_identity.compare(None, FERRY, AT)
    assert article_identity.read(article_identity.written(first)) == first
    assert article_identity.compare(first, FERRY, AT) is first
    assert article_identity.read("") is None


def test_an_article_that_was_edited_or_cut_is_still_it() -> None:
    first = article_identity.compare(None, FERRY, AT)
    for text in ("The ferry Aldermoor sank; 42 are dead.", FERRY.text[:60], f"{FERRY.text} Divers were sent."):
        found = article_identity.compare(first, replace(FERRY, text=text), AT)
        assert found != first
        assert not found.before


def test_another_article_is_named_for_a_month_with_the_title_of_the_first() -> None:
    second = article_identity.compare(article_identity.compare(None, FERRY, AT), DAM, AT)
    assert (second.before, second.title) == (FERRY.title, DAM.title)
    assert article_identity.is_named(second, AT + timedelta(days=29))
    assert not article_identity.is_named(second, AT + timedelta(days=31))
    edited = article_identity.compare(second, replace(DAM, text=f"{DAM.text} It rains."), AT + timedelta(days=3))
    assert (edited.before, edited.since) == (second.before, second.since), "an edit does not end it"
