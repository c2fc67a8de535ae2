"""The words of pages cover every kind of thing that there is."""

from __future__ import annotations

from typing import get_args

from monitor.core.presentation import phrases
from monitor.model import words


def test_every_kind_state_and_failure_has_its_words() -> None:
    assert set(phrases.KINDS) == set(get_args(words.AlertKind))
    assert set(phrases.VERDICTS) == set(get_args(words.Verdict))
    assert set(phrases.FAILURES) == set(get_args(words.ErrorClass))
    assert set(phrases.SOURCE_STATES) == set(get_args(words.SourceState))
    assert set(phrases.DELIVERY_STATES) == set(get_args(words.DeliveryState))
    filtered = [kind for _, kinds in phrases.FILTERS.values() for kind in kinds]
    assert len(filtered) == len(set(filtered))
    assert set(filtered) == set(get_args(words.AlertKind)) - {"story.digest", "channel.test"}


def test_every_tag_is_explained() -> None:
    explained = {word for word, _ in phrases.glossary()}
    tags = {tag.word for tag in (*phrases.KINDS.values(), *phrases.VERDICTS.values(), phrases.NEAR, phrases.OTHER)}
    assert tags - explained == {"The monitor"}


def test_lists_and_counts_read_as_speech() -> None:
    assert phrases.listed([]) == ""
    assert phrases.listed(["A"]) == "A"
    assert phrases.listed(["A", "B", "C"]) == "A, B and C"
    assert phrases.listed(["A", "B", "C", "D"]) == "A, B and 2 others"
    assert phrases.counted(1, "entry", "entries") == "1 entry"
    assert phrases.counted(1204, "entry", "entries") == "1,204 entries"
    assert phrases.failure("http_status", "HTTP 503") == "its server answers with an error (“HTTP 503”)"
    assert phrases.points(0.415) == 42


def test_a_mail_host_that_gave_no_answer_is_told_in_words() -> None:
    words, machine = phrases.undelivered("no answer after the message: SMTPServerDisconnected: Unexpected EOF received")
    assert "may have arrived" in words
    assert "SMTPServerDisconnected" in machine
