"""The documentation, held to the code: what is generated is fresh, what is named exists, what is linked is there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from bench import reference, scale
from monitor import channels, cli
from monitor.config import SECTIONS, schema
from monitor.core.presentation import phrases
from monitor.model import words
from tests.data_at import ROOT

PAGES = sorted([*(ROOT / "docs").glob("*.md"), *ROOT.glob("*.md")])
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.M | re.S)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
VERB = re.compile(r"(?<![\w/.\[-])monitor ([a-z][a-z-]*)([^|\n]*)")
OPTION = re.compile(r"(?<![\w-])(--[a-z][a-z-]+)")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [reference.REFERENCE, reference.MANUAL], ids=name_of)
def test_what_is_generated_is_fresh(path: Path) -> None:
    wanted = reference.reference() if path == reference.REFERENCE else reference.manual()
    assert path.read_text("utf-8") == wanted, "run `python -m bench.reference`"


def test_every_setting_says_what_it_is() -> None:
    tables: list[Any] = [table for _, table in reference.TABLES] + [schema.Secret]
    tables += [module.Settings for _, module in reference.channel_types()]
    bare = [
        f"{table.__module__}.{table.__name__}.{field}"
        for table in tables
        for field, (_, text) in reference.described(table).items()
        if not text.endswith(("?", "."))
    ]
    assert not bare


def code_of(text: str) -> Iterator[str]:
    """Every line of a block and every span of code."""
    for _, block in FENCE.findall(text):
        yield from block.splitlines()
    yield from SPAN.findall(FENCE.sub("", text))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_verb_and_option_that_is_named_exists(path: Path) -> None:
    known = {
        verb: {flag for each in command.params for flag in each.opts} | {"--config", "--json", "--help"}
        for verb, command in reference.commands().items()
    }
    wrong = []
    for code in code_of(path.read_text("utf-8")):
        for verb, rest in VERB.findall(code):
            if verb not in known:
                wrong.append(f"monitor {verb}")
            else:
                wrong += [f"monitor {verb} {flag}" for flag in OPTION.findall(rest) if flag not in known[verb]]
    assert not wrong


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", path.read_text("utf-8")), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_link_leads_somewhere(path: Path) -> None:
    broken = []
    for target in LINK.findall(FENCE.sub("", path.read_text("utf-8"))):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        if not there.exists() or (anchor and anchor not in anchors(there)):
            broken.append(target)
    assert not broken


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_example_is_a_configuration(path: Path) -> None:
    tables = {**SECTIONS, "source": schema.SourceTable, "story": schema.StoryTable}
    for language, block in FENCE.findall(path.read_text("utf-8")):
        if language != "toml":
            continue
        for name, content in tomllib.loads(block).items():
            for table in content if isinstance(content, list) else [content]:
                if name == "channel":
                    channels.read(table, lambda key: f"{path.name}: {key}")
                else:
                    tables[name].model_validate(table)


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    assert not [
        path.name for path in (ROOT / "docs").glob("*.md") if path.name != "README.md" and path.name not in index
    ]


def test_every_state_and_error_has_its_remedy() -> None:
    text = (ROOT / "docs" / "troubleshooting.md").read_text("utf-8")
    named = [*get_args(words.SourceState), *get_args(words.ErrorClass), *get_args(words.DeliveryState)]
    assert not [name for name in named if f"| `{name}` |" not in text]


def test_the_glossary_has_the_words_of_the_pages() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    assert not [word for word, meaning in phrases.glossary() if f"| {word} | {meaning} |" not in text]


def test_the_manual_has_every_verb() -> None:
    manual = reference.MANUAL.read_text("utf-8").replace("\\-", "-")
    assert not [verb for verb in cli.verbs() if f".B monitor {verb}\n" not in manual]


def test_what_a_million_feeds_would_take_is_what_the_simulation_says() -> None:
    assert scale.table() in (ROOT / "docs/many-stories.md").read_text("utf-8")
