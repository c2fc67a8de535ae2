"""What people said of alerts, as a watch uses it: the last word on an alert counts."""

from __future__ import annotations

from dataclasses import replace

from monitor.core.novelty import verdict
from monitor.core.relevance import feedback
from monitor.model import FeedbackRow, Source, StoryState
from tests.core.decisions.made import NOW, entry, report

DEVELOPMENTS = {"a1": "d-1", "a2": "d-2", "a3": "d-3"}


def row(alert: str, word: str, argument: str = "", key: str = "k1") -> FeedbackRow:
    """A row of feedback as the store has it."""
    return FeedbackRow(alert, key, "bridge", word, argument, NOW, entry("Bridge sold", id="urn:1"))


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


def test_what_was_new_or_one_founds_a_development_and_later_copies_fold_under_it() -> None:
    bow = entry("Bow door of the ferry Aldermoor was left open, inquiry hears", id="urn:2")
    captain = entry("Captain of the Aldermoor arrested at Vess airport", id="urn:3")
    rows = [
        replace(row("entry:k2", "new", "bridge", "k2"), entry=bow, source_id="post"),
        replace(row("entry:k3", "yes", "bridge", "k3"), entry=captain, source_id="post"),
    ]
    heard = feedback.read(rows, DEVELOPMENTS)
    members = (
        report("k1", "Inquiry into the sinking of the ferry Aldermoor opens", development="d-1"),
        report("k2", bow.title, development="d-1", verdict="repeat"),
    )
    memory = feedback.remembered(StoryState("bridge", members=members), heard)
    by_key = {member.entry_key: member for member in memory.members}
    assert set(by_key) == {"k1", "k2", "k3"}
    assert len({member.development for member in memory.members}) == 3
    for key in ("k2", "k3"):
        copy = entry(f"{by_key[key].title} - Herald", id="urn:9", url="https://herald.example/9")
        found = verdict.compare(copy, "k9", Source("herald", "Herald", "https://herald.example"), NOW, "bridge", memory)
        assert (found.verdict, found.development) == ("repeat", by_key[key].development)
    label = feedback.label(rows[0], heard, DEVELOPMENTS)
    assert label is not None
    assert label["development"] == by_key["k2"].development


def test_words_become_labels() -> None:
    heard = feedback.read([row("a1", "same-as", "a2")], DEVELOPMENTS)
    assert feedback.label(row("a1", "same-as", "a2"), heard, DEVELOPMENTS) == {
        "entry": "urn:1", "story": "bridge", "follow_up": True, "development": "d-2", "word": "same-as",
    }  # fmt: skip
    refused = feedback.label(row("a1", "no"), heard, DEVELOPMENTS)
    assert refused is not None
    assert (refused["follow_up"], refused["development"]) == (False, None)
    assert feedback.label(replace(row("a1", "no"), entry=None), heard, DEVELOPMENTS) is None
