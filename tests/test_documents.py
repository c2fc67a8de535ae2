"""The documents say what the program does: the contract names its verbs and pages, the limits are the code's own."""

from __future__ import annotations

import importlib
import re
from typing import get_args

import pytest

from monitor import cli
from monitor.model.words import AlertKind, DeliveryState, ErrorClass, SourceState, Verdict
from tests.data_at import ROOT

CONTRACT = (ROOT / "docs/contract.md").read_text("utf-8")
FIGURES = re.findall(r"\| `([\w.]+)` \| ([\d.]+) \|", (ROOT / "docs/limits.md").read_text("utf-8"))


@pytest.mark.parametrize(("name", "figure"), FIGURES, ids=[name for name, _ in FIGURES])
def test_every_limit_is_the_one_in_the_code(name: str, figure: str) -> None:
    module, _, constant = name.rpartition(".")
    assert str(getattr(importlib.import_module(f"monitor.{module}"), constant)) == figure


def test_there_are_limits() -> None:
    assert len(FIGURES) > 15


def test_the_contract_names_every_verb() -> None:
    assert [verb for verb in cli.verbs() if not re.search(rf"`{verb}\b", CONTRACT)] == []


@pytest.mark.parametrize("words", [AlertKind, DeliveryState, ErrorClass, SourceState, Verdict])
def test_the_contract_names_every_word_of_a_closed_set(words: object) -> None:
    assert [word for word in get_args(words) if word not in CONTRACT] == []


def test_what_docstrings_quote_is_there() -> None:
    quoted = {
        name
        for path in (ROOT / "monitor").rglob("*.py")
        for name in re.findall(r"`((?:docs/)?[\w-]+\.md)`", path.read_text("utf-8"))
    }
    assert [name for name in quoted if not (ROOT / name).exists()] == []
