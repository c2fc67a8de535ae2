"""The nouns do what frozen dataclasses do, but for what the type checker guards alone."""

from __future__ import annotations

import dataclasses

import pytest

import monitor.model
from monitor.model import Entry, Marked, Source
from monitor.model.nouns import replace


def test_nouns_are_equal_by_kind_and_value() -> None:
    assert Entry(id="1", title="a") == Entry(id="1", title="a") != Entry(id="1", title="b")
    assert hash(Marked("k")) == hash(Marked("k", ""))
    assert Marked("k") != ("k", "")
    assert (
        replace(Entry(id="1"), title="a") == Entry(id="1", title="a") == dataclasses.replace(Entry(id="1"), title="a")
    )


def test_what_is_not_to_be_shown_is_not() -> None:
    shown = repr(Source("a", "A", "https://a.example/", username="reader", password="hush", proxy="http://u:hush@p:1"))
    assert "hush" not in shown
    assert shown.startswith("Source(id='a', name='A'")
    assert {each.name for each in dataclasses.fields(Source) if not each.repr} == {"password", "headers", "proxy"}


def test_a_noun_has_no_other_fields() -> None:
    with pytest.raises(AttributeError):
        Marked("k").other = 1  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        replace(Marked("k"), other=1)  # type: ignore[call-arg]


def test_every_noun_has_two_fields_or_more() -> None:
    nouns = [kind for kind in vars(monitor.model).values() if dataclasses.is_dataclass(kind)]
    assert len(nouns) > 40
    assert all(len(dataclasses.fields(kind)) > 1 for kind in nouns)
