"""What people said of alerts, as a watch uses it: the last word on an alert counts."""

from __future__ import annotations

from typing import Any

from monitor.core.relevance import feedback
from monitor.model import StoryState
from tests.core.decisions.made import NOW, entry, report

DEVELOPMENTS = {"a1": "d-1", "a2": "d-2", "a3": "d-3"}


def row(alert: str, word: str, argument: str = "", key: str = "k1") -> dict[str, Any]:
    """A row of feedback as the store has it."""
    return {
        "alert": alert, "key": key, "entry": entry("Bridge sold", id="urn:1"), "story": "bridge", "word": word,
        "argument": argument, "at": NOW,
    }  # fmt: skip


def test_a_refused_entry_leaves_the_memory() -> None:
    heard = feedback.read([row("a1", "no")], DEVELOPMENTS)
    memory = StoryState("bridge", members=(report("k1", "Bridge sold"), report("k2", "Bridge burnt")))
    assert [member.entry_key for member in feedback.remembered(memory, heard).members] == ["k2"]
    assert feedback.remembered(memory, feedback.Said()) is memory


def test_the_last_word_on_an_alert_counts() -> None:
    heard = feedback.read([row("a1", "no"), row("a1", "important")], DEVELOPMENTS)
    assert heard.refused == {}
    assert heard.important == {"d-1"}
    assert len(heard.taught) == 1


def test_developments_that_are_one_are_one_to_the_root() -> None:
    rows = [row("a1", "same-as", "a2"), row("a2", "same-as", "d-3"), row("a3", "same-as", "a1")]
    heard = feedback.read(rows, DEVELOPMENTS)
    assert {heard.development(name) for name in ("d-1", "d-2", "d-3")} == {"d-3"}
    assert heard.development("d-9") == "d-9"
    members = (report("k1", "Sold", development="d-1"), report("k3", "Burnt", development="d-3"))
    corrected = feedback.remembered(StoryState("bridge", members=members), heard).members
    assert [(each.development, each.verdict) for each in corrected] == [("d-3", "repeat"), ("d-3", "development")]


def test_words_become_labels() -> None:
    heard = feedback.read([row("a1", "same-as", "a2")], DEVELOPMENTS)
    assert feedback.label(row("a1", "same-as", "a2"), heard, DEVELOPMENTS) == {
        "entry": "urn:1", "story": "bridge", "follow_up": True, "development": "d-2", "word": "same-as",
    }  # fmt: skip
    refused = feedback.label(row("a1", "no"), heard, DEVELOPMENTS)
    assert refused is not None
    assert (refused["follow_up"], refused["development"]) == (False, None)
    assert feedback.label(row("a1", "no") | {"entry": None}, heard, DEVELOPMENTS) is None
