"""What reports are compared by."""

from __future__ import annotations

import pytest

from monitor.core.decisions import rehearsal
from monitor.core.novelty import claims, similarity
from monitor.model import Entry


def test_only_what_is_asked_of_a_report_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("nobody asked for figures")

    monkeypatch.setattr(claims, "figures", refused)
    monkeypatch.setattr(similarity.statements, "phase", lambda said: None)
    new, told = (
        similarity.Shape("Ferry runs aground", ""),
        similarity.Shape("40 hurt as ferry runs aground", "It sank."),
    )
    monkeypatch.setitem(vars(new), "figures", ())
    assert similarity.difference(new, [told]) is None


def test_a_rehearsal_reads_all_that_may_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[str]()
    monkeypatch.setattr(similarity.quotations, "find", lambda said: asked.append(said) or frozenset())
    rehearsal.read(Entry(id="1", url="", title="Ferry runs aground", summary="It was to sail to Skye."))
    assert "Ferry runs aground\nIt was to sail to Skye." in asked


def test_the_phase_of_first_lines_is_no_news_of_a_headline() -> None:
    told = similarity.shape("Ferry firm speaks", "The firm denied that it would close the route.")
    assert similarity.difference(similarity.shape("Ferry firm denies closure of route", ""), [told]) is None
    assert similarity.difference(similarity.shape("Ferry firm denies closure of route", ""), []) is not None


def test_who_tells_of_a_second_death_has_told_of_two_dead() -> None:
    reports = [
        similarity.shape("Second person dies in listeria outbreak", ""),
        similarity.shape("Listeria: second death reported", "Twenty-three people are ill."),
    ]
    assert similarity.difference(similarity.shape("Two dead, 23 ill in listeria outbreak", ""), reports) is None
    third = similarity.difference(similarity.shape("Three dead in listeria outbreak", ""), reports)
    assert third is not None and third.signal == "figure"
