"""Receipts add up, rows lead with what changed, and at most three sentences ask for somebody."""

from __future__ import annotations

from dataclasses import replace

from monitor.core.presentation import receipt, rows, troubles
from monitor.core.presentation.receipt import Receipt
from monitor.model import Hit
from tests.stores.made import NOW, alert, status

HITS = [
    Hit("a", "s", NOW, "one", "development", 0.4), Hit("a", "s", NOW, "two", "", -0.4),
    Hit("b", "s", NOW, "one", "repeat", 0.2), Hit("c", "s", NOW, "one", "", -0.1), Hit("d", "s", NOW, "one", "", -0.3),
    Hit("e", "s", NOW),
]  # fmt: skip


def test_every_entry_stands_in_one_part() -> None:
    counts = receipt.counts(HITS)
    assert [(name, count) for name, _, count in counts] == [("new", 1), ("same", 1), ("near", 1), ("other", 2)]
    assert sum(count for *_, count in counts) == len({hit.key for hit in HITS})


def test_a_silence_says_what_was_looked_at() -> None:
    paper = Receipt("", "", 5, receipt.counts(HITS))
    said = receipt.silence(paper, 4, 1, "2 min ago")
    assert said.startswith("3 of 4 sources can be read, the last visit was 2 min ago. They brought 5 entries: ")
    assert "1 came near the line" in said
    assert receipt.silence(Receipt("", "", 0, receipt.counts([])), 0, 0, "").endswith("No source was visited yet.")


def test_a_row_leads_with_the_change() -> None:
    row = rows.row(alert("1", article_source="Herald", origin="Seoul's spy agency"), True)
    assert row.path.startswith("/alerts/")
    assert row.moves[0].after == "3"
    assert "traced to Seoul's spy agency" in row.by
    operator = rows.row(replace(alert("2"), story_id="", kind="source.trouble"), False)
    assert (operator.tag.word, operator.source) == ("The monitor", "")


def test_corrections_stand_first_and_what_is_of_no_story_last() -> None:
    news = [alert("1"), replace(alert("2"), story_id="", kind="source.trouble"), alert("3", kind="story.correction")]
    groups = rows.by_story([(rows.row(each, True), each) for each in news])
    assert [story for story, *_ in groups] == ["bridge", ""]
    assert [row.tag.word for row in groups[0][2]] == ["Correction", "New"]


def test_trouble_is_three_sentences_at_most() -> None:
    failing = [(status(f"s{n}", state="failing", error="timeout", failures=3), f"S{n}", "today") for n in range(5)]
    found = troubles.troubles("the disk is full", False, failing, {"desk": "410"}, {"desk": 2, "mail": 0}, {})
    assert len(found) == troubles.SENTENCES_MAX
    assert "the disk is full" in found[0].text
    assert troubles.troubles("", True, [], {}, {"desk": 0}, {}) == []
    (one,) = troubles.troubles("", True, failing[:1], {}, {}, {})
    assert (one.who, one.path) == ("S0", "/sources/s0")
    (away,) = troubles.troubles("", True, [], {}, {}, {"mail": "Sunday at 10:00"})
    assert (away.who, away.path) == ("Channel mail", "/deliveries#c-mail")
    assert away.text.startswith("has taken nothing since Sunday at 10:00.")
    (many,) = troubles.troubles("", True, failing, {}, {}, {})
    assert "S0, S1 and 3 others" in many.who
