"""Ids that are made of titles and names, also of those in a script that ids do not take."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomlkit

from monitor.config import edit


@pytest.mark.parametrize(
    ("title", "made"),
    [
        ("Ferry Aldermoor sinks, 300 aboard", "ferry-aldermoor-sinks-300-aboard"),
        ("Überfahrt nach Föhr", "uberfahrt-nach-fohr"),
        ("Việt Nam bão", "viet-nam-bao"),
        ("Паром «Алдермур» затонул, на борту 300 человек", "story"),
        ("غرق العبارة وعلى متنها 300 راكب", "story"),
        ("フェリー沈没 BBC", "story"),
        ("20 Minuten", "20-minuten"),
        ("2026", "2026"),
    ],
)
def test_a_title_in_another_script_leaves_no_scrap_of_itself(title: str, made: str) -> None:
    assert edit.slug(title) == made


def test_an_outlet_whose_name_is_in_another_script_goes_by_its_host(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    feeds = [("Вести 24", "https://vesti.example/rss", ""), ("新報", "https://vesti.example/ja", "")]
    edit.add_sources(file, feeds)
    written = tomlkit.parse(file.read_text("utf-8"))
    assert [table["id"] for table in written["source"]] == ["vesti-example", "vesti-example-2"]  # type: ignore[union-attr]
